"""Propose that two records are one person: names spelled otherwise, birth dates typed otherwise.

A pair is only ever proposed, with its reasons: people decide. Names weigh 60 points at most, births 40.

# source: usage of facilitators (accents, order of names, apostrophes, hyphens, day and month exchanged, one
digit mistyped); the weights are those of this product and can be read in the reasons of each pair.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from relais.core.identity import plain_words
from relais.core.words import Words, gettext_noop

ENOUGH = 70
"""Points from which a pair is proposed: a name one letter apart and a birth date one digit apart reach it."""
SHORT_NAME = 10
"""Letters of a whole name up to which one letter may differ; two may above."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What is compared: the key of the record, the names, the birth date."""

    key: int
    first_name: str
    last_name: str
    birth_date: date


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two records are, from 0 to 100 points, and why."""

    score: int
    reasons: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records proposed as one person; `first` has the smaller key."""

    first: int
    second: int
    likeness: Likeness


def distance(one: str, other: str, most: int) -> int:
    """Letters to change, add or drop to go from one text to the other; `most + 1` for any more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        before, row[0] = row[0], place
        for column, wanted in enumerate(other, 1):
            changed = before + (letter != wanted)
            before = row[column]
            row[column] = min(row[column] + 1, row[column - 1] + 1, changed)
    return min(row[-1], most + 1)


def names_alike(one: Identity, other: Identity) -> Likeness:
    """Up to 60 points; none when the names are those of two people."""
    firsts, lasts = plain_words([one.first_name]), plain_words([one.last_name])
    other_firsts, other_lasts = plain_words([other.first_name]), plain_words([other.last_name])
    if (firsts, lasts) == (other_firsts, other_lasts):
        return Likeness(60, (_spelling(one, other),))
    if (firsts, lasts) == (other_lasts, other_firsts):
        return Likeness(60, (Words(gettext_noop("First and last name exchanged")),))
    if sorted(firsts + lasts) == sorted(other_firsts + other_lasts):
        return Likeness(60, (Words(gettext_noop("Same words in another order")),))
    ways = {"".join(firsts + lasts), "".join(lasts + firsts)}
    other_ways = {"".join(other_firsts + other_lasts), "".join(other_lasts + other_firsts)}
    if ways & other_ways:
        return Likeness(55, (Words(gettext_noop("Same letters, cut into words otherwise")),))
    return _nearly(ways, other_ways, {*firsts, *lasts}, {*other_firsts, *other_lasts})


def _spelling(one: Identity, other: Identity) -> Words:
    if (one.first_name, one.last_name) == (other.first_name, other.last_name):
        return Words(gettext_noop("Same names"))
    return Words(gettext_noop("Same names but for accents, capitals, apostrophes or hyphens"))


def _nearly(ways: set[str], other_ways: set[str], words: set[str], others: set[str]) -> Likeness:
    most = 1 if min(map(len, ways | other_ways)) <= SHORT_NAME else 2
    apart = min(distance(one, other, most) for one in ways for other in other_ways)
    if apart <= most:
        text = gettext_noop("Letters that differ in the names: %(number)s")
        return Likeness(50 - 5 * (apart - 1), (Words(text, {"number": apart}),))
    if len(words & others) > 1 and (words <= others or others <= words):
        return Likeness(40, (Words(gettext_noop("One name holds every word of the other")),))
    return Likeness(0, ())


def births_alike(one: date, other: date) -> Likeness:
    """Up to 40 points; none when the dates are those of two people."""
    if one == other:
        return Likeness(40, (Words(gettext_noop("Same birth date")),))
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return Likeness(30, (Words(gettext_noop("Day and month of birth exchanged")),))
    if sum(a != b for a, b in zip(_digits(one), _digits(other), strict=True)) == 1:
        return Likeness(25, (Words(gettext_noop("One digit of the birth date differs")),))
    return Likeness(0, ())


def alike(one: Identity, other: Identity) -> Likeness | None:
    """How alike two records are, or None when nothing is to be proposed. The order changes nothing."""
    births = births_alike(one.birth_date, other.birth_date)
    if not births.score:
        return None
    names = names_alike(one, other)
    score = names.score + births.score
    if not names.score or score < ENOUGH:
        return None
    return Likeness(score, (*names.reasons, *births.reasons))


def pairs(people: Iterable[Identity]) -> list[Pair]:
    """Every pair to propose, the likeliest first.

    Only records whose birth dates can be the same date are compared: each date is filed under itself, under
    its day and month exchanged, and under itself less each digit.
    """
    met: set[tuple[int, int]] = set()
    found: list[Pair] = []
    for group in _neighbours(people):
        for one, other in combinations(group, 2):
            first, second = (one, other) if one.key < other.key else (other, one)
            if first.key == second.key or (first.key, second.key) in met:
                continue
            met.add((first.key, second.key))
            if likeness := alike(first, second):
                found.append(Pair(first.key, second.key, likeness))
    return sorted(found, key=lambda pair: (-pair.likeness.score, pair.first, pair.second))


def _neighbours(people: Iterable[Identity]) -> Iterator[list[Identity]]:
    files: dict[str, list[Identity]] = defaultdict(list)
    for person in people:
        for name in _names_of_files(person.birth_date):
            files[name].append(person)
    return (group for group in files.values() if len(group) > 1)


def _names_of_files(day: date) -> Iterator[str]:
    digits = _digits(day)
    yield f"{day.year:04d}/{min(day.month, day.day)}/{max(day.month, day.day)}"
    for place in range(len(digits)):
        yield f"{digits[:place]}_{digits[place + 1 :]}"


def _digits(day: date) -> str:
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"
