"""Compare a lot with past ones: how alike, what interval of hours, what was realised, when hours fall.

Plain Python. Texts come folded by the caller (no case, accent nor plural). Hours are `Decimal`, amounts euros
excluding tax.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import exp, log

from relais.core.distance import Nearness
from relais.core.money import hundredths
from relais.core.words import BadValue, gettext_noop

ENOUGH = 4
"""Comparable contracts below which a spread means nothing."""
TEN_THOUSAND = Decimal(10_000)
WEIGHTS = {"text": 0.5, "cpv": 0.2, "amount": 0.15, "place": 0.15}
CPV_STEPS = ((5, 1.0), (4, 0.8), (3, 0.6), (2, 0.4))
"""Digits of the CPV code in common, and what they are worth: class, group, division."""
PLACE_STEPS = {Nearness.COMMUNE: 1.0, Nearness.EPCI: 0.8, Nearness.DEPARTMENT: 0.6, Nearness.BEYOND: 0.0}
EMPTY_WORDS = frozenset(
    ("aux", "avec", "dans", "des", "les", "lot", "marche", "numero", "par", "pour", "sur", "travau", "une")
)


def words_of(folded: str) -> frozenset[str]:
    """The telling words of a folded text: three letters at least, no empty word."""
    return frozenset(word for word in folded.split() if len(word) > 2 and word not in EMPTY_WORDS)


def rarity(texts: Iterable[Collection[str]]) -> dict[str, float]:
    """How much each word tells: the fewer texts use it, the more (inverse document frequency, above 0)."""
    known = [frozenset(text) for text in texts]
    numbers = Counter(word for text in known for word in text)
    return {word: log((len(known) + 1) / (number + 0.5)) for word, number in numbers.items()}


def text_likeness(one: Collection[str], other: Collection[str], weights: Mapping[str, float]) -> float:
    """Weight of the words in common over the weight of all: 0 nothing in common, 1 the same words."""
    mine, theirs = set(one), set(other)
    whole = sum(max(weights.get(word, 1.0), 1e-9) for word in mine | theirs)
    if not whole:
        return 0.0
    return min(1.0, sum(max(weights.get(word, 1.0), 1e-9) for word in mine & theirs) / whole)


def cpv_likeness(one: str, other: str) -> float:
    """1 for the same class of purchases, down to 0.4 for the same division; 0 when a code is missing."""
    for digits, worth in CPV_STEPS:
        if len(one) >= digits and one[:digits] == other[:digits]:
            return worth
    return 0.0


def amount_likeness(one: Decimal | None, other: Decimal | None) -> float:
    """1 for the same amount, 0.5 for the double or the half, towards 0 beyond; 0 when one is not known."""
    if not one or not other or one < 0 or other < 0:
        return 0.0
    return exp(-abs(log(float(one) / float(other))))


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two lots are, 0 to 1, by each measure and in all."""

    text: float
    cpv: float
    amount: float
    place: float

    @property
    def score(self) -> float:
        return sum(weight * getattr(self, name) for name, weight in WEIGHTS.items())


def place_likeness(nearness: Nearness) -> float:
    return PLACE_STEPS[nearness]


@dataclass(frozen=True, slots=True)
class Spread:
    """Quartiles of some figures, and how many there were."""

    low: Decimal
    middle: Decimal
    high: Decimal
    count: int


def quartiles(values: Iterable[Decimal]) -> Spread | None:
    """First quartile, median and third quartile by linear interpolation; None below four values."""
    rows = sorted(values)
    if len(rows) < ENOUGH:
        return None
    low, middle, high = (_quantile(rows, Decimal(part) / 4) for part in (1, 2, 3))
    return Spread(low, middle, high, len(rows))


def _quantile(rows: list[Decimal], share: Decimal) -> Decimal:
    place = share * (len(rows) - 1)
    below = int(place)
    above = min(below + 1, len(rows) - 1)
    return rows[below] + (rows[above] - rows[below]) * (place - below)


def hours_interval(per_10k: Iterable[Decimal], amount: Decimal | None) -> Spread | None:
    """Hours that comparable lots would ask of this amount: quartiles of hours per 10,000 euros times the
    amount, rounded to the hour. None without amount, or below four comparable lots.
    """
    spread = quartiles(per_10k)
    if spread is None or amount is None or amount <= 0:
        return None
    low, middle, high = (
        (value * amount / TEN_THOUSAND).quantize(Decimal(1), ROUND_HALF_UP)
        for value in (spread.low, spread.middle, spread.high)
    )
    return Spread(low, middle, high, spread.count)


@dataclass(frozen=True, slots=True)
class Realised:
    """What similar closed clauses committed and did."""

    count: int
    committed: Decimal
    done: Decimal

    @property
    def share(self) -> Decimal:
        """Hours done over hours committed: 1 when all was done, above when more was."""
        return self.done / self.committed

    def expected(self, hours: Decimal) -> Decimal:
        """What this number of hours would give at the same share, rounded to the hour."""
        return (hours * self.share).quantize(Decimal(1), ROUND_HALF_UP)


def realised(closed: Iterable[tuple[Decimal, Decimal]]) -> Realised | None:
    """Sum of (committed, done) over closed clauses with hours; None below four: too few to learn from."""
    rows = [(committed, done) for committed, done in closed if committed > 0]
    if len(rows) < ENOUGH:
        return None
    return Realised(
        len(rows), sum((row[0] for row in rows), Decimal(0)), sum((row[1] for row in rows), Decimal(0))
    )


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year; quarters compare in time order."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month - 1) // 3 + 1)

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        return self.shifted(1).first_day - timedelta(1)

    def shifted(self, quarters: int) -> "Quarter":
        place = self.year * 4 + self.number - 1 + quarters
        return Quarter(place // 4, place % 4 + 1)

    def __str__(self) -> str:
        return f"T{self.number} {self.year}"


def quarters_between(first: Quarter, last: Quarter) -> list[Quarter]:
    """All quarters from one to another, both included; empty when the last comes before."""
    count = (last.year - first.year) * 4 + last.number - first.number + 1
    return [first.shifted(step) for step in range(count)]


def spread_hours(hours: Decimal, starts_on: date, ends_on: date) -> dict[Quarter, Decimal]:
    """Hours shared over quarters by days, to the hundredth; the parts add up to the hours.

    Raises `BadValue` when the end comes before the start, or hours are negative.
    """
    if ends_on < starts_on or hours < 0:
        raise BadValue(gettext_noop("Hours are spread from a day to a later one, and are never negative."))
    days = (ends_on - starts_on).days + 1
    parts: dict[Quarter, Decimal] = {}
    passed, given = 0, Decimal(0)
    for quarter in quarters_between(Quarter.of(starts_on), Quarter.of(ends_on)):
        passed += (min(quarter.last_day, ends_on) - max(quarter.first_day, starts_on)).days + 1
        upto = hundredths(hours * passed / days)
        parts[quarter] = upto - given
        given = upto
    return parts
