"""Who prepares the kick-off of an obligation, and why not."""

from relais.clauses.models import Correspondent
from relais.clauses.queries import WHOLE, Stand, stands_of
from relais.clauses.rules import SPEAKERS
from relais.core.verdict import YES, Verdict, no
from relais.core.words import gettext_noop
from relais.execution.models import Obligation
from relais.execution.rules.ledger import can_record_kick_off, is_open
from relais.kit.actor import Actor

TAKING_PART = {Stand.HOLDER, Stand.SUBCONTRACTOR, Stand.STRUCTURE}
"""Who names its own correspondents, beside the facilitator and the buyer who may name anybody's."""


def can_name_correspondents(actor: Actor, obligation: Obligation) -> Verdict:
    """The facilitator and the buyer for every body; a body that takes part for itself."""
    if stands_of(actor, obligation.clause) & TAKING_PART and actor.role in SPEAKERS:
        return is_open(obligation)
    return can_record_kick_off(actor, obligation)


def can_name_for(actor: Actor, obligation: Obligation, organisation_id: int) -> Verdict:
    allowed = can_name_correspondents(actor, obligation)
    if allowed and organisation_id != actor.organisation_id and not can_record_kick_off(actor, obligation):
        return no(gettext_noop("You name the correspondents of your own body only."))
    return allowed


def can_end_correspondent(actor: Actor, obligation: Obligation, correspondent: Correspondent) -> Verdict:
    if correspondent.ended_at is not None:
        return no(
            gettext_noop("This correspondent is in charge no more since %(day)s."), day=correspondent.ended_at
        )
    return can_name_for(actor, obligation, correspondent.organisation_id)


def can_write_plan(actor: Actor, obligation: Obligation) -> Verdict:
    """The facilitator or the buyer keeps the plan that was agreed with the holders."""
    return can_record_kick_off(actor, obligation)


def can_write_minutes(actor: Actor, obligation: Obligation) -> Verdict:
    return can_record_kick_off(actor, obligation)


def can_read_plan(actor: Actor, obligation: Obligation) -> Verdict:
    """The plan and the minutes are for who reads the whole clause and for its holders."""
    if not stands_of(actor, obligation.clause) & (WHOLE | {Stand.HOLDER}):
        return no(gettext_noop("The plan and the minutes are for the buyer, the facilitator and holders."))
    return YES
