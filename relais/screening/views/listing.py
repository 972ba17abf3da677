"""The ranked list, its files, and the acts on several lots."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from relais.kit import audit
from relais.kit.access import open_to
from relais.kit.actor import Actor, ActorRequest
from relais.kit.exports import MOST_ROWS, table_file
from relais.kit.models import Outcome
from relais.kit.paging import paginate
from relais.kit.words import say
from relais.organisations.enums import Capacity, Role
from relais.procurement.models import Lot
from relais.screening import actions, exports, rules
from relais.screening.actions.batch import Outcome as BatchOutcome
from relais.screening.actions.batch import on_each
from relais.screening.forms import BatchForm, OpportunityFilter
from relais.screening.models import ScreeningResult
from relais.screening.queries import listing

READERS = (Role.MANAGER, Role.OFFICER, Role.PROJECT_LEAD, Role.PURCHASER, Role.READER)
BUYING = (Capacity.COORDINATOR, Capacity.BUYER)
READING = (*BUYING, Capacity.FACILITATOR)


def shown(request: ActorRequest) -> tuple[OpportunityFilter, Any]:
    """The filters of the address, and the rows they keep in the order asked."""
    form = OpportunityFilter(
        request.GET, departments=listing.departments_of(request.actor), trades=listing.trades()
    )
    rows = form.apply(listing.opportunities(request.actor))
    return form, listing.in_order(rows, request.GET.get("sort", ""))


@require_safe
@open_to(*READERS, capacity=READING)
def opportunity_list(request: ActorRequest) -> HttpResponse:
    form, rows = shown(request)
    buying = bool(request.capacities & set(BUYING))
    return render(
        request,
        "screening/opportunity_list.html",
        {
            "form": form,
            "page": paginate(rows, request.GET.get("page")),
            "batch": BatchForm(auto_id="batch_%s") if buying and rules.can_type_lot(request.actor) else None,
            "can_type": buying and bool(rules.can_type_lot(request.actor)),
            "is_facilitator": Capacity.FACILITATOR in request.capacities,
            "is_buying": buying,
        },
    )


@require_safe
@open_to(*READERS, capacity=READING)
def opportunity_export(request: ActorRequest) -> HttpResponseBase:
    _form, rows = shown(request)
    kind = request.GET.get("format", "csv")
    audit.record(
        "screening.opportunity.exported",
        None,
        actor=request.actor,
        at=timezone.now(),
        outcome=Outcome.EXPORTED,
        detail=request.GET.urlencode(),
    )
    lines = rows[:MOST_ROWS].iterator(chunk_size=500)
    return table_file(exports.opportunities_table(lines), kind)


@require_POST
@open_to(*rules.WRITERS, capacity=BUYING)
def opportunity_batch(request: ActorRequest) -> HttpResponse:
    form = BatchForm(request.POST)
    if form.is_valid():
        lots = listing.lots_of(request.actor, form.cleaned_data["lot"])
        tell(request, on_each(lots, act_of(form.cleaned_data, request.actor)))
    else:
        lines = [str(error) for errors in form.errors.values() for error in errors]
        messages.error(request, " ".join(lines) if "lot" not in form.errors else _("Tick at least one lot."))
    query = request.POST.get("query", "")
    url = reverse("opportunity-list", kwargs={"organisation": request.organisation.slug})
    return HttpResponseRedirect(f"{url}?{query}" if query else url)


def act_of(data: dict[str, Any], actor: Actor) -> Any:
    """The act chosen in the form, waiting for a lot and the version of its sheet."""
    at, on = timezone.now(), actor.on
    if data["act"] == "study":
        return lambda lot, version: actions.study(lot, version=version, actor=actor, at=at)
    if data["act"] == "retain":
        return partial(retain_as_proposed, data["reason"], actor, at)
    return lambda lot, version: actions.reject(
        lot, case=data["case"], reason=data["reason"], version=version, actor=actor, at=at, on=on
    )


def retain_as_proposed(reason: str, actor: Actor, at: Any, lot: Lot, version: int) -> None:
    result = ScreeningResult.objects.visible_to(actor).filter(lot=lot).first()
    modality = result.lever if result else ""
    actions.retain(lot, modality=modality, reason=reason, version=version, actor=actor, at=at, on=actor.on)


def tell(request: ActorRequest, outcome: BatchOutcome) -> None:
    """How many lots were done, and each reason of refusal once, with the number of lots."""
    if outcome.done:
        text = ngettext("Done on %(number)s lot.", "Done on %(number)s lots.", outcome.done)
        messages.success(request, text % {"number": outcome.done})
    reasons: dict[str, int] = {}
    for _lot, words in outcome.refused:
        reasons[say(words)] = reasons.get(say(words), 0) + 1
    for reason, number in reasons.items():
        text = ngettext(
            "Not done on %(number)s lot: %(reason)s", "Not done on %(number)s lots: %(reason)s", number
        )
        messages.warning(request, text % {"number": number, "reason": reason})
