"""How likely is it that the hours owed are not done by the end: rhythm, season, work that remains.

The hours of each past month are divided by the weight of their month of the year; their recent mean is the
rhythm, drawn towards that of the plan while few months are known. The months before the first hours are a
late start, not a rhythm. The months left, weighed in the same way, multiply it. The total follows a
log-normal law whose width comes from the irregularity of past months and from the doubt on the rhythm. How
far it can be trusted is measured by `relais evaluate-forecast` and told in docs/forecast.md.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from statistics import NormalDist

from relais.core.months import Month, days_of_overlap, months_between
from relais.core.parameters import load
from relais.core.words import BadValue, Words, gettext_noop

NORMAL = NormalDist()
LOW, HIGH = 0.1, 0.9
"""The band holds the total eight times in ten."""
DECADE = 0.7
"""A month older by one counts for this share in the rhythm."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """What is supposed before a contract has shown it; `season` has twelve weights, from January."""

    season: tuple[float, ...]
    recent_months: int
    prior_months: float
    prior_share: float
    spread: float
    drift: float

    def weight(self, month: Month) -> float:
        return self.season[month.number - 1]


@cache
def supposed() -> Supposed:
    """Those of the parameters."""
    kept = load("forecast")
    rhythm = kept["rhythm"]
    return Supposed(
        season=tuple(float(weight) for weight in kept["season"]["weights"]),
        recent_months=int(rhythm["recent_months"]),
        prior_months=float(rhythm["prior_months"]),
        prior_share=float(rhythm["prior_share"]),
        spread=float(rhythm["spread"]),
        drift=float(rhythm["drift"]),
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """Hours that may be done by a day: low, middle and high of the band."""

    day: date
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """The probability to miss (0 to 1), the band until the end, and why, in words."""

    miss: float
    owed: float
    done: float
    rhythm: float
    needed: float
    reaches: tuple[Reach, ...]
    drivers: tuple[Words, ...]

    @property
    def end(self) -> Reach:
        return self.reaches[-1]

    @property
    def percent(self) -> int:
        """Never 0 nor 100: nothing is certain before the end."""
        return min(max(round(self.miss * 100), 1), 99)


def forecast(
    worked: Mapping[Month, float],
    *,
    owed: float,
    starts_on: date,
    ends_on: date,
    known_until: Month,
    supposing: Supposed | None = None,
) -> Forecast | None:
    """The forecast from the hours of each month, known until the end of one of them.

    None when nothing is left to forecast: the period is over, nothing is owed, or all is done. A month
    without hours before `known_until` counts as zero.
    Raises `BadValue` when the period ends before it starts.
    """
    if ends_on < starts_on:
        raise BadValue(
            gettext_noop(
                "The period ends on %(ends_on)s, before it starts on %(starts_on)s. Check the dates."
            ),
            starts_on=starts_on,
            ends_on=ends_on,
        )
    law = supposing or supposed()
    done = sum(hours for month, hours in worked.items() if month <= known_until)
    whole = weighed(starts_on, ends_on, law)
    past = [(month, weight) for month, weight in whole if month <= known_until]
    left = [(month, weight) for month, weight in whole if month > known_until and weight > 0]
    if owed <= 0 or done >= owed or not left:
        return None
    rhythm, doubt, noise, seen = _rhythm(worked, past, owed / sum(weight for _month, weight in whole), law)
    reaches = _reaches(done, left, rhythm, doubt, noise, ends_on)
    needed = (owed - done) / sum(weight for _month, weight in left)
    miss = _below(owed - done, *_moments(left, rhythm, doubt, noise))
    drivers = _drivers(rhythm, needed, left, seen, noise, law)
    return Forecast(miss, owed, done, rhythm, needed, reaches, drivers)


def weighed(starts_on: date, ends_on: date, law: Supposed) -> list[tuple[Month, float]]:
    """Each month of the period with its weight, less where it begins or ends inside."""
    found = []
    for month in months_between(Month.of(starts_on), Month.of(ends_on)):
        days = days_of_overlap(starts_on, ends_on, month.first_day, month.last_day)
        found.append((month, law.weight(month) * days / month.last_day.day))
    return found


def _rhythm(
    worked: Mapping[Month, float], past: Sequence[tuple[Month, float]], planned: float, law: Supposed
) -> tuple[float, float, float, int]:
    """Hours of an ordinary month, the doubt on it, the irregularity of months (standard deviations), and the
    months it rests on. The plan counts for some months, the last months for more than the first."""
    begun = _begun(worked, [pair for pair in past if pair[1] > 0])
    recent = begun[-law.recent_months :]
    prior = planned * law.prior_share
    shares = [DECADE ** ((len(recent) - 1 - place) / 2) for place in range(len(recent))]
    rates = [worked.get(month, 0.0) / weight for month, weight in recent]
    total = sum(shares) + law.prior_months
    rhythm = (
        sum(share * rate for share, rate in zip(shares, rates, strict=True)) + law.prior_months * prior
    ) / total
    usual = (law.spread * max(rhythm, planned / 4)) ** 2
    spread = sum(share * (rate - rhythm) ** 2 for share, rate in zip(shares, rates, strict=True))
    noise = math.sqrt((spread + law.prior_months * usual) / total)
    effective = total**2 / (sum(share**2 for share in shares) + law.prior_months)
    doubt = math.sqrt(noise**2 / effective + (law.drift * rhythm) ** 2)
    return rhythm, doubt, noise, len(recent)


def _begun(worked: Mapping[Month, float], past: list[tuple[Month, float]]) -> list[tuple[Month, float]]:
    """The months from the first hours on; all of them when there is no hour yet."""
    first = next((place for place, (month, _weight) in enumerate(past) if worked.get(month)), 0)
    return past[first:]


def _moments(
    left: Sequence[tuple[Month, float]], rhythm: float, doubt: float, noise: float
) -> tuple[float, float]:
    """Mean and standard deviation of the hours of these months together."""
    weight = sum(share for _month, share in left)
    scattered = noise**2 * sum(share for _month, share in left)
    return rhythm * weight, math.sqrt((doubt * weight) ** 2 + scattered)


def _law(mean: float, deviation: float) -> tuple[float, float]:
    """The log-normal law with this mean and deviation."""
    width = math.log1p((deviation / mean) ** 2)
    return math.log(mean) - width / 2, math.sqrt(width)


def _below(wanted: float, mean: float, deviation: float) -> float:
    """The probability that so many hours are not reached."""
    if mean <= 0:
        return 1.0
    if deviation <= 0:
        return float(mean < wanted)
    centre, width = _law(mean, deviation)
    return NORMAL.cdf((math.log(wanted) - centre) / width)


def _reaches(
    done: float,
    left: Sequence[tuple[Month, float]],
    rhythm: float,
    doubt: float,
    noise: float,
    ends_on: date,
) -> tuple[Reach, ...]:
    found = []
    for place in range(1, len(left) + 1):
        mean, deviation = _moments(left[:place], rhythm, doubt, noise)
        day = min(left[place - 1][0].last_day, ends_on)
        if mean <= 0 or deviation <= 0:
            found.append(Reach(day, done + mean, done + mean, done + mean))
            continue
        centre, width = _law(mean, deviation)
        low, middle, high = (math.exp(centre + width * NORMAL.inv_cdf(share)) for share in (LOW, 0.5, HIGH))
        found.append(Reach(day, done + low, done + middle, done + high))
    return tuple(found)


def _drivers(
    rhythm: float,
    needed: float,
    left: Sequence[tuple[Month, float]],
    seen: int,
    noise: float,
    law: Supposed,
) -> tuple[Words, ...]:
    """What weighs most: the pace needed beside the pace held, the season of the months left, the doubt."""
    pace = Words(
        gettext_noop("%(needed)s h a month are needed until the end; the recent rhythm is %(rhythm)s h."),
        {"needed": round(needed), "rhythm": round(rhythm)},
    )
    found = [pace]
    whole = [month for month, weight in left if weight > 0]
    season = sum(law.weight(month) for month in whole) / len(whole)
    if season < 0.93:
        found.append(Words(gettext_noop("The months left are usually slow: holidays or winter.")))
    elif season > 1.05:
        found.append(Words(gettext_noop("The months left are usually busy.")))
    if seen < 3:
        found.append(
            Words(
                gettext_noop("Few months are known (%(number)s): the plan still counts for much."),
                {"number": seen},
            )
        )
    elif noise > 0.8 * max(rhythm, 1.0):
        found.append(Words(gettext_noop("The past months are very irregular: the band is wide.")))
    return tuple(found)
