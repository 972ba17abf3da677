"""Read what an obligation owes by its rules: what they count, what they give, what the entries say."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from relais.core import owing as core
from relais.execution.enums import EntryKind
from relais.execution.models import (
    Call,
    ContractOption,
    Entry,
    Obligation,
    OwingRule,
    TrueUp,
    WorkedHours,
)
from relais.execution.owing_enums import Basis, CallKind
from relais.kit.actor import Actor
from relais.kit.fields import total

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the acts need of an obligation: its rules, what they count, the day of the last true-up."""

    rules: tuple[OwingRule, ...]
    items: tuple[core.Item, ...]
    settled_on: date | None

    def count(self, rules: Iterable[core.Rule] | None = None, settled_on: date | None = None) -> core.Count:
        """Everything counted, under these rules or others, until this true-up or another."""
        chosen = [rule.as_rule() for rule in self.rules] if rules is None else rules
        count = core.Count(chosen, settled_on or self.settled_on)
        for item in self.items:
            count.add(item)
        return count

    def rule_on(self, day: date) -> OwingRule | None:
        started = [rule for rule in self.rules if rule.starts_on <= day]
        return max(started, key=lambda rule: rule.starts_on) if started else None


def standing_of(obligation: Obligation) -> Standing:
    """The whole of it, in four queries."""
    calls = Call.objects.live().filter(obligation=obligation)
    worked = WorkedHours.objects.filter(obligation=obligation, ended_at=None)
    last = TrueUp.objects.filter(obligation=obligation).first()
    return Standing(
        tuple(OwingRule.objects.filter(obligation=obligation, replaced_at=None)),
        (*(call.as_item() for call in calls), *(period.as_item() for period in worked)),
        last.settled_on if last else None,
    )


def hours_under_rules(obligation: Obligation) -> Decimal:
    """Hours of the entries written under the rules, with those that correct them and what they replaced."""
    return _written(obligation) + replaced_hours(obligation)


def _written(obligation: Obligation) -> Decimal:
    own = Entry.objects.filter(obligation=obligation)
    numbers = own.filter(under_rule=True).values("number")
    return _sum(own.filter(Q(under_rule=True) | Q(corrected_number__in=numbers)))


def replaced_hours(obligation: Obligation) -> Decimal:
    """Hours of the initial commitment that rules replaced."""
    rules = OwingRule.objects.filter(obligation=obligation)
    found: Decimal = rules.aggregate(sum=total("replaced_hours"))["sum"]
    return found


def initial_hours(obligation: Obligation) -> Decimal:
    """What is left of the initial commitment: its entry, those that correct it, less what rules replaced."""
    own = Entry.objects.filter(obligation=obligation)
    numbers = own.filter(kind=EntryKind.INITIAL).values("number")
    entries = own.filter(Q(kind=EntryKind.INITIAL) | Q(corrected_number__in=numbers))
    return _sum(entries) - replaced_hours(obligation)


def _sum(entries: QuerySet[Entry]) -> Decimal:
    found: Decimal = entries.aggregate(sum=total("hours"))["sum"]
    return found


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as the page shows it, with what it gives."""

    rule: OwingRule
    span: core.Span | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class OwingPage:
    """The rules of an obligation and what they give, as far as the actor reads them."""

    rules: tuple[RuleRow, ...]
    target: Decimal
    written: Decimal
    worked: tuple[WorkedHours, ...]
    true_ups: tuple[TrueUp, ...]
    options: tuple[ContractOption, ...]

    @property
    def current(self) -> RuleRow | None:
        return next((row for row in self.rules if row.is_current), None)

    @property
    def gap(self) -> Decimal:
        """Hours that a true-up would write if it were made without rounding."""
        return self.target - self.written


def owing_page(obligation: Obligation, actor: Actor) -> OwingPage:
    """The page, in five queries for one basis; what no rule counts is not read."""
    every = OwingRule.objects.visible_to(actor).filter(obligation=obligation)
    recorded = tuple(every)
    rules = tuple(rule for rule in recorded if rule.replaced_at is None)
    bases = {rule.basis for rule in rules}
    true_ups = TrueUp.objects.visible_to(actor).filter(obligation=obligation)
    options = ContractOption.objects.visible_to(actor).filter(obligation=obligation)
    settled = tuple(true_ups)
    items: list[core.Item] = []
    periods: tuple[WorkedHours, ...] = ()
    if Basis.WORKED in bases:
        worked = WorkedHours.objects.visible_to(actor).filter(obligation=obligation, ended_at=None)
        periods = tuple(worked.select_related("declared_by"))
        items += [period.as_item() for period in periods]
    if bases & set(CallKind.values):
        items += [call.as_item() for call in Call.objects.live().filter(obligation=obligation)]
    standing = Standing(rules, tuple(items), settled[0].settled_on if settled else None)
    found = standing.count().target()
    current = standing.rule_on(actor.on)
    return OwingPage(
        tuple(RuleRow(rule, found.of(rule.as_rule()), rule == current) for rule in rules),
        found.hours,
        _written(obligation) + sum((rule.replaced_hours for rule in recorded), ZERO),
        periods,
        settled,
        tuple(options),
    )


@dataclass(frozen=True, slots=True)
class CallRow:
    """An order or an invoice, with the hours of its entries that the actor reads."""

    call: Call
    hours: Decimal


@dataclass(frozen=True, slots=True)
class CallList:
    """The orders and invoices of an obligation in one year, or in all; `years` are those that have some."""

    rows: tuple[CallRow, ...]
    years: tuple[int, ...]

    @property
    def amount(self) -> Decimal:
        return sum((row.call.amount for row in self.rows if row.call.ended_at is None), ZERO)

    @property
    def hours(self) -> Decimal:
        return sum((row.hours for row in self.rows), ZERO)


def call_list(obligation: Obligation, actor: Actor, year: int | None = None) -> CallList:
    """Newest first, cancelled ones last known too, in three queries."""
    calls = Call.objects.visible_to(actor).filter(obligation=obligation)
    found = list(calls.select_related("debtor__organisation").order_by("-on", "-pk"))
    hours: dict[int, Decimal] = defaultdict(Decimal)
    for number, part in (
        Entry.objects.visible_to(actor)
        .filter(obligation=obligation, under_rule=True)
        .values_list("number", "hours")
    ):
        hours[number] += part
    rows = [CallRow(call, _hours_of(call, hours)) for call in found if year in (None, call.on.year)]
    return CallList(tuple(rows), tuple(sorted({call.on.year for call in found}, reverse=True)))


def _hours_of(call: Call, hours: dict[int, Decimal]) -> Decimal:
    """What its entry wrote, and what its cancellation took back; a replaced one keeps its own."""
    return hours[call.entry_number] + (hours[call.ending_number] if call.ending_number else ZERO)


def overlapping(worked: Sequence[WorkedHours], starts_on: date, ends_on: date) -> WorkedHours | None:
    """A period already declared that has days in common with this one."""
    return next((one for one in worked if one.starts_on <= ends_on and starts_on <= one.ends_on), None)
