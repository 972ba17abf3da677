from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.dated import Dated
from relais.core.months import Month, add_months, days_from, days_of_overlap, months_between
from relais.core.words import BadValue

days = st.dates(date(2000, 1, 1), date(2040, 12, 31))
month_numbers = st.builds(Month, st.integers(2000, 2040), st.integers(1, 12))


def test_a_value_holds_until_the_next_one_starts():
    hourly = Dated({date(2020, 1, 1): 30, date(2024, 1, 1): 36}, source="circular")
    assert [hourly.at(day) for day in (date(2020, 1, 1), date(2023, 12, 31), date(2024, 1, 1))] == [
        30,
        30,
        36,
    ]
    assert hourly.start_of(date(2023, 6, 1)) == date(2020, 1, 1)


def test_a_day_before_the_first_value_is_an_error_that_helps():
    with pytest.raises(LookupError, match=r"2019-12-31.*circular.*add the missing value"):
        Dated({date(2020, 1, 1): 30}, source="circular").at(date(2019, 12, 31))


@given(st.dictionaries(days, st.integers(), min_size=1), days)
def test_the_value_in_force_never_starts_after_the_day(values, day):
    table = Dated(values, source="law")
    if day < min(values):
        with pytest.raises(LookupError):
            table.at(day)
    else:
        start = table.start_of(day)
        assert start <= day
        assert not [other for other in values if start < other <= day]
        assert table.at(day) == values[start]


@given(month_numbers)
def test_months_write_read_and_step_back(month):
    assert Month.parse(str(month)) == month
    assert month.next().previous() == month
    assert month.previous() < month < month.next()
    assert month.last_day + timedelta(1) == month.next().first_day
    assert (month.last_day - month.first_day).days + 1 == month.length


@given(days)
def test_a_month_contains_its_days(day):
    month = Month.of(day)
    assert month.contains(day)
    assert month.first_day <= day <= month.last_day
    assert not month.next().contains(day)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-1", "26-10", "2026/10", "", "2026-10-01", "٢٠٢٦-10"]
)
def test_what_is_not_a_month_is_refused(text):
    with pytest.raises(BadValue, match="is not a month"):
        Month.parse(text)


@given(month_numbers, st.integers(0, 60))
def test_months_between_are_consecutive(first, count):
    found = months_between(first, first.shifted(count))
    assert len(found) == count + 1
    assert all(a.next() == b for a, b in pairwise(found))
    assert months_between(first, first.previous()) == []


def test_a_leap_day_belongs_to_february():
    assert Month(2024, 2).last_day == date(2024, 2, 29)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 3, 15), -3) == date(2025, 12, 15)


@given(days, days, days, days)
def test_overlap_is_symmetric_and_counts_shared_days(a, b, c, d):
    first, second = sorted((a, b)), sorted((c, d))
    shared = days_of_overlap(*first, *second)
    assert shared == days_of_overlap(*second, *first)
    longest = min((first[1] - first[0]).days, (second[1] - second[0]).days) + 1
    assert 0 <= shared <= longest
    assert days_of_overlap(*first, *first) == len(days_from(*first))


def test_neighbours_share_no_day():
    assert days_of_overlap(date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28)) == 0
    assert days_of_overlap(date(2026, 1, 1), date(2026, 1, 31), date(2026, 1, 31), date(2026, 2, 28)) == 1
