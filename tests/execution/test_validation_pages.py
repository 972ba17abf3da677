"""The facilitator's queue: anomalies first, one key per line, two people, one effect."""

from datetime import timedelta

import pytest

from relais.clauses.models import Party
from relais.core.months import Month
from relais.execution.actions.validation import decidable_lines, validate_lines
from relais.execution.enums import LineState
from relais.execution.models import ClosedMonth, StatementLine
from tests.execution.worksite import APRIL, MARCH, TODAY, lay_worksite, noon

FANNY = "/plie-de-la-meurthe/execution"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def fannys(client_for, fanny):
    return client_for(fanny)


def act(browser, line, verb, *, htmx=False, **data):
    data = {"version": line.version} | data
    return browser.post(f"{FANNY}/lignes/{line.pk}/{verb}/", data, headers=HTMX if htmx else {})


def test_hours_home_leads_each_to_their_work(worksite, client_for, cast):
    ends = {"fanny": "validation/", "corinne": "releves/", "sonia": "releves/"}
    for name, end in ends.items():
        slug = cast[name].organisation.slug
        assert client_for(cast[name]).get(f"/{slug}/execution/").url == f"/{slug}/execution/{end}"


def test_anomalies_come_first_then_the_oldest_months(worksite, fannys):
    calm, loud = worksite.job(0), worksite.job(1)
    worksite.declare([(calm, 100)], month=MARCH)
    worksite.declare([(calm, 101), (loud, 230)], month=APRIL)
    page = fannys.get(f"{FANNY}/validation/").content.decode()
    places = [page.index(text) for text in (">230<", ">101<", ">100<")]
    assert places == sorted(places)
    assert "AL07" in page or "220" in page


def test_evidence_stands_beside_the_line(worksite, fannys):
    job = worksite.job()
    worksite.declare([(job, 90)], month=Month(2024, 2))
    worksite.declare([(job, 100)])
    page = fannys.get(f"{FANNY}/validation/?month=2024-03").content.decode()
    for text in ("Amina Benali", "Aide maçon", "Attestation CAF", ">90<", "Corinne Nomdetest"):
        assert text in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_stays_flat(worksite, cast, fannys, within_queries, count):
    worksite.declare([(worksite.job(index), 100) for index in range(count)])
    for number in range(1, count):
        other = lay_worksite(cast, reference=f"2024-0{20 + number}")
        other.declare([(other.job(3 + number, declared_by="sonia"), 100)], by="sonia")
    with within_queries(12):
        page = fannys.get(f"{FANNY}/validation/").content.decode()
    assert page.count("data-queue-item") == count + count - 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_months_stay_flat(worksite, fannys, within_queries, count):
    jobs = [worksite.job(index) for index in range(count)]
    for month in (MARCH, APRIL)[: max(1, count - 1)]:
        worksite.declare([(job, 100) for job in jobs], month=month)
    with within_queries(12):
        fannys.get(f"{FANNY}/suivi/{worksite.obligation.pk}/mois/")
    with within_queries(12):
        fannys.get(f"{FANNY}/suivi/{worksite.obligation.pk}/mois/2024-03/")


def test_the_queue_is_narrowed_by_its_filters(worksite, fannys):
    worksite.declare([(worksite.job(0), 101)])
    worksite.declare([(worksite.job(1, declared_by="sonia"), 230)], by="sonia", month=APRIL)
    queue = f"{FANNY}/validation/"

    def shown(query):
        page = fannys.get(queue + query).content.decode()
        return [number for number in ("101", "230") if f">{number}<" in page]

    assert shown("") == ["101", "230"]
    assert shown("?q=batisseurs") == ["101"]
    assert shown("?q=2024-014") == ["101", "230"]
    assert shown("?month=2024-04") == ["230"]
    assert shown("?month=avril&q=") == ["101", "230"]
    assert shown("?flagged=on") == ["230"]
    part = fannys.get(queue + "?flagged=on", headers=HTMX).content.decode()
    assert "<html" not in part


