"""Rows of .xlsx, .xls and .ods files, opened only once their real size is known."""

import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO
from xml.parsers import expat

import python_calamine

from relais.core.words import gettext_noop
from relais.procurement.decp import probe
from relais.procurement.decp.columns import MOST_COLUMNS
from relais.procurement.decp.container import CHUNK, OLE, check_bomb, size_of
from relais.procurement.decp.errors import ReadError

LARGEST_FILE = 64 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
#: A workbook of contracts packs about ten times; only a bomb packs a hundred times.
LARGEST_RATIO = 100
#: Cells of the rectangle that holds the values: it is built whole in memory.
LARGEST_AREA = 12_000_000

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_SHEET_MARKS = (b"sheetData", b"table:table")
"""What a sheet cannot do without, in any member: the name of a member says nothing of what it holds."""


def rows_of(file: BinaryIO) -> Iterator[tuple[str, list[list[str]]]]:
    """Each sheet: its name, its rows of text. Raises `ReadError` for what must not or cannot be opened."""
    if size_of(file) > LARGEST_FILE:
        raise ReadError(gettext_noop("The spreadsheet is larger than 64 MB. Export it as CSV and send that."))
    is_old = check_workbook(file)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(file)
        names = workbook.sheet_names
        for name in names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.width > MOST_COLUMNS or sheet.width * sheet.height > LARGEST_AREA:
                raise _too_wide(sheet.width)
            yield name, [[_text(cell) for cell in row] for row in sheet.iter_rows()]
    except ReadError:
        raise
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError, zlib.error) as error:
        raise _unreadable(is_old) from error


def _unreadable(is_old: bool) -> ReadError:
    if is_old:
        return ReadError(
            gettext_noop(
                "This workbook is protected by a password, or damaged. Save it without password as .xlsx "
                "or CSV and send that."
            )
        )
    return ReadError(
        gettext_noop("The spreadsheet is damaged or cut before its end. Nothing was kept: send it again.")
    )


def _too_wide(columns: int) -> ReadError:
    return ReadError(
        gettext_noop(
            "A sheet spreads its values over too many cells (up to column %(columns)s): refused "
            "before opening. "
            "Delete stray values far from the table, or export it as CSV."
        ),
        columns=columns,
    )


def check_workbook(file: BinaryIO) -> bool:
    """Refuse what cannot or must not be opened here; tells whether it is an old workbook (.xls).

    Raises `ReadError`, in words that say what to do.
    """
    head = file.read(len(OLE))
    file.seek(0)
    if head == OLE:
        _check_old(file)
    else:
        check_archive(file)
    return head == OLE


def _check_old(file: BinaryIO) -> None:
    """Let a process of its own open an .xls first: what ends that process never ends this one."""
    content = file.read()
    file.seek(0)
    asked = subprocess.run(
        [sys.executable, "-I", probe.__file__], input=content, capture_output=True, check=False
    )
    if asked.returncode == probe.DAMAGED:
        raise _unreadable(True)
    if asked.returncode:
        raise ReadError(
            gettext_noop(
                "A sheet of this old workbook (.xls) spreads its values over too many cells: refused. Delete "
                "stray values far from the table, or save it as .xlsx or CSV and send that."
            )
        )


def check_archive(file: BinaryIO) -> None:
    """Read the archive through, keeping nothing: real sizes, no macro, no password, values within bounds."""
    packed = size_of(file)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _check_members(members, packed)
            for member in members:
                if _holds_a_sheet(archive, member, packed):
                    _check_sheet(archive, member)
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError, OSError) as error:
        raise _unreadable(False) from error
    finally:
        file.seek(0)


def _check_members(members: list[zipfile.ZipInfo], packed: int) -> None:
    declared = sum(member.file_size for member in members)
    check_bomb(packed, declared)
    if declared > LARGEST_UNPACKED or (declared > LARGEST_RATIO * packed and declared > 20 * 1024 * 1024):
        raise ReadError(
            gettext_noop(
                "The spreadsheet of %(packed)s kB declares %(size)s MB once unpacked: refused before opening."
            ),
            packed=packed // 1024,
            size=declared // (1024 * 1024),
        )
    names = {member.filename for member in members}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise ReadError(
            gettext_noop("The workbook holds macros. Save it as .xlsx without macros, or as CSV.")
        )
    if any(name.lower().endswith("workbook.bin") for name in names):
        raise ReadError(
            gettext_noop("This is a binary workbook (.xlsb). Save it as .xlsx or CSV and send that.")
        )
    if any(member.flag_bits & 1 for member in members):
        raise ReadError(gettext_noop("The spreadsheet is protected by a password. Send it without one."))


