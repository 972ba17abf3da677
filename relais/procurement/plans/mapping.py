"""Find the header of a plan, propose what each column means, with the evidence for it."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from relais.core.words import BadValue, gettext_noop
from relais.procurement.decp.errors import ReadError
from relais.procurement.decp.vocabulary import fold
from relais.procurement.plans import values
from relais.procurement.plans.fields import Field, counts_years, field_of, unit_of
from relais.procurement.plans.sheets import Row, Sheet

SEARCHED = 40
"""Rows among which the header is looked for: titles, logos and legends come before it."""
SURE = 0.75
EVIDENCE = 3
SAID = 1.0
"""Confidence in what the user said of the same header before."""
SAMPLED = 30
LONGEST_HEADER = 80
SOME_YEAR = values.FIRST_YEAR
"""Completes periods without a year when the only question is whether they can be read."""
ENOUGH = 2
"""Columns recognised under which a row is no header."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: where it is, how it is headed, and its first values."""

    at: int
    letters: str
    header: str
    samples: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What recognises the column in another file."""
        return fold(self.header)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet whose header was found: its columns, the rows below, and what was written above."""

    sheet: Sheet
    columns: tuple[Column, ...]
    header_row: int
    rows: tuple[Row, ...]
    above: str = ""
    title: str = ""
    """The first thing written above the table."""

    @property
    def signature(self) -> str:
        """The same for every file whose columns bear the same names in the same order."""
        return hashlib.sha256("\x1f".join(column.key for column in self.columns).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What each column means, by position; the unit of amounts; the rate that takes tax out of them."""

    fields: Mapping[int, Field] = field(default_factory=dict)
    unit: int = 1
    vat: Decimal | None = None

    def at(self, wanted: Field) -> int | None:
        """The position of the column that holds this field."""
        return next((at for at, found in self.fields.items() if found is wanted), None)

    def as_dict(self, columns: Sequence[Column]) -> dict[str, Any]:
        """JSON by header, so that the mapping serves another file."""
        return {
            "fields": {str(at): found.value for at, found in self.fields.items() if at < len(columns)},
            "unit": self.unit,
            "vat": None if self.vat is None else str(self.vat),
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """The inverse of `as_dict`."""
        return cls(
            {int(at): Field(found) for at, found in kept["fields"].items()},
            int(kept["unit"]),
            None if kept["vat"] is None else Decimal(kept["vat"]),
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a column seems to mean, how sure from 0 to 1."""

    column: Column
    field: Field | None
    confidence: float

    @property
    def is_sure(self) -> bool:
        """Whether the user may pass over it."""
        return self.confidence >= SURE


def tables_of(sheets: Sequence[Sheet]) -> list[Table]:
    """The sheets that hold a table of purchases, those with the most columns recognised first.

    Raises `ReadError` when none does: the words say which columns a plan needs.
    """
    found = [table for sheet in sheets if (table := table_of(sheet))]
    if not found:
        raise ReadError(
            gettext_noop(
                "No row of this file looks like the header of a plan. Write one row that names the columns: "
                "at least the object and one of amount, date, duration or CPV."
            )
        )
    return sorted(found, key=lambda table: -_recognised([column.header for column in table.columns]))


def table_of(sheet: Sheet) -> Table | None:
    """The table of a sheet, its header found below any title, on one row or on two."""
    best: tuple[tuple[int, int, int], int, int, list[str]] | None = None
    for at, _row in enumerate(sheet.rows[:SEARCHED]):
        for height in (1, 2):
            names = _names(sheet, at, height)
            score = _recognised(names)
            if names and score >= ENOUGH and (best is None or (score, -at, -height) > best[0]):
                best = ((score, -at, -height), at, height, names)
    if best is None:
        return None
    _score, at, height, names = best
    rows = sheet.rows[at + height :]
    columns = tuple(
        Column(place, sheet.column(place), name, _samples(sheet, rows, place))
        for place, name in enumerate(names)
        if name or any(place < len(row) and row[place] for _number, row in rows)
    )
    written = list(dict.fromkeys(cell for _number, row in sheet.rows[:at] for cell in row if cell))
    title = written[0][:200] if written else ""
    return Table(sheet, columns, sheet.rows[at][0], rows, " ".join(written)[:1000], title)


def _names(sheet: Sheet, at: int, height: int) -> list[str]:
    """The names of the columns if the header is here; empty when these rows cannot be one."""
    top = sheet.rows[at][1]
    if not _may_head(top):
        return []
    if height == 1:
        return list(top)
    if at + 1 >= len(sheet.rows):
        return []
    below = sheet.rows[at + 1][1]
    if not _may_head(below, least=2):
        return []
    names, group = [], ""
    for place in range(max(len(top), len(below))):
        upper = top[place] if place < len(top) else ""
        lower = below[place] if place < len(below) else ""
        group = upper or (group if lower else "")
        names.append(" ".join(dict.fromkeys(part for part in (group, lower) if part)))
    return names


def _may_head(row: Sequence[str], least: int = 2) -> bool:
    """A header holds several different short texts and no figure alone."""
    texts = [cell for cell in row if cell]
    if len(set(texts)) < least or any(len(cell) > LONGEST_HEADER for cell in texts):
        return False
    return not any(re.fullmatch(r"[\d .,/€%k\-]+", cell) and len(cell) != 4 for cell in texts)


def _recognised(names: Sequence[str]) -> int:
    """How many different fields the names tell, none without an object."""
    fields = {found[0] for name in names if name and (found := field_of(fold(name)))}
    return len(fields) if Field.OBJECT in fields else 0


def _samples(sheet: Sheet, rows: Sequence[Row], at: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for number, row in rows:
        heads_section = len({cell for cell in row if cell}) < 2
        own = at < len(row) and row[at] and (number, at) not in sheet.filled and not heads_section
        if own and not values.is_nothing(row[at]):
            found[row[at][:120]] = None
            if len(found) == EVIDENCE:
                break
    return tuple(found)


READERS: dict[Field, Callable[[str], object]] = {
    Field.AMOUNT: values.read_amount,
    Field.AMOUNT_WITH_TAX: lambda text: values.read_amount(text, with_tax=True),
    Field.DURATION: values.read_months,
    Field.LAUNCH: lambda text: values.read_period(text, year=SOME_YEAR),
    Field.LAUNCH_QUARTER: lambda text: values.read_quarter(text, year=SOME_YEAR),
    Field.LAUNCH_MONTH: lambda text: values.read_month(text, year=SOME_YEAR),
    Field.LAUNCH_YEAR: values.read_year,
    Field.NOTIFICATION: lambda text: values.read_period(text, year=SOME_YEAR),
    Field.CPV: lambda text: values.read_cpv(text) or None,
    Field.NATURE: lambda text: values.read_nature(text) or None,
}
"""Readers of a cell alone; None or `BadValue` when it is not of the kind its column would hold."""


def propose(table: Table, learned: Mapping[str, Field | None] | None = None) -> list[Proposal]:
    """One proposal a column: by the words of its header, confirmed or doubted by its values.

    A field goes to the column that is surest of it; the others are left aside. `learned`: what the user said
    of headers in former files, which wins over their words.
    """
    known = learned or {}
    wished: list[tuple[Column, Field | None, float]] = []
    for column in table.columns:
        if column.header and column.key in known:
            wished.append((column, known[column.key], SAID))
            continue
        found = field_of(column.key) if column.header else None
        kind, sure = found or _by_values(table, column)
        if kind in READERS:
            sure *= 0.4 + 0.6 * _readable(table, column, kind)
        wished.append((column, kind, sure))
    taken: dict[Field, int] = {}
    for column, kind, _sure in sorted(wished, key=lambda one: (-one[2], one[0].at)):
        if kind is not None:
            taken.setdefault(kind, column.at)
    if Field.AMOUNT in taken:
        taken.pop(Field.AMOUNT_WITH_TAX, None)
    return [
        Proposal(column, kind, round(sure, 2))
        if kind is not None and taken.get(kind) == column.at
        else Proposal(column, None, 0.0)
        for column, kind, sure in wished
    ]


def mapping_of(proposals: Sequence[Proposal]) -> ColumnMapping:
    """The mapping that the proposals make, with the unit of the amounts told by their header."""
    fields = {one.column.at: one.field for one in proposals if one.field is not None}
    amounts = [one for one in proposals if one.field in (Field.AMOUNT, Field.AMOUNT_WITH_TAX)]
    return ColumnMapping(fields, unit_of(amounts[0].column.key) if amounts else 1)


def years_counted(column: Column | None) -> bool:
    """Whether the bare figures of a column of durations are years."""
    return column is not None and counts_years(column.key)


def _by_values(table: Table, column: Column) -> tuple[Field | None, float]:
    """A column without a known header is recognised only by codes that nothing else looks like."""
    return (Field.CPV, 0.6) if column.samples and _readable(table, column, Field.CPV) == 1 else (None, 0.0)


def _readable(table: Table, column: Column, kind: Field) -> float:
    """Share of the first values of the column that can be read as this kind; 1 when it has none."""
    seen = read = 0
    for number, row in table.rows:
        cell = row[column.at] if column.at < len(row) else ""
        if not cell or (number, column.at) in table.sheet.filled or values.is_nothing(cell):
            continue
        seen += 1
        with suppress(BadValue):
            read += READERS[kind](cell) is not None
        if seen == SAMPLED:
            break
    return read / seen if seen else 1.0
