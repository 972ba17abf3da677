"""The file of a clause as the check reads it, and a contradiction as the page tells it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from relais.core.regime import Modality
from relais.core.words import Words, gettext_noop


class Where(StrEnum):
    """What to open to mend a contradiction."""

    TERMS = "terms"
    SHEET = "sheet"
    LOT = "lot"
    PARTIES = "parties"
    LIBRARY = "library"
    CONTRACT = "contract"
    LEDGER = "ledger"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Reading:
    """A value and where it was read."""

    source: Words
    value: Words


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two things that do not agree, or one that is missing; a blocking one forbids to keep the texts.

    `readings` are the values that do not agree, `todo` says how to mend them, `about` names the thing to open
    when there are several (the key of a notice).
    """

    words: Words
    blocking: bool
    where: Where
    readings: tuple[Reading, ...] = ()
    todo: Words | None = None
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """A document as generated: `must_cite` when it has to name the article, `must_count` the hours."""

    name: str
    text: str
    must_cite: bool = False
    must_count: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """The contract, when there is one: its dates, its kind, and what was published of it.

    `published` holds the social considerations of the essential data; None when the field is not filled.
    `ccag` is the code published, `months` the duration published.
    """

    notified_on: date | None = None
    is_concession: bool | None = None
    published: frozenset[str] | None = None
    cpv: str = ""
    ccag: str = ""
    months: int | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """What execution holds: the hours of the first entry, corrections included, and the dates it runs on.

    `moved_end` is true when a later entry changed the end of performance.
    """

    opened_with: Decimal
    starts_on: date
    ends_on: date
    moved_end: bool = False


@dataclass(frozen=True, slots=True)
class Announced:
    """The lot in a notice: its CPV code, its duration, its codes of reservation and of social objective.

    `reserved` and `codes` are None when the format of the notice may not bear them.
    """

    key: int
    number: str
    cpv: str = ""
    months: int | None = None
    reserved: frozenset[str] | None = None
    codes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class FileSet:
    """Everything that a clause says, wherever it says it.

    `launch_words` and `article` are the launch date and the law as the texts write them; `ccag` is the code
    of the general conditions to enter in the essential data, `months` the duration of the lot.
    """

    modality: Modality
    hours: Decimal
    launched_on: date
    launch_words: str
    article: str
    is_concession: bool
    documents: tuple[Stated, ...]
    unit_penalty: Decimal | None = None
    criterion_weight: Decimal | None = None
    cpv: str = ""
    months: int | None = None
    ccag: str = ""
    sheet_hours: Decimal | None = None
    sheet_modality: str = ""
    hours_explained: bool = False
    contract: Signed | None = None
    ledger: Ledger | None = None
    notices: tuple[Announced, ...] = ()
    unapproved: int = 0
    unreadable: tuple[str, ...] = ()


NOTHING = Words(gettext_noop("nothing"))
THE_CLAUSE = Words(gettext_noop("the terms of the clause"))
THE_SHEET = Words(gettext_noop("the opportunity sheet"))
THE_LOT = Words(gettext_noop("the lot"))
THE_CONTRACT = Words(gettext_noop("the contract"))
THE_DATA = Words(gettext_noop("the essential data published"))
THE_LEDGER = Words(gettext_noop("the ledger, at the award"))
THE_FOLLOW_UP = Words(gettext_noop("the follow-up of hours"))


def the_document(name: str) -> Words:
    return Words(gettext_noop("“%(document)s”"), {"document": name})


def the_notice(number: str) -> Words:
    return Words(gettext_noop("notice %(number)s"), {"number": number})


def said_hours(hours: Decimal) -> Words:
    return Words(gettext_noop("%(hours)s h"), {"hours": hours})


def said_months(months: int) -> Words:
    return Words(gettext_noop("%(months)s months"), {"months": months})


def said_day(day: date) -> Words:
    return Words(gettext_noop("%(day)s"), {"day": day})


def as_is(text: str) -> Words:
    """A code or a text that no language changes."""
    return Words(gettext_noop("%(value)s"), {"value": text}) if text else NOTHING
