"""Who records structures and their activities."""

from collections.abc import Collection
from decimal import Decimal

from relais.core.verdict import YES, Verdict, no
from relais.core.words import gettext_noop
from relais.kit.actor import Actor
from relais.offer.activities import activities
from relais.organisations.enums import Capacity, Role

KEEPERS = frozenset({Role.MANAGER, Role.OFFICER})


def can_keep_structures(actor: Actor, capacities: Collection[str]) -> Verdict:
    """The directory of structures serves a whole territory: its coordinator and its facilitators keep it."""
    if not {Capacity.COORDINATOR, Capacity.FACILITATOR} & set(capacities):
        return no(gettext_noop("Only the coordinator and the facilitators keep the directory of structures."))
    if actor.role not in KEEPERS:
        return no(gettext_noop("Only a manager or an officer keeps the directory of structures."))
    return YES


def whole_turnover(turnover: Decimal | None, year: int | None) -> Verdict:
    """A turnover above zero with its year, or neither."""
    if (turnover is None) != (year is None) or (turnover is not None and turnover <= 0):
        return no(gettext_noop("Enter a turnover above zero with its year, or empty both."))
    return YES


def known_activities(codes: Collection[str]) -> Verdict:
    """Whether every activity is in the table."""
    unknown = sorted(set(codes) - set(activities().by_code))
    if unknown:
        return no(gettext_noop("The activity “%(code)s” is not in the table."), code=unknown[0])
    return YES
