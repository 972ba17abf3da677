"""Whether a reserved contract went to a structure that may hold it: yes, no, or the directory cannot tell.

# source: code de la commande publique, art. L. 2113-12 to L. 2113-16 and their forerunners; which kinds of
structures each of them serves, from which date, is in parameters/reserved.toml.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from relais.core.dated import Dated
from relais.core.parameters import load
from relais.core.regime import Modality
from relais.core.words import NotInForce, Words, gettext_noop


class Eligible(StrEnum):
    """What the directory says of a holder."""

    YES = "YES"
    NO = "NO"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Reservation:
    """The kinds that may hold the contract, those that may be equivalent, and where it is written."""

    kinds: frozenset[str]
    equivalent: frozenset[str]
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A structure of the directory that is the holder, or an establishment of the same company."""

    kind: str
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Check:
    """The answer and its reason, in words for the buyer."""

    eligible: Eligible
    reason: Words


def reservation(modality: Modality, launched_on: date) -> Reservation | None:
    """Who may hold a contract reserved by this modality; `None` when no list of structures can tell."""
    rows = [row for row in load("reserved")["reservation"] if row["modality"] == modality]
    if not rows:
        return None
    table: Dated[Reservation] = Dated(
        {
            row["since"]: Reservation(
                frozenset(row["kinds"]), frozenset(row["equivalent"]), row["source"], row["verified"]
            )
            for row in rows
        },
        source="parameters/reserved.toml",
        verified=all(row["verified"] for row in rows),
    )
    try:
        return table.at(launched_on)
    except NotInForce:
        return None


def check(
    asked: Reservation | None, listed: Iterable[Listed], *, has_number: bool, is_covered: bool
) -> Check:
    """Whether the holder may hold the contract.

    `listed` is what the directory says of the holder, `has_number` whether it was looked up by a number,
    `is_covered` whether the directory holds any structure of the kinds asked at all.
    """
    found = list(listed)
    if asked is None:
        return Check(
            Eligible.UNKNOWN,
            Words(gettext_noop("No list of structures tells who may hold this contract: ask for the proof.")),
        )
    running = sorted({one.kind for one in found if one.is_open})
    right = [kind for kind in running if kind in asked.kinds]
    if right:
        return Check(Eligible.YES, _told(gettext_noop("In the directory as %(kinds)s."), right))
    near = [kind for kind in running if kind in asked.equivalent]
    if near:
        return Check(
            Eligible.UNKNOWN,
            _told(gettext_noop("In the directory as %(kinds)s: equivalent if its agreement says so."), near),
        )
    if running:
        return Check(
            Eligible.NO,
            _told(
                gettext_noop("In the directory as %(kinds)s: this contract is not reserved for them."),
                running,
            ),
        )
    if found:
        return Check(Eligible.NO, Words(gettext_noop("The directory says that this structure closed down.")))
    if not has_number:
        return Check(
            Eligible.UNKNOWN,
            Words(
                gettext_noop("No SIRET is known for this company: it cannot be looked up in the directory.")
            ),
        )
    if not is_covered:
        return Check(
            Eligible.UNKNOWN,
            Words(gettext_noop("The directory holds no structure of these kinds yet: import its lists.")),
        )
    return Check(Eligible.NO, Words(gettext_noop("Its number is not that of a structure of the directory.")))


def _told(text: str, kinds: list[str]) -> Words:
    return Words(text, {"kinds": ", ".join(kinds)})
