"""Who dates the final account, evaluates a contract and takes its certificate, and why not."""

from datetime import date

from relais.clauses.queries import Stand, stands_of
from relais.clauses.rules import SPEAKERS, WRITERS, writes_for_buyer
from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import gettext_noop
from relais.execution.enums import Side
from relais.execution.models import Obligation
from relais.execution.rules.ledger import is_open
from relais.kit.actor import Actor

SIDES = {Stand.BUYER: Side.BUYER, Stand.FACILITATOR: Side.FACILITATOR, Stand.HOLDER: Side.COMPANY}


def side_of(actor: Actor, obligation: Obligation) -> Side | None:
    """From where the actor's body evaluates; none when it has no part in the contract."""
    stands = stands_of(actor, obligation.clause)
    return next((side for stand, side in SIDES.items() if stand in stands), None)


def can_evaluate(actor: Actor, obligation: Obligation) -> Verdict:
    """The buyer, the facilitator and each company, once the work is over."""
    side = side_of(actor, obligation)
    if side is None or actor.role not in (WRITERS if side == Side.BUYER else SPEAKERS):
        return no(gettext_noop("The buyer, the facilitator and the companies of the contract evaluate it."))
    over = obligation.is_closed or actor.on > obligation.ends_on or obligation.validated >= obligation.owed
    if not over:
        return no(
            gettext_noop("Performance runs until %(day)s: the clause is evaluated at its end."),
            day=obligation.ends_on,
        )
    return YES


def can_date_account(actor: Actor, obligation: Obligation) -> Verdict:
    return first_refusal(is_open(obligation), writes_for_buyer(actor, obligation.buyer_id))


def account_day_verdict(obligation: Obligation, day: date) -> Verdict:
    if day < obligation.starts_on:
        return no(
            gettext_noop("The final account comes after the start of performance, on %(day)s."),
            day=obligation.starts_on,
        )
    return YES


def can_certify(obligation: Obligation) -> Verdict:
    """The certificate tells a final balance: it comes with the closing."""
    if not obligation.is_closed:
        return no(gettext_noop("The certificate comes with the closing: the balance may still change."))
    return YES
