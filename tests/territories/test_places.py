"""Reading where a contract is performed. Pairs of type and code are taken from published contracts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.territories.places import Gazetteer, PlaceCode, PlaceType, Reading, tables

LORRAINE = ("54", "55", "57", "88")
IN_2014 = date(2014, 6, 1)
IN_2024 = date(2024, 6, 1)


@pytest.mark.parametrize(
    ("label", "code", "department", "commune", "reading"),
    [
        ("Code postal", "57070", "57", "57463", Reading.EXACT),
        ("CODE POSTAL", " 54 500 ", "54", "54547", Reading.EXACT),
        ("Code postal", 57070, "57", "57463", Reading.EXACT),
        ("Code postal", "57413", "57", None, Reading.BY_PREFIX),  # CEDEX
        ("Code postal", "97256", "972", None, Reading.BY_PREFIX),
        ("Code postal", "20294", "2B", None, Reading.BY_PREFIX),
        ("Code postal", "20090", "2A", None, Reading.BY_PREFIX),
        ("Code postal", "1500", "01", "01004", Reading.CORRECTED),
        ("Code postal", "1500.0", "01", "01004", Reading.CORRECTED),
        ("Code commune", "54395", "54", "54395", Reading.EXACT),
        ("code commune", "1004", "01", "01004", Reading.CORRECTED),
        ("Code commune", "55227", "54", "54602", Reading.FORMER),  # moved to another department
        ("Code commune", "88112", "88", "88361", Reading.FORMER),
        ("Code commune", "75102", "75", "75056", Reading.FORMER),
        ("Code commune", "54500", "54", "54547", Reading.CORRECTED),  # a post code typed as a commune
        ("Code commune", "2a004", "2A", None, Reading.BY_PREFIX),
        ("Code arrondissement", "543", "54", None, Reading.EXACT),
        ("Code arrondissement", "651", "65", None, Reading.BY_PREFIX),
        ("Code arrondissement", "75102", "75", "75056", Reading.CORRECTED),
        ("Code canton", "5401", "54", None, Reading.BY_PREFIX),
        ("Code canton", "101", "01", None, Reading.BY_PREFIX),
        ("Code département", "54", "54", None, Reading.EXACT),
        ("CODE DEPARTEMENT", "2a", "2A", None, Reading.EXACT),
        ("Code d?partement", "88", "88", None, Reading.EXACT),
        ("Code dÃ©partement", "88", "88", None, Reading.EXACT),
        ("Code département", "1", "01", None, Reading.CORRECTED),
        ("Code département", "078", "78", None, Reading.CORRECTED),
        ("Code département", "54500", "54", "54547", Reading.CORRECTED),
        ("Code département", "73000", "73", None, Reading.CORRECTED),
        ("Code département", "974", "974", None, Reading.EXACT),
        ("Code département", "69D", "69", None, Reading.EXACT),
        ("Code région", "01", "971", None, Reading.EXACT),
        ("Code pays", "RE", "974", None, Reading.EXACT),
    ],
)
def test_a_typed_code_gives_the_department(
    places: Gazetteer, label: str, code: object, department: str, commune: str | None, reading: Reading
) -> None:
    place = places.resolve(label, code)
    assert (place.department, place.commune, place.reading) == (department, commune, reading)
    assert place.departments == (department,)


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Code postal", "45"),  # Loiret, or nothing
        ("Code postal", "460000"),
        ("Code postal", "00000"),
        ("Code postal", "200068781"),
        ("Code postal", "1999"),  # 01999 is not a post code
        ("Code commune", "75002"),  # Antony before 1968, and a post code of Paris
        ("Code commune", "9999"),
        ("Code arrondissement", "12"),
        ("Code canton", "54123"),
        ("Code département", "20"),
        ("Code département", "99"),
        ("Code région", "34"),  # Hérault typed as a region
        ("Code région", "3"),  # written for Hauts-de-France as well as for Guyane
        ("Code région", "820"),
        ("Code pays", "ZZZZ"),
        ("Code pays", "99134"),
        ("Code inconnu", "54"),
        (None, "54"),
        ("Code postal", None),
        ("Code postal", "MQ"),
    ],
)
def test_what_is_not_sure_has_a_reason_and_no_department(
    places: Gazetteer, label: str | None, code: object
) -> None:
    place = places.resolve(label, code)
    assert place.department is None
    assert str(place.reason)


def test_the_same_code_means_two_places_under_two_types() -> None:
    places = Gazetteer()
    assert places.resolve("Code département", "41").department == "41"
    assert places.resolve("Code région", "41").departments == LORRAINE
    assert places.resolve("Code département", "54").department == "54"
    assert places.resolve("Code région", "54").departments == ("16", "17", "79", "86")
    assert (
        places.resolve("Code région", "44").departments
        != places.resolve("Code département", "44").departments
    )


def test_an_abolished_region_is_believed_until_its_last_day() -> None:
    places = Gazetteer()
    assert places.resolve("Code région", "41", on=IN_2014).departments == LORRAINE
    assert places.resolve("Code région", "41", on=date(2015, 12, 31)).departments == LORRAINE
    later = places.resolve("Code région", "41", on=date(2016, 1, 1))
    assert later.departments == ()
    assert "Lorraine" in str(later.reason)


def test_the_name_beside_the_code_settles_a_late_old_region() -> None:
    place = Gazetteer().resolve("Code région", "41", on=IN_2024, name="LORRAINE")
    assert place.departments == LORRAINE


def test_a_region_that_kept_its_code_is_read_at_any_date() -> None:
    places = Gazetteer()
    brittany = ("22", "29", "35", "56")
    assert places.resolve("code région", "53", on=IN_2014).departments == brittany
    assert places.resolve("code région", "53", on=IN_2024).departments == brittany


def test_a_post_code_over_two_departments_names_both(places: Gazetteer) -> None:
    place = places.resolve("Code postal", "52100")
    assert (place.department, place.departments, place.reading) == (None, ("51", "52"), Reading.WIDER)


@pytest.mark.parametrize(
    ("nuts", "department"),
    [
        ("FRF31", "54"),
        ("FRF32", "55"),
        ("FRF33", "57"),
        ("FRF34", "88"),
        ("FR411", "54"),
        ("FR412", "55"),
        ("FR413", "57"),
        ("FR414", "88"),
        ("frk26", "69"),
        ("FRA40", "974"),
        ("FRY4", "974"),
    ],
)
def test_european_codes_of_both_generations(nuts: str, department: str) -> None:
    assert Gazetteer().resolve_nuts(nuts).department == department


def test_wider_european_codes_cover_their_departments() -> None:
    places = Gazetteer()
    assert places.resolve_nuts("FRF3").departments == LORRAINE
    assert places.resolve_nuts("FR41").departments == LORRAINE
    assert set(places.resolve_nuts("FRF").departments) == set(tables().regions["44"])
    assert places.resolve_nuts("FR").country == "FR"
    assert places.resolve_nuts("DEC01").reading is Reading.ABROAD
    assert places.resolve_nuts("FRZZZ").department is None
    assert places.resolve_nuts("FRF39").reason is not None


def test_a_place_is_within_a_territory_only_when_all_of_it_is(places: Gazetteer) -> None:
    assert places.resolve("Code postal", "57070").within(LORRAINE)
    assert places.resolve("Code région", "41").within(LORRAINE)
    assert not places.resolve("Code région", "44").within(LORRAINE)
    assert not places.resolve("Code pays", "FR").within(LORRAINE)
    assert not places.resolve("Code postal", "oops").within(LORRAINE)


def test_every_metropolitan_department_had_one_old_region_or_kept_its_own() -> None:
    known = tables()
    moved = [code for region in known.old_regions.values() for code in region.departments]
    kept = {code for region in ("11", "24", "52", "53", "93", "94") for code in known.regions[region]}
    metropolitan = {code for code in known.departments if len(code) == 2}
    assert len(moved) == len(set(moved))
    assert set(moved) | kept == metropolitan
    assert not set(moved) & kept


def test_every_department_but_the_collectivities_has_european_codes() -> None:
    with_codes = set(tables().nuts.values())
    assert {code for code in tables().departments if code not in with_codes} == {
        "975", "977", "978", "984", "986", "987", "988", "989",
    }  # fmt: skip


labels = st.sampled_from(["Code postal", "code commune", "Code arrondissement", "Code canton", "NUTS"]) | (
    st.sampled_from(["Code département", "CODE REGION", "Code pays", "", None]) | st.text(max_size=12)
)
codes = st.text("0123456789ABFR ", max_size=7) | st.integers(0, 99_999) | st.text(max_size=8) | st.none()


@given(labels, codes, st.none() | st.dates())
def test_no_code_raises_and_only_a_certain_one_has_a_department(
    label: str | None, code: object, on: date | None
) -> None:
    place = Gazetteer(
        {"54395": "54", "92002": "92", "75056": "75"},
        {"75002": "92002", "75102": "75056"},
        {
            "54000": frozenset({"54395"}),
            "75002": frozenset({"75056"}),
            "54999": frozenset({"54395", "92002"}),
        },
        {"543": "54"},
    ).resolve(label, code, on=on)
    assert (place.department is None) is (place.reason is not None)
    if place.department is not None:
        assert place.departments == (place.department,)


def test_a_code_keeps_its_type() -> None:
    read = PlaceCode.read("Code région", "41", "Lorraine")
    assert read == PlaceCode(PlaceType.REGION, "41", "Lorraine")
    assert read != PlaceCode(PlaceType.DEPARTMENT, "41", "Lorraine")
