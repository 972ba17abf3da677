"""Who takes part in a clause, from when to when, and what the parties propose."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from relais.clauses import rules
from relais.clauses.enums import Part, ProposalState
from relais.clauses.models import Clause, Party, Proposal
from relais.core.verdict import no
from relais.core.words import gettext_noop
from relais.kit import audit
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.organisations.models import Organisation


def open_part(clause: Clause, organisation: Organisation, part: Part, on: date) -> Party:
    """The open part of a body in a clause, made if it is not there; raises `Stale` on a simultaneous one."""
    try:
        with transaction.atomic():
            party, _ = Party.objects.get_or_create(
                clause=clause, organisation=organisation, part=part, ends_on=None, defaults={"starts_on": on}
            )
    except IntegrityError as error:
        raise Stale(clause) from error
    return party


@transaction.atomic
def assign_facilitator(clause: Clause, organisation: Organisation, *, actor: Actor, at: datetime) -> Party:
    """Open the file to a facilitator body."""
    return add_party(clause, organisation, Part.FACILITATOR, actor=actor, at=at)


@transaction.atomic
def add_party(
    clause: Clause,
    organisation: Organisation,
    part: Part,
    *,
    actor: Actor,
    at: datetime,
    starts_on: date | None = None,
) -> Party:
    """Let a body take part: facilitator, subcontractor or structure. Holders come with the award."""
    require(rules.can_add_party(actor, clause, part))
    require(rules.party_verdict(clause, organisation, part, actor.on))
    party = open_part(clause, organisation, part, starts_on or timezone.localdate(at))
    audit.record(
        "clauses.party.joined",
        party,
        actor=actor,
        at=at,
        owner_id=clause.buyer_id,
        scope_id=clause.scheme_id,
        detail=f"{part} body={organisation.pk}",
    )
    return party


@transaction.atomic
def end_party(party: Party, *, actor: Actor, at: datetime) -> None:
    """Close the file to a body: refused from the next request on, what it did stays."""
    require(rules.can_end_party(actor, party))
    eve = timezone.localdate(at) - timedelta(days=1)
    if not Party.objects.filter(pk=party.pk, ends_on=None).update(ends_on=eve):
        raise Stale(party)
    party.ends_on = eve
    audit.record(
        "clauses.party.left",
        party,
        actor=actor,
        at=at,
        owner_id=party.clause.buyer_id,
        scope_id=party.clause.scheme_id,
        detail=f"{party.part} body={party.organisation_id}",
    )


@transaction.atomic
def propose_change(
    clause: Clause, *, text: str, hours: Decimal | None = None, actor: Actor, at: datetime
) -> Proposal:
    """Ask the buyer for a change; it changes nothing by itself."""
    require(rules.can_propose(actor, clause))
    if not text.strip():
        require(no(gettext_noop("Say what should change, and why.")))
    proposal = Proposal.objects.create(
        clause=clause,
        organisation_id=actor.organisation_id,
        text=text.strip(),
        hours=hours,
        proposed_at=at,
        proposed_by_id=actor.user_id,
    )
    audit.record(
        "clauses.proposal.made",
        proposal,
        actor=actor,
        at=at,
        owner_id=clause.buyer_id,
        scope_id=clause.scheme_id,
    )
    return proposal


@transaction.atomic
def answer_proposal(proposal: Proposal, *, taken: bool, answer: str, actor: Actor, at: datetime) -> None:
    """Answer a proposal, with grounds when declined; taken up, the buyer then amends or records an entry."""
    require(rules.can_answer_proposal(actor, proposal))
    if not taken and not answer.strip():
        require(no(gettext_noop("Say why the proposal is declined.")))
    state = ProposalState.TAKEN if taken else ProposalState.DECLINED
    waiting = Proposal.objects.filter(pk=proposal.pk, state=ProposalState.OPEN)
    if not waiting.update(
        state=state, answer=answer.strip()[:300], answered_at=at, answered_by_id=actor.user_id
    ):
        raise Stale(proposal)
    proposal.refresh_from_db()
    audit.record(
        f"clauses.proposal.{state.value}",
        proposal,
        actor=actor,
        at=at,
        owner_id=proposal.clause.buyer_id,
        scope_id=proposal.clause.scheme_id,
    )
