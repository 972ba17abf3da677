"""What a consolidated page is about: a scheme, months, and optional filters, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date

from relais.core.months import Month

YEAR = 12


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
        return self.first.number == 1 and self.last.number == YEAR

    @property
    def starts_on(self) -> date:
        return self.first.first_day

    @property
    def ends_on(self) -> date:
        return self.last.last_day

    @property
    def months(self) -> int:
        return (self.last.year - self.first.year) * YEAR + self.last.number - self.first.number + 1

    @property
    def by_person(self) -> bool:
        """Whether a filter says something of the people themselves."""
        return bool(self.category or self.sex)

    @property
    def by_job(self) -> bool:
        """Whether a filter is on the job: what is owed and the contracts themselves have no such thing."""
        return bool(self.mode) or self.by_person

    def before(self) -> "Perimeter":
        """The same months as many years earlier as the period needs, so that seasons compare."""
        years = -(-self.months // YEAR)
        return replace(self, first=self.first.shifted(-YEAR * years), last=self.last.shifted(-YEAR * years))

    def opened(self) -> "Perimeter":
        """The whole years around the period, without filter: a small cell could be taken away from them."""
        return Perimeter(self.scheme_id, Month(self.first.year, 1), Month(self.last.year, YEAR))

    def contains(self, month: date) -> bool:
        return self.starts_on <= month <= self.ends_on

    def month_filters(self) -> dict[str, object]:
        """The conditions on the months of rows that have one."""
        return {"month__gte": self.first.first_day, "month__lte": self.last.first_day}

    def cell_filters(self) -> Mapping[str, object]:
        """The conditions on cells of hours."""
        chosen = {name: getattr(self, name) for name in CELL_DIMENSIONS if getattr(self, name)}
        if self.buyer:
            chosen["buyer_id"] = self.buyer
        return {**self.month_filters(), **chosen}

    def clause_filters(self, prefix: str = "") -> dict[str, object]:
        """The conditions on clauses, reached from another table by `prefix`."""
        return {
            f"{prefix}{path}": value for name, path in CLAUSE_PATHS.items() if (value := getattr(self, name))
        }

    def job_filters(self, paths: Mapping[str, str]) -> dict[str, object]:
        """The conditions on jobs, by the path of each in the table asked."""
        return {path: value for name, path in paths.items() if (value := getattr(self, name, ""))}


CELL_DIMENSIONS = ("department", "modality", "sector", "mode", "category", "sex")
CLAUSE_PATHS = {
    "buyer": "buyer_id",
    "department": "lot__department_id",
    "modality": "modality",
    "sector": "sector",
}
assert set(CELL_DIMENSIONS) <= {f.name for f in fields(Perimeter)}
