"""The cells of a plan as text: workbook or delimited text, merged cells spread over their range."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import python_calamine

from relais.core.words import gettext_noop
from relais.procurement.decp import container, detect, table_reader
from relais.procurement.decp.errors import ReadError
from relais.procurement.decp.spreadsheet import rows_of

LARGEST = 8 * 1024 * 1024
"""Bytes of a purchase plan: those of large regions weigh a hundred times less."""
MOST_ROWS = 20_000
MOST_SPREAD = 1_000_000
"""Cells that merged ranges may cover: those of a plan cover its headings and a few columns."""
PROBED = 50
"""Lines of a text that are looked at to find its separator."""

type Row = tuple[int, list[str]]
"""The number of a row as the spreadsheet shows it, and its cells."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name (empty for a text), its rows from the first, and the letter shift of its columns."""

    name: str
    rows: tuple[Row, ...]
    first_column: int = 0
    filled: frozenset[tuple[int, int]] = frozenset()
    """Cells (row number, position) that only repeat the value of a merged range."""

    def column(self, at: int) -> str:
        """The letters of a column, as the spreadsheet shows them."""
        number, letters = at + self.first_column + 1, ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return letters


def read_sheets(source: str | Path | BinaryIO) -> list[Sheet]:
    """Every sheet that holds something. Raises `ReadError` for what is not a table."""
    file, owned = container.opened(source)
    files = [file]
    try:
        content = file
        if not container.is_spreadsheet(content):
            content, _inside = container.unpacked(content)
            files.append(content)
        if container.size_of(content) > LARGEST:
            raise ReadError(
                gettext_noop("The file is larger than 8 MB: a purchase plan is not. Keep only its table.")
            )
        found = list(_workbook(content) if container.is_spreadsheet(content) else _text(content))
    finally:
        for item in files[0 if owned else 1 :]:
            if item is not file or owned:
                item.close()
    if not found:
        raise ReadError(gettext_noop("The file holds no table: every sheet is empty."))
    return found


def _workbook(file: BinaryIO) -> Iterator[Sheet]:
    read = list(rows_of(file))
    file.seek(0)
    book = python_calamine.CalamineWorkbook.from_filelike(file)
    for name, rows in read:
        if len(rows) > MOST_ROWS:
            raise _too_long()
        sheet = book.get_sheet_by_name(name)
        shift = sheet.start[1] if sheet.start else 0
        cells = [[" ".join(cell.split()) for cell in row] for row in rows]
        filled = _spread(cells, sheet.merged_cell_ranges or (), shift)
        if any(any(row) for row in cells):
            yield Sheet(name, tuple(enumerate(cells, start=1)), shift, frozenset(filled))


def _spread(
    cells: list[list[str]], ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]], shift: int
) -> set[tuple[int, int]]:
    """Copy the value of each merged range into its cells; gives those that were filled.

    Raises `ReadError` when ranges, overlapping ones included, cover too many cells.
    """
    filled = set()
    covered = 0
    for (top, left), (bottom, right) in ranges:
        left, right = left - shift, right - shift
        if top >= len(cells) or not 0 <= left < len(cells[top]) or not cells[top][left]:
            continue
        bottom = min(bottom, len(cells) - 1)
        covered += (bottom - top + 1) * (min(right + 1, len(cells[top])) - left)
        if covered > MOST_SPREAD:
            raise ReadError(
                gettext_noop(
                    "Merged cells cover more than %(limit)s cells: refused. Undo the merging outside of the "
                    "headings, or export the table as CSV."
                ),
                limit=MOST_SPREAD,
            )
        for row in range(top, bottom + 1):
            for column in range(left, min(right + 1, len(cells[row]))):
                if not cells[row][column]:
                    cells[row][column] = cells[top][left]
                    filled.add((row + 1, column))
    return filled


def _text(file: BinaryIO) -> Iterator[Sheet]:
    head = file.read(4096)
    file.seek(0)
    detect.refuse_by_signature(head)
    encoding = detect.encoding_of(file)
    if detect.family_of(detect.head_of(file, encoding)) is not detect.Family.TABLE:
        raise ReadError(
            gettext_noop("This is a data file, not a plan. Send the spreadsheet of the plan, or a CSV of it.")
        )
    rows = []
    for number, row in table_reader.delimited_rows(file, encoding, probed=PROBED):
        rows.append((number, [" ".join(cell.split()) for cell in row]))
        if len(rows) > MOST_ROWS:
            raise _too_long()
    if any(any(row) for _number, row in rows):
        yield Sheet("", tuple(rows))


def _too_long() -> ReadError:
    return ReadError(
        gettext_noop("The table has more than %(most)s rows: a purchase plan is shorter. Split it by year."),
        most=MOST_ROWS,
    )
