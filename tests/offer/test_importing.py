"""Lists of structures: what is read, what is odd, what a second import changes."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from relais.offer.actions import Report, import_lists, set_activities
from relais.offer.enums import Establishment, SourceList
from relais.offer.models import Structure
from relais.organisations.enums import Capacity, StructureKind
from relais.territories.models import Commune, Department, PostCode, Region
from tests.cast import siret
from tests.offer.lists_examples import esat, esat_list, geiq_list, siae, siae_list

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def places(db: None) -> None:
    """Nancy and Blyes, each with its post code."""
    for region, department, code, name, post in (
        ("44", "54", "54395", "Nancy", "54000"),
        ("84", "01", "01047", "Blyes", "01150"),
    ):
        Region.objects.create(code=region, name=region)
        Department.objects.create(code=department, name=department, region_id=region)
        commune = Commune.objects.create(
            code=code, name=name, search_name=name.lower(), department_id=department
        )
        PostCode.objects.create(code=post).communes.add(commune)


def bring(*contents: bytes, as_of: date | None = None) -> Report:
    files = [(f"list-{place}.csv", BytesIO(content)) for place, content in enumerate(contents)]
    return import_lists(files, at=AT, as_of=as_of)


def test_a_structure_is_read_with_its_place_and_what_its_activity_code_says(places: None) -> None:
    report = bring(siae_list(siae()))
    assert report.totals == {"read": 1, "created": 1, "updated": 0, "unchanged": 0, "rejected": 0}
    found = Structure.objects.get()
    assert (found.kind, found.commune_id, found.department_id) == (StructureKind.EI, "54395", "54")
    assert found.has_valid_siret
    assert found.as_of == date(2020, 12, 18)
    assert found.own_point is not None
    assert found.activity_names == ["Espaces verts, milieux naturels"]
    assert found.headcount == ""


def test_the_same_list_twice_changes_nothing(places: None) -> None:
    bring(siae_list(siae(), siae(701, kind="AI")))
    again = bring(siae_list(siae(), siae(701, kind="AI")))
    assert again.totals == {"read": 2, "created": 0, "updated": 0, "unchanged": 2, "rejected": 0}
    assert Structure.objects.count() == 2


def test_a_later_list_updates_and_an_older_one_only_fills_what_was_empty(places: None) -> None:
    bring(siae_list(siae(kind="GEIQ", name="GEIQ DES PRES", lon="", lat="")))
    later = bring(geiq_list(f"12;GEIQ des Prés fleuris;{siret(700)};54000;NANCY;"), as_of=date(2022, 1, 1))
    assert later.totals["updated"] == 1
    found = Structure.objects.get()
    assert (found.name, found.source, found.as_of) == (
        "GEIQ des Prés fleuris",
        SourceList.GEIQ,
        date(2022, 1, 1),
    )
    older = bring(siae_list(siae(kind="GEIQ", name="ANCIEN NOM", day="2019-01-01")))
    assert older.files[0].flags["OLDER_LIST"] == 1
    found.refresh_from_db()
    assert found.name == "GEIQ des Prés fleuris"
    assert found.own_point is not None, "the older list knew the coordinates"


def test_two_kinds_under_one_siret_are_two_structures(places: None) -> None:
    report = bring(siae_list(siae(kind="EI"), siae(kind="ACI")))
    assert report.totals["created"] == 2
    assert report.files[0].flags["SIRET_SHARED"] == 2


def test_lost_zeros_are_put_back(places: None) -> None:
    whole = siret(0)
    assert whole.startswith("0")
    report = bring(esat_list(esat(number=whole[1:])))
    found = Structure.objects.get()
    assert (found.post_code, found.siret, found.commune_id, found.places) == ("01150", whole, "01047", 45)
    assert found.establishment == Establishment.SECONDARY
    assert set(report.files[0].flags) == {"SIRET_ZERO", "POSTCODE_ZERO", "NO_COORDINATES", "BRANCH"}


def test_a_wrong_siret_is_kept_as_written_and_recognises_nobody(places: None) -> None:
    report = bring(siae_list(siae(number_written="12345678901234")))
    found = Structure.objects.get()
    assert (found.siret, found.has_valid_siret, found.siren) == ("12345678901234", False, "")
    assert report.files[0].flags["SIRET_INVALID"] == 1


def test_branches_are_tied_to_their_group(places: None) -> None:
    bring(geiq_list(f"12;GEIQ 54;{siret(701)};54000;NANCY;", "13;ANTENNE DE TOUL;;54000;NANCY CEDEX;12"))
    branch = Structure.objects.get(name="ANTENNE DE TOUL")
    assert branch.parent is not None
    assert branch.parent.name == "GEIQ 54"
    assert branch.commune_id == "54395"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (siae(kind="XYZ"), "XYZ"),
        (siae(name=""), "no name"),
        ("a;b;c", "3 columns instead of 15"),
    ],
)
def test_a_bad_record_is_refused_alone_with_its_line(places: None, line: str, words: str) -> None:
    report = bring(siae_list(siae(), line))
    assert report.totals == {"read": 2, "created": 1, "updated": 0, "unchanged": 0, "rejected": 1}
    refusal = report.files[0].refusals[0]
    assert refusal.position == 3
    assert words in str(refusal.reason)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "not a text table"),
        (b"a;b;c\n1;2;3", "no known list"),
    ],
)
def test_a_file_that_is_no_list_is_refused_whole_and_stops_no_other(
    places: None, content: bytes, words: str
) -> None:
    report = bring(content, siae_list(siae()))
    assert report.files[0].failure is not None
    assert words in str(report.files[0].failure)
    assert report.totals["created"] == 1


def test_activities_written_by_hand_are_never_replaced(places: None, cast) -> None:
    bring(siae_list(siae()))
    found = Structure.objects.get()
    set_activities(found, ["linge"], capacities=[Capacity.COORDINATOR], actor=cast["clara"].actor(), at=AT)
    bring(siae_list(siae(naf="8121Z", day="2024-01-01")))
    assert [row.activity for row in found.activities.all()] == ["linge"]


def test_a_body_of_the_scheme_is_recognised_by_its_siret(places: None, cast) -> None:
    body = cast.organisation("ateliers-du-renouveau")
    bring(siae_list(siae(number_written=body.siret)))
    assert Structure.objects.get().organisation == body
