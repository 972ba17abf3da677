"""Optional tranches and renewals: planned as the contract says, then taken up by an entry, or left aside."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from relais.core.money import hundredths
from relais.core.verdict import no
from relais.core.words import gettext_noop
from relais.execution.actions.ledger import Wanted, record_entry, trace
from relais.execution.enums import EntryKind
from relais.execution.models import ContractOption, Obligation
from relais.execution.owing_enums import OptionKind, OptionState
from relais.execution.rules import owing as rules
from relais.kit.access import Stale, require
from relais.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class NewOption:
    """A tranche or a renewal as the contract words it: hours it would add, last day to decide, new end."""

    kind: OptionKind
    label: str
    hours: Decimal
    due_on: date | None = None
    new_end: date | None = None


@transaction.atomic
def plan_option(obligation: Obligation, wanted: NewOption, *, actor: Actor, at: datetime) -> ContractOption:
    """Write down what the buyer may decide later; nothing is owed yet."""
    require(rules.can_plan_option(actor, obligation))
    hours = hundredths(wanted.hours)
    if hours <= 0:
        require(no(gettext_noop("An order, a tranche or a renewal adds hours: enter a number above zero.")))
    if not wanted.label.strip():
        require(no(gettext_noop("Name the tranche or the renewal as the contract does.")))
    if wanted.new_end is not None and wanted.new_end <= obligation.ends_on:
        require(
            no(
                gettext_noop("A renewal ends after %(day)s, the end of performance of today."),
                day=obligation.ends_on,
            )
        )
    try:
        with transaction.atomic():
            option = ContractOption.objects.create(
                obligation=obligation,
                kind=wanted.kind,
                label=wanted.label.strip()[:120],
                hours=hours,
                due_on=wanted.due_on,
                new_end=wanted.new_end,
                recorded_at=at,
                recorded_by_id=actor.user_id,
            )
    except IntegrityError:
        require(no(gettext_noop("This name is taken already for this contract.")))
        raise
    trace("execution.option.planned", obligation, actor=actor, at=at, detail=f"{wanted.kind} hours={hours}")
    return option


@transaction.atomic
def take_option(
    option: ContractOption, *, decided_on: date, document: str, actor: Actor, at: datetime
) -> ContractOption:
    """Take up a tranche or a renewal: its hours are owed from that day, the end of performance moves."""
    require(rules.can_decide_option(actor, option))
    entries = record_entry(
        option.obligation,
        Wanted(
            kind=EntryKind(option.kind),
            hours=option.hours,
            effective_on=decided_on,
            wording=option.label,
            document=document,
            new_end=option.new_end,
        ),
        actor=actor,
        at=at,
    )
    _decide(
        option,
        state=OptionState.TAKEN,
        decided_on=decided_on,
        document=document.strip()[:200],
        entry_number=entries[0].number,
    )
    trace("execution.option.taken", option.obligation, actor=actor, at=at, detail=f"n={option.entry_number}")
    return option


@transaction.atomic
def leave_option(
    option: ContractOption, *, decided_on: date, reason: str, actor: Actor, at: datetime
) -> ContractOption:
    """Leave a tranche or a renewal aside, with the reason: nothing is owed of it."""
    require(rules.can_decide_option(actor, option))
    if not reason.strip():
        require(no(gettext_noop("Say why this is left aside.")))
    _decide(option, state=OptionState.LEFT, decided_on=decided_on, reason=reason.strip()[:300])
    trace("execution.option.left", option.obligation, actor=actor, at=at)
    return option


def _decide(option: ContractOption, **fields: object) -> None:
    planned = ContractOption.objects.filter(pk=option.pk, state=OptionState.PLANNED)
    if not planned.update(**fields):
        raise Stale(option)
    for name, value in fields.items():
        setattr(option, name, value)
