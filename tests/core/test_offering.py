"""What the offer allows: the published thresholds, and what holds for any numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.offering import Idea, Thresholds, capacity_share, dependency, idea, turnover_needed
from relais.core.words import BadValue

NATIONAL = Thresholds(whole=30, lot=10, clause=1, dependency=Decimal("0.3"))
WIDEST_FIRST = list(Idea)
numbers = st.integers(0, 200)
euros = st.decimals(1, 10_000_000, places=2)


@pytest.mark.parametrize(
    ("makers", "lenders", "expected"),
    [
        (30, 0, Idea.RESERVE_WHOLE),
        (29, 50, Idea.RESERVE_LOT),
        (10, 0, Idea.RESERVE_LOT),
        (9, 0, Idea.CLAUSE),
        (0, 1, Idea.CLAUSE),
        (0, 0, Idea.CRITERION),
    ],
)
def test_the_national_thresholds(makers: int, lenders: int, expected: Idea) -> None:
    assert idea(makers=makers, lenders=lenders, thresholds=NATIONAL) is expected


@given(numbers, numbers, numbers, numbers)
def test_more_structures_never_allow_less(makers: int, lenders: int, more: int, lent: int) -> None:
    before = idea(makers=makers, lenders=lenders, thresholds=NATIONAL)
    after = idea(makers=makers + more, lenders=lenders + lent, thresholds=NATIONAL)
    assert WIDEST_FIRST.index(after) <= WIDEST_FIRST.index(before)


@given(euros, st.integers(1, 120), euros)
def test_a_longer_contract_never_weighs_more_in_a_year(
    amount: Decimal, months: int, turnover: Decimal
) -> None:
    now = dependency(amount=amount, duration_months=months, turnover=turnover)
    longer = dependency(amount=amount, duration_months=months + 1, turnover=turnover)
    assert 0 <= longer <= now <= amount / turnover


@given(euros, st.integers(1, 60))
def test_the_turnover_needed_is_the_one_that_reaches_the_share(amount: Decimal, months: int) -> None:
    needed = turnover_needed(amount=amount, duration_months=months, share=NATIONAL.dependency)
    share = dependency(amount=amount, duration_months=months, turnover=needed)
    assert abs(share - NATIONAL.dependency) < Decimal("1e-12")


def test_hand_count() -> None:
    assert dependency(amount=Decimal(90_000), duration_months=36, turnover=Decimal(200_000)) == Decimal(
        "0.15"
    )


@given(st.integers(1, 100_000), st.integers(1, 120), st.integers(1, 500))
def test_more_places_or_a_longer_lot_never_take_a_larger_share(hours: int, months: int, places: int) -> None:
    given_hours = {"hours": Decimal(hours), "hours_of_place": Decimal(1607)}
    now = capacity_share(duration_months=months, places=places, **given_hours)
    assert capacity_share(duration_months=months + 1, places=places, **given_hours) <= now
    assert 0 < capacity_share(duration_months=months, places=places + 1, **given_hours) < now


def test_the_hours_of_two_places_for_a_year_are_all_they_have() -> None:
    share = capacity_share(
        hours=Decimal(6428), duration_months=24, places=2, hours_of_place=Decimal(1607)
    )  # 3,214 h a year, two places of 1,607 h
    assert share == 1


def test_impossible_figures_are_refused() -> None:
    with pytest.raises(BadValue):
        Thresholds(whole=5, lot=10, clause=1, dependency=Decimal("0.3"))
    with pytest.raises(BadValue):
        idea(makers=-1, lenders=0, thresholds=NATIONAL)
    with pytest.raises(BadValue):
        dependency(amount=Decimal(1), duration_months=1, turnover=Decimal(0))
    with pytest.raises(BadValue):
        turnover_needed(amount=Decimal(1), duration_months=1, share=Decimal(0))
    with pytest.raises(BadValue):
        capacity_share(hours=Decimal(1), duration_months=1, places=0, hours_of_place=Decimal(1607))
