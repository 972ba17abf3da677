"""What a breach of a clause may cost: hours missing, documents missing or late, cap; the working is kept.

Every figure comes from the signed contract: no amount has a default here. A penalty is computed to inform
a decision; nothing in this module decides it. Hours missing for a cause that the holder does not answer for
are deducted before anything is counted.

# source: insertion article of the CCAG of 2021 and usage of the particular documents, which set the amounts.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from relais.core.calibration import Step
from relais.core.money import EXACT, exact, hundredths
from relais.core.words import BadValue, Words, gettext_noop

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the signed contract says, in euros; none where it says nothing.

    `per_hour` for each missing hour, `per_unit` for each missing document or day late, `cap` for all the
    penalties of the clause.
    """

    per_hour: Decimal | None = None
    per_unit: Decimal | None = None
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """What was not done: hours, documents or days; `excused` are hours missing without the holder's fault."""

    hours: Decimal = ZERO
    excused: Decimal = ZERO
    units: int = 0


@dataclass(frozen=True, slots=True)
class Penalty:
    """The amount in euros, exact to the cent, with the working in words."""

    amount: Decimal
    hours: Decimal
    steps: tuple[Step, ...]

    def as_steps(self) -> list[dict[str, Any]]:
        return [step.as_dict() for step in self.steps]


def penalty(terms: Terms, missing: Missing, *, already: Decimal = ZERO) -> Penalty:
    """The penalty of a breach; `already` are those decided before under the same cap, in euros.

    Raises `BadValue` when a figure is negative, or when the contract sets no amount for what is missing.
    """
    hours, excused, before = hundredths(missing.hours), hundredths(missing.excused), hundredths(already)
    if min(hours, excused, before) < 0 or missing.units < 0:
        raise BadValue(
            gettext_noop("Missing hours, documents and days cannot be negative. Check the figures.")
        )
    charged = max(hours - excused, ZERO)
    steps, amount = _of_hours(terms, hours, min(excused, hours), charged)
    more, fixed = _of_units(terms, missing.units)
    steps += more
    whole = hundredths(EXACT.add(amount, fixed))
    if terms.cap is not None:
        capped, last = _capped(_amount(terms.cap), whole, before)
        return Penalty(capped, charged, tuple(steps + last))
    steps.append(Step(Words(gettext_noop("Penalty")), whole, "€"))
    return Penalty(whole, charged, tuple(steps))


def _of_hours(terms: Terms, hours: Decimal, excused: Decimal, charged: Decimal) -> tuple[list[Step], Decimal]:
    if not hours:
        return [], ZERO
    steps = [
        Step(Words(gettext_noop("Hours missing")), hours, "h"),
        Step(
            Words(gettext_noop("Hours missing for causes that the holder does not answer for")), -excused, "h"
        ),
        Step(Words(gettext_noop("Hours that the penalty counts")), charged, "h"),
    ]
    if terms.per_hour is None:
        if charged:
            raise BadValue(
                gettext_noop(
                    "The signed clause sets no penalty per missing hour: none can be proposed for hours."
                )
            )
        return steps, ZERO
    unit = _amount(terms.per_hour)
    amount = hundredths(EXACT.multiply(charged, unit))
    steps.append(Step(Words(gettext_noop("Penalty per missing hour, by the signed clause")), unit, "€/h"))
    steps.append(Step(Words(gettext_noop("Penalty for missing hours")), amount, "€"))
    return steps, amount


def _of_units(terms: Terms, units: int) -> tuple[list[Step], Decimal]:
    if not units:
        return [], ZERO
    if terms.per_unit is None:
        raise BadValue(
            gettext_noop(
                "The terms of the contract set no fixed sum per document or day: record them first, "
                "with the article that sets them."
            )
        )
    unit = _amount(terms.per_unit)
    amount = hundredths(EXACT.multiply(Decimal(units), unit))
    return [
        Step(Words(gettext_noop("Documents missing, or days late")), Decimal(units), ""),
        Step(Words(gettext_noop("Fixed sum for each, by the contract")), unit, "€"),
        Step(Words(gettext_noop("Penalty for documents or days")), amount, "€"),
    ], amount


def _capped(cap: Decimal, whole: Decimal, before: Decimal) -> tuple[Decimal, list[Step]]:
    left = max(cap - before, ZERO)
    amount = min(whole, left)
    steps = [
        Step(Words(gettext_noop("Before the cap")), whole, "€"),
        Step(Words(gettext_noop("Cap of the contract")), cap, "€"),
    ]
    if before:
        steps.append(Step(Words(gettext_noop("Penalties decided before, under the same cap")), before, "€"))
    steps.append(Step(Words(gettext_noop("Penalty")), amount, "€"))
    return amount, steps


def _amount(value: Decimal) -> Decimal:
    if exact(value) < 0:
        raise BadValue(gettext_noop("An amount of the contract cannot be negative. Check its terms."))
    return hundredths(value)