def _holds_a_sheet(archive: zipfile.ZipFile, member: zipfile.ZipInfo, packed: int) -> bool:
    """Whether a sheet can be read from the member; the count of bytes does not trust the directory."""
    found, read, end = False, 0, b""
    with archive.open(member) as source:
        while chunk := source.read(CHUNK):
            read += len(chunk)
            check_bomb(packed, read)
            data = end + chunk
            found = found or any(mark in data for mark in _SHEET_MARKS)
            end = data[-16:]
    return found


def _check_sheet(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Measure the sheets of a member with a true reader of XML: what it refuses is damaged."""
    parser = expat.ParserCreate()
    _Sheets(parser)
    try:
        with archive.open(member) as source:
            while chunk := source.read(CHUNK):
                parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise _unreadable(False) from error


@dataclass(slots=True)
class _Extent:
    """The rectangle from the first to the last value of a sheet, and the cells listed to reach it."""

    top: int = 1 << 62
    left: int = 1 << 62
    bottom: int = 0
    right: int = 0
    listed: int = 0

    def take(self, row: int, column: int, *, rows: int = 1, columns: int = 1) -> None:
        """Take values in so many rows and columns. Raises `ReadError` out of bounds."""
        self.top, self.left = min(self.top, row), min(self.left, column)
        self.bottom, self.right = max(self.bottom, row + rows - 1), max(self.right, column + columns - 1)
        width, height = self.right - self.left + 1, self.bottom - self.top + 1
        if width > MOST_COLUMNS or width * height > LARGEST_AREA or self.listed > LARGEST_AREA:
            raise _too_wide(self.right)


@dataclass(slots=True)
class _Sheets:
    """Follows the cells of .xlsx and .ods sheets, as they place themselves, however their XML is written."""

    parser: expat.XMLParserType
    extent: _Extent = field(default_factory=_Extent)
    row: int = 0
    column: int = 0
    rows: int = 1
    blank: tuple[int, int] | None = None
    """Column and repetitions of the .ods cell that is open and holds nothing so far."""

    def __post_init__(self) -> None:
        self.parser.StartElementHandler = self.opened
        self.parser.EndElementHandler = self.closed
        self.parser.StartDoctypeDeclHandler = self.declared

    def declared(self, *_what: Any) -> None:
        raise _unreadable(False)

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "c":
                self._cell(attributes.get("r", ""))
            case "row":
                self.row = _whole(attributes["r"]) if "r" in attributes else self.row + 1
                self.column = 0
            case "sheetData" | "table":
                self.extent, self.row, self.column, self.rows, self.blank = _Extent(), 0, 0, 1, None
            case "table-row":
                self.row += self.rows
                self.rows = _whole(attributes.get("table:number-rows-repeated", "1"))
                self.column, self.blank = 0, None
            case "table-cell" | "covered-table-cell":
                self._repeated(attributes)
            case _ if self.blank is not None:  # a cell with something inside holds it
                self._filled(*self.blank)

    def closed(self, name: str) -> None:
        if name.endswith("table-cell"):
            self.blank = None

    def _cell(self, reference: str) -> None:
        row, self.column = self.row, self.column + 1
        if reference:
            found = _REFERENCE.fullmatch(reference)
            if found is None:
                raise _unreadable(False)
            row, self.column = int(found[2]), _column(found[1])
        self.extent.take(row, self.column)

    def _repeated(self, attributes: dict[str, str]) -> None:
        times = _whole(attributes.get("table:number-columns-repeated", "1"))
        first, self.column = self.column + 1, self.column + times
        self.blank = (first, times)
        if any(name.startswith(("office:", "table:formula")) for name in attributes):
            self._filled(first, times)

    def _filled(self, first: int, times: int) -> None:
        self.blank = None
        self.extent.listed += self.rows * times
        self.extent.take(self.row + 1, first, rows=self.rows, columns=times)


def _whole(text: str) -> int:
    """A number of rows or columns as a sheet writes it."""
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise _unreadable(False)
    return int(text)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
