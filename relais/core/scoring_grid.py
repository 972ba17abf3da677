"""The note of an offer on the social criterion, by the published grid, and the rank it gives.

# source: code de la commande publique, art. L. 2152-7 and R. 2152-7: a criterion is published with its
weight and applied in the same manner to all offers. The best volume takes all the points of its line, as in
the grid shipped with the library of texts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from relais.core.calibration import Step
from relais.core.money import EXACT, exact, hundredths
from relais.core.words import BadValue, Words, gettext_noop

ZERO = Decimal(0)
MOST_DECIMALS = 2


class Method(StrEnum):
    """How the points of a sub-criterion are given."""

    VOLUME = "VOLUME"
    JUDGED = "JUDGED"


@dataclass(frozen=True, slots=True)
class SubCriterion:
    """A line of the grid: its most points, and whether they follow the hours promised or a judgement."""

    key: str
    wording: str
    points: Decimal
    method: Method = Method.JUDGED


@dataclass(frozen=True, slots=True)
class Grid:
    """A published grid. `weight` is that of the criterion in the whole note, in percent, when it is known.

    `decimals` are those that points are rounded to. Raises `BadValue` for a grid that cannot be applied: no
    line, a line twice, points that are not above 0 or finer than the rounding.
    """

    lines: tuple[SubCriterion, ...]
    weight: Decimal | None = None
    decimals: int = 1

    def __post_init__(self) -> None:
        if not self.lines:
            raise BadValue(gettext_noop("A grid holds at least one sub-criterion. Add the first one."))
        if any(exact(line.points) <= 0 for line in self.lines):
            raise BadValue(gettext_noop("Each sub-criterion is worth points: enter a number above zero."))
        if len({line.key for line in self.lines}) != len(self.lines):
            raise BadValue(gettext_noop("The same sub-criterion is written twice. Give each its own name."))
        if not 0 <= self.decimals <= MOST_DECIMALS:
            raise BadValue(gettext_noop("Points are rounded to the unit, to the tenth or to the hundredth."))
        if any(_rounded(line.points, self.decimals) != line.points for line in self.lines):
            raise BadValue(
                gettext_noop(
                    "Points of the grid are finer than its rounding. Round them, or change the rounding."
                )
            )

    @property
    def total(self) -> Decimal:
        """The most points an offer can have."""
        return sum((line.points for line in self.lines), ZERO)


@dataclass(frozen=True, slots=True)
class Scored:
    """An offer as the grid sees it: hours that count for the volume, and the lines scored so far.

    `given` holds a line once its rationale is written: its points, or `None` when they follow the volume.
    """

    key: str
    volume: Decimal
    given: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Note:
    """The note of an offer: `points` by line; `total`, `weighted` and `rank` once every line is scored."""

    key: str
    points: Mapping[str, Decimal]
    total: Decimal | None
    weighted: Decimal | None
    rank: int | None
    steps: tuple[Step, ...]


def volume_points(line: SubCriterion, volume: Decimal, best: Decimal, decimals: int = 1) -> Decimal:
    """All the points to the best volume, the others in proportion; none when nobody proposes any hour."""
    if best <= 0 or volume <= 0:
        return _rounded(ZERO, decimals)
    return _rounded(EXACT.divide(EXACT.multiply(exact(line.points), volume), best), decimals)


def counted_volume(promised: Decimal | None, minimum: Decimal) -> Decimal:
    """Hours that count for the volume: those promised beyond what the clause asks of everybody anyway."""
    return max(ZERO, exact(promised if promised is not None else ZERO) - exact(minimum))


def notes(grid: Grid, offers: Iterable[Scored]) -> tuple[Note, ...]:
    """The notes, best first, offers not wholly scored last; equal notes share a rank (1, 1, 3).

    The order of `offers` changes nothing. Raises `BadValue`: points below zero or above those of the line.
    """
    received = sorted(offers, key=lambda offer: offer.key)
    best = max((offer.volume for offer in received), default=ZERO)
    found = [_note(grid, offer, best) for offer in received]
    totals = sorted((note.total for note in found if note.total is not None), reverse=True)
    ranked = [
        Note(note.key, note.points, note.total, note.weighted, _rank(totals, note.total), note.steps)
        for note in found
    ]
    return tuple(sorted(ranked, key=lambda note: (note.rank is None, note.rank or 0, note.key)))


def owed_hours(promised: Decimal | None, minimum: Decimal) -> tuple[Decimal, tuple[Step, ...]]:
    """Hours that an awarded offer owes, with their working: what it promises, never below what is asked."""
    asked = hundredths(minimum)
    if promised is None:
        return asked, (Step(Words(gettext_noop("Hours asked by the clause, none promised")), asked, "h"),)
    told = hundredths(promised)
    owed = max(told, asked)
    return owed, (
        Step(Words(gettext_noop("Hours promised in the offer retained")), told, "h"),
        Step(Words(gettext_noop("Hours asked by the clause at least")), asked, "h"),
        Step(Words(gettext_noop("Hours owed: the greater of the two")), owed, "h"),
    )


def points_fit(line: SubCriterion, points: Decimal | None) -> None:
    """Raises `BadValue` when judged points are missing, below zero or above those of the line."""
    if line.method is Method.VOLUME:
        return
    if points is None:
        raise BadValue(gettext_noop("Give the points of “%(name)s”."), name=line.wording)
    if not 0 <= exact(points) <= line.points:
        raise BadValue(
            gettext_noop("“%(name)s” is worth from 0 to %(most)s points: %(points)s is not one of them."),
            name=line.wording,
            most=line.points,
            points=points,
        )


def _note(grid: Grid, offer: Scored, best: Decimal) -> Note:
    points: dict[str, Decimal] = {}
    for line in grid.lines:
        if line.key not in offer.given:
            continue
        judged = offer.given[line.key]
        points_fit(line, judged)
        points[line.key] = (
            volume_points(line, offer.volume, best, grid.decimals)
            if line.method is Method.VOLUME
            else _rounded(exact(judged or ZERO), grid.decimals)
        )
    whole = len(points) == len(grid.lines)
    total = sum(points.values(), ZERO) if whole else None
    weighted = _weighted(grid, total)
    return Note(offer.key, points, total, weighted, None, _steps(grid, offer, best, points, total, weighted))


def _weighted(grid: Grid, total: Decimal | None) -> Decimal | None:
    if total is None or grid.weight is None:
        return None
    return hundredths(EXACT.divide(EXACT.multiply(total, exact(grid.weight)), grid.total))


def _steps(
    grid: Grid,
    offer: Scored,
    best: Decimal,
    points: Mapping[str, Decimal],
    total: Decimal | None,
    weighted: Decimal | None,
) -> tuple[Step, ...]:
    steps = []
    for line in grid.lines:
        if line.key not in points:
            continue
        if line.method is Method.VOLUME:
            steps.append(Step(Words(gettext_noop("Hours counted for the volume")), offer.volume, "h"))
            steps.append(Step(Words(gettext_noop("Best volume of the offers")), best, "h"))
        label = Words(gettext_noop("%(name)s, out of %(most)s"), {"name": line.wording, "most": line.points})
        steps.append(Step(label, points[line.key], "pt"))
    if total is not None:
        label = Words(gettext_noop("Total, out of %(most)s"), {"most": grid.total})
        steps.append(Step(label, total, "pt"))
    if weighted is not None and grid.weight is not None:
        label = Words(
            gettext_noop("Brought back to the weight of the criterion, out of %(most)s"),
            {"most": grid.weight},
        )
        steps.append(Step(label, weighted, "pt"))
    return tuple(steps)


def _rank(totals: list[Decimal], total: Decimal | None) -> int | None:
    return None if total is None else totals.index(total) + 1


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=EXACT)
