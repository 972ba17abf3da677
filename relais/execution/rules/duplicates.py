"""Who may say that two records are one person, and why not."""

from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import gettext_noop
from relais.execution.models import PairDecision, Person
from relais.execution.rules.people import follows, writes
from relais.kit.actor import Actor


def can_settle(actor: Actor, first: Person, second: Person) -> Verdict:
    """An officer of the body that follows both records, which are two and of one scheme."""
    allowed = first_refusal(writes(actor), follows(actor, first), follows(actor, second))
    if not allowed:
        return allowed
    if first.pk == second.pk or first.scheme_id != second.scheme_id:
        return no(gettext_noop("Choose two records of the same scheme."))
    if first.anonymised_on or second.anonymised_on:
        return no(gettext_noop("This record is anonymous: it no longer tells who it was about."))
    return YES


def can_undo(actor: Actor, decision: PairDecision) -> Verdict:
    """As long as both records still tell who they are about."""
    allowed = first_refusal(writes(actor), follows(actor, decision.first))
    if not allowed:
        return allowed
    if decision.undone_at is not None:
        return no(gettext_noop("This decision is already undone."))
    if decision.first.anonymised_on or decision.second.anonymised_on:
        return no(gettext_noop("This record is anonymous: it no longer tells who it was about."))
    return YES
