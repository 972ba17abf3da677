"""Two records of one person are proposed with their reasons; two people are not."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relais.core.likeness import Identity, alike, births_alike, distance, pairs

BORN = date(1990, 4, 12)


def somebody(first, last, born=BORN, key=1):
    return Identity(key, first, last, born)


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (("Éloïse", "L'Hôte"), ("ELOISE", "L\u2019HOTE"), "but for accents"),
        (("Jean-Pierre", "Rey"), ("Jean Pierre", "Rey"), "but for accents"),
        (("José", "Da Silva"), ("Da Silva", "Jose"), "exchanged"),
        (("Ali", "Ben Omar"), ("Ali", "Benomar"), "cut into words"),
        (("Ali", "Ben Omar"), ("Ben Ali", "Omar"), "another order"),
        (("Fatima", "Bensaid"), ("Fatma", "Bensaïd"), "Letters that differ in the names: 1"),
        (("Anne", "Rey"), ("Anne Marie", "Rey"), "holds every word"),
    ],
)
def test_a_person_spelled_otherwise_is_proposed_with_the_reason(one, other, reason):
    found = alike(somebody(*one), somebody(*other))
    assert found is not None
    assert reason in str(found.reasons[0])


@pytest.mark.parametrize(
    ("born", "score"),
    [(date(1990, 12, 4), 30), (date(1990, 4, 13), 25), (date(1980, 4, 12), 25), (date(1991, 4, 13), 0)],
)
def test_a_birth_date_typed_otherwise(born, score):
    assert births_alike(BORN, born).score == score
    assert bool(alike(somebody("Zoé", "Rey"), somebody("Zoe", "Rey", born))) == bool(score)


@pytest.mark.parametrize("twin", [("Anne", "Rey"), ("Marc", "Rey"), ("Marie", "Roux")])
def test_twins_and_strangers_are_not_proposed(twin):
    assert alike(somebody("Marie", "Rey"), somebody(*twin)) is None


def test_a_name_and_a_birth_date_that_are_both_far_are_not_proposed():
    assert alike(somebody("Anne", "Rey"), somebody("Anne Marie", "Rey", date(1990, 4, 13))) is None


short = st.text(alphabet="aeé ", min_size=1, max_size=4)
births = st.dates(date(1990, 1, 1), date(1991, 3, 31))
people = st.lists(st.tuples(short, short, births), max_size=12)


@settings(max_examples=40)
@given(people)
def test_filing_by_birth_date_loses_no_pair_and_order_changes_nothing(rows):
    records = [somebody(*row, key=key) for key, row in enumerate(rows)]
    wanted = {
        (one.key, other.key): found for one, other in combinations(records, 2) if (found := alike(one, other))
    }
    assert {(pair.first, pair.second): pair.likeness for pair in pairs(records)} == wanted
    assert pairs(reversed(records)) == pairs(records)
    assert all(alike(records[b], records[a]) == found for (a, b), found in wanted.items())


@settings(max_examples=40)
@given(st.text(max_size=6), st.text(max_size=6))
def test_the_distance_is_symmetric_and_nil_for_the_same_text_only(one, other):
    assert distance(one, other, 9) == distance(other, one, 9)
    assert (distance(one, other, 9) == 0) == (one == other)
