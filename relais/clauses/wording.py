"""The kit of a clause: what each document of the consultation says of insertion, by regime and modality.

The texts are French whatever the reader's language: they go into French contracts. They are composed from the
library while the clause is a draft, and kept as plain text with the clause once written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from relais.clauses.enums import CRITERION_MODALITIES, KitDocument, Modality, Part
from relais.clauses.library.pieces import Piece, filled, pieces_in_use
from relais.clauses.library.variables import ccag_of, values_of, with_article
from relais.clauses.models import Clause
from relais.core.coherence import Reading
from relais.core.coherence.file import THE_CLAUSE, THE_LOT, as_is, said_day, said_hours
from relais.core.regime import article, regime_on
from relais.core.words import BadValue, NotInForce, Words, gettext_noop
from relais.kit.documents import Block, blocks_of, typeset
from relais.kit.words import say
from relais.organisations.enums import PolicyKey
from relais.organisations.policies import PolicyValue

__all__ = ["compose", "from_text", "gaps", "read", "with_article"]

DOCUMENT_MARK, SECTION_MARK = "# ", "## "

TITLES = {
    KitDocument.NOTICE: "Avis de marché",
    KitDocument.RULES: "Règlement de la consultation",
    KitDocument.GRID: "Grille de notation du critère d’insertion",
    KitDocument.CONDITIONS: "Cahier des clauses administratives particulières",
    KitDocument.SPECIFICATION: "Cahier des charges de la prestation d’insertion",
    KitDocument.COMMITMENT: "Annexe à l’acte d’engagement",
}
CONCESSION_TITLES = {
    KitDocument.NOTICE: "Avis de concession",
    KitDocument.CONDITIONS: "Contrat de concession",
    KitDocument.COMMITMENT: "Annexe au contrat de concession : engagement d’insertion",
}
KINDS = {title: kind for kind, title in (*TITLES.items(), *CONCESSION_TITLES.items())}
"""Which document a kept title belongs to."""


@dataclass(frozen=True, slots=True)
class Section:
    """A passage of a document; `piece` is the text of the library it was made of."""

    heading: str
    paragraphs: tuple[str, ...]
    piece: Piece | None = field(default=None, compare=False)

    @property
    def blocks(self) -> tuple[Block, ...]:
        return blocks_of("\n\n".join(self.paragraphs))


@dataclass(frozen=True, slots=True)
class Document:
    """One of the documents of the consultation, with what it says of insertion."""

    title: str
    sections: tuple[Section, ...]

    @property
    def kind(self) -> KitDocument | None:
        return KINDS.get(self.title)

    @property
    def text(self) -> str:
        """Every word of the document."""
        return "\n".join(part for section in self.sections for part in (section.heading, *section.paragraphs))


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing or does not agree; a blocking gap forbids to keep the text."""

    words: Words
    blocking: bool
    where: str = "terms"
    readings: tuple[Reading, ...] = ()
    todo: Words | None = None


def compose(clause: Clause, policies: Mapping[PolicyKey, PolicyValue]) -> tuple[Document, ...]:
    """The kit of a clause as it stands. Reads `clause.lot`, `clause.buyer` and `clause.parties`.

    A document that says nothing of insertion is not part of the kit.
    """
    values = values_of(clause, policies)
    ccag = ccag_of(clause)
    titles = {**TITLES, **CONCESSION_TITLES} if clause.lot.is_concession else TITLES
    sections: dict[KitDocument, list[Section]] = {}
    for piece in pieces_in_use(clause.scheme_id):
        if piece.serves(clause.modality, clause.regime, ccag):
            paragraphs = paragraphs_of(piece.body, values)
            if paragraphs:
                sections.setdefault(piece.document, []).append(Section(piece.title, paragraphs, piece))
    return tuple(Document(titles[kind], tuple(sections[kind])) for kind in KitDocument if kind in sections)


