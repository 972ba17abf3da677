"""Record a step of a pathway that no clause pays."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from relais.execution.models import PathStep, Person
from relais.execution.rules import pathway as rules
from relais.kit import audit
from relais.kit.access import require
from relais.kit.actor import Actor


@transaction.atomic
def record_step(
    person: Person,
    *,
    kind: str,
    label: str = "",
    starts_on: date,
    ends_on: date | None = None,
    hours: Decimal | None = None,
    actor: Actor,
    at: datetime,
) -> PathStep:
    """Record a PASS, a training, a preparation or an immersion; its hours never enter a ledger (M13)."""
    require(rules.can_record_step(actor, person))
    require(rules.step_verdict(kind, starts_on, ends_on, hours))
    step = PathStep.objects.create(
        person=person,
        kind=kind,
        label=label.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        hours=hours,
        recorded_by_id=actor.user_id,
        recorded_at=at,
    )
    audit.record(
        "execution.step.recorded",
        step,
        actor=actor,
        at=at,
        owner_id=person.body_id,
        scope_id=person.scheme_id,
        detail=f"{person.number} {kind}",
    )
    return step
