"""What waits for the facilitator: statements by firm and month, anomalies first, evidence beside lines."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from relais.clauses.models import Clause
from relais.clauses.queries import sees_whole
from relais.core.months import Month
from relais.execution.enums import LineState
from relais.execution.models import ClosedMonth, Obligation, Statement, StatementLine
from relais.kit.actor import Actor
from relais.kit.fields import total

SURPLUS_SHARE = Decimal("1.2")
"""Hours claimed over hours owed, above which the facilitator is told (alert AL19)."""


def followed_obligations(actor: Actor, obligation_ids: Collection[int]) -> frozenset[int]:
    """Which of these obligations the actor's body follows as facilitator that day."""
    followed = Clause.objects.followed_by(actor.organisation_id, actor.on)
    rows = Obligation.objects.filter(pk__in=obligation_ids, clause__in=followed)
    return frozenset(rows.values_list("pk", flat=True))


def statements_waiting(actor: Actor) -> QuerySet[Statement]:
    """Statements with a line to validate, those with anomalies first, then the oldest months."""
    mine = StatementLine.objects.to_validate(actor).filter(statement=OuterRef("pk"))
    return (
        Statement.objects.visible_to(actor)
        .filter(Exists(mine))
        .annotate(is_flagged=Exists(mine.filter(is_flagged=True)))
        .select_related("declarant", "obligation__clause", "obligation__buyer")
        .order_by("-is_flagged", "month", "declarant__name", "pk")
    )


def with_evidence(lines: QuerySet[StatementLine]) -> QuerySet[StatementLine]:
    """Lines with what is read beside them to decide."""
    return lines.select_related(
        "statement__declarant",
        "obligation__clause",
        "job_contract__person",
        "job_contract__employer",
        "job_contract__eligibility",
        "corrects",
        "declared_by",
    )


@dataclass(frozen=True, slots=True)
class LineFile:
    """A line and its evidence: hours of the same job the month before."""

    line: StatementLine
    month_before: Decimal | None


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one statement that wait for a decision."""

    statement: Statement
    lines: list[LineFile]

    @property
    def clean(self) -> list[StatementLine]:
        """Lines without anomaly, which are accepted together."""
        return [item.line for item in self.lines if not item.line.is_flagged]

    @property
    def hours(self) -> Decimal:
        return sum((item.line.hours for item in self.lines), Decimal(0))

    @property
    def surplus(self) -> Decimal:
        """Hours claimed beyond those owed, once a fifth over; zero otherwise (AL19)."""
        owed = self.statement.obligation.owed
        claimed = sum(
            (getattr(self.statement.obligation, name) for name in ("validated", "declared", "queried")),
            Decimal(0),
        )
        return claimed - owed if owed and claimed > owed * SURPLUS_SHARE else Decimal(0)


def groups_of(statements: Sequence[Statement], actor: Actor) -> list[Group]:
    """The waiting lines of some statements, anomalies first, in two queries."""
    waiting = (
        with_evidence(StatementLine.objects.visible_to(actor).to_validate(actor))
        .filter(statement__in=[statement.pk for statement in statements])
        .order_by("-is_flagged", "job_contract__person__last_name", "starts_on", "pk")
    )
    by_statement: dict[int, list[LineFile]] = defaultdict(list)
    for item in line_files(list(waiting)):
        by_statement[item.line.statement_id].append(item)
    return [Group(statement, by_statement[statement.pk]) for statement in statements]


def line_files(lines: Sequence[StatementLine]) -> list[LineFile]:
    """Lines with the hours of the same job the month before, in one query."""
    jobs = {line.job_contract_id for line in lines}
    months = {Month.of(line.month).previous().first_day for line in lines}
    before: dict[tuple[int, date], Decimal] = defaultdict(Decimal)
    rows = StatementLine.objects.live().filter(job_contract__in=jobs, month__in=months)
    for job, month, hours in rows.values_list("job_contract_id", "month", "hours"):
        before[job, month] += hours
    return [
        LineFile(line, before.get((line.job_contract_id, Month.of(line.month).previous().first_day)))
        for line in lines
    ]


@dataclass(frozen=True, slots=True)
class MonthRow:
    """The hours of one month of an obligation, by state."""

    month: Month
    declared: Decimal
    queried: Decimal
    validated: Decimal
    rejected: Decimal
    is_closed: bool

    @property
    def is_settled(self) -> bool:
        return not self.declared and not self.queried


def months_of(obligation: Obligation, actor: Actor) -> list[MonthRow]:
    """Months with hours or closed, newest first, in two queries.

    Totals name nobody: who reads the whole clause sums every line, others those they may read. `obligation`
    comes with `clause.scheme` and `clause.parties`.
    """
    states = {
        "declared": (LineState.DECLARED,),
        "queried": (LineState.QUERIED,),
        "validated": (LineState.VALIDATED, LineState.LOCKED),
        "rejected": (LineState.REJECTED,),
    }
    whole = sees_whole(actor, obligation.clause)
    lines = StatementLine.objects.all() if whole else StatementLine.objects.visible_to(actor)
    lines = lines.sent().filter(obligation=obligation)
    sums = {name: total("counted_hours", filter=Q(state__in=kept)) for name, kept in states.items()}
    by_month = lines.order_by().values("month").annotate(**sums)
    rows: dict[date, dict[str, Any]] = {row["month"]: dict(row) for row in by_month}
    closed = set(ClosedMonth.objects.filter(obligation=obligation).values_list("month", flat=True))
    return [
        MonthRow(
            Month.of(day),
            **{name: rows[day][name] if day in rows else Decimal(0) for name in states},
            is_closed=day in closed,
        )
        for day in sorted(set(rows) | closed, reverse=True)
    ]


def lines_of_month(obligation: Obligation, month: Month, actor: Actor) -> QuerySet[StatementLine]:
    """Every line sent for a month, corrections after what they correct."""
    lines = StatementLine.objects.visible_to(actor).sent()
    return (
        with_evidence(lines)
        .filter(obligation=obligation, month=month.first_day)
        .order_by("statement__declarant__name", "job_contract__person__number", "starts_on", "pk")
    )
