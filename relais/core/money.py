"""Exact hours and euros: decimals to the hundredth, and the numbers French people write. Never a float."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from relais.core.words import BadValue, gettext_noop

HUNDREDTH = Decimal("0.01")

#: Above this a figure is a typing or conversion error, and its hundredths would not fit a database integer.
LARGEST = Decimal(10) ** 16

#: Enough digits for any product of the trade to be exact, whatever the caller's decimal context is.
EXACT = Context(prec=60, rounding=ROUND_HALF_UP)

#: Spaces that French typography and spreadsheets put between thousands or before a unit.
_SPACES = re.compile("[ \t\u00a0\u2007\u2009\u202f]+")
_MINUS = str.maketrans({"\u2212": "-", "\u2010": "-", "\u2011": "-"})
_LONGEST = 40

_AMBIGUOUS = re.compile(r"([1-9][0-9]{0,2})[.,]([0-9]{3})")
_PLAIN = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?")
_BY_SPACES = re.compile(r"([0-9]{1,3}(?: [0-9]{3})+)(?:[.,]([0-9]+))?")
_BY_DOTS = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+),([0-9]+)|([0-9]{1,3}(?:\.[0-9]{3}){2,})")
_BY_COMMAS = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+)\.([0-9]+)|([0-9]{1,3}(?:,[0-9]{3}){2,})")
_CLOCK = re.compile(r"([+-]?)([0-9]{1,5}) ?(?:[hH]|:) ?([0-5][0-9])(?::00)?(?: ?(?:min|mn))?")
_HALF_CLOCK = re.compile(r"[+-]?[0-9]{1,5} ?(?:[hH]|:) ?[0-9]+.*")


class NotANumber(BadValue):
    """The text is not a number, or not one that hours and amounts can be."""


class AmbiguousNumber(BadValue):
    """The text has two readings (1,607): `readings` holds both, smaller first, so that a screen can ask."""

    def __init__(self, text: str, /, *, readings: tuple[Decimal, Decimal], **params: object) -> None:
        self.readings = readings
        super().__init__(text, **params)


def exact(value: Decimal | int | str) -> Decimal:
    """`value` as a finite Decimal, digits kept, minus zero made zero. A float or NaN raises `NotANumber`."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise NotANumber(
            gettext_noop("%(value)s is not an exact number. Give a decimal number, never a binary float."),
            value=repr(value),
        )
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise _not_a_number(str(value)) from None
    if not number.is_finite():
        raise _not_a_number(str(value))
    if abs(number) >= LARGEST:
        raise NotANumber(
            gettext_noop("“%(text)s” is too large to be hours or euros. Check the figure."),
            text=str(value)[:_LONGEST],
        )
    return number or Decimal(0)


def hundredths(value: Decimal | int | str) -> Decimal:
    """`value` rounded half up to the hundredth, the unit in which hours and euros are kept."""
    number = exact(value).quantize(HUNDREDTH, context=EXACT)
    return number or Decimal("0.00")


def parse_decimal(text: str) -> Decimal:
    """The number a French reader sees in `text`: `1 607,00`, `7,5`, `7.5`, `14 700,00 €`; digits are kept.

    Raises `AmbiguousNumber` for `1,607` and `1.607` (one thousand six hundred and seven, or one and a bit?)
    and `NotANumber` for the rest.
    """
    cleaned = _cleaned(text).removesuffix("€").rstrip()
    sign, digits = _signed(cleaned)
    if match := _AMBIGUOUS.fullmatch(digits):
        small, large = Decimal(f"{sign}{match[1]}.{match[2]}"), Decimal(f"{sign}{match[1]}{match[2]}")
        raise AmbiguousNumber(
            gettext_noop(
                "“%(text)s” can be read %(large)s, or %(whole)s and %(thousandths)s thousandths. "
                "Write thousands with a space (1 607) and decimals with two figures (1,61)."
            ),
            readings=(min(small, large), max(small, large)),
            text=text,
            large=large,
            whole=int(f"{sign}{match[1]}"),
            thousandths=int(match[2]),
        )
    for shape in (_PLAIN, _BY_SPACES, _BY_DOTS, _BY_COMMAS):
        if match := shape.fullmatch(digits):
            whole, fraction, *rest = (*match.groups(), None)
            figures = re.sub("[ .,]", "", whole or rest[0] or "")
            return exact(f"{sign}{figures}.{fraction or 0}" if fraction else f"{sign}{figures}")
    raise _not_a_number(text)


def parse_hours(text: str) -> Decimal:
    """Hours to the hundredth: every form of `parse_decimal`, with `h` or not, and `7h30`, `7:30`, `7 h 30`.

    Minutes take two figures: `7h5` could be 7 h 05 or 7.5 h and raises `NotANumber`.
    """
    cleaned = _cleaned(text)
    if match := _CLOCK.fullmatch(cleaned):
        minutes = int(match[2]) * 60 + int(match[3])
        return hundredths(EXACT.divide(Decimal(f"{match[1]}{minutes}"), Decimal(60)))
    if _HALF_CLOCK.fullmatch(cleaned):
        raise NotANumber(
            gettext_noop(
                "“%(text)s” is not a number of hours. Write minutes with two figures, below 60: 7h05, 7h30."
            ),
            text=text[:_LONGEST],
        )
    for unit in ("heures", "heure", "h", "H"):
        if cleaned.endswith(unit):
            cleaned = cleaned.removesuffix(unit).rstrip()
            break
    return hundredths(parse_decimal(cleaned))


def _cleaned(text: str) -> str:
    if len(text) > _LONGEST:
        raise _not_a_number(text)
    return _SPACES.sub(" ", text).strip(" ").translate(_MINUS)


def _signed(text: str) -> tuple[str, str]:
    if text[:1] in ("+", "-"):
        return text[0].replace("+", ""), text[1:].lstrip(" ")
    return "", text


def _not_a_number(text: str) -> NotANumber:
    return NotANumber(
        gettext_noop("“%(text)s” is not a number. Write it with figures and one decimal comma: 1 607,50."),
        text=text[:_LONGEST],
    )
