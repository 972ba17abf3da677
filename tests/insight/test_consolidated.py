"""The figures of a perimeter, counted by hand on small schemes."""

from datetime import date
from decimal import Decimal

import pytest

from relais.core.months import Month
from relais.insight.perimeter import Perimeter
from relais.insight.queries.consolidated import Ask, consolidate
from relais.insight.queries.dimensions import BREAKDOWNS, HOURS
from relais.insight.scopes import Scope, scope_of
from tests.insight.scene import Work, an_obligation, crowd

pytestmark = pytest.mark.django_db
MARCH, APRIL, NEXT_MARCH = date(2024, 3, 1), date(2024, 4, 1), date(2025, 3, 1)
ALL = Scope(fewest=0)


@pytest.fixture
def work(cast):
    return Work(cast, an_obligation(cast, hours=1000))


def period(cast, first="2024-01", last="2024-12", **filters) -> Perimeter:
    return Perimeter(cast.scheme.pk, Month.parse(first), Month.parse(last), **filters)


def figures(perimeter, scope=ALL):
    (found,) = consolidate([Ask(perimeter)], scope)
    return found


def test_declared_hours_are_told_apart_from_validated_ones(cast, work):
    work.hours(MARCH, 100)
    work.hours(MARCH, 40, state="DECLARED")
    work.hours(APRIL, 30, state="REJECTED")
    found = figures(period(cast))
    assert (found.totals.validated, found.totals.declared, found.totals.rejected) == (100, 40, 30)
    assert found.totals.owed == 1000


def test_hours_count_in_the_month_they_were_worked_whatever_the_year_of_the_contract(cast, work):
    work.hours(MARCH, 100)
    work.hours(NEXT_MARCH, 50)
    assert figures(period(cast, "2025-01", "2025-12")).totals.validated == 50
    assert [
        (row.key, row.validated) for row in figures(period(cast, "2024-01", "2025-12")).breakdowns["year"]
    ] == [
        ("2024", 100),
        ("2025", 50),
    ]


@pytest.mark.parametrize("last", ["2025-12", "2025-11"])
def test_a_person_is_one_whatever_the_years_and_contracts(cast, work, last):
    """Counted on the rollups for whole years, on the lines for a period that cuts one."""
    other = Work(cast, an_obligation(cast, department="57", sector="green"))
    work.hours(MARCH, 100, pseudonym="camille")
    other.hours(MARCH, 80, pseudonym="camille", body="felix")
    work.hours(NEXT_MARCH, 50, job=work.job(work.person(pseudonym="alix", body="felix", sex="M")))
    found = figures(period(cast, "2024-01", last))
    assert found.people == 2
    assert {row.key: row.people for row in found.breakdowns["sector"]} == {"building": 2, "green": 1}
    assert {row.key: row.people for row in found.breakdowns["year"]} == {"2024": 1, "2025": 1}
    assert (found.women, found.mean_hours) == (Decimal("0.5"), 115)


def test_hours_taken_back_by_a_correction_leave_no_participant(cast, work):
    job = work.job()
    line = work.hours(MARCH, 60, job=job, state="LOCKED")
    undone = work.line(job, MARCH, -60, corrects=line)
    work.move([undone], "DECLARED", "VALIDATED")
    assert figures(period(cast)).people == 0
    assert figures(period(cast, last="2024-11")).people == 0


def test_new_and_running_contracts_are_two_figures(cast):
    an_obligation(cast, starts_on=date(2023, 12, 20), months=12)
    ended = an_obligation(cast, starts_on=date(2021, 1, 4), months=12)
    late = an_obligation(cast, starts_on=date(2021, 1, 4), months=12)
    type(late).objects.filter(pk=late.pk).update(closed_on=date(2024, 2, 1), state="partial")
    an_obligation(cast, starts_on=date(2025, 1, 8), months=12)
    counts = figures(period(cast)).counts
    assert ended.closed_on is None
    assert (counts.started, counts.running, counts.closed) == (1, 2, 1)


def test_coverage_says_how_many_running_contracts_have_hours(cast, work):
    an_obligation(cast)
    assert figures(period(cast)).counts.coverage == 0
    work.hours(MARCH, 100)
    counts = figures(period(cast)).counts
    assert (counts.worked, counts.running, counts.coverage) == (1, 2, Decimal("0.5"))


def test_the_realisation_rate_looks_at_closed_contracts_only(cast, work):
    work.hours(MARCH, 900)
    running = figures(period(cast)).counts
    assert running.realisation is None
    type(work.obligation).objects.filter(pk=work.obligation.pk).update(
        closed_on=date(2024, 12, 3), state="partial"
    )
    assert figures(period(cast)).counts.realisation == Decimal("0.9")


