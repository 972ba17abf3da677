"""Keep the totals of `insight.models` in step with execution, and recount them from the lines.

Both ways share `facts_of_lines` and `Tally`: what is told by an event and what is recounted cannot be defined
differently.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F

from relais.execution.enums import LineState
from relais.execution.models import Entry, StatementLine
from relais.insight.models import DebtMonth, HoursCell, PersonYear

COLUMN_OF_STATE = {
    LineState.DECLARED.value: "declared",
    LineState.QUERIED.value: "queried",
    LineState.VALIDATED.value: "validated",
    LineState.LOCKED.value: "validated",
    LineState.REJECTED.value: "rejected",
}
"""A locked line still counts as validated; a draft counts nowhere."""
ZERO = Decimal(0)

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What the totals need to know of a line, read in one query for many lines."""

    pk: int
    scheme: int
    buyer: int
    obligation: int
    debtor: int
    month: date
    department: str
    modality: str
    sector: str
    mode: str
    category: str
    sex: str
    job_kind: str
    pseudonym: str
    state: str
    hours: Decimal
    training: Decimal


LINE_COLUMNS = (
    *("pk", "obligation__scheme_id", "obligation__buyer_id", "obligation_id", "job_contract__debtor_id", "month"),
    *("obligation__clause__lot__department_id", "obligation__clause__modality", "obligation__clause__sector"),
    *("job_contract__mode", "job_contract__eligibility__category", "job_contract__person__sex"),
    *("job_contract__kind", "job_contract__person__pseudonym", "state", "counted_hours", "training_hours"),
)


def facts_of_lines(lines: models.QuerySet[StatementLine]) -> Iterator[LineFacts]:
    """The facts of these lines, streamed."""
    for row in lines.values_list(*LINE_COLUMNS).iterator(chunk_size=5_000):
        values = list(row)
        values[6] = values[6] or ""
        yield LineFacts(*values)


