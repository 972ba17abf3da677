"""European and direct award thresholds, in euros excluding tax, by date.

# source: code des marchés publics 2006 arts 26 and 28, European revisions, décret n° 2025-1386; each row
has its own source in parameters/thresholds.toml.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from relais.core.dated import Dated
from relais.core.parameters import load
from relais.core.regime import BuyerKind, Nature

_COLUMNS = {BuyerKind.CENTRAL: "central", BuyerKind.LOCAL: "local", BuyerKind.UTILITY: "utility"}


@dataclass(frozen=True, slots=True)
class Threshold:
    """An amount excluding tax with the day it came into force and where it comes from.

    `verified` is false while nobody has checked the amount against a text.
    """

    value: Decimal
    since: date
    source: str
    verified: bool


def european_threshold(
    on: date, nature: Nature, buyer_kind: BuyerKind, *, concession: bool = False
) -> Threshold:
    """The amount from which a consultation launched `on` that day follows a formal procedure.

    Works and concessions share one amount for all buyers. After the last published revision the amount in
    force before is given with `verified=False`: a plan for 2028 needs a figure, shown as provisional.
    Raises `NotInForce` (a LookupError) before 2006.
    """
    column = "works" if concession or nature is Nature.WORKS else _COLUMNS[buyer_kind]
    found = _EUROPEAN[column].at(on)
    return found if on <= known_until() else replace(found, verified=False)


def direct_award_threshold(on: date, nature: Nature) -> Threshold:
    """The amount under which a contract may be awarded without publicity nor competition.

    It is compared with the whole need, never with one invoice. Raises `NotInForce` before 1 September 2006.
    """
    return _DIRECT["works" if nature is Nature.WORKS else "supplies_and_services"].at(on)


def known_until() -> date:
    """Last day covered by a published revision of the European thresholds."""
    day: date = load("thresholds")["known_until"]
    return day


def _column(table: str, column: str) -> Dated[Threshold]:
    rows: list[Mapping[str, Any]] = load("thresholds")[table]
    values = {
        row["since"]: Threshold(
            value=Decimal(row[column]),
            since=row["since"],
            source=row["source"],
            verified=row["verified"] and column not in row.get("unverified", ()),
        )
        for row in rows
    }
    return Dated(
        values, source="parameters/thresholds.toml", verified=all(v.verified for v in values.values())
    )


_EUROPEAN = {column: _column("european", column) for column in ("central", "local", "utility", "works")}
_DIRECT = {column: _column("direct_award", column) for column in ("supplies_and_services", "works")}
