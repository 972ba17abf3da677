"""One value at a time: texts, days, months, euros, codes, identifiers; lenient, never guessing silently."""

import html
import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from stdnum.fr import siren, siret

from relais.core.money import hundredths, parse_decimal
from relais.core.words import gettext_noop
from relais.procurement.decp.errors import BadRecord
from relais.procurement.decp.flags import FlagCode
from relais.procurement.decp.record import Flag
from relais.procurement.decp.vocabulary import EMPTY, IDENTIFIER_TYPES, fold

EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
LONGEST_DURATION = 1200
#: No French public contract comes near: the largest concessions of motorways stay below it.
ABSURD = Decimal(15_000_000_000)
LARGEST_STORED = Decimal(10) ** 16
#: Beyond this power of ten a figure is not a typing error but an attack on the reader.
LARGEST_EXPONENT = 40

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_TAG = re.compile(r"</?(?:br|p|span|div|b|i|u|em|strong|ul|li)\b[^<>]{0,200}/?>", re.IGNORECASE)
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d{1,9})?")
_NINES = re.compile(r"9{6,}(?:\.(?:9+|0+))?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(.*)", re.DOTALL)
_SLASH = re.compile(r"(\d{2})/(\d{2})/(\d{4})(?: \d{2}:\d{2}(?::\d{2})?)?")
_ZONE = re.compile(r"(?:T[\d:.]+)?(?:Z|[+-]\d{2}:?\d{2})")
_TIME = re.compile(r"[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?")


def storable(text: str) -> str:
    """`text` without what no database keeps: NUL, half characters, control codes, direction overrides."""
    return text if text.isascii() and text.isprintable() else _CONTROL.sub("", text)


class Notes:
    """Collects the flags of one record while it is read."""

    __slots__ = ("flags",)

    def __init__(self) -> None:
        self.flags: list[Flag] = []

    def flag(self, code: FlagCode, detail: object = "") -> None:
        """Add a flag; the detail is cut at 200 characters."""
        flag = Flag(code, storable(str(detail)[:200]))
        if flag not in self.flags:
            self.flags.append(flag)


def is_empty(value: object) -> bool:
    """True for nothing, for blank text and for the words that spreadsheets write for nothing."""
    return value is None or (isinstance(value, str) and len(value) < 20 and fold(value) in EMPTY)


def text(value: object, notes: Notes, *, limit: int = 0, field: str = "") -> str:
    """`value` as one clean line: entities decoded, tags and control characters out, spaces single."""
    if value is None or isinstance(value, dict | list | bool):
        return ""
    line = str(value)
    if not line.isprintable():
        line = _without_controls(line, notes, field)
    if "&" in line and _ENTITY.search(line):
        notes.flag(FlagCode.HTML_ENTITIES, field)
        line = _without_controls(html.unescape(line), notes, field)
    if "<" in line and _TAG.search(line):
        notes.flag(FlagCode.HTML_ENTITIES, field)
        line = _TAG.sub(" ", line)
    line = line.strip() if line.isprintable() and "  " not in line else " ".join(line.split())
    if limit and len(line) > limit:
        notes.flag(FlagCode.VALUE_CUT, field)
        line = line[:limit]
    return line


def _without_controls(line: str, notes: Notes, field: str) -> str:
    if not _CONTROL.search(line):
        return line
    notes.flag(FlagCode.CHARACTERS_REMOVED, field)
    return _CONTROL.sub(_windows, line)


def _windows(match: re.Match[str]) -> str:
    """A control code between 0x80 and 0x9F is a Windows-1252 letter read as Latin-1 by somebody upstream."""
    code = ord(match[0])
    return bytes([code]).decode("cp1252", "ignore") if 0x80 <= code <= 0x9F else ""


def day(value: object, notes: Notes, field: str) -> date | None:
    """The day written, time and zone dropped; None and a flag when it does not exist or is out of bounds."""
    if is_empty(value):
        return None
    if isinstance(value, datetime):
        return _in_bounds(value.date(), notes, field)
    if isinstance(value, date):
        return _in_bounds(value, notes, field)
    written = " ".join(str(value).split())
    if match := _ISO.fullmatch(written):
        figures, tail = (match[1], match[2], match[3]), match[4]
        if tail and _ZONE.fullmatch(tail):
            notes.flag(FlagCode.DATE_WITH_ZONE, f"{field} {written}")
        elif tail and not _TIME.fullmatch(tail):
            figures = ("0", "0", "0")
    elif match := _SLASH.fullmatch(written):
        figures = (match[3], match[2], match[1])
    else:
        figures = ("0", "0", "0")
    try:
        found = date(*map(int, figures))
    except ValueError:
        notes.flag(FlagCode.DATE_IMPOSSIBLE, f"{field} {written}")
        return None
    return _in_bounds(found, notes, field)


def _in_bounds(found: date, notes: Notes, field: str) -> date | None:
    if EARLIEST_YEAR <= found.year < LATEST_YEAR:
        return found
    notes.flag(FlagCode.DATE_IMPOSSIBLE, f"{field} {found.isoformat()}")
    return None


