"""Hours as they are claimed: one line to be declared, checked against all that is already claimed.

`Worked` is what a form, a file or a command gives; `checked` tells what the rules of the trade find in it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from relais.core.counting import Claim, CountingPolicy, Finding, Frame, Level, Limits, check_claim
from relais.core.months import Month
from relais.execution.models import ClosedMonth, JobContract, Obligation, StatementLine
from relais.execution.queries.people import eligible_span
from relais.organisations.enums import PolicyKey
from relais.organisations.models import Scheme
from relais.organisations.policies import PolicyValue, policies_on


@dataclass(frozen=True, slots=True)
class Worked:
    """Hours of one job to declare for one month, training included in `hours`.

    Without dates: all the days of the month on which the job, the contract and the eligibility run.
    """

    job: JobContract
    hours: Decimal
    training_hours: Decimal = Decimal(0)
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A line with its days and what the checks found; `findings` are in the order of gravity."""

    worked: Worked
    starts_on: date
    ends_on: date
    findings: tuple[Finding, ...]

    @property
    def refusals(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == Level.REFUSED]

    @property
    def queries(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == Level.QUERIED]


def is_closed(obligation: Obligation, month: Month) -> bool:
    return ClosedMonth.objects.filter(obligation=obligation, month=month.first_day).exists()


def countable_days(job: JobContract, obligation: Obligation, month: Month) -> tuple[date, date] | None:
    """First and last day of the month on which hours of a job may count; none when there is no such day."""
    eligible_from, eligible_until = eligible_span(job)
    if eligible_from is None:
        return None
    first = max(month.first_day, job.starts_on, obligation.starts_on, eligible_from)
    ends = (month.last_day, obligation.ends_on, job.ends_on, eligible_until)
    last = min(end for end in ends if end is not None)
    return (first, last) if first <= last else None


def limits_of(scheme: Scheme, on: date) -> tuple[Limits, CountingPolicy]:
    """The limits and the counting policy of a scheme that day."""
    return limits_on(scheme, [on])[on]


def limits_on(scheme: Scheme, days: Collection[date]) -> dict[date, tuple[Limits, CountingPolicy]]:
    """The same for several days, in one query."""
    return {day: _limits(values) for day, values in policies_on(scheme, days).items()}


def _limits(values: Mapping[PolicyKey, PolicyValue]) -> tuple[Limits, CountingPolicy]:
    named = {
        "monthly": PolicyKey.MONTHLY_LIMIT,
        "daily": PolicyKey.DAILY_LIMIT,
        "training_share": PolicyKey.TRAINING_SHARE,
    }
    limits = Limits(**{name: values[key].value for name, key in named.items() if key in values})
    cap = values.get(PolicyKey.TRAINING_SHARE)
    return limits, CountingPolicy(training_cap=cap.value if cap else None)


def checked(
    obligation: Obligation,
    month: Month,
    lines: Sequence[Worked],
    *,
    limits: Limits,
    but: Collection[int] = (),
) -> list[Checked]:
    """Check lines against each other and against every hour already claimed in the scheme, in two queries.

    `but` names lines to leave out: those that these replace. Jobs come from `with_spans`.
    """
    return checked_months(obligation, {month: lines}, limits={month: limits}, but=but)[month]


def checked_months(
    obligation: Obligation,
    months: Mapping[Month, Sequence[Worked]],
    *,
    limits: Mapping[Month, Limits],
    but: Collection[int] = (),
    closed: Collection[Month] | None = None,
) -> dict[Month, list[Checked]]:
    """The same for several months at once, in two queries whatever their number.

    `closed`: the months closed, when they are already read.
    """
    if closed is None:
        days = [month.first_day for month in months]
        shut = ClosedMonth.objects.filter(obligation=obligation, month__in=days)
        closed = {Month.of(day) for day in shut.values_list("month", flat=True)}
    people = {line.job.person.pseudonym for lines in months.values() for line in lines}
    others = _claims_of(people, obligation, months, but)
    return {
        month: _checked(obligation, month, lines, others, limits[month], closed=month in closed)
        for month, lines in months.items()
    }


def _checked(
    obligation: Obligation,
    month: Month,
    lines: Sequence[Worked],
    others: Mapping[tuple[str, Month], Sequence[Claim]],
    limits: Limits,
    *,
    closed: bool,
) -> list[Checked]:
    claims = [_claim(line, obligation, month) for line in lines]
    same: dict[str, list[int]] = defaultdict(list)
    for index, claim in enumerate(claims):
        same[claim.person].append(index)
    result = []
    for index, (line, claim) in enumerate(zip(lines, claims, strict=True)):
        near = [claims[place] for place in same[claim.person] if place != index]
        frame = _frame(line.job, obligation, closed=closed)
        known = [*others.get((claim.person, month), ()), *near]
        findings = check_claim(claim, frame, known, limits=limits)
        result.append(Checked(line, claim.starts_on, claim.ends_on, findings))
    return result


def obligation_label(reference: str, buyer: str) -> str:
    """What the other side reads of an obligation: references are unique inside one buyer only."""
    return f"{reference} ({buyer})"


def _claim(line: Worked, obligation: Obligation, month: Month) -> Claim:
    days = countable_days(line.job, obligation, month) or (month.first_day, month.last_day)
    return Claim(
        person=line.job.person.pseudonym,
        employer=str(line.job.employer_id),
        obligation=obligation_label(obligation.clause.reference, obligation.buyer.name),
        month=month,
        starts_on=line.starts_on or days[0],
        ends_on=line.ends_on or days[1],
        hours=line.hours,
        training_hours=line.training_hours,
    )


def _frame(job: JobContract, obligation: Obligation, *, closed: bool) -> Frame:
    eligible_from, eligible_until = eligible_span(job)
    return Frame(
        contract_starts_on=obligation.starts_on,
        contract_ends_on=obligation.ends_on,
        job_starts_on=job.starts_on,
        job_ends_on=job.ends_on,
        eligible_from=eligible_from,
        eligible_until=eligible_until,
        month_closed=closed,
    )


def _claims_of(
    people: Collection[str], obligation: Obligation, months: Collection[Month], but: Collection[int]
) -> dict[tuple[str, Month], list[Claim]]:
    """What is already claimed in these months for these people, whatever obligation, body or declarant."""
    rows = (
        StatementLine.objects.live()
        .filter(
            obligation__scheme_id=obligation.scheme_id,
            month__in=[month.first_day for month in months],
            job_contract__person__pseudonym__in=people,
        )
        .exclude(pk__in=but)
        .values_list(
            "job_contract__person__pseudonym",
            "job_contract__employer_id",
            "obligation__clause__reference",
            "obligation__buyer__name",
            "starts_on",
            "ends_on",
            "hours",
            "training_hours",
            "corrects_id",
            "month",
        )
    )
    found: dict[tuple[str, Month], list[Claim]] = defaultdict(list)
    for person, employer, reference, buyer, first, last, hours, training, corrects, day in rows:
        month = Month.of(day)
        found[person, month].append(
            Claim(
                person=person,
                employer=str(employer),
                obligation=obligation_label(reference, buyer),
                month=month,
                starts_on=first,
                ends_on=last,
                hours=hours,
                training_hours=training,
                correction=corrects is not None,
            )
        )
    return found
