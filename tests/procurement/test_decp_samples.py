"""Real published files: the facts counted by hand on them."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from relais.procurement.decp import Record, Rejection, Shape, read

DAYS = ("12", "15", "16", "17", "18", "19", "22")


def records(path: Path) -> Iterator[Record]:
    with read(path, name=path.name) as reading:
        for item in reading:
            assert isinstance(item, Record), item
            yield item


def flagged(found: list[Record]) -> Counter[str]:
    return Counter(code for record in found for code in {flag.code.value for flag in record.flags})


@pytest.fixture(scope="module")
def week(samples: Path) -> list[Record]:
    """Seven daily files of July 2024."""
    paths = [samples / "decp-2024" / f"e-marchespublics_2024-07-{day}.json" for day in DAYS]
    return [record for path in paths for record in records(path)]


def test_a_week_of_2024(week: list[Record]) -> None:
    contracts = [record for record in week if record.kind == "contract"]
    assert len(contracts) == 693
    assert len(week) == 694
    assert len({record.key for record in contracts}) == 685
    assert len({record.buyer_id for record in contracts}) == 121
    assert sum(record.amount or 0 for record in contracts) == 339_436_624


def test_social_considerations_of_the_week(week: list[Record]) -> None:
    codes = Counter(code for record in week if record.kind == "contract" for code in record.social)
    assert codes == {"CLAUSE": 43, "CRITERION": 30, "RESERVED": 8, "NONE": 624}
    social = [record for record in week if set(record.social) & {"CLAUSE", "CRITERION", "RESERVED"}]
    assert len(social) == 69
    assert sum(record.amount or 0 for record in social) == 30_057_530


def test_amendments_and_acts_of_the_week(week: list[Record]) -> None:
    assert sum(len(record.amendments) for record in week) == 160
    assert sum(1 for record in week if record.amendments) == 78
    assert sum(len(record.subcontracts) for record in week) == 205
    assert flagged(week)["SUBCONTRACT_INCOHERENT"] == 34 + 7
    assert flagged(week)["AMOUNT_ONE"] == 2


def test_a_large_file_of_2019(samples: Path) -> None:
    found = list(records(samples / "decp-2018-2019" / "marches-publics.info_2019-03-07.json"))
    assert Counter(record.kind for record in found) == {"contract": 4499, "concession": 10}
    counts = flagged(found)
    assert counts["AMOUNT_ZERO"] == 55
    assert not any(record.counts_in_totals for record in found if record.amount == 0)
    assert counts["AMOUNT_ONE"] == 6
    assert counts["DATE_WITH_ZONE"] == 173
    assert counts["PUBLISHED_LATE"] == 849
    assert counts["CPV_BAD"] == 7
    assert counts["DATE_IMPOSSIBLE"] == 2
    (nines,) = [record for record in found if record.amount == 999_999_999]
    assert "AMOUNT_REPEATED_NINES" in {flag.code.value for flag in nines.flags}
    assert not nines.counts_in_totals
    assert len({record.key for record in found}) == 4509 - 13


def test_another_profile_of_2019(samples: Path) -> None:
    found = list(records(samples / "decp-2018-2019" / "e-marchespublics_2019-04-03.json"))
    assert len(found) == 470
    assert len({record.buyer_id for record in found}) == 51


def test_the_table_of_decp_info_counts_each_contract_once(samples: Path) -> None:
    found = list(records(samples / "decp-tabulaire" / "decp-info_2024S2_travaux_cpv4521.csv"))
    assert len(found) == 5180
    assert len({record.buyer_id for record in found}) == 1342
    total = sum((record.amount or Decimal(0) for record in found), Decimal(0))
    assert Decimal("2.475e9") < total < Decimal("2.485e9")


def test_the_table_of_a_region(samples: Path) -> None:
    path = samples / "decp-tabulaire" / "region-bretagne_2021_tableur_pipe.csv"
    found = list(records(path))
    assert len(found) == 191
    assert sum(len(record.holders) for record in found) == 195
    assert found[0].amount == Decimal("14700.00")
    assert {record.place_type for record in found} == {"region", "commune", "department", ""}
    assert not any("&#" in record.object for record in found)


@pytest.mark.parametrize(
    ("year", "shape"), [("2019", Shape.TABLE_MINISTRY_2019), ("2022", Shape.TABLE_MINISTRY_2022)]
)
def test_the_tables_of_the_ministry(samples: Path, year: str, shape: Shape) -> None:
    path = samples / "decp-tabulaire" / f"data.economie_decp_augmente_{year}_extrait.csv"
    with read(path, name=path.name) as reading:
        assert reading.shape == shape
        assert reading.encoding == "utf-8 (BOM)"
        found = [item for item in reading if isinstance(item, Record)]
    assert len(found) == 9
    assert max(len(record.holders) for record in found) == (3 if year == "2019" else 1)
    assert {len(record.social) for record in found} == ({0} if year == "2019" else {1})


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "ods"])
def test_the_example_of_the_national_schema(samples: Path, suffix: str) -> None:
    path = samples / "decp-schemas" / "tabulaire" / f"exemple-valide.{suffix}"
    with read(path, name=path.name) as reading:
        assert reading.shape == Shape.TABLE_SCHEMA
        found = [item for item in reading if isinstance(item, Record)]
    assert [record.source_id for record in found] == ["201900056462300", "201900056462301"]
    assert all(len(record.holders) == 2 and record.amount == Decimal("21800.10") for record in found)


def test_every_official_example_is_read(samples: Path) -> None:
    paths = [
        *sorted((samples / "decp-schemas").glob("v1.5.0/exemples-*/*")),
        *sorted((samples / "decp-schemas").glob("v2-exemples/*/*")),
    ]
    assert len(paths) == 21
    for path in paths:
        found = list(records(path))
        assert found, path
        assert all(record.holders and record.amount for record in found), path


def test_edge_cases_do_not_stop_a_file(samples: Path) -> None:
    for name, kept, refused in (
        ("decp_test_2019.json", 2, 0),
        ("decp_test_2022.json", 4, 1),
        ("decp_test_2022_ancien.json", 6, 0),
    ):
        path = samples / "decp-cas-limites" / name
        with read(path, name=name) as reading:
            items = list(reading)
        assert Counter(type(item) for item in items) == Counter({Record: kept, Rejection: refused}), name


def test_a_file_that_does_not_validate_is_read(samples: Path) -> None:
    found = list(records(samples / "decp-2024" / "megalis_59920013600241_2024-07-09.json"))
    assert len(found) == 5
    assert "SUBCONTRACT_INCOHERENT" in flagged(found)
