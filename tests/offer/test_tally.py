"""The count of structures around a lot: the same for one lot and for thousands, never zero when unknown."""

from decimal import Decimal

import pytest

from relais.offer.queries import around, offer_parameters, spot_of
from relais.offer.tally import Tally
from tests.offer.factories import commune, structure

KM = Decimal(50)
PAINTING, CLEANING = "45442100", "90910000"


@pytest.fixture
def nancy(cast):
    return commune("54395", "Nancy", latitude=Decimal("48.69210"), longitude=Decimal("6.18440"))


def both(place, cpv=PAINTING, department="54"):
    """The count by the tally of all structures, which must be that of the tally of the place."""
    asked = {"commune": place, "department": department, "cpv": cpv}
    count = Tally.of_all(KM).count(**asked)
    assert Tally.of_place(place, department, KM).count(**asked) == count
    return count


def test_makers_and_lenders_near_are_counted_and_the_others_are_not(nancy):
    structure("batiment", latitude=Decimal("48.70000"), longitude=Decimal("6.20000"))
    structure(kind="ETTI")
    structure("linge")
    structure("batiment", latitude=Decimal("48.85000"), longitude=Decimal("2.35000"), department=None)
    structure("batiment", is_closed=True)
    assert both(nancy) == 2


def test_it_agrees_with_the_offer_shown_on_the_territory(cast, nancy):
    for east in ("6.20000", "6.30000", "7.90000"):
        structure("batiment", latitude=Decimal("48.70000"), longitude=Decimal(east), department=None)
    structure("proprete", commune=nancy)
    actor = cast["clara"].actor()
    shown = around(spot_of(nancy), actor=actor, cpv=PAINTING, parameters=offer_parameters(cast.scheme, actor))
    assert both(nancy) == shown.total == 2


def test_sites_of_one_body_count_once(nancy):
    first = structure("batiment")
    structure("batiment", siret=first.siret)
    assert both(nancy) == 1


def test_none_does_this_work_when_all_tell_what_they_do(nancy):
    structure("linge")
    assert both(nancy) == 0


@pytest.mark.parametrize(
    ("activities", "cpv", "department"),
    [
        ((), PAINTING, "54"),
        (("linge",), "", "54"),
        (("linge",), PAINTING, "88"),
        (("linge",), PAINTING, None),
    ],
    ids=["activities not told", "purchase not told", "nobody recorded there", "place not told"],
)
def test_what_is_not_known_is_not_zero(cast, activities, cpv, department):
    structure(*activities)
    assert both(None, cpv, department) is None


def test_a_commune_without_centre_is_placed_by_its_structures(cast):
    here = commune("54395", "Nancy")
    for latitude in ("48.68000", "48.70000"):
        structure("linge", commune=here, latitude=Decimal(latitude), longitude=Decimal("6.18000"))
    structure("batiment", latitude=Decimal("48.90000"), longitude=Decimal("6.20000"), department=None)
    assert both(here) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_two_queries_for_any_number_of_lots(nancy, count, within_queries):
    for _number in range(count):
        structure("batiment")
    with within_queries(2):
        tally = Tally.of_all(KM)
        for _number in range(count):
            tally.count(commune=nancy, department="54", cpv=PAINTING)
            tally.count(commune=nancy, department="54", cpv=CLEANING)
