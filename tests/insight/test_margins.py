"""The margins give the page that the cells and the years of people give, for every filter and period."""

from datetime import date
from decimal import Decimal

import pytest

from relais.core.months import Month
from relais.insight.margins import FILTERS
from relais.insight.models import HeadMargin
from relais.insight.perimeter import Perimeter
from relais.insight.queries import consolidated, people
from relais.insight.queries.consolidated import Ask, consolidate
from relais.insight.queries.margins import slot_of
from relais.insight.scopes import Scope
from tests.insight.scene import Work, an_obligation

pytestmark = pytest.mark.django_db
YEARS = (date(2024, 3, 1), date(2025, 3, 1), date(2026, 3, 1))
ALL = Scope(fewest=0)


@pytest.fixture
def two_contracts(cast):
    """One person in both, absent in 2025 from the first; another one declared, then rejected."""
    building = Work(cast, an_obligation(cast, hours=1000, months=36))
    green = Work(cast, an_obligation(cast, hours=500, months=36, sector="green", department="57"))
    one = building.job(building.person(sex="F", pseudonym="one"))
    two = building.job(building.person(sex="M", pseudonym="two"), mode="SUPPLY_SIAE", category="B_DELD")
    again = green.job(green.person(sex="F", body="felix", pseudonym="one"))
    for work, job, month, hours, state in (
        (building, one, YEARS[0], 100, "VALIDATED"),
        (building, one, YEARS[2], 50, "VALIDATED"),
        (green, again, YEARS[1], 30, "VALIDATED"),
        (building, two, YEARS[1], 70, "REJECTED"),
        (building, two, YEARS[2], 20, "VALIDATED"),
    ):
        line = work.line(job, month, Decimal(hours))
        work.move([line], "DECLARED")
        work.move([line], state)
    return building


def read(perimeter):
    (found,) = consolidate([Ask(perimeter)], ALL)
    rows = {
        (name, row.key): (row.owed, row.validated, row.rejected, row.people)
        for name, some in found.breakdowns.items()
        for row in some
    }
    return found.people, found.totals, rows


VALUES = {
    "department": "57",
    "modality": "EXEC_CONDITION",
    "sector": "building",
    "mode": "SUPPLY_SIAE",
    "category": "B_RSA",
    "sex": "F",
}


@pytest.mark.parametrize(("first", "last"), [(2024, 2024), (2024, 2025), (2025, 2026), (2024, 2026)])
@pytest.mark.parametrize("name", FILTERS)
def test_a_page_of_margins_is_the_page_of_cells(cast, two_contracts, monkeypatch, name, first, last):
    value = two_contracts.obligation.buyer_id if name == "buyer" else VALUES.get(name)
    perimeter = Perimeter(cast.scheme.pk, Month(first, 1), Month(last, 12), **({name: value} if name else {}))
    assert slot_of(perimeter, ALL) == (name, str(value or ""))
    ready = read(perimeter)
    for module in (consolidated, people):
        monkeypatch.setattr(module, "slot_of", lambda perimeter, scope: None)
    assert ready == read(perimeter)


def test_somebody_back_after_a_year_away_is_one_person(cast, two_contracts):
    perimeter = Perimeter(
        cast.scheme.pk, Month(2024, 1), Month(2026, 12), sector="building", category="B_RSA"
    )
    assert slot_of(perimeter, ALL) is None
    former = HeadMargin.objects.filter(filter="sector", value="building", dimension="all", number__gt=0)
    kept = sorted(former.values_list("year", "former_year", "number"))
    assert kept == [(2024, 0, 1), (2026, 0, 1), (2026, 2024, 1)]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(), ("", "")),
        (Scope(departments=("54",)), ("department", "54")),
        (Scope(departments=("54", "57")), None),
        (Scope(departments=("54",), buyer=3), None),
        (Scope(buyer=3), ("buyer", "3")),
        (Scope(own=3), None),
    ],
)
def test_the_margins_answer_only_what_they_hold(scope, expected):
    assert slot_of(Perimeter(1, Month(2024, 1), Month(2024, 12)), scope) == expected
    assert slot_of(Perimeter(1, Month(2024, 2), Month(2024, 12)), scope) is None
