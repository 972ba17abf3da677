"""Whose figures a reader reads: the scheme's, a territory's, a buyer's, or those of one's own lines."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from relais.execution.models import Debtor, JobContract
from relais.kit.actor import Actor
from relais.organisations.enums import Capacity
from relais.organisations.models import FacilitatorArea, Scheme, in_force

FEWEST_PEOPLE = 11
"""Personal breakdowns below this number of people are masked (practice of official statistics)."""
FEWEST_IN_TERRITORY = 5
"""The same for the facilitators of the territory, who decide on the eligibility of its people."""


def of_body(body: int, prefix: str = "") -> Q:
    """The jobs of a body's own figures, reached from another table by `prefix`."""
    paths = ("debtor__organisation_id", "employer_id", "declared_by_id", "person__body_id")
    return Q(*((f"{prefix}{path}", body) for path in paths), _connector=Q.OR)


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of a scheme whose figures are read, and the fewest people a personal breakdown may show.

    `own` names a body that reads what its own lines say: those it owes, employs for, declares or follows.
    """

    departments: tuple[str, ...] | None = None
    buyer: int | None = None
    own: int | None = None
    fewest: int = FEWEST_PEOPLE

    @property
    def is_whole(self) -> bool:
        return self.departments is None and self.buyer is None and self.own is None

    def cells(self) -> Q:
        """The cells of hours read."""
        return self._either("department__in", "buyer_id")

    def obligations(self, prefix: str = "") -> Q:
        """The obligations read, reached from another table by `prefix`."""
        if self.own is not None:
            debts = Debtor.objects.filter(organisation_id=self.own).order_by()
            jobs = JobContract.objects.filter(of_body(self.own)).order_by()
            return Q(**{f"{prefix}pk__in": debts.values("obligation_id")}) | Q(
                **{f"{prefix}pk__in": jobs.values("obligation_id")}
            )
        return self._either(f"{prefix}clause__lot__department__in", f"{prefix}buyer_id")

    def _either(self, by_department: str, by_buyer: str) -> Q:
        found = Q()
        if self.departments is not None:
            found |= Q(**{by_department: self.departments})
        if self.buyer is not None:
            found |= Q(**{by_buyer: self.buyer})
        return found


def scope_of(actor: Actor, scheme: Scheme, capacities: Collection[str]) -> Scope:
    """The figures an actor reads in a scheme; one query for a facilitator body, none for the others."""
    body = actor.organisation_id
    if scheme.coordinator_id == body:
        return Scope()
    buyer = body if Capacity.BUYER in capacities else None
    if Capacity.FACILITATOR in capacities:
        areas = FacilitatorArea.objects.filter(in_force(actor.on), organisation_id=body, scheme=scheme)
        covered = tuple(areas.order_by("department_id").values_list("department_id", flat=True))
        return Scope(departments=covered, buyer=buyer, fewest=FEWEST_IN_TERRITORY)
    if buyer is not None:
        return Scope(buyer=buyer)
    return Scope(own=body)
