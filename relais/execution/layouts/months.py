"""The month that a head, a title or the name of a sheet speaks of, with or without its year."""

import re
from collections.abc import Iterable
from datetime import date

from relais.core.identity import OLDEST_BIRTH
from relais.core.months import Month
from relais.core.words import BadValue, gettext_noop
from relais.execution.layouts.roles import MONTH_MARK
from relais.execution.sheets import Cell
from relais.territories.names import fold

NEWEST_YEAR = 2100
FULL_NAMES = fold(
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
).split()
SHORT_NAMES = {
    "jan": 1, "janv": 1, "fev": 2, "fevr": 2, "avr": 4, "juil": 7, "aou": 8, "sep": 9, "sept": 9,
    "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
NUMBERS = {**SHORT_NAMES, **{name: number for number, name in enumerate(FULL_NAMES, 1)}}

_NAMED = rf"(?P<name>{'|'.join(sorted(NUMBERS, key=len, reverse=True))})(?: (?P<named_year>(?:20)?\d\d))?"
_YEAR_FIRST = r"(?P<first_year>20\d\d) (?P<second>0?[1-9]|1[0-2])"
_MONTH_FIRST = r"(?P<first>0?[1-9]|1[0-2]) (?P<second_year>20\d\d)"
_SAID = re.compile(rf"\b(?:{_NAMED}|{_YEAR_FIRST}|{_MONTH_FIRST})\b")
_YEAR = re.compile(r"\b20\d\d\b")
_FULL_DATE = re.compile(r"\b\d{1,2} \d{1,2} \d{2,4}\b|\b\d{4} \d{1,2} \d{1,2}\b")

Said = tuple[int | None, int]
"""A year, when it is said, and the number of a month."""


def month_in(cell: Cell) -> Said | None:
    """The one month a text or a date speaks of; None for no month and for several."""
    if isinstance(cell, date):
        return cell.year, cell.month
    if not isinstance(cell, str):
        return None
    found = {_said(match) for match in _SAID.finditer(fold(cell))}
    return found.pop() if len(found) == 1 else None


def _said(match: re.Match[str]) -> Said:
    if name := match["name"]:
        year = match["named_year"]
        return (None if year is None else int(year) % 2000 + 2000), NUMBERS[name]
    if match["first_year"]:
        return int(match["first_year"]), int(match["second"])
    return int(match["second_year"]), int(match["first"])


def key_of(header: Cell) -> str:
    """The head of a column as it is compared: folded, its month replaced by a mark, its year left out."""
    if isinstance(header, date):
        return MONTH_MARK
    folded = fold(str(header or ""))
    return " ".join(_YEAR.sub(" ", _SAID.sub(f" {MONTH_MARK} ", folded)).split())


def month_above(texts: Iterable[str]) -> Said | None:
    """The one month that titles speak of; the full dates among them (printed on...) are no months."""
    found = {said for text in texts if not _FULL_DATE.search(fold(text)) and (said := month_in(text))}
    return found.pop() if len(found) == 1 else None


def year_in(texts: Iterable[str]) -> int | None:
    """The one year that texts speak of, full dates apart."""
    found = {int(year) for text in texts for year in _YEAR.findall(_FULL_DATE.sub(" ", fold(text)))}
    return found.pop() if len(found) == 1 else None


def read_month_name(value: Cell) -> Month | None:
    """2026-03, 03/2026, mars 2026 or a day of the month."""
    if isinstance(value, date):
        return Month.of(value)
    words = fold(str(value)).split()
    if words and words[0] in NUMBERS:
        words[0] = str(NUMBERS[words[0]])
    if len(words) == 2 and re.fullmatch(r"\d{4}", words[0]):
        words.reverse()
    if len(words) == 2 and re.fullmatch(r"\d{1,2}", words[0]) and re.fullmatch(r"\d{4}", words[1]):
        number, year = int(words[0]), int(words[1])
        return Month(year, number) if 1 <= number <= 12 and year >= OLDEST_BIRTH.year else None
    return None


def read_day(value: Cell) -> date:
    """A day as people write it. Raises `BadValue` for what must not be guessed: 03/04/26, bare numbers."""
    if isinstance(value, date):
        found = value
    elif isinstance(value, str) and (match := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", value)):
        found = _day(value, int(match[1]), int(match[2]), int(match[3]))
    elif isinstance(value, str) and (match := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", value)):
        found = _day(value, int(match[3]), int(match[2]), int(match[1]))
    else:
        raise BadValue(
            gettext_noop("“%(text)s” is not a date that can be read safely."), text=str(value)[:40]
        )
    if not OLDEST_BIRTH.year <= found.year <= NEWEST_YEAR:
        raise BadValue(gettext_noop("The year of %(day)s is not possible."), day=found)
    return found


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadValue(gettext_noop("“%(text)s” does not exist in the calendar."), text=text) from None
