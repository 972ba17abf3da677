"""The kit of a clause: its documents as files, the working annexed, what to enter, what does not agree."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from relais.clauses import wording
from relais.clauses.enums import RESERVED_MODALITIES, KitDocument
from relais.clauses.library.pieces import parsed
from relais.clauses.library.variables import ccag_of, spelled, with_article
from relais.clauses.models import Clause
from relais.clauses.questions import ledger_of
from relais.core.calibration import FrameworkCalibration
from relais.core.coherence import (
    Announced,
    Contradiction,
    FileSet,
    Signed,
    Stated,
    Where,
    contradictions,
)
from relais.core.declarations import (
    CCAG_CODES,
    CLAUSE,
    CRITERION,
    RESERVED_CONCESSION,
    RESERVED_CONTRACT,
    Entry,
    essential_data,
    european_notice,
)
from relais.core.general_conditions import Ccag as CoreCcag
from relais.core.regime import Modality as CoreModality
from relais.core.words import BadValue
from relais.kit import words
from relais.kit.documents import (
    Block,
    Document,
    Heading,
    Note,
    Paragraph,
    Table,
    file_name,
    typeset,
    write,
)
from relais.organisations.enums import PolicyKey
from relais.organisations.policies import PolicyValue
from relais.procurement.enums import ContractKind, NoticeForm
from relais.procurement.models import Contract, NoticeLot
from relais.screening.models import Opportunity

WORKING, DECLARATIONS = "calcul", "declarations"
"""Keys of the two annexes, beside the documents of the consultation."""
CODED = ("notice-eforms", "notice-ted", "notice-boamp")
"""Formats of notices that tell of a reservation by a code."""
EFORMS = ("notice-eforms",)
"""Formats of notices that tell of a social objective by a code."""
MUST_COUNT = (KitDocument.CONDITIONS,)
ARTICLES = (KitDocument.CONDITIONS, KitDocument.SPECIFICATION)
"""Documents whose passages are numbered articles."""


@dataclass(frozen=True, slots=True)
class Part:
    """A document of the kit as the page lists it: its key in addresses, its title, its passages."""

    key: str
    title: str
    document: wording.Document | None = None


def parts_of(clause: Clause, documents: Iterable[wording.Document]) -> list[Part]:
    """The documents of the kit, then its annexes."""
    found = [Part(document.kind.value, document.title, document) for document in documents if document.kind]
    if clause.calibration or clause.hours_reason:
        found.append(Part(WORKING, "Annexe : calcul des heures"))
    found.append(Part(DECLARATIONS, "Annexe : données à saisir (DECP et eForms)"))
    return found


def office_document(clause: Clause, part: Part, *, at: datetime) -> Document:
    """A part of the kit as a document to write, in French whatever the reader's language."""
    with translation.override("fr"):
        if part.document is not None:
            blocks = tuple(_passages(part.document))
        else:
            blocks = tuple(_working(clause) if part.key == WORKING else _declarations(clause))
        state = "" if clause.wording else " – projet"
        number = f"lot n° {clause.lot.number}" if clause.lot.number else "lot unique"
        return Document(
            title=part.title,
            blocks=blocks,
            written_at=clause.written_at or at,
            subtitle=typeset(f"{clause.lot.object} ({number})"),
            header=clause.buyer.name,
            footer=f"Clause {clause.reference}{state}",
            author=clause.buyer.name,
        )


def whole_document(clause: Clause, parts: Sequence[Part], *, at: datetime) -> Document:
    """The whole kit in one document, each part under its own heading."""
    made = [office_document(clause, part, at=at) for part in parts]
    blocks: list[Block] = []
    for document in made:
        blocks.append(Heading(document.title, 1))
        blocks += [
            Heading(block.text, block.level + 1) if isinstance(block, Heading) else block
            for block in document.blocks
        ]
    first = made[0]
    return Document(
        title="Dossier de clause",
        blocks=tuple(blocks),
        written_at=first.written_at,
        subtitle=first.subtitle,
        header=first.header,
        footer=first.footer,
        author=first.author,
    )


