"""The score of Relais and what it is compared with, each with its ranking and its chances out of the fold.

Whatever is learned (rates, chances, weights) is learned on the contracts of other buyers than those it is
tried on: a buyer is never split between two folds.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from relais.core.evaluation import folds
from relais.core.logistic import Logistic, fit
from relais.core.regime import Nature
from relais.screening.evaluation.cases import Case
from relais.screening.evaluation.structures import level

PRIOR = 5
"""A CPV division weighs as if that many contracts of the general share had been seen in it."""
RIDGE = 5.0
UNKNOWN_AMOUNT = 50_000.0
UNKNOWN_MONTHS = 12.0


class Contender(StrEnum):
    SCORE = "score"
    AMOUNT = "amount"
    CPV = "cpv"
    SUPPLIERS = "suppliers"
    LEARNED = "learned"


FEATURES: Mapping[str, Callable[[Case], float]] = {
    "labour_share": lambda case: float(case.answer.assumptions.labour_share),
    "openness": lambda case: float(case.answer.trade.openness) if case.answer.trade else 0.5,
    "log_amount": lambda case: math.log10(_amount(case)),
    "log_months": lambda case: math.log(1 + (case.facts.duration_months or UNKNOWN_MONTHS)),
    "works": lambda case: float(case.answer.nature is Nature.WORKS),
    "supplies": lambda case: float(case.answer.nature is Nature.SUPPLIES),
    "no_trade": lambda case: float(case.answer.trade is None),
    "framework": lambda case: float(case.facts.framework),
}
"""What the learned component looks at: facts of the lot and its trade, none of them the buyer."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A contender: its ranking, higher is more likely, and the chance it tells for each case."""

    name: Contender
    scores: list[float]
    chances: list[float]


def contenders(
    cases: Sequence[Case], labels: Sequence[bool], dealt: Sequence[int], structures: Mapping[str, int] | None
) -> list[Tried]:
    """All that can be tried on these cases; the supplier rule only with a list of structures."""
    simple = {
        Contender.SCORE: [float(case.answer.score) for case in cases],
        Contender.AMOUNT: [math.log10(_amount(case)) for case in cases],
    }
    if structures is not None:
        simple[Contender.SUPPLIERS] = [float(level(structures.get(case.department, 0))) for case in cases]
    found = {
        name: Tried(name, scores, _out_of_fold([(score,) for score in scores], labels, dealt))
        for name, scores in simple.items()
    }
    rates = _division_rates([case.facts.cpv[:2] for case in cases], labels, dealt)
    found[Contender.CPV] = Tried(Contender.CPV, rates, rates)
    learned = _out_of_fold([row_of(case) for case in cases], labels, dealt)
    found[Contender.LEARNED] = Tried(Contender.LEARNED, learned, learned)
    return [found[name] for name in Contender if name in found]


def dealt_by_buyer(buyers: Sequence[str], labels: Sequence[bool], count: int, seed: int) -> list[int]:
    return folds(buyers, labels, count, seed)


def row_of(case: Case) -> tuple[float, ...]:
    return tuple(read(case) for read in FEATURES.values())


def weights(cases: Sequence[Case], labels: Sequence[bool]) -> dict[str, float]:
    """What the learned component gives to each value on all cases: log-odds for one standard deviation."""
    model = fit([row_of(case) for case in cases], labels, ridge=RIDGE)
    return dict(zip(FEATURES, model.weights, strict=True))


def _amount(case: Case) -> float:
    known = case.facts.amount if case.facts.amount_counts else None
    return max(1.0, float(known)) if known is not None else UNKNOWN_AMOUNT


def _out_of_fold(
    rows: Sequence[tuple[float, ...]], labels: Sequence[bool], dealt: Sequence[int]
) -> list[float]:
    """The chance of each case by a regression fitted without its fold."""
    chances = [0.0] * len(rows)
    for fold in sorted(set(dealt)):
        others = [at for at, of in enumerate(dealt) if of != fold]
        model = _fitted([rows[at] for at in others], [labels[at] for at in others])
        for at, of in enumerate(dealt):
            if of == fold:
                chances[at] = model.chance(rows[at]) if isinstance(model, Logistic) else model
    return chances


def _fitted(rows: Sequence[tuple[float, ...]], labels: Sequence[bool]) -> Logistic | float:
    """A regression, or the share of the event when all the cases are alike."""
    return fit(rows, labels, ridge=RIDGE) if len(set(labels)) == 2 else sum(labels) / len(labels)


def _division_rates(divisions: Sequence[str], labels: Sequence[bool], dealt: Sequence[int]) -> list[float]:
    """The share of the event in the CPV division of each case, as seen in the other folds."""
    rates = [0.0] * len(divisions)
    for fold in sorted(set(dealt)):
        others = [at for at, of in enumerate(dealt) if of != fold]
        share = sum(labels[at] for at in others) / len(others)
        seen = Counter(divisions[at] for at in others)
        found = Counter(divisions[at] for at in others if labels[at])
        for at, of in enumerate(dealt):
            if of == fold:
                division = divisions[at]
                rates[at] = (found[division] + PRIOR * share) / (seen[division] + PRIOR)
    return rates
