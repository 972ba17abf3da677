from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.calibration import Order, from_amount, from_orders
from relais.core.floors import Floors, told
from tests.core.test_calibration import amounts, coefficients, costs, orders, shares

D = Decimal
floors = st.builds(Floors, st.integers(0, 500).map(D), st.integers(0, 24).map(D))
durations = st.none() | st.integers(0, 60)


def calibrated(amount, labour, effort, cost):
    return from_amount(amount=amount, labour_share=labour, insertion_rate=effort, hourly_cost=cost)


@given(amounts, shares, shares, costs, floors, durations)
def test_a_floor_tells_what_lacks_and_changes_no_hour(amount, labour, effort, cost, least, months):
    found = calibrated(amount, labour, effort, cost)
    shown = told(found, least, months=months)
    assert (shown.hours, shown.unrounded) == (found.hours, found.unrounded)
    assert shown.steps[: len(found.steps)] == found.steps
    below = (found.hours < least.hours) + (months is not None and months < least.months)
    assert len(shown.steps) - len(found.steps) == 2 * below


@given(amounts, shares, shares, costs, floors, durations)
def test_hours_and_what_lacks_reach_the_floor_exactly(amount, labour, effort, cost, least, months):
    hours = calibrated(amount, labour, effort, cost).hours
    assert max(hours, least.hours) == hours + least.missing_hours(hours)
    if months is not None:
        assert max(D(months), least.months) == months + least.missing_months(months)


@given(orders, coefficients, floors)
def test_the_orders_of_a_framework_have_floors_too(given_orders, coefficient, least):
    found = from_orders(orders=given_orders, hours_per_10k=coefficient)
    assert (told(found, least, months=12).steps == found.steps) == (
        found.hours >= least.hours and least.months <= 12
    )


def test_what_is_not_known_is_not_held_against_the_lot():
    least = Floors(hours=D(35), months=D(3))
    assert (least.missing_hours(None), least.missing_months(None)) == (0, 0)


def test_one_hour_less_than_the_floor_is_said():
    found = from_orders(orders=[Order(date(2026, 1, 1), D(34_000))], hours_per_10k=D(10))
    shown = told(found, Floors(hours=D(35), months=D(0)), months=None)
    assert [(str(step.label), step.value) for step in shown.steps[-2:]] == [
        ("Least hours of a clause, not reached", 35),
        ("Hours lacking", 1),
    ]


@pytest.mark.parametrize("values", [{"hours": D(-1), "months": D(3)}, {"hours": D(35), "months": D(-1)}])
def test_a_negative_floor_is_refused_with_a_sentence(values):
    with pytest.raises(ValueError, match=r"\.$"):
        Floors(**values)
