from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils.translation import override

from relais.clauses.enums import ScoringMethod
from relais.clauses.models import Score, ScoringGrid, Tender
from relais.kit.models import AuditEntry, Outcome
from tests.clauses.factories import a_grid, a_scored_clause, an_awarded, an_offer, score

pytestmark = pytest.mark.django_db


def page_of(name, person, **kwargs):
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


def rows_of(*rows, known=0):
    data = {"lines-TOTAL_FORMS": str(len(rows)), "lines-INITIAL_FORMS": str(known)}
    for number, row in enumerate(rows):
        data |= {f"lines-{number}-{name}": value for name, value in row.items()}
    return data


def test_the_grid_is_taken_from_the_one_that_the_kit_publishes(cast, clara, client_for):
    clause = a_scored_clause(cast)
    browser, url = client_for(clara), page_of("grid-write", clara, pk=clause.pk)
    shown = browser.get(url).context["rows"].initial
    assert [(line["title"], line["points"]) for line in shown][:2] == [
        ("Volume proposé", Decimal(40)),
        ("Accueil et tutorat", Decimal(25)),
    ]
    assert [line["method"] for line in shown] == [ScoringMethod.VOLUME] + [ScoringMethod.JUDGED] * 3
    with override("fr"):
        rows = [{**line, "points": str(line["points"])} for line in shown]
    answer = browser.post(url, {"decimals": "1", "source": "RC, article 8", **rows_of(*rows, known=4)})
    assert answer.url == page_of("clause-analysis", clara, pk=clause.pk)
    assert sum(line.points for line in ScoringGrid.objects.get().lines.all()) == 100


def test_a_wrong_grid_keeps_what_was_typed(cast, clara, client_for):
    clause = a_scored_clause(cast)
    url = page_of("grid-write", clara, pk=clause.pk)
    rows = rows_of({"title": "Tutorat, suivi"}, {"points": "20", "method": "JUDGED"})
    answer = client_for(clara).post(url, {"decimals": "1", "source": "RC", **rows})
    assert answer.status_code == 422
    assert "Tutorat, suivi" in answer.content.decode()
    assert answer.context["rows"].forms[0].errors["points"]
    assert answer.context["rows"].forms[1].errors["title"]
    empty = client_for(clara).post(url, {"decimals": "1", "source": "RC", **rows_of({}, {})})
    assert empty.status_code == 422
    assert not ScoringGrid.objects.exists()


