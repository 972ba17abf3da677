"""Invent the life of one contract, from its announcement to its last hour: dates and hours only, no database.

Everything random is drawn here, from one seeded generator, so that two loads of the same day tell the same
stories; `relais.demo.scheme` then plays them with the real actions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from random import Random

from relais.core.months import Month, add_months
from relais.core.regime import Modality, modalities_on
from relais.demo.works import DIRECT_CATEGORIES, WORKS, Work

SINCE = date(2008, 6, 1)
ANNOUNCED_DAYS = 150
"""Days between the announcement of a lot and the launch of its consultation."""
LAST_PAST = 75
"""Days after the end of a contract before its ledger is closed."""


class Fate(Enum):
    """How the contract goes."""

    GOOD = "good"
    SHORT = "short"
    FAILING = "failing"
    SILENT = "silent"


@dataclass(slots=True)
class Job:
    """A job: its mode, category, first day, and hours by month."""

    mode: str
    kind: str
    category: str
    woman: bool
    starts_on: date
    ends_on: date
    hours: list[tuple[Month, Decimal]] = field(default_factory=list)


@dataclass(slots=True)
class Story:
    """One contract. `buyer` and `department` choose the actors; dates are those of the real steps."""

    number: int
    work: Work
    buyer: int
    department: str
    amount: Decimal
    modality: str
    launched_on: date
    notified_on: date
    starts_on: date
    ends_on: date
    fate: Fate
    partners: int
    amended: Decimal = Decimal(0)
    jobs: list[Job] = field(default_factory=list)

    @property
    def planned(self) -> Decimal:
        return sum((hours for job in self.jobs for _month, hours in job.hours), Decimal(0))


DEPARTMENT_WEIGHTS = (("54", 34), ("57", 38), ("88", 18), ("55", 10))
MODES = (("DIRECT_HIRE", 44), ("SUPPLY_SIAE", 38), ("SUPPLY_GEIQ", 8), ("SUBCONTRACT", 10))


def pick[T](random: Random, weighted: Sequence[tuple[T, int]]) -> T:
    return random.choices([value for value, _ in weighted], [weight for _, weight in weighted])[0]


def hundredths_of(value: float) -> Decimal:
    return Decimal(round(value * 4)) / 4


RARE_WORKS = {Modality.RESERVED_PRISON: "impression", Modality.RESERVED_ESS: "social-sante"}
"""Modalities too rare to be drawn, and the trade in which each is told."""


def invent(
    random: Random,
    number: int,
    launched_on: date,
    buyers: int,
    *,
    rare: Modality | None = None,
    quick: bool = False,
) -> Story:
    """A contract launched that day, of a rare modality when asked; `quick`: notified soon, begun at once."""
    work = random.choices(WORKS, [work.weight for work in WORKS])[0]
    if rare is not None:
        work = next(work for work in WORKS if work.trade == RARE_WORKS[rare])
    amount = Decimal(round(work.amount * random.lognormvariate(0, 0.45)) * 1000)
    months = max(4, round(work.months * random.uniform(0.8, 1.3)))
    notified_on = launched_on + timedelta(days=random.randint(38, 44) if quick else random.randint(70, 150))
    starts_on = notified_on + timedelta(days=3 if quick else random.randint(10, 40))
    ends_on = add_months(starts_on, months) - timedelta(days=1)
    fate = pick(random, ((Fate.GOOD, 78), (Fate.SHORT, 13), (Fate.FAILING, 6), (Fate.SILENT, 3)))
    return Story(
        number=number,
        work=work,
        buyer=0 if random.random() < 0.62 else random.randint(1, buyers - 1),
        department=pick(random, DEPARTMENT_WEIGHTS),
        amount=amount,
        modality=rare.value if rare else modality_of(random, work, launched_on),
        launched_on=launched_on,
        notified_on=notified_on,
        starts_on=starts_on,
        ends_on=ends_on,
        fate=fate,
        partners=2 if random.random() < 0.09 else 1,
        amended=Decimal(random.choice((8, 12, 15, -10))) / 100 if random.random() < 0.12 else Decimal(0),
    )


def modality_of(random: Random, work: Work, launched_on: date) -> str:
    """A modality that existed that day; services usual in insertion are often reserved or bought as such."""
    known = modalities_on(launched_on)
    wanted: list[tuple[Modality, int]] = [
        (Modality.EXEC_CONDITION, 80),
        (Modality.MIXED, 9),
        (Modality.AWARD_CRITERION, 4),
    ]
    if work.reserved:
        wanted += [
            (Modality.INSERTION_SERVICE, 18),
            (Modality.RESERVED_IAE, 16),
            (Modality.RESERVED_DISABILITY, 12),
            (Modality.RESERVED_MIXED, 6),
        ]
    return pick(random, [(modality, weight) for modality, weight in wanted if modality in known]).value


def invent_jobs(random: Random, story: Story, owed: Decimal, today: date) -> None:
    """Share the hours to be done among people, month by month, until today."""
    done = owed * Decimal(str(share_done(random, story.fate)))
    months = working_months(story, today)
    if not months or story.fate is Fate.SILENT:
        return
    last_month = Month.of(story.ends_on)
    elapsed = Decimal(len(months)) / max(len(all_months(story.starts_on, last_month)), 1)
    left = done * min(elapsed * Decimal("1.05"), Decimal(1))
    place = 0
    while left > 12:
        job = invent_job(random, story, months)
        if job is None:
            break
        for month in all_months(job.starts_on, Month.of(job.ends_on)):
            if left <= 0 or month not in months:
                break
            days = (min(month.last_day, job.ends_on) - max(month.first_day, job.starts_on)).days + 1
            hours = min(hundredths_of(days * random.uniform(3.0, 4.9)), hundredths_of(float(left)))
            if hours >= 1:
                job.hours.append((month, hours))
                left -= hours
        if job.hours:
            story.jobs.append(job)
        place += 1
        if place > 60:
            break


def invent_job(random: Random, story: Story, months: list[Month]) -> Job | None:
    mode = mode_of(random, story)
    length = random.choice((2, 3, 3, 4, 5, 6))
    first = months[min(random.randint(0, max(0, len(months) - 2)), len(months) - 1)]
    if months[-1] < Month.of(story.ends_on) and random.random() < 0.55:
        first = months[-min(random.randint(1, 3), len(months))]
    starts_on = max(first.first_day + timedelta(days=random.choice((0, 0, 3, 7))), story.starts_on)
    ends_on = min(add_months(starts_on, length) - timedelta(days=1), story.ends_on)
    if ends_on < starts_on:
        return None
    woman = random.random() < (0.45 if story.work.nature == "services" else 0.12)
    return Job(
        mode,
        kind_of(random, mode, story.modality),
        category_of(random, mode, story.modality),
        woman,
        starts_on,
        ends_on,
    )


def mode_of(random: Random, story: Story) -> str:
    if story.modality.startswith("RESERVED"):
        return "RESERVED"
    if story.modality == "INSERTION_SERVICE":
        return "OBJECT"
    return pick(random, MODES)


def kind_of(random: Random, mode: str, modality: str = "") -> str:
    if modality == Modality.RESERVED_PRISON:
        return "OTHER"
    if mode == "DIRECT_HIRE":
        return pick(random, (("CDD", 55), ("CDI", 14), ("APP", 16), ("PRO", 15)))
    if mode == "SUPPLY_SIAE":
        return pick(random, (("CTT", 80), ("CDDI", 20)))
    return "PRO" if mode == "SUPPLY_GEIQ" else "CDDI"


def category_of(random: Random, mode: str, modality: str = "") -> str:
    if modality == Modality.RESERVED_PRISON:
        return "A_PRISON"
    if mode == "DIRECT_HIRE":
        return pick(random, DIRECT_CATEGORIES)
    if mode == "SUPPLY_SIAE":
        return pick(random, (("A_ETTI", 70), ("A_AI", 30)))
    if mode == "SUPPLY_GEIQ":
        return "A_GEIQ"
    return pick(random, (("A_EI", 55), ("A_ACI", 45)))


def share_done(random: Random, fate: Fate) -> float:
    if fate is Fate.GOOD:
        return random.uniform(1.0, 1.16)
    return random.uniform(0.45, 0.9) if fate is Fate.SHORT else random.uniform(0.0, 0.35)


def working_months(story: Story, today: date) -> list[Month]:
    """Months already over in which hours may have been worked."""
    last = min(story.ends_on, today.replace(day=1) - timedelta(days=1))
    return all_months(story.starts_on, Month.of(last)) if last >= story.starts_on else []


def all_months(first_day: date, last: Month) -> list[Month]:
    months, month = [], Month.of(first_day)
    while month <= last:
        months.append(month)
        month = month.next()
    return months


EARLY, LATE = 3, 4
"""Contracts launched as soon as the scheme exists, and in the last weeks: both are notified quickly."""


def launch_days(random: Random, number: int, today: date) -> list[date]:
    """Launch dates from the first months of the scheme to last spring, more and more contracts a year; a few
    of the first day, and a few of the last weeks, so that the newest law has its contracts."""
    first = SINCE + timedelta(days=ANNOUNCED_DAYS)
    span = (today - timedelta(days=120) - first).days
    drawn = [
        first + timedelta(days=round(span * random.random() ** 0.75)) for _ in range(number - EARLY - LATE)
    ]
    early = [first + timedelta(days=place) for place in range(EARLY)]
    late = [today - timedelta(days=88 - 5 * place) for place in range(LATE)]
    return sorted([*early, *drawn, *late])
