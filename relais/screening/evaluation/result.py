"""Try the contenders and keep the figures, ready for the terminal, for JSON and for the documentation."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from relais.core.evaluation import (
    Band,
    Interval,
    auc_within,
    brier,
    calibration_error,
    difference,
    interval,
    precision_at,
    reliability,
    resamples,
    roc_auc,
)
from relais.core.words import BadValue, gettext_noop
from relais.screening.evaluation.cases import Cases
from relais.screening.evaluation.contenders import (
    Contender,
    Tried,
    contenders,
    dealt_by_buyer,
    weights,
)

TOP = 0.1
BANDS = (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Figures:
    """What a contender is worth; `gain` is how much better the score of Relais ranks, on the same draws."""

    name: Contender
    auc: float
    auc_between: Interval | None
    within: float | None
    top: float
    top_between: Interval | None
    brier: float
    error: float
    gain: Interval | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The data told, a line for each contender, the share with a consideration in each band of scores."""

    told: Mapping[str, int]
    figures: tuple[Figures, ...]
    bands: tuple[Band, ...]
    weights: Mapping[str, float]
    folds: int
    seed: int
    draws: int

    @property
    def base(self) -> float:
        return self.told["social"] / self.told["contracts"]

    @property
    def learned_helps(self) -> bool:
        """Whether the learned component surely ranks better than the score: the whole interval says so."""
        gain = next(row.gain for row in self.figures if row.name is Contender.LEARNED)
        return gain is not None and gain.high < 0

    def as_dict(self) -> dict[str, Any]:
        return {
            "data": dict(self.told),
            "protocol": {"folds": self.folds, "by": "buyer", "seed": self.seed, "draws": self.draws},
            "base_rate": round(self.base, DIGITS),
            "contenders": [_figures(row) for row in self.figures],
            "score_bands": [
                {"from": band.low, "to": band.high, "contracts": band.cases, "share": _short(band.happened)}
                for band in self.bands
            ],
            "learned": {
                "helps": self.learned_helps,
                "weights": {name: _short(weight) for name, weight in self.weights.items()},
            },
        }


def evaluate(
    cases: Cases, structures: Mapping[str, int] | None, *, count: int, seed: int, draws: int
) -> Evaluation:
    """Compare the contenders by cross-validation. Raises `BadValue` when the cases cannot tell anything."""
    labels, buyers = cases.labels, cases.buyers
    _check(labels, buyers, count)
    tried = contenders(cases.rows, labels, dealt_by_buyer(buyers, labels, count, seed), structures)
    drawn = list(resamples(buyers, draws, seed))
    score = tried[0].scores
    return Evaluation(
        told=_told(cases),
        figures=tuple(_measured(one, score, labels, buyers, drawn) for one in tried),
        bands=tuple(reliability(score, labels, BANDS)),
        weights=weights(cases.rows, labels),
        folds=count,
        seed=seed,
        draws=draws,
    )


def _measured(
    one: Tried, score: list[float], labels: list[bool], buyers: list[str], drawn: Sequence[list[int]]
) -> Figures:
    auc, top = roc_auc(one.scores, labels), precision_at(one.scores, labels, TOP)
    least, error = brier(one.chances, labels), calibration_error(one.chances, labels)
    if auc is None or top is None or least is None or error is None:
        raise AssertionError("The cases were checked: every measure has a value.")
    same = one.name is Contender.SCORE
    return Figures(
        name=one.name,
        auc=auc,
        auc_between=interval(roc_auc, one.scores, labels, drawn),
        within=auc_within(one.scores, labels, buyers),
        top=top,
        top_between=interval(partial(precision_at, share=TOP), one.scores, labels, drawn),
        brier=least,
        error=error,
        gain=None if same else difference(roc_auc, score, one.scores, labels, drawn),
    )


def _check(labels: list[bool], buyers: list[str], count: int) -> None:
    if not labels:
        raise BadValue(
            gettext_noop(
                "No contract of these files says whether it has a social consideration: nothing can be "
                "measured. Give files in the format of 2022 or later (considerationsSociales)."
            )
        )
    if len(set(labels)) < 2:
        raise BadValue(
            gettext_noop(
                "All the contracts of these files are alike: with or without a social consideration. "
                "Give more files, with both."
            )
        )
    if len(set(buyers)) < count:
        raise BadValue(
            gettext_noop(
                "%(buyers)s buyers cannot be dealt into %(folds)s groups. Give more files, or fewer folds."
            ),
            buyers=len(set(buyers)),
            folds=count,
        )


def _told(cases: Cases) -> dict[str, int]:
    social = Counter(case.buyer for case in cases.rows if case.social)
    return {
        "files": cases.files,
        "read": cases.read,
        "rejected": cases.rejected,
        "unlabelled": cases.unlabelled,
        "repeated": cases.repeated,
        "contracts": len(cases.rows),
        "buyers": len(set(cases.buyers)),
        "social": sum(social.values()),
        "social_buyers": len(social),
        "social_of_largest_buyer": max(social.values()),
        "without_department": sum(not case.department for case in cases.rows),
    }


def _figures(row: Figures) -> dict[str, Any]:
    return {
        "name": row.name.value,
        "auc": _short(row.auc),
        "auc_95": _pair(row.auc_between),
        "auc_within_buyers": None if row.within is None else _short(row.within),
        "precision_top_10": _short(row.top),
        "precision_top_10_95": _pair(row.top_between),
        "brier": _short(row.brier),
        "calibration_error": _short(row.error),
        "score_minus_this_95": _pair(row.gain),
    }


def _pair(found: Interval | None) -> list[float] | None:
    return None if found is None else [_short(found.low), _short(found.high)]


def _short(value: float) -> float:
    return round(value, DIGITS)
