"""Logistic regression in plain Python: small, exact enough for some thousands of rows and tens of columns.

The chance of the event is 1 / (1 + exp(-t)), t being the intercept plus each value times its weight: what
each value adds can be read. Weights are shrunk towards zero (`ridge`), the intercept is not.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

STEPS = 50
CLOSE = 1e-9
FURTHEST = 35.0


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted model: values are centred and scaled as they were when it was fitted."""

    intercept: float
    weights: tuple[float, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]

    def contributions(self, row: Sequence[float]) -> tuple[float, ...]:
        """What each value adds to the log-odds, compared with a case of mean values."""
        parts = zip(row, self.weights, self.means, self.scales, strict=True)
        return tuple((value - mean) / scale * weight for value, weight, mean, scale in parts)

    def chance(self, row: Sequence[float]) -> float:
        """The chance of the event, between 0 and 1."""
        return sigmoid(self.intercept + sum(self.contributions(row)))


def sigmoid(t: float) -> float:
    return 1 / (1 + math.exp(-max(-FURTHEST, min(FURTHEST, t))))


def fit(rows: Sequence[Sequence[float]], labels: Sequence[bool], *, ridge: float = 1.0) -> Logistic:
    """Fit by Newton's method. `ridge` above zero keeps weights finite even when a value splits the classes.

    Raises ValueError without a row, with one class only, or when rows and labels do not go together.
    """
    if len(rows) != len(labels) or not rows:
        raise ValueError(f"{len(rows)} rows for {len(labels)} labels: one of each, and one at least.")
    if len(set(map(bool, labels))) < 2:
        raise ValueError("All the cases are alike: there is nothing to learn.")
    if ridge <= 0:
        raise ValueError("The ridge is above zero.")
    means, scales = _spread(rows)
    table = [
        (1.0, *((value - mean) / scale for value, mean, scale in zip(row, means, scales, strict=True)))
        for row in rows
    ]
    beta = [0.0] * len(table[0])
    for _ in range(STEPS):
        step = _newton(table, labels, beta, ridge)
        largest = max(map(abs, step))
        shorten = min(1.0, 5.0 / largest) if largest else 1.0
        beta = [value + shorten * change for value, change in zip(beta, step, strict=True)]
        if largest < CLOSE:
            break
    return Logistic(beta[0], tuple(beta[1:]), means, scales)


def _spread(rows: Sequence[Sequence[float]]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The mean and the standard deviation of each column; 1 for a column that never varies."""
    columns = list(zip(*rows, strict=True))
    means = tuple(math.fsum(column) / len(rows) for column in columns)
    scales = tuple(
        math.sqrt(math.fsum((value - mean) ** 2 for value in column) / len(rows)) or 1.0
        for column, mean in zip(columns, means, strict=True)
    )
    return means, scales


def _newton(
    table: Sequence[Sequence[float]], labels: Sequence[bool], beta: Sequence[float], ridge: float
) -> list[float]:
    size = len(beta)
    slope = [0.0] + [-ridge * value for value in beta[1:]]
    curve = [[ridge if i == j and i else 0.0 for j in range(size)] for i in range(size)]
    for row, label in zip(table, labels, strict=True):
        chance = sigmoid(sum(value * weight for value, weight in zip(row, beta, strict=True)))
        gap, bend = label - chance, chance * (1 - chance)
        for i, value in enumerate(row):
            slope[i] += gap * value
            bent, line = bend * value, curve[i]
            for j in range(i + 1):
                line[j] += bent * row[j]
    for i in range(size):
        for j in range(i):
            curve[j][i] = curve[i][j]
    return _solve(curve, slope)


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss with the largest pivot; the matrix is positive by the ridge."""
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for at in range(size):
        best = max(range(at, size), key=lambda line: abs(rows[line][at]))
        rows[at], rows[best] = rows[best], rows[at]
        pivot = rows[at][at]
        for below in range(at + 1, size):
            if factor := rows[below][at] / pivot:
                rows[below] = [low - factor * high for low, high in zip(rows[below], rows[at], strict=True)]
    found = [0.0] * size
    for at in reversed(range(size)):
        done = sum(rows[at][column] * found[column] for column in range(at + 1, size))
        found[at] = (rows[at][size] - done) / rows[at][at]
    return found
