"""Who writes the rules of owing and what they count, and why not."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from relais.clauses.queries import WHOLE, Stand, stands_of
from relais.clauses.rules import SPEAKERS, writes_for_buyer
from relais.core.owing import Basis
from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import gettext_noop
from relais.execution.models import Call, ContractOption, Obligation, OwingRule, WorkedHours
from relais.execution.owing_enums import OptionState
from relais.execution.queries.owing import overlapping
from relais.execution.rules.ledger import can_write_ledger, is_open
from relais.kit.actor import Actor


def can_read_owing(actor: Actor, obligation: Obligation) -> Verdict:
    """The rule is that of the contract: who reads the whole clause, and all its holders."""
    if not stands_of(actor, obligation.clause) & (WHOLE | {Stand.HOLDER}):
        return no(gettext_noop("The rule of owing is for the buyer, the facilitator and the holders."))
    return YES


def can_set_rule(actor: Actor, obligation: Obligation) -> Verdict:
    return can_write_ledger(actor, obligation)


def can_record_calls(actor: Actor, obligation: Obligation) -> Verdict:
    """The buyer knows what it ordered and what it was invoiced."""
    return can_write_ledger(actor, obligation)


def call_verdict(rule: OwingRule | None, call: Call, today: date) -> Verdict:
    """Whether an order or an invoice can be counted under the rule of its day."""
    if not call.number.strip():
        return no(gettext_noop("Give the number of the order or of the invoice."))
    if call.on > today:
        return no(
            gettext_noop("Dated %(day)s, it is still to come: orders and invoices are recorded once issued."),
            day=call.on,
        )
    if rule is None:
        return no(
            gettext_noop("No rule of owing is in force on %(day)s: write the rule of the contract first."),
            day=call.on,
        )
    if rule.basis != call.kind:
        return no(
            gettext_noop("On %(day)s hours are counted by this rule, which needs something else: %(rule)s."),
            day=call.on,
            rule=rule.as_rule().sentence(),
        )
    if call.amount == 0 or (call.kind == Basis.ORDER and call.amount < 0):
        return no(
            gettext_noop(
                "An order has an amount above zero; only an invoice may be below zero, as a credit note."
            )
        )
    return YES


def can_end_call(actor: Actor, call: Call) -> Verdict:
    """Correct or cancel one that still counts."""
    if call.ended_at is not None:
        return no(gettext_noop("It is cancelled or replaced already."))
    return can_record_calls(actor, call.obligation)


def can_declare_worked(actor: Actor, obligation: Obligation) -> Verdict:
    """A holder declares the hours worked on the contract; the buyer may write them down."""
    if Stand.HOLDER in stands_of(actor, obligation.clause) and actor.role in SPEAKERS:
        return is_open(obligation)
    if actor.organisation_id != obligation.buyer_id:
        return no(gettext_noop("A holder of the contract declares these hours, or its buyer."))
    return first_refusal(writes_for_buyer(actor, obligation.buyer_id), is_open(obligation))


def worked_verdict(
    rule: OwingRule | None,
    known: Sequence[WorkedHours],
    period: WorkedHours,
    reason: str,
    today: date,
) -> Verdict:
    """Whether a period of work can be counted; the same period again corrects it, with a reason."""
    if period.ends_on < period.starts_on:
        return no(gettext_noop("The period ends before it starts. Check the days."))
    if period.ends_on > today:
        return no(gettext_noop("Hours worked are declared once the period is over."))
    if period.hours < 0:
        return no(gettext_noop("Hours worked are not negative."))
    if rule is None or rule.basis != Basis.WORKED:
        return no(gettext_noop("The rule in force at the end of this period does not count hours worked."))
    same = overlapping(known, period.starts_on, period.ends_on)
    if same is None:
        return YES
    if (same.starts_on, same.ends_on) != (period.starts_on, period.ends_on):
        return no(
            gettext_noop(
                "%(first)s to %(last)s is declared already: give other days, or the same to correct it."
            ),
            first=same.starts_on,
            last=same.ends_on,
        )
    if not reason.strip():
        return no(gettext_noop("This period is declared already: say why its hours change."))
    return YES


def can_true_up(actor: Actor, obligation: Obligation) -> Verdict:
    return can_write_ledger(actor, obligation)


def true_up_verdict(
    obligation: Obligation, rules: Sequence[OwingRule], year: int, settled_on: date | None, today: date
) -> Verdict:
    """A year is settled once it is over, or once performance has ended, and not before an earlier one."""
    if not rules:
        return no(gettext_noop("This obligation has no rule: its hours are those of its entries."))
    if date(year, 12, 31) >= today and obligation.ends_on >= today:
        return no(gettext_noop("%(year)s is not over: its true-up comes once it is."), year=str(year))
    if year > today.year or year < obligation.starts_on.year:
        return no(gettext_noop("%(year)s is not a year of performance."), year=str(year))
    if settled_on is not None and settled_on.year > year:
        return no(
            gettext_noop("The true-up of %(later)s is done: it covers %(year)s too."),
            later=str(settled_on.year),
            year=str(year),
        )
    return YES


def needs_true_up(difference: Decimal, settled_on: date | None, day: date) -> Verdict:
    if difference == 0 and settled_on is not None and settled_on >= day:
        return no(gettext_noop("This year is settled and nothing changed since: the entries are right."))
    return YES


def can_plan_option(actor: Actor, obligation: Obligation) -> Verdict:
    return can_write_ledger(actor, obligation)


def can_decide_option(actor: Actor, option: ContractOption) -> Verdict:
    if option.state != OptionState.PLANNED:
        return no(gettext_noop("This was decided on %(day)s."), day=option.decided_on)
    return can_write_ledger(actor, option.obligation)
