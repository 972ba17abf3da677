"""The passages of a kit: those a scheme has, or those shipped when it has loaded none."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from relais.clauses.enums import KitDocument
from relais.clauses.library.variables import VARIABLES
from relais.clauses.models import TextVersion
from relais.core.template import Template, read_template

SHIPPED = "2026-11"
"""Version of the shipped texts: changes with any of them."""
RANK_STEP = 1000
"""Between the ranks of two shipped passages: a scheme puts its own ones between them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage in use. `version_id` is None for a shipped text that the scheme has not loaded."""

    key: str
    document: KitDocument
    rank: int
    title: str
    body: str
    source: str
    modalities: frozenset[str]
    regimes: frozenset[str]
    ccags: frozenset[str]
    text_id: int | None = None
    version_id: int | None = None
    number: int = 0
    approved: bool = False

    def serves(self, modality: str, regime: str, ccag: str) -> bool:
        """Whether the passage belongs in such a kit; an empty set means all."""
        return (
            (not self.modalities or modality in self.modalities)
            and (not self.regimes or regime in self.regimes)
            and (not self.ccags or ccag in self.ccags)
        )


@cache
def shipped() -> tuple[Piece, ...]:
    """The texts that come with the product, in the order of the documents."""
    found = []
    folder = files("relais.clauses").joinpath("texts")
    for document in KitDocument:
        rows = tomllib.loads(folder.joinpath(f"{document.value}.toml").read_text("utf-8"))["text"]
        for rank, row in enumerate(rows, 1):
            found.append(
                Piece(
                    key=row["key"],
                    document=document,
                    rank=rank * RANK_STEP,
                    title=row["title"],
                    body=row["body"].strip(),
                    source=row["source"],
                    modalities=frozenset(row.get("modalities", ())),
                    regimes=frozenset(row.get("regimes", ())),
                    ccags=frozenset(row.get("ccags", ())),
                )
            )
    return tuple(found)


def pieces_in_use(scheme_id: int) -> tuple[Piece, ...]:
    """What the kits of a scheme are made of, in order; one query."""
    versions = TextVersion.objects.in_use().filter(text__scheme_id=scheme_id).select_related("text")
    best: dict[int, TextVersion] = {}
    for version in versions.order_by("text_id", "number"):
        held = best.get(version.text_id)
        if held is None or not held.decided_at:
            best[version.text_id] = version
    if not best:
        return shipped()
    order = {document.value: rank for rank, document in enumerate(KitDocument)}
    pieces = [piece_of(version) for version in best.values()]
    return tuple(sorted(pieces, key=lambda piece: (order[piece.document], piece.rank, piece.key)))


def piece_of(version: TextVersion) -> Piece:
    """A version as a passage, where it puts itself; reads `version.text`."""
    return Piece(
        key=version.text.key,
        document=KitDocument(version.document),
        rank=version.rank,
        title=version.title,
        body=version.body,
        source=version.source,
        modalities=frozenset(version.modalities.split()),
        regimes=frozenset(version.regimes.split()),
        ccags=frozenset(version.ccags.split()),
        text_id=version.text_id,
        version_id=version.pk,
        number=version.number,
        approved=version.decided_at is not None,
    )


@lru_cache(maxsize=1024)
def parsed(body: str) -> Template:
    """The text, read. Raises `BadValue` with the line and the fault."""
    return read_template(body, VARIABLES)


def filled(body: str, values: Mapping[str, str]) -> str:
    """The text with its values. Raises `BadValue` when it cannot be read."""
    return parsed(body).fill(values)
