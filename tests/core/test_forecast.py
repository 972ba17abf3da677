from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.forecast import forecast, supposed, weighed
from relais.core.forecast_trial import trial
from relais.core.months import Month, add_months
from relais.core.words import BadValue

START = date(2026, 1, 15)
months = st.integers(6, 40)
hours = st.lists(st.floats(0, 400, allow_nan=False), min_size=1, max_size=5)


def told(worked, owed, length, factor=1.0):
    known = {Month.of(START).shifted(step): factor * one for step, one in enumerate(worked)}
    return forecast(
        known,
        owed=owed * factor,
        starts_on=START,
        ends_on=add_months(START, length),
        known_until=Month.of(START).shifted(len(worked) - 1),
    )


@given(hours, st.floats(1, 20_000), months)
def test_the_band_is_in_order_and_agrees_with_the_probability(worked, owed, length):
    said = told(worked, owed, length)
    if said is None:
        assert sum(worked) >= owed
        return
    assert 0 <= said.miss <= 1
    assert 1 <= said.percent <= 99
    assert all(reach.low <= reach.middle <= reach.high for reach in said.reaches)
    assert all(one.low <= two.low + 1e-6 for one, two in zip(said.reaches, said.reaches[1:], strict=False))
    assert said.end.day == add_months(START, length)
    if abs(said.end.middle - owed) > 1e-6 * owed:
        assert (said.miss > 0.5) == (said.end.middle < owed)


@given(hours, st.floats(10, 20_000), months, st.sampled_from([0.5, 2.0, 10.0]))
def test_another_unit_of_time_changes_no_probability(worked, owed, length, factor):
    said, scaled = told(worked, owed, length), told(worked, owed, length, factor)
    assert (said is None) == (scaled is None)
    if said is not None:
        assert scaled.miss == pytest.approx(said.miss, abs=1e-6)


def test_faster_is_safer_and_a_slow_season_is_told():
    slow, fast = told([20] * 5, 1000, 12), told([110] * 5, 1000, 12)
    assert slow.miss > 0.9 > 0.2 > fast.miss
    assert any("slow" in str(words) for words in told([60] * 5, 1000, 7).drivers)
    assert "Few months" in str(told([60], 1000, 24).drivers[-1])


def test_a_late_start_is_not_a_rhythm():
    assert told([0, 0, 90, 90, 90], 1000, 14).rhythm == pytest.approx(
        told([90, 90, 90], 1000, 14).rhythm, rel=0.2
    )


def test_nothing_left_is_no_forecast_and_a_period_upside_down_is_refused():
    assert told([500, 500], 1000, 12) is None
    assert told([10] * 5, 1000, 4) is None
    with pytest.raises(BadValue):
        told([1], 10, -2)


def test_the_weights_of_a_year_are_those_of_twelve_months():
    law = supposed()
    assert len(law.season) == 12
    assert sum(law.season) / 12 == pytest.approx(1, abs=0.05)
    whole = weighed(date(2026, 1, 1), date(2026, 12, 31), law)
    assert sum(weight for _month, weight in whole) == pytest.approx(sum(law.season))


def test_on_simulated_contracts_it_beats_two_simple_rules_and_is_calibrated():
    found = trial(seed=1, number=600)
    assert found.brier < found.brier_straight < found.brier_base < found.brier_alerts
    assert 0.72 < found.in_band < 0.88
    assert all(abs(one.foretold - one.happened) < 0.25 for one in found.deciles if one.number >= 30)
    assert trial(seed=1, number=600) == found
