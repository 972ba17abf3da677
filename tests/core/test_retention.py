"""The clocks of a person's file."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relais.core.retention import CLOCKS, Life, Stage, due, together

ON = date(2026, 6, 1)


def test_every_clock_has_its_source_and_the_usage_is_not_said_verified():
    assert all(clock.source for clock in CLOCKS.values())
    assert CLOCKS["active_months"].verified
    assert not CLOCKS["evidence_months"].verified


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (date(2026, 4, 1), Stage.IN_USE),
        (date(2026, 4, 2), Stage.WARNED),
        (date(2026, 5, 31), Stage.WARNED),
        (date(2026, 6, 1), Stage.TO_ARCHIVE),
        (date(2029, 5, 31), Stage.TO_ARCHIVE),
        (date(2029, 6, 1), Stage.TO_ANONYMISE),
    ],
)
def test_two_years_in_use_then_evidence_until_five_years_after_the_contract(day, stage):
    assert due(Life(date(2023, 1, 1), date(2024, 6, 1)), ON).stage(day) == stage


def test_somebody_never_hired_leaves_no_evidence():
    found = due(Life(date(2024, 6, 1)), ON)
    assert found.archive_on == found.anonymise_on == date(2026, 6, 1)


def test_an_extension_puts_the_archive_off_to_the_day_after_it():
    found = due(Life(date(2024, 6, 1), None, date(2026, 12, 31)), ON)
    assert found.archive_on == found.anonymise_on == date(2027, 1, 1)


days = st.dates(date(2010, 1, 1), date(2030, 12, 31))
lives = st.builds(Life, days, st.none() | days, st.none() | days)


@settings(max_examples=50)
@given(st.lists(lives, min_size=1, max_size=4))
def test_no_record_of_a_person_is_due_before_any_other(some):
    whole = due(together(some), ON)
    assert all(whole.archive_on >= due(life, ON).archive_on for life in some)
    assert whole.warn_on < whole.archive_on <= whole.anonymise_on
    assert whole.archive_on - whole.warn_on == timedelta(60)