def number(value: object) -> Decimal | None:
    """A figure in the notation of the format (1234.5, 1.0E17), of a spreadsheet cell or of a French reader.

    None when it is not one, or has two readings. A figure beyond 10^40 raises `BadRecord`.
    """
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int) and value.bit_length() > 4 * LARGEST_EXPONENT:
        raise _monstrous()
    written = repr(value) if isinstance(value, float) else str(value).strip()
    if len(written) > 400:
        raise _monstrous()
    try:
        found = Decimal(written) if _PLAIN_NUMBER.fullmatch(written) else parse_decimal(written)
    except (ValueError, InvalidOperation):
        return None
    if not found.is_finite():
        return None
    if found and abs(found.adjusted()) > LARGEST_EXPONENT:
        raise _monstrous()
    return found


def _monstrous() -> BadRecord:
    return BadRecord(
        gettext_noop("A figure has more than forty digits: no amount or duration is that large.")
    )


def euros(value: object, notes: Notes) -> tuple[Decimal | None, str]:
    """The amount of a contract and the amount as written; what is suspect in it becomes a flag."""
    if is_empty(value):
        notes.flag(FlagCode.AMOUNT_MISSING)
        return None, ""
    written = storable(" ".join(str(value).split()))[:60]
    amount = number(value)
    if amount is None:
        notes.flag(FlagCode.AMOUNT_UNREADABLE, written)
        return None, written
    if abs(amount) > ABSURD:
        notes.flag(FlagCode.AMOUNT_ABSURD, written)
    elif _NINES.fullmatch(f"{amount:f}"):
        notes.flag(FlagCode.AMOUNT_REPEATED_NINES, written)
    elif amount == 0:
        notes.flag(FlagCode.AMOUNT_ZERO)
    elif amount == 1:
        notes.flag(FlagCode.AMOUNT_ONE)
    elif amount < 0:
        notes.flag(FlagCode.AMOUNT_NEGATIVE, written)
    return (hundredths(amount) if abs(amount) < LARGEST_STORED else None), written


def plain_euros(value: object) -> Decimal | None:
    """An amount that is not the contract's own: None when it cannot be read or stored."""
    amount = None if is_empty(value) else number(value)
    return hundredths(amount) if amount is not None and abs(amount) < LARGEST_STORED else None


def months(value: object, notes: Notes) -> int | None:
    """A duration in whole months; `NC`, fractions, negative and endless ones are flagged and left out."""
    if value is None or value == "":
        return None
    found = number(value)
    if found is None or found != found.to_integral_value() or not 0 <= found <= LONGEST_DURATION:
        notes.flag(FlagCode.DURATION_BAD, value)
        return None
    return int(found)


def count(value: object) -> int | None:
    """A whole positive number, or None."""
    found = None if is_empty(value) else number(value)
    if found is None or found != found.to_integral_value() or not 0 <= found <= 1_000_000:
        return None
    return int(found)


def cpv(value: object, notes: Notes) -> str:
    """The eight digits of a CPV code, its check digit dropped; empty when they cannot be told."""
    if is_empty(value):
        return ""
    written = (
        str(value).strip().removesuffix(".0") if isinstance(value, float) else "".join(str(value).split())
    )
    if re.fullmatch(r"\d{8}(?:-\d)?", written):
        return written[:8]
    notes.flag(FlagCode.CPV_BAD, written)
    return written[:8] if re.fullmatch(r"\d{9}", written) else ""


def identifier(value: object) -> str:
    """An identifier as text without spaces; a spreadsheet's number gets its digits back."""
    if isinstance(value, str) and len(value) > 4 and value.isalnum() and value.isascii():
        return value
    if value is None or isinstance(value, bool | dict | list):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Decimal) and value == value.to_integral_value() and value.adjusted() < 20:
        return str(int(value))
    written = "".join(_CONTROL.sub("", str(value)).split())
    return "" if fold(written) in EMPTY else written


@lru_cache(maxsize=65_536)
def is_siret(written: str) -> bool:
    """Fourteen digits whose key is right; La Poste's establishments have their own rule."""
    return len(written) == 14 and written.isascii() and written.isdigit() and siret.is_valid(written)


def siret_of(value: object, notes: Notes, code: FlagCode) -> str:
    """A SIRET as digits; a leading zero eaten by a spreadsheet is given back when the key proves it."""
    written = identifier(value)
    digits = re.sub(r"[ .\-]", "", written)
    if is_siret(digits):
        return digits
    padded = digits.zfill(14)
    if 11 <= len(digits) < 14 and is_siret(padded):
        notes.flag(code, written)
        return padded
    notes.flag(code, written)
    return written


def identifier_type(value: object) -> str:
    """The register an identifier belongs to, in the format's own capitals."""
    written = identifier(value)
    return IDENTIFIER_TYPES.get(fold(written), written.upper()[:20])


def is_siren(written: str) -> bool:
    """Nine digits whose key is right."""
    return len(written) == 9 and written.isdigit() and siren.is_valid(written)
