"""How many insertion hours to ask of a lot: four formulas, one rounding at the end, and the working kept.

# source: formulas and examples published by territorial facilitators (MEF Sud 77, LASER emploi,
MDE Alès-Cévennes); deduction of staff taken over: Inserpropre, clause adapted to cleaning. The months of
season of a trade are a parameter of each scheme, to verify.

Amounts exclude tax; shares and rates are fractions of one (5 % is `Decimal("0.05")`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, Self

from relais.core.money import EXACT, exact
from relais.core.words import BadValue, Words, gettext_noop

YEAR = 12
"""Months of a year: a trade whose season is that long works all year."""


class Rounding(StrEnum):
    """The step to which the hours of a lot are rounded, half up: 1 h, 5 h, 10 h or a week of 35 h."""

    UNIT = "UNIT"
    FIVE = "FIVE"
    TEN = "TEN"
    WEEK = "WEEK"

    @property
    def step(self) -> Decimal:
        return _STEPS[self]

    @property
    def words(self) -> Words:
        return Words(gettext_noop("to the nearest %(hours)s h"), {"hours": self.step})


_STEPS = {
    Rounding.UNIT: Decimal(1),
    Rounding.FIVE: Decimal(5),
    Rounding.TEN: Decimal(10),
    Rounding.WEEK: Decimal(35),
}


class Formula(StrEnum):
    """From what the hours were computed."""

    FINANCIAL = "FINANCIAL"
    LABOUR_HOURS = "LABOUR_HOURS"
    COEFFICIENT = "COEFFICIENT"
    FRAMEWORK = "FRAMEWORK"

    @property
    def words(self) -> Words:
        return Words(_FORMULA_NAMES[self])


_FORMULA_NAMES = {
    Formula.FINANCIAL: gettext_noop("Amount × labour share × insertion effort ÷ hourly cost"),
    Formula.LABOUR_HOURS: gettext_noop("Labour hours × insertion effort"),
    Formula.COEFFICIENT: gettext_noop("Amount ÷ 10,000 × hours per 10,000 €"),
    Formula.FRAMEWORK: gettext_noop("Orders of each year ÷ 10,000 × hours per 10,000 €"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the working; units: €, h, %, €/h, h/10 k€, none for a number of months.

    A share is given in percent (unit `%`).
    """

    label: Words
    value: Decimal
    unit: str

    def as_dict(self) -> dict[str, Any]:
        return {"label": self.label.as_dict(), "value": str(self.value), "unit": self.unit}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        return cls(Words.from_dict(kept["label"]), Decimal(kept["value"]), kept["unit"])