def test_two_contracts_of_one_siren_are_one_company(cast):
    first, second = an_obligation(cast), an_obligation(cast, shares={"cyril": Decimal(1)})
    corinne, cyril = cast["corinne"].organisation, cast["cyril"].organisation
    for obligation in (first, second):
        Work(cast, obligation).hours(MARCH, 10)
    assert figures(period(cast)).counts.companies == 2
    cyril.siret = corinne.siret[:9] + "00024"
    cyril.save()
    assert figures(period(cast)).counts.companies == 1


def test_diversification_is_the_share_of_hours_outside_construction(cast, work):
    work.hours(MARCH, 75)
    Work(cast, an_obligation(cast, sector="green")).hours(MARCH, 25)
    assert figures(period(cast)).diversification == Decimal("0.25")


def test_every_breakdown_makes_the_same_total(cast, work):
    other = Work(cast, an_obligation(cast, department="57", sector="green", shares={"cyril": Decimal(1)}))
    work.hours(MARCH, "33.33", sex="M", category="B_DELD")
    other.hours(APRIL, "12.34", mode="SUPPLY_SIAE", kind="CTT", state="DECLARED")
    other.hours(NEXT_MARCH, "7.07", training=2)
    found = figures(period(cast, "2024-01", "2025-12"))
    for name in BREAKDOWNS:
        for column in HOURS:
            whole = sum(getattr(row, column) for row in found.breakdowns[name])
            assert whole == getattr(found.totals, column), (name, column)


@pytest.mark.parametrize(
    ("filters", "validated"),
    [
        ({"department": "54"}, 100),
        ({"sector": "green"}, 40),
        ({"mode": "SUPPLY_SIAE"}, 40),
        ({"category": "B_DELD"}, 40),
        ({"sex": "F"}, 100),
        ({"sex": "F", "department": "57"}, 0),
    ],
)
def test_filters_keep_hours_people_and_contracts_together(cast, work, filters, validated):
    other = Work(cast, an_obligation(cast, department="57", sector="green"))
    work.hours(MARCH, 100)
    other.hours(MARCH, 40, sex="M", category="B_DELD", mode="SUPPLY_SIAE")
    found = figures(period(cast, **filters))
    assert found.totals.validated == validated
    assert found.people == found.counts.worked == found.counts.companies == (1 if validated else 0)


def test_what_is_owed_has_no_mode(cast, work):
    work.hours(MARCH, 100)
    assert figures(period(cast)).hours("owed") == 1000
    assert figures(period(cast, mode="DIRECT_HIRE")).hours("owed") is None


def test_the_previous_period_has_the_same_months(cast):
    assert period(cast).before() == period(cast, "2023-01", "2023-12")
    assert period(cast, "2024-03", "2024-06").before() == period(cast, "2023-03", "2023-06")
    assert period(cast, "2022-07", "2024-06").before() == period(cast, "2020-07", "2022-06")


def test_another_scheme_is_never_in_the_figures(cast, work):
    work.hours(MARCH, 100)
    elsewhere = Perimeter(cast.other_scheme.pk, Month(2024, 1), Month(2024, 12))
    assert figures(elsewhere).totals.validated == 0
    assert figures(elsewhere).counts.running == 0


def scope(cast, name, *capacities):
    return scope_of(cast[name].actor(date(2026, 1, 5)), cast.scheme, capacities)


def test_each_reads_the_figures_of_its_own_part(cast, work):
    town = Work(cast, an_obligation(cast, by="benoit", department="57", shares={"cyril": Decimal(1)}))
    work.hours(MARCH, 100)
    town.hours(MARCH, 60, body="felix")
    read = {
        name: figures(period(cast), scope(cast, name, capacity))
        for name, capacity in (
            ("clara", "coordinator"),
            ("elodie", "coordinator"),
            ("benoit", "buyer"),
            ("fanny", "facilitator"),
            ("felix", "facilitator"),
            ("corinne", "company"),
            ("cyril", "company"),
            ("sonia", "structure"),
        )
    }
    hours = {name: found.totals.validated for name, found in read.items()}
    assert hours == {
        "clara": 160,
        "elodie": 160,
        "benoit": 60,
        "fanny": 100,
        "felix": 60,
        "corinne": 100,
        "cyril": 60,
        "sonia": 0,
    }
    assert {name: found.counts.running for name, found in read.items()} == {
        "clara": 2,
        "elodie": 2,
        "benoit": 1,
        "fanny": 1,
        "felix": 1,
        "corinne": 1,
        "cyril": 1,
        "sonia": 0,
    }
    assert read["cyril"].totals.owed == 400


