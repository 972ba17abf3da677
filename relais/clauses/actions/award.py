"""Record the award: the contract, its holders and their shares; from then on the hours are owed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from relais.clauses import rules
from relais.clauses.actions.drafting import BEFORE_AWARD, move, move_opportunity, trace
from relais.clauses.actions.parties import open_part
from relais.clauses.actions.reserved import checks_of, keep_checks, reserved_verdict
from relais.clauses.actions.retained import retain, retained_verdict, steps_of
from relais.clauses.actions.signed import WHOLE, Award, Held
from relais.clauses.enums import (
    CRITERION_MODALITIES,
    RESERVED_MODALITIES,
    ClauseState,
    Consortium,
    Modality,
    Part,
)
from relais.clauses.events import ClauseAwarded, HolderShare
from relais.clauses.models import Clause
from relais.core.money import hundredths
from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import gettext_noop
from relais.kit import events
from relais.kit.access import require
from relais.kit.actor import Actor
from relais.organisations.actions.schemes import give_capacities, known_or_new
from relais.organisations.enums import Capacity
from relais.organisations.models import SchemeBody
from relais.procurement.models import Contract, Holder
from relais.screening.enums import OpportunityState


def award_verdict(clause: Clause, award: Award) -> Verdict:
    """Whether the award can be: dates in order, one lead, shares that make the whole, hours to owe."""
    return first_refusal(
        _dates_verdict(clause, award), _holders_verdict(award), _hours_verdict(clause, award)
    )


def _dates_verdict(clause: Clause, award: Award) -> Verdict:
    if award.notified_on < clause.launched_on:
        return no(
            gettext_noop("A contract cannot be notified on %(day)s, before its launch on %(launch)s."),
            day=award.notified_on,
            launch=clause.launched_on,
        )
    if award.starts_on < award.notified_on:
        return no(
            gettext_noop("Performance cannot start on %(day)s, before the notification on %(notified)s."),
            day=award.starts_on,
            notified=award.notified_on,
        )
    if award.ends_on < award.starts_on:
        return no(gettext_noop("The end of performance cannot come before its start."))
    return YES


def _holders_verdict(award: Award) -> Verdict:
    bodies = [held.body.pk for held in award.holders]
    if not bodies:
        return no(gettext_noop("Name at least one holder."))
    if len(set(bodies)) != len(bodies):
        return no(gettext_noop("The same body is named twice among the holders."))
    if sum(held.is_lead for held in award.holders) != 1:
        return no(gettext_noop("One holder, and only one, leads the consortium."))
    if any(held.share < 0 for held in award.holders):
        return no(gettext_noop("A share cannot be negative."))
    total = sum((held.share for held in award.holders), Decimal(0))
    if total != WHOLE:
        return no(gettext_noop("Shares add up to %(total)s %%: they must make 100 %%."), total=total * 100)
    if (len(bodies) > 1) is (award.consortium == Consortium.ALONE):
        return no(gettext_noop("Say whether the holder is alone or in a consortium, as the contract does."))
    return YES


def _hours_verdict(clause: Clause, award: Award) -> Verdict:
    if award.hours < 0:
        return no(gettext_noop("Hours committed cannot be negative."))
    if award.hours == 0 and clause.modality in (Modality.EXEC_CONDITION, *CRITERION_MODALITIES):
        return no(gettext_noop("The contract owes no hour: enter the hours committed by the holder."))
    if award.hours < clause.hours and clause.modality in (Modality.EXEC_CONDITION, Modality.MIXED):
        return no(
            gettext_noop("The clause asks for %(hours)s h: an offer below it does not meet the condition."),
            hours=clause.hours,
        )
    return YES


@transaction.atomic
def record_award(clause: Clause, award: Award, *, actor: Actor, at: datetime) -> Contract:
    """Record the signed contract and its holders; execution hears it and opens the ledger.

    Raises `Refused` with the reason when the award cannot be, `Stale` when somebody moved the clause.
    """
    require(rules.can_record_award(actor, clause))
    award = replace(award, holders=tuple(known(held, clause, award, at) for held in award.holders))
    require(award_verdict(clause, award))
    require(retained_verdict(clause, award))
    checks = checks_of(clause, award)
    require(reserved_verdict(checks, award.justification))
    steps = steps_of(clause, award)
    contract = contract_for(clause, award)
    fields = {
        "state": ClauseState.AWARDED,
        "contract": contract,
        "working": {**clause.working, **({"promise": list(steps)} if steps else {})},
        "hours": hundredths(award.hours),
        "consortium": award.consortium,
        "awarded_at": at,
    }
    move(clause, (ClauseState.WRITTEN,), **fields)
    retain(award.tender, clause, actor=actor, at=at)
    keep_checks(clause, checks, award.justification, actor=actor, at=at)
    set_holders(contract, award.holders)
    opened_on = min(award.notified_on, timezone.localdate(at))
    for held in award.holders:
        open_part(clause, held.body, Part.HOLDER if held.is_lead else Part.PARTNER, opened_on)
    move_opportunity(clause.lot, BEFORE_AWARD, OpportunityState.AWARDED)
    trace(
        "clauses.clause.awarded",
        clause,
        actor=actor,
        at=at,
        detail=f"contract={contract.pk} hours={clause.hours}",
    )
    events.emit(
        ClauseAwarded(
            clause_id=clause.pk,
            holders=tuple(HolderShare(held.body.pk, held.share, held.is_lead) for held in award.holders),
            hours=clause.hours,
            effective_on=award.notified_on,
            starts_on=award.starts_on,
            ends_on=award.ends_on,
            document=contract.source_id,
            actor=actor,
            at=at,
            steps=steps,
        )
    )
    return contract


def known(held: Held, clause: Clause, award: Award, at: datetime) -> Held:
    """The holder as a body of the scheme; a company named for the first time is registered."""
    if held.organisation is not None:
        return held
    body, is_new = known_or_new(held.name, held.siret, at)
    if is_new:
        give_capacities(body, (Capacity.COMPANY,), award.notified_on)
    SchemeBody.objects.get_or_create(
        scheme_id=clause.scheme_id, organisation=body, defaults={"starts_on": award.notified_on}
    )
    return replace(held, organisation=body)


def contract_for(clause: Clause, award: Award) -> Contract:
    """The contract of the lot, or the one already published under this identifier, or a new one.

    What was published is kept: only what is missing is filled.
    """
    contract = known_contract(clause, award.source_id)
    if contract is None:
        return new_contract(clause, award)
    filled = []
    for name, value in (("notified_on", award.notified_on), ("amount", award.amount)):
        if getattr(contract, name) is None and value is not None:
            setattr(contract, name, value)
            filled.append(name)
    if filled:
        contract.save(update_fields=filled)
    return contract


def known_contract(clause: Clause, source_id: str) -> Contract | None:
    own = Contract.objects.filter(lot_id=clause.lot_id).first()
    if own is not None:
        return own
    published = Contract.objects.filter(
        scheme_id=clause.scheme_id,
        buyer_id=clause.buyer_id,
        source_id=source_id,
        clause=None,
        lot__clause=None,
    )
    return published.order_by("rank").first()


def new_contract(clause: Clause, award: Award) -> Contract:
    same = Contract.objects.filter(
        scheme_id=clause.scheme_id, buyer_id=clause.buyer_id, source_id=award.source_id
    )
    highest = same.aggregate(highest=Max("rank"))["highest"] or 0
    return Contract.objects.create(
        scheme_id=clause.scheme_id,
        buyer_id=clause.buyer_id,
        lot_id=clause.lot_id,
        source_id=award.source_id,
        rank=highest + 1,
        notified_on=award.notified_on,
        amount=award.amount,
        consortium_type="" if award.consortium == Consortium.ALONE else award.consortium,
        has_social_clause=clause.modality in (Modality.EXEC_CONDITION, Modality.MIXED),
        has_social_criterion=clause.modality in CRITERION_MODALITIES,
        is_reserved=clause.modality in RESERVED_MODALITIES,
        social_published=True,
    )


def set_holders(contract: Contract, holders: Sequence[Held]) -> None:
    """Give each holder of the contract its body and its share; a holder not published yet is added."""
    published = {holder.identifier: holder for holder in contract.holders.all() if holder.identifier}
    for position, held in enumerate(holders, 1):
        siret = held.body.siret
        holder = published.get(siret) or Holder(
            contract=contract,
            identifier=siret,
            identifier_type="SIRET" if siret else "",
            name=held.body.name,
            position=len(published) + position,
        )
        holder.organisation = held.body
        holder.share = held.share
        holder.is_lead = held.is_lead
        holder.save()
