"""Who records a step of a pathway, and what a step may be."""

from datetime import date
from decimal import Decimal

from relais.core.verdict import YES, Verdict, no
from relais.core.words import gettext_noop
from relais.execution.enums import StepKind
from relais.execution.models import Person
from relais.execution.rules.people import can_decide_eligibility
from relais.kit.actor import Actor


def can_record_step(actor: Actor, person: Person) -> Verdict:
    return can_decide_eligibility(actor, person)


def step_verdict(kind: str, starts_on: date, ends_on: date | None, hours: Decimal | None) -> Verdict:
    """A PASS has an end and no hours; other steps may have both."""
    if ends_on is not None and ends_on < starts_on:
        return no(gettext_noop("The end of the step cannot come before its start."))
    if kind == StepKind.PASS and (ends_on is None or hours is not None):
        return no(gettext_noop("A PASS has an end, and no hours."))
    return YES
