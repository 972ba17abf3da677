"""One value at a time, for every format of notice."""

import re
from datetime import date
from decimal import Decimal

from relais.core.clause_text import find, reserved, reserved_lots, speaks_of_insertion
from relais.procurement.decp.values import Notes as ContractNotes
from relais.procurement.decp.values import cpv as contract_cpv
from relais.procurement.decp.values import day as contract_day
from relais.procurement.decp.values import is_siren, is_siret, plain_euros, storable
from relais.procurement.notices.flags import NoticeFlag
from relais.procurement.notices.record import ClauseText, LotRecord, Marker, Notes
from relais.procurement.notices.tree import Node

LONGEST_TEXT = 20_000
MONTHS = {"MONTH": Decimal(1), "YEAR": Decimal(12), "WEEK": Decimal(12) / 52, "DAY": Decimal(12) / 365}
LONGEST_MONTHS = 1200


def day(written: str) -> date | None:
    """A date as notices write it: `20210113`, `2021-01-13`, with or without zone or time."""
    if re.fullmatch(r"\d{8}", written):
        written = f"{written[:4]}-{written[4:6]}-{written[6:]}"
    return contract_day(written, ContractNotes(), "") if written else None


def amount(node: Node | None, notes: Notes) -> Decimal | None:
    """Euros excluding tax; another currency, a range or an unreadable figure gives nothing and a flag."""
    if node is None or not node.text.strip():
        return None
    currency = next(
        (node.attributes[key] for key in ("CURRENCY", "currencyID", "DEVISE") if key in node.attributes),
        "EUR",
    )
    if currency != "EUR":
        notes.flag(NoticeFlag.NOTICE_CURRENCY, f"{node.text.strip()} {currency}")
        return None
    value = plain_euros(node.text.strip())
    if value is None:
        notes.flag(NoticeFlag.NOTICE_AMOUNT_UNREADABLE, f"{node.name}: {node.text.strip()}")
    return value if value is None or value > 0 else None


def cpv(written: str, notes: Notes) -> str:
    """The eight digits of a CPV code."""
    if not written:
        return ""
    found = contract_cpv(written, ContractNotes())
    if not found:
        notes.flag(NoticeFlag.NOTICE_CPV_BAD, written)
    return found


def months(number: str, unit: str) -> int | None:
    """A duration in whole months, at least one; nothing when it is not a figure or is endless."""
    value = plain_euros(number)
    factor = MONTHS.get(unit.upper().removesuffix("S"))
    if value is None or factor is None or not 0 < value * factor <= LONGEST_MONTHS:
        return None
    return max(int((value * factor).to_integral_value()), 1)


def months_between(start: date | None, end: date | None) -> int | None:
    """Whole months from a day to another, both included."""
    if start is None or end is None or end <= start:
        return None
    return months(str((end - start).days + 1), "DAY")


def buyer_number(written: str) -> str:
    """A SIRET, a SIREN or nothing: notices write them with spaces, and write other things in their place."""
    digits = re.sub(r"\D", "", written)
    if len(digits) == 14 and is_siret(digits):
        return digits
    return digits if len(digits) == 9 and is_siren(digits) else ""


def lot_number(written: str) -> str:
    """`LOT-0001`, `Lot n° 01` and `1` are the same lot; `LOT-0000` is a purchase without lots."""
    text = re.sub(r"^(?:LOT|PAR|lot)s?[\s-]*(?:n[°o]\s*)?", "", written.strip(), flags=re.IGNORECASE)
    if text.isascii() and text.isdigit():
        return str(int(text)) if int(text) else ""
    return storable(text)[:20]


def line(written: str, limit: int) -> str:
    """One clean line, cut at `limit`."""
    return storable(" ".join(written.split()))[:limit]


def clause(source: str, node: Node | None, *, always: bool = False, strict: bool = False) -> list[ClauseText]:
    """The text of a field, if it may say a clause: words of insertion, a reservation, or hours.

    `strict`: words of insertion are not enough, the field speaks of candidates.
    """
    text = storable(node.prose())[:LONGEST_TEXT] if node is not None else ""
    if not text:
        return []
    told = always or (speaks_of_insertion(text) and not strict) or reserved(text) or find(text)
    if not told:
        return []
    return [ClauseText(source, text)]


def spread(
    markers: list[Marker], texts: list[ClauseText], numbers: list[str], notes: Notes
) -> dict[str, list[Marker]]:
    """Marks of the whole notice, by lot: on all of them, or on those that the texts name as reserved."""
    named = {number for one in texts for number in reserved_lots(one.text)} & set(numbers)
    if markers and named and len(named) < len(set(numbers)):
        notes.flag(NoticeFlag.NOTICE_RESERVED_SOME_LOTS, ", ".join(sorted(named)))
        return {number: markers if number in named else [] for number in numbers}
    return dict.fromkeys(numbers, markers)


def checked(lots: list[LotRecord], notes: Notes) -> tuple[LotRecord, ...]:
    """The lots, a flag when a number comes twice."""
    numbers = [lot.number for lot in lots]
    for number in sorted({number for number in numbers if numbers.count(number) > 1}):
        notes.flag(NoticeFlag.NOTICE_LOT_REPEATED, number)
    return tuple(lots)
