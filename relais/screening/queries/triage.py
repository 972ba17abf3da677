"""The lots to sort, one row each, with the reasons that weigh most."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from relais.core.words import Words
from relais.kit.actor import Actor
from relais.organisations.models import Organisation, Scheme
from relais.procurement.models import Lot, PurchasePlan
from relais.screening.enums import OPEN_STATES
from relais.screening.models import Opportunity, ScreeningResult

SHORT = 2
"""Reasons told on a row: those that weigh most."""
OPEN = Q(lot__opportunity=None) | Q(lot__opportunity__state__in=OPEN_STATES)


@dataclass(frozen=True, slots=True)
class TriageRow:
    """A lot to sort: its screening, and its weightiest reasons in order."""

    result: ScreeningResult
    reasons: tuple[Words, ...]


def to_sort(actor: Actor) -> QuerySet[ScreeningResult]:
    """The lots to come that the actor's own body works on, with their reasons."""
    own = ScreeningResult.objects.visible_to(actor).filter(lot__buyer_id=actor.organisation_id)
    return (
        own.filter(is_awarded=False, lot__cancelled_on=None)
        .select_related("trade", "lot__opportunity", "lot__operation")
        .defer("working")
    )


def in_plan(results: QuerySet[ScreeningResult], plan: PurchasePlan) -> QuerySet[ScreeningResult]:
    """The lots that a plan holds today."""
    lines = plan.lines.filter(gone_at=None)
    return results.filter(lot__in=lines.values("lot_id"))


def rows_of(results: Iterable[ScreeningResult]) -> list[TriageRow]:
    """Rows with the reasons that bring or cost the most points, then the others."""
    return [TriageRow(result, _weightiest(result)) for result in results]


def _weightiest(result: ScreeningResult) -> tuple[Words, ...]:
    ordered = sorted(result.reasons, key=lambda reason: -abs(reason.get("points") or 0))
    return tuple(Words.from_dict(reason) for reason in ordered[:SHORT])


def states_of(lots: Collection[Lot]) -> dict[int, tuple[str, int]]:
    """State and version of the sheets of these lots, which the actor already read; some have no sheet."""
    sheets = Opportunity.objects.filter(lot__in=[lot.pk for lot in lots])
    return {lot: (state, version) for lot, state, version in sheets.values_list("lot_id", "state", "version")}


def levers_of(lots: Collection[Lot]) -> dict[int, str]:
    """The modality proposed for each of these lots, which the actor already read."""
    results = ScreeningResult.objects.filter(lot__in=[lot.pk for lot in lots])
    return dict(results.values_list("lot_id", "lever"))


def progress_of(results: QuerySet[ScreeningResult]) -> tuple[int, int]:
    """Lots sorted, and lots in all."""
    counts = results.aggregate(all=Count("pk"), open=Count("pk", filter=OPEN))
    return counts["all"] - counts["open"], counts["all"]


def plans_of(actor: Actor) -> QuerySet[PurchasePlan]:
    """The plans of the actor's own body."""
    return PurchasePlan.objects.visible_to(actor).filter(buyer_id=actor.organisation_id)


def facilitators_of(actor: Actor) -> QuerySet[Organisation]:
    """Facilitator bodies of the schemes that the actor's body takes part in."""
    schemes = Scheme.objects.visible_to(actor)
    bodies = Organisation.objects.visible_to(actor).filter(areas__scheme__in=schemes)
    return bodies.distinct().order_by("search_name", "pk")
