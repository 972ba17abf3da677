"""Who may do what to a clause, and why not."""

from collections.abc import Collection
from datetime import date

from relais.clauses.enums import (
    CRITERION_MODALITIES,
    HOLDING_PARTS,
    ClauseState,
    Part,
    ProposalState,
    TenderState,
    TextState,
)
from relais.clauses.models import Clause, LibraryText, Party, Proposal, ScoringGrid, Tender, TextVersion
from relais.clauses.models.scoring import ANALYSTS
from relais.clauses.queries import Stand, sees_whole, stands_of
from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import gettext_noop
from relais.kit.actor import Actor
from relais.organisations.enums import Capacity, Role
from relais.organisations.models import Organisation, Scheme, in_force
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
    if writer and ScoringGrid.objects.filter(clause_id=clause.pk, frozen_at__isnull=False).exists():
        return no(gettext_noop("Offers are being scored: the published terms change no more."))
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


TEXT_WRITERS = (Role.OFFICER, Role.PURCHASER, Role.MANAGER)
"""Roles that write and approve the texts of a library."""
TEXT_READERS = (*TEXT_WRITERS, Role.PROJECT_LEAD, Role.READER)
TEXT_BODIES = (Capacity.COORDINATOR, Capacity.BUYER, Capacity.FACILITATOR)
"""Roles that read the library, in the bodies that have one of these capacities."""


def reads_library(actor: Actor, capacities: Collection[str]) -> bool:
    """Whether the pages of the library open to the actor."""
    return actor.role in TEXT_READERS and bool(set(TEXT_BODIES) & set(capacities))


def _writes_texts(actor: Actor) -> Verdict:
    if actor.role not in TEXT_WRITERS:
        return no(gettext_noop("An officer, a purchaser or a manager writes the texts of the library."))
    return YES


def coordinates_texts(actor: Actor, scheme: Scheme) -> Verdict:
    """The coordinator of the scheme keeps its library."""
    if scheme.coordinator_id != actor.organisation_id:
        return no(gettext_noop("The coordinator of the scheme keeps its library. You may propose a version."))
    return _writes_texts(actor)


def can_open_library(actor: Actor, scheme: Scheme) -> Verdict:
    """The manager of the coordinator decides whether the public reads the approved texts."""
    keeper = coordinates_texts(actor, scheme)
    if keeper and actor.role != Role.MANAGER:
        return no(gettext_noop("The manager of the coordinator opens these texts to the public, or not."))
    return keeper


def can_load_library(actor: Actor, scheme: Scheme) -> Verdict:
    return coordinates_texts(actor, scheme)


def can_write_version(actor: Actor, text: LibraryText) -> Verdict:
    """The coordinator writes; buyers, and facilitators who follow a clause of the scheme, propose."""
    if text.scheme.coordinator_id == actor.organisation_id:
        return _writes_texts(actor)
    body = Organisation(pk=actor.organisation_id)
    held = capacities_of(body, actor.on)
    if Capacity.BUYER in held:
        return _writes_texts(actor)
    follows = Party.objects.filter(
        in_force(actor.on),
        organisation_id=actor.organisation_id,
        part=Part.FACILITATOR,
        clause__scheme_id=text.scheme_id,
    )
    if Capacity.FACILITATOR not in held or not follows.exists():
        return no(
            gettext_noop(
                "Buyers, and facilitators who follow a clause of this scheme, propose texts. You read them."
            )
        )
    return _writes_texts(actor)


def can_propose_version(actor: Actor, version: TextVersion) -> Verdict:
    if version.organisation_id != actor.organisation_id:
        return no(gettext_noop("The body that wrote this draft proposes it."))
    if version.state != TextState.DRAFT:
        return no(gettext_noop("Only a draft is proposed; this version is one no more."))
    return _writes_texts(actor)


def can_approve_version(actor: Actor, version: TextVersion) -> Verdict:
    """A legal step: two people. Who wrote or loaded the text does not approve it."""
    keeper = coordinates_texts(actor, version.text.scheme)
    if not keeper:
        return keeper
    if version.state == TextState.DRAFT:
        return no(gettext_noop("This version is a draft: it is proposed first."))
    if version.state != TextState.PROPOSED:
        return no(gettext_noop("Only a proposed version is approved."))
    if version.author_id == actor.user_id:
        return no(gettext_noop("Another person than the one who wrote or loaded this text approves it."))
    return YES


def can_withdraw_version(actor: Actor, version: TextVersion) -> Verdict:
    if version.state == TextState.WITHDRAWN:
        return no(gettext_noop("This version is withdrawn already."))
    if version.state != TextState.APPROVED and version.organisation_id == actor.organisation_id:
        return _writes_texts(actor)
    if version.state == TextState.DRAFT:
        return no(gettext_noop("The body that writes this draft withdraws it."))
    return coordinates_texts(actor, version.text.scheme)


def can_read_kit(actor: Actor, clause: Clause) -> Verdict:
    """The kit holds the buyer's working: only those who read the whole clause open it."""
    if not sees_whole(actor, clause):
        return no(
            gettext_noop(
                "The file of texts is for the buyer, the coordinator and the facilitator. "
                "The texts of the contract are on the page of the clause."
            )
        )
    return YES


def can_read_analysis(actor: Actor, clause: Clause) -> Verdict:
    """Offers are confidential: officers and purchasers of the buyer and of its scheme; a tenderer never."""
    if clause.modality not in CRITERION_MODALITIES:
        return no(gettext_noop("This clause holds no award criterion: there is no offer to score."))
    if not stands_of(actor, clause) & {Stand.BUYER, Stand.COORDINATOR}:
        return no(
            gettext_noop(
                "Offers are confidential: only the buyer and the coordinator of its scheme read them."
            )
        )
    if actor.role not in ANALYSTS:
        return no(
            gettext_noop(
                "Offers are confidential: an officer, a purchaser or a manager of your body reads them."
            )
        )
    if actor.organisation_id in clause.tenderers:
        return no(gettext_noop("Your body made an offer in this consultation: it reads none of the offers."))
    return YES


def can_write_grid(actor: Actor, clause: Clause, grid: ScoringGrid | None) -> Verdict:
    """The grid may change until the first score; all offers are then scored by the same one."""
    allowed = first_refusal(writes_for_buyer(actor, clause.buyer_id), can_read_analysis(actor, clause))
    if allowed and grid is not None and grid.frozen_at is not None:
        return no(
            gettext_noop("The grid is frozen since the first score of %(day)s: offers are all scored by it."),
            day=grid.frozen_at,
        )
    return first_refusal(allowed, in_state(clause, ClauseState.DRAFT, ClauseState.WRITTEN))


def can_record_tenders(actor: Actor, clause: Clause) -> Verdict:
    """Offers come once the text of the clause is kept, and change no more once the contract is awarded."""
    return first_refusal(
        writes_for_buyer(actor, clause.buyer_id),
        can_read_analysis(actor, clause),
        in_state(clause, ClauseState.WRITTEN),
    )


def can_score(actor: Actor, clause: Clause, grid: ScoringGrid | None, tender: Tender) -> Verdict:
    allowed = can_record_tenders(actor, clause)
    if allowed and grid is None:
        return no(gettext_noop("Write the scoring grid first, as published."))
    if allowed and tender.state == TenderState.ASIDE:
        return no(gettext_noop("This offer is set aside. Take it back before scoring it."))
    return allowed
