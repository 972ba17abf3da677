"""Keep the totals of `insight.models` in step with execution, and recount them from the lines.

Both ways share `facts_of_lines` and `Tally`: what is told by an event and what is recounted cannot be defined
differently.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from relais.execution.enums import LineState
from relais.execution.models import Entry, LineMove, StatementLine
from relais.insight import margins
from relais.insight.models import DebtMonth, HeadMargin, HoursCell, HoursMargin, PersonYear
from relais.kit.adding import add_amounts

COLUMN_OF_STATE = {
    LineState.DECLARED.value: "declared",
    LineState.QUERIED.value: "queried",
    LineState.VALIDATED.value: "validated",
    LineState.LOCKED.value: "validated",
    LineState.REJECTED.value: "rejected",
}
"""A locked line still counts as validated; a draft counts nowhere."""
ZERO = Decimal(0)
CHUNK = 5_000

type Key = tuple[Any, ...]
type Changes = dict[Key, dict[str, Decimal]]


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
    *(
        "pk",
        "obligation__scheme_id",
        "obligation__buyer_id",
        "obligation_id",
        "job_contract__debtor_id",
        "month",
    ),
    *("obligation__clause__lot__department_id", "obligation__clause__modality", "obligation__clause__sector"),
    *("job_contract__mode", "job_contract__eligibility__category", "job_contract__person__sex"),
    *("job_contract__kind", "job_contract__person__pseudonym", "state", "counted_hours", "training_hours"),
)


def facts_of_lines(lines: models.QuerySet[StatementLine]) -> Iterator[LineFacts]:
    """The facts of these lines, streamed."""
    for row in lines.values_list(*LINE_COLUMNS).iterator(chunk_size=CHUNK):
        values = list(row)
        values[6] = values[6] or ""
        yield LineFacts(*values)


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What the totals need to know of an entry of what is owed."""

    scheme: int
    buyer: int
    obligation: int
    debtor: int
    month: date
    department: str
    modality: str
    sector: str
    hours: Decimal


ENTRY_COLUMNS = (
    *("obligation__scheme_id", "obligation__buyer_id", "obligation_id", "debtor_id", "effective_on"),
    *("obligation__clause__lot__department_id", "obligation__clause__modality", "obligation__clause__sector"),
    "hours",
)


def facts_of_entries(entries: models.QuerySet[Entry]) -> Iterator[EntryFacts]:
    """The facts of these entries, streamed; an entry counts in the month it takes effect."""
    for row in entries.values_list(*ENTRY_COLUMNS).iterator(chunk_size=CHUNK):
        values = list(row)
        values[4] = values[4].replace(day=1)
        values[5] = values[5] or ""
        yield EntryFacts(*values)


def nothing() -> Changes:
    return defaultdict(lambda: defaultdict(Decimal))


@dataclass
class Tally:
    """Changes to add to the totals, by key and column."""

    cells: Changes = field(default_factory=nothing)
    debts: Changes = field(default_factory=nothing)
    people: Changes = field(default_factory=nothing)

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
        debt = (line.scheme, line.obligation, line.debtor, line.month, line.department)
        self.cells[cell][column] += hours
        self.debts[debt][column] += hours
        if column == "validated":
            self.cells[cell]["training"] += line.training * sign
            person = (
                *(line.scheme, line.obligation, line.month.year, line.pseudonym),
                *(line.category, line.mode, line.job_kind, line.sex),
            )
            self.people[person]["validated"] += hours

    def add_entry(self, row: EntryFacts, sign: int = 1) -> None:
        """Add (or take away) hours owed: they have neither mode, category, sex nor kind of job."""
        cell = (row.scheme, row.month, row.buyer, row.department, row.modality, row.sector, "", "", "", "")
        self.cells[cell]["owed"] += row.hours * sign
        self.debts[(row.scheme, row.obligation, row.debtor, row.month, row.department)]["owed"] += (
            row.hours * sign
        )

    def add(self, other: "Tally") -> None:
        """Add the changes of another tally."""
        for own, more in ((self.cells, other.cells), (self.debts, other.debts), (self.people, other.people)):
            for key, columns in more.items():
                for column, hours in columns.items():
                    own[key][column] += hours