@dataclass
class Tally:
    """Changes to add to the totals, by key and column."""

    cells: dict[Key, dict[str, Decimal]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Decimal)))
    debts: dict[Key, dict[str, Decimal]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Decimal)))
    people: dict[Key, dict[str, Decimal]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Decimal)))

    def add_line(self, line: LineFacts, state: str, sign: int) -> None:
        """Add (sign 1) or take away (sign -1) a line that stands in this state."""
        column = COLUMN_OF_STATE.get(state)
        if column is None:
            return
        hours = line.hours * sign
        cell = (
            *(line.scheme, line.month, line.buyer, line.department, line.modality, line.sector),
            *(line.mode, line.category, line.sex, line.job_kind),
        )
        self.cells[cell][column] += hours
        self.debts[(line.scheme, line.obligation, line.debtor, line.month)][column] += hours
        if column == "validated":
            self.cells[cell]["training"] += line.training * sign
            person = (line.scheme, line.obligation, line.month.year, line.pseudonym, line.category, line.sex)
            self.people[person]["validated"] += hours

    def add_entry(self, row: "EntryFacts") -> None:
        cell = (row.scheme, row.month, row.buyer, row.department, row.modality, row.sector, "", "", "", "")
        self.cells[cell]["owed"] += row.hours


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What the totals need to know of an entry of what is owed."""

    scheme: int
    buyer: int
    month: date
    department: str
    modality: str
    sector: str
    hours: Decimal


def facts_of_entries(entries: models.QuerySet[Entry]) -> Iterator[EntryFacts]:
    rows = entries.values_list(
        "obligation__scheme_id",
        "obligation__buyer_id",
        "effective_on",
        "obligation__clause__lot__department_id",
        "obligation__clause__modality",
        "obligation__clause__sector",
        "hours",
    )
    for scheme, buyer, effective_on, department, modality, sector, hours in rows.iterator(chunk_size=5_000):
        month = effective_on.replace(day=1)
        yield EntryFacts(scheme, buyer, month, department or "", modality, sector, hours)


CELL_FIELDS = (
    *("scheme_id", "month", "buyer_id", "department", "modality", "sector"),
    *("mode", "category", "sex", "job_kind"),
)
DEBT_FIELDS = ("scheme_id", "obligation_id", "debtor_id", "month")
PERSON_FIELDS = ("scheme_id", "obligation_id", "year", "pseudonym", "category", "sex")
TABLES: tuple[tuple[str, type[models.Model], tuple[str, ...]], ...] = (
    ("cells", HoursCell, CELL_FIELDS),
    ("debts", DebtMonth, DEBT_FIELDS),
    ("people", PersonYear, PERSON_FIELDS),
)


def apply(tally: Tally) -> None:
    """Add the changes to the stored totals; the caller's transaction keeps them whole.

    A row is added first when it is missing (`ignore_conflicts`: another writer may add it meanwhile), then
    changed by the database itself, so that two writers never lose each other's hours.
    """
    for name, model, fields in TABLES:
        changes = {key: columns for key, columns in getattr(tally, name).items() if any(columns.values())}
        rows = [model(**dict(zip(fields, key, strict=True))) for key in changes]
        model._default_manager.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        for key, columns in changes.items():
            model._default_manager.filter(**identity(model, fields, key)).update(
                **{column: F(column) + hours for column, hours in columns.items() if hours}
            )


def identity(model: type[models.Model], fields: tuple[str, ...], key: Key) -> dict[str, Any]:
    """The condition that names one row: the fields of its unique constraint."""
    names = dict(zip(fields, key, strict=True))
    if model is PersonYear:
        names.pop("sex")
    return names


def tally_moves(moves: Iterable[tuple[int, str, str]]) -> Tally:
    """The changes made by moves (line, state before, state after)."""
    wanted = list(moves)
    lines = StatementLine.objects.filter(pk__in={pk for pk, _before, _after in wanted})
    facts = {line.pk: line for line in facts_of_lines(lines)}
    tally = Tally()
    for pk, before, after in wanted:
        tally.add_line(facts[pk], before, -1)
        tally.add_line(facts[pk], after, 1)
    return tally


def recount(scheme_id: int | None = None) -> Tally:
    """Everything, from the lines and entries."""
    lines = StatementLine.objects.exclude(state=LineState.DRAFT).order_by("pk")
    entries = Entry.objects.order_by("pk")
    if scheme_id is not None:
        lines = lines.filter(obligation__scheme_id=scheme_id)
        entries = entries.filter(obligation__scheme_id=scheme_id)
    tally = Tally()
    for line in facts_of_lines(lines):
        tally.add_line(line, line.state, 1)
    for entry in facts_of_entries(entries):
        tally.add_entry(entry)
    return tally


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored total that its lines do not give."""

    table: str
    key: str
    column: str
    stored: Decimal
    recounted: Decimal


def differences(scheme_id: int | None = None) -> list[Difference]:
    """Compare every stored total of the room with a recount."""
    tally = recount(scheme_id)
    found: list[Difference] = []
    for name, model, fields in TABLES:
        counted: dict[Key, dict[str, Decimal]] = dict(getattr(tally, name))
        if model is PersonYear:
            fields = fields[:-1]
            counted = _without_sex(counted)
        columns = [f.name for f in model._meta.fields if f.__class__.__name__ == "HundredthsField"]
        rows = model._default_manager.order_by("pk")
        if scheme_id is not None:
            rows = rows.filter(scheme_id=scheme_id)
        for row in rows.values_list(*fields, *columns).iterator(chunk_size=5_000):
            key, stored = row[: len(fields)], dict(zip(columns, row[len(fields) :], strict=True))
            true = counted.pop(key, {})
            found += [
                Difference(name, str(key), column, stored[column], true.get(column, ZERO))
                for column in columns
                if stored[column] != true.get(column, ZERO)
            ]
        for key, columns_missing in counted.items():
            found += [
                Difference(name, str(key), column, ZERO, hours)
                for column, hours in columns_missing.items()
                if hours
            ]
    return found


def _without_sex(people: dict[Key, dict[str, Decimal]]) -> dict[Key, dict[str, Decimal]]:
    merged: dict[Key, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for key, columns in people.items():
        for column, hours in columns.items():
            merged[key[:-1]][column] += hours
    return merged
