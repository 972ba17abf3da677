"""The real lists: the counts of their description."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from relais.offer.lists import Rejected, Row, read
from relais.offer.models import Structure

LORRAINE = ("54", "55", "57", "88")


@pytest.fixture
def lists(samples: Path) -> Path:
    folder = samples / "structures-insertion"
    if not folder.is_dir():
        pytest.skip("The lists of structures are absent from the sample files.")
    return folder


def rows(path: Path) -> Iterator[Row | Rejected]:
    return read(path, name=path.name).items


def test_the_national_list_of_siae(lists: Path) -> None:
    found = [row for row in rows(lists / "siae_france_2020.csv") if isinstance(row, Row)]
    assert len(found) == 3853
    kinds = {
        kind: sum(row.kind == kind for row in found) for kind in ("ACI", "EI", "AI", "ETTI", "GEIQ", "EA")
    }
    assert kinds == {"ACI": 1815, "EI": 944, "AI": 620, "ETTI": 299, "GEIQ": 172, "EA": 3}
    assert sum(not row.has_valid_siret for row in found) == 13
    assert sum(row.latitude is None for row in found) == 33
    assert sum(row.department_code in LORRAINE for row in found) == 195


def test_the_official_list_of_esat(lists: Path) -> None:
    found = [row for row in rows(lists / "esat_liste_officielle_finess.csv") if isinstance(row, Row)]
    assert len(found) == 1504
    assert sum(row.establishment == "main" for row in found) == 1137
    assert sum(row.places or 0 for row in found) == 119_263
    assert sum(not row.siret for row in found) == 78
    assert sum("SIRET_ZERO" in row.flags for row in found) == 2
    assert sum("POSTCODE_ZERO" in row.flags for row in found) == 88


def test_the_list_of_geiq(lists: Path) -> None:
    found = list(rows(lists / "geiq.csv"))
    assert len(found) == 440
    kept = [row for row in found if isinstance(row, Row)]
    assert sum(row.establishment == "branch" for row in kept) == 180
    assert len(found) - len(kept) == 1, "one GEIQ of the list has no name"


def test_the_command_reports_and_a_second_run_changes_nothing(lists: Path, db: None) -> None:
    names = ("siae_france_2020.csv", "esat_liste_officielle_finess.csv", "geiq.csv")
    files = [str(lists / name) for name in names]
    first = ran(*files)
    assert first["totals"]["read"] == 3853 + 1504 + 440
    assert first["totals"]["created"] == Structure.objects.count()
    again = ran(*files)
    assert (again["totals"]["created"], again["totals"]["updated"]) == (0, 0)


def ran(*files: str) -> dict:
    out = StringIO()
    call_command("import-structures", *files, "--json", stdout=out)
    return json.loads(out.getvalue())
