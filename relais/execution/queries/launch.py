"""The kick-off file of an obligation, as far as the actor reads it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Self

from relais.clauses.models import Correspondent, HoursPlan, Minutes, PlannedHours
from relais.core.months import Month, months_between
from relais.execution.models import Debtor, Obligation
from relais.kit.actor import Actor

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A month of the plan: its hours by trade, in the order of the trades, and their sum."""

    month: date
    hours: tuple[Decimal, ...]

    @property
    def total(self) -> Decimal:
        return sum(self.hours, ZERO)


@dataclass(frozen=True, slots=True)
class PlanTable:
    """The plan as a table: months down, trades across."""

    plan: HoursPlan
    trades: tuple[str, ...]
    rows: tuple[PlanRow, ...]

    @property
    def totals(self) -> list[Decimal]:
        return [sum((row.hours[rank] for row in self.rows), ZERO) for rank in range(len(self.trades))]

    @property
    def total(self) -> Decimal:
        return sum(self.totals, ZERO)

    def covering(self, starts_on: date, ends_on: date) -> Self:
        """The same with a row for each month of performance: those of an extension have no hour yet."""
        known = {row.month: row for row in self.rows}
        for month in months_between(Month.of(starts_on), Month.of(ends_on)):
            known.setdefault(month.first_day, PlanRow(month.first_day, (ZERO,) * len(self.trades)))
        return replace(self, rows=tuple(known[month] for month in sorted(known)))


@dataclass(frozen=True, slots=True)
class Launch:
    """What the kick-off file holds."""

    obligation: Obligation
    correspondents: tuple[Correspondent, ...]
    debtors: tuple[Debtor, ...]
    plan: PlanTable | None
    minutes: Minutes | None
    former: tuple[Minutes, ...]

    @property
    def plan_gap(self) -> Decimal:
        """Hours owed today that the plan does not count; negative when it counts too many."""
        return ZERO if self.plan is None else self.obligation.owed - self.plan.total


def launch_of(obligation: Obligation, actor: Actor) -> Launch:
    """The file, in four queries."""
    clause = obligation.clause
    correspondents = (
        Correspondent.objects.visible_to(actor).named().filter(clause=clause).select_related("organisation")
    )
    debtors = Debtor.objects.visible_to(actor).filter(obligation=obligation).select_related("organisation")
    minutes = list(Minutes.objects.visible_to(actor).filter(clause=clause).select_related("recorded_by"))
    return Launch(
        obligation,
        tuple(correspondents),
        tuple(debtors),
        plan_of(obligation, actor),
        next((one for one in minutes if one.replaced_at is None), None),
        tuple(one for one in minutes if one.replaced_at is not None),
    )


def plan_of(obligation: Obligation, actor: Actor) -> PlanTable | None:
    """The plan kept, as a table; none when there is none, or when the actor does not read it."""
    plans = HoursPlan.objects.visible_to(actor).filter(clause_id=obligation.clause_id)
    lines = list(
        PlannedHours.objects.filter(plan__in=plans).select_related("plan").order_by("month", "trade")
    )
    return table_of(lines[0].plan, lines) if lines else None


def table_of(plan: HoursPlan, lines: Sequence[PlannedHours]) -> PlanTable:
    trades = tuple(sorted({line.trade for line in lines}))
    hours = {(line.month, line.trade): line.hours for line in lines}
    months = sorted({line.month for line in lines})
    rows = tuple(
        PlanRow(month, tuple(hours.get((month, trade), ZERO) for trade in trades)) for month in months
    )
    return PlanTable(plan, trades, rows)
