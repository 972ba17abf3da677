"""The documents of the kit against the terms of the clause: hours, amounts, law, dates, library."""

import re
from collections.abc import Iterator
from decimal import Decimal

from relais.core.coherence.file import (
    NOTHING,
    THE_CLAUSE,
    THE_SHEET,
    Contradiction,
    FileSet,
    Reading,
    Stated,
    Where,
    as_is,
    said_day,
    said_hours,
    the_document,
)
from relais.core.regime import Modality
from relais.core.words import Words, gettext_noop

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


MEND_THE_TEXT = Words(gettext_noop("Write a version of the text that says what the clause says."))
TAKE_THE_VALUE = Words(gettext_noop("Give the clause this value, or take the figure out of the text."))


def of_texts(file: FileSet) -> Iterator[Contradiction]:
    """What the documents, the sheet and the library say otherwise than the terms."""
    for document in file.documents:
        yield from _hours(file, document)
        yield from _amounts(file, document)
        yield from _law(file, document)
        yield from _launch(file, document)
    yield from _sheet(file)
    yield from _library(file)


def _hours(file: FileSet, document: Stated) -> Iterator[Contradiction]:
    if file.contract is not None and file.modality in PROPOSING:
        return
    stated = figures(_HOURS, document.text)
    asked = Reading(THE_CLAUSE, said_hours(file.hours))
    if document.must_count and file.modality in OWING and file.hours not in stated:
        yield Contradiction(
            Words(
                gettext_noop("“%(document)s” does not give the %(hours)s h that the clause asks."),
                {"document": document.name, "hours": file.hours},
            ),
            blocking=True,
            where=Where.LIBRARY,
            readings=(asked, Reading(the_document(document.name), NOTHING)),
            todo=MEND_THE_TEXT,
        )
    for other in sorted(stated - {file.hours}):
        yield Contradiction(
            Words(
                gettext_noop("“%(document)s” speaks of %(other)s h, the clause asks for %(hours)s h."),
                {"document": document.name, "other": other, "hours": file.hours},
            ),
            blocking=file.hours not in stated,
            where=Where.TERMS,
            readings=(asked, Reading(the_document(document.name), said_hours(other))),
            todo=TAKE_THE_VALUE,
        )


def _amounts(file: FileSet, document: Stated) -> Iterator[Contradiction]:
    for stated in sorted(figures(_PENALTY, document.text) - {file.unit_penalty}):
        yield Contradiction(
            Words(
                gettext_noop("“%(document)s” sets a penalty of %(other)s €, the clause says %(penalty)s."),
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
            readings=(
                Reading(THE_CLAUSE, _said("€", file.unit_penalty)),
                Reading(the_document(document.name), _said("€", stated)),
            ),
            todo=TAKE_THE_VALUE,
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
            readings=(
                Reading(THE_CLAUSE, _said("%", file.criterion_weight)),
                Reading(the_document(document.name), _said("%", weight)),
            ),
            todo=TAKE_THE_VALUE,
        )


def _said(unit: str, value: Decimal | None) -> Words:
    if value is None:
        return NOTHING
    return Words(gettext_noop("%(value)s %(unit)s"), {"value": value, "unit": unit})


def _law(file: FileSet, document: Stated) -> Iterator[Contradiction]:
    if document.must_cite and plain(file.article).removeprefix("les ") not in plain(document.text):
        yield Contradiction(
            Words(
                gettext_noop("“%(document)s” does not cite %(article)s."),
                {"document": document.name, "article": file.article},
            ),
            blocking=file.modality in RESERVED,
            where=Where.LIBRARY,
            readings=(
                Reading(THE_CLAUSE, as_is(file.article)),
                Reading(the_document(document.name), NOTHING),
            ),
            todo=MEND_THE_TEXT,
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
            readings=(Reading(the_document(document.name), as_is(foreign)),),
            todo=MEND_THE_TEXT,
        )


def _launch(file: FileSet, document: Stated) -> Iterator[Contradiction]:
    for stated in _LAUNCH.findall(plain(document.text)):
        if stated != plain(file.launch_words):
            yield Contradiction(
                Words(
                    gettext_noop("“%(document)s” dates the launch “%(stated)s”, the clause %(day)s."),
                    {"document": document.name, "stated": stated, "day": file.launched_on},
                ),
                blocking=True,
                where=Where.TERMS,
                readings=(
                    Reading(THE_CLAUSE, said_day(file.launched_on)),
                    Reading(the_document(document.name), as_is(stated)),
                ),
                todo=TAKE_THE_VALUE,
            )


def _sheet(file: FileSet) -> Iterator[Contradiction]:
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
            readings=(
                Reading(THE_SHEET, said_hours(file.sheet_hours)),
                Reading(THE_CLAUSE, said_hours(file.hours)),
            ),
            todo=Words(gettext_noop("Say in the terms why the clause asks for another number of hours.")),
        )
    if file.sheet_modality and file.sheet_modality != file.modality:
        sheet = Modality(file.sheet_modality).words
        yield Contradiction(
            Words(
                gettext_noop("The sheet was retained as “%(sheet)s”, the clause is written as “%(clause)s”."),
                {"sheet": sheet, "clause": file.modality.words},
            ),
            blocking=False,
            where=Where.SHEET,
            readings=(Reading(THE_SHEET, sheet), Reading(THE_CLAUSE, file.modality.words)),
            todo=Words(gettext_noop("Decide again on the sheet, or change the modality of the draft.")),
        )


def _library(file: FileSet) -> Iterator[Contradiction]:
    for name in file.unreadable:
        yield Contradiction(
            Words(
                gettext_noop("The text “%(text)s” of the library cannot be read. Write a new version."),
                {"text": name},
            ),
            blocking=True,
            where=Where.LIBRARY,
            todo=Words(gettext_noop("Open this text: the page of writing tells the line at fault.")),
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
            todo=Words(gettext_noop("Have them read over and approved, document by document.")),
        )
