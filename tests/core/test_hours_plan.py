from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.hours_plan import spread, sum_verdict
from relais.core.months import Month
from relais.core.words import BadValue

D = Decimal
START = date(2026, 1, 15)
totals = st.integers(0, 10_000_000).map(lambda n: D(n).scaleb(-2))
ends = st.integers(0, 1600).map(lambda days: START + timedelta(days))
shares = st.dictionaries(
    st.sampled_from(["maçonnerie", "peinture", "espaces verts"]), st.integers(1, 100).map(D), min_size=1
)
years = st.lists(totals, max_size=5)


@given(totals, ends, shares, years)
def test_the_plan_adds_up_to_what_is_owed_whatever_the_rounding(total, ends_on, trades, told):
    plan = spread(total, START, ends_on, trades=trades, years=told)
    assert sum(line.hours for line in plan) == total
    assert sum_verdict([line.hours for line in plan], total)
    assert all(line.hours >= 0 for line in plan)


@given(totals, ends, shares)
def test_the_plan_holds_each_month_of_performance_and_each_trade_once(total, ends_on, trades):
    plan = spread(total, START, ends_on, trades=trades)
    keys = [(line.month, line.trade) for line in plan]
    assert keys == sorted(set(keys))
    assert {month for month, _ in keys} == {
        Month.of(START + timedelta(days)) for days in range((ends_on - START).days + 1)
    }


@given(totals, ends, shares, st.integers(2, 9))
def test_shares_in_another_unit_give_the_same_plan(total, ends_on, trades, factor):
    scaled = {trade: share * factor for trade, share in trades.items()}
    assert spread(total, START, ends_on, trades=trades) == spread(total, START, ends_on, trades=scaled)


@given(st.lists(totals, min_size=2, max_size=4).filter(any))
def test_years_told_are_the_years_planned(told):
    ends_on = date(START.year + len(told), 1, 14)
    plan = spread(sum(told), START, ends_on, trades={"peinture": D(1)}, years=told)
    before = sum(line.hours for line in plan if line.month < Month(2027, 1))
    assert before <= told[0] <= before + sum(line.hours for line in plan if line.month == Month(2027, 1))


def test_a_year_told_beyond_the_end_is_left_out():
    plan = spread(D(100), START, START + timedelta(30), trades={"a": D(1)}, years=[D(0), D(50)])
    assert sum(line.hours for line in plan) == 100


@pytest.mark.parametrize(
    "fields",
    [
        {"ends_on": START - timedelta(1)},
        {"trades": {}},
        {"trades": {"a": D(0)}},
        {"trades": {"a": D(-1), "b": D(2)}},
        {"total": D(-1)},
    ],
)
def test_a_plan_that_cannot_be_is_refused(fields):
    known = {"total": D(100), "starts_on": START, "ends_on": date(2026, 6, 30), "trades": {"a": D(1)}}
    with pytest.raises(BadValue):
        spread(**{**known, **fields})


@pytest.mark.parametrize(("hours", "gap"), [("99.99", "0.01 h are missing"), ("100.01", "0.01 h too many")])
def test_a_plan_that_does_not_count_what_is_owed_says_by_how_much(hours, gap):
    assert gap in str(sum_verdict([D(hours)], D(100)).reason)
