"""The page of a month for who declares it: one line per job, what was typed, what was sent."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, F, Max, Min, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from relais.clauses.models import Party
from relais.core.months import Month, months_between
from relais.execution.enums import LineState, StatementState
from relais.execution.models import (
    ClosedMonth,
    Debtor,
    JobContract,
    Obligation,
    ObligationQuerySet,
    Statement,
    StatementLine,
)
from relais.execution.queries.claims import countable_days
from relais.execution.queries.people import DECLARING_PARTS, with_spans
from relais.kit.actor import Actor
from relais.organisations.models import in_force

NAMED = ("job_contract__person__last_name", "job_contract__person__first_name", "starts_on", "pk")


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a job read in a file or kept in a draft, other than the whole month."""

    job_id: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Row:
    """A line to fill: the job, its days in the month, hours already typed, hours of the month before."""

    job: JobContract
    starts_on: date
    ends_on: date
    hours: Decimal | None
    training_hours: Decimal | None
    before: Decimal | None

    @property
    def key(self) -> str:
        """Name of the row in the page."""
        return f"{self.job.pk}-{self.starts_on.day}-{self.ends_on.day}"

    @property
    def period(self) -> str:
        """The row as the page sends it back."""
        return f"{self.job.pk}:{self.starts_on.isoformat()}:{self.ends_on.isoformat()}"


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """Everything the page of a month shows to who declares it."""

    obligation: Obligation
    month: Month
    statement: Statement | None
    rows: list[Row]
    sent: list[StatementLine]
    idle: list[JobContract]
    closed: bool
    takes_part: bool
    debtor: Debtor | None

    @property
    def version(self) -> int:
        return self.statement.version if self.statement else 0

    @property
    def is_sent(self) -> bool:
        return self.statement is not None and self.statement.state == StatementState.SUBMITTED

    @property
    def sent_hours(self) -> Decimal:
        return sum((line.hours for line in self.sent if line.state != LineState.REJECTED), Decimal(0))

    def remaining(self, typed: Decimal = Decimal(0)) -> Decimal | None:
        """Hours of one's own debt left once all that is claimed is validated; none without a debt."""
        if self.debtor is None:
            return None
        claimed = self.debtor.validated + self.debtor.declared + self.debtor.queried
        return max(self.debtor.owed - claimed - typed, Decimal(0))


def with_month(obligations: ObligationQuerySet, month: Month, actor: Actor) -> ObligationQuerySet:
    """Obligations told whether the month is closed and whether the actor's body declares hours."""
    closed = ClosedMonth.objects.filter(obligation=OuterRef("pk"), month=month.first_day)
    parts = Party.objects.filter(
        in_force(actor.on),
        clause=OuterRef("clause"),
        organisation_id=actor.organisation_id,
        part__in=DECLARING_PARTS,
    )
    return obligations.select_related("clause", "buyer", "scheme").annotate(
        month_closed=Exists(closed), takes_part=Exists(parts)
    )


def month_sheet(
    obligation: Obligation, month: Month, actor: Actor, periods: Sequence[Period] = ()
) -> MonthSheet:
    """The sheet of a month for the actor's body; `obligation` comes from `with_month`.

    `periods` are rows the page or a file adds to the whole months.
    """
    own = actor.organisation_id
    statement = (
        Statement.objects.visible_to(actor)
        .declared_by(own)
        .filter(obligation=obligation, month=month.first_day)
        .first()
    )
    lines = _lines(obligation, month, actor)
    here = [line for line in lines if line.month == month.first_day]
    sent = [line for line in here if line.state != LineState.DRAFT]
    drafts = [line for line in here if line.state == LineState.DRAFT]
    before: dict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.month != month.first_day and line.state not in (LineState.REJECTED, LineState.DRAFT):
            before[line.job_contract_id] += line.hours
    jobs = JobContract.objects.filter(obligation=obligation, declared_by_id=own)
    running = list(
        with_spans(jobs.running_in(month.first_day, month.last_day))
        .select_related("person", "employer", "obligation", "eligibility", "debtor")
        .order_by("person__last_name", "person__first_name", "starts_on", "pk")
    )
    wanted = [*periods, *(Period(line.job_contract_id, line.starts_on, line.ends_on) for line in drafts)]
    rows, idle = _rows(running, month, sent, wanted, drafts, before)
    return MonthSheet(
        obligation=obligation,
        month=month,
        statement=statement,
        rows=rows,
        sent=sent,
        idle=idle,
        closed=getattr(obligation, "month_closed"),  # noqa: B009 - annotated
        takes_part=getattr(obligation, "takes_part"),  # noqa: B009 - annotated
        debtor=next((job.debtor for job in running if job.debtor.organisation_id == own), None),
    )


