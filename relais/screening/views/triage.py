"""Sort the lots of a plan on one page: several at once, by keyboard, the last act undone."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from relais.core.verdict import no
from relais.core.words import gettext_noop
from relais.kit.access import Refused, open_to
from relais.kit.actor import Actor, ActorRequest
from relais.kit.paging import paginate
from relais.organisations.models import Organisation
from relais.procurement.models import Lot
from relais.screening import actions, rules
from relais.screening.actions.batch import on_each
from relais.screening.enums import OpportunityState, RejectionCase
from relais.screening.forms.triage import TriageFilter, TriageForm
from relais.screening.models import Opportunity
from relais.screening.queries import listing
from relais.screening.queries import triage as reading
from relais.screening.views.listing import BUYING, act_of, tell

ROWS = 500
"""Lots of one page: a whole plan."""
UNDO = "triage"


@require_safe
@open_to(*rules.WRITERS, capacity=BUYING)
def opportunity_triage(request: ActorRequest) -> HttpResponse:
    form = TriageFilter(request.GET, plans=reading.plans_of(request.actor))
    results = reading.to_sort(request.actor)
    if plan := form.chosen.get("plan"):
        results = reading.in_plan(results, plan)
    kept = listing.in_order(form.apply(results), request.GET.get("sort", ""))
    page = paginate(kept, request.GET.get("page"), size=ROWS)
    sorted_lots, every = reading.progress_of(results)
    context = {
        "form": form,
        "page": page,
        "rows": reading.rows_of(page),
        "sorted_lots": sorted_lots,
        "every": every,
        "cases": RejectionCase.choices,
        "facilitators": reading.facilitators_of(request.actor),
        "can_decide": request.actor.role in rules.DECIDERS,
        "can_undo": UNDO in request.session,
    }
    part = "#rows" if request.htmx else ""
    return render(request, f"screening/opportunity_triage.html{part}", context)


@require_POST
@open_to(*rules.WRITERS, capacity=BUYING)
def triage_act(request: ActorRequest) -> HttpResponse:
    """Do one act on the lots ticked, and keep what undoes it."""
    form = TriageForm(request.POST, facilitators=reading.facilitators_of(request.actor))
    if not form.is_valid():
        lines = [str(error) for errors in form.errors.values() for error in errors]
        messages.error(request, _("Tick at least one lot.") if "lot" in form.errors else " ".join(lines))
        return to_triage(request)
    data = form.cleaned_data
    lots = listing.lots_of(request.actor, data["lot"])
    before = dict(
        Opportunity.objects.visible_to(request.actor).filter(lot__in=lots).values_list("lot_id", "state")
    )
    outcome = on_each(lots, sorting_act(data, request.actor))
    refused = {lot.pk for lot, _words in outcome.refused}
    done = [lot for lot in lots if lot.pk not in refused]
    if done:
        after = Opportunity.objects.visible_to(request.actor).filter(lot__in=done)
        request.session[UNDO] = {
            "act": data["act"],
            "facilitator": data["facilitator"].pk if data["facilitator"] else None,
            "lots": [
                [lot, version, before.get(lot, OpportunityState.DETECTED.value)]
                for lot, version in after.values_list("lot_id", "version")
            ],
        }
    tell(request, outcome)
    return to_triage(request)


def sorting_act(data: dict[str, Any], actor: Actor) -> Any:
    """The act chosen, waiting for a lot and the version of its sheet."""
    if data["act"] == "ask":
        return partial(ask, data["facilitator"], data["reason"], actor)
    return act_of(data, actor)


def ask(facilitator: Organisation, question: str, actor: Actor, lot: Lot, version: int) -> None:
    if not listing.facilitators_for(lot, actor).filter(pk=facilitator.pk).exists():
        raise Refused(no(NOT_HERE))
    actions.ask_opinion(
        lot, facilitator, question=question, version=version, actor=actor, at=timezone.now(), on=actor.on
    )


NOT_HERE = gettext_noop("This facilitator body does not work in the scheme of the lot.")
NOTHING = gettext_noop("There is no act to undo.")


@require_POST
@open_to(*rules.WRITERS, capacity=BUYING)
def triage_undo(request: ActorRequest) -> HttpResponse:
    """Undo the last act of this person: on the lots that nobody touched since."""
    kept = request.session.pop(UNDO, None)
    if kept is None:
        messages.error(request, _(NOTHING))
        return to_triage(request)
    states = {lot: (version, OpportunityState(state)) for lot, version, state in kept["lots"]}
    lots = listing.lots_of(request.actor, list(states))
    bodies = Organisation.objects.visible_to(request.actor).filter(pk=kept["facilitator"] or 0)
    undo = partial(undone, kept["act"], states, bodies.first(), request.actor)
    tell(request, on_each(lots, undo))
    return to_triage(request)


def undone(
    act: str,
    states: dict[int, tuple[int, OpportunityState]],
    facilitator: Organisation | None,
    actor: Actor,
    lot: Lot,
    _version: int,
) -> None:
    """The inverse of an act on one lot, at the version that the act left."""
    version, before = states[lot.pk]
    at = timezone.now()
    if act == "ask" and facilitator is not None:
        actions.withdraw_opinion(lot, facilitator, actor=actor, at=at)
    elif act == "study":
        if before == OpportunityState.DETECTED:
            actions.put_back(lot, version=version, actor=actor, at=at)
    else:
        actions.undo_decision(lot, before=before, version=version, actor=actor, at=at, on=actor.on)


def to_triage(request: ActorRequest) -> HttpResponse:
    """Back to the rows, under the filters of the page."""
    query = request.POST.get("query", "")
    url = reverse("opportunity-triage", kwargs={"organisation": request.organisation.slug})
    return HttpResponseRedirect(f"{url}?{query}" if query else url)
