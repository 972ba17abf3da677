"""Who may do what to a clause, and why not."""

from datetime import date

from relais.clauses.enums import HOLDING_PARTS, ClauseState, Part, ProposalState
from relais.clauses.models import Clause, Party, Proposal
from relais.clauses.queries import Stand, stands_of
from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import gettext_noop
from relais.kit.actor import Actor
from relais.organisations.enums import Capacity, Role
from relais.organisations.models import Organisation
from relais.organisations.queries import capacities_of, takes_part
from relais.screening.enums import OpportunityState
from relais.screening.models import Opportunity

WRITERS = (Role.OFFICER, Role.PURCHASER, Role.MANAGER)
"""Roles of the buyer that write, amend and award a clause."""
SPEAKERS = (Role.OFFICER, Role.MANAGER)
"""Roles of a facilitator body or of a company that speak for it."""


def writes_for_buyer(actor: Actor, buyer_id: int) -> Verdict:
    """Only the buyer's own officers, purchasers and managers write its clauses."""
    if actor.organisation_id != buyer_id:
        return no(
            gettext_noop("Only the buyer of this contract writes its clause. You may propose a change.")
        )
    if actor.role not in WRITERS:
        return no(gettext_noop("An officer, a purchaser or a manager of the buyer writes its clauses."))
    return YES


def can_write_clause(actor: Actor, opportunity: Opportunity) -> Verdict:
    """A clause is born of a retained opportunity, once."""
    writer = writes_for_buyer(actor, opportunity.lot.buyer_id)
    if not writer:
        return writer
    if Clause.objects.filter(lot_id=opportunity.lot_id).exists():
        return no(gettext_noop("This lot already has a clause. Open it and amend it."))
    if opportunity.state != OpportunityState.RETAINED:
        return no(gettext_noop("Only a retained opportunity becomes a clause. Decide on its sheet first."))
    return YES


def in_state(clause: Clause, *states: ClauseState) -> Verdict:
    if clause.state in states:
        return YES
    if clause.state == ClauseState.ABANDONED:
        return no(gettext_noop("This clause is abandoned. Take it up again first."))
    if clause.state == ClauseState.DRAFT:
        return no(gettext_noop("This clause is still a draft. Keep its text first."))
    if clause.state == ClauseState.WRITTEN:
        return no(gettext_noop("The text of this clause is kept. Go back to the draft to change it."))
    return no(gettext_noop("The contract is awarded: its hours now change by entries of the ledger."))


def can_amend_draft(actor: Actor, clause: Clause) -> Verdict:
    return first_refusal(writes_for_buyer(actor, clause.buyer_id), in_state(clause, ClauseState.DRAFT))


def can_mark_written(actor: Actor, clause: Clause) -> Verdict:
    return can_amend_draft(actor, clause)


def can_return_to_draft(actor: Actor, clause: Clause) -> Verdict:
    writer = writes_for_buyer(actor, clause.buyer_id)
    if writer and clause.state == ClauseState.DRAFT:
        return no(gettext_noop("This clause is a draft already."))
    return first_refusal(writer, in_state(clause, ClauseState.WRITTEN))


def can_record_award(actor: Actor, clause: Clause) -> Verdict:
    return first_refusal(writes_for_buyer(actor, clause.buyer_id), in_state(clause, ClauseState.WRITTEN))


def can_abandon(actor: Actor, clause: Clause) -> Verdict:
    return first_refusal(
        writes_for_buyer(actor, clause.buyer_id), in_state(clause, ClauseState.DRAFT, ClauseState.WRITTEN)
    )


def can_resume(actor: Actor, clause: Clause) -> Verdict:
    writer = writes_for_buyer(actor, clause.buyer_id)
    if writer and clause.state != ClauseState.ABANDONED:
        return no(gettext_noop("Only an abandoned clause is taken up again."))
    return writer


def can_change_parties(actor: Actor, clause: Clause) -> Verdict:
    """The buyer assigns the facilitator; the facilitator may bring in those who take part in performance."""
    if Stand.FACILITATOR in stands_of(actor, clause) and actor.role in SPEAKERS:
        return is_alive(clause)
    return first_refusal(writes_for_buyer(actor, clause.buyer_id), is_alive(clause))


def is_alive(clause: Clause) -> Verdict:
    if clause.state in (ClauseState.CLOSED, ClauseState.ABANDONED):
        return no(gettext_noop("This clause is over: nobody joins it nor leaves it any more."))
    return YES


def can_add_party(actor: Actor, clause: Clause, part: Part) -> Verdict:
    if part in HOLDING_PARTS:
        return no(gettext_noop("Holders come with the award, with their shares. Record the award."))
    if part == Part.FACILITATOR:
        return first_refusal(writes_for_buyer(actor, clause.buyer_id), is_alive(clause))
    return can_change_parties(actor, clause)


def party_verdict(clause: Clause, organisation: Organisation, part: Part, on: date) -> Verdict:
    """Whether the body can take that part: a facilitator body of the scheme, a structure, a company."""
    wanted = CAPACITIES_OF_PART[part]
    if not wanted & capacities_of(organisation, on):
        return no(
            gettext_noop("%(body)s is not registered for this part. Ask the coordinator of the scheme."),
            body=organisation.name,
        )
    if not takes_part(clause.scheme, organisation, on):
        return no(
            gettext_noop("%(body)s does not take part in the scheme. Ask its coordinator."),
            body=organisation.name,
        )
    return YES


CAPACITIES_OF_PART = {
    Part.FACILITATOR: frozenset({Capacity.FACILITATOR}),
    Part.STRUCTURE: frozenset({Capacity.STRUCTURE}),
    Part.SUBCONTRACTOR: frozenset({Capacity.COMPANY, Capacity.STRUCTURE}),
}


def can_end_party(actor: Actor, party: Party) -> Verdict:
    if party.ends_on is not None:
        return no(gettext_noop("This body already left the clause on %(day)s."), day=party.ends_on)
    if party.part in HOLDING_PARTS:
        return no(gettext_noop("A holder owes hours: it leaves only by a transfer in the ledger."))
    return can_add_party(actor, party.clause, Part(party.part))


def can_propose(actor: Actor, clause: Clause) -> Verdict:
    """Facilitators and companies ask; the buyer answers, then amends."""
    if clause.buyer_id == actor.organisation_id:
        return no(gettext_noop("You are the buyer: change the clause instead of proposing it."))
    if not stands_of(actor, clause) & {Stand.FACILITATOR, Stand.HOLDER}:
        return no(gettext_noop("Only the facilitator and the holders of this clause propose a change."))
    if actor.role not in SPEAKERS:
        return no(gettext_noop("An officer or a manager of your body proposes changes."))
    if clause.state == ClauseState.ABANDONED:
        return no(gettext_noop("This clause is abandoned. Take it up again first."))
    return YES


def can_answer_proposal(actor: Actor, proposal: Proposal) -> Verdict:
    writer = writes_for_buyer(actor, proposal.clause.buyer_id)
    if writer and proposal.state != ProposalState.OPEN:
        return no(gettext_noop("This proposal already has its answer."))
    return writer
