"""The guide to the modalities, for a launch date."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from relais.kit.access import open_to
from relais.kit.actor import ActorRequest
from relais.screening import guide
from relais.screening.forms import GuideFilter
from relais.screening.views.listing import READERS, READING


@require_safe
@open_to(*READERS, capacity=READING)
def modality_guide(request: ActorRequest) -> HttpResponse:
    """Nothing of the database: the law and our advice."""
    form = GuideFilter(request.GET)
    day, concession = form.chosen.get("launched", request.actor.on), form.chosen.get("concession", False)
    context = {
        "form": form,
        "day": day,
        "regime": guide.regime_known(day),
        "entries": guide.entries(day, concession=concession),
        "regimes": guide.regimes(),
        "successions": guide.successions(concession=concession),
    }
    return render(request, "screening/modality_guide.html", context)
