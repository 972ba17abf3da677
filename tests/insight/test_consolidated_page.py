"""The consolidated page as people use it."""

from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from relais.kit.models import AuditEntry
from tests.insight.scene import Work, an_obligation, crowd

pytestmark = pytest.mark.django_db
MARCH = date(2024, 3, 1)
NARROW = "\u202f"
YEAR = {"first": "2024-01", "last": "2024-12"}


@pytest.fixture
def work(cast):
    return Work(cast, an_obligation(cast, hours=1000))


@pytest.fixture
def read(client_for, cast):
    def read(name, url_name="consolidated", query=YEAR, **headers):
        person = cast[name]
        path = reverse(url_name, kwargs={"organisation": person.organisation.slug})
        return client_for(person).get(path, query, headers=headers)

    return read


def text(response) -> str:
    return " ".join(BeautifulSoup(response.content.decode(), "html.parser").get_text(" ").split())


def tile(response, label: str) -> str:
    page = BeautifulSoup(response.content.decode(), "html.parser")
    label_of = page.find("p", class_="figure-label", string=label)
    assert label_of is not None, f"no figure {label}"
    return label_of.find_next_sibling("p").get_text(strip=True).replace("\u202f", " ")


def test_clara_reads_the_hours_validated_in_2024(read, work):
    work.hours(MARCH, 100)
    work.hours(MARCH, 40, state="DECLARED")
    page = read("clara")
    assert tile(page, "Heures validées") == "100 h"
    assert tile(page, "Heures déclarées, à valider") == "40 h"
    assert tile(page, "Marchés notifiés dans la période") == "1"
    assert tile(page, "Marchés en cours dans la période") == "1"


def test_the_address_keeps_the_sentence_and_a_filter_narrows_it(read, work, cast):
    work.hours(MARCH, 100)
    Work(cast, an_obligation(cast, department="57", sector="green")).hours(MARCH, 60, body="felix")
    assert tile(read("clara", query=YEAR | {"department": "57"}), "Heures validées") == "60 h"
    page = read("clara", query=YEAR | {"sector": "green", "buyer": "nobody"})
    assert tile(page, "Heures validées") == "60 h"
    chosen = BeautifulSoup(page.content.decode(), "html.parser").select_one("#id_sector option[selected]")
    assert chosen["value"] == "green"


@pytest.mark.parametrize(
    "query",
    [
        {"first": "2024-13", "last": "xx"},
        {"first": "1024-01", "last": "2024-12"},
        {"first": "2024-12", "last": "2024-01"},
        {"buyer": "' OR 1=1", "department": "<script>", "sex": "Z", "scheme": "nothing"},
        {"first": "12/2023", "last": "9999-12"},
        {"page": "-4", "figure": "nothing"},
    ],
)
def test_a_wrong_address_still_gives_a_page(read, work, query):
    for name in ("consolidated", "consolidated-rows", "consolidated-export"):
        assert read("clara", name, query).status_code == 200


def test_a_period_the_wrong_way_round_is_told(read, work):
    assert "se termine avant de commencer" in text(
        read("clara", query={"first": "2024-12", "last": "2024-01"})
    )


