"""A file of hours in any layout: its tables, those already known, what it says month by month.

Nothing is guessed: a table is read as somebody of the body said it is; a person is one of those employed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Value

from relais.core.identity import normalise
from relais.core.months import Month, days_of_overlap
from relais.core.words import Words, gettext_noop
from relais.execution.enums import StatementState
from relais.execution.layouts import (
    Asked,
    Entry,
    Frame,
    Layout,
    Problem,
    Reading,
    Role,
    Table,
    Who,
    find_tables,
    guessed,
    read_table,
)
from relais.execution.layouts.amounts import is_number
from relais.execution.layouts.faults import CHECK_ROW
from relais.execution.layouts.reading import GIVE_PERIOD
from relais.execution.models import (
    ClosedMonth,
    HoursFile,
    JobContract,
    Obligation,
    ObligationQuerySet,
    Statement,
    StatementLayout,
)
from relais.execution.queries.claims import Checked, Worked, checked_months, limits_on
from relais.execution.queries.people import with_spans
from relais.execution.sheets import Row, Sheet, column_name, read_sheets
from relais.kit.words import month as say_month
from relais.territories.names import fold

MOST_ROWS = 100_000
SHEET_MARK = "sheet "
MOST_ASKED = 60
MOST_SHOWN = 100
CLOSED = "closed"
_ASK = gettext_noop("Choose the person on this page, or ask the facilitator to record this job.")


@dataclass(frozen=True, slots=True)
class Part:
    """A table of the file, or a sheet with figures in which none was found; `layout` when it is known."""

    number: int
    sheet: Sheet
    table: Table | None
    layout: Layout | None

    @property
    def signature(self) -> str:
        """What the layout is kept under."""
        return self.table.signature if self.table else f"{SHEET_MARK}{fold(self.sheet.name)}"[:64]

    @property
    def guess(self) -> Layout:
        return guessed(self.table) if self.table else Layout()


@dataclass(frozen=True, slots=True)
class Unknown:
    """Somebody whom the file names and who is not found, or found several times."""

    who: Who
    reason: Words
    row: int
    sheet: str


@dataclass
class MonthRead:
    """What the file says of one month of an obligation."""

    obligation: Obligation
    month: Month
    lines: list[Worked] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    checks: list[Checked] = field(default_factory=list)
    state: str = ""
    """The state of the statement already begun, empty when there is none."""

    @property
    def hours(self) -> Decimal:
        return sum((line.hours for line in self.lines), Decimal(0))

    @property
    def training(self) -> Decimal:
        return sum((line.training_hours for line in self.lines), Decimal(0))

    @property
    def title(self) -> str:
        """The month and its clause, in the language of the reader."""
        return f"{say_month(self.month)} · {self.obligation.clause.reference}"

    @property
    def shown(self) -> list[tuple[Worked, Entry]]:
        """The first lines with their place in the file."""
        return list(zip(self.lines[:MOST_SHOWN], self.entries[:MOST_SHOWN], strict=True))

    @property
    def is_sent(self) -> bool:
        return self.state == StatementState.SUBMITTED

    @property
    def hidden(self) -> int:
        return max(len(self.lines) - MOST_SHOWN, 0)

    @property
    def questioned(self) -> int:
        """Lines that the facilitator will look at."""
        return sum(bool(item.queries) for item in self.checks)


@dataclass
class FileRead:
    """What a file says under what is known of its layout. It may be stored when it is whole."""

    parts: list[Part]
    months: list[MonthRead] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unknown: dict[str, Unknown] = field(default_factory=dict)
    readings: list[tuple[Part, Reading]] = field(default_factory=list)
    jobs: list[JobContract] = field(default_factory=list)

    @property
    def to_teach(self) -> list[Part]:
        return [part for part in self.parts if part.layout is None]

    @property
    def is_whole(self) -> bool:
        return bool(self.months) and not self.problems and not self.to_teach

    @property
    def rows(self) -> int:
        return sum(reading.rows for _part, reading in self.readings)

    @property
    def proved(self) -> int:
        return sum(reading.proved for _part, reading in self.readings)

    @property
    def lines(self) -> int:
        return sum(len(month.lines) for month in self.months)

    @property
    def hours(self) -> Decimal:
        return sum((month.hours for month in self.months), Decimal(0))

    @property
    def differing(self) -> list[str]:
        return [key for _part, reading in self.readings for key in reading.differing]


def opened(content: bytes, name: str) -> list[Sheet]:
    """The sheets of a file of hours. Raises `BadValue` for what cannot or must not be read."""
    return read_sheets(content, name, most_rows=MOST_ROWS)


def declarable_jobs(declarant_id: int, obligations: ObligationQuerySet) -> list[JobContract]:
    """The jobs whose hours a body declares under these obligations, with all that a file asks of them."""
    jobs = JobContract.objects.filter(declared_by_id=declarant_id, obligation__in=obligations.order_by())
    full = with_spans(jobs).select_related(
        "obligation__clause", "obligation__buyer", "obligation__scheme", "person", "employer", "eligibility"
    )
    return list(full.order_by("person__last_name", "person__first_name", "pk"))


def obligations_of(jobs: Iterable[JobContract]) -> list[Obligation]:
    """The obligations of some jobs, once each."""
    return list({job.obligation_id: job.obligation for job in jobs}.values())


def layouts_of(declarant_id: int) -> dict[str, Layout]:
    """The layouts that a body taught, by signature."""
    kept = StatementLayout.objects.filter(declarant_id=declarant_id).values_list("signature", "mapping")
    return {signature: Layout.from_dict(mapping) for signature, mapping in kept}


def parts_of(
    sheets: Sequence[Sheet], layouts: Mapping[str, Layout], choices: Mapping[str, Any]
) -> list[Part]:
    """The tables of a file in order; `choices`: what was said of this file alone (`frames`)."""
    frames: Mapping[str, Sequence[int]] = choices.get("frames", {})
    found: list[Part] = []
    for sheet in sheets:
        framed = frames.get(sheet.name)
        tables: Sequence[Table | None] = find_tables(
            sheet, layouts.keys(), Frame(*framed) if framed else None
        )
        if not tables and any(is_number(cell) for row in sheet.rows for cell in row.cells):
            tables = [None]
        for table in tables:
            part = Part(len(found), sheet, table, None)
            found.append(Part(len(found), sheet, table, layouts.get(part.signature)))
    return found


def learned_roles(layouts: Iterable[Layout]) -> dict[str, Role]:
    """What was said of the same heads in other layouts, to propose it again."""
    return {key: role for layout in layouts if not layout.skip for key, role in layout.roles.items()}


def file_read(file: HoursFile, jobs: Sequence[JobContract], on: date) -> FileRead:
    """What a file kept says, as a declaration would be checked; `jobs`: those of `declarable_jobs`.

    Raises `BadValue` for a file that cannot be read.
    """
    known = layouts_of(file.declarant_id)
    parts = parts_of(opened(bytes(file.content), file.name), known, file.choices)
    found = FileRead(parts, jobs=list(jobs))
    asked = asked_of(file)
    for part in found.parts:
        if part.layout is not None and part.table is not None and not part.layout.skip:
            reading = read_table(part.table, part.layout, asked)
            found.readings.append((part, reading))
            found.problems += reading.problems
    if not found.to_teach:
        _Resolver(file, found, on).resolve()
    return found


def asked_of(file: HoursFile) -> Asked:
    """The month or the year said for the file, the totals set aside, the name of the file."""
    period = str(file.choices.get("period", ""))
    aside = frozenset(file.choices.get("aside", ()))
    month = Month.parse(period) if "-" in period else None
    year = int(period) if period and month is None else None
    return Asked(year, month, aside, (file.name,))


class _Resolver:
    """From lines that name people to hours of jobs."""

    def __init__(self, file: HoursFile, found: FileRead, on: date) -> None:
        self.found = found
        self.on = on
        self.file = file
        self.obligations = {one.pk: one for one in obligations_of(found.jobs)}
        self.by_reference: dict[str, list[Obligation]] = defaultdict(list)
        for one in self.obligations.values():
            self.by_reference[fold(one.clause.reference)].append(one)
        self.chosen: Mapping[str, int] = file.choices.get("people", {})
        self.by_pk = {job.pk: job for job in found.jobs}
        self.by_number: dict[tuple[int, str], list[JobContract]] = defaultdict(list)
        self.by_name: dict[tuple[int, str], list[JobContract]] = defaultdict(list)
        self.by_person: dict[tuple[int, int], list[JobContract]] = defaultdict(list)
        for job in found.jobs:
            self.by_number[job.obligation_id, job.person.number.upper()].append(job)
            self.by_name[job.obligation_id, job.person.search_name].append(job)
            self.by_person[job.obligation_id, job.person_id].append(job)
        self.kept: dict[tuple[int, Month, int, date | None, date | None], Entry] = {}
        self.told: set[tuple[str, Words]] = set()

    def resolve(self) -> None:
        for _part, reading in self.found.readings:
            for entry in reading.entries:
                self.take(entry)
        self.gather()
        self.check()
        if not self.found.months and not self.found.problems:
            self.problem(None, Words(gettext_noop("No row of the file holds hours.")))

    def problem(self, entry: Entry | None, reason: Words, remedy: str = CHECK_ROW) -> None:
        sheet, row, column = (entry.sheet, entry.row, entry.column) if entry else ("", 0, "")
        self.found.problems.append(Problem(sheet, row, column, reason, Words(remedy)))

    def take(self, entry: Entry) -> None:
        if not entry.hours and not entry.training:
            return
        obligation_id = self.obligation(entry)
        if obligation_id is None:
            return
        job = self.job(entry, obligation_id)
        if job is None:
            return
        key = (obligation_id, entry.month, job.pk, entry.starts_on, entry.ends_on)
        before = self.kept.get(key)
        if before is None:
            self.kept[key] = entry
        elif before.hours is None or (entry.hours is None and before.training is None):
            self.kept[key] = self.merged(before, entry)
        else:
            reason = Words(
                gettext_noop("The hours of this person for %(month)s are already on line %(row)s%(sheet)s."),
                {
                    "month": entry.month,
                    "row": before.row,
                    "sheet": f" ({before.sheet})" if before.sheet else "",
                },
            )
            self.problem(entry, reason, gettext_noop("Keep one of the two rows, or give their days."))

    @staticmethod
    def merged(one: Entry, other: Entry) -> Entry:
        """Hours in a table and their training in another."""
        worked = one if one.hours is not None else other
        training = other.training if worked is one else one.training
        if worked.training is not None:
            training = worked.training
        return Entry(
            worked.sheet, worked.row, worked.column, worked.who, worked.month, worked.hours, training,
            worked.starts_on, worked.ends_on, worked.clause,
        )  # fmt: skip

    def obligation(self, entry: Entry) -> int | None:
        if not entry.clause:
            if self.file.obligation_id is None:
                reason = Words(gettext_noop("The file does not say of which clause these hours are."))
                self.once(entry, reason, gettext_noop("Choose the clause on this page."))
            elif self.file.obligation_id not in self.obligations:
                self.once(entry, Words(gettext_noop("You employ nobody under this clause.")), _ASK)
                return None
            return self.file.obligation_id
        found = self.by_reference.get(fold(entry.clause), [])
        if len(found) == 1:
            return found[0].pk
        reason = Words(
            gettext_noop("“%(text)s” is not the reference of a clause under which you declare."),
            {"text": entry.clause[:80]},
        )
        self.once(entry, reason, gettext_noop("Write the reference of the clause as on its page."))
        return None

    def once(self, entry: Entry, reason: Words, remedy: str) -> None:
        """Say once what all the rows would say."""
        if (str(reason), reason) not in self.told:
            self.told.add((str(reason), reason))
            self.problem(entry, reason, remedy)

    def job(self, entry: Entry, obligation_id: int) -> JobContract | None:
        who = entry.who
        if (chosen := self.by_pk.get(self.chosen.get(who.key, 0))) is not None:
            people = self.by_person[obligation_id, chosen.person_id]
        else:
            people = self.people(who, obligation_id)
        running = self.running(people, entry)
        if len(running) == 1:
            return running[0]
        if chosen in running:
            return chosen
        self.unknown(entry, obligation_id, people, running)
        return None

    def people(self, who: Who, obligation_id: int) -> list[JobContract]:
        """By number when it is one of ours, else by name; both must not contradict each other."""
        numbered = self.by_number.get((obligation_id, who.number.upper()), []) if who.number else []
        named = self.by_name.get((obligation_id, normalise([who.name])), []) if who.name else []
        found = numbered or named
        if (
            numbered
            and who.name
            and not {job.person_id for job in numbered} & {job.person_id for job in named}
        ):
            return []
        return [job for job in found if who.birth in (None, job.person.birth_date)]

    @staticmethod
    def contradicts(numbered: Sequence[JobContract], named: Sequence[JobContract], who: Who) -> bool:
        """The number is that of somebody, the name is not."""
        same = {job.person_id for job in numbered} & {job.person_id for job in named}
        return bool(numbered and who.name and not same)

    @staticmethod
    def running(jobs: Sequence[JobContract], entry: Entry) -> list[JobContract]:
        first, last = entry.starts_on or entry.month.first_day, entry.ends_on or entry.month.last_day
        return [job for job in jobs if days_of_overlap(first, last, job.starts_on, job.ends_on or date.max)]

    def unknown(
        self,
        entry: Entry,
        obligation_id: int,
        people: Sequence[JobContract],
        running: Sequence[JobContract],
    ) -> None:
        remedy = _ASK
        if not people and self.by_number.get((obligation_id, entry.who.number.upper())):
            reason = Words(gettext_noop("The number is that of somebody else than the name."))
        elif not people:
            reason = Words(gettext_noop("Nobody of this name works for you under this clause."))
        elif len({job.person_id for job in people}) > 1:
            reason = Words(gettext_noop("Several people have this name."))
        elif running:
            reason = Words(gettext_noop("This person has several jobs on these days."))
            remedy = gettext_noop("Choose the job on this page, or give the first and last day of each row.")
        else:
            reason = Words(gettext_noop("No job of this person runs in %(month)s."), {"month": entry.month})
            remedy = gettext_noop("Check the month, or ask the facilitator to record the job.")
        self.problem(entry, reason, remedy)
        if entry.who.key not in self.found.unknown and len(self.found.unknown) < MOST_ASKED:
            self.found.unknown[entry.who.key] = Unknown(entry.who, reason, entry.row, entry.sheet)

    def gather(self) -> None:
        months: dict[tuple[int, Month], MonthRead] = {}
        for (obligation_id, month, job_id, first, last), entry in self.kept.items():
            if not entry.hours:
                reason = Words(gettext_noop("Training is part of the hours: no hours are read for it."))
                self.problem(entry, reason)
                continue
            read = months.setdefault(
                (obligation_id, month), MonthRead(self.obligations[obligation_id], month)
            )
            training = entry.training or Decimal(0)
            read.lines.append(Worked(self.by_pk[job_id], entry.hours, training, first, last))
            read.entries.append(entry)
        self.found.months = sorted(months.values(), key=lambda one: (one.month, one.obligation.pk))

    def check(self) -> None:
        """What a declaration of these months would answer, line by line."""
        states, closed = self.standing()
        for obligation in {read.obligation.pk: read.obligation for read in self.found.months}.values():
            reads = {one.month: one for one in self.found.months if one.obligation.pk == obligation.pk}
            limits = limits_on(obligation.scheme, [month.last_day for month in reads])
            results = checked_months(
                obligation,
                {month: read.lines for month, read in reads.items()},
                limits={month: limits[month.last_day][0] for month in reads},
                closed=closed[obligation.pk],
            )
            for month, read in reads.items():
                read.checks = results[month]
                read.state = states.get((obligation.pk, month), "")
                self.may_declare(read)
                for entry, item in zip(read.entries, read.checks, strict=True):
                    for finding in item.refusals:
                        self.problem(entry, finding.words)

    def standing(self) -> tuple[dict[tuple[int, Month], str], dict[int, set[Month]]]:
        """The states of the statements already begun, and the months closed, in one query."""
        months = {
            "obligation__in": {read.obligation.pk for read in self.found.months},
            "month__in": {read.month.first_day for read in self.found.months},
        }
        own = Statement.objects.filter(declarant_id=self.file.declarant_id, **months)
        rows = own.order_by().values_list("obligation_id", "month", "state")
        shut = ClosedMonth.objects.filter(**months).order_by()
        states: dict[tuple[int, Month], str] = {}
        closed: dict[int, set[Month]] = defaultdict(set)
        both = rows.union(shut.values_list("obligation_id", "month", Value(CLOSED)), all=True)
        for obligation_id, day, state in both.order_by():
            if state == CLOSED:
                closed[obligation_id].add(Month.of(day))
            else:
                states[obligation_id, Month.of(day)] = state
        return states, closed

    def may_declare(self, read: MonthRead) -> None:
        if read.month.first_day > self.on:
            reason = Words(
                gettext_noop("%(month)s has not begun: hours are declared once worked."),
                {"month": read.month},
            )
            self.problem(read.entries[0], reason, GIVE_PERIOD)


def shown_rows(part: Part, most: int = 12) -> list[Row]:
    """The first rows of the sheet, from a little above the table."""
    if part.table is None:
        return list(part.sheet.rows[:most])
    rows = part.sheet.rows
    at = next((at for at, row in enumerate(rows) if row.number >= part.table.header_row), 0)
    return list(rows[max(0, at - 2) : at + part.table.height + most])


def letters_of(sheet: Sheet, most: int) -> list[str]:
    """The letters of the first columns of a sheet."""
    width = min(most, max((len(row.cells) for row in sheet.rows[:200]), default=0))
    return [column_name(sheet.first_column + at) for at in range(width)]