def test_fanny_validates_a_line_by_one_key(worksite, fannys):
    worksite.declare([(worksite.job(), 100)])
    line = StatementLine.objects.get()
    part = act(fannys, line, "validation", htmx=True).content.decode()
    assert f'id="line-{line.pk}"' in part
    assert "data-queue-item" not in part
    assert 'name="line"' not in part
    assert "<html" not in part
    assert worksite.totals()["validated"] == 100


def test_without_script_the_queue_comes_back_as_it_was(worksite, fannys):
    worksite.declare([(worksite.job(), 100)])
    line = StatementLine.objects.get()
    answer = act(fannys, line, "validation", filters="q=mad&page=2")
    assert answer.url == f"{FANNY}/validation/?q=mad&page=2"
    worksite.declare([(worksite.job(1), 100)], month=APRIL)
    other = StatementLine.objects.get(state=LineState.DECLARED)
    answer = act(fannys, other, "validation", obligation=worksite.obligation.pk, month="2024-04")
    assert answer.url == f"{FANNY}/suivi/{worksite.obligation.pk}/mois/2024-04/"


@pytest.mark.parametrize("month", ["  ", "2026-13", "//evil.example/"])
def test_an_act_from_no_month_leads_to_the_queue(worksite, fannys, month):
    (line,) = worksite.declare([(worksite.job(), 100)]).lines.all()
    answer = act(fannys, line, "validation", obligation=str(worksite.obligation.pk), month=month)
    assert answer.url == f"{FANNY}/validation/"


@pytest.mark.parametrize(("verb", "state"), [("question", LineState.QUERIED), ("rejet", LineState.REJECTED)])
def test_a_question_and_a_rejection_need_their_reason(worksite, fannys, verb, state):
    worksite.declare([(worksite.job(), 100)])
    line = StatementLine.objects.get()
    part = act(fannys, line, verb, htmx=True, reason=" ").content.decode()
    assert "field-error" in part
    assert act(fannys, line, verb, reason="").status_code == 302
    assert worksite.totals()["declared"] == 100
    act(fannys, line, verb, reason="Feuille absente")
    line.refresh_from_db()
    assert (line.state, line.note) == (state, "Feuille absente")


def test_a_second_validator_is_told(worksite, fannys):
    worksite.declare([(worksite.job(), 100)])
    line = StatementLine.objects.get()
    act(fannys, line, "question", reason="?")
    assert act(fannys, line, "validation").status_code == 409
    assert act(fannys, line, "validation", version="").status_code == 409
    assert worksite.totals()["validated"] == 0


def test_lines_without_anomaly_are_validated_together(worksite, fannys):
    statement = worksite.declare([(worksite.job(0), 100), (worksite.job(1), 80), (worksite.job(2), 230)])
    page = fannys.get(f"{FANNY}/validation/").content.decode()
    clean = list(StatementLine.objects.filter(is_flagged=False))
    chosen = [f"{line.pk}:{line.version}" for line in clean]
    assert all(f'value="{item}"' in page for item in chosen)
    path = f"{FANNY}/releves/{statement.pk}/validation/"
    assert fannys.post(path, {"line": chosen}).status_code == 302
    assert worksite.totals() == {"declared": 230, "queried": 0, "validated": 180, "rejected": 0}
    assert fannys.post(path, {"line": chosen}).status_code == 409


def test_a_batch_takes_neither_anomalies_nor_lines_of_others(worksite, cast, fannys):
    statement = worksite.declare([(worksite.job(0), 230)])
    flagged = StatementLine.objects.get()
    path = f"{FANNY}/releves/{statement.pk}/validation/"
    assert fannys.post(path, {"line": [f"{flagged.pk}:1"]}).status_code == 409
    elsewhere = lay_worksite(cast, reference="2024-015")
    elsewhere.declare([(elsewhere.job(1), 10)])
    other = elsewhere.obligation.lines.get()
    assert fannys.post(path, {"line": [f"{other.pk}:1", "x", "1:x", "9" * 30 + ":1"]}).status_code == 409
    assert fannys.post(path, {}).status_code == 403
    assert worksite.totals()["validated"] == 0


