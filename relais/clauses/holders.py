"""Look the holders of a reserved contract up in the directory of structures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from relais.clauses.enums import RESERVED_MODALITIES, Eligible
from relais.clauses.models import Clause
from relais.core.regime import Modality as CoreModality
from relais.core.reserved import Check, Listed, Reservation, check, reservation
from relais.offer.models import Structure
from relais.organisations.enums import Capacity
from relais.organisations.models import CapacityHeld, Organisation, in_force

SIREN_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody that may hold the contract: a body, or a company named for the first time."""

    name: str
    siret: str = ""
    organisation: Organisation | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A candidate, and what the directory says of it."""

    candidate: Candidate
    check: Check

    def get_state(self) -> Eligible:
        return Eligible(self.check.eligible.value)


def reservation_of(clause: Clause) -> Reservation | None:
    """Who may hold the contract of a reserved clause; `None` when no list can tell."""
    return reservation(CoreModality(clause.modality), clause.launched_on)


def checked(clause: Clause, candidates: Sequence[Candidate], on: date) -> list[Checked]:
    """Each candidate with its answer, in three queries; empty for a contract that is not reserved."""
    if clause.modality not in RESERVED_MODALITIES or not candidates:
        return []
    asked = reservation_of(clause)
    listed = _listed(candidates)
    own = _own_kinds(candidates, on)
    covered = asked is not None and _is_covered(asked)
    return [
        Checked(
            candidate,
            check(
                asked,
                [*_said_of(candidate, listed), *own.get(_body(candidate), [])],
                has_number=bool(candidate.siret),
                is_covered=covered,
            ),
        )
        for candidate in candidates
    ]


def _listed(candidates: Sequence[Candidate]) -> list[Structure]:
    """Structures of the directory that share a SIREN with a candidate."""
    numbers = {candidate.siret for candidate in candidates if candidate.siret}
    found = Structure.objects.none()
    for siren in sorted({number[:SIREN_DIGITS] for number in numbers}):
        found |= Structure.objects.filter(has_valid_siret=True, siret__startswith=siren)
    bodies = [candidate.organisation for candidate in candidates if candidate.organisation]
    return list(found | Structure.objects.filter(organisation__in=bodies))


def _said_of(candidate: Candidate, listed: Sequence[Structure]) -> list[Listed]:
    """The exact establishment when the directory has it, otherwise those of the same company."""
    own = [one for one in listed if one.siret == candidate.siret or _is_body(one, candidate)]
    siren = candidate.siret[:SIREN_DIGITS]
    same = [one for one in listed if siren and one.siren == siren]
    open_ones = [one for one in own if not one.is_closed]
    return [Listed(one.kind, not one.is_closed) for one in (open_ones or own + same)]


def _is_body(structure: Structure, candidate: Candidate) -> bool:
    body = candidate.organisation
    return body is not None and structure.organisation_id == body.pk


def _own_kinds(candidates: Sequence[Candidate], on: date) -> dict[int, list[Listed]]:
    """The kind that the coordinator wrote on the card of a body that is a structure that day."""
    bodies = {
        candidate.organisation.pk: candidate.organisation
        for candidate in candidates
        if candidate.organisation and candidate.organisation.structure_kind
    }
    held = CapacityHeld.objects.filter(
        in_force(on), organisation_id__in=bodies, capacity=Capacity.STRUCTURE
    ).values_list("organisation_id", flat=True)
    return {pk: [Listed(bodies[pk].structure_kind)] for pk in held}


def _body(candidate: Candidate) -> int:
    return candidate.organisation.pk if candidate.organisation else 0


def _is_covered(asked: Reservation) -> bool:
    return Structure.objects.open().filter(kind__in=sorted(asked.kinds)).exists()
