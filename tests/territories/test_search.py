"""Finding a commune as people type it, and what a territory holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.territories.models import Commune, Department, Territory
from relais.territories.names import fold

pytestmark = pytest.mark.usefixtures("small_france")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nancy", ["Nancy", "Vandœuvre-lès-Nancy"]),
        ("VANDOEUVRE", ["Vandœuvre-lès-Nancy"]),
        ("vandœuvre les nan", ["Vandœuvre-lès-Nancy"]),
        ("St-Dié", ["Saint-Dié-des-Vosges"]),
        ("saint di", ["Saint-Dizier", "Saint-Dié-des-Vosges"]),
        ("vosges saint", ["Saint-Dié-des-Vosges"]),
        ("52100", ["Saint-Eulien", "Saint-Dizier"]),
        ("88413", ["Saint-Dié-des-Vosges"]),
        ("colroy la grande", ["Provenchères-et-Colroy"]),
        ("ancy", []),
        ("  ", []),
        ("%", []),
    ],
)
def test_a_commune_is_found_as_people_type_it(typed: str, found: list[str]) -> None:
    assert [commune.name for commune in Commune.objects.search(typed)] == found


def test_the_exact_name_comes_first_then_the_largest() -> None:
    Commune.objects.create(code="54998", name="Nancy-Bas", search_name="nancy bas", department_id="54")
    assert [commune.code for commune in Commune.objects.search("nancy")] == ["54395", "54998", "54547"]


def test_a_commune_of_the_past_is_not_proposed() -> None:
    Commune.objects.filter(code="57463").update(is_current=False)
    assert not Commune.objects.search("metz").exists()


def test_a_territory_holds_the_communes_of_all_its_parts() -> None:
    territory = Territory.objects.create(slug="mixte", name="Territoire mixte", kind="composite")
    territory.departments.add("55")
    territory.epcis.add("245400676")
    territory.communes.add("57463")
    inside = Commune.objects.for_territory(territory)
    assert sorted(inside.values_list("code", flat=True)) == ["54395", "54547", "55029", "57463"]
    touched = Department.objects.for_territory(territory)
    assert [department.code for department in touched] == ["54", "55", "57"]


def test_an_empty_territory_holds_nothing() -> None:
    empty = Territory.objects.create(slug="vide", name="Vide", kind="composite")
    assert not Commune.objects.for_territory(empty).exists()
    assert not Department.objects.for_territory(empty).exists()


def test_names_that_files_write_differently_fold_alike() -> None:
    assert fold("L'Île-d'Yeu") == fold("l’ile  d yeu") == "l ile d yeu"
    assert fold("Sainte-Ménehould") == fold("STE MENEHOULD")


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text).isascii()
