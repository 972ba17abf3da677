"""All the stories of a demonstration, sized so that their validated hours make the total wanted."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from relais.core.calibration import Calibration, from_amount
from relais.core.money import hundredths
from relais.core.months import Month
from relais.core.regime import Modality, modalities_on
from relais.demo.story import EARLY, LATE, RARE_WORKS, Fate, Story, invent, invent_jobs, launch_days

HOURLY_COST_2008, HOURLY_COST_YEARLY = Decimal(27), Decimal("0.5")
EFFORTS = tuple(Decimal(effort) for effort in ("0.05", "0.05", "0.05", "0.07", "0.07", "0.10"))
WAITING_DAYS = 45
"""Hours of months that ended less than this many days ago still wait for the facilitator."""


def hourly_cost(on: date) -> Decimal:
    return HOURLY_COST_2008 + HOURLY_COST_YEARLY * (on.year - 2008)


def calibration(story: Story, share: Decimal, effort: Decimal) -> Calibration:
    return from_amount(
        amount=story.amount,
        labour_share=share,
        insertion_rate=effort,
        hourly_cost=hourly_cost(story.launched_on),
    )


def effort_of(story: Story) -> Decimal:
    return EFFORTS[story.number % len(EFFORTS)]


def is_validated(month: Month, today: date) -> bool:
    return month.last_day + timedelta(days=WAITING_DAYS) <= today


def validated(stories: list[Story], today: date) -> Decimal:
    return sum(
        (
            hours
            for s in stories
            for job in s.jobs
            for month, hours in job.hours
            if is_validated(month, today)
        ),
        Decimal(0),
    )


def stories(
    *, seed: int, contracts: int, hours: Decimal, buyers: int, shares: dict[str, Decimal], today: date
) -> list[Story]:
    """Contracts whose validated hours make `hours` exactly; `shares` gives the labour share of each trade."""
    factor = Decimal(1)
    found: list[Story] = []
    for _attempt in range(6):
        found = _invented(seed, contracts, buyers, shares, today, factor)
        total = validated(found, today)
        if abs(total - hours) <= hours / 100:
            break
        factor = hundredths(factor * hours / max(total, Decimal(1)) * 100) / 100
    _level(found, hours - validated(found, today), today)
    return found


def _invented(
    seed: int, contracts: int, buyers: int, shares: dict[str, Decimal], today: date, factor: Decimal
) -> list[Story]:
    random = Random(seed)
    days = launch_days(random, contracts, today)
    found = []
    rare = _rare(days)
    for number, day in enumerate(days, 1):
        own = Random(f"{seed}-{number}")
        quick = number <= EARLY or number > contracts - LATE
        story = invent(own, number, day, buyers, rare=rare.get(number), quick=quick)
        story.amount = Decimal(round(story.amount * factor / 500) * 500)
        owed = calibration(story, shares[story.work.trade], effort_of(story)).hours
        invent_jobs(own, story, owed * (1 + story.amended), today)
        found.append(story)
    return found


def _rare(days: list[date]) -> dict[int, Modality]:
    """Which contracts bear the modalities too rare to be drawn: one of each, well after each was born."""
    found: dict[int, Modality] = {}
    for back, modality in enumerate(RARE_WORKS, 1):
        number = len(days) - LATE - len(days) // 20 * back
        if modality in modalities_on(days[number - 1]):
            found[number] = modality
    return found


def _level(found: list[Story], missing: Decimal, today: date) -> None:
    """Add to, or take from, lines of contracts that go well, a little each, until nothing is missing."""
    step = Decimal(6) if missing > 0 else Decimal(-6)
    for _round in range(3):
        for story in found:
            if story.fate is not Fate.GOOD:
                continue
            for job in story.jobs:
                for place, (month, hours) in enumerate(job.hours):
                    if not missing or not is_validated(month, today):
                        continue
                    change = step if abs(missing) >= abs(step) else missing
                    if 8 <= hours + change <= 190 and hours > 24:
                        job.hours[place] = (month, hours + change)
                        missing -= change
        if not missing:
            return
