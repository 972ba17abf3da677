"""What a consolidated page is about: a scheme, months, and optional filters, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from relais.core.months import Month


@dataclass(frozen=True, slots=True)
class Perimeter:
    """The months from `first` to `last`, both included, of one scheme; empty filters mean all."""

    scheme_id: int
    first: Month
    last: Month
    buyer: int | None = None
    department: str = ""
    modality: str = ""
    sector: str = ""
    mode: str = ""
    category: str = ""
    sex: str = ""

    @property
    def whole_years(self) -> bool:
        """Whether people can be counted by years: the period starts in January and ends in December."""
        return self.first.number == 1 and self.last.number == 12

    @property
    def starts_on(self) -> date:
        return self.first.first_day

    @property
    def ends_on(self) -> date:
        return self.last.last_day

    def cell_filters(self) -> Mapping[str, object]:
        """The conditions on cells of hours."""
        chosen = {name: getattr(self, name) for name in CELL_DIMENSIONS if getattr(self, name)}
        if self.buyer:
            chosen["buyer_id"] = self.buyer
        return {"month__gte": self.first.first_day, "month__lte": self.last.first_day, **chosen}

    def clause_filters(self, prefix: str = "") -> Mapping[str, object]:
        """The conditions on clauses, reached from another table by `prefix`."""
        chosen: dict[str, object] = {}
        if self.buyer:
            chosen[f"{prefix}buyer_id"] = self.buyer
        if self.department:
            chosen[f"{prefix}lot__department_id"] = self.department
        if self.modality:
            chosen[f"{prefix}modality"] = self.modality
        if self.sector:
            chosen[f"{prefix}sector"] = self.sector
        return chosen


CELL_DIMENSIONS = ("department", "modality", "sector", "mode", "category", "sex")
assert set(CELL_DIMENSIONS) <= {f.name for f in fields(Perimeter)}
