"""Who proposes an amendment of what is owed, who answers it, and what a consortium answers for."""

from datetime import date
from decimal import Decimal

from relais.clauses.enums import Consortium
from relais.clauses.queries import Stand, stands_of
from relais.clauses.rules import SPEAKERS, WRITERS
from relais.core.verdict import YES, Verdict, no
from relais.core.words import Words, gettext_noop
from relais.execution.models import AmendmentProposal, Debtor, Obligation
from relais.execution.owing_enums import Liability, ProposalState
from relais.execution.rules.ledger import can_write_ledger, is_open
from relais.execution.rules.owing import can_read_owing
from relais.kit.actor import Actor


def leads(actor: Actor, obligation: Obligation) -> bool:
    """Whether the actor speaks for the holders: the holder alone, or the lead of the consortium."""
    own = Debtor.objects.filter(obligation=obligation, organisation_id=actor.organisation_id, is_lead=True)
    return own.exists()


def is_holder(actor: Actor, obligation: Obligation) -> bool:
    """Whether the actor's body owes a part of the hours."""
    return Stand.HOLDER in stands_of(actor, obligation.clause)


def reads_amendments(actor: Actor, obligation: Obligation) -> bool:
    """Those who read the rule of owing read the amendments."""
    return bool(can_read_owing(actor, obligation))


def can_propose(actor: Actor, obligation: Obligation, is_lead: bool | None = None) -> Verdict:
    """The buyer, or the holder that speaks for all (`is_lead`, when it is known already)."""
    if actor.organisation_id == obligation.buyer_id and actor.role in WRITERS:
        return is_open(obligation)
    if actor.role in SPEAKERS and (leads(actor, obligation) if is_lead is None else is_lead):
        return is_open(obligation)
    return no(gettext_noop("The buyer of the contract and its holder, or the lead of a consortium, do this."))


def can_answer(actor: Actor, proposal: AmendmentProposal, is_lead: bool | None = None) -> Verdict:
    """The other side: an amendment binds two."""
    if proposal.state != ProposalState.OPEN:
        return no(gettext_noop("This proposal already has its answer."))
    allowed = can_propose(actor, proposal.obligation, is_lead)
    if allowed and proposal.organisation_id == actor.organisation_id:
        return no(gettext_noop("Your body made this proposal: the other side answers it."))
    both_hold = proposal.obligation.buyer_id not in (proposal.organisation_id, actor.organisation_id)
    if allowed and both_hold:
        return no(gettext_noop("The buyer answers what a holder proposes."))
    return allowed


def can_withdraw(actor: Actor, proposal: AmendmentProposal, is_lead: bool | None = None) -> Verdict:
    if proposal.state != ProposalState.OPEN:
        return no(gettext_noop("This proposal already has its answer."))
    if proposal.organisation_id != actor.organisation_id:
        return no(gettext_noop("The body that made this proposal withdraws it."))
    return can_propose(actor, proposal.obligation, is_lead)


def amendment_verdict(
    obligation: Obligation, hours: Decimal, new_end: date | None, document: str, reason: str
) -> Verdict:
    """Whether what is proposed makes sense on the ledger as it stands."""
    if hours == 0 and new_end is None:
        return no(gettext_noop("This changes nothing: give hours more or less, or a new end of performance."))
    if not document.strip() or not reason.strip():
        return no(gettext_noop("Name the amendment and say why: the other side decides on that."))
    if new_end is not None and new_end < obligation.starts_on:
        return no(gettext_noop("The end of performance cannot come before its start."))
    if obligation.owed + hours < 0:
        return no(
            gettext_noop("This would leave less than zero hours owed: %(owed)s h are owed today."),
            owed=obligation.owed,
        )
    return YES


def can_set_liability(actor: Actor, obligation: Obligation, companies: int) -> Verdict:
    """The buyer, where several companies owe the hours."""
    allowed = can_write_ledger(actor, obligation)
    if allowed and companies < 2:
        return no(gettext_noop("One company alone owes these hours: it answers for all of them."))
    return allowed


FROM_CONSORTIUM = {Consortium.JOINT: Liability.SEVERAL, Consortium.SEVERAL: Liability.JOINT}
"""What the form of the consortium says; `clauses` names them joint (conjoint) and several (solidaire)."""

SENTENCES = {
    Liability.SEVERAL: gettext_noop("Each company answers for its own part only."),
    Liability.LEAD_JOINT: gettext_noop(
        "Each company answers for its own part; %(lead)s, the lead, answers for all the others too."
    ),
    Liability.JOINT: gettext_noop(
        "Each company answers for the whole: hours that one does not do may be asked of any other."
    ),
}


def liability_of(obligation: Obligation) -> Liability | None:
    """What was written down, or what the consortium of the contract says; none for one holder."""
    if obligation.liability:
        return Liability(obligation.liability)
    consortium = obligation.clause.consortium
    return FROM_CONSORTIUM.get(Consortium(consortium)) if consortium else None


def liability_sentence(obligation: Obligation, lead: str) -> Words | None:
    """Who answers for whom, in one sentence; none for one holder."""
    found = liability_of(obligation)
    if found is None:
        return None
    return Words(SENTENCES[found], {"lead": lead} if found is Liability.LEAD_JOINT else {})
