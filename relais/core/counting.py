"""Which declared hours are refused, which are queried, and how many of a line's hours count.

# source: alerts AL06, AL07 and AL08 and counting rules of the trade; limits in parameters/counting.toml.

One hour of one person is one line, credited to one obligation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import partial

from relais.core.money import exact, hundredths
from relais.core.months import Month, days_from, days_of_overlap
from relais.core.parameters import load
from relais.core.words import BadValue, Words, gettext_noop


class Level(StrEnum):
    """A refused line cannot be declared; a queried one can, and the facilitator is asked to look."""

    REFUSED = "REFUSED"
    QUERIED = "QUERIED"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: the rule's code, how serious, and the sentence for the user."""

    rule: str
    level: Level
    words: Words


@dataclass(frozen=True, slots=True)
class Claim:
    """Hours of one person claimed for one obligation over days of one month, training included in `hours`.

    `person`, `employer` and `obligation` are compared, and `obligation` is shown: give a reference people
    recognise. A `correction` line may be negative, and may touch a closed month and days already declared.
    """

    person: str
    employer: str
    obligation: str
    month: Month
    starts_on: date
    ends_on: date
    hours: Decimal
    training_hours: Decimal = Decimal(0)
    correction: bool = False

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1


@dataclass(frozen=True, slots=True)
class Frame:
    """The dates between which hours may be worked.

    A missing end is open; a missing `eligible_from` means that eligibility is not validated.
    """

    contract_starts_on: date
    contract_ends_on: date | None
    job_starts_on: date
    job_ends_on: date | None
    eligible_from: date | None
    eligible_until: date | None
    month_closed: bool


def _limit(name: str) -> Decimal:
    return Decimal(load("counting")["limits"][name]["value"])


@dataclass(frozen=True, slots=True)
class Limits:
    """Hours of one person beyond which a line is queried, over all obligations."""

    monthly: Decimal = field(default_factory=partial(_limit, "monthly"))
    daily: Decimal = field(default_factory=partial(_limit, "daily"))
    training_share: Decimal = field(default_factory=partial(_limit, "training_share"))
    weekly: Decimal = field(default_factory=partial(_limit, "weekly"))


@dataclass(frozen=True, slots=True)
class CountingPolicy:
    """What a territory or a clause counts. `training_cap`: share of the hours (`None` whole, 0 none)."""

    training_cap: Decimal | None = None
    count_leave: bool = False

    def __post_init__(self) -> None:
        if self.training_cap is not None and not 0 <= exact(self.training_cap) <= 1:
            raise BadValue(
                gettext_noop("A training cap of %(cap)s is impossible. Enter a share between 0 and 1."),
                cap=self.training_cap,
            )


def check_claim(
    claim: Claim, frame: Frame, others: Sequence[Claim], *, limits: Limits | None = None
) -> tuple[Finding, ...]:
    """All that is wrong with a claim, refusals first; empty when it may be declared as it is.

    `others` are the claims already made (the claim itself left out); those of other people are ignored.
    """
    if claim.ends_on < claim.starts_on:
        return (
            _refuse(
                "DATES",
                gettext_noop(
                    "The last day, %(ends_on)s, comes before the first, %(starts_on)s. Check the dates."
                ),
                starts_on=claim.starts_on,
                ends_on=claim.ends_on,
            ),
        )
    same_person = [other for other in others if other.person == claim.person]
    return (
        *_check_hours(claim),
        *_check_dates(claim, frame),
        *_check_twice(claim, same_person),
        *_check_load(claim, same_person, limits or Limits()),
    )


