"""The ranked list: rows of the screen, of the exports and of the command, from the same query."""

from django.db.models import Case, IntegerField, QuerySet, Value, When

from relais.kit.actor import Actor
from relais.organisations.models import Organisation, Scheme
from relais.procurement.models import Lot
from relais.screening.enums import OpportunityState
from relais.screening.models import OpinionRequest, ScreeningResult, Trade
from relais.territories.models import Department

SORTS = {
    "score": ("score",),
    "hours": ("hours",),
    "amount": ("amount",),
    "launch": ("launched_on",),
    "buyer": ("lot__buyer__search_name",),
    "object": ("lot__object",),
}
"""Columns that sort through the address, with the fields they mean."""

STILL_OPEN = Case(
    When(is_awarded=True, then=Value(2)),
    When(
        lot__opportunity__state__in=(OpportunityState.AWARDED, OpportunityState.UNSUCCESSFUL), then=Value(2)
    ),
    When(lot__opportunity__state__in=(OpportunityState.REJECTED, OpportunityState.DEROGATED), then=Value(1)),
    default=Value(0),
    output_field=IntegerField(),
)
"""Lots on which something can be done, then those set aside, then those that are over."""


def ranked(scheme: Scheme) -> QuerySet[ScreeningResult]:
    """Every screened lot of a scheme whose call stands, best first, for the administrator's command."""
    results = ScreeningResult.objects.filter(scheme=scheme, lot__cancelled_on=None)
    return results.select_related("trade", "lot__buyer", "lot__contract").order_by("-score", "lot_id")


def opportunities(actor: Actor) -> QuerySet[ScreeningResult]:
    """The screened lots an actor reads, with what a row of the list shows, in one query."""
    results = ScreeningResult.objects.visible_to(actor)
    return results.select_related(
        "trade", "lot__buyer", "lot__department", "lot__contract", "lot__opportunity"
    ).defer("reasons", "working")


def in_order(results: QuerySet[ScreeningResult], sort: str) -> QuerySet[ScreeningResult]:
    """Sorted by a column; when the address asks for none, lots still open first, the best of them on top."""
    key, descending = sort.removeprefix("-"), sort.startswith("-")
    fields = SORTS.get(key)
    if fields is None:
        return results.order_by(STILL_OPEN, "-score", "lot_id")
    order = [f"-{field}" if descending else field for field in fields]
    return results.order_by(*order, "lot_id")


def lots_of(actor: Actor, ids: list[int]) -> list[Lot]:
    """Lots named by a form, among those the actor reads."""
    return list(Lot.objects.visible_to(actor).filter(pk__in=ids).select_related("scheme", "buyer"))


def departments_of(actor: Actor) -> QuerySet[Department]:
    """Departments of the schemes the actor takes part in, for the filter."""
    schemes = Scheme.objects.visible_to(actor)
    return Department.objects.filter(territories__scheme__in=schemes).distinct()


def trades() -> QuerySet[Trade]:
    return Trade.objects.order_by("name", "pk")


def facilitators_for(lot: Lot, actor: Actor) -> QuerySet[Organisation]:
    """Facilitator bodies of the scheme that may be asked; those that cover the department come first."""
    return (
        Organisation.objects.visible_to(actor)
        .filter(areas__scheme_id=lot.scheme_id)
        .distinct()
        .order_by("search_name", "pk")
    )


def facilitators_there(lot: Lot, actor: Actor) -> list[int]:
    """Among them, those that cover the department of the lot: proposed first."""
    if lot.department_id is None:
        return []
    bodies = Organisation.objects.visible_to(actor).covering(lot.department_id, actor.on)
    return list(bodies.filter(areas__scheme_id=lot.scheme_id).distinct().values_list("pk", flat=True))


def asked_of(actor: Actor) -> QuerySet[OpinionRequest]:
    """Opinions that the actor's body was asked, those to give first."""
    return (
        OpinionRequest.objects.filter(facilitator_id=actor.organisation_id)
        .select_related("opportunity__lot__buyer", "opportunity__lot__screening__trade")
        .order_by("answered_at", "due_on", "pk")
    )
