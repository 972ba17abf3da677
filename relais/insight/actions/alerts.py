"""Put an alert off, bring it back, write a note on it; choose when alerts go higher."""

from datetime import date, datetime

from django.db import transaction

from relais.insight import rules
from relais.insight.actions.compute import escalate
from relais.insight.escalation import rules_in_force
from relais.insight.models import Alert, AlertNote, EscalationRule
from relais.kit import audit
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.organisations.models import Scheme


@transaction.atomic
def snooze(alert: Alert, *, until: date, reason: str, version: int, actor: Actor, at: datetime) -> None:
    """Hide it until a day, for a reason that others read. Raises `Stale` when it changed meanwhile."""
    require(rules.can_snooze(actor, alert))
    require(rules.snooze_verdict(until, reason, actor.on))
    alert.snoozed_until, alert.snooze_reason = until, reason.strip()
    alert.snoozed_by_id, alert.snoozed_at = actor.user_id, at
    _save(alert, version, actor.on)
    _trace("insight.alert.snoozed", alert, actor=actor, at=at, detail=f"until={until.isoformat()}")


@transaction.atomic
def wake(alert: Alert, *, version: int, actor: Actor, at: datetime) -> None:
    """Show it again before its day."""
    require(rules.can_wake(actor, alert))
    alert.snoozed_until, alert.snooze_reason = None, ""
    alert.snoozed_by_id, alert.snoozed_at = None, None
    _save(alert, version, actor.on)
    _trace("insight.alert.woken", alert, actor=actor, at=at)


@transaction.atomic
def note(alert: Alert, text: str, *, actor: Actor, at: datetime) -> AlertNote:
    """Write what was done; the count before it goes higher starts anew."""
    require(rules.can_note(actor, alert))
    written = AlertNote.objects.create(
        alert=alert,
        organisation_id=actor.organisation_id,
        author_id=actor.user_id,
        text=text.strip(),
        written_at=at,
    )
    alert.acted_on = actor.on
    _save(alert, alert.version, actor.on)
    _trace("insight.alert.noted", alert, actor=actor, at=at)
    return written


def _save(alert: Alert, version: int, on: date) -> None:
    """Write what was changed, if nobody changed the alert since it was read."""
    escalate(alert, rules_in_force(alert.scheme, on), on)
    names = (
        *("snoozed_until", "snooze_reason", "snoozed_by_id", "snoozed_at", "acted_on"),
        *("escalates_on", "escalates_to", "escalated_on", "escalated_to"),
    )
    changes = {name: getattr(alert, name) for name in names}
    still = Alert.objects.filter(pk=alert.pk, version=version).open()
    if not still.update(**changes, version=version + 1):
        raise Stale(alert)
    alert.version = version + 1


@transaction.atomic
def set_escalation(
    scheme: Scheme,
    level: str,
    *,
    days: int | None,
    to: str,
    starts_on: date,
    source: str,
    actor: Actor,
    at: datetime,
) -> EscalationRule:
    """Add a rule that starts that day; the next pass follows it."""
    require(rules.can_set_escalation(actor, scheme))
    require(rules.escalation_verdict(days, to, source))
    rule = EscalationRule.objects.create(
        scheme=scheme,
        level=level,
        days=days,
        to=to,
        starts_on=starts_on,
        source=source.strip(),
        entered_by_id=actor.user_id,
        entered_at=at,
    )
    audit.record(
        "insight.escalation.set",
        rule,
        actor=actor,
        at=at,
        owner_id=scheme.coordinator_id,
        scope_id=scheme.pk,
        detail=f"level={level} days={days or 0} to={to or 'nobody'}",
    )
    return rule


def _trace(verb: str, alert: Alert, *, actor: Actor, at: datetime, detail: str = "") -> None:
    audit.record(
        verb,
        alert,
        actor=actor,
        at=at,
        owner_id=alert.buyer_id,
        scope_id=alert.scheme_id,
        detail=f"code={alert.code} {detail}".strip(),
    )
