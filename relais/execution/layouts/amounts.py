"""The hours of a cell, and sums that are proved: what a total says is what its lines add up to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from relais.core.money import LARGEST, hundredths, parse_hours
from relais.core.words import BadValue, gettext_noop
from relais.execution.sheets import Cell

NOTHING = frozenset(("", "-", "–", "—", "néant", "neant"))
ERRORS = re.compile(
    r"#(?:REF|DIV/0|VALUE|VALEUR|N/A|NAME|NOM|NUM|NOMBRE|NULL|NUL)[!?]?|Err:\d+", re.IGNORECASE
)
_CLOCK = re.compile(r"([+-]?)(\d{1,5}) ?[hH:] ?([0-5]\d)(?::00)?")
UNIT = 1_000_000_000
"""Sums are whole billionths of an hour: a third of an hour three times is an hour."""
HALF_A_HUNDREDTH = UNIT // 200 + 100
TRIED = 500
"""Beginnings of groups among which that of a subtotal is looked for, the last ones first."""


def hours_of(cell: Cell) -> Decimal | None:
    """The exact hours of a cell, None for an empty one. Raises `BadValue` for what is no number of hours."""
    if cell is None:
        return None
    if isinstance(cell, Decimal):
        if abs(cell) >= LARGEST:
            hundredths(cell)
        return cell
    if isinstance(cell, date):
        raise BadValue(gettext_noop("“%(day)s” is a date, not hours."), day=cell)
    text = cell.strip()
    if text.lower() in NOTHING:
        return None
    if ERRORS.fullmatch(text):
        raise BadValue(
            gettext_noop("The formula of this cell fails (%(text)s): its hours are unknown."), text=text
        )
    read = parse_hours(text)
    if match := _CLOCK.fullmatch(text):
        return Decimal(f"{match[1]}{int(match[2]) * 60 + int(match[3])}") / 60
    return read


def is_number(cell: Cell) -> bool:
    """Whether a cell holds a figure that somebody could mean as hours."""
    if not isinstance(cell, str):
        return isinstance(cell, Decimal)
    if not any(character.isdigit() for character in cell) or len(cell) > 40:
        return False
    try:
        return hours_of(cell) is not None
    except BadValue:
        return False


@dataclass(slots=True)
class Sums:
    """Running sums of some columns, exact and rounded, and where groups began."""

    width: int
    exact: list[int] = field(init=False)
    rounded: list[int] = field(init=False)
    begun: list[tuple[tuple[int, ...], tuple[int, ...], int]] = field(init=False)
    lines: int = 0

    def __post_init__(self) -> None:
        self.exact = [0] * self.width
        self.rounded = [0] * self.width
        zeros = (0,) * self.width
        self.begun = [(zeros, zeros, 0)]

    def add(self, values: Sequence[Decimal | None]) -> None:
        """Take a line into the sums."""
        self.lines += 1
        for at, value in enumerate(values):
            if value:
                self.exact[at] += round(value * UNIT)
                self.rounded[at] += int(hundredths(value) * 100)

    def begin(self) -> None:
        """The next line opens a group."""
        self.begun.append((tuple(self.exact), tuple(self.rounded), self.lines))

    def prove(self, values: Sequence[Decimal | None]) -> int:
        """How many lines add up to these values; 0 when no group does. Columns without value say nothing."""
        said = [(at, value) for at, value in enumerate(values) if value is not None]
        for exact, rounded, lines in (*self.begun[: -TRIED - 1 : -1], self.begun[0]):
            if self.lines > lines and all(self._is(at, value, exact, rounded) for at, value in said):
                return self.lines - lines
        return 0

    def _is(self, at: int, value: Decimal, exact: Sequence[int], rounded: Sequence[int]) -> bool:
        if abs(self.exact[at] - exact[at] - round(value * UNIT)) <= HALF_A_HUNDREDTH:
            return True
        return (self.rounded[at] - rounded[at]) == int(hundredths(value) * 100)

    def since_last(self, at: int) -> Decimal:
        """The sum of a column since the last group began, to the hundredth."""
        return hundredths(Decimal(self.exact[at] - self.begun[-1][0][at]) / UNIT)

    def whole(self, at: int) -> Decimal:
        """The sum of a column over the table, to the hundredth."""
        return hundredths(Decimal(self.exact[at]) / UNIT)
