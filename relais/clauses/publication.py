"""The approved texts of a scheme as the public reads them: blanks by their names, every branch shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.utils import timezone, translation

from relais.clauses.enums import Ccag, KitDocument, Modality, Regime
from relais.clauses.library.pieces import parsed
from relais.clauses.library.variables import VARIABLES
from relais.clauses.models import LibraryOpening, TextVersion
from relais.clauses.places import labels
from relais.clauses.wording import TITLES
from relais.core.template import Signs
from relais.core.words import BadValue
from relais.kit.documents import Block, Document, Heading, Note, blocks_of, typeset
from relais.kit.words import day, say

KINDS = ("docx", "odt")
"""Files that the public takes: those that a buyer may write into."""
TITLE = "Textes approuvés des clauses sociales d’insertion"


@dataclass(frozen=True, slots=True)
class PublicText:
    """A text as it is published: no name, nothing that is not approved."""

    title: str
    number: int
    approved_at: datetime
    source: str
    modalities: str
    regimes: str
    ccags: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class PublicDocument:
    """The texts of one document of the kit."""

    kind: KitDocument
    title: str
    texts: tuple[PublicText, ...]


def _named(name: str) -> str:
    return f"[{VARIABLES[name].label}]"


def _opened(name: str, wanted: bool) -> str:
    variable = VARIABLES[name]
    if variable.is_condition:
        return f"[{'Si' if wanted else 'Sauf si'} : {variable.label}]"
    return f"[{'Si connu' if wanted else 'Si non renseigné'} : {variable.label}]"


SIGNS = Signs(_named, _opened, "[Sinon]", "[Fin]")


def outlined(body: str) -> tuple[Block, ...]:
    """The text in French with its blanks and its conditions by their names; the fault when unreadable."""
    with translation.override("fr"):
        try:
            return blocks_of(typeset(parsed(body).outline(SIGNS).strip()))
        except BadValue as error:
            return (Note(say(error.words)),)


def public_documents(versions: Iterable[TextVersion]) -> tuple[PublicDocument, ...]:
    """The approved texts, document by document; `versions` come in the order of the kit."""
    return tuple(
        PublicDocument(KitDocument(kind), TITLES[KitDocument(kind)], tuple(map(_public, group)))
        for kind, group in groupby(versions, key=lambda version: version.document)
    )


def _public(version: TextVersion) -> PublicText:
    assert version.decided_at is not None, "an approval is dated"
    return PublicText(
        title=version.title,
        number=version.number,
        approved_at=version.decided_at,
        source=version.source,
        modalities=labels(version.modalities, Modality),
        regimes=labels(version.regimes, Regime),
        ccags=labels(version.ccags, Ccag),
        blocks=outlined(version.body),
    )


def freshest(opening: LibraryOpening, versions: Sequence[TextVersion]) -> datetime:
    """When the page last changed: the opening, or the last approval."""
    return max([opening.opened_at, *(version.decided_at for version in versions if version.decided_at)])


def office_document(opening: LibraryOpening, versions: Sequence[TextVersion]) -> Document:
    """Every approved text in one document to write, in French."""
    at = freshest(opening, versions)
    blocks: list[Block] = [
        Note(
            typeset(
                "Entre crochets : les valeurs à compléter et les passages qui dépendent du marché. "
                "À faire relire par un juriste avant tout usage."
            )
        )
    ]
    with translation.override("fr"):
        for document in public_documents(versions):
            blocks.append(Heading(document.title, 1))
            for text in document.texts:
                blocks += [Heading(text.title, 2), Note(_conditions(text)), *map(_lowered, text.blocks)]
        dated = day(timezone.localdate(at))
    return Document(
        title=TITLE,
        blocks=tuple(blocks),
        written_at=at,
        subtitle=opening.scheme.name,
        header=opening.scheme.name,
        footer=f"Textes approuvés au {dated}",
        author=opening.scheme.name,
    )


def _lowered(block: Block) -> Block:
    return replace(block, level=min(3, block.level + 2)) if isinstance(block, Heading) else block


def _conditions(text: PublicText) -> str:
    approved = day(timezone.localdate(text.approved_at))
    parts = [
        f"Modalités : {text.modalities}",
        f"régimes : {text.regimes}",
        f"CCAG : {text.ccags}",
        f"version {text.number}, approuvée le {approved}",
    ]
    if text.source:
        parts.append(f"source : {text.source}")
    return typeset(" ; ".join(parts) + ".")
