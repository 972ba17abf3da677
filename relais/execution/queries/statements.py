"""The page of a month for who declares it: one line per job, what was typed, what was sent."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from relais.clauses.models import Party
from relais.core.ledger import expected_on
from relais.core.months import Month
from relais.core.words import Words, gettext_noop
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
from relais.execution.queries.standing import Gap, Pace, Standing, pace_of, standings, statement_due
from relais.kit.actor import Actor
from relais.organisations.enums import PolicyKey
from relais.organisations.models import in_force
from relais.organisations.policies import policy

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


class Stance(StrEnum):
    """Where who declares stands with an obligation, most pressing first; the page says it in a word."""

    ASKED = "asked"
    DONE = "done"
    LATE = "late"
    FAILING = "failing"
    BEHIND = "behind"
    TO_DECLARE = "to_declare"
    IDLE = "idle"
    AWAITED = "awaited"
    DECLARED = "declared"
    UP_TO_DATE = "up_to_date"

    @property
    def tone(self) -> str:
        return STANCES[self][0]

    @property
    def label(self) -> Words:
        return STANCES[self][1]


STANCES = {
    Stance.ASKED: ("warn", Words(gettext_noop("To answer"))),
    Stance.DONE: ("good", Words(gettext_noop("Hours done"))),
    Stance.LATE: ("bad", Words(gettext_noop("Late"))),
    Stance.FAILING: ("bad", Words(gettext_noop("Failing"))),
    Stance.BEHIND: ("warn", Words(gettext_noop("Behind the plan"))),
    Stance.TO_DECLARE: ("wait", Words(gettext_noop("To declare"))),
    Stance.IDLE: ("warn", Words(gettext_noop("Nobody in post"))),
    Stance.AWAITED: ("wait", Words(gettext_noop("Statement awaited"))),
    Stance.DECLARED: ("info", Words(gettext_noop("Months declared"))),
    Stance.UP_TO_DATE: ("good", Words(gettext_noop("Up to date"))),
}


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation for who declares under it: what is missing, the statements begun, the questions asked."""

    obligation: Obligation
    body_id: int
    on: date
    declaration_day: int
    standing: Standing
    statements: list[Statement]
    queried: list[StatementLine]

    @property
    def debtor(self) -> Debtor | None:
        """One's own share, when one owes hours."""
        return next(iter(getattr(self.obligation, "own_debts")), None)  # noqa: B009 - prefetched

    @property
    def months(self) -> list[Month]:
        """The months to declare oneself, oldest first."""
        return [gap.month for gap in self.standing.gaps if gap.body_id == self.body_id]

    @property
    def due(self) -> Month | None:
        return next(iter(self.months), None)

    @property
    def due_on(self) -> date | None:
        return statement_due(self.due, self.declaration_day) if self.due else None

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < self.on

    @property
    def awaited(self) -> list[Gap]:
        """What the others who declare hours of one's debt have not sent, the oldest of each."""
        firsts: dict[int, Gap] = {}
        for gap in self.standing.gaps:
            if gap.body_id != self.body_id:
                firsts.setdefault(gap.body_id, gap)
        return list(firsts.values())

    @property
    def expected(self) -> Decimal | None:
        """Hours of the own share expected today; none without a share."""
        if self.debtor is None:
            return None
        return expected_on(self.debtor.owed, self.obligation.starts_on, self.obligation.ends_on, self.on)

    @property
    def stance(self) -> Stance:
        """The most pressing of what is true; never up to date while hours are behind the plan."""
        debtor, span = self.debtor, (self.obligation.starts_on, self.obligation.ends_on, self.on)
        is_done = debtor is not None and debtor.validated >= debtor.owed
        pace = pace_of(debtor.owed, debtor.validated, *span) if debtor else Pace.STEADY
        left_after_end = debtor is not None and not is_done and self.on > self.obligation.ends_on
        true = {
            Stance.ASKED: bool(self.queried),
            Stance.DONE: is_done,
            Stance.LATE: self.is_late or left_after_end,
            Stance.FAILING: pace is Pace.FAILING,
            Stance.BEHIND: pace is Pace.BEHIND,
            Stance.TO_DECLARE: self.due is not None,
            Stance.IDLE: self.standing.idle_since is not None,
            Stance.AWAITED: bool(self.awaited),
            Stance.DECLARED: debtor is not None and debtor.validated < (self.expected or 0),
        }
        return next((stance for stance, holds in true.items() if holds), Stance.UP_TO_DATE)


def duties(obligations: Sequence[Obligation], actor: Actor, declaration_day: int) -> list[Duty]:
    """What the actor's body has to declare and answer for these obligations, in three queries."""
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
    standing = standings(obligations, actor.on, actor.organisation_id)
    return [
        Duty(
            obligation,
            actor.organisation_id,
            actor.on,
            declaration_day,
            standing[obligation.pk],
            statements[obligation.pk],
            queried[obligation.pk],
        )
        for obligation in obligations
    ]


def declaration_day(obligations: Sequence[Obligation], actor: Actor) -> int:
    """The day of the month when statements are due, by the scheme of the first of these obligations."""
    if not obligations:
        return 1
    return int(policy(obligations[0].scheme, PolicyKey.DECLARATION_DAY, actor.on).value)


def obligations_declared(actor: Actor) -> ObligationQuerySet:
    """Obligations under which the actor's body declares hours, running ones first."""
    parts = Party.objects.filter(
        in_force(actor.on), organisation_id=actor.organisation_id, part__in=DECLARING_PARTS
    )
    return (
        Obligation.objects.visible_to(actor)
        .filter(clause__in=parts.values("clause_id"))
        .prefetch_related(
            Prefetch("debtors", Debtor.objects.filter(organisation_id=actor.organisation_id), "own_debts")
        )
        .select_related("clause__lot", "buyer", "scheme")
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
