"""Measures of a ranking, folds by group, intervals: what must hold whatever the figures."""

import math
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from relais.core.evaluation import (
    auc_within,
    brier,
    calibration_error,
    difference,
    folds,
    interval,
    precision_at,
    reliability,
    resamples,
    roc_auc,
)

CASES = st.lists(st.tuples(st.integers(-20, 20), st.booleans()), min_size=1, max_size=60)
CHANCES = st.lists(
    st.tuples(st.integers(0, 20).map(lambda n: n / 20), st.booleans()), min_size=1, max_size=60
)
GROUPED = st.lists(st.tuples(st.sampled_from("abcdefghij"), st.booleans()), min_size=2, max_size=80)


def split(rows):
    return [row[0] for row in rows], [row[1] for row in rows]


def test_the_area_counts_the_pairs_won():
    assert roc_auc([1, 2, 3, 4], [False, False, True, True]) == 1
    assert roc_auc([1, 2, 3, 4], [False, True, False, True]) == 0.75
    assert roc_auc([5, 5, 5], [True, False, False]) == 0.5
    assert roc_auc([1, 2], [True, True]) is None
    assert roc_auc([], []) is None


@given(CASES)
def test_the_area_is_the_mean_over_all_pairs(rows):
    scores, labels = split(rows)
    ups = [score for score, label in rows if label]
    downs = [score for score, label in rows if not label]
    assume(ups and downs)
    won = sum((up > down) + (up == down) / 2 for up in ups for down in downs)
    assert roc_auc(scores, labels) == pytest.approx(won / len(ups) / len(downs))


@given(CASES)
def test_the_area_looks_at_the_order_alone(rows):
    scores, labels = split(rows)
    assert roc_auc([math.exp(score / 4) for score in scores], labels) == roc_auc(scores, labels)


@given(CASES)
def test_one_group_alone_has_the_whole_area(rows):
    scores, labels = split(rows)
    assert auc_within(scores, labels, ["one"] * len(rows)) == pytest.approx(roc_auc(scores, labels))
    assert auc_within(scores, labels, range(len(rows))) is None


def test_habits_of_groups_do_not_count_within_them():
    scores, labels, groups = [9, 8, 1, 2], [True, True, False, True], "aabb"
    assert roc_auc(scores, labels) == 1
    assert auc_within(scores, labels, groups) == 1
    assert auc_within([9, 8, 2, 1], labels, groups) == 0


@given(CASES)
def test_the_other_way_round_loses_what_this_one_wins(rows):
    scores, labels = split(rows)
    area = roc_auc(scores, labels)
    assume(area is not None)
    assert roc_auc([-score for score in scores], labels) == pytest.approx(1 - area)


@given(CASES, st.sampled_from([0.01, 0.1, 0.5, 1.0]), st.randoms())
def test_the_precision_at_the_top_is_a_share_that_no_order_of_rows_changes(rows, share, shuffler):
    scores, labels = split(rows)
    found = precision_at(scores, labels, share)
    assert 0 <= found <= 1
    shuffler.shuffle(rows)
    assert precision_at(*split(rows), share) == pytest.approx(found)
    assert precision_at(scores, labels, 1.0) == pytest.approx(sum(labels) / len(labels))


def test_ties_at_the_edge_get_the_mean_of_all_draws():
    scores, labels = [9, 5, 5, 5, 1], [True, True, False, False, False]
    draws = [sum(labels[at] for at in (0, *order[:1])) / 2 for order in permutations((1, 2, 3))]
    assert precision_at(scores, labels, 0.4) == pytest.approx(sum(draws) / len(draws))


def test_a_top_share_is_a_share():
    with pytest.raises(ValueError, match="between 0 and 1"):
        precision_at([1], [True], 0)


