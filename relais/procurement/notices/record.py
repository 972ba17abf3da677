"""A notice as read, whatever the format it was published in."""

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from relais.core.words import Words, gettext_noop
from relais.procurement.decp.values import storable
from relais.procurement.notices.flags import NoticeFlag


class NoticeShape(StrEnum):
    """How notices are laid out in a file."""

    TED = "notice-ted"
    EFORMS = "notice-eforms"
    BOAMP = "notice-boamp"
    BOAMP_JSON = "notice-boamp-json"


_SHAPES = {
    NoticeShape.TED: gettext_noop("Notice of the European journal (TED), XML before eForms"),
    NoticeShape.EFORMS: gettext_noop("European notice in eForms, XML"),
    NoticeShape.BOAMP: gettext_noop("Notices of BOAMP, XML before eForms"),
    NoticeShape.BOAMP_JSON: gettext_noop("Notices of BOAMP, JSON of its interface"),
}


def shape_words(shape: str) -> Words | None:
    """The shape of a file of notices as said to people; nothing for another shape."""
    return Words(_SHAPES[NoticeShape(shape)]) if shape in _SHAPES else None


class Form(StrEnum):
    """What a notice is for."""

    CALL = "call"
    PRIOR_INFORMATION = "prior"
    AWARD = "award"
    MODIFICATION = "modification"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Marker:
    """A coded mark of reservation or social objective, and the field that bears it."""

    code: str
    source: str


@dataclass(frozen=True, slots=True)
class NamedBuyer:
    """A buyer as published: its name, its SIRET or SIREN when there is a valid one."""

    name: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A text that may say a clause, whole, and the field it comes from."""

    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """An award criterion as written; the weight too, since notices give percentages, ranks or marks."""

    kind: str
    text: str
    weight: str = ""


@dataclass(frozen=True, slots=True)
class LotRecord:
    """One lot of a notice. `number` is empty when the purchase is not divided into lots."""

    number: str
    title: str
    description: str = ""
    cpv: str = ""
    nature: str = ""
    estimated_value: Decimal | None = None
    duration_months: int | None = None
    nuts: str = ""
    postcode: str = ""
    reserved: tuple[Marker, ...] = ()
    social: tuple[Marker, ...] = ()
    texts: tuple[ClauseText, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    contract_number: str = ""


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """A notice read. `key` is its identity for ever; `corrects` the key of the notice it replaces, if any."""

    shape: NoticeShape
    key: str
    number: str
    form: Form
    form_code: str = ""
    version: int = 1
    corrects: str = ""
    is_cancellation: bool = False
    published_on: date | None = None
    launched_on: date | None = None
    buyer_name: str = ""
    buyer_id: str = ""
    buyer_country: str = ""
    partners: tuple[NamedBuyer, ...] = ()
    """The other buyers of a joint purchase; the buyer of the notice leads them."""
    title: str = ""
    procedure: str = ""
    reference: str = ""
    is_concession: bool = False
    estimated_value: Decimal | None = None
    texts: tuple[ClauseText, ...] = ()
    lots: tuple[LotRecord, ...] = ()
    flags: tuple[tuple[NoticeFlag, str], ...] = ()
    position: str = ""
    raw: str = dataclasses.field(default="", repr=False)

    @property
    def is_reserved(self) -> bool:
        """Whether any lot is reserved by a coded mark."""
        return any(lot.reserved for lot in self.lots)

    @property
    def is_social(self) -> bool:
        """Whether any lot bears a coded social objective."""
        return any(lot.social for lot in self.lots)

    def digest(self) -> str:
        """Fingerprint of what was read: the same notice in XML and in JSON has the same."""
        told = dataclasses.asdict(self)
        for name in ("shape", "number", "published_on", "position", "raw"):
            del told[name]
        if not self.partners:
            del told["partners"]  # a notice of one buyer keeps the fingerprint it always had
        text = json.dumps(told, default=str, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


class Notes:
    """Collects the flags of one notice while it is read."""

    def __init__(self) -> None:
        self.flags: list[tuple[NoticeFlag, str]] = []

    def flag(self, code: NoticeFlag, detail: str = "") -> None:
        """Add a flag once; the detail is cut at 200 characters."""
        item = (code, storable(detail[:200]))
        if item not in self.flags:
            self.flags.append(item)
