import json
from datetime import date
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.calibration import (
    Calibration,
    Formula,
    FrameworkCalibration,
    Order,
    Rounding,
    from_amount,
    from_coefficient,
    from_labour_hours,
    from_orders,
    rounded,
)

D = Decimal
amounts = st.integers(0, 10**11).map(lambda n: D(n).scaleb(-2))
shares = st.integers(0, 1000).map(lambda n: D(n).scaleb(-3))
costs = st.integers(1, 20_000).map(lambda n: D(n).scaleb(-2))
coefficients = st.integers(0, 10_000).map(lambda n: D(n).scaleb(-2))
orders = st.lists(st.builds(Order, st.dates(date(2008, 1, 1), date(2030, 12, 31)), amounts), max_size=12)
roundings = st.sampled_from(Rounding)


def hours(amount, labour, effort, cost, **more):
    return from_amount(
        amount=D(amount), labour_share=D(labour), insertion_rate=D(effort), hourly_cost=D(cost), **more
    ).hours


@pytest.mark.parametrize(
    ("amount", "labour", "effort", "cost", "asked"),
    [
        ("1000000", "0.50", "0.05", "30", 833),  # published by MEF Sud 77
        ("1500000", "0.70", "0.10", "30", 3500),  # inputs published by MDE Alès-Cévennes
        ("480000", "0.40", "0.07", "36", 373),  # plastering, by hand: 373.33
    ],
)
def test_published_examples(amount, labour, effort, cost, asked):
    assert hours(amount, labour, effort, cost) == asked


def test_the_working_shows_every_figure():
    found = from_amount(
        amount=D(1_500_000), labour_share=D("0.70"), insertion_rate=D("0.10"), hourly_cost=D(30)
    )
    shown = [(str(step.label), step.value, step.unit) for step in found.steps]
    assert shown == [
        ("Amount excluding tax", 1_500_000, "€"),
        ("Labour share", 70, "%"),
        ("Labour budget", 1_050_000, "€"),
        ("Hourly cost", 30, "€/h"),
        ("Labour hours", 35_000, "h"),
        ("Insertion effort", 10, "%"),
        ("Hours before rounding", 3_500, "h"),
        ("Hours asked", 3_500, "h"),
    ]


def test_staff_taken_over_leave_the_base():
    # 600,000 € of cleaning, 80 % labour, three quarters of it by staff taken over:
    # 120,000 € remain, 5 % of it at 25 €/h.
    found = from_amount(
        amount=D(600_000),
        labour_share=D("0.80"),
        insertion_rate=D("0.05"),
        hourly_cost=D(25),
        transferred_staff_share=D("0.75"),
    )
    assert found.hours == 240
    labels = {str(step.label): step.value for step in found.steps}
    assert labels["Labour of staff taken over"] == 75
    assert labels["Labour budget without staff taken over"] == 120_000


def test_nothing_is_asked_when_all_staff_is_taken_over():
    assert hours("600000", "0.8", "0.05", "25", transferred_staff_share=D(1)) == 0


@pytest.mark.parametrize(
    ("rounding", "asked"),
    [(Rounding.UNIT, 373), (Rounding.FIVE, 375), (Rounding.TEN, 370), (Rounding.WEEK, 385)],
)
def test_the_policy_chooses_the_step(rounding, asked):
    assert hours("480000", "0.40", "0.07", "36", rounding=rounding) == asked


def test_half_a_step_goes_up():
    assert rounded(D("2.5"), Rounding.UNIT) == 3
    assert rounded(D("17.5"), Rounding.WEEK) == 35
    assert rounded(D("17.49"), Rounding.WEEK) == 0


def test_labour_hours_and_coefficient():
    assert from_labour_hours(labour_hours=D(35_000), insertion_rate=D("0.10")).hours == 3_500
    assert from_labour_hours(labour_hours=D(1_010), insertion_rate=D("0.05")).unrounded == D("50.5")
    assert from_coefficient(amount=D(250_000), hours_per_10k=D("8.5")).unrounded == D("212.5")
    assert from_coefficient(amount=D(250_000), hours_per_10k=D("8.5")).hours == 213