def counted_hours(
    hours: Decimal,
    training_hours: Decimal,
    *,
    policy: CountingPolicy,
    leave_hours: Decimal = Decimal(0),
) -> Decimal:
    """The hours of a line that count, to the hundredth: work, training within its cap, leave where it counts.

    `hours` is the whole line, training and leave included; a correction undoes what it corrects.
    Raises `BadValue` (a ValueError) when the parts exceed the whole or have another sign.
    """
    whole, training, leave = exact(hours), exact(training_hours), exact(leave_hours)
    sign = -1 if whole < 0 or training < 0 or leave < 0 else 1
    whole, training, leave = whole * sign, training * sign, leave * sign
    if min(whole, training, leave) < 0 or training + leave > whole:
        raise BadValue(
            gettext_noop(
                "%(training)s h of training and %(leave)s h of leave do not fit in %(hours)s h. "
                "Check the line."
            ),
            training=training_hours,
            leave=leave_hours,
            hours=hours,
        )
    kept = training if policy.training_cap is None else min(training, whole * policy.training_cap)
    counted = whole - training - leave + kept + (leave if policy.count_leave else 0)
    return hundredths(sign * counted)


def _check_hours(claim: Claim) -> list[Finding]:
    hours, training = exact(claim.hours), exact(claim.training_hours)
    found = []
    if hours == 0 or (hours < 0 and not claim.correction):
        found.append(
            _refuse(
                "HOURS",
                gettext_noop(
                    "%(hours)s h cannot be declared: enter hours above 0, or a correction of another line."
                ),
                hours=hours,
            )
        )
    if abs(hours) > 24 * claim.days:
        found.append(
            _refuse(
                "HOURS",
                gettext_noop(
                    "%(hours)s h do not fit in %(days)s days of 24 h. Check the hours or the dates."
                ),
                hours=hours,
                days=claim.days,
            )
        )
    if abs(training) > abs(hours) or training * hours < 0:
        found.append(
            _refuse(
                "TRAINING",
                gettext_noop("%(training)s h of training do not fit in %(hours)s h. Check the line."),
                training=training,
                hours=hours,
            )
        )
    return found


def _check_dates(claim: Claim, frame: Frame) -> list[Finding]:
    found = []
    if frame.month_closed and not claim.correction:
        closed = gettext_noop(
            "The month %(month)s is closed. Enter a correction of a line of this month instead."
        )
        found.append(_refuse("CLOSED", closed, month=claim.month))
    if not (claim.month.contains(claim.starts_on) and claim.month.contains(claim.ends_on)):
        outside = gettext_noop(
            "The days from %(starts_on)s to %(ends_on)s are not all in the month %(month)s. "
            "Enter one line per month."
        )
        found.append(
            _refuse("DATES", outside, starts_on=claim.starts_on, ends_on=claim.ends_on, month=claim.month)
        )
    if frame.eligible_from is None:
        missing = gettext_noop(
            "The eligibility of this person is not validated: no hour counts before. Ask the facilitator."
        )
        found.append(_refuse("AL06", missing))
    spans = (
        (_OUT_OF_CONTRACT, frame.contract_starts_on, frame.contract_ends_on),
        (_OUT_OF_JOB, frame.job_starts_on, frame.job_ends_on),
        (_OUT_OF_ELIGIBILITY, frame.eligible_from or date.min, frame.eligible_until),
    )
    for (before, after), start, end in spans:
        if claim.starts_on < start:
            found.append(_refuse("AL06", before, starts_on=claim.starts_on, limit=start))
        if end is not None and claim.ends_on > end:
            found.append(_refuse("AL06", after, ends_on=claim.ends_on, limit=end))
    return found


_OUT_OF_CONTRACT = (
    gettext_noop(
        "Hours from %(starts_on)s come before the contract, which starts on %(limit)s. Check the dates."
    ),
    gettext_noop(
        "Hours until %(ends_on)s come after the contract, which ended on %(limit)s. Check the dates."
    ),
)
_OUT_OF_JOB = (
    gettext_noop("Hours from %(starts_on)s come before the job, which starts on %(limit)s. Check the dates."),
    gettext_noop("Hours until %(ends_on)s come after the job, which ended on %(limit)s. Check the dates."),
)
_OUT_OF_ELIGIBILITY = (
    gettext_noop(
        "Hours from %(starts_on)s come before the eligibility of this person, valid from %(limit)s. "
        "Only declare the hours worked since."
    ),
    gettext_noop(
        "Hours until %(ends_on)s come after the eligibility of this person, which ended on %(limit)s. "
        "Only declare the hours worked until then, or ask the facilitator."
    ),
)


