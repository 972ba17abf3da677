"""Crumbs of obligations pooled into long jobs: what may go together, what a plan keeps, what it changes.

# source: contract documents allow the pooling of hours on request; the hours of a person are booked once,
their shares among the contracts total 100 % (usage of facilitators, to verify against each clause).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from relais.core.distance import Point, kilometres
from relais.core.ledger import ZERO, split
from relais.core.money import hundredths
from relais.core.months import Month, months_between
from relais.core.words import BadValue, Words, gettext_noop

FULL_MONTH = Decimal("151.67")
"""Hours of a full-time month: 35 h × 52 ÷ 12, to the hundredth."""


@dataclass(frozen=True, slots=True)
class Crumb:
    """Hours left to a debtor under one obligation, the months in which they may be worked, and where.

    `name` is compared and shown: give the reference of the clause. `firm` and `buyer` name who must accept.
    """

    name: str
    firm: str
    buyer: str
    hours: Decimal
    starts_on: date
    ends_on: date
    trade: str
    department: str
    point: Point | None = None

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on or hundredths(self.hours) <= 0:
            raise BadValue(
                gettext_noop("%(name)s has no hours left in an open period: it cannot be pooled."),
                name=self.name,
            )
        object.__setattr__(self, "hours", hundredths(self.hours))

    @property
    def months(self) -> list[Month]:
        """The months in which its hours may be worked."""
        return months_between(Month.of(self.starts_on), Month.of(self.ends_on))


@dataclass(frozen=True, slots=True)
class PoolingRules:
    """What makes a job worth making. Hours and months; `radius` in kilometres; all editable by the user.

    `trades` lets different trades go together. `overhead` is what one more job must bring, in hours: the
    higher, the fewer and the longer the jobs.
    """

    full_month: Decimal = FULL_MONTH
    least_month: Decimal = Decimal(104)
    least_months: int = 4
    most_parts: int = 5
    radius: float = 30.0
    trades: bool = False
    overhead: Decimal = Decimal(200)

    def __post_init__(self) -> None:
        if not 0 < self.least_month <= self.full_month <= 220 or self.least_months < 1 or self.most_parts < 2:
            raise BadValue(
                gettext_noop(
                    "A job lasts one month at least, of hours between the least and the full month (220 h at "
                    "most), and gathers two contracts at least. Check the figures."
                )
            )


@dataclass(frozen=True, slots=True)
class Job:
    """One long job: the hours of each crumb in each month. Months follow one another without a hole."""

    hours: Mapping[str, Mapping[Month, Decimal]] = field(hash=False)

    @property
    def parts(self) -> dict[str, Decimal]:
        """Hours of each crumb in the whole job."""
        return {name: sum(months.values(), ZERO) for name, months in self.hours.items()}

    @property
    def months(self) -> list[Month]:
        worked = {month for months in self.hours.values() for month, hours in months.items() if hours}
        return months_between(min(worked), max(worked))

    @property
    def total(self) -> Decimal:
        return sum(self.parts.values(), ZERO)

    def load(self, month: Month) -> Decimal:
        """Hours of the job in that month, all contracts together."""
        return sum((months.get(month, ZERO) for months in self.hours.values()), ZERO)


@dataclass(frozen=True, slots=True)
class Left:
    """A crumb that no job takes, and why in words."""

    name: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Pooling:
    """Jobs proposed, and what stays as it is. `proven` tells that no better plan exists by the rules."""

    jobs: tuple[Job, ...]
    left: tuple[Left, ...]
    proven: bool = True


@dataclass(frozen=True, slots=True)
class Measure:
    """How cut up the work is: contracts, hours, and the mean length of a contract in full-time months."""

    contracts: int
    hours: Decimal
    mean_months: Decimal


def why_apart(one: Crumb, other: Crumb, rules: PoolingRules) -> Words | None:
    """Why two crumbs cannot be one person's job; none when they can."""
    if one.trade != other.trade and not rules.trades:
        return Words(
            gettext_noop("%(one)s and %(other)s are not the same trade."),
            {"one": one.name, "other": other.name},
        )
    if one.point is not None and other.point is not None:
        km = kilometres(one.point, other.point)
        if km > rules.radius:
            return Words(
                gettext_noop("%(one)s and %(other)s are %(km)s km apart, more than %(most)s."),
                {"one": one.name, "other": other.name, "km": round(km), "most": round(rules.radius)},
            )
    elif one.department != other.department:
        return Words(
            gettext_noop("%(one)s and %(other)s are in two departments, and a place is unknown."),
            {"one": one.name, "other": other.name},
        )
    first, second = sorted((one, other), key=lambda crumb: crumb.starts_on)
    if Month.of(second.starts_on) > Month.of(first.ends_on).next():
        return Words(
            gettext_noop("%(one)s ends on %(end)s, too long before %(other)s, from %(start)s."),
            {"one": first.name, "end": first.ends_on, "other": second.name, "start": second.starts_on},
        )
    return None


