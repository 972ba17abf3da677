"""Distances: known towns, and what holds for any points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.distance import EARTH_KM, Nearness, Point, box_around, kilometres, middle, nearness
from relais.core.words import BadValue

NANCY, METZ = Point(48.6921, 6.1844), Point(49.1193, 6.1757)
PARIS, MARSEILLE = Point(48.8566, 2.3522), Point(43.2965, 5.3698)

anywhere = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
in_france = st.builds(Point, st.floats(41, 51.2), st.floats(-5.2, 9.7))


def test_towns_as_maps_give_them() -> None:
    assert kilometres(NANCY, METZ) == pytest.approx(47.5, abs=0.5)
    assert kilometres(PARIS, MARSEILLE) == pytest.approx(661, abs=2)


@given(anywhere, anywhere)
def test_a_distance_is_the_same_both_ways_and_never_beyond_half_the_earth(one: Point, other: Point) -> None:
    there = kilometres(one, other)
    assert 0 <= there <= EARTH_KM * 3.1416
    assert there == pytest.approx(kilometres(other, one), abs=1e-6)
    assert kilometres(one, one) == 0


@given(anywhere, anywhere, anywhere)
def test_a_detour_is_never_shorter(one: Point, between: Point, other: Point) -> None:
    assert kilometres(one, other) <= kilometres(one, between) + kilometres(between, other) + 1e-3


@given(anywhere, anywhere, st.floats(0, 3000))
def test_the_box_holds_the_whole_circle(centre: Point, other: Point, radius: float) -> None:
    if kilometres(centre, other) <= radius - 1e-6:
        assert box_around(centre, radius).holds(other)


@given(in_france, st.floats(0, 100))
def test_the_box_of_a_place_in_france_is_little_more_than_the_circle(centre: Point, radius: float) -> None:
    box = box_around(centre, radius)
    assert kilometres(centre, Point(box.north, centre.longitude)) == pytest.approx(radius, abs=1e-3)
    assert kilometres(Point(box.south, box.west), Point(box.north, box.east)) <= radius * 3


@given(st.lists(in_france, min_size=1, max_size=20), st.randoms())
def test_the_middle_lies_among_its_points_in_any_order(points: list[Point], random) -> None:
    found = middle(points)
    assert found is not None
    assert min(p.latitude for p in points) - 1e-9 <= found.latitude <= max(p.latitude for p in points) + 1e-9
    again = middle(random.sample(points, len(points)))
    assert again is not None
    assert kilometres(found, again) < 1e-3


def test_no_point_has_no_middle() -> None:
    assert middle([]) is None


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (0, 181), (float("nan"), 0)])
def test_what_is_on_no_map_is_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(BadValue):
        Point(latitude, longitude)


def test_a_negative_radius_is_refused() -> None:
    with pytest.raises(BadValue):
        box_around(NANCY, -1)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (("54395", "245400676", "54"), Nearness.COMMUNE),
        (("54547", "245400676", "54"), Nearness.EPCI),
        (("54099", "200069433", "54"), Nearness.DEPARTMENT),
        (("57463", "200039865", "57"), Nearness.BEYOND),
        ((None, None, "54"), Nearness.DEPARTMENT),
        ((None, None, None), Nearness.BEYOND),
    ],
)
def test_the_smallest_area_shared(
    other: tuple[str | None, str | None, str | None], expected: Nearness
) -> None:
    commune, epci, department = other
    found = nearness(
        commune="54395",
        epci="245400676",
        department="54",
        other_commune=commune,
        other_epci=epci,
        other_department=department,
    )
    assert found is expected


def test_two_unknown_places_are_not_the_same_place() -> None:
    nothing = dict.fromkeys(
        ("commune", "epci", "department", "other_commune", "other_epci", "other_department")
    )
    assert nearness(**nothing) is Nearness.BEYOND