def _passages(document: wording.Document) -> Iterator[Block]:
    for number, section in enumerate(document.sections, 1):
        numbered = document.kind in ARTICLES
        yield Heading(f"Article {number}. {section.heading}" if numbered else section.heading)
        yield from section.blocks


def _working(clause: Clause) -> Iterator[Block]:
    calibration = clause.calibration
    if calibration is not None:
        yield Paragraph(typeset(f"Formule : {words.say(calibration.formula.words)}."))
        rows = tuple(
            (capfirst(words.say(step.label)), words.with_unit(step.value, step.unit))
            for step in calibration.steps
        )
        yield Table(("Étape", "Valeur"), rows, numeric=frozenset({1}))
        yield Note(typeset(f"Arrondi une seule fois, à la fin, {words.say(calibration.rounding.words)}."))
        if isinstance(calibration, FrameworkCalibration):
            yield from _by_year(calibration)
    if clause.hours_reason:
        yield Heading("Heures fixées autrement")
        yield Paragraph(typeset(f"{words.hours(clause.hours)} : {clause.hours_reason}"))
    yield Note(typeset(f"Heures portées à la clause : {words.hours(clause.hours)}."))


def _by_year(calibration: FrameworkCalibration) -> Iterator[Block]:
    yield Heading("Par année")
    yield Table(
        ("Année", "Montant HT", "Heures"),
        tuple((str(y.year), words.euros(y.amount), words.hours(y.hours)) for y in calibration.years),
        numeric=frozenset({1, 2}),
    )


def entries_of(clause: Clause) -> dict[str, list[Entry]]:
    """The fields to fill in, by format."""
    modality = CoreModality(clause.modality)
    lot = clause.lot
    return {
        "DECP": list(
            essential_data(
                modality,
                ccag=CoreCcag(ccag_of(clause).value),
                cpv=lot.cpv,
                months=lot.duration_months,
                concession=lot.is_concession,
            )
        ),
        "eForms": list(european_notice(modality)),
    }


def _declarations(clause: Clause) -> Iterator[Block]:
    for name, entries in entries_of(clause).items():
        yield Heading("Données essentielles (DECP)" if name == "DECP" else "Avis européen (eForms), par lot")
        yield Table(
            ("Champ", "Contenu", "Valeur à saisir"),
            tuple(
                (
                    entry.field,
                    words.say(entry.label),
                    (" ; ".join(entry.values) or "à compléter") + ("" if entry.verified else " (à vérifier)"),
                )
                for entry in entries
            ),
        )
    yield Note(
        typeset(
            "Codes du format DECP de 2024 et du SDK eForms. Une consultation plus ancienne suit le format "
            "en vigueur à sa date ; les valeurs « à vérifier » se lisent dans la liste de codes du jour."
        )
    )


def contradictions_of(
    clause: Clause,
    policies: Mapping[PolicyKey, PolicyValue],
    documents: Sequence[wording.Document],
) -> list[Contradiction]:
    """Everything that does not agree in the file of a clause, the blocking ones first."""
    found = [
        Contradiction(gap.words, gap.blocking, Where(gap.where), gap.readings, gap.todo)
        for gap in wording.gaps(clause, policies)
    ]
    found += contradictions(file_set(clause, documents))
    return sorted(found, key=lambda one: not one.blocking)


