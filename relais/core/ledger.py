"""The heart: what is owed is a list of dated signed entries, what is done a list of lines, the balance a sum.

# source: hours owed are amended by dated versions and realised hours are the validated ones (AVE, national
consolidation); no number is ever edited, so that a replay at any date gives the figure of that day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from relais.core.money import HUNDREDTH, exact, hundredths
from relais.core.months import Month, months_between
from relais.core.words import BadValue, gettext_noop

ZERO = Decimal("0.00")


class EntryKind(StrEnum):
    """What makes the hours owed change."""

    INITIAL = "INITIAL"
    AMENDMENT = "AMENDMENT"
    ORDER = "ORDER"
    INVOICE = "INVOICE"
    TRANCHE = "TRANCHE"
    RENEWAL = "RENEWAL"
    SUSPENSION = "SUSPENSION"
    WAIVER = "WAIVER"
    CORRECTION = "CORRECTION"
    TRANSFER = "TRANSFER"
    WORKED = "WORKED"
    TRUE_UP = "TRUE_UP"


class LineState(StrEnum):
    """Where a line of an hours statement stands. A locked line is a validated one nobody can change."""

    DRAFT = "DRAFT"
    DECLARED = "DECLARED"
    QUERIED = "QUERIED"
    VALIDATED = "VALIDATED"
    REJECTED = "REJECTED"
    LOCKED = "LOCKED"


_RANK = {state: rank for rank, state in enumerate(LineState)}


@dataclass(frozen=True, slots=True)
class Entry:
    """Hours owed by `debtor`, more or (negative) less, from `effective_on`, known since `recorded_on`."""

    debtor: str
    kind: EntryKind
    effective_on: date
    recorded_on: date
    hours: Decimal

    def __post_init__(self) -> None:
        object.__setattr__(self, "hours", hundredths(self.hours))


@dataclass(frozen=True, slots=True)
class Done:
    """One line of a statement in the state it took on `recorded_on`; `hours` are signed, for corrections.

    To replay past days give the history of each line: one `Done` per state it took, all with the same `line`.
    The last one known on the day counts (the greatest `step`, then the furthest state, within one day).
    Without a `line` name each `Done` is a line of its own.
    """

    debtor: str
    state: LineState
    month: Month
    hours: Decimal
    recorded_on: date
    line: str = ""
    step: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "hours", hundredths(self.hours))


@dataclass(frozen=True, slots=True)
class Balance:
    """Hours owed, and hours of lines by where they stand: a line is in one total, a draft in none."""

    owed: Decimal = ZERO
    declared: Decimal = ZERO
    queried: Decimal = ZERO
    validated: Decimal = ZERO
    rejected: Decimal = ZERO

    @property
    def submitted(self) -> Decimal:
        """All hours declared so far, whatever became of them."""
        return self.declared + self.queried + self.validated + self.rejected

    @property
    def remaining(self) -> Decimal:
        """Hours still to validate, never below zero."""
        return max(ZERO, self.owed - self.validated)

    @property
    def surplus(self) -> Decimal:
        """Validated hours beyond those owed; kept as such, never moved to another contract."""
        return max(ZERO, self.validated - self.owed)

    @property
    def rate(self) -> Decimal | None:
        """Validated over owed, as a fraction to four decimals (0.8333); `None` while nothing is owed."""
        if self.owed <= 0:
            return None
        return (self.validated / self.owed).quantize(Decimal("0.0001"))

    def __add__(self, other: "Balance") -> "Balance":
        return Balance(
            self.owed + other.owed,
            self.declared + other.declared,
            self.queried + other.queried,
            self.validated + other.validated,
            self.rejected + other.rejected,
        )


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the progress curve: hours expected by a steady plan, and hours validated, on that day."""

    day: date
    expected: Decimal
    validated: Decimal


