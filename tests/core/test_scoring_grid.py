from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.scoring_grid import (
    Grid,
    Method,
    Scored,
    SubCriterion,
    counted_volume,
    notes,
    owed_hours,
    volume_points,
)
from relais.core.words import BadValue

D = Decimal
VOLUME = SubCriterion("volume", "Volume proposé", D(40), Method.VOLUME)
TUTORING = SubCriterion("tutorat", "Accueil et tutorat", D(60))
GRID = Grid((VOLUME, TUTORING), weight=D(15))
hours = st.integers(0, 1_000_000).map(lambda n: D(n).scaleb(-2))
judged = st.integers(0, 600).map(lambda n: D(n).scaleb(-1))
volumes_and_points = st.lists(st.tuples(hours, judged), min_size=1, max_size=8)


def offers(rows):
    return [
        Scored(f"{rank:02d}", volume, {"volume": None, "tutorat": points})
        for rank, (volume, points) in enumerate(rows)
    ]


@given(volumes_and_points, st.randoms())
def test_the_order_of_the_offers_changes_nothing(rows, random):
    received = offers(rows)
    assert notes(GRID, random.sample(received, len(received))) == notes(GRID, received)


@given(volumes_and_points)
def test_a_note_lies_between_zero_and_the_weight_and_its_points_make_its_total(rows):
    for note in notes(GRID, offers(rows)):
        assert 0 <= note.total <= GRID.total
        assert sum(note.points.values()) == note.total
        assert 0 <= note.weighted <= GRID.weight


@given(volumes_and_points)
def test_ranks_follow_the_totals_and_equals_share_theirs(rows):
    found = notes(GRID, offers(rows))
    for note in found:
        assert note.rank == 1 + sum(other.total > note.total for other in found)


@given(st.lists(hours.filter(bool), min_size=1, max_size=8))
def test_the_best_volume_takes_all_the_points_and_more_hours_never_lose_any(volumes):
    best = max(volumes)
    given_points = [volume_points(VOLUME, volume, best) for volume in sorted(volumes)]
    assert given_points == sorted(given_points)
    assert given_points[-1] == VOLUME.points


@given(volumes_and_points, st.integers(2, 9))
def test_volumes_told_in_another_unit_give_the_same_notes(rows, factor):
    scaled = [(volume * factor, points) for volume, points in rows]
    assert [n.total for n in notes(GRID, offers(rows))] == [n.total for n in notes(GRID, offers(scaled))]


@given(st.none() | hours, hours)
def test_nobody_owes_less_than_what_is_asked_nor_than_what_it_promised(promised, minimum):
    owed, steps = owed_hours(promised, minimum)
    assert owed == max(minimum, promised or D(0))
    assert steps[-1].value == owed


@given(st.none() | hours, hours)
def test_only_hours_beyond_those_asked_of_all_count_for_the_volume(promised, minimum):
    assert counted_volume(promised, minimum) == max(D(0), (promised or D(0)) - minimum)


def test_an_offer_not_wholly_scored_has_no_note_and_comes_last():
    whole = Scored("b", D(100), {"volume": None, "tutorat": D(0)})
    begun = Scored("a", D(200), {"tutorat": D(60)})
    first, last = notes(GRID, [begun, whole])
    assert (first.key, first.rank, first.total) == ("b", 1, D(20))
    assert (last.key, last.rank, last.total, last.weighted) == ("a", None, None, None)
    assert last.points == {"tutorat": D("60.0")}


def test_nobody_promises_an_hour_and_nobody_has_the_points_of_the_volume():
    (note,) = notes(GRID, [Scored("a", D(0), {"volume": None, "tutorat": D(30)})])
    assert (note.total, note.weighted) == (D(30), D("4.50"))


@pytest.mark.parametrize("points", [D(-1), D("60.1"), None])
def test_points_outside_the_line_are_refused(points):
    with pytest.raises(BadValue, match="Accueil et tutorat"):
        notes(GRID, [Scored("a", D(1), {"tutorat": points})])


@pytest.mark.parametrize(
    ("lines", "decimals"),
    [
        ((), 1),
        ((SubCriterion("a", "A", D(0)),), 1),
        ((TUTORING, TUTORING), 1),
        ((TUTORING,), 3),
        ((SubCriterion("a", "A", D("33.35")),), 1),
    ],
)
def test_a_grid_that_cannot_be_applied_is_refused(lines, decimals):
    with pytest.raises(BadValue):
        Grid(lines, decimals=decimals)
