"""Consolidated figures: read from the rollups, a few queries whatever the number of lines."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Count, Min, Q, Value
from django.db.models.functions import Cast, ExtractYear

from relais.execution.enums import LineState, Sex
from relais.execution.models import Debtor, Obligation, StatementLine
from relais.insight.models import DebtMonth, HoursCell, PersonYear
from relais.insight.perimeter import Perimeter
from relais.kit.actor import Actor
from relais.kit.fields import total
from relais.organisations.models import FacilitatorArea, Scheme, in_force

HOURS = ("owed", "declared", "queried", "validated", "rejected", "training")
BREAKDOWNS = ("year", "sex", "category", "mode", "job_kind", "modality", "sector", "department", "buyer")
PEOPLE_BREAKDOWNS = ("year", "sex", "category")


@dataclass
class Row:
    """One value of one dimension."""

    key: str
    owed: Decimal = Decimal(0)
    declared: Decimal = Decimal(0)
    queried: Decimal = Decimal(0)
    validated: Decimal = Decimal(0)
    rejected: Decimal = Decimal(0)
    training: Decimal = Decimal(0)
    people: int | None = None

    def add(self, hours: Mapping[str, Decimal]) -> None:
        for name in HOURS:
            setattr(self, name, getattr(self, name) + hours.get(name, Decimal(0)))


@dataclass
class Consolidated:
    """The figures of one perimeter; every total is the sum of the rows of any of its breakdowns."""

    perimeter: Perimeter
    totals: Row
    people: int
    women: int
    contracts_new: int
    contracts_running: int
    contracts_with_hours: int
    buyers: int
    companies: int
    breakdowns: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def women_hours(self) -> Decimal:
        return sum((row.validated for row in self.breakdowns.get("sex", ()) if row.key == Sex.WOMAN), Decimal(0))

    @property
    def coverage(self) -> Decimal | None:
        """Share of the contracts running in the period that have validated hours in it."""
        if not self.contracts_running:
            return None
        return (Decimal(self.contracts_with_hours) / self.contracts_running).quantize(Decimal("0.0001"))


def visible_scope(actor: Actor, scheme: Scheme) -> Q | None:
    """The cells of a scheme an actor reads: all for its coordinator, its own for a buyer, its departments for a
    facilitator body. None when the actor's figures are those of its own lines (companies, structures)."""
    if scheme.coordinator_id == actor.organisation_id:
        return Q()
    areas = FacilitatorArea.objects.filter(
        in_force(actor.on), organisation_id=actor.organisation_id, scheme=scheme
    ).values_list("department_id", flat=True)
    departments = list(areas)
    if departments:
        return Q(department__in=departments)
    return Q(buyer_id=actor.organisation_id)


def _clause_scope(scope: Q) -> Q:
    """The same scope, said of obligations."""
    if not scope:
        return Q()
    ((name, value),) = scope.children  # type: ignore[misc]
    return Q(**{{"department__in": "clause__lot__department_id__in", "buyer_id": "buyer_id"}[name]: value})


def consolidate(perimeter: Perimeter, scope: Q | None = None) -> Consolidated:
    """The figures of a perimeter, within what the reader may see (`scope`, all of the scheme when None)."""
    scope = scope if scope is not None else Q()
    cells = HoursCell.objects.filter(scope, scheme_id=perimeter.scheme_id, **perimeter.cell_filters())
    breakdowns = _breakdowns(cells)
    totals = Row("")
    for row in breakdowns["year"]:
        totals.add({name: getattr(row, name) for name in HOURS})
    people = _people(perimeter, scope)
    for dimension in PEOPLE_BREAKDOWNS:
        for row in breakdowns[dimension]:
            row.people = people.get((dimension, row.key), 0)
    return Consolidated(
        perimeter=perimeter,
        totals=totals,
        people=people.get(("all", ""), 0),
        women=people.get(("sex", Sex.WOMAN.value), 0),
        breakdowns=breakdowns,
        **_counts(perimeter, scope),
    )


