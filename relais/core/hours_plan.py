"""The plan of hours agreed at the kick-off: by month and by trade, its sum being exactly what is owed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from relais.core.ledger import ZERO, split
from relais.core.money import hundredths
from relais.core.months import Month, add_months, days_of_overlap, months_between
from relais.core.verdict import YES, Verdict, no
from relais.core.words import BadValue, gettext_noop

MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True, order=True)
class Planned:
    """Hours of a trade in a month."""

    month: Month
    trade: str
    hours: Decimal


def spread(
    total: Decimal,
    starts_on: date,
    ends_on: date,
    *,
    trades: Mapping[str, Decimal],
    years: Sequence[Decimal] = (),
) -> tuple[Planned, ...]:
    """`total` over the months of performance by their days, and over `trades` by their shares.

    `years` are the hours promised for each year of performance from the start: they weigh the years when they
    are given. Parts are hundredths that add up to `total` exactly. Raises `BadValue` (a ValueError): no trade
    with a share, a negative figure, or a period that ends before it starts.
    """
    if ends_on < starts_on:
        raise BadValue(
            gettext_noop(
                "The period ends on %(ends_on)s, before it starts on %(starts_on)s. Check the dates."
            ),
            starts_on=starts_on,
            ends_on=ends_on,
        )
    if hundredths(total) < 0:
        raise BadValue(gettext_noop("A plan shares out hours to do: give a number from 0 upward."))
    by_month: dict[Month, Decimal] = {}
    for first, last, part in _years(total, starts_on, ends_on, years):
        days = _days_by_month(first, last)
        for name, hours in split(part, {str(month): Decimal(count) for month, count in days.items()}).items():
            month = Month.parse(name)
            by_month[month] = by_month.get(month, ZERO) + hours
    return tuple(
        Planned(month, trade, hours)
        for month, whole in sorted(by_month.items())
        for trade, hours in sorted(split(whole, trades).items())
    )


def sum_verdict(hours: Iterable[Decimal], owed: Decimal) -> Verdict:
    """Whether the plan counts what is owed, to the hundredth; the refusal tells the difference."""
    planned = sum(hours, ZERO)
    if planned == owed:
        return YES
    if planned < owed:
        return no(
            gettext_noop("The plan counts %(planned)s h for %(owed)s h owed: %(gap)s h are missing."),
            planned=planned,
            owed=owed,
            gap=owed - planned,
        )
    return no(
        gettext_noop("The plan counts %(planned)s h for %(owed)s h owed: %(gap)s h too many."),
        planned=planned,
        owed=owed,
        gap=planned - owed,
    )


def _years(
    total: Decimal, starts_on: date, ends_on: date, years: Sequence[Decimal]
) -> list[tuple[date, date, Decimal]]:
    """The years of performance with their part; one whole period when no year is told."""
    spans = []
    for rank in range(len(years)):
        first = add_months(starts_on, MONTHS_OF_A_YEAR * rank)
        if first <= ends_on:
            last = add_months(starts_on, MONTHS_OF_A_YEAR * (rank + 1)) - timedelta(1)
            spans.append((rank, first, last if rank + 1 < len(years) else ends_on))
    told = {str(rank): years[rank] for rank, _, _ in spans}
    if not any(told.values()):
        return [(starts_on, ends_on, total)]
    parts = split(total, told)
    return [(first, min(last, ends_on), parts[str(rank)]) for rank, first, last in spans]


def _days_by_month(starts_on: date, ends_on: date) -> dict[Month, int]:
    return {
        month: days_of_overlap(starts_on, ends_on, month.first_day, month.last_day)
        for month in months_between(Month.of(starts_on), Month.of(ends_on))
    }