@dataclass(frozen=True, slots=True)
class Calibration:
    """Hours to ask, rounded once; `unrounded` is the same figure before; `steps` is the working, in order."""

    hours: Decimal
    unrounded: Decimal
    formula: Formula
    rounding: Rounding
    steps: tuple[Step, ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe form, decimals as strings, so that a clause keeps its working."""
        return {
            "hours": str(self.hours),
            "unrounded": str(self.unrounded),
            "formula": self.formula.value,
            "rounding": self.rounding.value,
            "steps": [step.as_dict() for step in self.steps],
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """The inverse of `as_dict`."""
        return cls(
            hours=Decimal(kept["hours"]),
            unrounded=Decimal(kept["unrounded"]),
            formula=Formula(kept["formula"]),
            rounding=Rounding(kept["rounding"]),
            steps=tuple(Step.from_dict(step) for step in kept["steps"]),
        )


@dataclass(frozen=True, slots=True)
class Order:
    """A purchase order of a framework: its day and its amount excluding tax."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OrderHours:
    """What one order brings, not rounded: the rounding belongs to the year."""

    on: date
    amount: Decimal
    unrounded: Decimal


@dataclass(frozen=True, slots=True)
class YearHours:
    """The yearly true-up of a framework: the orders of a calendar year, rounded once."""

    year: int
    amount: Decimal
    unrounded: Decimal
    hours: Decimal


@dataclass(frozen=True, slots=True)
class FrameworkCalibration:
    """Hours of a framework: `hours` sums the years, each rounded once; `orders` are in date order."""

    orders: tuple[OrderHours, ...]
    years: tuple[YearHours, ...]
    hours: Decimal
    unrounded: Decimal
    rounding: Rounding
    steps: tuple[Step, ...]
    formula: Formula = Formula.FRAMEWORK

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe form, decimals as strings and days in ISO form."""
        return {
            "hours": str(self.hours),
            "unrounded": str(self.unrounded),
            "formula": self.formula.value,
            "rounding": self.rounding.value,
            "steps": [step.as_dict() for step in self.steps],
            "orders": [[o.on.isoformat(), str(o.amount), str(o.unrounded)] for o in self.orders],
            "years": [[y.year, str(y.amount), str(y.unrounded), str(y.hours)] for y in self.years],
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """The inverse of `as_dict`."""
        return cls(
            orders=tuple(
                OrderHours(date.fromisoformat(on), Decimal(amount), Decimal(unrounded))
                for on, amount, unrounded in kept["orders"]
            ),
            years=tuple(
                YearHours(year, Decimal(amount), Decimal(unrounded), Decimal(hours))
                for year, amount, unrounded, hours in kept["years"]
            ),
            hours=Decimal(kept["hours"]),
            unrounded=Decimal(kept["unrounded"]),
            rounding=Rounding(kept["rounding"]),
            steps=tuple(Step.from_dict(step) for step in kept["steps"]),
        )


def rounded(hours: Decimal, rounding: Rounding) -> Decimal:
    """`hours` at the nearest multiple of the rounding step, half up."""
    steps = EXACT.divide(exact(hours), rounding.step).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return steps * rounding.step


def from_amount(
    *,
    amount: Decimal,
    labour_share: Decimal,
    insertion_rate: Decimal,
    hourly_cost: Decimal,
    rounding: Rounding = Rounding.UNIT,
    transferred_staff_share: Decimal = Decimal(0),
    season_months: int = YEAR,
) -> Calibration:
    """Formula 1: `amount × labour_share × insertion_rate ÷ hourly_cost`, the usual one.

    `transferred_staff_share` is the part of the labour done by staff the new holder must take over (cleaning,
    security): it is deducted from the base, since the effort only bears on newly assigned staff.
    `season_months` is how many months a year the trade hires: what is left of the base is kept for that part
    of the year, since the permanent crew does the rest. Both deductions apply, in this order.
    Raises `BadValue` (a ValueError): negative amount, share outside 0 to 1, hourly cost not positive, season
    outside 1 to 12 months.
    """
    amount, cost = _amount(amount), exact(hourly_cost)
    share, effort, transferred = _share(labour_share), _share(insertion_rate), _share(transferred_staff_share)
    if cost <= 0:
        raise BadValue(
            gettext_noop(
                "An hourly cost of %(cost)s € is impossible. Enter the loaded cost of an hour of work."
            ),
            cost=cost,
        )
    labour = EXACT.multiply(amount, share)
    remaining = EXACT.multiply(labour, 1 - transferred)
    base = _in_season(remaining, season_months)
    unrounded = EXACT.divide(EXACT.multiply(base, effort), cost)
    taken_over = (
        (
            Step(Words(gettext_noop("Labour of staff taken over")), _percent(transferred), "%"),
            Step(Words(gettext_noop("Labour budget without staff taken over")), remaining, "€"),
        )
        if transferred
        else ()
    )
    return _calibration(
        Formula.FINANCIAL,
        rounding,
        unrounded,
        Step(_AMOUNT, amount, "€"),
        Step(Words(gettext_noop("Labour share")), _percent(share), "%"),
        Step(Words(gettext_noop("Labour budget")), labour, "€"),
        *taken_over,
        *_season_steps(season_months, Step(Words(gettext_noop("Labour budget in season")), base, "€")),
        Step(Words(gettext_noop("Hourly cost")), cost, "€/h"),
        Step(_LABOUR_HOURS, EXACT.divide(base, cost), "h"),
        Step(_EFFORT, _percent(effort), "%"),
    )


def from_labour_hours(
    *,
    labour_hours: Decimal,
    insertion_rate: Decimal,
    rounding: Rounding = Rounding.UNIT,
    season_months: int = YEAR,
) -> Calibration:
    """Formula 2: `labour_hours × insertion_rate`, when the designer estimates the hours of work.

    `season_months`: see `from_amount`. Raises `BadValue` (a ValueError): negative hours, rate outside 0 to 1,
    season outside 1 to 12 months.
    """
    worked, effort = exact(labour_hours), _share(insertion_rate)
    if worked < 0:
        raise BadValue(
            gettext_noop("%(hours)s h of labour is impossible. Enter hours from 0 upward."), hours=worked
        )
    base = _in_season(worked, season_months)
    return _calibration(
        Formula.LABOUR_HOURS,
        rounding,
        EXACT.multiply(base, effort),
        Step(_LABOUR_HOURS, worked, "h"),
        *_season_steps(season_months, Step(Words(gettext_noop("Labour hours in season")), base, "h")),
        Step(_EFFORT, _percent(effort), "%"),
    )


def from_coefficient(
    *, amount: Decimal, hours_per_10k: Decimal, rounding: Rounding = Rounding.UNIT
) -> Calibration:
    """Formula 3: `amount ÷ 10,000 × hours_per_10k`, a coefficient by trade.

    Raises `BadValue` (a ValueError): negative amount or coefficient.
    """
    amount, coefficient = _amount(amount), _coefficient(hours_per_10k)
    return _calibration(
        Formula.COEFFICIENT,
        rounding,
        _by_coefficient(amount, coefficient),
        Step(_AMOUNT, amount, "€"),
        Step(_COEFFICIENT, coefficient, "h/10 k€"),
    )


def from_orders(
    *, orders: Sequence[Order], hours_per_10k: Decimal, rounding: Rounding = Rounding.UNIT
) -> FrameworkCalibration:
    """Formula 4: each order of a framework brings its hours, added up and rounded once per calendar year.

    The maximum of a framework may never be ordered: hours are owed for what is ordered. The order of the list
    changes nothing. Raises `BadValue` (a ValueError): negative amount or coefficient.
    """
    coefficient = _coefficient(hours_per_10k)
    amounts = sorted((order.on, _amount(order.amount)) for order in orders)
    detailed = tuple(OrderHours(on, amount, _by_coefficient(amount, coefficient)) for on, amount in amounts)
    years = []
    for year in sorted({order.on.year for order in detailed}):
        of_year = [order for order in detailed if order.on.year == year]
        unrounded = _sum(order.unrounded for order in of_year)
        years.append(
            YearHours(year, _sum(order.amount for order in of_year), unrounded, rounded(unrounded, rounding))
        )
    hours, unrounded = _sum(year.hours for year in years), _sum(year.unrounded for year in years)
    steps = [Step(_COEFFICIENT, coefficient, "h/10 k€")]
    for of in years:
        named = {"year": str(of.year)}
        steps.append(Step(Words(gettext_noop("Orders of %(year)s excluding tax"), named), of.amount, "€"))
        steps.append(Step(Words(gettext_noop("Hours of %(year)s before rounding"), named), of.unrounded, "h"))
        steps.append(Step(Words(gettext_noop("Hours of %(year)s"), named), of.hours, "h"))
    steps.append(Step(_ASKED, hours, "h"))
    return FrameworkCalibration(detailed, tuple(years), hours, unrounded, rounding, tuple(steps))


_AMOUNT = Words(gettext_noop("Amount excluding tax"))
_LABOUR_HOURS = Words(gettext_noop("Labour hours"))
_EFFORT = Words(gettext_noop("Insertion effort"))
_COEFFICIENT = Words(gettext_noop("Hours per 10,000 €"))
_UNROUNDED = Words(gettext_noop("Hours before rounding"))
_ASKED = Words(gettext_noop("Hours asked"))


def _calibration(formula: Formula, rounding: Rounding, unrounded: Decimal, *inputs: Step) -> Calibration:
    hours = rounded(unrounded, rounding)
    working = (*inputs, Step(_UNROUNDED, unrounded, "h"), Step(_ASKED, hours, "h"))
    return Calibration(hours, unrounded, formula, rounding, working)


def _in_season(labour: Decimal, months: int) -> Decimal:
    """The part of the labour of a year done while the trade hires; raises `BadValue` outside 1 to 12."""
    if not 1 <= months <= YEAR:
        raise BadValue(
            gettext_noop("A season of %(months)s months is impossible. Enter 1 to 12 months a year."),
            months=months,
        )
    return labour if months == YEAR else EXACT.divide(EXACT.multiply(labour, Decimal(months)), Decimal(YEAR))


def _season_steps(months: int, base: Step) -> tuple[Step, ...]:
    """The lines of the working that tell the season; none for a trade that works all year."""
    if months == YEAR:
        return ()
    return Step(Words(gettext_noop("Months of season in a year")), Decimal(months), ""), base


def _by_coefficient(amount: Decimal, coefficient: Decimal) -> Decimal:
    return EXACT.divide(EXACT.multiply(amount, coefficient), Decimal(10_000))


def _sum(values: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = EXACT.add(total, value)
    return total


def _percent(share: Decimal) -> Decimal:
    return EXACT.multiply(share, Decimal(100))


def _amount(value: Decimal) -> Decimal:
    amount = exact(value)
    if amount < 0:
        raise BadValue(
            gettext_noop(
                "An amount of %(amount)s € is impossible. Enter an amount excluding tax, from 0 upward."
            ),
            amount=amount,
        )
    return amount


def _share(value: Decimal) -> Decimal:
    share = exact(value)
    if not 0 <= share <= 1:
        raise BadValue(
            gettext_noop(
                "A share of %(share)s is impossible. Enter a share between 0 and 1: 0.05 for five per cent."
            ),
            share=share,
        )
    return share


def _coefficient(value: Decimal) -> Decimal:
    coefficient = exact(value)
    if coefficient < 0:
        raise BadValue(
            gettext_noop("%(coefficient)s h per 10,000 € is impossible. Enter a coefficient from 0 upward."),
            coefficient=coefficient,
        )
    return coefficient
