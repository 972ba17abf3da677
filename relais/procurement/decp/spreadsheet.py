"""Rows of .xlsx, .xls and .ods files, opened only once their real size is known."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

import python_calamine

from relais.core.words import gettext_noop
from relais.procurement.decp.columns import MOST_COLUMNS
from relais.procurement.decp.container import CHUNK, OLE, check_bomb, size_of
from relais.procurement.decp.errors import ReadError

LARGEST_FILE = 64 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
#: A workbook of contracts packs about ten times; only a bomb packs a hundred times.
LARGEST_RATIO = 100
#: Cells of the rectangle that holds the values: it is built whole in memory.
LARGEST_AREA = 12_000_000

_CELL = re.compile(rb"<(?:\w+:)?(?:row|c)\b[^>]*>")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ROW_NUMBER = re.compile(rb'\br="(\d{1,7})"')
_REPEATED = re.compile(rb"<table:(table-cell|table-row|covered-table-cell)\b([^>]*)>")
_TIMES = re.compile(rb'number-(?:columns|rows)-repeated="(\d+)"')


def rows_of(file: BinaryIO) -> Iterator[tuple[str, list[list[str]]]]:
    """Each sheet: its name, its rows of text. Raises `ReadError` for what must not or cannot be opened."""
    if size_of(file) > LARGEST_FILE:
        raise ReadError(gettext_noop("The spreadsheet is larger than 64 MB. Export it as CSV and send that."))
    head = file.read(4)
    file.seek(0)
    if head != OLE:
        check_archive(file)
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
        raise _unreadable(head == OLE) from error


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


def check_archive(file: BinaryIO) -> None:
    """Read the archive through, keeping nothing: real sizes, no macro, no password, values within bounds."""
    packed = size_of(file)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _check_members(members, packed)
            for member in members:
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", member.filename):
                    _check_sheet(archive, member, packed)
                elif member.filename == "content.xml":
                    _check_ods(archive, member, packed)
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
    if any(member.flag_bits & 1 for member in members):
        raise ReadError(gettext_noop("The spreadsheet is protected by a password. Send it without one."))


def _tags(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, packed: int, pattern: re.Pattern[bytes]
) -> Iterator[re.Match[bytes]]:
    """Tags of a member read by chunks; the count of bytes does not trust the directory."""
    read, rest = 0, b""
    with archive.open(member) as source:
        while chunk := source.read(CHUNK):
            read += len(chunk)
            check_bomb(packed, read)
            data = rest + chunk
            last = data.rfind(b">") + 1
            yield from pattern.finditer(data, 0, last)
            rest = data[last:][-4096:]


def _check_sheet(archive: zipfile.ZipFile, member: zipfile.ZipInfo, packed: int) -> None:
    """The rectangle from the first to the last value of the sheet."""
    row = column = 0
    top, left, bottom, right = 1 << 30, 1 << 30, 0, 0
    for tag in _tags(archive, member, packed, _CELL):
        if tag[0].partition(b":")[2].startswith(b"row") or tag[0].startswith(b"<row"):
            found = _ROW_NUMBER.search(tag[0])
            row, column = (int(found[1]) if found else row + 1), 0
            continue
        reference = _REFERENCE.search(tag[0])
        column = _column(reference[1]) if reference else column + 1
        row = int(reference[2]) if reference else row
        top, left, bottom, right = min(top, row), min(left, column), max(bottom, row), max(right, column)
        if right - left >= MOST_COLUMNS or (right - left + 1) * (bottom - top + 1) > LARGEST_AREA:
            raise _too_wide(right)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_ods(archive: zipfile.ZipFile, member: zipfile.ZipInfo, packed: int) -> None:
    """Repetitions of cells with a value; blank ones at the end of a sheet cost nothing."""
    rows = 1
    for tag in _tags(archive, member, packed, _REPEATED):
        found = _TIMES.search(tag[2])
        times = int(found[1][:12]) if found else 1
        if tag[1] == b"table-row":
            rows = times
        elif b"value-type" in tag[2] and (times > MOST_COLUMNS or times * rows > LARGEST_AREA // 100):
            raise _too_wide(times)


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
