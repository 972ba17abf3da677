from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.duty import DerogationCase, blocks_closing, derogation_cases, social_duty
from relais.core.regime import BuyerKind, Nature
from relais.core.thresholds import european_threshold

START = date(2026, 8, 21)
values = st.integers(0, 10**9).map(Decimal)
days = st.dates(date(2006, 9, 1), date(2030, 12, 31))


def duty(**changes):
    asked = {
        "launched_on": START,
        "estimated_value": Decimal(216_000),
        "nature": Nature.SERVICES,
        "buyer_kind": BuyerKind.LOCAL,
        "consideration_planned": False,
    }
    return social_duty(**(asked | changes))


@pytest.mark.parametrize(("shift", "applies"), [(-1, False), (0, True), (1, True)])
def test_the_duty_starts_on_21_august_2026(shift, applies):
    found = duty(launched_on=START + timedelta(shift))
    assert found.applies is applies
    assert bool(blocks_closing(found)) is not applies


@pytest.mark.parametrize(
    ("nature", "kind", "concession", "threshold"),
    [
        (Nature.SERVICES, BuyerKind.LOCAL, False, 216_000),
        (Nature.SUPPLIES, BuyerKind.CENTRAL, False, 140_000),
        (Nature.SERVICES, BuyerKind.UTILITY, False, 432_000),
        (Nature.WORKS, BuyerKind.LOCAL, False, 5_404_000),
        (Nature.SERVICES, BuyerKind.LOCAL, True, 5_404_000),
    ],
)
def test_the_duty_applies_from_the_threshold_itself(nature, kind, concession, threshold):
    asked = {"nature": nature, "buyer_kind": kind, "concession": concession}
    assert not duty(estimated_value=Decimal(threshold) - Decimal("0.01"), **asked).applies
    assert duty(estimated_value=Decimal(threshold), **asked).applies


def test_a_planned_consideration_meets_the_duty():
    found = duty(consideration_planned=True)
    assert found.applies
    assert found.satisfied
    assert blocks_closing(found)


def test_a_sheet_without_consideration_nor_reasons_stays_open():
    verdict = blocks_closing(duty())
    assert not verdict
    assert "choose a derogation case" in str(verdict.reason)


@pytest.mark.parametrize("written", ["", "   ", "\n"])
def test_a_derogation_needs_written_reasons(written):
    verdict = blocks_closing(duty(derogation=DerogationCase.NO_LINK, derogation_reasons=written))
    assert "Write the reasons" in str(verdict.reason)
    assert blocks_closing(duty(derogation=DerogationCase.NO_LINK, derogation_reasons="Software licence."))


def test_contracts_have_four_cases_and_concessions_two():
    works = derogation_cases(nature=Nature.WORKS, concession=False, duration_months=5)
    assert works == tuple(DerogationCase)
    assert derogation_cases(nature=Nature.WORKS, concession=True, duration_months=5) == (
        DerogationCase.NO_LINK,
        DerogationCase.RESTRICTS_COMPETITION,
    )


@pytest.mark.parametrize(
    ("nature", "months", "open_"),
    [
        (Nature.WORKS, 5, True),
        (Nature.WORKS, Decimal("5.99"), True),
        (Nature.WORKS, 6, False),
        (Nature.WORKS, None, True),
        (Nature.SERVICES, 5, False),
        (Nature.SUPPLIES, None, False),
    ],
)
def test_short_works_last_less_than_six_months(nature, months, open_):
    cases = derogation_cases(nature=nature, concession=False, duration_months=months)
    assert (DerogationCase.SHORT_WORKS in cases) is open_


def test_a_case_that_is_not_open_does_not_count():
    verdict = blocks_closing(duty(derogation=DerogationCase.SHORT_WORKS, derogation_reasons="Three months."))
    assert "not open to this contract" in str(verdict.reason)
    long_works = duty(
        nature=Nature.WORKS,
        estimated_value=Decimal(6_000_000),
        duration_months=18,
        derogation=DerogationCase.SHORT_WORKS,
        derogation_reasons="Fast.",
    )
    assert not long_works.satisfied


def test_a_missing_value_blocks_rather_than_frees():
    found = duty(estimated_value=None)
    assert not found.applies
    assert "estimated value is missing" in str(blocks_closing(found).reason)
    assert blocks_closing(duty(estimated_value=None, consideration_planned=True))
    assert blocks_closing(duty(estimated_value=None, launched_on=START - timedelta(1)))


def test_defence_is_left_out():
    assert blocks_closing(duty(defence=True))
    assert not duty(defence=True).applies


def test_a_negative_value_is_refused():
    with pytest.raises(ValueError, match="impossible"):
        duty(estimated_value=Decimal(-1))


def test_a_launch_beyond_the_known_revisions_says_so():
    reasons = " ".join(map(str, duty(launched_on=date(2028, 1, 1)).reasons))
    assert "not published yet" in reasons


@given(values, values, days, st.sampled_from(Nature), st.sampled_from(BuyerKind), st.booleans())
def test_a_larger_value_never_leaves_the_duty(low, high, day, nature, kind, concession):
    low, high = sorted((low, high))
    asked = {"launched_on": day, "nature": nature, "buyer_kind": kind, "concession": concession}
    assert duty(estimated_value=low, **asked).applies <= duty(estimated_value=high, **asked).applies


@given(values, days, st.sampled_from(Nature), st.sampled_from(BuyerKind), st.booleans(), st.booleans())
def test_the_duty_is_date_and_threshold_and_nothing_else(value, day, nature, kind, concession, planned):
    found = duty(
        estimated_value=value,
        launched_on=day,
        nature=nature,
        buyer_kind=kind,
        concession=concession,
        consideration_planned=planned,
    )
    above = value >= european_threshold(day, nature, kind, concession=concession).value
    assert found.applies is (day >= START and above)
    assert found.satisfied is (planned or not found.applies)
    assert found.reasons


def test_a_lot_alone_under_the_threshold_asks_for_the_whole():
    told = duty(estimated_value=Decimal(120_000), launched_on=date(2026, 10, 1), lot_alone=True)
    assert (told.applies, told.satisfied) == (False, True)
    assert "whole consultation" in told.reasons[0].text


@given(values)
def test_a_lot_alone_never_changes_whether_the_duty_applies(value):
    alone, whole = duty(estimated_value=value, lot_alone=True), duty(estimated_value=value)
    assert (alone.applies, alone.satisfied) == (whole.applies, whole.satisfied)