def _lines(obligation: Obligation, month: Month, actor: Actor) -> list[StatementLine]:
    """Own lines of the month and of the one before, in one query."""
    return list(
        StatementLine.objects.visible_to(actor)
        .filter(
            obligation=obligation,
            statement__declarant_id=actor.organisation_id,
            month__in=(month.first_day, month.previous().first_day),
        )
        .select_related("job_contract__person", "corrects")
        .order_by(*NAMED)
    )


def _rows(
    jobs: Sequence[JobContract],
    month: Month,
    sent: Sequence[StatementLine],
    periods: Sequence[Period],
    drafts: Sequence[StatementLine],
    before: dict[int, Decimal],
) -> tuple[list[Row], list[JobContract]]:
    """A row per job without line sent, and per period asked; jobs on which no hour may count are idle."""
    claimed = {line.job_contract_id for line in sent if line.state != LineState.REJECTED}
    typed = {(line.job_contract_id, line.starts_on, line.ends_on): line for line in drafts}
    rows, idle = [], []
    for job in jobs:
        asked = sorted({(period.starts_on, period.ends_on) for period in periods if period.job_id == job.pk})
        whole = countable_days(job, job.obligation, month)
        if not asked and whole is None:
            idle.append(job)
        elif not asked and whole and job.pk not in claimed:
            asked = [whole]
        for first, last in asked:
            line = typed.get((job.pk, first, last))
            rows.append(
                Row(
                    job=job,
                    starts_on=first,
                    ends_on=last,
                    hours=line.hours if line else None,
                    training_hours=(line.training_hours or None) if line else None,
                    before=before.get(job.pk),
                )
            )
    return rows, idle


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation for who declares under it: the next month to declare, and those already begun."""

    obligation: Obligation
    due: Month | None
    late: int
    statements: list[Statement]
    queried: list[StatementLine]

    @property
    def debtor(self) -> Debtor | None:
        """One's own share, when one owes hours."""
        return next(iter(getattr(self.obligation, "own_debts")), None)  # noqa: B009 - prefetched


def duties(obligations: Sequence[Obligation], actor: Actor) -> list[Duty]:
    """What the actor's body has to declare and answer for these obligations, in two queries."""
    statements: dict[int, list[Statement]] = defaultdict(list)
    own = Statement.objects.visible_to(actor).declared_by(actor.organisation_id)
    for statement in own.filter(obligation__in=obligations).order_by("-month"):
        statements[statement.obligation_id].append(statement)
    queried: dict[int, list[StatementLine]] = defaultdict(list)
    asked = StatementLine.objects.visible_to(actor).filter(
        statement__declarant_id=actor.organisation_id, state=LineState.QUERIED, obligation__in=obligations
    )
    for line in asked.select_related("job_contract__person").order_by("month", "pk"):
        queried[line.obligation_id].append(line)
    result = []
    for obligation in obligations:
        sent = {item.month for item in statements[obligation.pk] if item.is_sent}
        missing = [month for month in _months(obligation, actor.on) if month.first_day not in sent]
        result.append(
            Duty(
                obligation,
                missing[0] if missing else None,
                len(missing),
                statements[obligation.pk],
                queried[obligation.pk],
            )
        )
    return result


def _months(obligation: Obligation, on: date) -> list[Month]:
    """Months over, from the first job recorded for the declarant to the end of its last one."""
    first, last = getattr(obligation, "first_job"), getattr(obligation, "last_job")  # noqa: B009
    if first is None:
        return []
    end = min(obligation.ends_on, last or obligation.ends_on, Month.of(on).previous().last_day)
    return months_between(Month.of(first), Month.of(end)) if end >= first else []


def obligations_declared(actor: Actor) -> ObligationQuerySet:
    """Obligations under which the actor's body declares hours, running ones first."""
    own = Q(job_contracts__declared_by_id=actor.organisation_id)
    parts = Party.objects.filter(
        in_force(actor.on), organisation_id=actor.organisation_id, part__in=DECLARING_PARTS
    )
    return (
        Obligation.objects.visible_to(actor)
        .filter(clause__in=parts.values("clause_id"))
        .annotate(
            first_job=Min("job_contracts__starts_on", filter=own),
            last_job=Max(Coalesce("job_contracts__ends_on", F("ends_on")), filter=own),
        )
        .prefetch_related(
            Prefetch("debtors", Debtor.objects.filter(organisation_id=actor.organisation_id), "own_debts")
        )
        .select_related("clause__lot", "buyer")
        .order_by("state", "ends_on", "pk")
    )


def statement_file(actor: Actor) -> QuerySet[Statement]:
    """Statements with what a receipt shows."""
    return Statement.objects.visible_to(actor).select_related(
        "declarant", "obligation__clause__lot", "obligation__buyer", "submitted_by"
    )


def lines_of_statement(statement: Statement, actor: Actor) -> list[StatementLine]:
    """The lines sent of a statement, with the people."""
    lines = StatementLine.objects.visible_to(actor).sent().filter(statement=statement)
    return list(lines.select_related("job_contract__person", "corrects").order_by(*NAMED))
