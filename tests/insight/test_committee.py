"""The committee's sheet: the year, the year before and the whole, and no name of a company in difficulty."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from tests.insight.scene import Work, an_obligation, crowd

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client_for, cast):
    def read(name="elodie", **query):
        person = cast[name]
        path = reverse("committee", kwargs={"organisation": person.organisation.slug})
        return client_for(person).get(path, query)

    return read


def cells(response, label: str) -> list[str]:
    page = BeautifulSoup(response.content.decode(), "html.parser")
    head = next(th for th in page.select("tbody th") if th.find(string=True).strip() == label)
    return [cell.get_text(strip=True).replace("\u202f", " ") for cell in head.parent.select("td")]


def text(response) -> str:
    return " ".join(BeautifulSoup(response.content.decode(), "html.parser").get_text(" ").split())


def test_each_figure_has_its_year_the_year_before_and_the_whole(read, cast):
    work = Work(cast, an_obligation(cast, starts_on=date(2022, 2, 7), months=48))
    work.hours(date(2022, 3, 1), 100, pseudonym="camille")
    work.hours(date(2023, 3, 1), 50, pseudonym="camille", body="felix")
    work.hours(date(2024, 3, 1), 75, pseudonym="alix", body="felix")
    page = read(year=2024)
    assert cells(page, "Heures validées") == ["75 h", "50 h", "+50 %", "225 h"]
    assert cells(page, "Personnes") == ["1", "1", "0 %", "2"]


def test_the_last_year_over_is_shown_by_default(read, cast):
    year = timezone.localdate().year - 1
    assert f"résultats {year}" in text(read())
    assert f"résultats {year}" in text(read(year="tomorrow"))
    assert "année en cours" in text(read(year=year + 1))


def test_companies_late_are_a_number_without_a_name(read, cast):
    today = timezone.localdate()
    an_obligation(cast, starts_on=today - timedelta(400), ends_on=today - timedelta(10))
    page = text(read())
    assert "Exécution terminée, heures restantes 1" in page
    assert "Bâtisseurs du Mad" not in page


def test_small_groups_are_masked(read, cast):
    work = Work(cast, an_obligation(cast, starts_on=date(2024, 2, 5)))
    crowd(work, date(2024, 3, 1), 14, sex="M", category="B_DELD")
    crowd(work, date(2024, 3, 1), 3, sex="F", category="B_RSA")
    page = read(year=2024)
    assert "moins de 11 personnes" in text(page)
    assert cells(page, "2 valeurs masquées")[0] == "1 700"
    assert "Hommes" not in text(page)


def test_it_says_from_where_and_from_when(read, cast):
    page = text(read())
    assert "Équivalent temps plein" in page
    assert "1 607 h" in page.replace("\u202f", " ")
    assert "chiffres arrêtés au" in page


def test_few_queries(read, cast, within_queries):
    for number in range(3):
        Work(cast, an_obligation(cast)).hours(date(2024, 3, 1), 10 + number)
    with within_queries(12):
        read(year=2024)
