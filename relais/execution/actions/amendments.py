"""Amend what is owed by two wills: one side proposes, the other accepts, and the entry tells both names."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from relais.core.calibration import Step
from relais.core.money import EXACT, hundredths
from relais.core.verdict import no
from relais.core.words import Words, gettext_noop
from relais.execution.actions.ledger import Wanted, trace, write_entries
from relais.execution.enums import EntryKind
from relais.execution.models import AmendmentProposal, Obligation
from relais.execution.owing_enums import Basis, Liability, ProposalState
from relais.execution.queries.owing import initial_hours, standing_of
from relais.execution.rules import amendments as rules
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.organisations.models import Organisation, User


@dataclass(frozen=True, slots=True)
class NewAmendment:
    """What one side asks: hours more or less, or an amount whose hours are found by the rule."""

    document: str
    reason: str
    effective_on: date
    hours: Decimal | None = None
    amount: Decimal | None = None
    new_end: date | None = None


@transaction.atomic
def propose_amendment(
    obligation: Obligation, wanted: NewAmendment, *, actor: Actor, at: datetime
) -> AmendmentProposal:
    """Ask the other side for hours more or less; nothing is owed before it accepts."""
    require(rules.can_propose(actor, obligation))
    steps: tuple[Step, ...] = ()
    hours = hundredths(wanted.hours or 0)
    if wanted.hours is None and wanted.amount is not None:
        steps = hours_of_amount(obligation, wanted.amount, wanted.effective_on)
        hours = hundredths(steps[-1].value)
    require(rules.amendment_verdict(obligation, hours, wanted.new_end, wanted.document, wanted.reason))
    proposal = AmendmentProposal.objects.create(
        obligation=obligation,
        organisation_id=actor.organisation_id,
        hours=hours,
        amount=wanted.amount,
        working=[step.as_dict() for step in steps],
        effective_on=wanted.effective_on,
        new_end=wanted.new_end,
        document=wanted.document.strip()[:200],
        reason=wanted.reason.strip()[:300],
        proposed_at=at,
        proposed_by_id=actor.user_id,
    )
    trace("execution.amendment.proposed", obligation, actor=actor, at=at, detail=f"hours={hours}")
    return proposal


def hours_of_amount(obligation: Obligation, amount: Decimal, on: date) -> tuple[Step, ...]:
    """Hours of an amount more or less, with their working: by the labour rule, or pro rata of the contract.

    Refused where hours follow orders, invoices or work: they come with these, the amount changes nothing.
    """
    found = standing_of(obligation).rule_on(on)
    sign = -1 if amount < 0 else 1
    if found is not None and found.basis != Basis.CONTRACT:
        require(
            no(
                gettext_noop("Hours follow this rule, not the amount of the contract: %(rule)s."),
                rule=found.as_rule().sentence(),
            )
        )
    change = Step(Words(gettext_noop("Change of the amount excluding tax")), amount, "€")
    if found is not None and found.labour_share:
        rule = found.as_rule()
        hours = sign * hundredths(rule.unrounded(abs(amount)))
        return (change, *rule.parameters(), Step(Words(gettext_noop("Hours of this entry")), hours, "h"))
    contract = obligation.clause.contract
    signed_amount = contract.amount if contract is not None else None
    if not signed_amount:
        require(no(gettext_noop("The amount of the contract is not known: give the hours themselves.")))
    assert signed_amount is not None  # required above
    whole = initial_hours(obligation) + (found.replaced_hours if found else Decimal(0))
    hours = hundredths(EXACT.divide(EXACT.multiply(amount, whole), signed_amount))
    return (
        change,
        Step(Words(gettext_noop("Amount of the contract as signed, excluding tax")), signed_amount, "€"),
        Step(Words(gettext_noop("Hours committed at the award")), whole, "h"),
        Step(Words(gettext_noop("Hours of this entry")), hours, "h"),
    )


@transaction.atomic
def accept_amendment(proposal: AmendmentProposal, *, actor: Actor, at: datetime) -> AmendmentProposal:
    """Accept for the other side: the entry is written with both names, the end of performance moves."""
    require(rules.can_answer(actor, proposal))
    obligation = proposal.obligation
    require(
        rules.amendment_verdict(
            obligation, proposal.hours, proposal.new_end, proposal.document, proposal.reason
        )
    )
    steps = [
        *proposal.working,
        signed(Words(gettext_noop("Proposed by")), proposal.organisation_id, proposal.proposed_by_id),
        signed(Words(gettext_noop("Accepted by")), actor.organisation_id, actor.user_id),
    ]
    entries = write_entries(
        obligation,
        Wanted(
            kind=EntryKind.AMENDMENT,
            hours=proposal.hours,
            effective_on=proposal.effective_on,
            document=proposal.document,
            reason=proposal.reason,
            steps=steps,
            new_end=proposal.new_end,
        ),
        actor=actor,
        at=at,
    )
    if proposal.new_end is not None:
        Obligation.objects.filter(pk=obligation.pk).update(ends_on=proposal.new_end, version=F("version") + 1)
        obligation.refresh_from_db(fields=["ends_on", "version"])
    number = entries[0].number
    _answer(proposal, ProposalState.ACCEPTED, actor=actor, at=at, entry_number=number)
    trace("execution.amendment.accepted", obligation, actor=actor, at=at, detail=f"n={number}")
    return proposal


def signed(label: Words, organisation_id: int, user_id: int | None) -> dict[str, Any]:
    """A line of the working that names a body and the person who acted for it."""
    body = Organisation.objects.get(pk=organisation_id).name
    user = User.objects.filter(pk=user_id).first() if user_id else None
    return {"label": label.as_dict(), "value": f"{body}, {user.full_name}" if user else body, "unit": ""}


@transaction.atomic
def refuse_amendment(proposal: AmendmentProposal, *, reason: str, actor: Actor, at: datetime) -> None:
    """Refuse for the other side, with the reason; nothing changes."""
    require(rules.can_answer(actor, proposal))
    if not reason.strip():
        require(no(gettext_noop("Say why: the side that proposed reads it.")))
    _answer(proposal, ProposalState.REFUSED, actor=actor, at=at, answer=reason.strip()[:300])
    trace("execution.amendment.refused", proposal.obligation, actor=actor, at=at)


@transaction.atomic
def withdraw_amendment(proposal: AmendmentProposal, *, actor: Actor, at: datetime) -> None:
    """Take back one's own proposal before it is answered."""
    require(rules.can_withdraw(actor, proposal))
    _answer(proposal, ProposalState.WITHDRAWN, actor=actor, at=at)
    trace("execution.amendment.withdrawn", proposal.obligation, actor=actor, at=at)


def _answer(
    proposal: AmendmentProposal, state: ProposalState, *, actor: Actor, at: datetime, **fields: Any
) -> None:
    """Compare and set: an answer comes once."""
    fields |= {"state": state, "answered_at": at, "answered_by_id": actor.user_id}
    if not AmendmentProposal.objects.filter(pk=proposal.pk, state=ProposalState.OPEN).update(**fields):
        raise Stale(proposal)
    for name, value in fields.items():
        setattr(proposal, name, value)


@transaction.atomic
def set_liability(obligation: Obligation, liability: Liability, *, actor: Actor, at: datetime) -> None:
    """Write down who answers for whom, as the commitment form of the consortium says."""
    require(rules.can_set_liability(actor, obligation, obligation.debtors.count()))
    as_read = Obligation.objects.filter(pk=obligation.pk, version=obligation.version)
    if not as_read.update(liability=liability, version=F("version") + 1):
        raise Stale(obligation)
    obligation.liability, obligation.version = liability, obligation.version + 1
    trace("execution.liability.set", obligation, actor=actor, at=at, detail=liability)
