"""Comparison of lots: hand counts, and what holds for any figures."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.comparison import (
    Likeness,
    Quarter,
    amount_likeness,
    cpv_likeness,
    hours_interval,
    quarters_between,
    quartiles,
    rarity,
    realised,
    spread_hours,
    text_likeness,
    words_of,
)
from relais.core.words import BadValue

D = Decimal
SAMPLE = ["peinture", "lycee", "facade", "ecole", "toiture", "jardin", "nettoyage"]
texts = st.frozensets(st.sampled_from(SAMPLE))
hours = st.decimals(0, 100_000, places=2)
euros = st.decimals(1, 10_000_000, places=2)
days = st.dates(date(2008, 1, 1), date(2035, 12, 31))


@given(st.lists(texts, max_size=10), texts, texts)
def test_likeness_of_texts_is_symmetric_bounded_and_whole_on_itself(known, one, other) -> None:
    weights = rarity([*known, one, other])
    found = text_likeness(one, other, weights)
    assert 0 <= found <= 1
    assert found == pytest.approx(text_likeness(other, one, weights))
    assert text_likeness(one, one, weights) == (pytest.approx(1) if one else 0)
    if not one & other:
        assert found == 0


@given(st.lists(texts, min_size=1, max_size=10))
def test_every_word_weighs_and_a_rarer_one_more(known) -> None:
    weights = rarity(known)
    assert all(weight > 0 for weight in weights.values())
    numbers = {word: sum(word in text for text in known) for word in weights}
    for one in weights:
        for other in weights:
            if numbers[one] < numbers[other]:
                assert weights[one] > weights[other]


def test_words_that_tell_nothing_are_left_out() -> None:
    assert words_of(" lot 8 peinture du lycee de nancy ") == {"peinture", "lycee", "nancy"}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("45442100", "45442200", 1.0),
        ("45442100", "45443000", 0.8),
        ("45442100", "45410000", 0.6),
        ("45442100", "45112700", 0.4),
        ("45442100", "90910000", 0.0),
        ("", "", 0.0),
    ],
)
def test_cpv_codes_are_alike_by_the_digits_they_share(one: str, other: str, expected: float) -> None:
    assert cpv_likeness(one, other) == expected


@given(euros, euros)
def test_amounts_are_alike_both_ways(one: Decimal, other: Decimal) -> None:
    found = amount_likeness(one, other)
    assert 0 < found <= 1.0000001
    assert found == pytest.approx(amount_likeness(other, one))
    assert amount_likeness(one, one) == 1


def test_a_double_amount_is_half_alike_and_an_unknown_one_is_not() -> None:
    assert amount_likeness(D(100), D(200)) == pytest.approx(0.5)
    assert amount_likeness(None, D(200)) == 0


def test_the_whole_likeness_is_one_for_the_same_lot() -> None:
    assert Likeness(1, 1, 1, 1).score == pytest.approx(1)
    assert Likeness(0, 0, 0, 0).score == 0


@given(st.lists(hours, min_size=4, max_size=40), st.randoms())
def test_quartiles_are_in_order_inside_the_values_and_ignore_the_order(values, random) -> None:
    found = quartiles(values)
    assert found is not None
    assert min(values) <= found.low <= found.middle <= found.high <= max(values)
    assert quartiles(random.sample(values, len(values))) == found


@given(st.lists(hours, max_size=3))
def test_three_values_make_no_spread(values) -> None:
    assert quartiles(values) is None


def test_an_interval_counted_by_hand() -> None:
    found = hours_interval([D(10), D(20), D(30), D(40), D(50)], D(120_000))
    assert found is not None
    assert (found.low, found.middle, found.high, found.count) == (D(240), D(360), D(480), 5)
    assert hours_interval([D(10)] * 5, None) is None


@given(st.lists(st.tuples(hours, hours), max_size=20), hours)
def test_what_is_realised_sums_what_was_committed(closed, asked) -> None:
    found = realised(closed)
    counted = [row for row in closed if row[0] > 0]
    if len(counted) < 4:
        assert found is None
        return
    assert found is not None
    assert found.count == len(counted)
    assert found.share * found.committed == pytest.approx(found.done)
    assert found.expected(asked) >= 0


def test_eighty_six_per_cent() -> None:
    found = realised([(D(100), D(86))] * 12)
    assert found is not None
    assert (found.count, found.share, found.expected(D(373))) == (12, D("0.86"), D(321))


@given(hours, days, st.integers(0, 2_000))
def test_spread_hours_add_up_and_stay_in_their_period(total, first, length) -> None:
    last = first + timedelta(length)
    parts = spread_hours(total, first, last)
    assert sum(parts.values()) == total
    assert all(part >= 0 for part in parts.values())
    assert list(parts) == quarters_between(Quarter.of(first), Quarter.of(last))


@given(days, st.integers(-40, 40))
def test_quarters_follow_each_other(day, step) -> None:
    quarter = Quarter.of(day)
    assert quarter.first_day <= day <= quarter.last_day
    assert quarter.shifted(step).shifted(-step) == quarter
    assert quarter.shifted(1).first_day - quarter.last_day == timedelta(1)


def test_a_period_backwards_is_refused() -> None:
    with pytest.raises(BadValue):
        spread_hours(D(1), date(2026, 2, 1), date(2026, 1, 1))
