"""Who may write in the ledger of an obligation, and why not."""

from datetime import date
from decimal import Decimal

from relais.clauses.queries import Stand, stands_of
from relais.clauses.rules import SPEAKERS, writes_for_buyer
from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import gettext_noop
from relais.execution.enums import EntryKind, ObligationState
from relais.execution.models import Debtor, Obligation
from relais.kit.actor import Actor
from relais.organisations.enums import Role

TYPED_KINDS = (
    EntryKind.AMENDMENT,
    EntryKind.ORDER,
    EntryKind.INVOICE,
    EntryKind.TRANCHE,
    EntryKind.RENEWAL,
    EntryKind.SUSPENSION,
    EntryKind.CORRECTION,
)
"""Kinds a buyer records; the initial commitment comes with the award, transfer and waiver have their acts."""
ADDING = (EntryKind.ORDER, EntryKind.TRANCHE, EntryKind.RENEWAL)
"""Kinds that only add hours."""
REASONED = (EntryKind.WAIVER, EntryKind.SUSPENSION, EntryKind.CORRECTION)
"""Kinds that say why."""


def can_write_ledger(actor: Actor, obligation: Obligation) -> Verdict:
    """The buyer's officers, purchasers and managers, while the obligation runs."""
    writer = writes_for_buyer(actor, obligation.buyer_id)
    return first_refusal(writer, is_open(obligation))


def is_open(obligation: Obligation) -> Verdict:
    if obligation.is_closed:
        return no(gettext_noop("This obligation is closed since %(day)s."), day=obligation.closed_on)
    return YES


def can_record_entry(actor: Actor, obligation: Obligation, kind: EntryKind) -> Verdict:
    allowed = can_write_ledger(actor, obligation)
    if allowed and kind == EntryKind.WAIVER:
        return no(gettext_noop("Two people give hours up: propose a waiver, a manager decides it."))
    if allowed and kind not in TYPED_KINDS:
        return no(
            gettext_noop("This kind of entry is not typed: it comes with the award or with a transfer.")
        )
    return allowed


def entry_verdict(
    obligation: Obligation, kind: EntryKind, hours: Decimal, reason: str, corrected_number: int | None
) -> Verdict:
    """Whether the figures of an entry agree with its kind."""
    if kind in ADDING and hours <= 0:
        return no(gettext_noop("An order, a tranche or a renewal adds hours: enter a number above zero."))
    if kind == EntryKind.WAIVER and hours >= 0:
        return no(gettext_noop("A waiver takes hours away: enter a number below zero."))
    if kind == EntryKind.SUSPENSION and hours > 0:
        return no(gettext_noop("A suspension takes hours away, or none: enter zero or a number below."))
    if hours == 0 and kind != EntryKind.SUSPENSION:
        return no(
            gettext_noop("An entry of zero hours changes nothing: enter the hours added or taken away.")
        )
    if kind in REASONED and not reason.strip():
        return no(gettext_noop("Say why: this entry must be explained to whoever reads the ledger later."))
    if kind == EntryKind.CORRECTION and not (corrected_number and corrected_number <= obligation.last_entry):
        return no(gettext_noop("A correction names the entry it corrects: give its number in the ledger."))
    if obligation.owed + hours < 0:
        return no(
            gettext_noop("This would leave less than zero hours owed: %(owed)s h are owed today."),
            owed=obligation.owed,
        )
    return YES


def part_verdict(debtor: Debtor, hours: Decimal) -> Verdict:
    """A debtor never owes less than nothing."""
    if debtor.owed + hours < 0:
        return no(
            gettext_noop(
                "%(company)s owes %(owed)s h: its part of this entry would leave less than zero. "
                "Name the company it bears on."
            ),
            company=debtor.organisation.name,
            owed=debtor.owed,
        )
    return YES


def can_transfer(actor: Actor, obligation: Obligation) -> Verdict:
    return can_write_ledger(actor, obligation)


