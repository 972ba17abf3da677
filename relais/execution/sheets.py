"""Read a small table sent by somebody: CSV, .xlsx, .ods or .xls, never trusted, values kept as they are.

Nothing is evaluated: a formula in a CSV is text. Every refusal says what is wrong and the way out. Workbooks
are opened only once their real size is known.
"""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import python_calamine

from relais.core.words import BadValue, gettext_noop
from relais.execution.broken_cells import broken_cells
from relais.procurement.decp.errors import ReadError
from relais.procurement.decp.spreadsheet import check_workbook

Cell = str | Decimal | date | None

LARGEST = 5 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 200
LONGEST_CELL = 2_000
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"
SEPARATORS = ";\t,|"
SECONDS_IN_AN_HOUR = 3600


class BadSheet(BadValue):
    """The file cannot be read; nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number in the file, from 1."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def is_blank(self) -> bool:
        return all(cell is None or cell == "" for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows that hold something; `first_column` is the number of the first cell of each row, from 1."""

    name: str
    rows: tuple[Row, ...]
    first_column: int = 1


def column_name(number: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_sheets(content: bytes, name: str = "", *, most_rows: int = MOST_ROWS) -> list[Sheet]:
    """The sheets of a file that hold something. Raises `BadSheet` for what cannot or must not be read.

    `most_rows`: rows of one sheet above which the file is refused.
    """
    if len(content) > LARGEST:
        raise BadSheet(
            gettext_noop("The file weighs over %(limit)s MB: it is not the hours of one month."),
            limit=LARGEST // (1024 * 1024),
        )
    if not content.strip():
        raise BadSheet(gettext_noop("The file is empty."))
    if content.startswith((ZIP, OLE)):
        return _workbook(content, most_rows)
    if content.startswith(b"%PDF"):
        raise BadSheet(
            gettext_noop("This is a PDF: it holds no table that can be read. Send the spreadsheet.")
        )
    if name.lower().endswith((".xlsx", ".ods", ".xls", ".xlsm")):
        raise BadSheet(gettext_noop("The spreadsheet is damaged or cut before its end. Send it again."))
    return [_csv(_text(content), most_rows)]


def _workbook(content: bytes, most_rows: int) -> list[Sheet]:
    """Sheets of a workbook; dates, durations and numbers keep their kind."""
    try:
        broken: dict[str, list[tuple[int, int, str]]] = {}
        if content.startswith(ZIP):
            _know_the_kind(content)
        check_workbook(io.BytesIO(content))
        if content.startswith(ZIP):
            broken = broken_cells(content)
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = [_sheet(workbook, name, broken.get(name, ()), most_rows) for name in workbook.sheet_names]
    except ReadError as error:
        raise BadSheet(error.words.text, **error.words.params) from error
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        if isinstance(error, BadSheet):
            raise
        if content.startswith(OLE):
            raise BadSheet(
                gettext_noop(
                    "This workbook is protected by a password, or damaged. Save it without password as .xlsx "
                    "or CSV and send that."
                )
            ) from error
        raise BadSheet(
            gettext_noop("The spreadsheet is damaged or cut before its end. Send it again.")
        ) from error
    kept = [sheet for sheet in found if sheet.rows]
    if not kept:
        raise BadSheet(gettext_noop("The file is empty."))
    return kept


def _know_the_kind(content: bytes) -> None:
    """Name the zips that are something else than a spreadsheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = {member.filename for member in archive.infolist()[:5000]}
    if any(name.endswith(".iwa") for name in names):
        raise BadSheet(gettext_noop("This is a Numbers file. Export it as .xlsx or CSV and send that."))
    if any(name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") for name in names):
        raise BadSheet(gettext_noop("The file names places outside itself: it is refused."))
    if not ({"xl/workbook.xml", "xl/workbook.bin", "content.xml"} & names):
        raise BadSheet(gettext_noop("This file is not a spreadsheet. Send an .xlsx, .ods or CSV file."))


def _sheet(workbook: Any, name: str, broken: Sequence[tuple[int, int, str]], most_rows: int) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    start = sheet.start
    if start is None:
        return Sheet(name, ())
    values = sheet.to_python(skip_empty_area=True)
    for row, column, error in broken:
        at, place = row - start[0] - 1, column - start[1] - 1
        if 0 <= at < len(values) and 0 <= place < len(values[at]):
            values[at][place] = error
    return _kept(name, values, first_row=start[0] + 1, first_column=start[1] + 1, most_rows=most_rows)


def _kept(
    name: str, values: Sequence[Sequence[Any]], *, first_row: int, first_column: int, most_rows: int
) -> Sheet:
    if values and len(values[0]) > MOST_COLUMNS:
        raise _too_wide(len(values[0]))
    rows = (Row(first_row + index, tuple(_cell(value) for value in row)) for index, row in enumerate(values))
    kept = tuple(row for row in rows if not row.is_blank)
    if len(kept) > most_rows:
        raise _too_long(most_rows)
    return Sheet(name, kept, first_column)


def _cell(value: Any) -> Cell:
    """A value of a workbook: durations and times of day are hours."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return Decimal(repr(value))
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, time):
        return _hours(value.hour * 3600 + value.minute * 60 + value.second)
    if isinstance(value, timedelta):
        return _hours(value.days * 86_400 + value.seconds)
    return _clean(str(value))


def _hours(seconds: int) -> Decimal:
    return Decimal(seconds) / SECONDS_IN_AN_HOUR


def _clean(text: str) -> str:
    """Text of a cell, cut at a length no value of ours reaches."""
    return text.strip()[:LONGEST_CELL]


def _text(content: bytes) -> str:
    """The characters of a CSV: UTF-8, UTF-16 with its mark, Windows-1252; a mix is refused with its line."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return _without_nul(content.decode(encoding))
            except UnicodeDecodeError as error:
                raise _unreadable(content[: error.start].count(b"\n") + 1) from error
    try:
        return _without_nul(content.decode("utf-8"))
    except UnicodeDecodeError:
        return _without_nul(_windows(content))


def _windows(content: bytes) -> str:
    """Windows-1252, unless a line is in UTF-8: the two together would store wrong letters."""
    for number, line in enumerate(content.split(b"\n"), 1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            try:
                line.decode("cp1252")
            except UnicodeDecodeError as error:
                raise _unreadable(number) from error
        else:
            raise _unreadable(number)
    return content.decode("cp1252")


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise _unreadable(text[: text.index("\x00")].count("\n") + 1)
    return text


def _unreadable(line: int) -> BadSheet:
    return BadSheet(
        gettext_noop(
            "The characters of line %(line)s cannot be read. Save the file as CSV UTF-8 and send that."
        ),
        line=line,
    )


def _csv(text: str, most_rows: int) -> Sheet:
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    began = 1
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS:
                raise _too_wide(len(cells))
            row = Row(began, tuple(_clean(cell) for cell in cells))
            began = reader.line_num + 1
            if not row.is_blank:
                rows.append(row)
            if len(rows) > most_rows:
                raise _too_long(most_rows)
    except csv.Error as error:
        raise BadSheet(
            gettext_noop(
                "Line %(line)s opens a quote that is never closed, or a cell is too long. Check it."
            ),
            line=began,
        ) from error
    return Sheet("", tuple(rows))


def _too_wide(columns: int) -> BadSheet:
    return BadSheet(
        gettext_noop(
            "The table has %(columns)s columns: hours of a month have a dozen. Send that table alone."
        ),
        columns=columns,
    )


def _too_long(most: int) -> BadSheet:
    return BadSheet(gettext_noop("The table has over %(rows)s rows: send the hours of one month."), rows=most)
