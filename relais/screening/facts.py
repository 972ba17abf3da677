"""What is known of a lot, the parameters in force, and the numbers of a calculation. No database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from relais.core.calibration import (
    YEAR,
    Calibration,
    Formula,
    FrameworkCalibration,
    Order,
    Rounding,
    from_amount,
    from_coefficient,
    from_labour_hours,
    from_orders,
)
from relais.core.duty import DerogationCase
from relais.core.floors import Floors
from relais.core.regime import BuyerKind, Modality, Nature
from relais.core.words import Words
from relais.screening.recognition import TradeValues, Vocabulary


@dataclass(frozen=True, slots=True)
class RuleValues:
    """A test in force: its points, from where it counts, and where it counts in full."""

    weight: int = 0
    threshold: Decimal = Decimal(0)
    comfortable: Decimal = Decimal(0)

    def points(self, value: Decimal) -> int:
        """Points of a value: none up to the threshold, all from the comfortable value on."""
        if value <= self.threshold:
            return 0
        if value >= self.comfortable:
            return self.weight
        share = (value - self.threshold) / (self.comfortable - self.threshold)
        return int((share * self.weight).to_integral_value(ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Parameters:
    """Everything the screening needs that is not a fact of the lot, as in force on a day."""

    vocabulary: Vocabulary
    rules: Mapping[str, RuleValues]
    effort: Decimal
    hourly_cost: Decimal
    unknown_labour_share: Decimal
    minimum_hours: Decimal
    minimum_months: Decimal
    rounding: Rounding
    fingerprint: str = ""

    @property
    def floors(self) -> Floors:
        return Floors(self.minimum_hours, self.minimum_months)

    def rule(self, code: str) -> RuleValues:
        return self.rules.get(code, RuleValues())


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What is known of a lot, as read; None when it is not known. `as_of` is the day of the screening."""

    object: str
    as_of: date
    cpv: str = ""
    nature: Nature | None = None
    concession: bool = False
    amount: Decimal | None = None
    amount_counts: bool = True
    whole_value: Decimal | None = None
    duration_months: int | None = None
    launched_on: date | None = None
    notified_on: date | None = None
    in_territory: bool | None = None
    structures: int | None = None
    buyer_kind: BuyerKind = BuyerKind.LOCAL
    social_clause: bool = False
    social_criterion: bool = False
    reserved: bool = False
    framework: bool = False
    defence: bool = False
    awarded: bool = False
    consideration_planned: bool = False
    derogation: DerogationCase | None = None
    derogation_reasons: str = ""

    @property
    def day(self) -> date:
        """The day that decides the law and the parameters: launch, else notification, else the screening."""
        return self.launched_on or self.notified_on or self.as_of


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The numbers of the calculation: those proposed by the parameters, or those a person chose."""

    formula: Formula = Formula.FINANCIAL
    amount: Decimal | None = None
    labour_share: Decimal = Decimal(0)
    effort: Decimal = Decimal(0)
    hourly_cost: Decimal = Decimal(1)
    duration_months: int | None = None
    transferred_staff_share: Decimal = Decimal(0)
    season_months: int = YEAR
    labour_hours: Decimal | None = None
    hours_per_10k: Decimal = Decimal(0)
    orders: tuple[Order, ...] = ()
    rounding: Rounding = Rounding.UNIT
    modality: Modality | None = None

    def calibrate(self) -> Calibration | FrameworkCalibration | None:
        """The hours these numbers give, None while one is missing. Raises `BadValue` for impossible ones."""
        if self.formula is Formula.FRAMEWORK:
            if not self.orders:
                return None
            return from_orders(orders=self.orders, hours_per_10k=self.hours_per_10k, rounding=self.rounding)
        if self.formula is Formula.LABOUR_HOURS:
            if self.labour_hours is None:
                return None
            return from_labour_hours(
                labour_hours=self.labour_hours,
                insertion_rate=self.effort,
                rounding=self.rounding,
                season_months=self.season_months,
            )
        if self.amount is None:
            return None
        if self.formula is Formula.COEFFICIENT:
            return from_coefficient(
                amount=self.amount, hours_per_10k=self.hours_per_10k, rounding=self.rounding
            )
        return from_amount(
            amount=self.amount,
            labour_share=self.labour_share,
            insertion_rate=self.effort,
            hourly_cost=self.hourly_cost,
            rounding=self.rounding,
            transferred_staff_share=self.transferred_staff_share,
            season_months=self.season_months,
        )


def assume(facts: LotFacts, parameters: Parameters, trade: TradeValues | None) -> Assumptions:
    """The numbers proposed for a lot: its facts, the figures of its trade, else those of the scheme."""
    share = trade.labour_share if trade else parameters.unknown_labour_share
    effort = trade.effort if trade and trade.effort is not None else parameters.effort
    cost = trade.hourly_cost if trade and trade.hourly_cost is not None else parameters.hourly_cost
    season = trade.season_months if trade and trade.season_months is not None else YEAR
    coefficient = trade.hours_per_10k if trade and trade.hours_per_10k is not None else None
    if coefficient is None:
        coefficient = (Decimal(10_000) * share * season / YEAR * effort / cost).quantize(
            Decimal("0.01"), ROUND_HALF_UP
        )
    return Assumptions(
        amount=facts.amount if facts.amount_counts else None,
        labour_share=share,
        effort=effort,
        hourly_cost=cost,
        duration_months=facts.duration_months,
        season_months=season,
        hours_per_10k=coefficient,
        rounding=parameters.rounding,
    )


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing the screening noticed, in words, with the points it gives or takes."""

    code: str
    words: Words
    points: int = 0
