"""The small regression: it finds what is there, and says how each value counts."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.logistic import fit, sigmoid


def drawn(weights: tuple[float, ...], count: int = 3000):
    draw = random.Random(4)
    rows = [tuple(draw.gauss(0, 1) for _ in weights) for _ in range(count)]
    labels = [
        draw.random() < sigmoid(-1 + sum(v * w for v, w in zip(row, weights, strict=True))) for row in rows
    ]
    return rows, labels


def test_it_finds_the_weights_that_made_the_cases():
    rows, labels = drawn((1.5, -0.8, 0.0))
    found = fit(rows, labels, ridge=1e-6)
    slopes = [weight / scale for weight, scale in zip(found.weights, found.scales, strict=True)]
    assert slopes == pytest.approx([1.5, -0.8, 0.0], abs=0.2)


def test_the_mean_chance_is_the_share_of_the_event():
    rows, labels = drawn((0.7, 0.2), 400)
    found = fit(rows, labels, ridge=3)
    assert sum(map(found.chance, rows)) == pytest.approx(sum(labels), abs=1e-6)


@given(st.lists(st.integers(-5, 5), min_size=4, max_size=30), st.sampled_from([0.5, 2.0, 20.0]))
def test_a_value_that_splits_the_classes_keeps_finite_weights(values, ridge):
    rows = [(float(value), 1.0) for value in [*values, -6, 6]]
    found = fit(rows, [row[0] > 0 for row in rows], ridge=ridge)
    assert abs(found.weights[0]) < 100
    assert found.weights[1] == pytest.approx(0)
    assert 0 < found.chance((-6.0, 1.0)) < found.chance((6.0, 1.0)) < 1


def test_the_contributions_add_up_to_the_chance():
    rows, labels = drawn((1.0, -1.0), 200)
    found = fit(rows, labels)
    assert found.chance(rows[0]) == pytest.approx(
        sigmoid(found.intercept + sum(found.contributions(rows[0])))
    )


def test_a_stronger_ridge_gives_smaller_weights():
    rows, labels = drawn((1.0,), 200)
    assert abs(fit(rows, labels, ridge=100).weights[0]) < abs(fit(rows, labels, ridge=0.1).weights[0])


@pytest.mark.parametrize(
    ("rows", "labels", "ridge", "said"),
    [
        ([], [], 1, "one at least"),
        ([(1.0,)], [True, False], 1, "one of each"),
        ([(1.0,), (2.0,)], [True, True], 1, "alike"),
        ([(1.0,), (2.0,)], [True, False], 0, "above zero"),
    ],
)
def test_what_cannot_be_learnt_is_said(rows, labels, ridge, said):
    with pytest.raises(ValueError, match=said):
        fit(rows, labels, ridge=ridge)
