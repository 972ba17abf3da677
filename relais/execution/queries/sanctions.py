"""What pages, rules and alerts read of breaches: the file of one, the gap of the day, who took part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db.models import Sum

from relais.core.ledger import expected_on
from relais.core.money import hundredths
from relais.core.months import Month
from relais.core.penalties import Terms
from relais.execution.enums import AnswerState, BreachAct, BreachKind, LineState
from relais.execution.models import (
    Breach,
    BreachStep,
    Cause,
    Debtor,
    HoursWaiver,
    LineMove,
    Obligation,
    SanctionTerms,
    StatementLine,
)
from relais.kit.actor import Actor

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Gap:
    """What a company should have done at the end of a day by a steady plan, and what is validated."""

    expected: Decimal
    validated: Decimal
    waiting: Decimal = ZERO

    @property
    def missing(self) -> Decimal:
        return max(self.expected - self.validated, ZERO)

    @property
    def share(self) -> Decimal:
        """Missing over expected; zero when nothing was expected yet."""
        return self.missing / self.expected if self.expected else ZERO


def gap_of(debtor: Debtor, obligation: Obligation, on: date) -> Gap:
    """The gap of the day; all that is owed is expected once performance is over."""
    expected = hundredths(expected_on(debtor.owed, obligation.starts_on, obligation.ends_on, on))
    return Gap(expected, debtor.validated, debtor.declared + debtor.queried)


class Hand(StrEnum):
    """What somebody already did in the chain of acts."""

    DECLARED = "declared"
    VALIDATED = "validated"
    PROPOSED = "proposed"


HANDS = {LineState.DECLARED: Hand.DECLARED, LineState.VALIDATED: Hand.VALIDATED}


def hands_of(actor: Actor, breach: Breach, steps: Sequence[BreachStep] | None = None) -> frozenset[Hand]:
    """What the actor did for this company in this obligation, and whether the last proposal is theirs.

    `steps`: those of the breach, in order, when a page has read them.
    """
    if actor.user_id is None:
        return frozenset()
    moves = LineMove.objects.filter(
        line__job_contract__debtor=breach.debtor_id, user=actor.user_id, state__in=HANDS
    )
    found = {HANDS[LineState(state)] for state in moves.order_by().values_list("state", flat=True).distinct()}
    if steps is None:
        proposal = last_step(breach, *PROPOSALS)
    else:
        proposal = next((step for step in reversed(steps) if step.act in PROPOSALS), None)
    if proposal is not None and proposal.by_id == actor.user_id:
        found.add(Hand.PROPOSED)
    return frozenset(found)


PROPOSALS = (BreachAct.NOTICE_PROPOSED, BreachAct.PENALTY_PROPOSED, BreachAct.WAIVER_PROPOSED)


def last_step(breach: Breach, *acts: BreachAct) -> BreachStep | None:
    """The last step of the breach, of those acts when some are named."""
    steps = breach.steps.filter(act__in=acts) if acts else breach.steps.all()
    return steps.order_by("-number").first()


def terms_of(obligation: Obligation) -> tuple[Terms, SanctionTerms | None]:
    """What the signed clause and the terms recorded set; the row says by which article."""
    row = SanctionTerms.objects.filter(obligation=obligation).first()
    per_hour = obligation.clause.unit_penalty
    return Terms(per_hour, row.per_unit if row else None, row.cap if row else None), row


def excused_hours(breach: Breach) -> Decimal:
    """Hours of the causes that the facilitator accepted."""
    accepted = breach.causes.filter(state=AnswerState.ACCEPTED).values_list("hours", flat=True)
    return sum(accepted, ZERO)


def decided_before(breach: Breach) -> Decimal:
    """Penalties already decided under the same clause, in euros."""
    decided = BreachStep.objects.filter(
        breach__obligation=breach.obligation_id, act=BreachAct.PENALTY_DECIDED
    ).exclude(breach=breach.pk)
    return sum((amount or ZERO for amount in decided.values_list("amount", flat=True)), ZERO)


def waits_for_answer(breach: Breach) -> bool:
    return breach.causes.filter(state=AnswerState.WAITING).exists()


@dataclass(frozen=True, slots=True)
class PlanMonth:
    """A month of the catch-up plan: hours asked, hours validated for it since."""

    month: date
    asked: Decimal
    validated: Decimal


@dataclass(frozen=True, slots=True)
class BreachFile:
    """All that the page and the letters of a breach read, as far as the actor does."""

    breach: Breach
    steps: tuple[BreachStep, ...]
    causes: tuple[Cause, ...]
    terms: Terms
    terms_row: SanctionTerms | None
    gap: Gap
    plan: tuple[PlanMonth, ...]

    @property
    def excused(self) -> Decimal:
        return sum((one.hours for one in self.causes if one.state == AnswerState.ACCEPTED), ZERO)

    @property
    def amount(self) -> Decimal | None:
        """The penalty decided, in euros."""
        return next((step.amount for step in self.steps if step.act == BreachAct.PENALTY_DECIDED), None)

    def step(self, *acts: BreachAct) -> BreachStep | None:
        """The last step read of those acts."""
        return next((step for step in reversed(self.steps) if step.act in acts), None)


def file_of(breach: Breach, actor: Actor, on: date) -> BreachFile:
    """The file of a breach that comes `with_file`, in four queries."""
    steps = tuple(
        BreachStep.objects.visible_to(actor)
        .filter(breach=breach)
        .select_related("by", "body")
        .order_by("number")
    )
    causes = tuple(
        Cause.objects.visible_to(actor).filter(breach=breach).select_related("body", "answered_by")
    )
    terms, row = terms_of(breach.obligation)
    return BreachFile(
        breach,
        steps,
        causes,
        terms,
        row,
        gap_of(breach.debtor, breach.obligation, on),
        plan_of(breach, steps),
    )


def plan_of(breach: Breach, steps: Iterable[BreachStep]) -> tuple[PlanMonth, ...]:
    """The catch-up plan asked by the reminder, beside the hours validated month by month."""
    reminder = next((step for step in steps if step.act == BreachAct.REMINDER), None)
    asked = {Month.parse(month): Decimal(hours) for month, hours in plan_kept(reminder)}
    if not asked:
        return ()
    lines = StatementLine.objects.counted().filter(
        job_contract__debtor=breach.debtor_id, month__in=[month.first_day for month in asked]
    )
    done = dict(lines.order_by().values_list("month").annotate(Sum("counted_hours")))
    return tuple(
        PlanMonth(month.first_day, hours, done.get(month.first_day) or ZERO)
        for month, hours in sorted(asked.items())
    )


def plan_kept(reminder: BreachStep | None) -> Sequence[tuple[str, str]]:
    return reminder.working.get("plan", ()) if reminder else ()


def breaches_of(obligation: Obligation, actor: Actor) -> list[Breach]:
    found = Breach.objects.visible_to(actor).filter(obligation=obligation)
    return list(found.select_related("debtor__organisation"))


def waivers_of(obligation: Obligation, actor: Actor) -> list[HoursWaiver]:
    found = HoursWaiver.objects.visible_to(actor).filter(obligation=obligation)
    return list(found.select_related("debtor__organisation", "proposed_by", "decided_by"))


def runs_for(debtor: Debtor, kind: BreachKind) -> bool:
    return Breach.objects.running().filter(debtor=debtor, kind=kind).exists()


def unsettled(obligation: Obligation) -> int:
    """Breaches that keep an obligation from being closed: running, or decided and not accounted yet."""
    return Breach.objects.running().filter(obligation=obligation).count()


def waived(obligation: Obligation) -> bool:
    """Whether two people gave up hours of this obligation."""
    return HoursWaiver.objects.filter(obligation=obligation, state=AnswerState.ACCEPTED).exists()
