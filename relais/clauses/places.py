"""The place of a passage in words: its title, its document, its rank, the clauses it serves."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from relais.clauses.enums import Ccag, KitDocument, Modality, Regime
from relais.clauses.library.pieces import RANK_STEP
from relais.clauses.models import LibraryText, TextVersion
from relais.kit.words import number


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """What a version changes of the place of a passage, in words."""

    label: str
    before: str
    after: str


def labels(codes: str, choices: Any) -> str:
    """The labels of codes kept apart by spaces; an empty text means all of them."""
    return ", ".join(str(choices(code).label) for code in codes.split()) or _("All")


def said(place: LibraryText | TextVersion) -> dict[str, str]:
    """The place, label by label."""
    return {
        _("Title of the text"): place.title,
        _("Document"): str(KitDocument(place.document).label),
        _("Order in the document"): number(Decimal(place.rank) / RANK_STEP),
        _("Modalities"): labels(place.modalities, Modality),
        _("Legal regimes"): labels(place.regimes, Regime),
        _("General conditions"): labels(place.ccags, Ccag),
    }


def place_changes(before: LibraryText | TextVersion, after: TextVersion) -> list[PlaceChange]:
    """What differs from one place to the other, in the order of the form."""
    old, new = said(before), said(after)
    return [PlaceChange(label, old[label], new[label]) for label in old if old[label] != new[label]]
