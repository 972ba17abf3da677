"""What a file is: its encoding, found by reading it whole and never guessed silently, and its shape."""

import codecs
import json
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import BinaryIO

from relais.core.words import gettext_noop
from relais.procurement.decp.container import CHUNK, OLE, PDF
from relais.procurement.decp.errors import ReadError

HEAD = 64 * 1024


class Shape(StrEnum):
    """How the records are laid out."""

    JSON_2019 = "json-2019"
    JSON_2022 = "json-2022"
    JSON_LIST = "json-list"
    JSON_RECORD = "json-record"
    JSON_LINES = "json-lines"
    XML_2019 = "xml-2019"
    XML_2022 = "xml-2022"
    TABLE_DECP_INFO = "table-decp-info"
    TABLE_SCHEMA = "table-schema"
    TABLE_MINISTRY_2019 = "table-ministry-2019"
    TABLE_MINISTRY_2022 = "table-ministry-2022"
    TABLE = "table"


SHAPE_NAMES = {
    Shape.JSON_2019: gettext_noop("JSON, format of 2019 (1.5): one list of contracts and concessions"),
    Shape.JSON_2022: gettext_noop("JSON, format of 2022 (2.x): contracts and concessions apart"),
    Shape.JSON_LIST: gettext_noop("JSON, bare list of contracts"),
    Shape.JSON_RECORD: gettext_noop("JSON, one contract alone"),
    Shape.JSON_LINES: gettext_noop("JSON Lines, one contract a line"),
    Shape.XML_2019: gettext_noop("XML, format of 2019 (1.5)"),
    Shape.XML_2022: gettext_noop("XML, format of 2022 (2.x)"),
    Shape.TABLE_DECP_INFO: gettext_noop("Table of decp.info: one row per contract, holder and version"),
    Shape.TABLE_SCHEMA: gettext_noop("Table of the national schema: one row per holder"),
    Shape.TABLE_MINISTRY_2019: gettext_noop("Table of the ministry, format of 2019"),
    Shape.TABLE_MINISTRY_2022: gettext_noop("Table of the ministry, format of 2022"),
    Shape.TABLE: gettext_noop("Table of contracts"),
}


class Family(StrEnum):
    JSON = "json"
    XML = "xml"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Encoding:
    """Name of the codec, bytes of the mark to skip, and how many characters cannot be read with it."""

    codec: str
    skip: int = 0
    replaced: int = 0

    @property
    def name(self) -> str:
        """What a report shows."""
        return f"{self.codec} (BOM)" if self.skip else self.codec


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: ½uvre, c½ur, ¼uvre: the ligatures of ISO-8859-15 sit where Windows-1252 has fractions.
_LATIN9 = re.compile(rb"(?:\bM|\bm|\bS|\bs|\bC|\bc|[^\w\d ]|\s|^)\xbd[a-z]|\xbc[a-zA-Z]|\d ?\xa4(?:\W|$)")
_C1 = re.compile(rb"[\x80-\x9f]")
_FRENCH = "àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ’“”«»–—€°"
_DAMAGE = "\ufffd"
_DAMAGE_BYTES = _DAMAGE.encode()


