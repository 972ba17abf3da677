"""How far the forecast can be trusted: simulated contracts, what was foretold, what happened.

The contracts are drawn from a fixed seed, and not from the law of the forecast: their months of the year
differ from the weights supposed, some start late, some stop for months, some catch up when the end is near.
No history of real contracts is published month by month; one that is kept can be measured in the same way.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from relais.core.forecast import Supposed, forecast, supposed, weighed
from relais.core.months import Month, add_months

OWED = (200, 400, 700, 1200, 2500, 5000)
DECILES = 10


@dataclass(frozen=True, slots=True)
class Told:
    """One contract looked at once: what each rule said of a miss (0 to 1), and whether it missed."""

    forecast: float
    straight: float
    alerts: float
    missed: bool
    in_band: bool


@dataclass(frozen=True, slots=True)
class Decile:
    """The contracts foretold between two probabilities: how many, mean foretold, share that missed."""

    low: float
    high: float
    number: int
    foretold: float
    happened: float


@dataclass(frozen=True, slots=True)
class Trial:
    """Brier scores (mean square of foretold less happened; lower is better), and the calibration."""

    seed: int
    number: int
    missed: float
    brier: float
    brier_straight: float
    brier_alerts: float
    brier_base: float
    in_band: float
    deciles: tuple[Decile, ...]


def trial(*, seed: int = 1, number: int = 4000) -> Trial:
    """Draw so many contracts and look at each of them once, between a quarter and nine tenths of its time."""
    draw = random.Random(seed)
    law = supposed()
    told = list(_told(draw, law, number))
    base = sum(one.missed for one in told) / len(told)
    return Trial(
        seed=seed,
        number=len(told),
        missed=base,
        brier=_brier(told, lambda one: one.forecast),
        brier_straight=_brier(told, lambda one: one.straight),
        brier_alerts=_brier(told, lambda one: one.alerts),
        brier_base=_brier(told, lambda one: base),
        in_band=sum(one.in_band for one in told) / len(told),
        deciles=tuple(_deciles(told)),
    )


def _told(draw: random.Random, law: Supposed, number: int) -> Iterator[Told]:
    found = 0
    while found < number:
        owed = float(draw.choice(OWED))
        start = date(draw.randint(2015, 2024), draw.randint(1, 12), draw.choice((1, 8, 15, 22)))
        end = add_months(start, draw.randint(6, 36))
        worked = history(draw, owed, start, end, law)
        months = sorted(worked)
        at = months[round(draw.uniform(0.25, 0.9) * (len(months) - 1))]
        one = _look(worked, owed, start, end, at)
        if one is not None:
            found += 1
            yield one


def history(draw: random.Random, owed: float, start: date, end: date, law: Supposed) -> dict[Month, float]:
    """The hours of each month of one contract."""
    whole = weighed(start, end, law)
    season = [weight * draw.uniform(0.75, 1.25) for weight in law.season]
    pace = owed / sum(weight for _month, weight in whole) * draw.lognormvariate(0.04, 0.33)
    late = draw.choice((0, 0, 0, 1, 1, 2, 3))
    stop = draw.randrange(len(whole)) if draw.random() < 0.18 else None
    stopped = draw.randint(2, 4)
    catches_up = draw.random() < 0.4
    worked: dict[Month, float] = {}
    done = 0.0
    for place, (month, weight) in enumerate(whole):
        rate = pace * season[month.number - 1] * weight / law.weight(month)
        rate *= draw.gammavariate(4.0, 0.25)
        pace *= draw.lognormvariate(0.0, 0.06)
        if place < late or (stop is not None and stop <= place < stop + stopped):
            rate = 0.0
        if catches_up and place > 0.66 * len(whole) and done < owed * place / len(whole):
            rate *= 1.35
        worked[month] = rate
        done += rate
    return worked


def _look(worked: dict[Month, float], owed: float, start: date, end: date, at: Month) -> Told | None:
    """What is foretold at the end of a month; nothing when there is nothing left to foretell."""
    known = {month: hours for month, hours in worked.items() if month <= at}
    said = forecast(known, owed=owed, starts_on=start, ends_on=end, known_until=at)
    if said is None:
        return None
    total, done = sum(worked.values()), sum(known.values())
    gone = ((at.last_day - start).days + 1) / ((end - start).days + 1)
    behind = done < 0.7 * owed * gone or (gone >= 0.75 and owed - done > 0.4 * owed)
    return Told(
        forecast=said.miss,
        straight=float(done / gone < owed),
        alerts=float(behind),
        missed=total < owed,
        in_band=said.end.low <= total <= said.end.high,
    )


def _brier(told: Sequence[Told], foretold: Callable[[Told], float]) -> float:
    return sum((foretold(one) - one.missed) ** 2 for one in told) / len(told)


def _deciles(told: Sequence[Told]) -> Iterator[Decile]:
    for place in range(DECILES):
        low, high = place / DECILES, (place + 1) / DECILES
        among = [one for one in told if low <= one.forecast < high or (high == 1 and one.forecast == 1)]
        if among:
            yield Decile(
                low,
                high,
                len(among),
                sum(one.forecast for one in among) / len(among),
                sum(one.missed for one in among) / len(among),
            )