@dataclass(frozen=True, slots=True)
class Table:
    """A stored total: which tally feeds it, what names a row, what a row only carries."""

    tally: str
    model: type[models.Model]
    key: tuple[str, ...]
    carried: tuple[str, ...] = ()

    @property
    def unique(self) -> list[str]:
        """The columns that the database keeps unique: the rest of the key follows from them."""
        (constraint,) = self.model._meta.total_unique_constraints
        return [self.model._meta.get_field(name).attname for name in constraint.fields]  # type: ignore[union-attr]

    @property
    def columns(self) -> list[str]:
        """The columns of hours."""
        return [f.name for f in self.model._meta.fields if f.get_internal_type() == "BigIntegerField"]

    def changes(self, tally: Tally) -> Mapping[Key, dict[str, Decimal]]:
        return getattr(tally, self.tally)  # type: ignore[no-any-return]


TABLES = (
    Table(
        "cells",
        HoursCell,
        (
            *("scheme_id", "month", "buyer_id", "department", "modality", "sector"),
            *("mode", "category", "sex", "job_kind"),
        ),
    ),
    Table("debts", DebtMonth, ("scheme_id", "obligation_id", "debtor_id", "month"), ("department",)),
    Table(
        "people",
        PersonYear,
        ("scheme_id", "obligation_id", "year", "pseudonym", "category", "mode", "job_kind"),
        ("sex",),
    ),
)


_gathered: ContextVar[Tally | None] = ContextVar("gathered", default=None)


@contextmanager
def gathering() -> Iterator[None]:
    """Add the changes of many acts at once, at the end of one transaction: for loads, not for pages.

    Within it the stored totals are late. An act refused inside must end the whole, or its changes would stay.
    """
    with transaction.atomic():
        token = _gathered.set(tally := Tally())
        try:
            yield
        finally:
            _gathered.reset(token)
        apply(tally)


def apply(tally: Tally) -> None:
    """Add the changes to the stored totals; the caller's transaction keeps them whole.

    The database adds, row by row, writing rows that are missing: two writers never lose each other's
    hours. What a row carries follows the last change that adds hours. Under `gathering`, they wait.
    """
    later = _gathered.get()
    if later is not None:
        later.add(tally)
        return
    watch = margins.Watch.on(key for key, kept in tally.people.items() if any(kept.values()))
    for table in TABLES:
        names = (*table.key, *table.carried)
        changes = [(key, kept) for key, kept in table.changes(tally).items() if any(kept.values())]
        add_amounts(
            table.model,
            key=table.unique,
            carried=[name for name in names if name not in table.unique],
            amounts=table.columns,
            rows=[
                (dict(zip(names, key, strict=True)), kept)
                for key, kept in sorted(changes, key=lambda change: _in_order(table, change))
            ],
        )
    margins.add_hours(tally.cells)
    watch.follow()


def _in_order(table: Table, change: tuple[Key, Mapping[str, Decimal]]) -> tuple[Key, Decimal]:
    """Rows by key, so that two writers queue instead of waiting for each other; then by hours, so that what a
    row carries is that of the change that adds some."""
    key, hours = change
    return key[: len(table.key)], sum(hours.values(), Decimal(0))


def tally_moves(moves: Iterable[tuple[int, str, str]]) -> Tally:
    """The changes made by moves (line, state before, state after), hours before and after told apart."""
    wanted = [move for move in moves if COLUMN_OF_STATE.get(move[1]) != COLUMN_OF_STATE.get(move[2])]
    if not wanted:  # a month that is locked changes no total
        return Tally()
    lines = {pk for pk, _before, _after in wanted}
    facts = {line.pk: line for line in facts_of_lines(StatementLine.objects.filter(pk__in=lines))}
    former = hours_before(pk for pk, before, _after in wanted if before)
    tally = Tally()
    for pk, before, after in wanted:
        line = facts[pk]
        tally.add_line(replace(line, hours=former.get(pk, line.hours)), before, -1)
        tally.add_line(line, after, 1)
    return tally


def hours_before(lines: Iterable[int]) -> dict[int, Decimal]:
    """The hours that each line counted before its last move: an answer to a query may change them."""
    kept: dict[int, tuple[Decimal, ...]] = {}
    rows = LineMove.objects.filter(line__in=list(lines)).order_by("at", "pk")
    for line, hours in rows.values_list("line_id", "hours"):
        kept[line] = (*kept.get(line, ())[-1:], hours)
    return {line: hours[0] for line, hours in kept.items()}