def paragraphs_of(body: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """The filled text, typeset; the reason instead, when a text of a former version cannot be read."""
    try:
        text = typeset(filled(body, values).strip())
    except BadValue as error:
        text = say(error.words)
    return tuple(part.strip() for part in text.split("\n\n") if part.strip())


def as_text(documents: Iterable[Document]) -> str:
    """The kit in plain text, as it is kept with a written clause."""
    lines: list[str] = []
    for document in documents:
        lines.append(DOCUMENT_MARK + document.title)
        for section in document.sections:
            lines.append(SECTION_MARK + section.heading)
            lines.extend(section.paragraphs)
    return "\n\n".join(lines)


def from_text(text: str) -> tuple[Document, ...]:
    """The kept kit, as documents again: the inverse of `as_text`, but for the pieces."""
    kit: list[tuple[str, list[tuple[str, list[str]]]]] = []
    for block in text.split("\n\n"):
        if block.startswith(SECTION_MARK) and kit:
            kit[-1][1].append((block.removeprefix(SECTION_MARK), []))
        elif block.startswith(DOCUMENT_MARK):
            kit.append((block.removeprefix(DOCUMENT_MARK), []))
        elif kit and kit[-1][1]:
            kit[-1][1][-1][1].append(block)
    return tuple(
        Document(title, tuple(Section(heading, tuple(paragraphs)) for heading, paragraphs in sections))
        for title, sections in kit
    )


def read(clause: Clause, policies: Mapping[PolicyKey, PolicyValue]) -> tuple[Document, ...]:
    """The kit to show: the kept text once written, the composed one while a draft."""
    return from_text(clause.wording) if clause.wording else compose(clause, policies)


def gaps(clause: Clause, policies: Mapping[PolicyKey, PolicyValue]) -> list[Gap]:
    """What is missing or does not agree between the lot, the dates, the hours and the texts."""
    return [*_legal_gaps(clause), *_hours_gaps(clause, policies), *_people_gaps(clause)]


def _legal_gaps(clause: Clause) -> Iterable[Gap]:
    try:
        cited = article(
            _core_modality(clause), clause.launched_on, concession=clause.lot.is_concession
        ).citation
    except NotInForce as error:
        yield Gap(error.words, blocking=True)
        return
    if clause.article != cited or clause.regime != regime_on(clause.launched_on):
        yield Gap(
            Words(
                gettext_noop(
                    "The article kept (%(kept)s) is not that of the launch date (%(cited)s). Save again."
                ),
                {"kept": clause.article, "cited": cited},
            ),
            blocking=True,
            readings=(
                Reading(THE_CLAUSE, as_is(clause.article)),
                Reading(Words(gettext_noop("the law on the launch date")), as_is(cited)),
            ),
            todo=Words(gettext_noop("Save the terms again: the article follows the launch date.")),
        )
    launched_on = launch_date(clause)
    if launched_on is not None and launched_on != clause.launched_on:
        yield Gap(
            Words(
                gettext_noop(
                    "The clause is dated %(clause)s and the lot is launched on %(lot)s. Make them agree."
                ),
                {"clause": clause.launched_on, "lot": launched_on},
            ),
            blocking=False,
            readings=(
                Reading(THE_CLAUSE, said_day(clause.launched_on)),
                Reading(THE_LOT, said_day(launched_on)),
            ),
            todo=Words(gettext_noop("The day when the notice leaves decides the law: keep that one.")),
        )


def launch_date(clause: Clause) -> Any:
    """The launch date that the lot or its procedure knows, if any."""
    lot = clause.lot
    return lot.launched_on or (lot.procedure.launched_on if lot.procedure else None)


def _core_modality(clause: Clause) -> Any:
    from relais.core.regime import Modality as CoreModality  # the same name as ours

    return CoreModality(clause.modality)


def _hours_gaps(clause: Clause, policies: Mapping[PolicyKey, PolicyValue]) -> Iterable[Gap]:
    if clause.modality in (Modality.EXEC_CONDITION, Modality.MIXED) and clause.hours <= 0:
        yield Gap(Words(gettext_noop("A performance condition needs hours: none is asked.")), blocking=True)
    if clause.modality in CRITERION_MODALITIES and clause.criterion_weight is None:
        yield Gap(Words(gettext_noop("The weight of the criterion is missing.")), blocking=True)
    least = policies.get(PolicyKey.MINIMUM_HOURS)
    if least and 0 < clause.hours < least.value:
        yield Gap(
            Words(
                gettext_noop("%(hours)s h is below the %(least)s h under which the scheme writes no clause."),
                {"hours": clause.hours, "least": least.value},
            ),
            blocking=False,
            readings=(
                Reading(THE_CLAUSE, said_hours(clause.hours)),
                Reading(Words(gettext_noop("the rule of the scheme")), said_hours(least.value)),
            ),
            todo=Words(gettext_noop("Ask for more hours, or choose another modality for this lot.")),
        )
    months = clause.lot.duration_months
    divisor = policies.get(PolicyKey.FTE_DIVISOR)
    if months and divisor and clause.hours > divisor.value * Decimal(months) / 12 * 20:
        yield Gap(
            Words(
                gettext_noop(
                    "%(hours)s h in %(months)s months is more than twenty full-time people. Check the figure."
                ),
                {"hours": clause.hours, "months": months},
            ),
            blocking=False,
        )
    if not clause.unit_penalty and clause.modality in (Modality.EXEC_CONDITION, *CRITERION_MODALITIES):
        yield Gap(
            Words(gettext_noop("No penalty per missing hour: the clause has no sanction of its own.")),
            blocking=False,
        )


def _people_gaps(clause: Clause) -> Iterable[Gap]:
    if not any(party.part == Part.FACILITATOR and party.ends_on is None for party in clause.parties.all()):
        yield Gap(
            Words(gettext_noop("No facilitator is named: candidates and hours have nobody to follow them.")),
            blocking=False,
            where="parties",
        )
    if not clause.lot.number:
        yield Gap(
            Words(gettext_noop("The lot has no number: the texts name it by its object.")),
            blocking=False,
            where="lot",
        )
