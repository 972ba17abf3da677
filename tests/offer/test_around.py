"""Who is around a place, how far, and what their number lets a buyer consider."""

from decimal import Decimal

import pytest

from relais.core.distance import Nearness
from relais.core.offering import Idea
from relais.offer.activities import activities
from relais.offer.queries import around, offer_parameters, spot_of
from relais.organisations.models import Policy
from tests.offer.factories import commune, structure

PAINTING, CLEANING = "45442100", "90910000"


@pytest.fixture
def nancy(cast):
    return commune("54395", "Nancy", latitude=Decimal("48.69210"), longitude=Decimal("6.18440"))


def looked(cast, place, cpv=PAINTING, **asked):
    actor = cast["clara"].actor()
    return around(
        spot_of(place), actor=actor, cpv=cpv, parameters=offer_parameters(cast.scheme, actor), **asked
    )


def test_the_nearest_come_first_and_what_is_beyond_is_left_out(cast, nancy):
    far = structure("batiment", latitude=Decimal("49.11930"), longitude=Decimal("6.17570"), department=None)
    near = structure("batiment", latitude=Decimal("48.70000"), longitude=Decimal("6.20000"))
    structure("batiment", latitude=Decimal("48.85000"), longitude=Decimal("2.35000"), department=None)
    found = looked(cast, nancy)
    assert [row.structure for row in found.nearest] == [near, far]
    assert [row.distance for row in found.nearest] == [Decimal("1.4"), Decimal("47.5")]
    assert found.idea is Idea.CLAUSE
    assert [row.structure for row in looked(cast, nancy, km=Decimal(10)).nearest] == [near]


def test_without_a_point_nearness_is_told_by_the_places_shared(cast):
    here = commune("54395", "Nancy")
    beside = commune("54547", "Vandoeuvre")
    away = commune("54528", "Toul", epci="200070563")
    for place in (away, beside, here):
        structure("batiment", commune=place)
    found = looked(cast, here)
    assert [row.nearness for row in found.nearest] == [
        Nearness.COMMUNE,
        Nearness.EPCI,
        Nearness.DEPARTMENT,
    ]
    assert [row.distance for row in found.nearest] == [None] * 3


def test_the_point_of_a_commune_without_centre_is_the_middle_of_its_structures(cast):
    here = commune("54395", "Nancy")
    for latitude in ("48.68000", "48.70000"):
        structure(commune=here, latitude=Decimal(latitude), longitude=Decimal("6.18000"))
    spot = spot_of(here)
    assert spot.by_structures
    assert spot.point is not None
    assert round(spot.point.latitude, 5) == 48.69


def test_those_who_lend_people_count_for_a_clause_and_never_for_a_reservation(cast, nancy):
    for _ in range(12):
        structure(kind="ETTI", commune=nancy)
    found = looked(cast, nancy)
    assert (found.makers, found.lenders, found.idea) == (0, 12, Idea.CLAUSE)


def test_ten_makers_let_a_lot_be_reserved_and_sites_of_one_body_count_once(cast, nancy):
    same = structure("batiment", commune=nancy)
    for _ in range(5):
        structure("batiment", commune=nancy, siret=same.siret)
    assert looked(cast, nancy).makers == 1
    for _ in range(9):
        structure("batiment", commune=nancy)
    assert (looked(cast, nancy).makers, looked(cast, nancy).idea) == (10, Idea.RESERVE_LOT)


def test_a_scheme_chooses_its_own_thresholds(cast, nancy):
    Policy.objects.create(
        scheme=cast.scheme, key="offer_lot", value=2, starts_on="2020-01-01", source="Délibération"
    )
    for _ in range(2):
        structure("batiment", commune=nancy)
    assert looked(cast, nancy).idea is Idea.RESERVE_LOT


def test_a_closed_structure_and_another_activity_are_left_out_and_silence_is_told(cast, nancy):
    structure("batiment", commune=nancy, is_closed=True)
    structure("proprete", commune=nancy)
    structure(commune=nancy)
    found = looked(cast, nancy)
    assert (found.total, found.unknown, found.idea) == (0, 1, Idea.CRITERION)
    assert looked(cast, nancy, cpv=CLEANING).makers == 1


def test_each_activity_answers_its_own_codes():
    table = activities()
    assert table.answering(PAINTING) == {"batiment"}
    assert table.answering(CLEANING) == {"proprete"}
    assert "travaux-publics" in table.answering("45000000")
    assert table.answering("") == frozenset()
    assert table.answering("66000000") == frozenset()
    for activity in table.by_code.values():
        for prefix in activity.cpv:
            assert activity.code in table.answering(prefix.ljust(8, "0"))


def test_places_are_read_in_a_fixed_number_of_queries(cast, nancy, django_assert_max_num_queries):
    for _ in range(20):
        structure("batiment", commune=nancy)
    with django_assert_max_num_queries(4):
        looked(cast, nancy)
