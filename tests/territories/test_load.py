"""Loading the official lists: once, twice, the year after, and when a file is wrong."""

import json
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Sum
from django.utils.translation import override

from relais.core.words import BadValue
from relais.territories.actions import LoadReport, load
from relais.territories.models import Commune, CommuneAlias, Department, Epci, PostCode, Region, Territory
from relais.territories.places import tables
from tests.territories.lists import Lists, small_lists, write_lists

OFFICIAL = settings.ROOT / "node_modules" / "@etalab" / "decoupage-administratif" / "data"
LORRAINE = ["54", "55", "57", "88"]
Load = Callable[[Lists], LoadReport]


def commune(lists: Lists, code: str) -> dict[str, object]:
    return next(record for record in lists["communes.json"] if record["code"] == code)


def test_a_commune_is_loaded_with_all_it_belongs_to(small_france: LoadReport) -> None:
    nancy = Commune.objects.get(code="54395")
    assert (nancy.department_id, nancy.arrondissement_id, nancy.epci_id) == ("54", "543", "245400676")
    assert (nancy.population, nancy.search_name, nancy.is_current) == (103_671, "nancy", True)
    assert sorted(nancy.post_codes.values_list("code", flat=True)) == ["54000", "54100"]
    assert Commune.objects.get(code="55029").arrondissement_id is None


def test_the_delegated_commune_is_an_alias_not_a_commune(small_france: LoadReport) -> None:
    assert not Commune.objects.filter(code="88112").exists()
    alias = CommuneAlias.objects.get(code="88112")
    assert (alias.name, alias.kind, alias.commune_id) == ("Colroy-la-Grande", "delegated", "88361")


def test_the_composite_lorraine_is_drawn(small_france: LoadReport) -> None:
    lorraine = Territory.objects.get(slug="lorraine")
    assert (lorraine.name, lorraine.kind) == ("Lorraine (2015)", "composite")
    assert sorted(lorraine.departments.values_list("code", flat=True)) == LORRAINE
    assert Territory.objects.get(slug="grand-est").departments.count() == 6
    assert Territory.objects.get(slug="meuse").kind == "department"


def test_keys_are_checked_by_an_index_though_the_table_was_tiny_before(
    small_france: LoadReport,
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL keeps a plan for the check of keys")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE territories_commune")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        load(OFFICIAL)
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'territories_commune'")
        assert cursor.fetchone()[0] > 30_000
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_second_load_changes_nothing(load_lists: Load, small_france: LoadReport) -> None:
    assert small_france.totals.created > 0
    again = load_lists(small_lists())
    assert again.totals.changed == 0
    assert again.totals.unchanged == small_france.totals.created


def test_the_list_of_the_year_after_updates_what_changed(
    load_lists: Load, small_france: LoadReport, lists: Lists
) -> None:
    commune(lists, "54395")["population"] = 104_000
    commune(lists, "54395")["codesPostaux"] = ["54000"]
    lists["communes.json"].remove(commune(lists, "54547"))
    commune(lists, "54395")["anciensCodes"] = ["54547"]
    report = load_lists(lists)

    assert (report.kinds["communes"].updated, report.kinds["communes"].retired) == (1, 1)
    assert Commune.objects.get(code="54395").population == 104_000
    assert not Commune.objects.get(code="54547").is_current
    assert CommuneAlias.objects.get(code="54547").commune_id == "54395"
    assert list(PostCode.objects.get(code="54100").communes.all()) == []
    assert "54547" not in Commune.objects.current().values_list("code", flat=True)


def test_an_inter_municipality_that_left_the_list_is_kept(
    load_lists: Load, small_france: LoadReport, lists: Lists
) -> None:
    del lists["epci.json"][1]
    assert load_lists(lists).kinds["epcis"].retired == 1
    assert not Epci.objects.get(siren="200071066").is_current
    assert Commune.objects.get(code="88413").epci_id is None


def test_territories_made_by_hand_are_left_alone(load_lists: Load, small_france: LoadReport) -> None:
    basin = Territory.objects.create(slug="bassin", name="Bassin de Nancy", kind="composite")
    basin.epcis.add("245400676")
    load_lists(small_lists())
    assert [epci.pk for epci in Territory.objects.get(slug="bassin").epcis.all()] == ["245400676"]


