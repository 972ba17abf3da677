"""Read the hours of a month from a table: columns by their names, people by number or name, errors located.

All the rows are understood or none is taken: `Intake.problems` says where, why and what to do for each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from relais.core.counting import Limits
from relais.core.identity import normalise
from relais.core.money import hundredths, parse_hours
from relais.core.months import Month, days_of_overlap
from relais.core.words import BadValue, Words, gettext_noop
from relais.execution.layouts.faults import CHECK_ROW, WRITE_DAY, Problem
from relais.execution.layouts.months import read_day, read_month_name
from relais.execution.layouts.roles import WORDS, Role
from relais.execution.models import JobContract, Obligation
from relais.execution.queries.claims import Checked, Worked, checked
from relais.execution.queries.people import with_spans
from relais.execution.sheets import Cell, Row, Sheet, column_name, read_sheets
from relais.territories.names import fold

HEADER_WITHIN = 20

READ = (
    Role.NUMBER,
    Role.LAST_NAME,
    Role.FIRST_NAME,
    Role.FULL_NAME,
    Role.BIRTH_DATE,
    Role.HOURS,
    Role.TRAINING,
    Role.STARTS_ON,
    Role.ENDS_ON,
    Role.MONTH,
)
"""What a file of one month says."""

_KEYS = {name: role.value for role in READ for name in WORDS[role]}

_ASK = gettext_noop("Check the spelling, or ask the facilitator to record the job of this person.")


@dataclass
class Intake:
    """What a file says of a month. `lines` may be declared only when there is no problem."""

    month: Month | None
    lines: list[Worked] = field(default_factory=list)
    checks: list[Checked] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    read: int = 0
    unused: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return bool(self.lines) and not self.problems


@dataclass(frozen=True, slots=True)
class Head:
    """The header of a table: where each thing is, and the columns nobody reads."""

    row: int
    columns: Mapping[str, int]
    titles: Mapping[str, str]
    unused: tuple[str, ...]


class Reader:
    """Reads one table against the jobs of one body for one obligation."""

    def __init__(self, sheet: Sheet, head: Head, jobs: Sequence[JobContract], month: Month | None) -> None:
        self.sheet = sheet
        self.head = head
        self.jobs = jobs
        self.intake = Intake(month, unused=list(head.unused))
        self.rows: list[int] = []

    def read(self) -> Intake:
        for row in self.sheet.rows:
            if row.number > self.head.row and not self.is_total(row):
                self.read_row(row)
        return self.intake

    def cell(self, row: Row, key: str) -> Cell:
        place = self.head.columns.get(key)
        value = row.cells[place] if place is not None and place < len(row.cells) else None
        return None if value == "" else value

    def problem(self, row: Row, key: str, reason: Words, remedy: str = CHECK_ROW) -> None:
        place = self.head.columns.get(key)
        letters = column_name(place + self.sheet.first_column) if place is not None else ""
        title = self.head.titles.get(key, "")
        column = f"{letters} ({title})" if title else letters
        self.intake.problems.append(Problem(self.sheet.name, row.number, column, reason, Words(remedy)))

    def is_total(self, row: Row) -> bool:
        """A row of totals, or one without hours: nothing to declare."""
        texts = [fold(cell) for cell in row.cells if isinstance(cell, str)]
        return any(text.split()[:1] in (["total"], ["totaux"]) for text in texts) or (
            self.cell(row, "hours") is None and self.cell(row, "training") is None
        )

    def read_row(self, row: Row) -> None:
        self.intake.read += 1
        hours = self.hours(row, "hours")
        training = self.hours(row, "training") or Decimal(0)
        first, last = self.day(row, "starts_on"), self.day(row, "ends_on")
        if not self.settle_month(row, first) or hours is None:
            return
        job = self.job(row, first, last)
        if job is None or hours == 0:
            return
        self.rows.append(row.number)
        self.intake.lines.append(Worked(job, hours, training, first, last))

    def hours(self, row: Row, key: str) -> Decimal | None:
        value = self.cell(row, key)
        if value is None:
            return None if key == "hours" else Decimal(0)
        try:
            if isinstance(value, Decimal):
                return hundredths(value)
            if isinstance(value, str):
                return parse_hours(value)
        except BadValue as error:
            self.problem(row, key, error.words)
            return None
        self.problem(row, key, Words(gettext_noop("“%(day)s” is a date, not hours."), {"day": value}))
        return None

    def day(self, row: Row, key: str) -> date | None:
        value = self.cell(row, key)
        if value is None:
            return None
        try:
            return read_day(value)
        except BadValue as error:
            self.problem(row, key, error.words, WRITE_DAY)
            return None

    def settle_month(self, row: Row, first: date | None) -> bool:
        """The month of the row must be the one asked for, or that of the rows before."""
        value = self.cell(row, "month")
        said = read_month_name(value) if value is not None else (Month.of(first) if first else None)
        if value is not None and said is None:
            reason = Words(gettext_noop("“%(text)s” is not a month."), {"text": str(value)})
            self.problem(row, "month", reason, gettext_noop("Write the month as 2026-03 or mars 2026."))
            return False
        if self.intake.month is None:
            self.intake.month = said
        if self.intake.month is None:
            self.problem(
                row,
                "month",
                Words(gettext_noop("The file does not say which month it is.")),
                gettext_noop("Add a column “mois”, or choose the month before sending the file."),
            )
            return False
        if said is not None and said != self.intake.month:
            reason = Words(
                gettext_noop("The row is of %(said)s, the statement of %(month)s."),
                {"said": said, "month": self.intake.month},
            )
            key = "month" if value is not None else "starts_on"
            self.problem(row, key, reason, gettext_noop("Send one file per month."))
            return False
        return True

    def job(self, row: Row, first: date | None, last: date | None) -> JobContract | None:
        """The one job the row speaks of: by number, else by name with or without birth date."""
        key, people = self.people(row)
        if not people:
            return None
        month = self.intake.month
        assert month is not None  # settled before
        start, end = first or month.first_day, last or month.last_day
        running = [
            job for job in people if days_of_overlap(start, end, job.starts_on, job.ends_on or date.max)
        ]
        if len(running) == 1:
            return running[0]
        if len({job.person_id for job in people}) > 1:
            reason, remedy = (
                gettext_noop("Several people have this name."),
                gettext_noop("Add their number or their birth date."),
            )
        elif running:
            reason, remedy = (
                gettext_noop("This person has several jobs on these days."),
                gettext_noop("Give the first and last day in the columns “du” and “au”, one row per job."),
            )
        else:
            reason, remedy = gettext_noop("This person has no job on these days."), _ASK
        self.problem(row, key, Words(reason), remedy)
        return None

    def people(self, row: Row) -> tuple[str, list[JobContract]]:
        number = self.cell(row, "number")
        if isinstance(number, str):
            found = [job for job in self.jobs if job.person.number.casefold() == number.casefold()]
            if not found:
                reason = Words(gettext_noop("Nobody has the number %(number)s here."), {"number": number})
                self.problem(row, "number", reason, _ASK)
            return "number", found
        name = [str(self.cell(row, key) or "") for key in ("last_name", "first_name", "full_name")]
        key = "last_name" if "last_name" in self.head.columns else "full_name"
        folded = normalise(name)
        if not folded:
            reason = Words(gettext_noop("The row names nobody."))
            self.problem(row, key, reason, gettext_noop("Write the number or the name of the person."))
            return key, []
        birth = self.day(row, "birth_date")
        found = [
            job
            for job in self.jobs
            if job.person.search_name == folded and birth in (None, job.person.birth_date)
        ]
        if not found:
            reason = Words(gettext_noop("Nobody of this name works for you under this clause."))
            self.problem(row, key, reason, _ASK)
        return key, found


def read_hours(
    content: bytes,
    *,
    name: str,
    obligation: Obligation,
    declarant_id: int,
    month: Month | None,
    limits: Limits,
) -> Intake:
    """What a file says of a month, checked as a declaration would be.

    Raises `BadValue` for a file that cannot be read at all.
    """
    sheet, head = _table(read_sheets(content, name))
    jobs = JobContract.objects.filter(obligation=obligation, declared_by_id=declarant_id)
    reader = Reader(sheet, head, list(with_spans(jobs).order_by("pk")), month)
    intake = reader.read()
    if intake.month is not None and intake.lines:
        intake.checks = checked(obligation, intake.month, intake.lines, limits=limits)
        for number, line in zip(reader.rows, intake.checks, strict=True):
            for finding in line.refusals:
                reader.problem(Row(number, ()), "hours", finding.words)
    if not intake.lines and not intake.problems:
        reason = Words(gettext_noop("No row of the file holds hours."))
        intake.problems.append(Problem(sheet.name, 0, "", reason, Words(CHECK_ROW)))
    return intake


def _table(sheets: Sequence[Sheet]) -> tuple[Sheet, Head]:
    """The one sheet that has a header of hours."""
    found = [(sheet, head) for sheet in sheets if (head := _head(sheet))]
    if not found:
        raise BadValue(
            gettext_noop(
                "No header is recognised: the first row names the columns, at least “heures” and “numéro” or "
                "“nom”. Start from the template of this page."
            )
        )
    if len(found) > 1:
        raise BadValue(
            gettext_noop("Several sheets hold hours (%(sheets)s). Send one file per month and per clause."),
            sheets=[sheet.name for sheet, _ in found],
        )
    return found[0]


def _head(sheet: Sheet) -> Head | None:
    for row in sheet.rows[:HEADER_WITHIN]:
        columns: dict[str, int] = {}
        titles: dict[str, str] = {}
        unused: list[str] = []
        twice: tuple[str, str] | None = None
        for place, cell in enumerate(row.cells):
            title = cell if isinstance(cell, str) else ""
            key = _KEYS.get(fold(title))
            if key is None:
                unused += [title] if title else []
                continue
            if key in columns:
                twice = (titles[key], title)
            columns.setdefault(key, place)
            titles.setdefault(key, title)
        if "hours" in columns and columns.keys() & {"number", "last_name", "full_name"}:
            if twice:
                raise BadValue(
                    gettext_noop(
                        "Two columns say the same thing: “%(one)s” and “%(other)s”. Keep one of them."
                    ),
                    one=twice[0],
                    other=twice[1],
                )
            return Head(row.number, columns, titles, tuple(unused))
    return None
