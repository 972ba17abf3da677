"""Find the tables of a sheet: one below the other or side by side, headed on one to three rows."""

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from relais.execution.layouts.months import Said, key_of, month_in
from relais.execution.layouts.roles import AMOUNTS, MONTH_MARK, PEOPLE, TIMES, is_total, role_of
from relais.execution.sheets import Cell, Row, Sheet, column_name

SEARCHED = 40
"""Rows among which the first header is looked for; further ones come after an empty row."""
HIGHEST = 3
MOST_TITLES = 6
LONGEST_HEADER = 80
ENOUGH = 2
SURE = 10_000
NO_HEAD = "?"
"""How the key of a column without head begins."""

_FIGURE = re.compile(r"[+-]?[\d  \u202f.,:hH]*\d[\d  \u202f.,:hH€%]*")


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a person says that a table is: first row of its header, its height, its last row (0: the end)."""

    header_row: int
    height: int = 1
    last_row: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: where it is, its head, what recognises it, the month its head speaks of."""

    at: int
    letters: str
    header: str
    key: str
    month: Said | None = None

    @property
    def place(self) -> str:
        """The column as a person finds it: C (Heures)."""
        return f"{self.letters} ({self.header})" if self.header else self.letters


@dataclass(frozen=True, slots=True)
class Table:
    """A table found in a sheet: its columns, the rows below its header, the texts above it."""

    sheet: str
    header_row: int
    height: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    above: tuple[tuple[str, ...], ...] = ()

    @property
    def signature(self) -> str:
        """The same for every file whose columns have the same heads in the same order, months apart."""
        return signature_of(column.key for column in self.columns)


def signature_of(keys: Iterator[str] | Sequence[str]) -> str:
    """One month or twelve in columns are the same layout."""
    kept: dict[str, None] = {}
    for key in keys:
        if not key.startswith(NO_HEAD):
            kept[key] = None
    return hashlib.sha256("\x1f".join(kept).encode()).hexdigest()


def find_tables(
    sheet: Sheet, known: Collection[str] = frozenset(), frame: Frame | None = None
) -> list[Table]:
    """The tables of a sheet, from left to right then from top to bottom; `known`: signatures learned.

    `frame` is believed before anything found.
    """
    if frame is not None:
        return _framed(sheet, frame)
    bands = _bands(sheet)
    if len(bands) > 1:
        found = [_stacked(sheet, known, first, last) for first, last in bands]
        if all(found):
            return [table for tables in found for table in tables]
    return _stacked(sheet, known, 0, _width(sheet))


def _framed(sheet: Sheet, frame: Frame) -> list[Table]:
    at = next((at for at, row in enumerate(sheet.rows) if row.number >= frame.header_row), None)
    if at is None:
        return []
    end = next(
        (place for place, row in enumerate(sheet.rows) if frame.last_row and row.number > frame.last_row),
        len(sheet.rows),
    )
    names = _names(sheet.rows, at, frame.height, 0, _width(sheet))
    return [_table(sheet, at, frame.height, names, 0, end, 0)]


def _width(sheet: Sheet) -> int:
    return max((len(row.cells) for row in sheet.rows), default=0)


def _bands(sheet: Sheet) -> list[tuple[int, int]]:
    """Groups of columns with an empty one between them."""
    used = [False] * _width(sheet)
    for row in sheet.rows:
        if not all(used):
            for at, cell in enumerate(row.cells):
                used[at] = used[at] or not _empty(cell)
    bands, begun = [], None
    for at, is_used in enumerate([*used, False]):
        if is_used and begun is None:
            begun = at
        elif not is_used and begun is not None:
            bands.append((begun, at))
            begun = None
    return bands


def _stacked(sheet: Sheet, known: Collection[str], first: int, last: int) -> list[Table]:
    heads: list[tuple[int, int, list[Cell]]] = []
    passed = -1
    for at in _candidates(sheet):
        if at <= passed:
            continue
        best = _best_head(sheet.rows, at, known, first, last)
        if best is None:
            continue
        passed = best[0] + best[1] - 1
        heads.append(best)
    tables, above_from = [], 0
    for place, (at, height, names) in enumerate(heads):
        if place:
            above_from = _titles_from(sheet.rows, at, above_from)
        end = len(sheet.rows)
        if place + 1 < len(heads):
            end = _titles_from(sheet.rows, heads[place + 1][0], at + height)
        tables.append(_table(sheet, at, height, names, first, end, above_from))
        above_from = at + height
    return tables


def _titles_from(rows: Sequence[Row], at: int, least: int) -> int:
    """Where the titles above a header begin: the rows without figure just before it."""
    begun = at
    while begun > max(least, at - MOST_TITLES) and not any(map(_is_figure, rows[begun - 1].cells)):
        begun -= 1
    return begun


def _candidates(sheet: Sheet) -> Iterator[int]:
    before = 0
    for at, row in enumerate(sheet.rows):
        if at < SEARCHED or row.number > before + 1:
            yield at
        before = row.number


