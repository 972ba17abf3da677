"""Whose file each running obligation is: buyer, facilitator, debtors; read once for a whole scheme."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from relais.clauses.enums import Part
from relais.clauses.models import Party
from relais.execution.models import Debtor, Obligation
from relais.organisations.models import Scheme, in_force


class Ids(TypedDict):
    """Whose an alert is: the names of these bodies and things in `Seen`."""

    obligation_id: int
    lot_id: int
    buyer_id: int
    facilitator_id: int | None


@dataclass(frozen=True, slots=True)
class File:
    """The bodies around an obligation, and what it is called."""

    obligation: int
    clause: int
    lot: int
    buyer: int
    reference: str
    facilitator: int | None
    only_debtor: int | None

    @property
    def follower(self) -> int:
        """Who follows it: the facilitator, the buyer when there is none."""
        return self.facilitator or self.buyer

    @property
    def ids(self) -> Ids:
        """Whose an alert on it is."""
        return Ids(
            obligation_id=self.obligation,
            lot_id=self.lot,
            buyer_id=self.buyer,
            facilitator_id=self.facilitator,
        )


def files_of(scheme: Scheme, on: date) -> Mapping[int, File]:
    """The files of the running obligations of a scheme, by obligation; three queries."""
    running = Obligation.objects.filter(scheme=scheme).running()
    parties = Party.objects.filter(
        in_force(on), part=Part.FACILITATOR, clause__in=running.values("clause_id")
    ).order_by("clause_id", "pk")
    facilitators: dict[int, int] = {}
    for clause, body in parties.values_list("clause_id", "organisation_id"):
        facilitators.setdefault(clause, body)
    debtors: dict[int, list[int]] = {}
    owing = Debtor.objects.filter(obligation__in=running.values("pk")).order_by("pk")
    for obligation, body in owing.values_list("obligation_id", "organisation_id"):
        debtors.setdefault(obligation, []).append(body)
    rows = running.order_by("pk").values_list(
        "pk", "clause_id", "clause__lot_id", "buyer_id", "clause__reference"
    )
    return {
        pk: File(pk, clause, lot, buyer, reference, facilitators.get(clause), _alone(debtors.get(pk, [])))
        for pk, clause, lot, buyer, reference in rows
    }


def _alone(bodies: list[int]) -> int | None:
    return bodies[0] if len(bodies) == 1 else None
