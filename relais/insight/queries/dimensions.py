"""What figures are broken down by, and where each dimension is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from relais.insight.perimeter import Perimeter

ZERO = Decimal(0)
HOURS = ("owed", "declared", "queried", "validated", "rejected", "training")
BREAKDOWNS = ("year", "sex", "category", "mode", "job_kind", "modality", "sector", "department", "buyer")
SUMMARY = ("year", "sex", "sector")
"""Enough for the key figures of a perimeter."""
PERSONAL = ("sex", "category")
"""Dimensions that say something of a person: small groups are masked."""

PERSON_YEAR_PATHS = {
    "year": "year",
    "sex": "sex",
    "category": "category",
    "mode": "mode",
    "job_kind": "job_kind",
    "modality": "obligation__clause__modality",
    "sector": "obligation__clause__sector",
    "department": "obligation__clause__lot__department_id",
    "buyer": "obligation__buyer_id",
}
LINE_PATHS = {
    **PERSON_YEAR_PATHS,
    "year": "month__year",
    "sex": "job_contract__person__sex",
    "category": "job_contract__eligibility__category",
    "mode": "job_contract__mode",
    "job_kind": "job_contract__kind",
}
JOB_FILTERS = ("mode", "category", "sex")


@dataclass(frozen=True, slots=True)
class Ask:
    """A perimeter, and the breakdowns wanted of it; the first one also gives the totals."""

    perimeter: Perimeter
    dimensions: tuple[str, ...] = BREAKDOWNS


@dataclass
class Row:
    """One value of one dimension. A masked row tells that it exists, and nothing else.

    `few`: its hours are told, its people are fewer than may be counted.
    """

    key: str
    owed: Decimal = ZERO
    declared: Decimal = ZERO
    queried: Decimal = ZERO
    validated: Decimal = ZERO
    rejected: Decimal = ZERO
    training: Decimal = ZERO
    people: int = 0
    masked: bool = False
    few: bool = False

    def add(self, hours: Mapping[str, Decimal]) -> None:
        for name in HOURS:
            setattr(self, name, getattr(self, name) + hours.get(name, ZERO))

    def hide_few(self, fewest: int) -> None:
        """Forget how many people there are when they are fewer than `fewest`."""
        if 0 < self.people < fewest:
            self.few, self.people = True, 0

    def mask(self) -> None:
        """Forget the figures, so that no page can show them."""
        self.masked = True
        self.people = 0
        for name in HOURS:
            setattr(self, name, ZERO)
