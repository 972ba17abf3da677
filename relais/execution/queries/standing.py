"""Where an obligation stands on a day: months nobody declared, posts left empty, pace behind the plan.

One rule for every page that tells it: the follow-up, the cards of who declares, the desks and the committee.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, Protocol

from django.db.models import CharField, DateField, Q, Value
from django.db.models.functions import Cast

from relais.core.ledger import expected_on
from relais.core.months import Month
from relais.execution.enums import StatementState
from relais.execution.models import JobContract, Statement
from relais.kit.fields import HundredthsField
from relais.organisations.enums import PolicyKey
from relais.organisations.policies import PolicyValue


@dataclass(frozen=True, slots=True)
class PaceLimits:
    """From when a contract is behind (AL02) or failing (AL03); shares from 0 to 1, usage by default.

    `behind_from` and `failing_from` are shares of the time of performance; `behind_share` a share of the
    hours expected below which it is behind; `failing_left` one of the hours owed above which it is failing.
    """

    behind_from: Decimal = Decimal("0.25")
    behind_share: Decimal = Decimal("0.7")
    failing_from: Decimal = Decimal("0.75")
    failing_left: Decimal = Decimal("0.4")

    @classmethod
    def of(cls, values: Mapping[PolicyKey, PolicyValue]) -> "PaceLimits":
        """Those of a scheme, from its policies in force."""
        keys = {
            "behind_from": PolicyKey.ALERT_BEHIND_FROM,
            "behind_share": PolicyKey.ALERT_BEHIND_SHARE,
            "failing_from": PolicyKey.ALERT_FAILING_FROM,
            "failing_left": PolicyKey.ALERT_FAILING_LEFT,
        }
        return cls(**{name: values[key].value for name, key in keys.items() if key in values})


USUAL = PaceLimits()


class Owing(Protocol):
    """What is read of an obligation, whole or as a row."""

    @property
    def pk(self) -> int: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date: ...
    @property
    def owed(self) -> Decimal: ...
    @property
    def validated(self) -> Decimal: ...


class Gap(NamedTuple):
    """A month in which somebody was in post and that the body declaring the hours has not sent."""

    month: Month
    body_id: int
    body: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What an obligation lacks on a day: `gaps`, oldest first; `idle_since`, nobody in post from then on.

    `is_month_sent` tells that a statement of the month that runs is there already; `is_unheard`, that none
    was ever sent. Nothing is missing once no hour is left to do.
    """

    gaps: tuple[Gap, ...] = ()
    idle_since: date | None = None
    is_month_sent: bool = False
    is_unheard: bool = False

    @property
    def months(self) -> list[Month]:
        """The months of the gaps, each once."""
        return sorted({gap.month for gap in self.gaps})

    def is_silent(self, on: date, declaration_day: int) -> bool:
        """Whether a statement is late: AL01."""
        return bool(self.gaps) and statement_due(self.gaps[0].month, declaration_day) < on

    def is_idle(self, on: date, declaration_day: int) -> bool:
        """Whether nobody has been in post for so long that a whole statement would be late."""
        if self.idle_since is None:
            return False
        return statement_due(Month.of(self.idle_since), declaration_day) < on


def statement_due(month: Month, declaration_day: int) -> date:
    """The last day to send the statement of a month: a day of the following one."""
    return month.next().first_day + timedelta(declaration_day - 1)


def first_hours_due(
    notified_on: date, starts_on: date, planned_from: date | None, *, days: int, declaration_day: int
) -> date:
    """The day after which a contract that never declared an hour is silent.

    So many `days` after its notification, and never before the statement of its first month of work is due:
    that of the plan kept at the kick-off (`planned_from`), of the start of performance when there is none.
    """
    first_month = Month.of(planned_from or starts_on)
    return max(notified_on + timedelta(days), statement_due(first_month, declaration_day))


class _Job(NamedTuple):
    """A job as far as months are awaited from it."""

    obligation: int
    body_id: int
    body: str
    starts_on: date
    ends_on: date | None
    owed: Decimal
    validated: Decimal


def standings(owing: Sequence[Owing], on: date, body_id: int | None = None) -> dict[int, Standing]:
    """The standing of each obligation, by its key, in one query.

    With `body_id`, as that body has it: the jobs it declares and those that count towards its own debt.
    """
    left = [one for one in owing if one.validated < one.owed and one.starts_on <= on]
    jobs, said = _read([one.pk for one in left], body_id)
    found = {one.pk: _standing(one, jobs[one.pk], said[one.pk], on) for one in left}
    return {one.pk: found.get(one.pk, Standing()) for one in owing}