def neighbours(crumbs: Sequence[Crumb], rules: PoolingRules) -> list[list[Crumb]]:
    """Groups of crumbs linked by place and trade; the largest first, names in order."""
    apart = {
        (one.name, other.name)
        for one in crumbs
        for other in crumbs
        if one.name != other.name and not may_meet(one, other, rules)
    }
    groups: list[list[Crumb]] = []
    waiting = sorted(crumbs, key=lambda crumb: crumb.name)
    while waiting:
        group, ahead = [], [waiting.pop(0)]
        while ahead:
            crumb = ahead.pop(0)
            group.append(crumb)
            near = [other for other in waiting if (crumb.name, other.name) not in apart]
            waiting = [other for other in waiting if other not in near]
            ahead += near
        groups.append(sorted(group, key=lambda crumb: crumb.name))
    return sorted(groups, key=lambda group: (-len(group), group[0].name))


def may_meet(one: Crumb, other: Crumb, rules: PoolingRules) -> bool:
    """Place and trade only: a third crumb may join two that time keeps apart."""
    if one.trade != other.trade and not rules.trades:
        return False
    if one.point is not None and other.point is not None:
        return kilometres(one.point, other.point) <= rules.radius
    return one.department == other.department


def faults_of(pooling: Pooling, crumbs: Collection[Crumb], rules: PoolingRules) -> list[str]:
    """What a plan breaks, in English; empty when it may be proposed. No solver is believed on its word."""
    known = {crumb.name: crumb for crumb in crumbs}
    faults = []
    taken = [name for job in pooling.jobs for name in job.hours]
    if sorted([*taken, *(left.name for left in pooling.left)]) != sorted(known):
        faults.append("a crumb is taken twice, forgotten or unknown")
        return faults
    for job in pooling.jobs:
        for name, months in job.hours.items():
            crumb = known[name]
            if sum(months.values(), ZERO) != crumb.hours:
                faults.append(f"{name}: the hours of the job are not those left")
            if not set(months) <= set(crumb.months):
                faults.append(f"{name}: hours outside its months")
            if any(hours < 0 for hours in months.values()):
                faults.append(f"{name}: negative hours")
        faults += [
            f"{month}: {job.load(month)} h in a month"
            for month in job.months
            if not rules.least_month <= job.load(month) <= rules.full_month
        ]
        if len(job.months) < rules.least_months:
            faults.append("a job is too short")
        if not 2 <= len(job.hours) <= rules.most_parts:
            faults.append("a job gathers too many or too few contracts")
        members = [known[name] for name in job.hours]
        if not all(may_meet(one, other, rules) for one in members for other in members if one != other):
            faults.append("a job is in two trades or too far")
    return faults


def share_out(hours: Decimal, left: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Hours worked in a month shared among the contracts by the hours each still asks; the sum is exact.

    Raises `BadValue` (a ValueError) when more is worked than is left to do.
    """
    whole = sum(left.values(), ZERO)
    if hundredths(hours) <= 0 or hours > whole:
        raise BadValue(
            gettext_noop("%(hours)s h cannot be shared out: %(left)s h are left in the agreement."),
            hours=hours,
            left=whole,
        )
    return split(hours, left)


def percentages(parts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Shares of an agreement in per cent, to the hundredth: they total 100 exactly."""
    return split(Decimal(100), parts)


def before(crumbs: Collection[Crumb], rules: PoolingRules) -> Measure:
    """Each crumb alone: one contract for each."""
    return _measure([crumb.hours for crumb in crumbs], rules)


def after(pooling: Pooling, crumbs: Collection[Crumb], rules: PoolingRules) -> Measure:
    """The jobs proposed, and one contract for each crumb left."""
    hours = {crumb.name: crumb.hours for crumb in crumbs}
    alone = [hours[left.name] for left in pooling.left]
    return _measure([*(job.total for job in pooling.jobs), *alone], rules)


def _measure(contracts: Sequence[Decimal], rules: PoolingRules) -> Measure:
    whole = sum(contracts, ZERO)
    if not contracts:
        return Measure(0, ZERO, ZERO)
    return Measure(len(contracts), whole, hundredths(whole / rules.full_month / len(contracts)))
