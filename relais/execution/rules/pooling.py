"""Who proposes, answers, withdraws or ends a pooling agreement, and what may go into one."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from relais.clauses.rules import SPEAKERS, WRITERS
from relais.core.months import Month
from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import gettext_noop
from relais.execution.enums import AgreementState, ConsentPart, ObligationState
from relais.execution.models import Debtor, Obligation, PoolingAgreement, PoolingConsent
from relais.execution.rules.ledger import speaks_for_follow_up
from relais.kit.actor import Actor


def is_running(obligation: Obligation) -> Verdict:
    if obligation.state != ObligationState.ACTIVE:
        return no(
            gettext_noop("%(clause)s is not running: its hours cannot be pooled."),
            clause=obligation.clause.reference,
        )
    return YES


def can_pool(actor: Actor, obligation: Obligation) -> Verdict:
    """The facilitator of the clause, its buyer, or the coordinator of the scheme; while it runs."""
    running = is_running(obligation)
    if not running:
        return running
    coordinates = obligation.clause.scheme.coordinator_id == actor.organisation_id
    if coordinates and actor.role in WRITERS:
        return YES
    return speaks_for_follow_up(actor, obligation)


def can_propose(actor: Actor, obligations: Collection[Obligation]) -> Verdict:
    return first_refusal(*(can_pool(actor, obligation) for obligation in obligations))


def parts_verdict(debtors: Sequence[Debtor]) -> Verdict:
    """An agreement gathers what two companies, or one under two contracts, owe at least; each debt once."""
    if len({debtor.pk for debtor in debtors}) < len(debtors):
        return no(gettext_noop("The same debt is in the agreement twice."))
    if len(debtors) < 2:
        return no(gettext_noop("An agreement gathers two contracts or two companies at least."))
    if len({debtor.obligation.scheme_id for debtor in debtors}) > 1:
        return no(gettext_noop("The contracts of an agreement belong to one scheme."))
    return YES


def hours_verdict(debtor: Debtor, hours: Decimal, left: Decimal) -> Verdict:
    """No more than the debtor still owes and no other agreement keeps."""
    if hours <= 0:
        return no(gettext_noop("A part of an agreement brings hours: enter a number above zero."))
    if hours > left:
        return no(
            gettext_noop("%(company)s has %(left)s h left under %(clause)s, not %(hours)s h."),
            company=debtor.organisation.name,
            left=left,
            clause=debtor.obligation.clause.reference,
            hours=hours,
        )
    return YES


def months_verdict(debtor: Debtor, months: Collection[Month]) -> Verdict:
    """Hours are planned in the months of performance of the contract only."""
    obligation = debtor.obligation
    first, last = Month.of(obligation.starts_on), Month.of(obligation.ends_on)
    outside = next((month for month in sorted(months) if not first <= month <= last), None)
    if outside is None:
        return YES
    return no(
        gettext_noop("%(month)s is outside the performance of %(clause)s."),
        month=outside,
        clause=obligation.clause.reference,
    )


def is_proposed(agreement: PoolingAgreement) -> Verdict:
    if agreement.state != AgreementState.PROPOSED:
        return no(gettext_noop("This agreement waits for no answer any more."))
    return YES


def is_to_come(agreement: PoolingAgreement, on: date) -> Verdict:
    """An agreement whose first month is over can hold its plan no more."""
    if Month.of(agreement.starts_on) < Month.of(on):
        return no(
            gettext_noop("The job was to start on %(day)s: withdraw this agreement and propose another one."),
            day=agreement.starts_on,
        )
    return YES


def can_answer(actor: Actor, agreement: PoolingAgreement, consents: Collection[PoolingConsent]) -> Verdict:
    """A body answers for itself, once: officers and managers, and purchasers for a buyer."""
    waiting = is_proposed(agreement)
    if not waiting:
        return waiting
    own = [one for one in consents if one.organisation_id == actor.organisation_id]
    if not own:
        return no(gettext_noop("Your body is not asked about this agreement."))
    if all(one.decision for one in own):
        return no(gettext_noop("Your body has already answered."))
    buys = any(one.part == ConsentPart.BUYER for one in own)
    if actor.role not in (WRITERS if buys else SPEAKERS):
        return no(gettext_noop("An officer or a manager of your body answers."))
    return YES


def is_reasoned(reason: str) -> Verdict:
    if not reason.strip():
        return no(gettext_noop("Say why: every body of the agreement reads it."))
    return YES


def can_withdraw(actor: Actor, agreement: PoolingAgreement) -> Verdict:
    """The body that proposed, before it is in force."""
    waiting = is_proposed(agreement)
    if not waiting:
        return waiting
    if actor.organisation_id != agreement.proposer_id or actor.role not in WRITERS:
        return no(gettext_noop("Only the body that proposed this agreement withdraws it."))
    return YES


def can_end(actor: Actor, agreement: PoolingAgreement, consents: Collection[PoolingConsent]) -> Verdict:
    """Any body that accepted it, and the one that proposed it."""
    if agreement.state != AgreementState.IN_FORCE:
        return no(gettext_noop("Only an agreement in force is ended."))
    bodies = {agreement.proposer_id, *(one.organisation_id for one in consents)}
    if actor.organisation_id not in bodies:
        return no(gettext_noop("Your body is not asked about this agreement."))
    if actor.role not in WRITERS:
        return no(gettext_noop("An officer or a manager of your body answers."))
    return YES