def _dimension(name: str) -> Any:
    if name == "year":
        return Cast(ExtractYear("month"), CharField())
    return Cast("buyer_id", CharField()) if name == "buyer" else Cast(name, CharField())


def _breakdowns(cells: Any) -> dict[str, list[Row]]:
    """Every breakdown in one query: the groupings are united, each naming its dimension."""
    grouped = [
        cells.annotate(dimension=Value(name, output_field=CharField()), key=_dimension(name))
        .values("dimension", "key")
        .annotate(**{f"sum_{column}": total(column) for column in HOURS})
        .values_list("dimension", "key", *(f"sum_{column}" for column in HOURS))
        .order_by()
        for name in BREAKDOWNS
    ]
    found: dict[str, list[Row]] = {name: [] for name in BREAKDOWNS}
    for dimension, key, *hours in grouped[0].union(*grouped[1:], all=True):
        found[dimension].append(Row(str(key or ""), *hours))
    for name, rows in found.items():
        rows.sort(key=(lambda row: row.key) if name == "year" else (lambda row: (-row.validated, row.key)))
    return found


def _people(perimeter: Perimeter, scope: Q) -> dict[tuple[str, str], int]:
    """Distinct people of the period, in all and by year, sex and category: people never add up."""
    if not perimeter.whole_years or perimeter.mode:
        return _people_from_lines(perimeter, scope)
    rows = PersonYear.objects.filter(
        scheme_id=perimeter.scheme_id,
        year__gte=perimeter.first.year,
        year__lte=perimeter.last.year,
        validated__gt=0,
        **perimeter.clause_filters("obligation__clause__"),
    )
    if scope:
        rows = rows.filter(obligation__in=Obligation.objects.filter(_clause_scope(scope)))
    for name in ("category", "sex"):
        if chosen := getattr(perimeter, name):
            rows = rows.filter(**{name: chosen})
    year: Any = Cast("year", CharField())
    return _united_people(rows, {"year": year, "sex": "sex", "category": "category"}, "pseudonym")


def _people_from_lines(perimeter: Perimeter, scope: Q) -> dict[tuple[str, str], int]:
    """The same for a period that cuts years, or for one mode: counted on the lines themselves."""
    lines = StatementLine.objects.filter(
        obligation__scheme_id=perimeter.scheme_id,
        month__gte=perimeter.first.first_day,
        month__lte=perimeter.last.first_day,
        state__in=(LineState.VALIDATED, LineState.LOCKED),
        **perimeter.clause_filters("obligation__clause__"),
    )
    if scope:
        lines = lines.filter(obligation__in=Obligation.objects.filter(_clause_scope(scope)))
    paths = {
        "category": "job_contract__eligibility__category",
        "sex": "job_contract__person__sex",
        "mode": "job_contract__mode",
    }
    for name, path in paths.items():
        if chosen := getattr(perimeter, name):
            lines = lines.filter(**{path: chosen})
    dimensions = {
        "year": Cast(ExtractYear("month"), CharField()),
        "sex": paths["sex"],
        "category": paths["category"],
    }
    return _united_people(lines, dimensions, "job_contract__person__pseudonym")


def _united_people(rows: Any, dimensions: Mapping[str, Any], pseudonym: str) -> dict[tuple[str, str], int]:
    def counted(name: str, expression: Any) -> Any:
        key = Cast(expression, CharField()) if isinstance(expression, str) else expression
        return (
            rows.annotate(dimension=Value(name, output_field=CharField()), group=key)
            .values("dimension", "group")
            .annotate(number=Count(pseudonym, distinct=True))
            .values_list("dimension", "group", "number")
            .order_by()
        )

    everything = counted("all", Value("", output_field=CharField()))
    parts = [counted(name, expression) for name, expression in dimensions.items()]
    return {(name, str(group or "")): number for name, group, number in everything.union(*parts, all=True)}


