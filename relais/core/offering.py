"""What the offer of insertion structures around a place lets a buyer consider: an aid, never a decision.

The thresholds are those of the national marketplace of inclusive purchasing, as dated policies of a scheme.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from relais.core.words import BadValue, Words, gettext_noop

MONTHS_IN_YEAR = 12


class Idea(StrEnum):
    """What may be considered, widest first."""

    RESERVE_WHOLE = "reserve_whole"
    RESERVE_LOT = "reserve_lot"
    CLAUSE = "clause"
    CRITERION = "criterion"

    @property
    def words(self) -> Words:
        return Words(_IDEAS[self])


_IDEAS = {
    Idea.RESERVE_WHOLE: gettext_noop("Reserving the whole contract can be considered."),
    Idea.RESERVE_LOT: gettext_noop("Reserving a lot can be considered."),
    Idea.CLAUSE: gettext_noop("A clause can rely on the structures around."),
    Idea.CRITERION: gettext_noop(
        "No structure known around does this: consider a criterion, or leave insertion out of this lot."
    ),
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Numbers of suppliers from which each idea comes; `dependency` is a share of turnover, 0 to 1."""

    whole: int
    lot: int
    clause: int
    dependency: Decimal

    def __post_init__(self) -> None:
        if not 0 < self.clause <= self.lot <= self.whole:
            raise BadValue(
                gettext_noop(
                    "The thresholds of the offer go up: clause, then reserved lot, then whole contract."
                )
            )


def idea(*, makers: int, lenders: int, thresholds: Thresholds) -> Idea:
    """The widest idea that the offer allows.

    `makers` do the work themselves and may hold a reserved contract; `lenders` (AI, ETTI, GEIQ) send people
    to the holder, so they count for a clause only. Raises `BadValue` for a negative number.
    """
    if makers < 0 or lenders < 0:
        raise BadValue(gettext_noop("A number of structures cannot be negative."))
    if makers >= thresholds.whole:
        return Idea.RESERVE_WHOLE
    if makers >= thresholds.lot:
        return Idea.RESERVE_LOT
    return Idea.CLAUSE if makers + lenders >= thresholds.clause else Idea.CRITERION


def dependency(*, amount: Decimal, duration_months: int | None, turnover: Decimal) -> Decimal:
    """The share of one structure's yearly turnover that a contract would be if it took it all, 0 upward.

    A contract longer than a year counts for one year of it. Raises `BadValue` when the turnover is not above
    zero or the amount is negative.
    """
    if turnover <= 0 or amount < 0:
        raise BadValue(
            gettext_noop("A share of turnover needs a turnover above zero and an amount from zero.")
        )
    months = max(duration_months or 0, MONTHS_IN_YEAR)
    return amount * MONTHS_IN_YEAR / months / turnover


def capacity_share(
    *, hours: Decimal, duration_months: int | None, places: int, hours_of_place: Decimal
) -> Decimal:
    """The share of one structure's yearly hours that a lot would be if it took it all, 0 upward.

    `hours_of_place` are the hours one place works in a year. A lot longer than a year counts for one year.
    Raises `BadValue` when places or their hours are not above zero, or hours are negative.
    """
    if places <= 0 or hours_of_place <= 0 or hours < 0:
        raise BadValue(
            gettext_noop("A share of capacity needs places and hours above zero, and hours from zero.")
        )
    months = max(duration_months or 0, MONTHS_IN_YEAR)
    return hours * MONTHS_IN_YEAR / months / places / hours_of_place


def turnover_needed(*, amount: Decimal, duration_months: int | None, share: Decimal) -> Decimal:
    """The yearly turnover from which a contract stays within the share, in euros: what to ask a structure."""
    if share <= 0:
        raise BadValue(
            gettext_noop("A share of turnover needs a turnover above zero and an amount from zero.")
        )
    months = max(duration_months or 0, MONTHS_IN_YEAR)
    return amount * MONTHS_IN_YEAR / months / share
