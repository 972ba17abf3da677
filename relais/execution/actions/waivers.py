"""Give up hours owed: one person proposes, another decides, and the ledger keeps the entry."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from relais.core.money import hundredths
from relais.execution.actions.ledger import Wanted, trace, write_entries
from relais.execution.enums import AnswerState, EntryKind
from relais.execution.models import Debtor, HoursWaiver, Obligation
from relais.execution.rules import sanctions as rules
from relais.kit.access import Stale, require
from relais.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class Waiving:
    """Hours to give up (above zero), for one company or shared out."""

    hours: Decimal
    effective_on: date
    reason: str
    document: str = ""
    debtor: Debtor | None = None


@transaction.atomic
def propose_waiver(obligation: Obligation, wanted: Waiving, *, actor: Actor, at: datetime) -> HoursWaiver:
    """Propose to give up hours; nothing moves in the ledger before the decision."""
    require(rules.can_propose_waiver(actor, obligation))
    hours = hundredths(wanted.hours)
    require(rules.waiver_verdict(obligation, wanted.debtor, hours, wanted.reason))
    waiver = HoursWaiver.objects.create(
        obligation=obligation,
        debtor=wanted.debtor,
        hours=hours,
        effective_on=wanted.effective_on,
        reason=wanted.reason.strip(),
        document=wanted.document.strip()[:200],
        proposed_at=at,
        proposed_by_id=actor.user_id,
    )
    trace("execution.waiver.proposed", obligation, actor=actor, at=at, detail=f"hours={hours}")
    return waiver


@transaction.atomic
def decide_waiver(waiver: HoursWaiver, *, accepted: bool, answer: str, actor: Actor, at: datetime) -> None:
    """Accept the waiver, which writes its entry in the ledger, or refuse it; the reason is kept."""
    obligation = waiver.obligation
    require(rules.can_decide_waiver(actor, waiver))
    require(rules.says_reason(answer))
    number = None
    if accepted:
        require(rules.waiver_verdict(obligation, waiver.debtor, waiver.hours, waiver.reason))
        wanted = Wanted(
            kind=EntryKind.WAIVER,
            hours=-waiver.hours,
            effective_on=waiver.effective_on,
            document=waiver.document,
            reason=waiver.reason,
            debtor=waiver.debtor,
        )
        number = write_entries(obligation, wanted, actor=actor, at=at)[0].number
    state = AnswerState.ACCEPTED if accepted else AnswerState.REFUSED
    waiting = HoursWaiver.objects.filter(pk=waiver.pk, state=AnswerState.WAITING)
    if not waiting.update(
        state=state,
        decided_at=at,
        decided_by_id=actor.user_id,
        answer=answer.strip()[:300],
        entry_number=number,
    ):
        raise Stale(waiver)
    trace("execution.waiver.decided", obligation, actor=actor, at=at, detail=f"{state} hours={waiver.hours}")