def tally_correction(lines: models.QuerySet[StatementLine], *, sex: str, pseudonym: str) -> Tally:
    """The changes made by the correction of a person, who was known by that sex and pseudonym."""
    tally = Tally()
    for line in facts_of_lines(lines):
        tally.add_line(replace(line, sex=sex, pseudonym=pseudonym), line.state, -1)
        tally.add_line(line, line.state, 1)
    return tally


def tally_relocation(scheme_id: int) -> Tally:
    """The changes made by lots whose department is no longer the one under which their hours count."""
    tally = Tally()
    now = Coalesce("obligation__clause__lot__department_id", Value(""), output_field=models.CharField())
    moved = DebtMonth.objects.filter(scheme_id=scheme_id).annotate(now=now).exclude(department=F("now"))
    former = dict(moved.order_by("pk").values_list("obligation_id", "department"))
    for line in facts_of_lines(StatementLine.objects.filter(obligation_id__in=former).order_by("pk")):
        tally.add_line(replace(line, department=former[line.obligation]), line.state, -1)
        tally.add_line(line, line.state, 1)
    for entry in facts_of_entries(Entry.objects.filter(obligation_id__in=former).order_by("pk")):
        tally.add_entry(replace(entry, department=former[entry.obligation]), -1)
        tally.add_entry(entry)
    return tally


def recount(scheme_id: int | None = None) -> tuple[Tally, int, int]:
    """Everything from the lines and entries, with how many of each were read."""
    lines = StatementLine.objects.exclude(state=LineState.DRAFT).order_by("pk")
    entries = Entry.objects.order_by("pk")
    if scheme_id is not None:
        lines = lines.filter(obligation__scheme_id=scheme_id)
        entries = entries.filter(obligation__scheme_id=scheme_id)
    tally, read_lines, read_entries = Tally(), 0, 0
    for line in facts_of_lines(lines):
        tally.add_line(line, line.state, 1)
        read_lines += 1
    for entry in facts_of_entries(entries):
        tally.add_entry(entry)
        read_entries += 1
    return tally, read_lines, read_entries


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored total that its lines do not give."""

    table: str
    row: str
    column: str
    stored: Decimal
    recounted: Decimal


@dataclass(frozen=True, slots=True)
class Recount:
    """What a recount read, compared and found."""

    lines: int
    entries: int
    totals: int
    differences: tuple[Difference, ...]


def compare(scheme_id: int | None = None) -> Recount:
    """Compare every stored total of the room with a recount."""
    tally, lines, entries = recount(scheme_id)
    totals, found = 0, []
    wanted: list[tuple[Table, Mapping[Key, dict[str, Decimal]]]] = [
        *((table, table.changes(tally)) for table in TABLES),
        (Table("margins", HoursMargin, margins.MARGIN_KEY), margins.margins_of(tally.cells)),
        (Table("heads", HeadMargin, margins.HEAD_KEY), margins.recounted_heads(scheme_id)),
    ]
    for table, changes in wanted:
        counted = _merged(changes, len(table.key))
        rows = table.model._default_manager.order_by("pk")
        if scheme_id is not None:
            rows = rows.filter(scheme_id=scheme_id)
        for row in rows.values_list(*table.key, *table.columns).iterator(chunk_size=CHUNK):
            key, stored = row[: len(table.key)], row[len(table.key) :]
            totals += 1
            found += _unequal(table, key, dict(zip(table.columns, stored, strict=True)), counted.pop(key, {}))
        for key, columns in counted.items():
            found += _unequal(table, key, {}, columns)
    return Recount(lines, entries, totals, tuple(found))


def _merged(changes: Mapping[Key, dict[str, Decimal]], length: int) -> Changes:
    """The changes by what names a row, whatever the row carries."""
    merged = nothing()
    for key, columns in changes.items():
        for column, hours in columns.items():
            merged[key[:length]][column] += hours
    return merged


def _unequal(
    table: Table, key: Key, stored: Mapping[str, Decimal], counted: Mapping[str, Decimal]
) -> Iterator[Difference]:
    name = " ".join(
        f"{field.removesuffix('_id')}={value}" for field, value in zip(table.key, key, strict=True)
    )
    for column in table.columns:
        kept, true = stored.get(column, ZERO), counted.get(column, ZERO)
        if kept != true:
            yield Difference(table.tally, name, column, kept, true)
