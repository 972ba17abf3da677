"""What is left before an obligation is closed: final balance, what to settle, evaluations."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from relais.core.words import Words, gettext_noop
from relais.execution.enums import AnswerState, Mode, Side
from relais.execution.models import (
    Breach,
    ClosedMonth,
    Debtor,
    Evaluation,
    HoursWaiver,
    JobContract,
    Obligation,
    StatementLine,
)
from relais.kit.actor import Actor
from relais.kit.fields import total


@dataclass(frozen=True, slots=True)
class Check:
    """Something to settle before the closing: done or not, and what is missing."""

    words: Words
    done: bool
    left: int = 0


@dataclass(frozen=True, slots=True)
class Closing:
    """What the page of the closing shows."""

    debtors: tuple[Debtor, ...]
    checks: tuple[Check, ...]
    evaluations: tuple[Evaluation, ...]

    @property
    def ready(self) -> bool:
        return all(check.done for check in self.checks)


def closing_of(obligation: Obligation, actor: Actor) -> Closing:
    """The closing of an obligation, as far as the actor reads it, in three queries."""
    debtors = Debtor.objects.visible_to(actor).filter(obligation=obligation).select_related("organisation")
    evaluations = tuple(
        Evaluation.objects.visible_to(actor).in_force().filter(obligation=obligation).select_related("body")
    )
    checks = (_decided(obligation), *_counted(obligation, actor.on), _account(obligation))
    return Closing(tuple(debtors), (*checks, evaluated(evaluations)), evaluations)


def _decided(obligation: Obligation) -> Check:
    waiting = obligation.declared + obligation.queried
    return Check(Words(gettext_noop("Every line of hours is decided")), not waiting)


def _account(obligation: Obligation) -> Check:
    dated = obligation.final_account_on is not None
    return Check(Words(gettext_noop("The day of the final account is recorded")), dated)


def _months(on: date) -> Subquery:
    closed = ClosedMonth.objects.filter(obligation=OuterRef("obligation"), month=OuterRef("month"))
    lines = StatementLine.objects.counted().filter(~Exists(closed), obligation=OuterRef("pk"))
    return _number(lines, Count("month", distinct=True))


def _jobs(on: date) -> Subquery:
    running = Q(ends_on=None) | Q(ends_on__gt=on)
    return _number(JobContract.objects.filter(running, obligation=OuterRef("pk")))


def _breaches(on: date) -> Subquery:
    return _number(Breach.objects.running().filter(obligation=OuterRef("pk")))


def _waivers(on: date) -> Subquery:
    return _number(HoursWaiver.objects.filter(obligation=OuterRef("pk"), state=AnswerState.WAITING))


def _number(rows: Any, count: Count | None = None) -> Subquery:
    """How many rows of an obligation there are; nothing when there is none."""
    return Subquery(
        rows.order_by().values("obligation").annotate(number=count or Count("pk")).values("number")
    )


COUNTS: dict[str, tuple[Words, Callable[[date], Subquery]]] = {
    "months": (Words(gettext_noop("Every month with hours is closed")), _months),
    "jobs": (Words(gettext_noop("Every job has its end recorded")), _jobs),
    "breaches_left": (Words(gettext_noop("Every breach is settled, its penalty accounted")), _breaches),
    "waivers_left": (Words(gettext_noop("Every waiver of hours is decided")), _waivers),
}
"""What is counted before the closing, in one query; another side of the room adds its own."""


def _counted(obligation: Obligation, on: date) -> Iterator[Check]:
    counts = {name: find(on) for name, (_words, find) in COUNTS.items()}
    found = Obligation.objects.filter(pk=obligation.pk).annotate(**counts).values(*counts).get()
    for name, (words, _find) in COUNTS.items():
        left = found[name] or 0
        yield Check(words, not left, left)


def evaluated(evaluations: tuple[Evaluation, ...]) -> Check:
    left = len(set(Side.values) - {one.side for one in evaluations})
    return Check(
        Words(gettext_noop("The buyer, the facilitator and the company have given their evaluation")),
        not left,
        left,
    )


@dataclass(frozen=True, slots=True)
class Certified:
    """The hours validated of a company in one way to perform, and the people counted once each."""

    mode: Mode
    hours: Decimal
    people: int


def certified(debtor: Debtor) -> tuple[list[Certified], int]:
    """Hours by way to perform, and people in all; nobody is named, people of two ways count once in all."""
    lines = StatementLine.objects.counted().filter(job_contract__debtor=debtor).order_by()
    rows = lines.values_list("job_contract__mode").annotate(
        hours=total("counted_hours"), people=Count("job_contract__person__pseudonym", distinct=True)
    )
    people = lines.values("job_contract__person__pseudonym").distinct().count()
    return [Certified(Mode(mode), hours, count) for mode, hours, count in sorted(rows)], people
