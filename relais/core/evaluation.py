"""How well scores rank and tell what happened: measures, folds that keep groups whole, intervals by group.

`scores` and `labels` go together, one of each per case; a label is true when the event happened. A measure
that means nothing (no case, or one class only) is None, never a guess.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

type Scores = Sequence[float]
type Labels = Sequence[bool]
type Measure = Callable[[Scores, Labels], float | None]


def roc_auc(scores: Scores, labels: Labels) -> float | None:
    """How often a case with the event has a higher score than one without; equal scores count for a half.

    0.5 is chance, 1 a perfect order. None when all the cases are alike. (Mann and Whitney's statistic.)
    """
    _together(scores, labels)
    positives = sum(labels)
    negatives = len(labels) - positives
    if not positives or not negatives:
        return None
    won, below = 0.0, 0
    for _score, tied in _ascending(scores, labels):
        up = sum(tied)
        won += up * (below + (len(tied) - up) / 2)
        below += len(tied) - up
    return won / (positives * negatives)


def auc_within(scores: Scores, labels: Labels, groups: Sequence[Hashable]) -> float | None:
    """The same, over pairs of cases of one group only: what groups do by habit counts no more.

    None when no group holds both a case with the event and one without.
    """
    _together(scores, labels)
    _together(groups, labels)
    members: dict[Hashable, list[int]] = defaultdict(list)
    for at, group in enumerate(groups):
        members[group].append(at)
    won = pairs = 0.0
    for places in members.values():
        some_scores, some_labels = _picked(scores, labels, places)
        area, ups = roc_auc(some_scores, some_labels), sum(some_labels)
        if area is not None:
            won += area * ups * (len(places) - ups)
            pairs += ups * (len(places) - ups)
    return won / pairs if pairs else None


def precision_at(scores: Scores, labels: Labels, share: float = 0.1) -> float | None:
    """Share of the event among the best-scored `share` of the cases, at least one case.

    Cases tied at the edge share the places left: the value is what a draw among them gives on average, so the
    order of the rows changes nothing. Raises ValueError for a share outside ]0, 1].
    """
    _together(scores, labels)
    if not 0 < share <= 1:
        raise ValueError(f"The top share lies between 0 and 1, not {share}.")
    if not labels:
        return None
    places = max(1, round(len(labels) * share))
    left, found = places, 0.0
    for _score, tied in reversed(list(_ascending(scores, labels))):
        taken = min(left, len(tied))
        found += sum(tied) * taken / len(tied)
        left -= taken
        if not left:
            break
    return found / places


def brier(chances: Scores, labels: Labels) -> float | None:
    """Mean square of the distance between the chance told and what happened: 0 is perfect.

    Saying the share of the event for every case gives share × (1 - share).
    """
    _together(chances, labels)
    if not labels:
        return None
    return sum((chance - label) ** 2 for chance, label in zip(chances, labels, strict=True)) / len(labels)


@dataclass(frozen=True, slots=True)
class Band:
    """Cases whose chance lies in a band: how many, the mean chance told, the share that had the event."""

    low: float
    high: float
    cases: int
    told: float
    happened: float


def reliability(chances: Scores, labels: Labels, edges: Sequence[float]) -> list[Band]:
    """Chance told against share of the event by bands: `edges` go up, the last band holds its upper edge.

    Bands without a case are left out. Raises ValueError when a chance lies outside the edges.
    """
    _together(chances, labels)
    if list(edges) != sorted(set(edges)) or len(edges) < 2:
        raise ValueError("The edges of the bands go up, and there are two at least.")
    found: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for chance, label in zip(chances, labels, strict=True):
        if not edges[0] <= chance <= edges[-1]:
            raise ValueError(f"{chance} lies outside the bands.")
        inside = next(at for at in range(len(edges) - 1) if chance < edges[at + 1] or at == len(edges) - 2)
        found[inside].append((chance, label))
    return [_band(edges[at], edges[at + 1], found[at]) for at in sorted(found)]


def _band(low: float, high: float, rows: Sequence[tuple[float, bool]]) -> Band:
    count = len(rows)
    return Band(
        low, high, count, sum(chance for chance, _ in rows) / count, sum(label for _, label in rows) / count
    )


def calibration_error(chances: Scores, labels: Labels, bins: int = 10) -> float | None:
    """Expected calibration error: mean distance, over cases, of the chance told to the share that happened.

    Cases are put in order and cut into `bins` of equal size (equal chances stay together), so that rare
    events, whose chances crowd near zero, do not all fall into one bin.
    """
    _together(chances, labels)
    if not labels:
        return None
    size, error = max(1.0, len(labels) / bins), 0.0
    waiting: list[tuple[float, bool]] = []
    for chance, tied in _ascending(chances, labels):
        waiting.extend((chance, label) for label in tied)
        if len(waiting) >= size:
            error += _distance(waiting)
            waiting = []
    return (error + _distance(waiting)) / len(labels)


def _distance(rows: Sequence[tuple[float, bool]]) -> float:
    return abs(sum(chance - label for chance, label in rows))


def folds(groups: Sequence[Hashable], labels: Labels, count: int, seed: int) -> list[int]:
    """The fold of each case, from 0 to `count` - 1: a group is never split between two folds.

    Groups with events are dealt first, largest first, each to the fold with the fewest events; the others go
    to the fold with the fewest cases. The seed decides the order of equal groups, not the order of the rows.
    Raises ValueError when there are fewer groups than folds, or fewer than two folds.
    """
    _together(groups, labels)
    members: dict[Hashable, list[bool]] = defaultdict(list)
    for group, label in zip(groups, labels, strict=True):
        members[group].append(label)
    if not 2 <= count <= len(members):
        raise ValueError(f"{len(members)} groups cannot make {count} folds: two at least, a group in each.")
    order = sorted(members, key=repr)
    random.Random(seed).shuffle(order)
    order.sort(key=lambda group: (-sum(members[group]), -len(members[group])))
    events, cases, fold_of = [0] * count, [0] * count, {}
    for group in order:
        found = sum(members[group])
        chosen = min(range(count), key=lambda at: ((events[at], cases[at]) if found else (0, cases[at]), at))
        fold_of[group] = chosen
        events[chosen] += found
        cases[chosen] += len(members[group])
    return [fold_of[group] for group in groups]


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a measure lies when other groups had been seen: 95 % of the draws fall between the two bounds."""

    low: float
    high: float

    @property
    def above_zero(self) -> bool:
        return self.low > 0