@given(CHANCES)
def test_errors_of_chances_lie_between_nothing_and_one(rows):
    chances, labels = split(rows)
    assert 0 <= brier(chances, labels) <= 1
    assert 0 <= calibration_error(chances, labels) <= 1 + 1e-12
    assert calibration_error(chances, labels) ** 2 <= brier(chances, labels) + 1e-9
    told = [float(label) for label in labels]
    assert brier(told, labels) == calibration_error(told, labels) == 0


@given(CHANCES)
def test_saying_the_share_for_all_is_calibrated_and_knows_nothing(rows):
    _chances, labels = split(rows)
    share = sum(labels) / len(labels)
    assert calibration_error([share] * len(labels), labels) == pytest.approx(0, abs=1e-9)
    assert brier([share] * len(labels), labels) == pytest.approx(share * (1 - share))


@given(CHANCES)
def test_every_case_falls_into_one_band(rows):
    chances, labels = split(rows)
    bands = reliability(chances, labels, [0, 0.25, 0.5, 1])
    assert sum(band.cases for band in bands) == len(rows)
    assert sum(band.happened * band.cases for band in bands) == pytest.approx(sum(labels))
    assert all(band.low - 1e-9 <= band.told <= band.high + 1e-9 for band in bands)


def test_bands_say_what_is_wrong_with_them():
    with pytest.raises(ValueError, match="go up"):
        reliability([0.5], [True], [1, 0])
    with pytest.raises(ValueError, match="outside"):
        reliability([2.0], [True], [0, 1])


@given(GROUPED, st.integers(2, 5), st.integers(0, 3))
def test_folds_keep_groups_whole_and_follow_the_seed(rows, count, seed):
    groups, labels = split(rows)
    assume(len(set(groups)) >= count)
    dealt = folds(groups, labels, count, seed)
    assert len({(group, fold) for group, fold in zip(groups, dealt, strict=True)}) == len(set(groups))
    assert set(dealt) == set(range(count))
    assert dealt == folds(groups, labels, count, seed)


@given(st.integers(2, 5), st.integers(5, 12), st.integers(0, 9))
def test_groups_of_one_size_are_dealt_evenly(count, number, seed):
    groups = [group for group in range(number) for _ in range(3)]
    dealt = folds(groups, [False] * len(groups), count, seed)
    sizes = [dealt.count(fold) for fold in range(count)]
    assert max(sizes) - min(sizes) <= 3


def test_events_are_spread_over_the_folds():
    groups = list(range(20))
    labels = [group < 4 for group in groups]
    dealt = folds(groups, labels, 4, 1)
    assert {dealt[at] for at in range(4)} == {0, 1, 2, 3}


def test_folds_need_enough_groups():
    with pytest.raises(ValueError, match="2 groups cannot make 5 folds"):
        folds(["a", "b", "b"], [True, False, True], 5, 1)


@given(GROUPED, st.integers(0, 5))
def test_a_draw_takes_groups_whole(rows, seed):
    groups, _labels = split(rows)
    for drawn in resamples(groups, 3, seed):
        times = {at: drawn.count(at) for at in range(len(groups))}
        assert all(times[one] == times[two] for one in times for two in times if groups[one] == groups[two])


def test_an_interval_surrounds_the_measure_and_a_sure_difference_is_above_zero():
    groups = [at % 25 for at in range(200)]
    labels = [at % 4 == 0 for at in range(200)]
    good = [label * 2 + at % 3 for at, label in enumerate(labels)]
    flat = [0.0] * 200
    drawn = list(resamples(groups, 200, 1))
    found = interval(roc_auc, good, labels, drawn)
    assert found.low <= roc_auc(good, labels) <= found.high
    assert difference(roc_auc, good, flat, labels, drawn).above_zero
    assert difference(roc_auc, good, good, labels, drawn).low == 0
    assert interval(roc_auc, [1.0], [True], [[0]]) is None


def test_values_and_labels_go_together():
    with pytest.raises(ValueError, match="2 values for 1 labels"):
        roc_auc([1, 2], [True])