def file_set(clause: Clause, documents: Sequence[wording.Document]) -> FileSet:
    """The file as the check reads it. Queries: the sheet of the lot, its notices, the ledger once awarded."""
    signed = clause.contract is not None
    sheet = Opportunity.objects.filter(lot_id=clause.lot_id).values_list("modality", flat=True).first()
    calculated = clause.calibration
    pieces = [section.piece for document in documents for section in document.sections if section.piece]
    return FileSet(
        modality=CoreModality(clause.modality),
        hours=clause.hours,
        launched_on=clause.launched_on,
        launch_words=spelled(clause.launched_on),
        article=with_article(clause.article),
        is_concession=clause.lot.is_concession,
        documents=tuple(_stated(clause, document) for document in documents),
        unit_penalty=clause.unit_penalty,
        criterion_weight=clause.criterion_weight,
        cpv=clause.lot.cpv,
        months=clause.lot.duration_months,
        ccag="" if clause.lot.is_concession else CCAG_CODES[CoreCcag(ccag_of(clause).value)],
        sheet_hours=calculated.hours if calculated and not signed else None,
        sheet_modality=sheet or "",
        hours_explained=bool(clause.hours_reason),
        contract=_signed(clause),
        ledger=ledger_of(clause.pk) if signed else None,
        notices=tuple(_announced(row) for row in notices_of(clause)),
        unapproved=sum(not piece.approved for piece in pieces),
        unreadable=tuple(piece.title for piece in pieces if not readable(piece.body)),
    )


def readable(body: str) -> bool:
    """Whether a text of the library can still be read."""
    try:
        parsed(body)
    except BadValue:
        return False
    return True


def _stated(clause: Clause, document: wording.Document) -> Stated:
    cites = document.kind == KitDocument.CONDITIONS or (
        document.kind == KitDocument.NOTICE and clause.modality in RESERVED_MODALITIES
    )
    return Stated(document.title, document.text, must_cite=cites, must_count=document.kind in MUST_COUNT)


def _signed(clause: Clause) -> Signed | None:
    contract = clause.contract
    if contract is None:
        return None
    concession = contract.kind == ContractKind.CONCESSION
    codes = {
        CLAUSE: contract.has_social_clause,
        CRITERION: contract.has_social_criterion,
        RESERVED_CONCESSION if concession else RESERVED_CONTRACT: contract.is_reserved,
    }
    published = frozenset(code for code, filled in codes.items() if filled)
    return Signed(
        notified_on=contract.notified_on,
        is_concession=concession,
        published=published if contract.social_published else None,
        ccag=contract.ccag,
        **_lot_published(clause, contract),
    )


def _lot_published(clause: Clause, contract: Contract) -> dict[str, Any]:
    """The lot as the contract published it, when the award joined the clause to a contract already known."""
    if contract.lot_id == clause.lot_id:
        return {}
    return {"cpv": contract.lot.cpv, "months": contract.lot.duration_months}


def notices_of(clause: Clause) -> QuerySet[NoticeLot]:
    """The lot in the notices that call for competition, those cancelled left out."""
    rows = NoticeLot.objects.filter(lot_id=clause.lot_id, notice__is_cancelled=False)
    return rows.filter(notice__form=NoticeForm.CALL).select_related("notice")


def _announced(row: NoticeLot) -> Announced:
    codes = {
        name: frozenset(code for code, _source in row.marks.get(name, [])) for name in ("reserved", "social")
    }
    shape = row.notice.shape
    return Announced(
        key=row.notice_id,
        number=row.notice.number,
        cpv=row.cpv,
        months=row.duration_months,
        reserved=codes["reserved"] if shape in CODED or codes["reserved"] else None,
        codes=codes["social"] if shape in EFORMS else None,
    )


def where_label(where: Where) -> str:
    """The words of the link that leads to what is to mend."""
    return {
        Where.TERMS: _("the terms of the clause"),
        Where.SHEET: _("the opportunity sheet"),
        Where.LOT: _("the lot"),
        Where.PARTIES: _("the parties"),
        Where.LIBRARY: _("the library of texts"),
        Where.CONTRACT: _("the contract"),
        Where.LEDGER: _("the follow-up of hours"),
        Where.NOTICE: _("the notice"),
    }[where]


def archive_parts(
    clause: Clause, parts: Sequence[Part], kind: str, *, at: datetime
) -> Iterator[tuple[str, bytes]]:
    """The files of the whole kit: each part, numbered in the order of the kit."""
    for rank, part in enumerate(parts, 1):
        name = f"{rank:02d}-{file_name(part.title, kind=kind)}"
        yield name, write(office_document(clause, part, at=at), kind)