def test_the_refresh_gives_the_figures_alone(read, work):
    part = read("clara", **{"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="results"')
    assert "<html" not in part


def test_a_figure_opens_the_contracts_that_make_it(read, work, cast):
    work.hours(MARCH, 100)
    an_obligation(cast, starts_on=date(2024, 2, 5))
    page = BeautifulSoup(read("clara").content.decode(), "html.parser")
    link = page.find("p", class_="figure-label", string="Heures validées").find_next("a")["href"]
    assert "first=2024-01" in link
    assert "figure=validated" in link
    rows = text(read("clara", "consolidated-rows", YEAR | {"figure": "validated"}))
    assert work.obligation.clause.reference in rows
    assert rows.count("2024-0") + rows.count("2023-0") >= 1
    started = read("clara", "consolidated-rows", YEAR | {"figure": "started"})
    assert len(BeautifulSoup(started.content.decode(), "html.parser").select("tbody tr")) == 2


@pytest.mark.parametrize(
    ("figure", "number"),
    [
        *[("validated", 1), ("owed", 2), ("waiting", 1), ("rejected", 0), ("started", 2)],
        *[("running", 2), ("worked", 1), ("covered", 1), ("closed", 0), ("diverse", 0)],
    ],
)
def test_as_many_rows_as_the_figure_counts(read, work, cast, figure, number):
    work.hours(MARCH, 100)
    Work(cast, an_obligation(cast, sector="green")).hours(MARCH, 100, state="DECLARED")
    for filters in ({}, {"mode": "DIRECT_HIRE"}):
        page = read("clara", "consolidated-rows", YEAR | {"figure": figure} | filters)
        assert len(BeautifulSoup(page.content.decode(), "html.parser").select("tbody tr")) == number, filters


def test_a_list_of_contracts_is_never_narrowed_to_some_people(read, work):
    work.hours(MARCH, 100, sex="F")
    work.hours(MARCH, 80, sex="M")
    page = read("clara", "consolidated-rows", YEAR | {"figure": "validated", "sex": "F"})
    assert "180" in text(page)
    assert "n’est jamais restreinte" in text(page)


def test_a_facilitator_opens_the_contracts_it_follows_only(read, work, cast):
    felix = [cast["felix"].organisation]
    other = Work(cast, an_obligation(cast, facilitators=felix))
    work.hours(MARCH, 100)
    other.hours(MARCH, 60, body="felix")
    assert tile(read("fanny"), "Heures validées") == "160 h"
    rows = text(read("fanny", "consolidated-rows", YEAR | {"figure": "validated"}))
    assert work.obligation.clause.reference in rows
    assert other.obligation.clause.reference not in rows
    assert "suivis par d’autres structures" in rows


def test_elodie_reads_figures_and_no_row(read, work):
    work.hours(MARCH, 100)
    page = read("elodie")
    assert tile(page, "Heures validées") == "100 h"
    assert b"bilan/marches" not in page.content
    assert read("elodie", "consolidated-rows").status_code == 403


def test_small_groups_are_masked_in_words(read, work):
    crowd(work, MARCH, 12, sex="M", category="B_DELD")
    crowd(work, MARCH, 2, sex="F", category="B_RSA")
    page = read("clara")
    assert "moins de 11 personnes" in text(page)
    assert tile(page, "Femmes parmi les personnes") == "–"
    file = b"".join(read("clara", "consolidated-export").streaming_content).decode("utf-8-sig")
    assert next(line for line in file.splitlines() if "RSA" in line).count(";;") > 2
    assert "200" not in [cell for line in file.splitlines() if "RSA" in line for cell in line.split(";")]


def test_a_filter_on_too_few_people_shows_nothing(read, work):
    crowd(work, MARCH, 12, sex="M")
    crowd(work, MARCH, 2, sex="F")
    page = read("clara", query=YEAR | {"sex": "F"})
    assert "conservent moins de 11 personnes" in text(page)
    assert not BeautifulSoup(page.content.decode(), "html.parser").select(".figure")


def test_a_filter_on_jobs_leaves_out_the_figures_of_contracts(read, work):
    crowd(work, MARCH, 12, sex="M")
    labels = [
        label.get_text()
        for label in BeautifulSoup(
            read("clara", query=YEAR | {"sex": "M"}).content.decode(), "html.parser"
        ).select(".figure-label")
    ]
    assert "Marchés avec heures" in labels
    assert not {"Couverture", "Heures dues, nées dans la période", "Femmes parmi les personnes"} & set(labels)


def test_the_file_holds_what_is_shown_and_is_traced(read, work, cast):
    work.hours(MARCH, "100.25")
    response = read("clara", "consolidated-export", YEAR | {"format": "csv"})
    file = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "100,25" in file
    assert read("clara", "consolidated-export", YEAR | {"format": "xlsx"}).content.startswith(b"PK")
    rows = read("clara", "consolidated-rows-export", YEAR | {"figure": "validated"})
    assert "100,25" in b"".join(rows.streaming_content).decode("utf-8-sig")
    verbs = AuditEntry.objects.filter(outcome="exported").values_list("verb", flat=True)
    assert sorted(verbs) == [
        "insight.consolidated.exported",
        "insight.consolidated.exported",
        "insight.rows.exported",
    ]


def test_a_scheme_without_hours_says_what_will_come(read, cast):
    assert "Aucune heure dans ce périmètre" in text(read("clara"))


@pytest.mark.parametrize("name", ["clara", "fanny", "benoit", "corinne", "elodie"])
@pytest.mark.parametrize("query", [YEAR, {"first": "2024-02", "last": "2024-11"}])
@pytest.mark.parametrize("rows", [1, 3])
def test_few_queries_whatever_the_rows(read, cast, within_queries, name, query, rows):
    for number in range(rows):
        by = "benoit" if name == "benoit" else "clara"
        Work(cast, an_obligation(cast, by=by)).hours(MARCH, 10 + number)
    with within_queries(12):
        read(name, query=query)
    if name != "elodie":
        with within_queries(12):
            read(name, "consolidated-rows", query=query)


def test_the_previous_year_is_beside_each_figure(read, cast, work):
    work.hours(MARCH, 150)
    before = Work(cast, an_obligation(cast, starts_on=date(2022, 2, 7)))
    before.hours(date(2023, 3, 1), 100)
    assert "+50 %" in text(read("clara")).replace(NARROW, " ")
    assert Decimal("0.5")
