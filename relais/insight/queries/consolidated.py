"""Consolidated figures: read from the rollups, in as many queries whatever the number of lines."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import CharField, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, ExtractYear

from relais.execution.enums import Sex
from relais.insight.models import HoursCell
from relais.insight.perimeter import Perimeter
from relais.insight.queries import own, people
from relais.insight.queries.counts import Counts, counts_of
from relais.insight.queries.dimensions import BREAKDOWNS, HOURS, PERSONAL, Ask, Row
from relais.insight.queries.margins import hours_ready, slot_of
from relais.insight.queries.masking import masks_of, wider
from relais.insight.scopes import Scope
from relais.kit.fields import total
from relais.screening.enums import Sector

ZERO = Decimal(0)
CONSTRUCTION = frozenset({Sector.BUILDING, Sector.CIVIL_WORKS})
TEXT = CharField()


@dataclass
class Consolidated:
    """The figures of one perimeter; before masking, every total is the sum of the rows of any breakdown."""

    perimeter: Perimeter
    totals: Row
    counts: Counts
    breakdowns: dict[str, list[Row]] = field(default_factory=dict)
    fewest: int = 0

    @property
    def people(self) -> int:
        return self.totals.people

    @property
    def masked(self) -> bool:
        """Whether the perimeter itself is too small for the filters on people."""
        return self.totals.masked

    @property
    def masked_rows(self) -> int:
        return sum(row.masked for rows in self.breakdowns.values() for row in rows)

    def _share(self, dimension: str, measure: str, wanted: Iterable[str]) -> Decimal | None:
        """Share of some rows among those whose value is told; None when there is none or one is masked."""
        told = [row for row in self.breakdowns.get(dimension, ()) if row.key]
        whole = sum((Decimal(getattr(row, measure)) for row in told), ZERO)
        if self.masked or not whole or any(row.masked for row in told):
            return None
        keys = frozenset(wanted)
        return share(sum((Decimal(getattr(row, measure)) for row in told if row.key in keys), ZERO), whole)

    @property
    def women(self) -> Decimal | None:
        """Share of women among the people whose sex is told."""
        return self._share("sex", "people", [Sex.WOMAN])

    @property
    def women_hours(self) -> Decimal | None:
        """Share of the validated hours worked by women, sex told."""
        return self._share("sex", "validated", [Sex.WOMAN])

    @property
    def diversification(self) -> Decimal | None:
        """Share of the validated hours worked outside construction, sector told."""
        sectors = {row.key for row in self.breakdowns.get("sector", ())}
        return self._share("sector", "validated", sectors - CONSTRUCTION)

    @property
    def mean_hours(self) -> Decimal | None:
        """Validated hours by person."""
        if self.masked or not self.people:
            return None
        return (self.totals.validated / self.people).quantize(Decimal("0.1"))

    def fte(self, divisor: Decimal | None) -> Decimal | None:
        """Full-time equivalents: validated hours by the hours of a full-time year."""
        if self.masked or not divisor:
            return None
        return (self.totals.validated / divisor).quantize(Decimal("0.1"))

    def hours(self, name: str) -> Decimal | None:
        """Hours of the perimeter in one state; none where they are masked, or owed without any job."""
        if self.masked or (name == "owed" and self.perimeter.by_job):
            return None
        return getattr(self.totals, name)  # type: ignore[no-any-return]


def share(part: Decimal, whole: Decimal) -> Decimal:
    return (part / whole).quantize(Decimal("0.0001"))


def consolidate(asks: Sequence[Ask], scope: Scope) -> list[Consolidated]:
    """The figures of each perimeter asked, within what the reader may see, small groups of people masked."""
    asked = [*asks, *(larger for ask in asks if (larger := wider(ask)) is not None)]
    if scope.own is None:
        hours, heads = _hours_of_cells(asks, scope), people.of_rollups(asked, scope)
        counts, more = counts_of(asks, scope, heads)
        counted = people.of_lines(asked, scope) | more
    else:
        facts = own.facts(asked, scope.own)
        hours, counted = own.hours(asks, facts), own.people(asked, facts)
        counts, _none = counts_of(asks, scope, [])
    found = []
    guards = iter(range(len(asks), len(asked)))
    for index, ask in enumerate(asks):
        result = _assembled(ask, index, hours, counted, counts[index], scope.fewest)
        guard = next(guards) if wider(ask) is not None else None
        _mask(result, ask, index, guard, counted)
        found.append(result)
    return found


def _hours_of_cells(asks: Sequence[Ask], scope: Scope) -> dict[tuple[int, str], list[Row]]:
    """Every breakdown of every perimeter in one query: groupings united, each naming its dimension."""
    grouped = []
    for index, ask in enumerate(asks):
        slot = slot_of(ask.perimeter, scope)
        if slot is not None:
            grouped.append(hours_ready(ask, slot, index))
            continue
        cells = HoursCell.objects.filter(scope.cells(), **_conditions(ask.perimeter))
        grouped += [_grouped(index, name, cells) for name in ask.dimensions]
    found: dict[tuple[int, str], list[Row]] = {}
    for index, dimension, key, *sums in grouped[0].union(*grouped[1:], all=True).order_by():
        if any(sums):
            found.setdefault((index, dimension), []).append(Row(str(key or ""), *sums))
    return found


def _conditions(perimeter: Perimeter) -> dict[str, object]:
    return {"scheme_id": perimeter.scheme_id, **perimeter.cell_filters()}


def _grouped(index: int, name: str, cells: QuerySet[HoursCell]) -> Any:
    key: Any = Cast("buyer_id", TEXT) if name == "buyer" else Cast(name, TEXT)
    if name == "year":
        key = Cast(ExtractYear("month"), TEXT)
    return (
        cells.annotate(
            ask=Value(index, output_field=IntegerField()), dimension=Value(name, output_field=TEXT), key=key
        )
        .values("ask", "dimension", "key")
        .annotate(**{f"sum_{column}": total(column) for column in HOURS})
        .values_list("ask", "dimension", "key", *(f"sum_{column}" for column in HOURS))
        .order_by()
    )


def _assembled(
    ask: Ask,
    index: int,
    hours: Mapping[tuple[int, str], list[Row]],
    counted: people.Heads,
    counts: Counts,
    fewest: int,
) -> Consolidated:
    totals = Row("", people=counted.get((index, "all", ""), 0))
    breakdowns: dict[str, list[Row]] = {}
    for name in ask.dimensions:
        rows = hours.get((index, name), [])
        for row in rows:
            row.people = counted.get((index, name, row.key), 0)
        rows.sort(key=_by_year if name == "year" else _most_first)
        breakdowns[name] = rows
    for row in breakdowns[ask.dimensions[0]]:
        totals.add({name: getattr(row, name) for name in HOURS})
    return Consolidated(ask.perimeter, totals, counts, breakdowns, fewest)


def _by_year(row: Row) -> tuple[str]:
    return (row.key,)


def _most_first(row: Row) -> tuple[Decimal, Decimal, str]:
    return (-row.validated, -row.owed, row.key)


def _mask(result: Consolidated, ask: Ask, index: int, guard: int | None, counted: people.Heads) -> None:
    """Hide what would show fewer people than the reader may see, or let them be found by subtraction."""
    by_person = ask.perimeter.by_person
    if by_person and masks_of(counted, index, guard, "all", result.fewest):
        result.totals.mask()
        for rows in result.breakdowns.values():
            rows.clear()
        return
    for name in ask.dimensions if by_person else PERSONAL:
        masked = masks_of(counted, index, guard, name, result.fewest)
        rows = result.breakdowns.get(name, [])
        if name == "category" and not by_person and rows:
            result.breakdowns["family"] = families_of(rows, masked, result.fewest)
        for row in rows:
            if row.key in masked:
                row.mask()
    for name, rows in result.breakdowns.items():
        for row in rows if name != "year" else ():
            row.hide_few(result.fewest)


def families_of(categories: Sequence[Row], masked: Collection[str], fewest: int) -> list[Row]:
    """Hours of the two families of categories, A by structure and B by person; people do not add up.

    None when a family would reveal a masked category by subtraction: it then holds one alone, or few people.
    """
    families: dict[str, Row] = {}
    hidden: dict[str, list[int]] = {}
    for row in categories:
        family = row.key[:1]
        if family:
            families.setdefault(family, Row(family)).add({name: getattr(row, name) for name in HOURS})
            if row.key in masked:
                hidden.setdefault(family, []).append(row.people)
    if any(len(people) < 2 or sum(people) < fewest for people in hidden.values()):
        return []
    return sorted(families.values(), key=_most_first)


__all__ = ["BREAKDOWNS", "HOURS", "Ask", "Consolidated", "Row", "consolidate"]
