"""Calendar months, the step of every hours statement, and the few date sums of the trade."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from relais.core.words import BadValue, gettext_noop


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month; months compare in time order."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 12 and date.min.year <= self.year <= date.max.year):
            raise _not_a_month(f"{self.year}-{self.number}")

    @classmethod
    def of(cls, day: date) -> Self:
        """The month that contains `day`."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The month written `2026-10`. Raises `BadValue` (a ValueError) for anything else."""
        match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
        if match is None:
            raise _not_a_month(text)
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def month(self) -> int:
        """The number again, named as in a date: whatever prints a month from a date prints this one too."""
        return self.number

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.number, self.length)

    @property
    def length(self) -> int:
        """Number of days."""
        return monthrange(self.year, self.number)[1]

    def next(self) -> "Month":
        return self.shifted(1)

    def previous(self) -> "Month":
        return self.shifted(-1)

    def shifted(self, months: int) -> "Month":
        """The month that comes `months` later (earlier when negative)."""
        year, index = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, index + 1)

    def contains(self, day: date) -> bool:
        return (day.year, day.month) == (self.year, self.number)


def months_between(first: Month, last: Month) -> list[Month]:
    """All months from `first` to `last`, both included; empty when `last` comes before `first`."""
    count = (last.year - first.year) * 12 + last.number - first.number + 1
    return [first.shifted(step) for step in range(count)]


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of a shorter month: 31 January + 1 = 28 February."""
    month = Month.of(day).shifted(months)
    return date(month.year, month.number, min(day.day, month.length))


def days_of_overlap(starts_on: date, ends_on: date, other_starts_on: date, other_ends_on: date) -> int:
    """Number of days that two periods share, last days included; 0 when they do not meet."""
    return max(0, (min(ends_on, other_ends_on) - max(starts_on, other_starts_on)).days + 1)


def days_from(starts_on: date, ends_on: date) -> list[date]:
    """All days from `starts_on` to `ends_on`, both included."""
    return [starts_on + timedelta(step) for step in range((ends_on - starts_on).days + 1)]


def _not_a_month(text: str) -> BadValue:
    return BadValue(
        gettext_noop("“%(text)s” is not a month. Write the year and the month: 2026-10."), text=text
    )