def resamples(groups: Sequence[Hashable], draws: int, seed: int) -> Iterator[list[int]]:
    """Positions of the cases of as many groups as there are, drawn with replacement (cluster bootstrap)."""
    places: dict[Hashable, list[int]] = defaultdict(list)
    for at, group in enumerate(groups):
        places[group].append(at)
    known = sorted(places, key=repr)
    draw = random.Random(seed)
    for _ in range(draws):
        yield [at for group in draw.choices(known, k=len(known)) for at in places[group]]


def interval(
    measure: Measure, scores: Scores, labels: Labels, drawn: Sequence[Sequence[int]]
) -> Interval | None:
    """The 95 % interval of a measure over draws of `resamples`; draws where it means nothing are left out."""
    values = [measure(*_picked(scores, labels, places)) for places in drawn]
    return _bounds([value for value in values if value is not None])


def difference(
    measure: Measure, scores: Scores, others: Scores, labels: Labels, drawn: Sequence[Sequence[int]]
) -> Interval | None:
    """The 95 % interval of the measure of `scores` minus that of `others`, on the same draws."""
    values = []
    for places in drawn:
        one, two = measure(*_picked(scores, labels, places)), measure(*_picked(others, labels, places))
        if one is not None and two is not None:
            values.append(one - two)
    return _bounds(values)


def _picked(scores: Scores, labels: Labels, places: Sequence[int]) -> tuple[list[float], list[bool]]:
    return [scores[at] for at in places], [labels[at] for at in places]


def _bounds(values: list[float]) -> Interval | None:
    if not values:
        return None
    values.sort()
    edge = (len(values) - 1) * 0.025
    return Interval(values[round(edge)], values[round(len(values) - 1 - edge)])


def _ascending(scores: Scores, labels: Labels) -> Iterator[tuple[float, list[bool]]]:
    """The labels of each score, scores going up."""
    rows = sorted(zip(scores, labels, strict=True), key=lambda row: row[0])
    for score, tied in groupby(rows, key=lambda row: row[0]):
        yield score, [label for _score, label in tied]


def _together(values: Sequence[object], labels: Labels) -> None:
    if len(values) != len(labels):
        raise ValueError(f"{len(values)} values for {len(labels)} labels: one of each per case.")
