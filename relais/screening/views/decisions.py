"""Decide on an opportunity: retain, reject, derogate, or take the decision back."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from relais.core.duty import blocks_closing
from relais.kit.access import open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.forms import attempt
from relais.procurement.models import Lot
from relais.screening import actions, guide, rules
from relais.screening.forms import DecisionForm
from relais.screening.queries import sheet as reading
from relais.screening.scoring import screen
from relais.screening.views.listing import BUYING
from relais.screening.views.sheet import back_to, lot_asked, version_of


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*rules.WRITERS, capacity=BUYING)
def opportunity_decide(request: ActorRequest, lot: int) -> HttpResponse:
    found = lot_asked(request, lot)
    sheet = reading.read_sheet(found, request.actor.on)
    require(rules.can_decide(request.actor, found, sheet.opportunity))
    answer = screen(sheet.facts, sheet.parameters, sheet.saved)
    form = DecisionForm(
        request.POST or None,
        modalities=sheet.modalities,
        cases=sheet.cases(answer.nature, request.actor.on),
        initial={
            "version": sheet.version,
            "decision": "retain" if answer.lever else "reject",
            "modality": (sheet.base.modality or answer.lever or ""),
        },
    )
    if request.method == "POST" and form.is_valid() and decided(request, found, form):
        return back_to(request, lot)
    duty = actions.duty_without_clause(found, request.actor.on)
    return render(
        request,
        "screening/opportunity_decide.html",
        {
            "lot": found,
            "form": form,
            "answer": answer,
            "duty": duty,
            "launched": sheet.facts.day,
            "advices": [
                guide.entry(modality, sheet.facts.day, concession=sheet.facts.concession)
                for modality in sheet.modalities
            ],
            "derogations": guide.derogations(sheet.cases(answer.nature, request.actor.on)),
            "blocked": None if duty is None or blocks_closing(duty) else blocks_closing(duty),
        },
        status=422 if form.errors else 200,
    )


def decided(request: ActorRequest, lot: Lot, form: DecisionForm) -> bool:
    """Do what was decided; a refusal is told on the form, where nothing typed is lost."""
    data = form.cleaned_data
    common: dict[str, Any] = {
        "version": data["version"],
        "actor": request.actor,
        "at": timezone.now(),
        "on": request.actor.on,
    }
    acts = {
        "retain": partial(actions.retain, modality=data["modality"], reason=data["reason"]),
        "reject": partial(actions.reject, case=data["case"], reason=data["reason"]),
        "derogate": partial(
            actions.derogate, case=data["derogation"], reasons=data["reason"], evidence=data["evidence"]
        ),
    }
    done = attempt(form, lambda: acts[data["decision"]](lot, **common))
    if done:
        messages.success(request, _("The decision is recorded."))
    return done


@require_POST
@open_to(*rules.WRITERS, capacity=BUYING)
def opportunity_reopen(request: ActorRequest, lot: int) -> HttpResponse:
    found, seen = lot_asked(request, lot), version_of(request)
    actions.reopen(found, version=seen, actor=request.actor, at=timezone.now(), on=request.actor.on)
    messages.success(request, _("The decision is taken back. The trail keeps it."))
    return back_to(request, lot)