def test_a_framework_rounds_once_a_year():
    found = from_orders(
        orders=[
            Order(date(2026, 12, 31), D(12_000)),
            Order(date(2026, 3, 1), D(12_000)),
            Order(date(2027, 1, 1), D(12_000)),
        ],
        hours_per_10k=D("7"),
    )
    assert [order.unrounded for order in found.orders] == [D("8.4")] * 3
    assert [(year.year, year.unrounded, year.hours) for year in found.years] == [
        (2026, D("16.8"), D(17)),
        (2027, D("8.4"), D(8)),
    ]
    assert found.hours == 25
    assert found.unrounded == D("25.2")
    assert "Orders of 2026 excluding tax" in [str(step.label) for step in found.steps]


def test_a_framework_without_orders_asks_nothing():
    assert from_orders(orders=[], hours_per_10k=D(7)).hours == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda: hours("-1", "0.5", "0.05", "30"),
        lambda: hours("100", "1.01", "0.05", "30"),
        lambda: hours("100", "50", "0.05", "30"),
        lambda: hours("100", "0.5", "-0.05", "30"),
        lambda: hours("100", "0.5", "0.05", "0"),
        lambda: hours("100", "0.5", "0.05", "-30"),
        lambda: hours("NaN", "0.5", "0.05", "30"),
        lambda: hours("100", "0.5", "0.05", "30", transferred_staff_share=D("1.1")),
        lambda: hours("100", "0.5", "0.05", "30", season_months=0),
        lambda: hours("100", "0.5", "0.05", "30", season_months=13),
        lambda: from_labour_hours(labour_hours=D(-1), insertion_rate=D("0.1")),
        lambda: from_coefficient(amount=D(100), hours_per_10k=D(-1)),
        lambda: from_coefficient(amount=D(-100), hours_per_10k=D(1)),
        lambda: from_orders(orders=[Order(date(2026, 1, 1), D(-5))], hours_per_10k=D(1)),
        lambda: from_coefficient(amount=1000.0, hours_per_10k=D(1)),
    ],
)
def test_impossible_inputs_are_refused_with_a_sentence(call):
    with pytest.raises(ValueError, match=r"\.$") as caught:
        call()
    assert str(caught.value.words)


@given(amounts, amounts, shares, shares, costs, shares, roundings)
def test_more_money_never_asks_fewer_hours(low, high, labour, effort, cost, transferred, rounding):
    low, high = sorted((low, high))
    more = {"rounding": rounding, "transferred_staff_share": transferred}
    assert hours(low, labour, effort, cost, **more) <= hours(high, labour, effort, cost, **more)


@given(amounts, shares, shares, shares, costs, costs)
def test_effort_raises_and_cost_lowers_the_hours(amount, labour, low, high, cheap, dear):
    low, high = sorted((low, high))
    cheap, dear = sorted((cheap, dear))
    assert (
        hours(amount, labour, low, dear)
        <= hours(amount, labour, high, dear)
        <= hours(amount, labour, high, cheap)
    )


@given(amounts, shares, shares, costs, shares, shares)
def test_taking_over_more_staff_never_asks_more(amount, labour, effort, cost, few, many):
    few, many = sorted((few, many))
    assert hours(amount, labour, effort, cost, transferred_staff_share=many) <= hours(
        amount, labour, effort, cost, transferred_staff_share=few
    )


@given(amounts, shares, shares, costs, shares, st.integers(1, 12), st.integers(1, 12))
def test_a_longer_season_never_asks_fewer_hours_nor_more_than_the_year(
    amount, labour, effort, cost, transferred, one, two
):
    kept = {"transferred_staff_share": transferred}
    short, long = (
        hours(amount, labour, effort, cost, season_months=months, **kept) for months in sorted((one, two))
    )
    assert short <= long <= hours(amount, labour, effort, cost, **kept)


