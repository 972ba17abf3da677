"""What a contract owes by its rule: a lump, a share of labour, an hour per N euros, a share of hours worked.

# source: formulas of the territorial facilitators (hours of each order of a framework, yearly true-up); the
hours of a framework follow what is ordered or invoiced, never its maximum.

The method is cumulative: what is owed is the rule applied to all that was ordered, invoiced or worked so far,
so that the number and the order of invoices change nothing. Until a true-up the figure is kept to the
hundredth; a true-up rounds it once, for all that came until its day.

Amounts exclude tax; shares and rates are fractions of one (5 % is `Decimal("0.05")`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from relais.core.calibration import Rounding, Step, from_amount, rounded
from relais.core.money import EXACT, exact, hundredths
from relais.core.words import BadValue, Words, gettext_noop

ZERO = Decimal("0.00")


class RuleKind(StrEnum):
    """How the hours owed are found."""

    FIXED = "FIXED"
    LABOUR_SHARE = "LABOUR_SHARE"
    PER_AMOUNT = "PER_AMOUNT"
    SHARE_OF_HOURS = "SHARE_OF_HOURS"


class Basis(StrEnum):
    """On what a rule is counted: the contract as signed, or what comes as it goes."""

    CONTRACT = "CONTRACT"
    ORDER = "ORDER"
    INVOICE = "INVOICE"
    WORKED = "WORKED"

    @property
    def total(self) -> Words:
        """The name of the cumulated base."""
        return Words(_TOTALS[self])

    @property
    def unit(self) -> str:
        return "h" if self is Basis.WORKED else "€"


_TOTALS = {
    Basis.CONTRACT: gettext_noop("Amount of the contract excluding tax"),
    Basis.ORDER: gettext_noop("Ordered so far excluding tax"),
    Basis.INVOICE: gettext_noop("Invoiced so far excluding tax"),
    Basis.WORKED: gettext_noop("Hours worked on the contract so far"),
}
BASES = {
    RuleKind.FIXED: (Basis.CONTRACT,),
    RuleKind.LABOUR_SHARE: (Basis.CONTRACT, Basis.ORDER, Basis.INVOICE),
    RuleKind.PER_AMOUNT: (Basis.ORDER, Basis.INVOICE),
    RuleKind.SHARE_OF_HOURS: (Basis.WORKED,),
}
"""The bases a rule of each kind may have."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of owing in force from `starts_on`, with the parameters of its kind; the others stay at zero.

    FIXED: `hours`. LABOUR_SHARE: `labour_share`, `insertion_rate`, `hourly_cost`, and the `amount` of the
    contract when that is its basis. PER_AMOUNT: `euros_per_hour`. SHARE_OF_HOURS: `insertion_rate`.
    Raises `BadValue` (a ValueError) for a parameter that is missing or impossible.
    """

    kind: RuleKind
    basis: Basis
    starts_on: date
    rounding: Rounding = Rounding.UNIT
    hours: Decimal = ZERO
    amount: Decimal = ZERO
    labour_share: Decimal = ZERO
    insertion_rate: Decimal = ZERO
    hourly_cost: Decimal = ZERO
    euros_per_hour: Decimal = ZERO

    def __post_init__(self) -> None:
        if self.basis not in BASES[self.kind]:
            raise BadValue(
                gettext_noop("This kind of rule is not counted on this basis. Choose another one.")
            )
        if self.kind is RuleKind.FIXED and self.hours < 0:
            raise BadValue(gettext_noop("A contract cannot owe less than zero hours."))
        if self.kind is RuleKind.PER_AMOUNT and self.euros_per_hour <= 0:
            raise BadValue(gettext_noop("Give the amount, above zero, that brings one hour."))
        if self.kind is RuleKind.SHARE_OF_HOURS and not 0 < self.insertion_rate <= 1:
            raise BadValue(gettext_noop("Give the share of the hours worked, above 0 % and up to 100 %."))
        if self.kind is RuleKind.LABOUR_SHARE:
            self._check_labour()

    def _check_labour(self) -> None:
        if self.basis is Basis.CONTRACT and self.amount <= 0:
            raise BadValue(gettext_noop("Give the amount of the contract, excluding tax, above zero."))
        if not (0 < self.labour_share <= 1 and 0 < self.insertion_rate <= 1):
            raise BadValue(
                gettext_noop("Give the labour share and the insertion effort, above 0 % and up to 100 %.")
            )
        if self.hourly_cost <= 0:
            raise BadValue(gettext_noop("Give the hourly cost, above zero."))

    @property
    def is_lump(self) -> bool:
        """Whether it gives all its hours at once."""
        return self.basis is Basis.CONTRACT

    def unrounded(self, base: Decimal) -> Decimal:
        """Hours owed on a cumulated base; a base below zero (more credit notes than invoices) owes none."""
        base = max(exact(base), Decimal(0))
        match self.kind:
            case RuleKind.FIXED:
                return exact(self.hours)
            case RuleKind.PER_AMOUNT:
                return EXACT.divide(base, exact(self.euros_per_hour))
            case RuleKind.SHARE_OF_HOURS:
                return EXACT.multiply(base, exact(self.insertion_rate))
        return from_amount(
            amount=base,
            labour_share=self.labour_share,
            insertion_rate=self.insertion_rate,
            hourly_cost=self.hourly_cost,
        ).unrounded

    def sentence(self) -> Words:
        """The rule as people say it."""
        return Words(_SENTENCES[self.kind, self.basis], self._said())

    def _said(self) -> dict[str, object]:
        match self.kind:
            case RuleKind.FIXED:
                return {"hours": self.hours}
            case RuleKind.PER_AMOUNT:
                return {"euros": self.euros_per_hour}
            case RuleKind.SHARE_OF_HOURS:
                return {"effort": _percent(self.insertion_rate)}
        labour: dict[str, object] = {
            "share": _percent(self.labour_share),
            "effort": _percent(self.insertion_rate),
            "cost": self.hourly_cost,
        }
        if self.is_lump:
            labour["amount"] = self.amount
        return labour

    def parameters(self) -> tuple[Step, ...]:
        """The lines of the working that tell the rule."""
        match self.kind:
            case RuleKind.FIXED:
                return ()
            case RuleKind.PER_AMOUNT:
                return (Step(Words(gettext_noop("Amount that brings one hour")), self.euros_per_hour, "€"),)
            case RuleKind.SHARE_OF_HOURS:
                return (
                    Step(
                        Words(gettext_noop("Share of the hours worked")), _percent(self.insertion_rate), "%"
                    ),
                )
        return (
            Step(Words(gettext_noop("Labour share")), _percent(self.labour_share), "%"),
            Step(Words(gettext_noop("Insertion effort")), _percent(self.insertion_rate), "%"),
            Step(Words(gettext_noop("Hourly cost")), self.hourly_cost, "€/h"),
        )


_SENTENCES = {
    (RuleKind.FIXED, Basis.CONTRACT): gettext_noop("%(hours)s h in all"),
    (RuleKind.LABOUR_SHARE, Basis.CONTRACT): gettext_noop(
        "%(amount)s € of contract × %(share)s %% of labour × %(effort)s %% of effort ÷ %(cost)s €/h"
    ),
    (RuleKind.LABOUR_SHARE, Basis.ORDER): gettext_noop(
        "Amounts ordered × %(share)s %% of labour × %(effort)s %% of effort ÷ %(cost)s €/h"
    ),
    (RuleKind.LABOUR_SHARE, Basis.INVOICE): gettext_noop(
        "Amounts invoiced × %(share)s %% of labour × %(effort)s %% of effort ÷ %(cost)s €/h"
    ),
    (RuleKind.PER_AMOUNT, Basis.ORDER): gettext_noop("1 h per %(euros)s € ordered, excluding tax"),
    (RuleKind.PER_AMOUNT, Basis.INVOICE): gettext_noop("1 h per %(euros)s € invoiced, excluding tax"),
    (RuleKind.SHARE_OF_HOURS, Basis.WORKED): gettext_noop(
        "%(effort)s %% of all hours worked on the contract"
    ),
}


@dataclass(frozen=True, slots=True)
class Item:
    """Something a rule is counted on: an order or an invoice in euros, hours worked; `quantity` is signed."""

    on: date
    basis: Basis
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Span:
    """What one rule gives: `base` is all it is counted on, `settled` the part that a true-up rounded."""

    rule: Rule
    base: Decimal
    settled: Decimal
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Target:
    """What the rules give together, to be compared with the entries written under them."""

    spans: tuple[Span, ...]

    @property
    def hours(self) -> Decimal:
        return sum((span.hours for span in self.spans), ZERO)

    def of(self, rule: Rule) -> Span | None:
        return next((span for span in self.spans if span.rule == rule), None)


def rule_on(rules: Iterable[Rule], day: date) -> Rule | None:
    """The rule in force on that day: the last one started."""
    started = [rule for rule in rules if rule.starts_on <= day]
    return max(started, key=lambda rule: rule.starts_on) if started else None


class Count:
    """What rules are counted on, item after item; `target` says what they give at any moment.

    `settled_on` is the day of the last true-up: the hours of what came until then are rounded once, by rule,
    the rest is to the hundredth. Items on another basis than that of the rule of their day count for nothing.
    """

    def __init__(self, rules: Iterable[Rule], settled_on: date | None = None) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: rule.starts_on))
        self.settled_on = settled_on
        self._bases = {rule: [ZERO, ZERO] for rule in self.rules}

    def add(self, item: Item) -> None:
        rule = rule_on(self.rules, item.on)
        if rule is None or rule.basis is not item.basis:
            return
        base = self._bases[rule]
        base[0] += exact(item.quantity)
        if self.settled_on is not None and item.on <= self.settled_on:
            base[1] += exact(item.quantity)

    def target(self) -> Target:
        """What the rules give now; of several lumps the last one counts alone."""
        last_lump = next((rule for rule in reversed(self.rules) if rule.is_lump), None)
        is_settled = self.settled_on is not None
        return Target(
            tuple(
                _lump(rule) if rule.is_lump else _running(rule, *self._bases[rule], is_settled=is_settled)
                for rule in self.rules
                if not rule.is_lump or rule == last_lump
            )
        )


def target(rules: Iterable[Rule], items: Iterable[Item], *, settled_on: date | None = None) -> Target:
    """What is owed under the rules for these items; the order of both lists changes nothing."""
    count = Count(rules, settled_on)
    for item in items:
        count.add(item)
    return count.target()


def _lump(rule: Rule) -> Span:
    if rule.kind is RuleKind.FIXED:
        return Span(rule, ZERO, ZERO, hundredths(rule.hours))
    hours = hundredths(rounded(rule.unrounded(rule.amount), rule.rounding))
    return Span(rule, rule.amount, rule.amount, hours)


def _running(rule: Rule, base: Decimal, settled: Decimal, *, is_settled: bool) -> Span:
    hours = hundredths(rule.unrounded(base))
    if is_settled:
        before = rule.unrounded(settled)
        hours += hundredths(rounded(before, rule.rounding)) - hundredths(before)
    return Span(rule, base, settled, hundredths(hours))


def working(before: Target, after: Target, rule: Rule, label: Words, quantity: Decimal) -> tuple[Step, ...]:
    """How one order, invoice or period of work changes what is owed: the rule on the total, less what was."""
    old, new = before.of(rule), after.of(rule)
    if new is None:
        return ()
    had = old.hours if old else ZERO
    return (
        Step(label, quantity, rule.basis.unit),
        Step(rule.basis.total, new.base, rule.basis.unit),
        *rule.parameters(),
        Step(Words(gettext_noop("Hours owed by the rule on this total")), new.hours, "h"),
        Step(Words(gettext_noop("Hours already owed by it")), had, "h"),
        Step(Words(gettext_noop("Hours of this entry")), new.hours - had, "h"),
    )


def true_up_steps(after: Target, written: Decimal) -> tuple[Step, ...]:
    """The working of a true-up: each rule on its total, rounded, less the hours of the entries so far."""
    steps: list[Step] = []
    for span in after.spans:
        if not span.rule.is_lump:
            steps.append(Step(span.rule.basis.total, span.base, span.rule.basis.unit))
            steps += span.rule.parameters()
        steps.append(Step(Words(gettext_noop("Hours owed by the rule on this total")), span.hours, "h"))
    return (
        *steps,
        Step(Words(gettext_noop("Hours of the entries so far")), written, "h"),
        Step(Words(gettext_noop("Difference written")), after.hours - written, "h"),
    )


def _percent(share: Decimal) -> Decimal:
    return EXACT.multiply(exact(share), Decimal(100)).normalize() + 0