def _check_twice(claim: Claim, others: Sequence[Claim]) -> list[Finding]:
    if claim.correction:
        return []
    found = []
    for other in others:
        if other.correction or not _overlap(claim, other):
            continue
        if other.obligation == claim.obligation:
            declared = gettext_noop(
                "Hours of this person from %(starts_on)s to %(ends_on)s are already declared. "
                "Correct that line instead."
            )
            found.append(_refuse("DECLARED", declared, starts_on=other.starts_on, ends_on=other.ends_on))
        elif other.employer == claim.employer:
            twice = gettext_noop(
                "The same employer already declared hours of this person from %(starts_on)s to %(ends_on)s "
                "for %(obligation)s: one hour counts for one obligation only. Share the days between the two."
            )
            found.append(
                _refuse(
                    "AL08",
                    twice,
                    starts_on=other.starts_on,
                    ends_on=other.ends_on,
                    obligation=other.obligation,
                )
            )
    return found


def _check_load(claim: Claim, others: Sequence[Claim], limits: Limits) -> list[Finding]:
    found = []
    hours, training = exact(claim.hours), exact(claim.training_hours)
    monthly = hours + sum(exact(other.hours) for other in others if other.month == claim.month)
    if hours > 0 and monthly > limits.monthly:
        text = gettext_noop(
            "This person reaches %(hours)s h in %(month)s, all contracts together: over %(limit)s h."
        )
        found.append(_query("AL07", text, hours=monthly, month=claim.month, limit=limits.monthly))
    near = [claim, *(other for other in others if _overlap(claim, other))]
    busiest = max(
        (sum((_per_day(item, day) for item in near), Decimal(0)), day)
        for day in days_from(claim.starts_on, claim.ends_on)
    )
    if hours > 0 and busiest[0] > limits.daily:
        text = gettext_noop(
            "This person averages %(hours)s h a day on %(day)s, all contracts together: over %(limit)s h."
        )
        found.append(_query("AL07", text, hours=hundredths(busiest[0]), day=busiest[1], limit=limits.daily))
    week = sum((_share(item, claim) for item in near), Decimal(0))
    if hours > 0 and claim.days <= 7 and week > limits.weekly:
        text = gettext_noop(
            "This person reaches %(hours)s h in a week, all contracts together: over %(limit)s h."
        )
        found.append(_query("AL07", text, hours=hundredths(week), limit=limits.weekly))
    if abs(training) > abs(hours) * limits.training_share:
        text = gettext_noop(
            "%(training)s h of training out of %(hours)s h is more than the share usually counted."
        )
        found.append(_query("TRAINING", text, training=training, hours=hours))
    return found


def _overlap(claim: Claim, other: Claim) -> int:
    return days_of_overlap(claim.starts_on, claim.ends_on, other.starts_on, other.ends_on)


def _per_day(claim: Claim, day: date) -> Decimal:
    """Mean hours of a claim on one of its days: statements give a total for the period, not for each day."""
    return exact(claim.hours) / claim.days if claim.starts_on <= day <= claim.ends_on else Decimal(0)


def _share(other: Claim, claim: Claim) -> Decimal:
    """Hours of another claim that fall on the days of this one, spread evenly."""
    return exact(other.hours) * _overlap(claim, other) / other.days


def _refuse(rule: str, text: str, **params: object) -> Finding:
    return Finding(rule, Level.REFUSED, Words(text, params))


def _query(rule: str, text: str, **params: object) -> Finding:
    return Finding(rule, Level.QUERIED, Words(text, params))
