"""What a published record says, once read: values in the units of the trade, oddities as flags."""

import hashlib
import json
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from relais.core.words import Words
from relais.procurement.decp.flags import OUT_OF_TOTALS, FlagCode

CONTRACT = "contract"
CONCESSION = "concession"

#: Social considerations, in the order screens list them.
CLAUSE, CRITERION, RESERVED, NONE = "CLAUSE", "CRITERION", "RESERVED", "NONE"


@dataclass(frozen=True, slots=True)
class Flag:
    """An oddity and what shows it: the value as written, the field, the place in the record."""

    code: FlagCode
    detail: str = ""


@dataclass(frozen=True, slots=True)
class HolderRecord:
    """A holder: the register its identifier comes from (SIRET, TVA, HORS-UE...), the identifier, the name."""

    id_type: str
    identifier: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class AmendmentRecord:
    """A published change. `amount` is the new total by the schema, often an increase in fact (`readings`)."""

    number: int
    notified_on: date | None = None
    published_on: date | None = None
    amount: Decimal | None = None
    duration_months: int | None = None
    holders: tuple[HolderRecord, ...] = ()
    object: str = ""


@dataclass(frozen=True, slots=True)
class SubcontractRecord:
    """A subcontracting act, with the amount and duration of its last published change if it has one."""

    number: int
    id_type: str
    identifier: str
    name: str = ""
    notified_on: date | None = None
    published_on: date | None = None
    amount: Decimal | None = None
    duration_months: int | None = None
    price_variation: str = ""
    changed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One contract or concession as published. Euros excluding tax; months; days without hour.

    `raw` is the record as published, whole, as JSON text. `position` locates it in its file.
    """

    kind: str
    buyer_id: str
    source_id: str
    object: str = ""
    buyer_name: str = ""
    nature: str = ""
    cpv: str = ""
    procedure: str = ""
    place_code: str = ""
    place_type: str = ""
    duration_months: int | None = None
    notified_on: date | None = None
    published_on: date | None = None
    amount: Decimal | None = None
    amount_text: str = ""
    price_form: str = ""
    framework_id: str = ""
    techniques: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    ccag: str = ""
    offers: int | None = None
    social: tuple[str, ...] = ()
    environmental: tuple[str, ...] = ()
    holders: tuple[HolderRecord, ...] = ()
    consortium_type: str = ""
    subcontracting_declared: bool | None = None
    amendments: tuple[AmendmentRecord, ...] = ()
    subcontracts: tuple[SubcontractRecord, ...] = ()
    flags: tuple[Flag, ...] = ()
    raw: str = field(default="", repr=False)
    position: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Buyer and identifier: unique by the decree, not always in fact."""
        return self.buyer_id, self.source_id

    @property
    def counts_in_totals(self) -> bool:
        """False when the amount is missing or stands for something else than a value."""
        return not any(flag.code in OUT_OF_TOTALS for flag in self.flags)

    @property
    def last_published_on(self) -> date | None:
        """The day of the newest information in the record: tells which of two versions is the later one."""
        days = [self.published_on, *(change.published_on for change in self.amendments)]
        return max((day for day in days if day), default=None)

    def digest(self) -> str:
        """Fingerprint of what was read: equal for the same facts, whatever the file and its format."""
        facts = {name: getattr(self, name) for name in _FACTS}
        text = json.dumps(facts, default=_plain, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


_FACTS = tuple(
    item.name for item in fields(Record) if item.name not in ("flags", "raw", "position", "amount_text")
)


def _plain(value: Any) -> object:
    if isinstance(value, HolderRecord | AmendmentRecord | SubcontractRecord):
        return [getattr(value, item.name) for item in fields(value)]
    return str(value)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record that could not be used: where it lies, and why."""

    position: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Readings:
    """Both meanings of an amendment's amount: the total it gives as a new amount, and as an increase."""

    as_new: Decimal
    as_increase: Decimal
    doubtful: bool


def readings(initial: Decimal | None, amounts: tuple[Decimal | None, ...]) -> tuple[Readings | None, ...]:
    """Read each amendment amount both ways, in order, starting from the initial amount.

    The schema says the amount is the new total, and most are; many publishers write the increase. An amount
    below half of the last total, or above five times it, makes the first reading doubtful: a contract seldom
    changes that much, and an increase often looks so.
    """
    found: list[Readings | None] = []
    last = increased = initial or Decimal(0)
    for amount in amounts:
        if amount is None:
            found.append(None)
            continue
        doubtful = last > 0 and (amount * 2 < last or amount > last * 5)
        increased += amount
        found.append(Readings(as_new=amount, as_increase=increased, doubtful=doubtful))
        last = last if amount * 2 < last else amount
    return tuple(found)