def _counts(perimeter: Perimeter, scope: Q) -> dict[str, int]:
    """Contracts, buyers and companies: those that start, run, or have validated hours in the period."""
    obligations = Obligation.objects.filter(
        _clause_scope(scope), scheme_id=perimeter.scheme_id, **perimeter.clause_filters("clause__")
    )
    period = obligations.filter(starts_on__lte=perimeter.ends_on).filter(
        Q(ends_on__gte=perimeter.starts_on) | Q(closed_on=None) | Q(closed_on__gte=perimeter.starts_on)
    )
    running = period.aggregate(
        running=Count("pk"),
        new=Count("pk", filter=Q(starts_on__gte=perimeter.starts_on)),
        buyers=Count("buyer_id", distinct=True),
    )
    worked = DebtMonth.objects.filter(
        obligation__in=obligations,
        month__gte=perimeter.first.first_day,
        month__lte=perimeter.last.first_day,
        validated__gt=0,
    ).aggregate(
        contracts=Count("obligation_id", distinct=True),
        companies=Count("debtor__organisation_id", distinct=True),
    )
    return {
        "contracts_new": running["new"],
        "contracts_running": running["running"],
        "contracts_with_hours": worked["contracts"],
        "buyers": running["buyers"],
        "companies": worked["companies"],
    }


def first_month(scheme_id: int) -> Any:
    """The first month with hours in a scheme, None when there is none."""
    return HoursCell.objects.filter(scheme_id=scheme_id).aggregate(first=Min("month"))["first"]


@dataclass
class ObligationRow:
    """The rows behind a figure: one obligation and its hours in the period."""

    obligation: Obligation
    declared: Decimal
    validated: Decimal


def rows_behind(perimeter: Perimeter, scope: Q) -> Any:
    """The obligations with hours in the period, most validated first."""
    return (
        DebtMonth.objects.filter(
            scheme_id=perimeter.scheme_id,
            month__gte=perimeter.first.first_day,
            month__lte=perimeter.last.first_day,
            obligation__in=Obligation.objects.filter(
                _clause_scope(scope), **perimeter.clause_filters("clause__")
            ),
        )
        .values("obligation_id")
        .annotate(hours_declared=total("declared"), hours_validated=total("validated"))
        .order_by("-hours_validated", "obligation_id")
    )


def stored_total_differences(scheme_id: int | None = None) -> list[tuple[str, int, str, Decimal, Decimal]]:
    """Totals of obligations and debtors that their entries and lines do not give."""
    from relais.insight.rollups import COLUMN_OF_STATE  # the same reading of states as the rollups

    counted: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    lines = StatementLine.objects.exclude(state=LineState.DRAFT).order_by("pk")
    debtors = Debtor.objects.select_related("obligation").order_by("pk")
    if scheme_id is not None:
        lines = lines.filter(obligation__scheme_id=scheme_id)
        debtors = debtors.filter(obligation__scheme_id=scheme_id)
    for debtor, state, hours in lines.values_list("job_contract__debtor_id", "state", "counted_hours").iterator():
        counted[debtor][COLUMN_OF_STATE[state]] += hours
    for debtor, hours in debtors.values_list("pk", "entries__hours").iterator():
        counted[debtor]["owed"] += hours or Decimal(0)
    found = []
    wholes: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    obligations: dict[int, Obligation] = {}
    columns = ("owed", "declared", "queried", "validated", "rejected")
    for debtor in debtors.iterator():
        obligations[debtor.obligation_id] = debtor.obligation
        for column in columns:
            wholes[debtor.obligation_id][column] += counted[debtor.pk][column]
            if getattr(debtor, column) != counted[debtor.pk][column]:
                found.append(("debtor", debtor.pk, column, getattr(debtor, column), counted[debtor.pk][column]))
    for pk, obligation in obligations.items():
        for column in columns:
            if getattr(obligation, column) != wholes[pk][column]:
                found.append(("obligation", pk, column, getattr(obligation, column), wholes[pk][column]))
    return found


def labels(choices: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices}
