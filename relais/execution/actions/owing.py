"""Write the rules of owing and what they count: each act writes its entries, with their working."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from relais.core import owing as core
from relais.core.calibration import Step
from relais.core.money import hundredths
from relais.core.verdict import YES, Verdict, no
from relais.core.words import Words, gettext_noop
from relais.execution.actions.ledger import Wanted, trace, write_entries
from relais.execution.enums import EntryKind
from relais.execution.models import (
    Call,
    Debtor,
    Entry,
    Obligation,
    OwingRule,
    TrueUp,
    WorkedHours,
)
from relais.execution.owing_enums import CallKind
from relais.execution.queries.owing import (
    Standing,
    hours_under_rules,
    initial_hours,
    overlapping,
    standing_of,
)
from relais.execution.rules import owing as rules
from relais.kit.access import Stale, require
from relais.kit.actor import Actor

CALL_LABELS = {
    CallKind.ORDER: Words(gettext_noop("This order excluding tax")),
    CallKind.INVOICE: Words(gettext_noop("This invoice excluding tax")),
}
WORKED_LABEL = Words(gettext_noop("Hours worked over this period"))


@dataclass(frozen=True, slots=True)
class NewCall:
    """An order or an invoice to record; without `debtor` its hours are shared out as the contract says."""

    kind: CallKind
    number: str
    on: date
    amount: Decimal
    label: str = ""
    debtor: Debtor | None = None
    source_file: str = ""


def hold(obligation: Obligation) -> None:
    """Keep other writers of this obligation out until the transaction ends; `Stale` if one came first."""
    as_read = Obligation.objects.filter(pk=obligation.pk, version=obligation.version)
    if not as_read.update(version=F("version") + 1):
        raise Stale(obligation)
    obligation.version += 1


@transaction.atomic
def set_rule(
    obligation: Obligation,
    rule: core.Rule,
    *,
    document: str,
    replaces_initial: bool,
    actor: Actor,
    at: datetime,
) -> OwingRule:
    """Give the obligation a rule from a day on; one that starts on the same day is replaced.

    With `replaces_initial` the hours of the award were an estimate: the rule takes their place; a lump always
    does. One entry tells the change, what is already ordered, invoiced or worked being counted again.
    """
    require(rules.can_set_rule(actor, obligation))
    if not document.strip():
        require(no(gettext_noop("Name the document that words this rule: clause, amendment…")))
    hold(obligation)
    former = OwingRule.objects.filter(obligation=obligation, starts_on=rule.starts_on, replaced_at=None)
    former.update(replaced_at=at)
    replaced = initial_hours(obligation) if replaces_initial or rule.is_lump else Decimal(0)
    kept = OwingRule.objects.create(
        obligation=obligation,
        kind=rule.kind.value,
        basis=rule.basis.value,
        starts_on=rule.starts_on,
        rounding=rule.rounding.value,
        hours=rule.hours,
        amount=rule.amount,
        labour_share=rule.labour_share,
        insertion_rate=rule.insertion_rate,
        hourly_cost=rule.hourly_cost,
        euros_per_hour=rule.euros_per_hour,
        document=document.strip()[:200],
        replaced_hours=replaced,
        recorded_at=at,
        recorded_by_id=actor.user_id,
    )
    found = standing_of(obligation).count().target().hours
    change = found - hours_under_rules(obligation)
    if change:
        steps = (
            Step(Words(gettext_noop("Hours owed by the rules")), found, "h"),
            Step(Words(gettext_noop("Initial commitment that the rule replaces")), replaced, "h"),
            Step(Words(gettext_noop("Hours of this entry")), change, "h"),
        )
        wanted = Wanted(
            kind=EntryKind.AMENDMENT,
            hours=change,
            effective_on=rule.starts_on,
            document=document,
            steps=tuple(step.as_dict() for step in steps),
            under_rule=True,
        )
        write_entries(obligation, wanted, actor=actor, at=at)
    trace("execution.rule.set", obligation, actor=actor, at=at, detail=f"{rule.kind} {rule.starts_on}")
    return kept


class Teller:
    """Records several orders and invoices of one obligation, what came before being read once."""

    def __init__(self, obligation: Obligation, actor: Actor, at: datetime) -> None:
        hold(obligation)
        self.obligation, self.actor, self.at = obligation, actor, at
        self.standing: Standing = standing_of(obligation)
        self.count = self.standing.count()

    def record(self, wanted: NewCall) -> Call:
        """Count one more; raises `Refused` when it cannot be counted."""
        call = self._row(wanted)
        rule = self.standing.rule_on(call.on)
        require(rules.call_verdict(rule, call, timezone.localdate(self.at)))
        assert rule is not None  # the verdict asks for one
        before = self.count.target()
        self.count.add(call.as_item())
        after = self.count.target()
        steps = core.working(before, after, rule.as_rule(), CALL_LABELS[wanted.kind], call.amount)
        entries = self._write(
            EntryKind(wanted.kind.value), after.hours - before.hours, call, steps, debtor=wanted.debtor
        )
        call.entry_number = entries[0].number
        call.save(force_insert=True)
        return call

    def change(self, call: Call, wanted: NewCall | None, reason: str) -> Call:
        """Take one back, and count `wanted` in its place if there is one: a single dated correction."""
        rule = self.standing.rule_on(call.on)
        assert rule is not None  # it was counted under it
        before = self.count.target()
        self.count.add(core.Item(call.on, core.Basis(call.kind), -call.amount))
        label, quantity = CALL_LABELS[CallKind(call.kind)], -call.amount
        new = None
        if wanted is not None:
            new = self._row(wanted)
            rule = self.standing.rule_on(new.on)
            require(rules.call_verdict(rule, new, timezone.localdate(self.at)))
            assert rule is not None
            self.count.add(new.as_item())
            label, quantity = Words(gettext_noop("Change of its amount")), new.amount - call.amount
        after = self.count.target()
        steps = core.working(before, after, rule.as_rule(), label, quantity)
        entries = self._write(
            EntryKind.CORRECTION,
            after.hours - before.hours,
            new or call,
            steps,
            debtor=call.debtor,
            reason=reason,
            corrected_number=call.entry_number,
        )
        number = entries[0].number
        live = Call.objects.filter(pk=call.pk, ended_at=None)
        ending = {"ended_at": self.at, "ended_by_id": self.actor.user_id, "ending_reason": reason[:300]}
        if not live.update(**ending, ending_number=None if new else number):
            raise Stale(call)
        if new is None:
            return call
        new.replaces, new.entry_number = call, number
        new.save(force_insert=True)
        return new

    def _row(self, wanted: NewCall) -> Call:
        return Call(
            obligation=self.obligation,
            kind=wanted.kind,
            number=wanted.number.strip()[:60],
            on=wanted.on,
            amount=hundredths(wanted.amount),
            label=wanted.label.strip()[:200],
            debtor=wanted.debtor,
            source_file=wanted.source_file[:200],
            recorded_at=self.at,
            recorded_by_id=self.actor.user_id,
        )

    def _write(
        self,
        kind: EntryKind,
        hours: Decimal,
        call: Call,
        steps: Sequence[Step],
        *,
        debtor: Debtor | None,
        reason: str = "",
        corrected_number: int | None = None,
    ) -> tuple[Entry, ...]:
        wanted = Wanted(
            kind=kind,
            hours=hours,
            effective_on=call.on if kind != EntryKind.CORRECTION else timezone.localdate(self.at),
            wording=f"{call.number} {call.label}",
            document=call.source_file or call.number,
            reason=reason,
            steps=tuple(step.as_dict() for step in steps),
            debtor=debtor,
            corrected_number=corrected_number,
            under_rule=True,
        )
        return write_entries(self.obligation, wanted, actor=self.actor, at=self.at)


@transaction.atomic
def record_call(obligation: Obligation, wanted: NewCall, *, actor: Actor, at: datetime) -> Call:
    """Record an order or an invoice and the hours it adds; the same one again changes nothing.

    Raises `Refused` when no rule counts it or when its number is recorded with other figures.
    """
    require(rules.can_record_calls(actor, obligation))
    known = live_call(obligation, wanted)
    if known is not None:
        require(same_verdict(known, wanted))
        return known
    call = Teller(obligation, actor, at).record(wanted)
    trace(
        "execution.call.recorded", obligation, actor=actor, at=at, detail=f"{call.kind} n={call.entry_number}"
    )
    return call


def live_call(obligation: Obligation, wanted: NewCall) -> Call | None:
    own = Call.objects.live().filter(obligation=obligation)
    return own.filter(kind=wanted.kind, number=wanted.number.strip()[:60]).first()


def same_verdict(known: Call, wanted: NewCall) -> Verdict:
    """Whether what is recorded is what is wanted."""
    debtor_id = wanted.debtor.pk if wanted.debtor else None
    if (known.on, known.amount, known.debtor_id) == (wanted.on, hundredths(wanted.amount), debtor_id):
        return YES
    return no(
        gettext_noop("%(number)s is recorded already, of %(day)s and %(amount)s €: correct it instead."),
        number=known.number,
        day=known.on,
        amount=known.amount,
    )


@transaction.atomic
def correct_call(
    call: Call,
    *,
    on: date,
    amount: Decimal,
    label: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Call:
    """Replace an order or an invoice by its right figures: a dated correction names the entry it corrects."""
    require(rules.can_end_call(actor, call))
    _require_reason(reason)
    if (call.on, call.amount, call.label) == (on, hundredths(amount), label.strip()):
        require(no(gettext_noop("Nothing changes: give the right date, amount or object.")))
    wanted = NewCall(CallKind(call.kind), call.number, on, amount, label, call.debtor, call.source_file)
    new = Teller(call.obligation, actor, at).change(call, wanted, reason)
    trace("execution.call.corrected", call.obligation, actor=actor, at=at, detail=f"n={new.entry_number}")
    return new


@transaction.atomic
def cancel_call(call: Call, *, reason: str, actor: Actor, at: datetime) -> None:
    """Take back an order or an invoice: a dated correction takes its hours away."""
    require(rules.can_end_call(actor, call))
    _require_reason(reason)
    Teller(call.obligation, actor, at).change(call, None, reason)
    trace("execution.call.cancelled", call.obligation, actor=actor, at=at, detail=f"n={call.entry_number}")


def _require_reason(reason: str) -> None:
    if not reason.strip():
        require(no(gettext_noop("Say why: this entry must be explained to whoever reads the ledger later.")))


@transaction.atomic
def declare_worked(
    obligation: Obligation,
    *,
    starts_on: date,
    ends_on: date,
    hours: Decimal,
    document: str = "",
    reason: str = "",
    actor: Actor,
    at: datetime,
) -> WorkedHours:
    """Declare all hours worked on the contract over a period; the same period again corrects it."""
    require(rules.can_declare_worked(actor, obligation))
    hold(obligation)
    standing = standing_of(obligation)
    known = list(WorkedHours.objects.filter(obligation=obligation, ended_at=None))
    period = WorkedHours(
        obligation=obligation,
        starts_on=starts_on,
        ends_on=ends_on,
        hours=hundredths(hours),
        document=document.strip()[:200],
        declared_by_id=actor.organisation_id,
        recorded_at=at,
        recorded_by_id=actor.user_id,
    )
    rule = standing.rule_on(ends_on)
    require(rules.worked_verdict(rule, known, period, reason, timezone.localdate(at)))
    assert rule is not None  # the verdict asks for one
    former = overlapping(known, starts_on, ends_on)
    count = standing.count()
    before = count.target()
    if former is not None:
        count.add(core.Item(former.ends_on, core.Basis.WORKED, -former.hours))
        WorkedHours.objects.filter(pk=former.pk).update(ended_at=at, ending_reason=reason.strip()[:300])
    count.add(period.as_item())
    after = count.target()
    steps = core.working(before, after, rule.as_rule(), WORKED_LABEL, period.hours)
    wanted = Wanted(
        kind=EntryKind.CORRECTION if former else EntryKind.WORKED,
        hours=after.hours - before.hours,
        effective_on=timezone.localdate(at) if former else ends_on,
        document=document,
        reason=reason,
        steps=tuple(step.as_dict() for step in steps),
        corrected_number=former.entry_number if former else None,
        under_rule=True,
    )
    period.entry_number = write_entries(obligation, wanted, actor=actor, at=at)[0].number
    period.save(force_insert=True)
    detail = f"first={starts_on} last={ends_on} hours={period.hours}"
    trace("execution.worked.declared", obligation, actor=actor, at=at, detail=detail)
    return period


@transaction.atomic
def true_up(obligation: Obligation, year: int, *, actor: Actor, at: datetime) -> TrueUp:
    """Compare the entries with the rules counted again, rounded until a year's end; write the difference."""
    require(rules.can_true_up(actor, obligation))
    today = timezone.localdate(at)
    hold(obligation)
    standing = standing_of(obligation)
    require(rules.true_up_verdict(obligation, standing.rules, year, standing.settled_on, today))
    settled_on = settling_day(year, today, standing.settled_on)
    found = standing.count(settled_on=settled_on).target()
    written = hours_under_rules(obligation)
    require(rules.needs_true_up(found.hours - written, standing.settled_on, settled_on))
    number = None
    if found.hours != written:
        wanted = Wanted(
            kind=EntryKind.TRUE_UP,
            hours=found.hours - written,
            effective_on=today,
            wording=str(year),
            steps=tuple(step.as_dict() for step in core.true_up_steps(found, written)),
            under_rule=True,
        )
        number = write_entries(obligation, wanted, actor=actor, at=at)[0].number
    done = TrueUp.objects.create(
        obligation=obligation,
        year=year,
        settled_on=settled_on,
        target=found.hours,
        written=written,
        entry_number=number,
        recorded_at=at,
        recorded_by_id=actor.user_id,
    )
    detail = f"year={year} hours={found.hours - written}"
    trace("execution.true_up.done", obligation, actor=actor, at=at, detail=detail)
    return done


def settling_day(year: int, today: date, settled_on: date | None) -> date:
    """The day until which a true-up counts: the end of its year, or today once performance has ended."""
    day = min(date(year, 12, 31), today)
    return max(day, settled_on) if settled_on else day
