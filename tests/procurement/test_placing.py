"""Contracts that came in before the places were loaded."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relais.organisations.models import Scheme
from relais.procurement import actions
from relais.procurement.models import Lot
from relais.territories.actions import load
from relais.territories.models import Department
from tests.cast import Person
from tests.procurement.decp_examples import contract, file_2022
from tests.territories.lists import small_lists, write_lists

NOON = datetime(2024, 8, 1, 10, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_contracts_imported_before_the_places_are_placed_when_they_are_loaded(
    clara: Person, scheme: Scheme, tmp_path: Path
) -> None:
    assert not Department.objects.filter(code="01").exists()
    amberieu = {"code": "01004", "typeCode": "Code commune"}
    nowhere = {"code": "99999", "typeCode": "Code commune"}
    content = file_2022(contract(lieuExecution=amberieu), contract(id="B", lieuExecution=nowhere))
    actions.import_files([("a.json", io.BytesIO(content))], scheme=scheme, actor=clara.actor(), at=NOON)
    assert set(Lot.objects.values_list("place_code", "department")) == {("01004", None), ("99999", None)}

    load(write_lists(tmp_path / "lists", small_lists()))

    placed = Lot.objects.get(place_code="01004")
    assert (placed.commune_id, placed.department_id) == ("01004", "01")
    assert Lot.objects.get(place_code="99999").department_id is None