def _best_head(
    rows: Sequence[Row], at: int, known: Collection[str], first: int, last: int
) -> tuple[int, int, list[Cell]] | None:
    """The header that begins at this row, or just below it when that one says more."""
    best: tuple[int, int, int, list[Cell]] | None = None
    for start in (at, at + 1, at + 2):
        if start > at and (start >= len(rows) or rows[start].number != rows[start - 1].number + 1):
            break
        for height in range(1, HIGHEST + 1):
            if not _may_head(rows, start, height, first, last):
                break
            names = _names(rows, start, height, first, last)
            worth = _worth(names, known)
            if worth and (best is None or worth > best[0]):
                best = (worth, start, height, names)
    return None if best is None else best[1:]


def _may_head(rows: Sequence[Row], at: int, height: int, first: int, last: int) -> bool:
    if at + height > len(rows):
        return False
    cells = [cell for cell in rows[at + height - 1].cells[first:last] if not _empty(cell)]
    if not cells or (height > 1 and rows[at + height - 1].number != rows[at + height - 2].number + 1):
        return False
    return not any(
        _is_figure(cell) or (isinstance(cell, str) and len(cell) > LONGEST_HEADER) for cell in cells
    )


def _is_figure(cell: Cell) -> bool:
    return isinstance(cell, Decimal) or (isinstance(cell, str) and bool(_FIGURE.fullmatch(cell)))


def _names(rows: Sequence[Row], at: int, height: int, first: int, last: int) -> list[Cell]:
    """The head of each column; a heading merged over several columns names each of them."""
    names: list[Cell] = [""] * (last - first)
    for level, row in enumerate(rows[at : at + height]):
        group: Cell = ""
        for place in range(last - first):
            cell = row.cells[first + place] if first + place < len(row.cells) else None
            below = any(
                first + place < len(under.cells) and not _empty(under.cells[first + place])
                for under in rows[at + level + 1 : at + height]
            )
            group = cell if not _empty(cell) else (group if below else "")
            names[place] = _joined(names[place], group)
    return names


def _joined(upper: Cell, lower: Cell) -> Cell:
    if _empty(lower) or upper == lower:
        return upper
    if _empty(upper):
        return lower
    return f"{_shown(upper)} {_shown(lower)}"


def _shown(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell.month:02d}/{cell.year}"
    return "" if cell is None else str(cell)


def _worth(names: Sequence[Cell], known: Collection[str]) -> int:
    """How much a header says, 0 when it cannot head a table of hours."""
    keys = [key_of(name) for name in names if not _empty(name)]
    if known and signature_of(_numbered(keys)) in known:
        return SURE
    roles = [role_of(key) for key in keys]
    said = {role for role in roles if role is not None}
    months = sum(MONTH_MARK in key and role in AMOUNTS for key, role in zip(keys, roles, strict=True))
    if not said & set(AMOUNTS) or not (said & {*PEOPLE, *TIMES}):
        return 0
    if any(is_total(key) and not any(role in PEOPLE for role in roles) for key in keys[:1]):
        return 0
    worth = 10 * len(said) + 3 * months + 2 * sum(role is not None for role in roles) - len(roles)
    return worth if len(said) >= ENOUGH else 0


def _numbered(keys: Sequence[str]) -> list[str]:
    """Keys of columns made different: two heads alike that name no month take a number."""
    seen: dict[str, int] = {}
    found = []
    for key in keys:
        if MONTH_MARK in key:
            found.append(key)
            continue
        seen[key] = seen.get(key, 0) + 1
        found.append(key if seen[key] == 1 else f"{key} {seen[key]}")
    return found


def _table(
    sheet: Sheet, at: int, height: int, names: Sequence[Cell], first: int, end: int, above_from: int
) -> Table:
    """The table headed at this row; `first` is its first column, `end` the row after its last one."""
    rows = _cut(sheet.rows[at + height : end], first, first + len(names), _width(sheet))
    blank = [place for place, name in enumerate(names) if _empty(name)]
    filled = {place for place in blank for row in rows if not _empty(_at(row, place))} if blank else set()
    keys = iter(_numbered([key_of(name) for name in names if not _empty(name)]))
    columns = tuple(
        Column(
            place,
            column_name(first + place + sheet.first_column),
            _shown(name)[:LONGEST_HEADER],
            f"{NO_HEAD}{place + 1}" if _empty(name) else next(keys),
            month_in(name),
        )
        for place, name in enumerate(names)
        if not _empty(name) or place in filled
    )
    above = tuple(
        tuple(_shown(cell) for cell in row.cells[first : first + len(names)] if not _empty(cell))
        for row in sheet.rows[max(above_from, at - SEARCHED) : at]
    )
    return Table(sheet.name, sheet.rows[at].number, height, columns, rows, above)


def _cut(rows: Sequence[Row], first: int, last: int, width: int) -> tuple[Row, ...]:
    if first == 0 and last >= width:
        return tuple(rows)
    cut = (Row(row.number, row.cells[first:last]) for row in rows)
    return tuple(row for row in cut if not row.is_blank)


def _at(row: Row, place: int) -> Cell:
    return row.cells[place] if place < len(row.cells) else None


def _empty(cell: Cell) -> bool:
    return cell is None or cell == ""
