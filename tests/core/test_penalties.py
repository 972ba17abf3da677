from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.penalties import Missing, Terms, penalty
from relais.core.words import BadValue

D = Decimal
figures = st.integers(0, 1_000_000).map(lambda n: D(n).scaleb(-2))
units = st.integers(0, 100)
missing = st.builds(Missing, figures, figures, units)
terms = st.builds(Terms, figures, figures, st.none() | figures)


@given(terms, missing, figures)
def test_no_penalty_is_below_zero_nor_goes_over_what_the_cap_leaves(terms, missing, already):
    found = penalty(terms, missing, already=already)
    assert found.amount >= 0
    assert found.steps[-1].value == found.amount
    if terms.cap is not None:
        assert found.amount <= max(terms.cap - already, 0)


@given(terms, missing, figures)
def test_an_excused_hour_never_costs_and_each_one_lowers_the_penalty(terms, missing, more):
    found = penalty(terms, missing)
    easier = penalty(terms, Missing(missing.hours, missing.excused + more, missing.units))
    assert easier.amount <= found.amount
    assert found.hours == max(missing.hours - missing.excused, 0)


@given(figures, figures, units, figures)
def test_the_amount_is_that_of_the_formula_to_the_cent(hours, unit, count, each):
    found = penalty(Terms(unit, each), Missing(hours, units=count))
    assert found.amount == (hours * unit).quantize(D("0.01"), "ROUND_HALF_UP") + count * each


def test_the_working_tells_each_figure():
    found = penalty(Terms(D(45), D(100), D(5000)), Missing(D(140), D(20), 2), already=D(600))
    assert found.amount == D(4400)
    assert [(str(step.label), step.value, step.unit) for step in found.steps] == [
        ("Hours missing", D(140), "h"),
        ("Hours missing for causes that the holder does not answer for", D(-20), "h"),
        ("Hours that the penalty counts", D(120), "h"),
        ("Penalty per missing hour, by the signed clause", D(45), "€/h"),
        ("Penalty for missing hours", D(5400), "€"),
        ("Documents missing, or days late", D(2), ""),
        ("Fixed sum for each, by the contract", D(100), "€"),
        ("Penalty for documents or days", D(200), "€"),
        ("Before the cap", D(5600), "€"),
        ("Cap of the contract", D(5000), "€"),
        ("Penalties decided before, under the same cap", D(600), "€"),
        ("Penalty", D(4400), "€"),
    ]


@pytest.mark.parametrize(
    ("terms", "missing", "reason"),
    [
        (Terms(), Missing(D(1)), "no penalty per missing hour"),
        (Terms(D(45)), Missing(units=1), "no fixed sum"),
        (Terms(D(45)), Missing(D(-1)), "cannot be negative"),
        (Terms(D(45)), Missing(D(1), units=-1), "cannot be negative"),
        (Terms(D(-45)), Missing(D(1)), "cannot be negative"),
        (Terms(D(45), cap=D(-1)), Missing(D(1)), "cannot be negative"),
    ],
)
def test_what_the_contract_does_not_set_is_never_guessed(terms, missing, reason):
    with pytest.raises(BadValue, match=reason):
        penalty(terms, missing)


def test_hours_wholly_excused_need_no_unit_penalty():
    assert penalty(Terms(), Missing(D(10), D(12))).amount == 0