@pytest.mark.parametrize("verb", ["validation", "question", "rejet"])
@pytest.mark.parametrize("name", ["felix", "clara", "corinne", "sam"])
def test_lines_of_others_are_not_found(worksite, client_for, cast, name, verb):
    worksite.declare([(worksite.job(), 100)])
    line = StatementLine.objects.get()
    slug = cast[name].organisation.slug
    path = f"/{slug}/execution/lignes/{line.pk}/{verb}/"
    assert client_for(cast[name]).post(path, {"version": 1, "reason": "?"}).status_code == 404
    assert worksite.totals()["declared"] == 100


def test_a_facilitator_no_longer_assigned_finds_nothing(worksite, fannys, fanny):
    worksite.declare([(worksite.job(), 100)])
    line = StatementLine.objects.get()
    Party.objects.filter(organisation=fanny.organisation).update(ends_on=TODAY - timedelta(days=400))
    assert act(fannys, line, "validation").status_code == 404
    assert "Benali" not in fannys.get(f"{FANNY}/validation/").content.decode()


def test_a_get_decides_nothing(worksite, fannys):
    worksite.declare([(worksite.job(), 100)])
    line = StatementLine.objects.get()
    assert fannys.get(f"{FANNY}/lignes/{line.pk}/validation/").status_code == 405


def test_a_surplus_is_said_before_the_lines(cast, fannys):
    worksite = lay_worksite(cast, owed=100)
    worksite.declare([(worksite.job(), 130)])
    assert "AL19" in fannys.get(f"{FANNY}/validation/").content.decode()


def test_a_month_is_closed_from_its_page(worksite, fannys):
    worksite.declare([(worksite.job(), 100)])
    path = f"{FANNY}/suivi/{worksite.obligation.pk}/mois/2024-03/"
    assert "cloture" not in fannys.get(path).content.decode()
    fannys.post(path + "cloture/")
    assert not ClosedMonth.objects.exists()
    lines = decidable_lines([StatementLine.objects.get().pk])
    validate_lines(lines, actor=worksite.cast["fanny"].actor(TODAY), at=noon(TODAY))
    assert "cloture" in fannys.get(path).content.decode()
    assert fannys.post(path + "cloture/").status_code == 302
    assert StatementLine.objects.get().state == LineState.LOCKED
    assert "correction" in fannys.get(path).content.decode()


def test_the_buyer_reads_a_month_without_names_and_a_company_its_own(worksite, client_for, cast):
    worksite.declare([(worksite.job(0), 100)])
    worksite.declare([(worksite.job(1, declared_by="sonia"), 100)], by="sonia")
    seen = {}
    for name in ("clara", "corinne", "sonia"):
        slug = cast[name].organisation.slug
        path = f"/{slug}/execution/suivi/{worksite.obligation.pk}/mois/2024-03/"
        page = client_for(cast[name]).get(path).content.decode()
        seen[name] = [text for text in ("P-00001", "Benali", "P-00002", "Da Silva", "RSA") if text in page]
    assert seen == {
        "clara": ["P-00001", "P-00002"],
        "corinne": ["P-00001", "Benali"],
        "sonia": ["P-00002", "Da Silva"],
    }


def test_a_coordinator_reads_the_totals_of_a_month_and_no_person(worksite, client_for, cast):
    """Clara's region coordinates; the town of Benoit buys this time."""
    worksite.declare([(worksite.job(0), 100)])
    town = cast["benoit"].organisation
    clause = worksite.obligation.clause
    for thing in (worksite.obligation, clause, clause.lot):
        thing.buyer = town
        thing.save()
    root = f"/region-trois-vallees/execution/suivi/{worksite.obligation.pk}/mois/"
    assert ">100<" in client_for(cast["clara"]).get(root).content.decode()
    month = client_for(cast["clara"]).get(root + "2024-03/").content.decode()
    assert "P-00001" not in month
    assert "Benali" not in month
