"""Who may take which step in a breach, and why not: graduated, never automatic, four eyes."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from relais.clauses.queries import Stand, stands_of
from relais.clauses.rules import SPEAKERS, writes_for_buyer
from relais.core.breach import Stage, Step, follows, is_over
from relais.core.months import Month
from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import gettext_noop
from relais.execution.enums import AnswerState, BreachAct, BreachKind, EntryKind, ObligationState
from relais.execution.models import Breach, Cause, Debtor, HoursWaiver, Obligation
from relais.execution.models.sanctions import DECIDED_STAGES
from relais.execution.queries import sanctions as queries
from relais.execution.queries.sanctions import Gap, Hand
from relais.execution.rules.ledger import entry_verdict, is_open, part_verdict, speaks_for_follow_up
from relais.kit.actor import Actor
from relais.organisations.enums import Role

PROPOSERS = (Role.PURCHASER, Role.MANAGER)
"""Roles of the buyer that propose a formal notice, a penalty, a waiver; a manager decides."""

WARNINGS = (BreachAct.REMINDER, BreachAct.MEETING, BreachAct.REGULARISED)
PROPOSING = queries.PROPOSALS
DECIDING = (BreachAct.NOTICE, BreachAct.PENALTY_DECIDED, BreachAct.WAIVED, BreachAct.RETURNED)
AFTER_DEADLINE = (BreachAct.NO_REPLY, BreachAct.PENALTY_PROPOSED)
"""Steps taken, and dated, once the deadline of the formal notice is behind."""
APART = (BreachAct.PENALTY_PROPOSED, BreachAct.PENALTY_DECIDED, BreachAct.WAIVER_PROPOSED, BreachAct.WAIVED)
"""Steps that nobody takes who declared or validated the hours at stake."""


def can_observe(actor: Actor, obligation: Obligation) -> Verdict:
    """The facilitator or the buyer, while the obligation runs."""
    allowed = first_refusal(is_open(obligation), speaks_for_follow_up(actor, obligation))
    if allowed and obligation.state == ObligationState.SUSPENDED:
        return no(gettext_noop("This obligation is suspended: nothing is late until it is resumed."))
    return allowed


def gap_verdict(kind: BreachKind, gap: Gap, *, runs: bool) -> Verdict:
    if runs:
        return no(gettext_noop("A breach of this kind is already followed for this company: open it."))
    if kind == BreachKind.HOURS and gap.missing <= 0:
        return no(gettext_noop("No hour is missing today: there is nothing to observe."))
    return YES


def can_record_terms(actor: Actor, obligation: Obligation) -> Verdict:
    return first_refusal(writes_for_buyer(actor, obligation.buyer_id), is_open(obligation))


def proposes(actor: Actor, obligation: Obligation) -> Verdict:
    if actor.organisation_id != obligation.buyer_id or actor.role not in PROPOSERS:
        return no(
            gettext_noop(
                "A purchaser or a manager of the buyer proposes it. The facilitator gives an opinion."
            )
        )
    return YES


def decides(actor: Actor, obligation: Obligation) -> Verdict:
    if actor.organisation_id != obligation.buyer_id or actor.role != Role.MANAGER:
        return no(gettext_noop("A manager of the buyer decides, on the proposal of somebody else."))
    return YES


def answers_for(actor: Actor, breach: Breach) -> Verdict:
    """The company itself, in its own space."""
    if actor.organisation_id != breach.debtor.organisation_id or actor.role not in SPEAKERS:
        return no(gettext_noop("Only the company answers: an officer or a manager of it."))
    return YES


def advises(actor: Actor, obligation: Obligation) -> Verdict:
    if Stand.FACILITATOR not in stands_of(actor, obligation.clause) or actor.role not in SPEAKERS:
        return no(gettext_noop("Only the facilitator of this clause gives an opinion."))
    return YES


def stands_for(actor: Actor, breach: Breach, act: BreachAct) -> Verdict:
    """Whether the place and the role of the actor open this step."""
    obligation = breach.obligation
    if act in WARNINGS:
        return speaks_for_follow_up(actor, obligation)
    if act == BreachAct.ADVICE:
        return advises(actor, obligation)
    if act == BreachAct.REPLY:
        return answers_for(actor, breach)
    if act in DECIDING:
        return decides(actor, obligation)
    if act == BreachAct.NO_REPLY:
        return writes_for_buyer(actor, obligation.buyer_id)
    return proposes(actor, obligation)


def is_apart(act: BreachAct, hands: frozenset[Hand]) -> Verdict:
    """Four eyes: who declares, who validates, who proposes and who decides are different people."""
    if act in APART and Hand.DECLARED in hands:
        return no(
            gettext_noop(
                "You declared hours of this obligation: who declares does not sanction. Ask another."
            )
        )
    if act in APART and Hand.VALIDATED in hands:
        return no(
            gettext_noop(
                "You validated hours of this obligation: who validates does not sanction. Ask another."
            )
        )
    if act in DECIDING and act != BreachAct.RETURNED and Hand.PROPOSED in hands:
        return no(gettext_noop("You proposed it yourself: another manager of the buyer decides."))
    return YES


def can_take(
    actor: Actor, breach: Breach, act: BreachAct, *, hands: frozenset[Hand] | None = None
) -> Verdict:
    """Whether the actor takes this step today. `hands`: what a page has already read."""
    allowed = first_refusal(
        stands_for(actor, breach, act), follows(Stage(breach.stage), Step(act.value)), is_person(actor)
    )
    if allowed and act in AFTER_DEADLINE:
        allowed = is_over(breach.due_on, actor.on)
    if allowed and act in (*APART, *DECIDING):
        allowed = is_apart(act, queries.hands_of(actor, breach) if hands is None else hands)
    return allowed


def is_person(actor: Actor) -> Verdict:
    if actor.user_id is None:
        return no(gettext_noop("A person takes this step, never a programme."))
    return YES


WORDLESS = (BreachAct.NO_REPLY, BreachAct.NOTICE, BreachAct.ACCOUNTED)
"""Steps that may go without a text."""


def says_enough(act: BreachAct, text: str, reference: str) -> Verdict:
    if act not in WORDLESS and not text.strip():
        return no(gettext_noop("Write what is asked, said or decided: the file keeps it."))
    if act == BreachAct.NOTICE and not reference.strip():
        return no(
            gettext_noop("Give the reference of the registered letter, or of the electronic means used.")
        )
    if act == BreachAct.ACCOUNTED and not reference.strip():
        return no(gettext_noop("Give the reference of the payment account or of the revenue order."))
    return YES


def day_verdict(on: date, today: date, last: date | None) -> Verdict:
    """A step is dated up to today and after the one before."""
    if on > today:
        return no(gettext_noop("A step is recorded once taken: choose a day up to today."))
    if last is not None and on < last:
        return no(gettext_noop("The step before is of %(day)s: this one cannot come before."), day=last)
    return YES


def plan_verdict(
    plan: Mapping[Month, Decimal], missing: Decimal, obligation: Obligation, on: date
) -> Verdict:
    """The catch-up plan asks exactly for what is missing, in the months left."""
    if on > obligation.ends_on and not plan:
        return YES
    for month, hours in plan.items():
        if hours < 0:
            return no(gettext_noop("The plan asks for hours to do: write a number from zero."))
        if month < Month.of(on) or month.first_day > obligation.ends_on:
            return no(
                gettext_noop("%(month)s is not a month left before the end of performance."), month=month
            )
    asked = sum(plan.values(), Decimal(0))
    if asked != missing:
        return no(
            gettext_noop("The plan asks for %(asked)s h and %(missing)s h are missing: make it equal."),
            asked=asked,
            missing=missing,
        )
    return YES


def figures_verdict(breach: Breach, gap: Gap, hours: Decimal, units: int, *, waits: bool) -> Verdict:
    """Whether the figures of a penalty rest on something decided."""
    if waits:
        return no(gettext_noop("A cause put forward waits for the facilitator: it is answered first."))
    if gap.waiting:
        return no(
            gettext_noop("%(hours)s h declared still wait for the facilitator: they are decided first."),
            hours=gap.waiting,
        )
    if hours < 0 or hours > gap.missing:
        return no(
            gettext_noop("%(missing)s h are missing today: a penalty cannot count %(hours)s h."),
            missing=gap.missing,
            hours=hours,
        )
    if not hours and not units:
        return no(gettext_noop("Give the hours, or the documents or days, that the penalty counts."))
    return YES


def amount_verdict(amount: Decimal) -> Verdict:
    if amount <= 0:
        return no(
            gettext_noop("This penalty comes to nothing: propose a waiver, or record that it is regular.")
        )
    return YES


def account_verdict(breach: Breach, on: date) -> Verdict:
    """A penalty is deducted before the final account, which no penalty changes afterwards."""
    final = breach.obligation.final_account_on
    if final is not None and on > final:
        return no(
            gettext_noop("The account became final on %(day)s: a penalty is taken into account before."),
            day=final,
        )
    return YES


def can_tell_cause(actor: Actor, breach: Breach) -> Verdict:
    """The company, the facilitator or the buyer, while nothing is decided."""
    if breach.stage in DECIDED_STAGES:
        return no(gettext_noop("This breach is decided: its history stays as it is."))
    if answers_for(actor, breach):
        return YES
    return speaks_for_follow_up(actor, breach.obligation)


def can_answer_cause(actor: Actor, cause: Cause) -> Verdict:
    """The facilitator accepts a cause or not; never the one who put it forward."""
    allowed = advises(actor, cause.breach.obligation)
    if allowed and cause.state != AnswerState.WAITING:
        return no(gettext_noop("This cause is already answered."))
    if allowed and cause.told_by_id == actor.user_id:
        return no(gettext_noop("You put this cause forward yourself: somebody else of your body answers it."))
    if allowed and cause.breach.stage in DECIDED_STAGES:
        return no(gettext_noop("This breach is decided: its history stays as it is."))
    return allowed


def cause_verdict(cause: Cause, on: date) -> Verdict:
    obligation = cause.breach.obligation
    if not cause.evidence.strip():
        return no(gettext_noop("Give the reference of the evidence: letter, order, minutes of a meeting."))
    if cause.hours <= 0:
        return no(gettext_noop("Give the hours that this cause took away, above zero."))
    if cause.ends_on < cause.starts_on:
        return no(gettext_noop("The last day cannot come before the first one."))
    if cause.starts_on > on or cause.ends_on < obligation.starts_on:
        return no(
            gettext_noop("This period is outside the performance, which began on %(day)s."),
            day=obligation.starts_on,
        )
    return YES


def can_propose_waiver(actor: Actor, obligation: Obligation) -> Verdict:
    """Hours owed are given up by two people: a purchaser or a manager proposes, a manager decides."""
    return first_refusal(is_open(obligation), proposes(actor, obligation))


def waiver_verdict(obligation: Obligation, debtor: Debtor | None, hours: Decimal, reason: str) -> Verdict:
    verdict = entry_verdict(obligation, EntryKind.WAIVER, -hours, reason, None)
    if verdict and debtor is not None:
        return part_verdict(debtor, -hours)
    return verdict


def can_decide_waiver(actor: Actor, waiver: HoursWaiver) -> Verdict:
    if waiver.state != AnswerState.WAITING:
        return no(gettext_noop("This waiver is already decided."))
    allowed = first_refusal(is_open(waiver.obligation), decides(actor, waiver.obligation), is_person(actor))
    if allowed and waiver.proposed_by_id == actor.user_id:
        return no(gettext_noop("You proposed it yourself: another manager of the buyer decides."))
    return allowed


def says_reason(text: str) -> Verdict:
    if not text.strip():
        return no(gettext_noop("Say why: audit chambers read these decisions."))
    return YES


def ended_verdict(obligation: Obligation, outcome: ObligationState) -> Verdict:
    """Nothing closes over a breach that nobody settled, nor over hours that one person gave up alone."""
    running = queries.unsettled(obligation)
    if running:
        return no(
            gettext_noop(
                "Breaches still followed: %(number)s. Settle each one, its penalty accounted, first."
            ),
            number=running,
        )
    if outcome == ObligationState.WAIVED:
        left = max(obligation.owed - obligation.validated, Decimal(0))
        if left or not queries.waived(obligation):
            return no(
                gettext_noop(
                    "Two people give hours up: propose a waiver of the %(left)s h left, then close."
                ),
                left=left,
            )
    return YES
