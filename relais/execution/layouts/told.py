"""What a table of hours says: who, which lines, what is proved, what is left, what is wrong."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from relais.core.identity import normalise
from relais.core.months import Month
from relais.execution.layouts.faults import Problem


@dataclass(frozen=True, slots=True)
class Who:
    """The person a line speaks of, as the file writes it."""

    number: str = ""
    name: str = ""
    birth: date | None = None

    @property
    def key(self) -> str:
        """The same for every spelling of the same words."""
        born = self.birth.isoformat() if self.birth else ""
        return "|".join((self.number.upper(), normalise([self.name]) if self.name else "", born))

    @property
    def shown(self) -> str:
        return " ".join(part for part in (self.number, self.name) if part)

    def __bool__(self) -> bool:
        return bool(self.number or self.name)


NOBODY = Who()


@dataclass(frozen=True, slots=True)
class Entry:
    """Hours of one person for one month, with their place in the file. Hours to the hundredth."""

    sheet: str
    row: int
    column: str
    who: Who
    month: Month
    hours: Decimal | None = None
    training: Decimal | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is said besides the file: the month or the year of it, totals accepted though they differ."""

    year: int | None = None
    month: Month | None = None
    set_aside: Collection[str] = frozenset()
    texts: tuple[str, ...] = ()
    """Texts that may tell the year, such as the name of the file."""


@dataclass
class Reading:
    """What a table says. Its lines count only when there is no problem."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    """Totals that are not the sum of their lines: sheet!row or sheet!column!row."""
    proved: int = 0
    """Totals proved equal to their lines."""
    empty: list[Who] = field(default_factory=list)
    """People without any hours in the table."""
    left: Counter[str] = field(default_factory=Counter)
    """Figures that the layout says not to read, by column."""
    notes: list[tuple[int, str]] = field(default_factory=list)
    """Rows of text without figure."""
    rows: int = 0

    @property
    def left_columns(self) -> list[tuple[str, int]]:
        """The columns left aside, and how many figures each holds."""
        return list(self.left.items())
