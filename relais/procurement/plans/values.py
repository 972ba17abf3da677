"""What French plans write in a cell: amounts, days or quarters, durations, codes; never a silent guess."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from relais.core.money import AmbiguousNumber, NotANumber, hundredths, parse_decimal
from relais.core.words import BadValue, Words, gettext_noop
from relais.procurement.decp.vocabulary import EMPTY, fold

LARGEST_AMOUNT = Decimal(15_000_000_000)
FIRST_YEAR, LAST_YEAR = 2006, 2100
LONGEST_MONTHS = 600
NOTHING = EMPTY | {
    *("-", "--", "–", "—", "/", "?", "??", "???", "x", "tbd", "neant", "aucun", "aucune", "sans objet", "so"),
    *("a definir", "a preciser", "non defini", "non connu", "inconnu", "selon besoin", "selon les besoins"),
    *("a determiner", "en cours", "n.c.", "s.o.", "a venir"),
}
UNITS = {"": 1, "€": 1, "euro": 1, "euros": 1, "k": 1000, "k€": 1000, "keuros": 1000, "ke": 1000} | {
    "m": 1_000_000,
    "m€": 1_000_000,
    "me": 1_000_000,
    "meuros": 1_000_000,
    "million": 1_000_000,
    "millions": 1_000_000,
}
_AMOUNT = re.compile(
    r"([+\-−]?[\d .,]*\d) ?(k ?€|m ?€|k ?euros?|m ?euros?|ke|me|millions?|k|m|€|euros?)?(.*)"
)
_AFTER = re.compile(r" ?(?:d'euros|d'€|€|euros?)? ?(?:\(?(?:ht|h\.t\.|hors taxes?)\)?)?")
_WITH_TAX = re.compile(r"\bttc\b|t\.t\.c|toutes taxes")


@dataclass(frozen=True, slots=True)
class Told[T]:
    """A value read, and how it was read when that is worth saying."""

    value: T
    words: Words | None = None


def is_nothing(text: str) -> bool:
    """True for a blank cell and for what people write when they do not know yet."""
    return not text.strip() or fold(text).strip(" .") in NOTHING


def read_amount(text: str, *, unit: int = 1, with_tax: bool = False) -> Told[Decimal]:
    """Euros excluding tax: `1 234 567,89 €`, `120 k€`, `1,2 M€`. `unit`: euros of one unit of the column.

    `with_tax`: the column is known to include tax, so a cell that says so is no surprise. Raises `BadValue`.
    """
    said = " ".join(fold(text.replace("\u202f", " ").replace("\u00a0", " ")).split())
    if _WITH_TAX.search(said) and not with_tax:
        raise BadValue(
            gettext_noop("This amount includes tax: amounts here exclude it. Write the amount excluding tax.")
        )
    said = re.sub(r"\(?\bttc\b\)?", "", said).strip() if with_tax else said
    found = _AMOUNT.fullmatch(said)
    if found is None or not _AFTER.fullmatch(found[3]):
        raise _bad_amount()
    try:
        figure = parse_decimal(found[1])
    except AmbiguousNumber as error:
        raise BadValue(error.words.text, **error.words.params) from error
    except NotANumber as error:
        raise _bad_amount() from error
    own = (found[2] or "").replace(" ", "")
    factor = UNITS[own] if own and not own.startswith(("€", "euro")) else (1 if own else unit)
    if figure < 0:
        raise BadValue(gettext_noop("An amount below zero cannot be that of a purchase to come."))
    amount = hundredths(figure * factor)
    if amount > LARGEST_AMOUNT:
        raise BadValue(gettext_noop("This amount is above 15 billion euros. Check its unit."))
    words = Words(gettext_noop("read as %(amount)s euros"), {"amount": amount}) if factor > 1 else None
    return Told(amount, words)


def _bad_amount() -> BadValue:
    return BadValue(
        gettext_noop(
            "This is not an amount. Write figures, as in 120 000 or 120 k€, or leave the cell empty."
        )
    )


MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
_NAMED = {name: at for at, name in enumerate(MONTHS, 1)}
_MONTH = rf"(?P<name>{'|'.join(MONTHS)}|janv|fevr|fev|avr|juil|aou|sept|oct|nov|dec|jan|mar)\.?"
_YEAR = r"(?P<year>(?:20)?\d{2})"


@dataclass(frozen=True, slots=True)
class Period:
    """The first day of what was written, and how precise that was: day, month, quarter, half or year."""

    first: date
    precision: str


def _month_number(name: str) -> int:
    return _NAMED.get(name) or next(
        at for at, full in enumerate(MONTHS, 1) if full.startswith(name.rstrip("."))
    )


def _full_year(text: str) -> int:
    year = int(text)
    return year + 2000 if year < 100 else year


_ORDINAL = r"(?:er|ere|e|eme|nd|ieme)?"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_RANK = r"(?P<rank>[1-4]|iv|i{1,3})"
_QUARTER = rf"(?:{_RANK}{_ORDINAL} ?(?:trimestre|trim\.?|t)|(?:trimestre|trim\.?|t|q) ?(?P<rank2>[1-4]))"
_HALF = rf"(?:(?P<half>[12]){_ORDINAL} ?(?:semestre|sem\.?|s)|(?:semestre|sem\.?|s) ?(?P<half2>[12]))"
_JOIN = r" ?(?:-|/|de|du|en|d')? ?"
_DAY_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Period]], ...] = (
    (
        re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[t ].*)?"),
        lambda m: Period(date(int(m["y"]), int(m["m"]), int(m["d"])), "day"),
    ),
    (
        re.compile(r"(?P<d>\d{1,2}) ?[/.\-] ?(?P<m>\d{1,2}) ?[/.\-] ?(?P<y>(?:\d{2})?\d{2})(?: \d{1,2}:.*)?"),
        lambda m: Period(date(_full_year(m["y"]), int(m["m"]), int(m["d"])), "day"),
    ),
    (
        re.compile(rf"(?P<d>\d{{1,2}})(?:er)? {_MONTH} {_YEAR}"),
        lambda m: Period(date(_full_year(m["year"]), _month_number(m["name"]), int(m["d"])), "day"),
    ),
    (
        re.compile(r"(?P<m>\d{1,2}) ?[/.\-] ?(?P<y>20\d{2})"),
        lambda m: Period(date(int(m["y"]), int(m["m"]), 1), "month"),
    ),
    (
        re.compile(r"(?P<y>20\d{2}) ?[/\-] ?(?P<m>\d{1,2})"),
        lambda m: Period(date(int(m["y"]), int(m["m"]), 1), "month"),
    ),
)
_PART_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int], Period]], ...] = (
    (
        re.compile(rf"(?:(?:debut|mi|fin|courant)[ \-])?{_MONTH}(?:{_JOIN}{_YEAR})?"),
        lambda m, year: Period(date(year, _month_number(m["name"]), 1), "month"),
    ),
    (
        re.compile(rf"{_QUARTER}(?:{_JOIN}{_YEAR})?"),
        lambda m, year: Period(date(year, 3 * _rank(m["rank"] or m["rank2"]) - 2, 1), "quarter"),
    ),
    (
        re.compile(rf"{_YEAR}{_JOIN}{_QUARTER}"),
        lambda m, year: Period(date(year, 3 * _rank(m["rank"] or m["rank2"]) - 2, 1), "quarter"),
    ),
    (
        re.compile(rf"{_HALF}(?:{_JOIN}{_YEAR})?"),
        lambda m, year: Period(date(year, 6 * int(m["half"] or m["half2"]) - 5, 1), "half"),
    ),
    (
        re.compile(rf"{_YEAR}{_JOIN}{_HALF}"),
        lambda m, year: Period(date(year, 6 * int(m["half"] or m["half2"]) - 5, 1), "half"),
    ),
    (
        re.compile(r"(?P<part>debut|mi|milieu|fin)[ \-](?P<year>20\d{2})"),
        lambda m, year: Period(date(year, {"debut": 1, "fin": 10}.get(m["part"], 7), 1), "quarter"),
    ),
    (re.compile(r"(?:annee )?(?P<year>20\d{2})"), lambda m, year: Period(date(year, 1, 1), "year")),
)
_SERIAL = re.compile(r"([3-7]\d{4})(?:\.\d+)?")
_EPOCH = date(1899, 12, 30)
_PRECISION = {
    "month": gettext_noop("read as the month that starts on %(day)s"),
    "quarter": gettext_noop("read as the quarter that starts on %(day)s"),
    "half": gettext_noop("read as the half-year that starts on %(day)s"),
    "year": gettext_noop("read as the year that starts on %(day)s"),
}


def _rank(text: str) -> int:
    return _ROMAN.get(text) or int(text)


def read_period(text: str, *, year: int | None = None) -> Told[Period]:
    """A day, month, quarter, half-year or year; `year` completes those written without theirs.

    Raises `BadValue` when the day does not exist (31/02/2026), cannot be read, or misses its year.
    """
    said = " ".join(fold(text).split())
    try:
        period = _period(said, year)
    except ValueError as error:
        if isinstance(error, BadValue):
            raise
        raise BadValue(gettext_noop("This day does not exist in the calendar. Correct it.")) from error
    if not FIRST_YEAR <= period.first.year < LAST_YEAR:
        raise BadValue(
            gettext_noop("This date is before %(first)s or after %(last)s. Check its year."),
            first=str(FIRST_YEAR),
            last=str(LAST_YEAR - 1),
        )
    if period.precision == "day":
        return Told(period)
    return Told(period, Words(_PRECISION[period.precision], {"day": period.first}))


def _period(said: str, year: int | None) -> Period:
    for day_form, day_of in _DAY_FORMS:
        if found := day_form.fullmatch(said):
            return day_of(found)
    if found := _SERIAL.fullmatch(said):
        return Period(_EPOCH + timedelta(days=int(found[1])), "day")
    for form, period_of in _PART_FORMS:
        if found := form.fullmatch(said):
            written = found["year"]
            own = _full_year(written) if written else year
            if own is None:
                raise BadValue(
                    gettext_noop(
                        "The year is missing. Write it, as in T2 2027, or map the column of the year."
                    )
                )
            return period_of(found, own)
    raise BadValue(
        gettext_noop(
            "This is not a date. Write 15/03/2027, 03/2027, mars 2027 or T2 2027, or leave it empty."
        )
    )


def read_quarter(text: str, *, year: int | None) -> Told[Period]:
    """The cell of a column of quarters: `2` means the second one, anything else is read as a period."""
    said = text.strip().removesuffix(".0")
    return read_period(f"T{said}" if said in ("1", "2", "3", "4") else said, year=year)


def read_month(text: str, *, year: int | None) -> Told[Period]:
    """The cell of a column of months: `3` means March, anything else is read as a period."""
    said = text.strip().removesuffix(".0")
    if re.fullmatch(r"0?[1-9]|1[0-2]", said):
        if year is None:
            return read_period("mars")
        return read_period(f"{said}/{year}")
    return read_period(said, year=year)


def read_year(text: str) -> int:
    """A year alone, or the one of a date. Raises `BadValue`."""
    return read_period(text.strip().removesuffix(".0")).value.first.year


_FIGURES = (
    *("un", "deux", "trois", "quatre", "cinq", "six"),
    *("sept", "huit", "neuf", "dix", "onze", "douze"),
)
_NUMBERS = {word: number for number, word in enumerate(_FIGURES, 1)} | {
    "une": 1,
    "dix-huit": 18,
    "vingt-quatre": 24,
}
_COUNT = rf"(\d{{1,4}}(?:[.,]\d{{1,2}})?|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_UNIT = r"(ans?|annees?|mois|m|semaines?|sem|jours?|j)"
_SPAN = rf"{_COUNT} ?{_UNIT}\b\.?"
_FIRM = r"(?: ?(?:fermes?|initiale?s?|\(fermes?\)|max(?:imum)?|env(?:iron)?\.?))?"
_RENEWED = (
    r"(?:tacitement )?(?:reconductibles?|renouvelables?|reconduits?|reconduite|prolongeables?)"
    r"(?: (?:expressement|tacitement|par (?:tacite )?reconduction))?"
)
_BASE = re.compile(rf"(?:environ |max(?:imum)? )?{_SPAN}{_FIRM}")
_AGAIN = (
    re.compile(
        rf" ?[,;(]? ?(?:et )?{_RENEWED} {_COUNT} fois(?: ?(?:pour|de|par periodes? de|x)? ?{_SPAN})?\)?"
    ),
    re.compile(
        rf" ?[+,(] ?{_COUNT} ?(?:x|\*|fois|reconductions?(?: d[e']| de)?|periodes? (?:de|d')) ?{_SPAN}\)?"
    ),
    re.compile(rf" ?[+,(] ?{_COUNT} reconductions?\)?"),
)
_BARE = re.compile(r"\d{1,4}(?:[.,]\d{1,2})?")
_IN_MONTHS = {"a": Decimal(12), "m": Decimal(1), "s": Decimal(7) / Decimal(30), "j": Decimal(1) / Decimal(30)}


def read_months(text: str, *, in_years: bool = False) -> Told[int]:
    """A duration in whole months, renewals included: `1 an reconductible 3 fois` is 48, and says so.

    `in_years`: a bare figure of this column counts years. Days and weeks are rounded up. Raises `BadValue`.
    """
    said = " ".join(fold(text).replace("l'", "").split())
    if _BARE.fullmatch(said):
        factor = 12 if in_years else 1
        return Told(_bounded(_figure(said) * factor))
    base = _BASE.match(said)
    if base is None:
        raise _bad_duration()
    span = _months(base[1], base[2])
    rest = said[base.end() :]
    if not rest.strip(" ."):
        told = None if base[2].startswith("m") else Words(READ_AS, {"months": _bounded(span)})
        return Told(_bounded(span), told)
    for form in _AGAIN:
        if again := form.fullmatch(rest):
            groups = (*again.groups(), None, None)
            each = _months(groups[1], groups[2]) if groups[1] and groups[2] else span
            months = _bounded(span + _figure(again[1]) * each)
            return Told(months, Words(WITH_RENEWALS, {"months": months}))
    raise _bad_duration()


READ_AS = gettext_noop("read as %(months)s months")
WITH_RENEWALS = gettext_noop("read as %(months)s months, renewals included")


def _figure(text: str) -> Decimal:
    return Decimal(_NUMBERS[text]) if text in _NUMBERS else Decimal(text.replace(",", "."))


def _months(count: str, unit: str) -> Decimal:
    return _figure(count) * _IN_MONTHS[unit[0]]


def _bounded(months: Decimal) -> int:
    whole = int(months.quantize(Decimal("0.0001")).to_integral_value(ROUND_CEILING))
    if not 1 <= whole <= LONGEST_MONTHS:
        raise BadValue(gettext_noop("A duration lies between 1 and 600 months."))
    return whole


def _bad_duration() -> BadValue:
    return BadValue(
        gettext_noop(
            "This is not a duration. Write 18 mois, 2 ans or 1 an reconductible 3 fois, or leave it empty."
        )
    )


NATURE_WORDS = (
    (
        "services",
        ("prestations intellectuelles", "prestation intellectuelle", "pi", "moe", "maitrise d'oeuvre"),
    ),
    (
        "services",
        (
            "services",
            "service",
            "s",
            "prestations de services",
            "prestation de service",
            "tic",
            "prestations",
        ),
    ),
    ("works", ("travaux", "t", "marche de travaux")),
    ("supplies", ("fournitures", "fourniture", "f", "fournitures courantes", "marche de fournitures")),
    ("services", ("marche de services", "etudes", "amo")),
)


def read_nature(text: str) -> str:
    """`works`, `supplies` or `services`; empty when the word is none of them."""
    said = fold(text).strip(" .")
    return next((nature for nature, words in NATURE_WORDS if said in words), "")


def read_cpv(text: str) -> str:
    """The eight digits of a CPV code, its check digit and its label dropped; empty when there are none."""
    found = re.match(r"(\d{8})(?:-\d)?(?!\d)", text.replace(" ", "").removesuffix(".0"))
    return found[1] if found else ""
