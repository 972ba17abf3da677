"""Pool small obligations into long jobs: the sentence, the jobs found, what is left and why."""

from collections.abc import Mapping
from time import monotonic
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from relais.clauses.views.clauses import READERS
from relais.core.words import BadValue
from relais.execution.forms.pooling import ASKED, PoolingForm
from relais.execution.queries.pooling import MOST_ASKED, Crumbs, Search, crumbs_of, schemes_to_pool, search
from relais.execution.rules.pooling import can_propose
from relais.kit.access import open_to
from relais.kit.actor import ActorRequest
from relais.kit.words import say
from relais.organisations.enums import Capacity

WHOLE_READERS = (Capacity.FACILITATOR, Capacity.COORDINATOR, Capacity.BUYER)
"""Bodies that may read obligations whole, so that they may pool them."""


def asked_of(request: ActorRequest, data: Mapping[str, Any]) -> tuple[PoolingForm, Crumbs]:
    """The sentence as it was sent, and the crumbs among which it searches."""
    form = PoolingForm(data if ASKED in data else None, schemes=schemes_to_pool(request.actor))
    scheme = form.scheme_asked
    crumbs = Crumbs((), {})
    if scheme is not None:
        crumbs = crumbs_of(request.actor, scheme, most_hours=form.most_asked)
    form.name_departments(crumbs.departments)
    return form, crumbs


def found_by(form: PoolingForm, crumbs: Crumbs) -> Search | None:
    """What the sentence finds; none when it is not understood, which is told on the form."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return search(crumbs.asked(form.asked()), form.rules())
    except BadValue as error:
        form.add_error(None, say(error.words))
        return None


def proposable(request: ActorRequest, found: Search | None) -> set[str]:
    """The jobs found that the actor may propose."""
    return {
        job.key
        for job in (found.proposals if found else ())
        if can_propose(request.actor, [share.debtor.obligation for share in job.shares])
    }


@require_safe
@open_to(*READERS, capacity=WHOLE_READERS)
def pooling_plan(request: ActorRequest) -> HttpResponse:
    """The jobs that the small obligations make; nothing is kept."""
    form, crumbs = asked_of(request, request.GET)
    begun = monotonic()
    found = found_by(form, crumbs)
    context = {
        "form": form,
        "crumbs": crumbs,
        "found": found,
        "seconds": round(monotonic() - begun, 1),
        "most": MOST_ASKED,
        "proposable": proposable(request, found),
    }
    return render(request, "execution/pooling_plan.html", context, status=422 if form.errors else 200)
