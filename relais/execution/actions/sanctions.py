"""Follow a breach: each act checks the verdict, adds a step and moves the stage, all or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from relais.core.breach import Stage, Step, deadline_verdict, is_over, stage_after
from relais.core.money import hundredths
from relais.core.months import Month
from relais.core.penalties import Missing, penalty
from relais.core.verdict import no
from relais.core.words import gettext_noop
from relais.execution.actions.ledger import trace
from relais.execution.enums import AnswerState, BreachAct, BreachKind, BreachStage
from relais.execution.models import Breach, BreachStep, Cause, Debtor, Obligation, SanctionTerms
from relais.execution.models.sanctions import ENDED_STAGES
from relais.execution.queries import sanctions as queries
from relais.execution.rules import sanctions as rules
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.organisations.enums import PolicyKey
from relais.organisations.policies import policies


@dataclass(frozen=True, slots=True)
class Doing:
    """A step to take. `plan`: hours asked by month; `hours`, `units`: what a penalty counts."""

    act: BreachAct
    on: date
    text: str = ""
    due_on: date | None = None
    reference: str = ""
    plan: Mapping[Month, Decimal] = field(default_factory=dict)
    hours: Decimal = Decimal(0)
    units: int = 0


@dataclass
class _Drafted:
    """What the step keeps beside what was typed."""

    missing: Decimal | None = None
    amount: Decimal | None = None
    working: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def observe_breach(
    debtor: Debtor, kind: BreachKind, *, text: str, on: date, actor: Actor, at: datetime
) -> Breach:
    """Open a breach on the gap of the day, with the figures that show it.

    Raises `Refused` with the reason when there is no gap, when one runs already, or when the actor may not.
    """
    obligation = debtor.obligation
    require(rules.can_observe(actor, obligation))
    require(rules.day_verdict(on, actor.on, None))
    gap = queries.gap_of(debtor, obligation, on)
    require(rules.gap_verdict(kind, gap, runs=queries.runs_for(debtor, kind)))
    require(rules.says_enough(BreachAct.OBSERVED, text, ""))
    try:
        with transaction.atomic():
            breach = Breach.objects.create(
                obligation=obligation,
                debtor=debtor,
                kind=kind,
                observed_on=on,
                expected=gap.expected,
                validated=gap.validated,
                missing=gap.missing,
                since=on,
                opened_at=at,
            )
    except IntegrityError as error:
        raise Stale(obligation) from error
    _write(breach, Doing(BreachAct.OBSERVED, on, text), _Drafted(gap.missing), "", actor=actor, at=at)
    trace("execution.breach.opened", obligation, actor=actor, at=at, detail=f"{breach.number} {kind}")
    return breach


@transaction.atomic
def take_step(breach: Breach, doing: Doing, *, actor: Actor, at: datetime) -> BreachStep:
    """Take a step of a breach: `Refused` with the reason, `Stale` when somebody else moved it meanwhile."""
    require(rules.can_take(actor, breach, doing.act))
    require(rules.says_enough(doing.act, doing.text, doing.reference))
    last = queries.last_step(breach)
    require(rules.day_verdict(doing.on, actor.on, last.on if last else None))
    if doing.act in rules.AFTER_DEADLINE:
        require(is_over(breach.due_on, doing.on))
    drafted = _drafted(breach, doing, actor)
    proposal = queries.last_step(breach, *queries.PROPOSALS)
    before = Stage(proposal.stage_before) if proposal else Stage(breach.stage)
    stage = BreachStage(stage_after(Stage(breach.stage), Step(doing.act.value), before=before).value)
    was = breach.stage
    _move(breach, stage, doing)
    step = _write(breach, doing, drafted, was, actor=actor, at=at)
    trace(
        "execution.breach.moved",
        breach.obligation,
        actor=actor,
        at=at,
        detail=f"{doing.act} {breach.number}",
    )
    return step


def _move(breach: Breach, stage: BreachStage, doing: Doing) -> None:
    changes: dict[str, Any] = {"stage": stage}
    if stage != breach.stage:
        changes["since"] = doing.on
    if stage in ENDED_STAGES:
        changes["due_on"] = None
    elif doing.act in (BreachAct.REMINDER, BreachAct.NOTICE):
        changes["due_on"] = doing.due_on
    as_read = Breach.objects.filter(pk=breach.pk, stage=breach.stage, version=breach.version)
    if not as_read.update(version=F("version") + 1, **changes):
        raise Stale(breach)
    for name, value in changes.items():
        setattr(breach, name, value)
    breach.version += 1


def _write(
    breach: Breach, doing: Doing, drafted: _Drafted, was: str, *, actor: Actor, at: datetime
) -> BreachStep:
    return BreachStep.objects.create(
        breach=breach,
        number=breach.steps.count() + 1,
        act=doing.act,
        stage_before=was,
        on=doing.on,
        due_on=doing.due_on,
        text=doing.text.strip(),
        reference=doing.reference.strip()[:200],
        missing=drafted.missing,
        amount=drafted.amount,
        working=drafted.working,
        at=at,
        by_id=actor.user_id,
        role=actor.role,
        body_id=actor.organisation_id,
    )


def _drafted(breach: Breach, doing: Doing, actor: Actor) -> _Drafted:
    """The figures of the step, checked; most steps only keep the gap of their day."""
    gap = queries.gap_of(breach.debtor, breach.obligation, doing.on)
    match doing.act:
        case BreachAct.REMINDER:
            return _reminder(breach, doing)
        case BreachAct.NOTICE:
            return _notice(breach, doing, actor, gap)
        case BreachAct.PENALTY_PROPOSED:
            return _penalty(breach, doing, gap)
        case BreachAct.PENALTY_DECIDED:
            return _decision(breach, gap)
        case BreachAct.ACCOUNTED:
            require(rules.account_verdict(breach, doing.on))
            decided = queries.last_step(breach, BreachAct.PENALTY_DECIDED)
            return _Drafted(amount=decided.amount if decided else None)
    return _Drafted(missing=gap.missing if breach.kind == BreachKind.HOURS else None)


def _reminder(breach: Breach, doing: Doing) -> _Drafted:
    if doing.due_on is None or doing.due_on <= doing.on:
        require(no(gettext_noop("Say until when the company answers, after the day of the reminder.")))
    plan = {month: hundredths(hours) for month, hours in doing.plan.items() if hours}
    if breach.kind == BreachKind.HOURS:
        require(rules.plan_verdict(plan, breach.missing, breach.obligation, doing.on))
    kept = [[str(month), str(hours)] for month, hours in sorted(plan.items())]
    return _Drafted(missing=breach.missing, working={"plan": kept} if kept else {})


def _notice(breach: Breach, doing: Doing, actor: Actor, gap: queries.Gap) -> _Drafted:
    if doing.due_on is None:
        require(no(gettext_noop("A formal notice gives a deadline: choose its last day.")))
    else:
        values = policies(breach.obligation.scheme, actor.on)
        least, most = (int(values[key].value) for key in (PolicyKey.NOTICE_LEAST, PolicyKey.NOTICE_MOST))
        require(deadline_verdict(doing.on, doing.due_on, least=least, most=most))
    return _Drafted(missing=gap.missing)


def _penalty(breach: Breach, doing: Doing, gap: queries.Gap) -> _Drafted:
    hours = hundredths(doing.hours)
    waits = queries.waits_for_answer(breach)
    require(rules.figures_verdict(breach, gap, hours, doing.units, waits=waits))
    terms, row = queries.terms_of(breach.obligation)
    found = penalty(
        terms,
        Missing(hours, queries.excused_hours(breach), doing.units),
        already=queries.decided_before(breach),
    )
    require(rules.amount_verdict(found.amount))
    working = {"steps": found.as_steps(), "source": row.source if row else ""}
    return _Drafted(missing=hours, amount=found.amount, working=working)


def _decision(breach: Breach, gap: queries.Gap) -> _Drafted:
    """What was proposed, if the figures still hold: hours validated since lower what is missing."""
    proposal = queries.last_step(breach, BreachAct.PENALTY_PROPOSED)
    if proposal is None:
        raise Stale(breach)
    if (proposal.missing or Decimal(0)) > gap.missing:
        require(
            no(
                gettext_noop(
                    "%(missing)s h are missing now and the proposal counts %(hours)s h: send it back, "
                    "to be proposed again on the figures of today."
                ),
                missing=gap.missing,
                hours=proposal.missing,
            )
        )
    return _Drafted(proposal.missing, proposal.amount, proposal.working)


@transaction.atomic
def record_terms(
    obligation: Obligation,
    *,
    per_unit: Decimal | None,
    cap: Decimal | None,
    source: str,
    actor: Actor,
    at: datetime,
) -> SanctionTerms:
    """Write down what the contract sets beside the unit penalty; former terms stay in the history."""
    require(rules.can_record_terms(actor, obligation))
    if not source.strip():
        require(no(gettext_noop("Give the article of the contract that sets these amounts.")))
    row = SanctionTerms.objects.create(
        obligation=obligation,
        per_unit=per_unit,
        cap=cap,
        source=source.strip()[:300],
        recorded_at=at,
        recorded_by_id=actor.user_id,
    )
    trace("execution.terms.recorded", obligation, actor=actor, at=at)
    return row


@transaction.atomic
def tell_cause(cause: Cause, *, actor: Actor, at: datetime) -> Cause:
    """Put forward a cause that the company does not answer for; `cause` comes unsaved, with its breach."""
    require(rules.can_tell_cause(actor, cause.breach))
    require(rules.cause_verdict(cause, actor.on))
    cause.told_at, cause.told_by_id, cause.body_id = at, actor.user_id, actor.organisation_id
    cause.state = AnswerState.WAITING
    cause.save(force_insert=True)
    trace(
        "execution.cause.told",
        cause.breach.obligation,
        actor=actor,
        at=at,
        detail=f"{cause.kind} {cause.breach.number}",
    )
    return cause


@transaction.atomic
def answer_cause(cause: Cause, *, accepted: bool, answer: str, actor: Actor, at: datetime) -> None:
    """The facilitator accepts the hours of a cause, or not, and says why."""
    require(rules.can_answer_cause(actor, cause))
    require(rules.says_reason(answer))
    state = AnswerState.ACCEPTED if accepted else AnswerState.REFUSED
    waiting = Cause.objects.filter(pk=cause.pk, state=AnswerState.WAITING)
    if not waiting.update(
        state=state, answered_at=at, answered_by_id=actor.user_id, answer=answer.strip()[:300]
    ):
        raise Stale(cause)
    trace(
        "execution.cause.answered",
        cause.breach.obligation,
        actor=actor,
        at=at,
        detail=f"{state} {cause.breach.number}",
    )