@given(amounts, shares, shares, costs, shares, st.integers(1, 12))
def test_season_and_staff_taken_over_are_both_deducted_whatever_their_order(
    amount, labour, effort, cost, transferred, months
):
    whole = {"amount": amount, "labour_share": labour, "insertion_rate": effort, "hourly_cost": cost}
    both = from_amount(**whole, transferred_staff_share=transferred, season_months=months)
    plain = from_amount(**whole)
    with localcontext(prec=60):
        expected = plain.unrounded * (1 - transferred) * months / 12
    assert abs(both.unrounded - expected) < D("1e-6")


@given(amounts, shares, shares, costs, roundings)
def test_one_rounding_of_half_a_step_at_most(amount, labour, effort, cost, rounding):
    found = from_amount(
        amount=amount, labour_share=labour, insertion_rate=effort, hourly_cost=cost, rounding=rounding
    )
    assert abs(found.hours - found.unrounded) <= rounding.step / 2
    assert found.hours % rounding.step == 0
    assert found.steps[-1].value == found.hours
    assert found.steps[-2].value == found.unrounded


@given(amounts, shares, shares, costs)
def test_two_formulas_agree_on_the_same_work(amount, labour, effort, cost):
    by_amount = from_amount(amount=amount, labour_share=labour, insertion_rate=effort, hourly_cost=cost)
    with localcontext(prec=60):
        worked = amount * labour / cost
    by_hours = from_labour_hours(labour_hours=worked, insertion_rate=effort)
    assert abs(by_amount.unrounded - by_hours.unrounded) < D("1e-9")


@given(orders, coefficients, roundings, st.randoms())
def test_the_order_of_the_orders_changes_nothing(given_orders, coefficient, rounding, random):
    shuffled = random.sample(given_orders, len(given_orders))
    assert from_orders(orders=shuffled, hours_per_10k=coefficient, rounding=rounding) == from_orders(
        orders=given_orders, hours_per_10k=coefficient, rounding=rounding
    )


@given(orders, coefficients, roundings)
def test_a_framework_loses_no_hour_between_orders_and_years(given_orders, coefficient, rounding):
    found = from_orders(orders=given_orders, hours_per_10k=coefficient, rounding=rounding)
    assert sum(order.unrounded for order in found.orders) == found.unrounded
    assert sum(year.hours for year in found.years) == found.hours
    assert sum(year.amount for year in found.years) == sum(order.amount for order in given_orders)
    for year in found.years:
        assert abs(year.hours - year.unrounded) <= rounding.step / 2


@given(st.lists(amounts, min_size=1, max_size=6), coefficients)
def test_orders_of_one_year_equal_one_order_of_their_sum(given_amounts, coefficient):
    many = from_orders(
        orders=[Order(date(2026, 5, 1), amount) for amount in given_amounts], hours_per_10k=coefficient
    )
    assert many.hours == from_coefficient(amount=sum(given_amounts), hours_per_10k=coefficient).hours


@given(amounts, shares, shares, costs, shares, roundings)
def test_a_calibration_survives_json(amount, labour, effort, cost, transferred, rounding):
    found = from_amount(
        amount=amount,
        labour_share=labour,
        insertion_rate=effort,
        hourly_cost=cost,
        rounding=rounding,
        transferred_staff_share=transferred,
    )
    assert Calibration.from_dict(json.loads(json.dumps(found.as_dict()))) == found


@given(orders, coefficients, roundings)
def test_a_framework_survives_json(given_orders, coefficient, rounding):
    found = from_orders(orders=given_orders, hours_per_10k=coefficient, rounding=rounding)
    assert FrameworkCalibration.from_dict(json.loads(json.dumps(found.as_dict()))) == found


def test_names_are_words():
    assert str(Rounding.WEEK.words) == "to the nearest 35 h"
    assert all(str(formula.words) for formula in Formula)
