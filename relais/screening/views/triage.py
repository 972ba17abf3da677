"""Sort the lots of a plan on one page: several at once, by keyboard, the last act undone."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from relais.core.verdict import no
from relais.core.words import gettext_noop
from relais.kit.access import Refused, open_to
from relais.kit.actor import Actor, ActorRequest
from relais.kit.paging import Page, paginate
from relais.organisations.models import Organisation
from relais.procurement.models import Lot
from relais.screening import actions, rules
from relais.screening.actions.batch import on_each
from relais.screening.enums import OpportunityState, RejectionCase
from relais.screening.forms.triage import TriageFilter, TriageForm
from relais.screening.models import ScreeningResult
from relais.screening.queries import listing
from relais.screening.queries import triage as reading
from relais.screening.views.listing import BUYING, act_of, tell

UNDO = "triage"


@dataclass(frozen=True, slots=True)
class Sorting:
    """What the address of the page asks for: the lots of the plan, those kept by the filters, the page."""

    params: QueryDict
    form: TriageFilter
    results: QuerySet[ScreeningResult]
    kept: QuerySet[ScreeningResult]

    @classmethod
    def of(cls, actor: Actor, params: QueryDict) -> "Sorting":
        form = TriageFilter(params, plans=reading.plans_of(actor))
        results = reading.to_sort(actor)
        if plan := form.chosen.get("plan"):
            results = reading.in_plan(results, plan)
        return cls(params, form, results, listing.in_order(form.apply(results), params.get("sort", "")))

    def page(self, rows: QuerySet[Any] | None = None) -> Page[Any]:
        """The page asked for; the first one when nothing is left on it."""
        rows, size = self.kept if rows is None else rows, self.form.size
        page = paginate(rows, self.params.get("page"), size=size)
        return page if page.items or page.number == 1 else paginate(rows, 1, size=size)

    def address(self, number: int) -> str:
        """The same page under another number."""
        params = self.params.copy()
        params["page"] = str(number)
        return f"?{params.urlencode()}"

    def context(self, request: ActorRequest, page: Page[Any]) -> dict[str, Any]:
        """What the page and the answer to an act both show around the rows."""
        sorted_lots, every = reading.progress_of(self.results)
        return {
            "page": page,
            "sorted_lots": sorted_lots,
            "every": every,
            "can_undo": UNDO in request.session,
            "before": self.address(page.number - 1) if page.has_previous else "",
            "after": self.address(page.number + 1) if page.has_next else "",
        }


@require_safe
@open_to(*rules.WRITERS, capacity=BUYING)
def opportunity_triage(request: ActorRequest) -> HttpResponse:
    sorting = Sorting.of(request.actor, request.GET)
    page = sorting.page()
    context = {
        "form": sorting.form,
        "rows": reading.rows_of(page),
        "shown": [result.lot_id for result in page],
        "cases": RejectionCase.choices,
        "facilitators": reading.facilitators_of(request.actor),
        "can_decide": request.actor.role in rules.DECIDERS,
        **sorting.context(request, page),
    }
    part = "#rows" if request.htmx else ""
    return render(request, f"screening/opportunity_triage.html{part}", context)


@require_POST
@open_to(*rules.WRITERS, capacity=BUYING)
def triage_act(request: ActorRequest) -> HttpResponse:
    """Do one act on the lots ticked, and keep what undoes it."""
    form = TriageForm(request.POST, facilitators=reading.facilitators_of(request.actor))
    lots: list[Lot] = []
    if form.is_valid():
        lots = listing.lots_of(request.actor, form.cleaned_data["lot"])
        act_on(request, lots, form.cleaned_data)
    else:
        lines = [str(error) for errors in form.errors.values() for error in errors]
        messages.error(request, _("Tick at least one lot.") if "lot" in form.errors else " ".join(lines))
    return answer(request, lots, form.shown) if request.htmx else to_triage(request)


def act_on(request: ActorRequest, lots: list[Lot], data: dict[str, Any]) -> None:
    """The act on each lot; what undoes it stays in the session."""
    before = reading.states_of(lots)
    outcome = on_each(lots, sorting_act(data, lots, request.actor))
    refused = {lot.pk for lot, _words in outcome.refused}
    if done := [lot for lot in lots if lot.pk not in refused]:
        request.session[UNDO] = {
            "act": data["act"],
            "facilitator": data["facilitator"].pk if data["facilitator"] else None,
            "lots": [
                [lot, version, before.get(lot, (OpportunityState.DETECTED.value, 0))[0]]
                for lot, (_state, version) in reading.states_of(done).items()
            ],
        }
    tell(request, outcome)


def answer(request: ActorRequest, lots: list[Lot], shown: list[int]) -> HttpResponse:
    """What an act changed on the page: the rows acted on, those that come up in their place, the totals.

    `shown`: the lots that the page shows. When none is left on it, the page is asked for again.
    """
    sorting = Sorting.of(request.actor, QueryDict(request.POST.get("query", "")))
    page = sorting.page(sorting.kept.values_list("lot_id", flat=True))
    acted, known = [lot.pk for lot in lots], set(shown)
    coming = [lot for lot in page if lot not in known]
    rows = reading.rows_of(sorting.kept.filter(lot__in=[*acted, *coming]) if acted or coming else ())
    found = {row.result.lot_id: row for row in rows}
    gone = [lot for lot in acted if lot not in found]
    if not coming and known and known <= set(gone):
        return HttpResponseClientRedirect(address_of(request))
    context = {
        "changed": [found[lot] for lot in acted if lot in found],
        "coming": [found[lot] for lot in coming if lot in found],
        "gone": gone,
        "shown": [lot for lot in shown if lot not in gone] + coming,
        **sorting.context(request, page),
    }
    return render(request, "screening/opportunity_triage.html#answer", context)


def sorting_act(data: dict[str, Any], lots: list[Lot], actor: Actor) -> Any:
    """The act chosen, waiting for a lot and the version of its sheet."""
    if data["act"] == "ask":
        return partial(ask, data["facilitator"], data["reason"], actor)
    if data["act"] == "retain":
        return partial(retain, reading.levers_of(lots), data["reason"], actor)
    return act_of(data, actor)


def retain(levers: dict[int, str], reason: str, actor: Actor, lot: Lot, version: int) -> None:
    """Retain a lot with the modality proposed."""
    at, modality = timezone.now(), levers.get(lot.pk, "")
    actions.retain(lot, modality=modality, reason=reason, version=version, actor=actor, at=at, on=actor.on)


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
    return HttpResponseRedirect(address_of(request))


def address_of(request: ActorRequest) -> str:
    """The page of triage with the filters it was asked with."""
    query = request.POST.get("query", "")
    url = reverse("opportunity-triage", kwargs={"organisation": request.organisation.slug})
    return f"{url}?{query}" if query else url
