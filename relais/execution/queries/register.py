"""The register of clauses: one row per clause with the hours that the actor reads of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Prefetch

from relais.clauses.models import Clause, ClauseQuerySet
from relais.core.ledger import expected_on
from relais.execution.models import Debtor, Obligation
from relais.execution.queries.standing import Pace, pace_of
from relais.kit.actor import Actor
from relais.organisations.models import Organisation

SORTS = {
    "reference": ("reference",),
    "modality": ("modality", "reference"),
    "state": ("state", "reference"),
    "hours": ("hours", "reference"),
    "end": ("obligation__ends_on", "reference"),
}
"""What the heads of columns sort by."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A clause of the list. `owed` is absent before the award, and for who reads no debtor's share."""

    clause: Clause
    obligation: Obligation | None
    owed: Decimal | None
    validated: Decimal | None
    waiting: Decimal | None
    expected: Decimal | None

    @classmethod
    def of(cls, clause: Clause, today: date) -> "Registered":
        obligation: Obligation | None = getattr(clause, "obligation", None)
        shares: list[Debtor] = getattr(obligation, "read_shares", [])
        if obligation is None or not shares:
            return cls(clause, obligation, None, None, None, None)
        owed = sum((share.owed for share in shares), Decimal(0))
        return cls(
            clause=clause,
            obligation=obligation,
            owed=owed,
            validated=sum((share.validated for share in shares), Decimal(0)),
            waiting=sum((share.declared + share.queried for share in shares), Decimal(0)),
            expected=None
            if obligation.is_closed
            else expected_on(owed, obligation.starts_on, obligation.ends_on, today),
        )


def register(actor: Actor) -> ClauseQuerySet:
    """The clauses an actor reads, with the debtors' shares he reads, in three queries for a page."""
    shares = Prefetch("obligation__debtors", Debtor.objects.visible_to(actor), to_attr="read_shares")
    return (
        Clause.objects.visible_to(actor)
        .select_related("buyer", "lot", "obligation")
        .prefetch_related(shares)
        .order_by("-launched_on", "-pk")
    )


def in_order(clauses: ClauseQuerySet, sort: str) -> ClauseQuerySet:
    """Sorted as the address asks; an unknown sort changes nothing."""
    columns = SORTS.get(sort.removeprefix("-"))
    if columns is None:
        return clauses
    descending = sort.startswith("-")
    ordered = [
        F(column).desc(nulls_last=True) if descending else F(column).asc(nulls_last=True)
        for column in columns
    ]
    return clauses.order_by(*ordered, "pk")


def late(clauses: ClauseQuerySet, actor: Actor) -> ClauseQuerySet:
    """Those whose obligation runs and is well behind its plan, or ended with hours left."""
    running = Obligation.objects.visible_to(actor).running().filter(validated__lt=F("owed"))
    columns = ("clause_id", "owed", "validated", "starts_on", "ends_on")
    behind = [pk for pk, *rest in running.values_list(*columns) if _is_late(*rest, today=actor.on)]
    return clauses.filter(pk__in=behind)


def _is_late(owed: Decimal, validated: Decimal, starts_on: date, ends_on: date, *, today: date) -> bool:
    return today > ends_on or pace_of(owed, validated, starts_on, ends_on, today) != Pace.STEADY


def buyers_of(actor: Actor) -> Iterable[Organisation]:
    """The buyers of the clauses an actor reads, for the filter of the list."""
    return Organisation.objects.filter(pk__in=Clause.objects.visible_to(actor).values("buyer_id"))
