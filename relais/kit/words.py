"""Say figures, dates and the sentences of the core in the reader's language."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import get_language, gettext

from relais.core.words import Words

NARROW = "\u202f"
"""Narrow no-break space: before units and high punctuation in French."""
ABSENT = "–"
MINUS = "\u2212"


def in_french() -> bool:
    """Whether the reader reads French."""
    return (get_language() or "fr").startswith("fr")


def number(value: Any, places: int | None = None) -> str:
    """A number with grouped thousands: at most two decimals, none for nothing, or exactly `places`."""
    if value is None or value == "":
        return ABSENT
    exact = Decimal(str(value))
    if not exact.is_finite():
        return ABSENT
    rounded = exact.quantize(Decimal(1).scaleb(-(2 if places is None else places)), ROUND_HALF_UP)
    if rounded == 0:
        rounded = abs(rounded)
    if places is None and rounded == rounded.to_integral_value():
        rounded = rounded.quantize(Decimal(1))
    text = formats.number_format(abs(rounded), use_l10n=True, force_grouping=True)
    if places is None and rounded != rounded.to_integral_value():
        text = text.rstrip("0")
    return MINUS + text if rounded < 0 else text


def signed(value: Any) -> str:
    """A movement: always with its sign, except zero."""
    text = number(value)
    return text if text in (ABSENT, "0") or text.startswith(MINUS) else f"+{text}"


def with_unit(value: Any, unit: str, places: int | None = None) -> str:
    """A number and its unit, which no line break parts."""
    text = number(value, places)
    return text if text == ABSENT or not unit else f"{text}{NARROW}{unit}"


def hours(value: Any, places: int | None = None) -> str:
    """Hours: 1 234,5 h."""
    return with_unit(value, "h", places)


def euros(value: Any, places: int | None = None) -> str:
    """Euros: cents only when there are some, and then both digits."""
    if value is None or value == "":
        return ABSENT
    exact = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    cents = places if places is not None else (0 if exact == exact.to_integral_value() else 2)
    if in_french():
        return with_unit(exact, "€", cents)
    text = number(exact, cents)
    return f"{MINUS}€{text[1:]}" if text.startswith(MINUS) else f"€{text}"


def percent(share: Any, places: int | None = None) -> str:
    """A share of one as a percentage, one decimal at most unless `places` says otherwise."""
    if share is None or share == "":
        return ABSENT
    value = Decimal(str(share)) * 100
    if places is None:
        value = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    text = number(value, places)
    return f"{text}{NARROW}%" if in_french() else f"{text}%"


def day(value: date | None) -> str:
    """12/03/2026, or 12 Mar 2026 in English."""
    if not value:
        return ABSENT
    return formats.date_format(local(value), "SHORT_DATE_FORMAT")


def month(value: Any) -> str:
    """mars 2026: from a date, or from anything that has a year and a month."""
    if not value:
        return ABSENT
    return formats.date_format(date(value.year, value.month, 1), "YEAR_MONTH_FORMAT")


def moment(value: datetime | None) -> str:
    """A day and an hour, in local time."""
    if not value:
        return ABSENT
    return formats.date_format(local(value), "SHORT_DATETIME_FORMAT")


def local(value: date) -> date:
    """The same instant on the reader's clock; a plain date stays what it is."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def say(words: Any) -> str:
    """The sentence in the reader's language, its figures and dates in the formats of that language.

    Decimals and whole numbers are grouped (years apart: parameters named `year` or `..._year`), dates and
    months are spelled, `Words` inside `Words` are said in turn, several values become a list.
    """
    if words is None:
        return ""
    if not isinstance(words, Words):
        return str(words)
    text = gettext(words.text)
    params = dict(words.params)
    return text % {name: spoken(value, name) for name, value in params.items()} if params else text


def spoken(value: Any, name: str = "") -> str:
    """One value inside a sentence."""
    if isinstance(value, Words):
        return say(value)
    if name == "year" or name.endswith("_year"):
        return str(value)
    if isinstance(value, (Decimal, int, float)) and not isinstance(value, bool):
        return number(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if hasattr(value, "year") and hasattr(value, "month"):
        return month(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(spoken(part) for part in value)
    return str(value)
