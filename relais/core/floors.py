"""Is a clause worth writing? The least hours and the least duration of a scheme, told with the calculation.

# source: practice of facilitators (one or two weeks of work at least, three months at least), to verify. The
values are dated policies of each scheme, never constants.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from relais.core.calibration import Calibration, FrameworkCalibration, Step
from relais.core.money import exact
from relais.core.words import BadValue, Words, gettext_noop


@dataclass(frozen=True, slots=True)
class Floors:
    """Least hours of a clause, and least duration of performance in months, as in force on a day.

    Raises `BadValue` (a ValueError) when one is negative.
    """

    hours: Decimal
    months: Decimal

    def __post_init__(self) -> None:
        if exact(self.hours) < 0 or exact(self.months) < 0:
            raise BadValue(gettext_noop("A floor is impossible below zero. Enter hours and months from 0."))

    def missing_hours(self, hours: Decimal | None) -> Decimal:
        """Hours lacking to reach the floor; none when the hours are not known."""
        return Decimal(0) if hours is None else max(Decimal(0), self.hours - hours)

    def missing_months(self, months: int | None) -> Decimal:
        """Months lacking to reach the floor; none when the duration is not known."""
        return Decimal(0) if months is None else max(Decimal(0), self.months - months)


def told[Working: Calibration | FrameworkCalibration](
    calibration: Working, floors: Floors, *, months: int | None
) -> Working:
    """The same calculation with, in its working, each floor it stays under and by how much.

    Nothing is added when both floors are reached, or when what they measure is not known: no hour changes.
    """
    steps: list[Step] = []
    if lacking := floors.missing_hours(calibration.hours):
        steps.append(Step(Words(gettext_noop("Least hours of a clause, not reached")), floors.hours, "h"))
        steps.append(Step(Words(gettext_noop("Hours lacking")), lacking, "h"))
    if short := floors.missing_months(months):
        steps.append(Step(Words(gettext_noop("Least duration in months, not reached")), floors.months, ""))
        steps.append(Step(Words(gettext_noop("Months lacking")), short, ""))
    return replace(calibration, steps=(*calibration.steps, *steps)) if steps else calibration
