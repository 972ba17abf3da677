"""Prepare and hold the kick-off: correspondents, plan of hours, minutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F

from relais.clauses.enums import TenderState
from relais.clauses.models import Correspondent, HoursPlan, Minutes, PlannedHours, Tender
from relais.core.hours_plan import Planned, spread, sum_verdict
from relais.core.money import hundredths
from relais.core.verdict import no
from relais.core.words import gettext_noop
from relais.execution.actions.ledger import name_contact, record_kick_off, trace
from relais.execution.models import Obligation
from relais.execution.rules import launch as rules
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Contact:
    """Who to call: a member of one's own body (`user_id`), or a person typed."""

    organisation: Organisation
    role: str
    name: str
    email: str = ""
    phone: str = ""
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the minutes say."""

    held_on: date
    attendees: str
    decisions: str
    next_steps: str = ""


@transaction.atomic
def name_correspondent(
    obligation: Obligation, contact: Contact, *, actor: Actor, at: datetime
) -> Correspondent:
    """Name somebody to call at a body that takes part; the first of the lead is that of the obligation."""
    body = contact.organisation
    require(rules.can_name_for(actor, obligation, body.pk))
    if not contact.name.strip():
        require(no(gettext_noop("Give the name of the correspondent.")))
    if not (contact.email.strip() or contact.phone.strip()):
        require(no(gettext_noop("Give an e-mail address or a telephone number.")))
    named = Correspondent.objects.create(
        clause_id=obligation.clause_id,
        organisation=body,
        user_id=contact.user_id,
        role=contact.role,
        name=contact.name.strip()[:120],
        email=contact.email.strip(),
        phone=contact.phone.strip()[:30],
        named_at=at,
    )
    trace("execution.correspondent.named", obligation, actor=actor, at=at, detail=f"body={body.pk}")
    if not obligation.contact_name and obligation.debtors.filter(organisation=body, is_lead=True).exists():
        name_contact(obligation, name=named.name, email=named.email, actor=actor, at=at)
    return named


@transaction.atomic
def end_correspondent(
    obligation: Obligation, correspondent: Correspondent, *, actor: Actor, at: datetime
) -> None:
    """Take somebody off the list; what was said with that person stays."""
    require(rules.can_end_correspondent(actor, obligation, correspondent))
    if not Correspondent.objects.filter(pk=correspondent.pk, ended_at=None).update(ended_at=at):
        raise Stale(correspondent)
    trace(
        "execution.correspondent.ended",
        obligation,
        actor=actor,
        at=at,
        detail=f"body={correspondent.organisation_id}",
    )


@transaction.atomic
def spread_hours(
    obligation: Obligation, trades: Mapping[str, Decimal], *, actor: Actor, at: datetime
) -> HoursPlan:
    """Make the plan from the duration, the trades and the years that the offer retained promised.

    Raises `BadValue` when the trades cannot share anything.
    """
    require(rules.can_write_plan(actor, obligation))
    retained = Tender.objects.filter(clause_id=obligation.clause_id, state=TenderState.RETAINED).first()
    lines = spread(
        obligation.owed,
        obligation.starts_on,
        obligation.ends_on,
        trades=trades,
        years=retained.years if retained else (),
    )
    return write_plan(obligation, lines, actor=actor, at=at)


@transaction.atomic
def write_plan(
    obligation: Obligation,
    lines: Sequence[Planned],
    *,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> HoursPlan:
    """Keep the plan, once it counts exactly what is owed; `Stale` when another person kept one meanwhile.

    `version` is that of the plan which was changed, when it was changed by hand.
    """
    require(rules.can_write_plan(actor, obligation))
    require(sum_verdict([hundredths(line.hours) for line in lines], obligation.owed))
    if any(line.hours < 0 for line in lines):
        require(no(gettext_noop("Planned hours cannot be negative.")))
    plan = HoursPlan.objects.filter(clause_id=obligation.clause_id).first()
    if plan is None:
        try:
            with transaction.atomic():
                plan = HoursPlan.objects.create(
                    clause_id=obligation.clause_id, written_at=at, written_by_id=actor.user_id
                )
        except IntegrityError as error:
            raise Stale(obligation) from error
    else:
        as_read = HoursPlan.objects.filter(pk=plan.pk, version=plan.version if version is None else version)
        if not as_read.update(version=F("version") + 1, written_at=at, written_by_id=actor.user_id):
            raise Stale(plan)
        plan.lines.all().delete()
        plan.refresh_from_db()
    PlannedHours.objects.bulk_create(
        PlannedHours(plan=plan, month=line.month.first_day, trade=line.trade, hours=hundredths(line.hours))
        for line in lines
    )
    trace("execution.plan.kept", obligation, actor=actor, at=at, detail=f"hours={obligation.owed}")
    return plan


@transaction.atomic
def write_minutes(obligation: Obligation, meeting: Meeting, *, actor: Actor, at: datetime) -> Minutes:
    """Keep the minutes of the kick-off and record its day; former minutes stay, replaced."""
    require(rules.can_write_minutes(actor, obligation))
    if not (meeting.attendees.strip() and meeting.decisions.strip()):
        require(no(gettext_noop("Minutes say who was present and what was decided.")))
    if obligation.kicked_off_on != meeting.held_on:
        record_kick_off(obligation, held_on=meeting.held_on, actor=actor, at=at)
    Minutes.objects.filter(clause_id=obligation.clause_id, replaced_at=None).update(replaced_at=at)
    try:
        with transaction.atomic():
            minutes = Minutes.objects.create(
                clause_id=obligation.clause_id,
                held_on=meeting.held_on,
                attendees=meeting.attendees.strip(),
                decisions=meeting.decisions.strip(),
                next_steps=meeting.next_steps.strip(),
                recorded_at=at,
                recorded_by_id=actor.user_id,
            )
    except IntegrityError as error:
        raise Stale(obligation) from error
    trace("execution.minutes.written", obligation, actor=actor, at=at, detail=meeting.held_on.isoformat())
    return minutes