def encoding_of(file: BinaryIO) -> Encoding:
    """Read the file through and tell its encoding; the position is put back at the start.

    UTF-8 when it is UTF-8 to the last byte, or when damage is rarer than valid accents (then the damage is
    counted); otherwise Windows-1252, or ISO-8859-15 when its own signs show. Accents that are UTF-8 in such a
    file, as when parts were glued together, come out as two wrong characters: they are counted as damaged.
    """
    head = file.read(4096)
    file.seek(0)
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return _counted(file, codec, len(mark))
    if codec := _wide(head):
        return _counted(file, codec, 0)
    if _is_utf8(file):
        return Encoding("utf-8")
    found = _measure(file)
    if found.accents >= found.damage:
        return Encoding("utf-8", replaced=found.damage)
    encoding = _counted(file, found.single_byte, 0)
    return replace(encoding, replaced=encoding.replaced + found.french)


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: half of the bytes of a Latin text are zero, on the same side."""
    if len(head) < 4 or b"\x00" not in head:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.1:
        return "utf-16-be"
    return ""


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


@dataclass(frozen=True, slots=True)
class _Measure:
    """Characters beyond ASCII read as UTF-8: valid, French ones among them, damaged; the other encoding."""

    accents: int
    french: int
    damage: int
    single_byte: str


def _measure(file: BinaryIO) -> _Measure:
    """Read the file through as UTF-8, and tell the single-byte encoding its bytes look like."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    accents = french = damage = 0
    single_byte = ""
    while chunk := file.read(CHUNK):
        if chunk.isascii() and not decoder.getstate()[0]:
            continue
        text = decoder.decode(chunk)
        replaced = text.count(_DAMAGE) - chunk.count(_DAMAGE_BYTES)
        damage += max(replaced, 0)
        accents += len(text) - len(text.encode("ascii", "ignore")) - max(replaced, 0)
        french += sum(map(text.count, _FRENCH))
        if replaced > 0 and single_byte != "cp1252":
            single_byte = (
                "cp1252" if _C1.search(chunk) else "iso-8859-15" if _LATIN9.search(chunk) else single_byte
            )
    file.seek(0)
    return _Measure(accents, french, damage, single_byte or "cp1252")


def _counted(file: BinaryIO, codec: str, skip: int) -> Encoding:
    decoder = codecs.getincrementaldecoder(codec)("replace")
    file.seek(skip)
    replaced = 0
    while chunk := file.read(CHUNK):
        replaced += max(decoder.decode(chunk).count(_DAMAGE) - chunk.count(_DAMAGE_BYTES), 0)
    file.seek(0)
    return Encoding(codec, skip, replaced)


def head_of(file: BinaryIO, encoding: Encoding) -> str:
    """The first characters, without leading blank."""
    file.seek(encoding.skip)
    decoder = codecs.getincrementaldecoder(encoding.codec)("replace")
    text = decoder.decode(file.read(HEAD)).lstrip("\ufeff \t\r\n")
    file.seek(0)
    return text


def family_of(head: str) -> Family:
    """JSON, XML or table, by the first character. Raises `ReadError` for what is none of them."""
    if not head:
        raise ReadError(gettext_noop("The file is empty."))
    if head[0] in "{[":
        return Family.JSON
    if head[0] == "<":
        if re.match(r"<!doctype\s+html|<html", head, re.IGNORECASE):
            raise ReadError(
                gettext_noop(
                    "This is a web page, not a data file: the download probably met a login or error page."
                )
            )
        return Family.XML
    return Family.TABLE


def refuse_by_signature(head: bytes) -> None:
    """Name what is plainly something else, and say what to send instead."""
    if head.startswith(PDF):
        raise ReadError(
            gettext_noop("This is a PDF. Send the JSON, XML, CSV or spreadsheet it was made from.")
        )
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        raise ReadError(gettext_noop("This is an image. Send the JSON, XML, CSV or spreadsheet."))
    if (
        not head.startswith((OLE, b"PK"))
        and head.count(0) > len(head) // 4
        and not _wide(head)
        and head[:2]
        not in (
            codecs.BOM_UTF16_LE,
            codecs.BOM_UTF16_BE,
        )
    ):
        raise ReadError(gettext_noop("This is not a text file. Send JSON, XML, CSV or a spreadsheet."))


_MARCHES_LIST = re.compile(r'"marches"\s*:\s*\[')
_MARCHES_OBJECT = re.compile(r'"marches"\s*:\s*\{')


def json_shape(head: str) -> Shape:
    """The shape of a JSON file by its head; a record alone when nothing tells more."""
    if head.startswith("["):
        return Shape.JSON_LIST
    start = head[:4096]
    if _is_lines(head):
        return Shape.JSON_LINES
    if _MARCHES_LIST.search(start):
        return Shape.JSON_2019
    if _MARCHES_OBJECT.search(start) or re.match(r'\{\s*"(?:marche|contrat-concession)"\s*:', start):
        return Shape.JSON_2022
    return Shape.JSON_RECORD


def _is_lines(head: str) -> bool:
    line, newline, rest = head.partition("\n")
    if not newline or not rest.lstrip().startswith("{"):
        return False
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True
