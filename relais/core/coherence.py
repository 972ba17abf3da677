"""Does the whole file of a clause say one thing? Every contradiction, in words, with where to mend it.

Pure: the file is given as it stands (terms, texts, contract, what was published), nothing is fetched.
The texts read are French, as the contracts they go into.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from relais.core.declarations import NO_CONSIDERATION, social_considerations
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


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two things that do not agree, or one that is missing; a blocking one forbids to keep the texts."""

    words: Words
    blocking: bool
    where: Where


@dataclass(frozen=True, slots=True)
class Stated:
    """A document as generated: `must_cite` when it has to name the article, `must_count` the hours."""

    name: str
    text: str
    must_cite: bool = False
    must_count: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """The contract, when there is one: its dates, its kind, the hours owed and what was published of it.

    `published` holds the social considerations of the essential data; None when the field is not filled.
    """

    notified_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    is_concession: bool | None = None
    owed: Decimal | None = None
    published: frozenset[str] | None = None
    cpv: str = ""


@dataclass(frozen=True, slots=True)
class FileSet:
    """Everything that a clause says, wherever it says it.

    `launch_words` and `article` are the launch date and the law as the texts write them.
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
    sheet_hours: Decimal | None = None
    sheet_modality: str = ""
    hours_explained: bool = False
    contract: Signed | None = None
    unapproved: int = 0
    unreadable: tuple[str, ...] = ()


RESERVED = frozenset(modality for modality in Modality if modality.name.startswith("RESERVED"))
OWING = frozenset({Modality.EXEC_CONDITION, Modality.MIXED})
"""Modalities whose hours the special conditions must give."""
PROPOSING = frozenset({Modality.AWARD_CRITERION, Modality.MIXED})
"""Modalities whose hours grow by the offer: once signed they are no longer those of the texts."""

_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_FIGURE = r"(\d[\d ]*(?:,\d+)?)"
_HOURS = re.compile(_FIGURE + r" ?(?:heures?|h)\b")
_PENALTY = re.compile(r"pénalité de " + _FIGURE + " ?€")
_WEIGHT = re.compile(r"(?:pondérée? à|ramenés à|compte pour) " + _FIGURE + " ?%")
_LAUNCH = re.compile(r"lancée le (\d{1,2}(?:er)? \w+ \d{4})")


def plain(text: str) -> str:
    """The text with one kind of space and of apostrophe, to compare what was typeset with what was not."""
    return _SPACES.sub(" ", text).replace("’", "'")


def figures(signs: re.Pattern[str], text: str) -> set[Decimal]:
    """Every figure that the text gives after or before these words."""
    return {Decimal(found.replace(" ", "").replace(",", ".")) for found in signs.findall(plain(text))}


def contradictions(file: FileSet) -> tuple[Contradiction, ...]:
    """Every contradiction of the file, the blocking ones first."""
    found = [*_hours(file), *_amounts(file), *_law(file), *_dates(file), *_published(file), *_library(file)]
    return tuple(sorted(found, key=lambda one: not one.blocking))


def _hours(file: FileSet) -> Iterator[Contradiction]:
    proposed = file.contract is not None and file.modality in PROPOSING
    for document in () if proposed else file.documents:
        stated = figures(_HOURS, document.text)
        if document.must_count and file.modality in OWING and file.hours not in stated:
            yield Contradiction(
                Words(
                    gettext_noop("“%(document)s” does not give the %(hours)s h that the clause asks."),
                    {"document": document.name, "hours": file.hours},
                ),
                blocking=True,
                where=Where.LIBRARY,
            )
        for other in sorted(stated - {file.hours}):
            yield Contradiction(
                Words(
                    gettext_noop("“%(document)s” speaks of %(other)s h, the clause asks for %(hours)s h."),
                    {"document": document.name, "other": other, "hours": file.hours},
                ),
                blocking=file.hours not in stated,
                where=Where.TERMS,
            )
    if file.sheet_hours is not None and file.sheet_hours != file.hours and not file.hours_explained:
        yield Contradiction(
            Words(
                gettext_noop(
                    "The sheet was retained for %(sheet)s h, the clause asks for %(hours)s h. Say why."
                ),
                {"sheet": file.sheet_hours, "hours": file.hours},
            ),
            blocking=True,
            where=Where.TERMS,
        )
    owed = file.contract.owed if file.contract else None
    if owed is not None and owed != file.hours:
        yield Contradiction(
            Words(
                gettext_noop("The contract owes %(owed)s h, the texts of the clause say %(hours)s h."),
                {"owed": owed, "hours": file.hours},
            ),
            blocking=False,
            where=Where.CONTRACT,
        )


def _amounts(file: FileSet) -> Iterator[Contradiction]:
    for document in file.documents:
        for stated in sorted(figures(_PENALTY, document.text) - {file.unit_penalty}):
            yield Contradiction(
                Words(
                    gettext_noop(
                        "“%(document)s” sets a penalty of %(other)s €, the clause says %(penalty)s."
                    ),
                    {
                        "document": document.name,
                        "other": stated,
                        "penalty": file.unit_penalty
                        if file.unit_penalty is not None
                        else Words(gettext_noop("none")),
                    },
                ),
                blocking=True,
                where=Where.TERMS,
            )
        for weight in sorted(figures(_WEIGHT, document.text) - {file.criterion_weight}):
            yield Contradiction(
                Words(
                    gettext_noop(
                        "“%(document)s” weighs the criterion %(other)s of 100, the clause says otherwise."
                    ),
                    {"document": document.name, "other": weight},
                ),
                blocking=True,
                where=Where.TERMS,
            )


def _law(file: FileSet) -> Iterator[Contradiction]:
    for document in file.documents:
        if document.must_cite and plain(file.article).removeprefix("les ") not in plain(document.text):
            yield Contradiction(
                Words(
                    gettext_noop("“%(document)s” does not cite %(article)s."),
                    {"document": document.name, "article": file.article},
                ),
                blocking=file.modality in RESERVED,
                where=Where.LIBRARY,
            )
        foreign = "CCAG" if file.is_concession else "concessionnaire"
        if foreign in document.text:
            yield Contradiction(
                Words(
                    gettext_noop(
                        "“%(document)s” speaks of “%(word)s”, which does not suit this kind of contract."
                    ),
                    {"document": document.name, "word": foreign},
                ),
                blocking=True,
                where=Where.LIBRARY,
            )
    if file.sheet_modality and file.sheet_modality != file.modality:
        yield Contradiction(
            Words(
                gettext_noop("The sheet was retained as “%(sheet)s”, the clause is written as “%(clause)s”."),
                {"sheet": Modality(file.sheet_modality).words, "clause": file.modality.words},
            ),
            blocking=False,
            where=Where.SHEET,
        )
    if file.contract and file.contract.is_concession not in (None, file.is_concession):
        yield Contradiction(
            Words(gettext_noop("The lot and the contract do not agree on whether this is a concession.")),
            blocking=True,
            where=Where.CONTRACT,
        )


def _dates(file: FileSet) -> Iterator[Contradiction]:
    for document in file.documents:
        for stated in _LAUNCH.findall(plain(document.text)):
            if stated != plain(file.launch_words):
                yield Contradiction(
                    Words(
                        gettext_noop("“%(document)s” dates the launch “%(stated)s”, the clause %(day)s."),
                        {"document": document.name, "stated": stated, "day": file.launched_on},
                    ),
                    blocking=True,
                    where=Where.TERMS,
                )
    signed = file.contract
    if signed is None:
        return
    if signed.notified_on and signed.notified_on < file.launched_on:
        yield Contradiction(
            Words(
                gettext_noop("The contract is notified on %(day)s, before the launch on %(launch)s."),
                {"day": signed.notified_on, "launch": file.launched_on},
            ),
            blocking=True,
            where=Where.CONTRACT,
        )
    if signed.starts_on and signed.ends_on and signed.ends_on < signed.starts_on:
        yield Contradiction(
            Words(gettext_noop("The end of performance cannot come before its start.")),
            blocking=True,
            where=Where.CONTRACT,
        )


def _published(file: FileSet) -> Iterator[Contradiction]:
    if not file.cpv:
        yield Contradiction(
            Words(gettext_noop("The lot has no CPV code: the notice and the essential data need one.")),
            blocking=False,
            where=Where.LOT,
        )
    signed = file.contract
    if signed is None:
        return
    if file.cpv and signed.cpv and not _same_cpv(file.cpv, signed.cpv):
        yield Contradiction(
            Words(
                gettext_noop("The lot has the CPV code %(lot)s, the essential data published %(published)s."),
                {"lot": file.cpv, "published": signed.cpv},
            ),
            blocking=False,
            where=Where.LOT,
        )
    expected = frozenset(social_considerations(file.modality, concession=file.is_concession))
    if signed.published is not None and signed.published != expected:
        yield Contradiction(
            Words(
                gettext_noop(
                    "The essential data published “%(published)s”, this modality is entered “%(expected)s”. "
                    "Publish a correction."
                ),
                {"published": _listed(signed.published), "expected": _listed(expected)},
            ),
            blocking=False,
            where=Where.CONTRACT,
        )


def _same_cpv(one: str, other: str) -> bool:
    """Eight digits; what follows is a check digit that not everybody writes."""
    return one[:8] == other[:8]


def _listed(codes: Iterable[str]) -> str:
    return " + ".join(sorted(codes)) or NO_CONSIDERATION


def _library(file: FileSet) -> Iterator[Contradiction]:
    for name in file.unreadable:
        yield Contradiction(
            Words(
                gettext_noop("The text “%(text)s” of the library cannot be read. Write a new version."),
                {"text": name},
            ),
            blocking=True,
            where=Where.LIBRARY,
        )
    if file.unapproved:
        yield Contradiction(
            Words(
                gettext_noop(
                    "Texts that nobody of the scheme has approved yet: %(count)s. A lawyer reads them first."
                ),
                {"count": file.unapproved},
            ),
            blocking=False,
            where=Where.LIBRARY,
        )
