"""Cells of an .xlsx whose formula fails: the reader of workbooks would lose them."""

import html
import io
import re
import zipfile
from collections.abc import Iterator
from posixpath import join, normpath

_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_CELL = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>(.*?)</(?:\w+:)?c>', re.DOTALL
)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]{1,20})</(?:\w+:)?v>")


def broken_cells(content: bytes) -> dict[str, list[tuple[int, int, str]]]:
    """By sheet, the row and the column (from 1) of each cell in error, and the error it shows."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return {}
        return {
            name: found for name, part in _parts(archive) if (found := list(_in_sheet(archive.read(part))))
        }


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The name of each sheet and the member that holds it."""
    members = set(archive.namelist())
    relations = "xl/_rels/workbook.xml.rels"
    if relations not in members:
        return
    targets = {
        _attribute(tag, "Id"): _attribute(tag, "Target")
        for tag in _RELATION.findall(archive.read(relations).decode("utf-8", "replace"))
    }
    for tag in _SHEET.findall(archive.read("xl/workbook.xml").decode("utf-8", "replace")):
        target = targets.get(_attribute(tag, r"\w+:id"), "")
        part = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        if part in members:
            yield _attribute(tag, "name"), part


def _attribute(tag: str, name: str) -> str:
    match = re.search(rf'\b{name}="([^"]*)"', tag)
    return html.unescape(match[1]) if match else ""


def _in_sheet(data: bytes) -> Iterator[tuple[int, int, str]]:
    if b't="e"' not in data:
        return
    for match in _CELL.finditer(data):
        value = _VALUE.search(match[3])
        yield int(match[2]), _number(match[1]), value[1].decode("ascii", "replace") if value else "#N/A"


def _number(letters: bytes) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + letter - 64
    return found