def test_a_spoiled_composite_is_brought_back(load_lists: Load, small_france: LoadReport) -> None:
    Territory.objects.get(slug="lorraine").departments.remove("88")
    assert load_lists(small_lists()).kinds["territories"].updated == 1
    assert Territory.objects.get(slug="lorraine").departments.count() == 4


def test_the_centre_is_kept_when_the_list_has_one(load_lists: Load, lists: Lists) -> None:
    commune(lists, "57463")["centre"] = {"type": "Point", "coordinates": [6.1756, 49.1196789]}
    load_lists(lists)
    metz = Commune.objects.get(code="57463")
    assert (metz.latitude, metz.longitude) == (Decimal("49.11968"), Decimal("6.17560"))
    assert load_lists(lists).totals.changed == 0


def _without_file(folder: Path, lists: Lists) -> None:
    (folder / "epci.json").unlink()


def _not_json(folder: Path, lists: Lists) -> None:
    (folder / "regions.json").write_text("<html>", encoding="utf-8")


def _empty_list(folder: Path, lists: Lists) -> None:
    (folder / "communes.json").write_text("[]", encoding="utf-8")


def _unknown_department(folder: Path, lists: Lists) -> None:
    commune(lists, "54395")["departement"] = "540"
    write_lists(folder, lists)


def _nameless_commune(folder: Path, lists: Lists) -> None:
    del commune(lists, "01004")["nom"]
    write_lists(folder, lists)


def _without_vosges(folder: Path, lists: Lists) -> None:
    lists["departements.json"] = [record for record in lists["departements.json"] if record["code"] != "88"]
    lists["arrondissements.json"] = lists["arrondissements.json"][:1]
    lists["communes.json"] = [record for record in lists["communes.json"] if record["departement"] == "54"]
    write_lists(folder, lists)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_without_file, "epci.json is missing"),
        (_not_json, "regions.json is not readable JSON"),
        (_empty_list, "communes.json holds no list"),
        (_unknown_department, "Record 54395 of communes.json names 540"),
        (_nameless_commune, "Record 1 of communes.json has no readable field “nom”"),
        (_without_vosges, "names the departments 88"),
    ],
)
def test_wrong_lists_are_refused_whole(
    db: None, tmp_path: Path, lists: Lists, spoil: Callable[[Path, Lists], None], told: str
) -> None:
    folder = write_lists(tmp_path / "lists", lists)
    spoil(folder, lists)
    with pytest.raises(BadValue) as refused:
        load(folder)
    assert told in str(refused.value)
    assert not Region.objects.exists()


def test_the_command_reports_in_french_and_in_json(db: None, tmp_path: Path, lists: Lists) -> None:
    folder = write_lists(tmp_path / "lists", lists)
    out = StringIO()
    with override("fr"):
        call_command("load-territories", folder=folder, stdout=out)
    assert "Les territoires sont à jour." in out.getvalue()
    out = StringIO()
    call_command("load-territories", folder=folder, json=True, stdout=out)
    report = json.loads(out.getvalue())
    assert report["kinds"]["departments"] == {"created": 0, "updated": 0, "unchanged": 9, "retired": 0}
    assert report["totals"]["created"] == 0


def test_the_command_says_where_the_lists_come_from(db: None, tmp_path: Path) -> None:
    with override("en"), pytest.raises(CommandError, match="npm ci") as refused:
        call_command("load-territories", folder=tmp_path / "absent")
    assert refused.value.returncode == 1


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="The official lists are absent: run npm ci.")
def test_the_official_lists_give_the_known_lorraine(db: None) -> None:
    report = load(OFFICIAL)
    assert report.kinds["departments"].created == 109
    inside = Commune.objects.current().for_territory(Territory.objects.get(slug="lorraine"))
    counts = {code: inside.filter(department=code).count() for code in LORRAINE}
    assert counts == {"54": 591, "55": 499, "57": 725, "88": 506}
    assert inside.aggregate(Sum("population"))["population__sum"] == 2_321_083
    assert Epci.objects.current().for_departments(LORRAINE).count() == 67
    of_region = {region.code: region for region in Region.objects.prefetch_related("departments")}
    assert {
        code: tuple(sorted(department.code for department in region.departments.all()))
        for code, region in of_region.items()
    } == {code: tuple(sorted(inside)) for code, inside in tables().regions.items()}
    assert load(OFFICIAL).totals.changed == 0
    assert Department.objects.get(code="54").name == "Meurthe-et-Moselle"