def test_an_offer_goes_from_its_record_to_its_rank(cast, clara, corinne, client_for):
    clause = a_scored_clause(cast)
    grid = a_grid(cast, clause)
    browser = client_for(clara)
    siret = corinne.organisation.siret
    data = {"name": "Bâtisseurs du Mad", "identifier": siret, "hours": "1 500,5"}
    years = {"year_1": "1 000", "year_2": "500,5", "commitments": "Un tuteur par équipe"}
    assert browser.post(page_of("tender-add", clara, pk=clause.pk), {**data, **years}).status_code == 302
    tender = Tender.objects.get()
    assert (tender.organisation, tender.hours) == (corinne.organisation, Decimal("1500.50"))
    volume, welcome = grid.lines.all()
    url = page_of("tender-score", clara, pk=clause.pk, tender=tender.pk)
    assert "Un tuteur par équipe" in browser.get(url).content.decode()
    marks = {f"rationale_{volume.pk}": "Volume tenable", f"points_{welcome.pk}": "45,5"}
    refused = browser.post(url, marks)
    assert refused.status_code == 422
    assert "45,5" in refused.content.decode()
    summary = BeautifulSoup(refused.content.decode(), "html.parser").select_one(".error-summary")
    assert welcome.title in summary.select_one("li").get_text()
    assert browser.post(url, {**marks, f"rationale_{welcome.pk}": "Tuteur nommé"}).status_code == 302
    page = browser.get(page_of("clause-analysis", clara, pk=clause.pk)).content.decode()
    assert "85,5" in page
    assert "Tuteur nommé" in page
    corrected = {f"rationale_{volume.pk}": "Volume tenable", f"points_{welcome.pk}": "50"}
    corrected |= {f"rationale_{welcome.pk}": "Tuteur nommé et formé", "reason": "Annexe 3 relue"}
    assert browser.post(url, corrected).status_code == 302
    page = browser.get(page_of("clause-analysis", clara, pk=clause.pk)).content.decode()
    assert "Annexe 3 relue" in page
    assert "<del>" in page
    printed = browser.get(page_of("analysis-print", clara, pk=clause.pk)).content.decode()
    assert "Tuteur nommé et formé" in printed


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"identifier": "123 456 789"}, "identifier"),
        ({"identifier": "12"}, "identifier"),
        ({"hours": "x"}, "hours"),
    ],
)
def test_what_is_wrong_in_an_offer_is_told_at_its_field(cast, clara, client_for, data, field):
    clause = a_scored_clause(cast)
    answer = client_for(clara).post(
        page_of("tender-add", clara, pk=clause.pk), {"name": "Façades", "hours": "10", **data}
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not Tender.objects.exists()


def test_points_beyond_the_line_and_of_another_rounding_are_told_at_their_field(cast, clara, client_for):
    clause = a_scored_clause(cast)
    grid = a_grid(cast, clause)
    welcome = grid.lines.last()
    url = page_of("tender-score", clara, pk=clause.pk, tender=an_offer(cast, clause).pk)
    for points in ("61", "12,25", "-1"):
        answer = client_for(clara).post(
            url, {f"points_{welcome.pk}": points, f"rationale_{welcome.pk}": "Tuteur"}
        )
        assert answer.context["form"].errors[f"points_{welcome.pk}"], points
    assert not Score.objects.exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_analysis_is_exported_with_its_reasons_and_leaves_a_trace(cast, clara, client_for, kind):
    clause = a_scored_clause(cast)
    a_grid(cast, clause)
    score(cast, an_offer(cast, clause), rationale="=1+1 tuteur")
    answer = client_for(clara).get(page_of("analysis-export", clara, pk=clause.pk), {"format": kind})
    content = b"".join(answer) if answer.streaming else answer.content
    if kind == "csv":
        assert "'=1+1 tuteur" in content.decode()
        assert "Bâtisseurs du Mad" in content.decode()
    else:
        assert content[:2] == b"PK"
    trace = AuditEntry.objects.get(verb="clauses.analysis.exported")
    assert (trace.outcome, trace.detail) == (Outcome.EXPORTED, f"{kind} rows=1")


def test_the_holder_reads_no_offer_after_the_award_and_is_told_why(cast, corinne, client_for):
    clause = an_awarded(cast, modality="MIXED", criterion_weight=Decimal(15))
    answer = client_for(corinne).get(page_of("clause-analysis", corinne, pk=clause.pk))
    assert answer.status_code == 403
    assert "confidentielles" in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["clause-analysis", "analysis-print", "analysis-export", "tender-score"])
def test_the_pages_of_the_analysis_stay_flat(cast, clara, client_for, within_queries, count, name):
    clause = a_scored_clause(cast)
    a_grid(cast, clause)
    offers = [an_offer(cast, clause, f"Candidat {number}") for number in range(count)]
    for tender in offers:
        score(cast, tender)
    browser = client_for(clara)
    extra = {"tender": offers[0].pk} if name == "tender-score" else {}
    with within_queries(12):
        answer = browser.get(page_of(name, clara, pk=clause.pk, **extra))
        assert answer.status_code == 200
        assert not answer.streaming or b"".join(answer)


@pytest.mark.parametrize("name", ["grid-write", "tender-add", "tender-correct", "tender-aside"])
def test_the_forms_of_the_analysis_keep_their_budget(cast, clara, client_for, within_queries, name):
    clause = a_scored_clause(cast)
    a_grid(cast, clause)
    tender = an_offer(cast, clause)
    extra = {"tender": tender.pk} if name in ("tender-correct", "tender-aside") else {}
    browser = client_for(clara)
    with within_queries(12):
        assert browser.get(page_of(name, clara, pk=clause.pk, **extra)).status_code == 200
