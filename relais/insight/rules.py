"""Who may put an alert off, write a note on it, choose when alerts go higher; and why not."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import gettext_noop
from relais.insight.models import Alert, HandOver
from relais.kit.actor import Actor
from relais.organisations.enums import Role
from relais.organisations.models import Organisation, Scheme
from relais.organisations.rules import can_keep_scheme

HANDLERS: Final = (Role.MANAGER, Role.OFFICER, Role.PURCHASER, Role.PROJECT_LEAD)
LONGEST: Final = timedelta(days=180)
"""An alert put off for longer would be an alert forgotten."""


def handles(actor: Actor) -> Verdict:
    if actor.role not in HANDLERS:
        return no(gettext_noop("Your role reads alerts. An officer or a manager of your body handles them."))
    return YES


def is_open(alert: Alert) -> Verdict:
    if alert.closed_on is not None:
        return no(gettext_noop("This alert is closed since %(day)s: its cause is gone."), day=alert.closed_on)
    return YES


def can_note(actor: Actor, alert: Alert) -> Verdict:
    return first_refusal(handles(actor), is_open(alert))


def can_snooze(actor: Actor, alert: Alert) -> Verdict:
    """The buyer or the facilitator: a company does not put off what is said of it to others."""
    if actor.organisation_id not in (alert.buyer_id, alert.facilitator_id):
        return no(gettext_noop("Only the buyer or the facilitator puts an alert off."))
    return first_refusal(handles(actor), is_open(alert))


def can_wake(actor: Actor, alert: Alert) -> Verdict:
    if not alert.is_asleep(actor.on):
        return no(gettext_noop("This alert is not put off."))
    return can_snooze(actor, alert)


def snooze_verdict(until: date, reason: str, on: date) -> Verdict:
    """Whether an alert may be put off until that day, for that reason."""
    if not reason.strip():
        return no(gettext_noop("Say why the alert is put off: others will read it."))
    if not on < until <= on + LONGEST:
        return no(
            gettext_noop("Choose a day between tomorrow and %(day)s: it comes back by itself that day."),
            day=on + LONGEST,
        )
    return YES


def can_set_escalation(actor: Actor, scheme: Scheme) -> Verdict:
    return can_keep_scheme(actor, scheme)


def escalation_verdict(days: int | None, to: str, source: str) -> Verdict:
    if (days is None) != (not to):
        return no(gettext_noop("Give the days and to whom it is told, or neither."))
    if not source.strip():
        return no(gettext_noop("A rule needs its source: the vote, the guide or the text it comes from."))
    return YES


FARTHEST: Final = timedelta(days=366)
"""A hand-over decided longer before would be forgotten."""


def can_hand_over(actor: Actor, scheme: Scheme, body_id: int) -> Verdict:
    """The coordinator for every body of the scheme, the manager of a facilitator body for its own cases."""
    if body_id == actor.organisation_id and actor.role == Role.MANAGER:
        return YES
    if not can_keep_scheme(actor, scheme):
        return no(
            gettext_noop("The coordinator of the scheme, or the manager of the body, hands its cases over.")
        )
    return YES


def hand_over_verdict(
    body_id: int, other: Organisation, bodies: Collection[int], starts_on: date, note: str, on: date
) -> Verdict:
    """Whether cases may go to that body from that day. `bodies` are the facilitator bodies of the scheme."""
    if other.pk == body_id or other.pk not in bodies:
        return no(gettext_noop("Choose another facilitator body of the scheme."))
    if not on < starts_on <= on + FARTHEST:
        return no(
            gettext_noop("Choose a day between tomorrow and %(day)s: it can be undone until its eve."),
            day=on + FARTHEST,
        )
    if not note.strip():
        return no(gettext_noop("Write what the next body must know: where each case stands."))
    return YES


def can_undo_hand_over(actor: Actor, done: HandOver) -> Verdict:
    """Until its eve, by who may have decided it."""
    if done.undone_at is not None:
        return no(gettext_noop("This hand-over is already undone."))
    if actor.on >= done.starts_on:
        return no(
            gettext_noop("It is in force since %(day)s. Hand the cases back instead."), day=done.starts_on
        )
    return can_hand_over(actor, done.scheme, done.from_body_id)