def balance(
    entries: Iterable[Entry], done: Iterable[Done], *, as_of: date, debtor: str | None = None
) -> Balance:
    """The balance as it was known at the end of `as_of`, for one debtor or for all.

    An entry counts once recorded and effective, a line once recorded; the order of the lists changes nothing.
    """
    owed = sum(
        (
            entry.hours
            for entry in entries
            if entry.recorded_on <= as_of and entry.effective_on <= as_of and debtor in (None, entry.debtor)
        ),
        ZERO,
    )
    totals = dict.fromkeys(LineState, ZERO)
    for line in _lines_on(done, as_of):
        if debtor in (None, line.debtor):
            totals[line.state] += line.hours
    return Balance(
        owed=owed,
        declared=totals[LineState.DECLARED],
        queried=totals[LineState.QUERIED],
        validated=totals[LineState.VALIDATED] + totals[LineState.LOCKED],
        rejected=totals[LineState.REJECTED],
    )


def split(total: Decimal, shares: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """`total` shared out by `shares` (any unit), to the hundredth; the parts add up to `total` exactly.

    Each part is rounded down, then the hundredths left over go to the largest remainders, ties by name, so
    that the order of `shares` changes nothing. A zero share gets zero; a negative total mirrors its opposite.
    Raises `BadValue` (a ValueError): a negative share, or none above zero.
    """
    weights = {name: Fraction(exact(share)) for name, share in shares.items()}
    whole = sum(weights.values(), Fraction(0))
    if whole <= 0 or any(weight < 0 for weight in weights.values()):
        raise BadValue(
            gettext_noop("Hours cannot be shared out: give shares from 0 upward, one at least above 0.")
        )
    amount = hundredths(total)
    units = int(abs(amount).scaleb(2))
    exact_parts = {name: units * weight / whole for name, weight in weights.items()}
    parts = {name: int(part) for name, part in exact_parts.items()}
    left = units - sum(parts.values())
    by_remainder = sorted(exact_parts, key=lambda name: (parts[name] - exact_parts[name], name))
    for name in by_remainder[:left]:
        parts[name] += 1
    sign = -1 if amount < 0 else 1
    return {name: hundredths(sign * part * HUNDREDTH) for name, part in parts.items()}


def expected_on(owed: Decimal, starts_on: date, ends_on: date, day: date) -> Decimal:
    """Hours expected at the end of `day` by a steady plan: 0 before the start, all on the last day and after.

    Raises `BadValue` (a ValueError) when the period ends before it starts.
    """
    if ends_on < starts_on:
        raise BadValue(
            gettext_noop(
                "The period ends on %(ends_on)s, before it starts on %(starts_on)s. Check the dates."
            ),
            starts_on=starts_on,
            ends_on=ends_on,
        )
    whole = (ends_on - starts_on).days + 1
    elapsed = min(max((day - starts_on).days + 1, 0), whole)
    return hundredths(exact(owed) * elapsed / whole)


def burn_up(
    entries: Iterable[Entry], done: Iterable[Done], starts_on: date, ends_on: date, until: date
) -> tuple[Point, ...]:
    """The progress curve: one point per month end from the start on, the last one on `until` itself.

    Each point is the balance as it was known that day. Empty when `until` comes before the start.
    """
    kept_entries, kept_done = tuple(entries), tuple(done)
    points = []
    for month in months_between(Month.of(starts_on), Month.of(until)) if starts_on <= until else ():
        day = min(month.last_day, until)
        known = balance(kept_entries, kept_done, as_of=day)
        points.append(Point(day, expected_on(known.owed, starts_on, ends_on, day), known.validated))
    return tuple(points)


def _lines_on(done: Iterable[Done], as_of: date) -> list[Done]:
    """The lines as they stood on that day: the last known state of each named line, and all unnamed ones."""
    unnamed: list[Done] = []
    latest: dict[str, Done] = {}
    for line in done:
        if line.recorded_on > as_of:
            continue
        if not line.line:
            unnamed.append(line)
        elif line.line not in latest or _age(latest[line.line]) < _age(line):
            latest[line.line] = line
    return [*unnamed, *latest.values()]


def _age(line: Done) -> tuple[date, int, int]:
    return line.recorded_on, line.step, _RANK[line.state]
