"""Who sends a link to declare a month without account, to whom, and when it opens nothing any more."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from relais.clauses.enums import HOLDING_PARTS, Part
from relais.clauses.models import Party
from relais.core.months import Month
from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import gettext_noop
from relais.execution.models import DeclarationLink, Obligation
from relais.execution.rules.people import writes
from relais.kit.actor import Actor

LINK_DAYS = timedelta(days=30)
"""How long a link works: after the end of its month, or after it was sent when that is later."""
MOST_MONTHS = 6


def sends_links(actor: Actor, parties: Sequence[Party]) -> Verdict:
    """The facilitator of the clause, or a body that holds it, among its parties in force."""
    own = {party.part for party in parties if party.organisation_id == actor.organisation_id}
    if not own & {Part.FACILITATOR, *HOLDING_PARTS}:
        return no(gettext_noop("Links are sent by the facilitator of the clause, or by its holder."))
    return writes(actor)


def can_send_links(
    actor: Actor, obligation: Obligation, parties: Sequence[Party], declarant_id: int, *, has_jobs: bool
) -> Verdict:
    """`has_jobs`: the body has a job recorded under this obligation."""
    allowed = sends_links(actor, parties)
    if not allowed:
        return allowed
    if obligation.is_closed:
        return no(gettext_noop("This obligation is closed: nothing is declared any more."))
    if declarant_id == actor.organisation_id:
        return no(gettext_noop("Your organisation declares with its own account: choose another body."))
    if not any(party.organisation_id == declarant_id and party.part in DECLARING for party in parties):
        return no(gettext_noop("This body takes no part in the clause: add it first."))
    if not has_jobs:
        return no(
            gettext_noop(
                "No job is recorded for this body under this clause: its page would be empty. "
                "The facilitator records the jobs first."
            )
        )
    return YES


DECLARING = frozenset({*HOLDING_PARTS, Part.SUBCONTRACTOR, Part.STRUCTURE})


def month_can_be_asked(obligation: Obligation, month: Month, *, closed: bool, sent: bool) -> Verdict:
    """A month of the contract, open, whose statement this body has not sent yet; it may be to come."""
    if month.last_day < obligation.starts_on or month.first_day > obligation.ends_on:
        return no(
            gettext_noop("%(month)s is outside the contract, which runs from %(first)s to %(last)s."),
            month=month,
            first=obligation.starts_on,
            last=obligation.ends_on,
        )
    if closed:
        return no(gettext_noop("%(month)s is closed: open another month."), month=month)
    if sent:
        return no(gettext_noop("The statement of %(month)s is already sent by this body."), month=month)
    return YES


def can_withdraw(actor: Actor, link: DeclarationLink, *, is_assigned: bool, at: datetime) -> Verdict:
    if not (link.sent_by_body_id == actor.organisation_id or is_assigned):
        return no(gettext_noop("Only the body that sent this link, or the facilitator, withdraws it."))
    return first_refusal(writes(actor), is_open(link, at))


def is_open(link: DeclarationLink, at: datetime) -> Verdict:
    """Why a link opens nothing any more, if so; what to do is said on its page."""
    if link.used_at is not None:
        return no(gettext_noop("This link has already served: the statement was sent with it."))
    if link.revoked_at is not None:
        return no(gettext_noop("This link was withdrawn by who sent it."))
    if link.expires_at <= at:
        return no(gettext_noop("This link has expired."))
    return YES


def says_quality(signed_as: str) -> Verdict:
    if not signed_as.strip():
        return no(gettext_noop("Write in what quality you sign: manager, accountant..."))
    return YES


def expiry(month: Month, on: date) -> datetime:
    """The last moment of a link sent that day."""
    day = max(month.last_day, on) + LINK_DAYS
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
