"""Counting people set by set in the database gives what `heads_of` counts one row after the other."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relais.insight.margin_rebuild import rebuild_heads
from relais.insight.margins import HEAD_KEY, heads_of, person_years
from relais.insight.models import HeadMargin, PersonYear
from relais.insight.rollups import compare
from relais.organisations.models import Scheme
from tests.insight.scene import an_obligation

pytestmark = pytest.mark.django_db
UNIQUE = ("obligation", "year", "pseudonym", "category", "mode", "job_kind")
ROW = st.fixed_dictionaries(
    {
        "scheme": st.integers(0, 1),
        "obligation": st.integers(0, 2),
        "year": st.integers(2022, 2026),
        "pseudonym": st.sampled_from(["one", "two", "Two", "étoile"]),
        "sex": st.sampled_from(["F", "M", ""]),
        "category": st.sampled_from(["B_RSA", "B_DELD", ""]),
        "mode": st.sampled_from(["DIRECT_HIRE", "SUPPLY_SIAE"]),
        "job_kind": st.sampled_from(["CDD", "CDI", ""]),
        "validated": st.sampled_from([Decimal(0), Decimal("0.01"), Decimal(70)]),
    }
)
ROWS = st.lists(ROW, max_size=25, unique_by=lambda row: tuple(row[name] for name in UNIQUE))


@pytest.fixture
def schemes(cast):
    other = Scheme.objects.create(slug="other", name="Autre", coordinator=cast.scheme.coordinator)
    return [cast.scheme, other]


@pytest.fixture
def obligations(cast):
    """Three contracts of two buyers, trades and departments; the lot of the last has none."""
    some = [
        an_obligation(cast, sector="building"),
        an_obligation(cast, sector="green", department="57"),
        an_obligation(cast, sector=""),
    ]
    some[1].buyer = cast["fanny"].organisation
    some[1].save()
    lot = some[2].clause.lot
    lot.department = None
    lot.save()
    return some


def lay(rows, schemes, obligations) -> None:
    PersonYear.objects.bulk_create(
        PersonYear(
            **{
                **row,
                "scheme": schemes[row["scheme"]],
                "obligation": obligations[row["obligation"]],
            }
        )
        for row in rows
    )


def stored() -> dict[tuple[object, ...], int]:
    rows = HeadMargin.objects.values_list(*HEAD_KEY, "number")
    return {key: number for *parts, number in rows if (key := tuple(parts))}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_people_counted_set_by_set_are_those_counted_one_by_one(schemes, obligations, rows):
    with transaction.atomic():
        lay(rows, schemes, obligations)
        rebuild_heads([scheme.pk for scheme in schemes])
        assert stored() == dict(heads_of(person_years()))
        transaction.set_rollback(True)


def a_row(**others):
    return {
        "scheme": 0,
        "obligation": 0,
        "year": 2024,
        "pseudonym": "one",
        "sex": "F",
        "category": "B_RSA",
        "mode": "DIRECT_HIRE",
        "job_kind": "CDD",
        "validated": Decimal(10),
        **others,
    }


def test_somebody_twice_in_a_year_counts_once_and_comes_back_after_the_last_year_there(schemes, obligations):
    some = [a_row(), a_row(job_kind="CDI"), a_row(year=2026), a_row(year=2025, obligation=1)]
    lay(some, schemes, obligations)
    rebuild_heads([schemes[0].pk])
    everybody = HeadMargin.objects.filter(filter="", dimension="all")
    assert sorted(everybody.values_list("year", "former_year", "number")) == [
        (2024, 0, 1),
        (2025, 2024, 1),
        (2026, 2025, 1),
    ]
    building = HeadMargin.objects.filter(filter="sector", value="building", dimension="all")
    assert sorted(building.values_list("year", "former_year", "number")) == [(2024, 0, 1), (2026, 2024, 1)]


def test_counting_a_scheme_anew_leaves_the_others_as_they_are(schemes, obligations):
    lay([a_row(), a_row(scheme=1, year=2025)], schemes, obligations)
    rebuild_heads([scheme.pk for scheme in schemes])
    whole = stored()
    HeadMargin.objects.update(number=5)
    rebuild_heads([schemes[1].pk])
    own = {key for key in whole if key[0] == schemes[1].pk}
    assert stored() == {key: whole[key] if key in own else 5 for key in whole}
    assert own
    assert len(own) < len(whole)


def test_the_number_of_statements_does_not_grow_with_the_people(schemes, obligations):
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            rebuild_heads([schemes[0].pk])
        return len(queries)

    lay([a_row()], schemes, obligations)
    with_one = statements()
    lay([a_row(pseudonym=f"p-{number}") for number in range(40)], schemes, obligations)
    assert statements() == with_one
    heads = HeadMargin.objects.get(filter="", dimension="all")
    assert heads.number == 41


def test_the_recount_tells_a_number_of_people_that_drifted(schemes, obligations):
    lay([a_row()], schemes, obligations)
    rebuild_heads([schemes[0].pk])
    HeadMargin.objects.filter(filter="", dimension="sex").update(number=2)
    (found,) = [one for one in compare(schemes[0].pk).differences if one.table == "heads"]
    assert "dimension=sex" in found.row
    assert (found.stored, found.recounted) == (Decimal(2), Decimal(1))