type Jobs = dict[int, list[_Job]]
type Said = dict[int, set[tuple[int, int]]]


def _read(keys: Sequence[int], body_id: int | None) -> tuple[Jobs, Said]:
    """The jobs of some obligations, and the months sent with the bodies that sent them; one query."""
    if not keys:
        return {}, {}
    jobs = JobContract.objects.filter(obligation__in=keys)
    if body_id is not None:
        jobs = jobs.filter(Q(declared_by=body_id) | Q(debtor__organisation=body_id))
    job_rows = jobs.order_by().values_list(
        *("obligation_id", "declared_by_id", "declared_by__name", "starts_on", "ends_on"),
        *("debtor__owed", "debtor__validated"),
    )
    sent = Statement.objects.filter(obligation__in=keys, state=StatementState.SUBMITTED).order_by()
    zero = Value(Decimal(0), HundredthsField())
    sent_rows = sent.annotate(
        no_name=Value("", CharField()), no_end=Cast(Value(None), DateField()), no_debt=zero, no_hour=zero
    ).values_list("obligation_id", "declarant_id", "no_name", "month", "no_end", "no_debt", "no_hour")
    found: Jobs = defaultdict(list)
    said: Said = defaultdict(set)
    for row in map(_Job._make, job_rows.union(sent_rows, all=True).order_by()):
        if row.body:
            found[row.obligation].append(row)
        else:
            said[row.obligation].add((_index(row.starts_on), row.body_id))
    return found, said


def _index(day: date) -> int:
    """Months as whole numbers: quick to compare by the thousand."""
    return day.year * 12 + day.month - 1


def _standing(one: Owing, jobs: Sequence[_Job], said: set[tuple[int, int]], on: date) -> Standing:
    names = {job.body_id: job.body for job in jobs}
    gaps = sorted(_awaited(one, jobs, on) - said)
    return Standing(
        tuple(Gap(Month(index // 12, index % 12 + 1), body, names[body]) for index, body in gaps),
        _idle_since(one, jobs, on),
        any(month == _index(on) for month, _body in said),
        not said and on <= one.ends_on,
    )


def _awaited(one: Owing, jobs: Iterable[_Job], on: date) -> set[tuple[int, int]]:
    """Months over in which a job ran for a debtor with hours left, with the body that declares them."""
    over = min(_index(on) - 1, _index(one.ends_on))
    found: set[tuple[int, int]] = set()
    for job in jobs:
        if job.validated < job.owed:
            first = max(_index(job.starts_on), _index(one.starts_on))
            last = over if job.ends_on is None else min(over, _index(job.ends_on))
            found.update((month, job.body_id) for month in range(first, last + 1))
    return found


def _idle_since(one: Owing, jobs: Iterable[_Job], on: date) -> date | None:
    """The first day of the time without a job that holds `on`; none while somebody is in post."""
    if on > one.ends_on:
        return None
    since = one.starts_on
    for job in jobs:
        if job.starts_on > on:
            continue
        if job.ends_on is None or job.ends_on >= on:
            return None
        since = max(since, job.ends_on + timedelta(1))
    return since


class Pace(StrEnum):
    """How hours validated follow a steady plan."""

    STEADY = "steady"
    BEHIND = "behind"
    FAILING = "failing"


def elapsed(starts_on: date, ends_on: date, on: date) -> Decimal:
    """Share of the time of performance that is over, from 0 to 1."""
    whole = (ends_on - starts_on).days + 1
    gone = min(max((on - starts_on).days + 1, 0), whole)
    return Decimal(gone) / whole


def pace_of(
    owed: Decimal,
    validated: Decimal,
    starts_on: date,
    ends_on: date,
    on: date,
    limits: PaceLimits = USUAL,
) -> Pace:
    """AL03 when too much is left for the time that remains, AL02 below the plan; after the end, neither."""
    if on > ends_on:
        return Pace.STEADY
    share = elapsed(starts_on, ends_on, on)
    if share >= limits.failing_from and owed - validated > limits.failing_left * owed:
        return Pace.FAILING
    behind = is_behind(validated, expected_on(owed, starts_on, ends_on, on), share, limits)
    return Pace.BEHIND if behind else Pace.STEADY


def is_behind(validated: Decimal, expected: Decimal, share: Decimal, limits: PaceLimits = USUAL) -> bool:
    """Whether the hours validated are well below the plan, once the work has really begun."""
    return share >= limits.behind_from and validated < expected * limits.behind_share