def transfer_verdict(giver: Debtor, taker: Debtor, hours: Decimal) -> Verdict:
    """Hours go from one partner to another of the same contract, no more than the giver still owes."""
    if giver.pk == taker.pk or giver.obligation_id != taker.obligation_id:
        return no(gettext_noop("Choose two different companies of this contract."))
    if hours <= 0:
        return no(gettext_noop("Enter the hours to transfer, above zero."))
    left = max(giver.owed - giver.validated, Decimal(0))
    if hours > left:
        return no(
            gettext_noop("%(company)s has only %(left)s h left to do: no more can be transferred."),
            company=giver.organisation.name,
            left=left,
        )
    return YES


def can_record_kick_off(actor: Actor, obligation: Obligation) -> Verdict:
    """The facilitator, or the buyer."""
    return first_refusal(is_open(obligation), speaks_for_follow_up(actor, obligation))


def speaks_for_follow_up(actor: Actor, obligation: Obligation) -> Verdict:
    if Stand.FACILITATOR in stands_of(actor, obligation.clause) and actor.role in SPEAKERS:
        return YES
    if writes_for_buyer(actor, obligation.buyer_id):
        return YES
    return no(gettext_noop("The facilitator of this clause or its buyer does this."))


def kick_off_verdict(obligation: Obligation, held_on: date, today: date) -> Verdict:
    contract = obligation.clause.contract
    notified_on = contract.notified_on if contract else None
    if held_on > today:
        return no(gettext_noop("The kick-off meeting is recorded once held: choose a day up to today."))
    if notified_on is not None and held_on < notified_on:
        return no(
            gettext_noop("The kick-off meeting comes after the notification of %(day)s."), day=notified_on
        )
    return YES


def can_name_contact(actor: Actor, obligation: Obligation) -> Verdict:
    """The holder names its correspondent; the facilitator or the buyer may write it down for it."""
    if Stand.HOLDER in stands_of(actor, obligation.clause) and actor.role in SPEAKERS:
        return is_open(obligation)
    return can_record_kick_off(actor, obligation)


def can_resume(actor: Actor, obligation: Obligation) -> Verdict:
    if obligation.state != ObligationState.SUSPENDED:
        return no(gettext_noop("Only a suspended obligation is resumed."))
    return can_write_ledger(actor, obligation)


def can_close(actor: Actor, obligation: Obligation) -> Verdict:
    """Once nothing waits for a decision any more."""
    allowed = can_write_ledger(actor, obligation)
    waiting = obligation.declared + obligation.queried
    if allowed and waiting:
        return no(
            gettext_noop("%(hours)s h still wait for the facilitator. Close once they are decided."),
            hours=waiting,
        )
    return allowed


def closing_verdict(actor: Actor, obligation: Obligation, outcome: ObligationState, reason: str) -> Verdict:
    """Whether the outcome agrees with the balance."""
    if outcome == ObligationState.FULFILLED and obligation.validated < obligation.owed:
        return no(
            gettext_noop("%(left)s h are missing: the obligation is not fulfilled."),
            left=obligation.owed - obligation.validated,
        )
    if outcome in (ObligationState.PARTIAL, ObligationState.NOT_FULFILLED):
        if obligation.validated >= obligation.owed:
            return no(gettext_noop("All hours owed are validated: close it as fulfilled."))
        if (outcome == ObligationState.PARTIAL) is (obligation.validated <= 0):
            return no(gettext_noop("Not fulfilled means no validated hour at all; partly fulfilled, some."))
    if outcome == ObligationState.WAIVED and actor.role != Role.MANAGER:
        return no(gettext_noop("Only a manager of the buyer waives an obligation: propose it to yours."))
    if outcome not in CLOSING_OUTCOMES:
        return no(gettext_noop("Choose how the obligation ends."))
    if outcome != ObligationState.FULFILLED and not reason.strip():
        return no(gettext_noop("Say why the hours are not all done."))
    return YES


CLOSING_OUTCOMES = (
    ObligationState.FULFILLED,
    ObligationState.PARTIAL,
    ObligationState.NOT_FULFILLED,
    ObligationState.WAIVED,
)


def can_reopen(actor: Actor, obligation: Obligation) -> Verdict:
    if not obligation.is_closed:
        return no(gettext_noop("This obligation is not closed."))
    return writes_for_buyer(actor, obligation.buyer_id)