def test_a_company_reads_the_same_figures_as_the_scheme_of_its_only_contract(cast, work):
    work.hours(MARCH, 100, training=5)
    work.hours(APRIL, 40, state="DECLARED")
    work.hours(NEXT_MARCH, 12, sex="M", category="B_DELD")
    own = Scope(own=cast["corinne"].organisation.pk, fewest=0)
    for filters in ({}, {"sex": "F"}, {"department": "54"}, {"last": "2025-11"}):
        asked = period(cast, **({"last": "2025-12"} | filters))
        whole, part = figures(asked), figures(asked, own)
        assert part.totals == whole.totals
        assert part.counts == whole.counts
        assert part.breakdowns == whole.breakdowns


def test_a_partner_reads_its_own_share_of_what_is_owed(cast):
    shares = {"corinne": Decimal("0.75"), "cyril": Decimal("0.25")}
    an_obligation(cast, shares=shares, hours=1000)
    assert figures(period(cast), scope(cast, "cyril", "company")).totals.owed == 250


def test_a_structure_reads_the_hours_of_its_employees(cast, work):
    work.hours(MARCH, 100)
    work.hours(MARCH, 30, declared_by="sonia", mode="SUPPLY_SIAE")
    found = figures(period(cast), scope(cast, "sonia", "structure"))
    assert (found.totals.validated, found.people, found.totals.owed) == (30, 1, 0)


def test_a_breakdown_of_few_people_is_masked_with_the_next_one(cast, work):
    crowd(work, MARCH, 12, sex="M", category="B_DELD")
    crowd(work, MARCH, 3, sex="F", category="B_RSA")
    shown = figures(period(cast), Scope())
    assert all(row.masked and row.validated == 0 for row in shown.breakdowns["sex"] if row.key)
    assert all(row.masked for row in shown.breakdowns["category"] if row.key)
    assert shown.women is None
    assert (shown.people, shown.totals.validated) == (15, 1500)
    assert not any(row.masked for row in shown.breakdowns["sector"])


def test_the_people_of_a_small_sector_are_not_counted(cast, work):
    crowd(work, MARCH, 12)
    crowd(Work(cast, an_obligation(cast, sector="green")), MARCH, 3, body="felix")
    found = figures(period(cast), Scope())
    assert {row.key: (row.people, row.few) for row in found.breakdowns["sector"]} == {
        "building": (12, False),
        "green": (0, True),
    }
    assert {row.key: row.validated for row in found.breakdowns["sector"]} == {"building": 1200, "green": 300}


def test_families_of_public_are_told_when_categories_are_too_small(cast, work):
    for category in ("A_EI", "A_ACI", "B_RSA", "B_DELD"):
        crowd(work, MARCH, 7, category=category)
    found = figures(period(cast), Scope())
    assert all(row.masked for row in found.breakdowns["category"] if row.key)
    assert {row.key: row.validated for row in found.breakdowns["family"]} == {"A": 1400, "B": 1400}


def test_a_family_never_reveals_the_only_category_masked_in_it(cast, work):
    crowd(work, MARCH, 20, category="A_EI")
    crowd(work, MARCH, 5, category="A_ACI")
    crowd(work, MARCH, 8, category="B_RSA")
    found = figures(period(cast), Scope())
    assert [row.key for row in found.breakdowns["category"] if row.masked] == ["B_RSA", "A_ACI"]
    assert found.breakdowns["family"] == []


def test_a_facilitator_sees_the_groups_of_five_of_its_territory(cast, work):
    crowd(work, MARCH, 12, sex="M")
    crowd(work, MARCH, 6, sex="F")
    assert figures(period(cast), scope(cast, "fanny", "facilitator")).women == Decimal("0.3333")
    assert figures(period(cast), scope(cast, "clara", "coordinator")).women is None


def test_a_filter_on_people_never_narrows_to_a_few_of_them(cast, work):
    crowd(work, MARCH, 30, sex="M")
    crowd(work, MARCH, 4, sex="F")
    found = figures(period(cast, sex="F"), Scope())
    assert found.masked
    assert found.people == 0
    assert found.hours("validated") is None
    assert found.breakdowns["department"] == []
    assert figures(period(cast, sex="M"), Scope()).masked, (
        "thirty men of thirty-four people tell of four women"
    )


def test_two_periods_never_differ_by_a_few_people(cast, work):
    crowd(work, MARCH, 20, sex="F")
    crowd(work, MARCH, 20, sex="M")
    crowd(work, date(2024, 12, 1), 1, sex="F")
    assert figures(period(cast), Scope()).women is not None
    assert figures(period(cast, last="2024-11"), Scope()).women is None


def test_the_same_queries_whatever_the_number_of_rows(cast, work, django_assert_num_queries):
    perimeter = period(cast)
    asks = [Ask(perimeter), Ask(perimeter.before(), ("year", "sex", "sector"))]
    with django_assert_num_queries(2):
        consolidate(asks, Scope())
    for month in (MARCH, APRIL, NEXT_MARCH):
        Work(cast, an_obligation(cast)).hours(month, 10)
    with django_assert_num_queries(2):
        consolidate(asks, Scope())
