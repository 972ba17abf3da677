"""Calendar months: order, steps, bounds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.months import Month, add_months, days_from, days_of_overlap, months_between

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
steps = st.integers(-600, 600)
months = days.map(Month.of)


@given(months, steps, steps)
def test_steps_add_up_and_come_back(month, first, second):
    assert month.shifted(first).shifted(second) == month.shifted(first + second)
    assert month.shifted(first).shifted(-first) == month


@given(days, days)
def test_months_come_in_the_order_of_their_days(one, other):
    if one <= other:
        assert Month.of(one) <= Month.of(other)
    if Month.of(one) < Month.of(other):
        assert one < other


@given(months)
def test_a_month_holds_its_days_and_no_other(month):
    assert month.contains(month.first_day)
    assert month.contains(month.last_day)
    assert not month.contains(month.first_day - timedelta(days=1))
    assert month.last_day + timedelta(days=1) == month.next().first_day
    assert Month.parse(str(month)) == month


@given(months, st.integers(0, 200))
def test_the_months_between_two_are_each_told_once(month, count):
    found = months_between(month, month.shifted(count))
    assert len(found) == count + 1
    assert found == sorted(set(found))


@given(days, st.integers(0, 240))
def test_adding_months_keeps_the_day_or_the_last_of_a_shorter_month(day, count):
    later = add_months(day, count)
    assert Month.of(later) == Month.of(day).shifted(count)
    assert later.day == min(day.day, Month.of(later).length)


@given(days, st.integers(0, 400), days, st.integers(0, 400))
def test_the_overlap_is_that_of_the_days(start, length, other, other_length):
    end, other_end = start + timedelta(days=length), other + timedelta(days=other_length)
    shared = set(days_from(start, end)) & set(days_from(other, other_end))
    assert days_of_overlap(start, end, other, other_end) == len(shared)


@pytest.mark.parametrize("text", ["2026-13", "2026-0", "26-10", "2026-10-01", "", "octobre"])
def test_what_is_not_a_month_is_refused(text):
    with pytest.raises(ValueError):
        Month.parse(text)
