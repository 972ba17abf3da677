"""The derogation cases as a scheme words them: dated, followed, kept by the decision of the day."""

from datetime import date

import pytest

from relais.core.duty import DerogationCase, cases_of_law
from relais.kit.access import Refused
from relais.kit.models import AuditEntry
from relais.screening import actions
from relais.screening.models import DerogationWording
from relais.screening.queries import derogations
from relais.screening.queries.sheet import lots_for_sheet, read_sheet
from tests.screening.factories import NOON, TODAY, lot
from tests.screening.test_register import LARGE, derogated, page

NEW = {
    "wording": "La clause n’a pas de lien suffisant avec l’objet",
    "legal_case": "Art. L. 2112-2-1, 2°",
    "starts_on": "2026-01-01",
    "source": "Légifrance, lu le 5 janvier",
    "verified": "on",
}


def word(scheme, person, **values):
    given = {name: NEW[name] for name in ("wording", "legal_case", "source")}
    return actions.word_derogation(
        scheme,
        DerogationCase.NO_LINK,
        {**given, "starts_on": date(2026, 1, 1), "ends_on": None, "verified": True, **values},
        actor=person.actor(TODAY),
        at=NOON,
    )


def test_without_any_choice_the_table_of_the_law_speaks():
    found = [derogations.worded(case, {}, TODAY) for case in DerogationCase]
    assert [(one.case, one.source, one.verified) for one in found] == [
        (row.case, row.source, row.verified) for row in cases_of_law()
    ]
    assert all(one.is_default and one.is_open(date(2040, 1, 1)) and not one.recorded for one in found)


def test_the_newest_row_started_is_in_force_and_history_keeps_the_others(clara, scheme):
    first = word(scheme, clara, starts_on=date(2026, 1, 1))
    second = word(scheme, clara, starts_on=date(2027, 1, 1), wording="Autre rédaction")
    rows = derogations.by_case([second, first])
    days = (date(2025, 12, 31), date(2026, 6, 1), date(2027, 1, 1))
    shown = [derogations.worded(DerogationCase.NO_LINK, rows, day) for day in days]
    assert [one.kept for one in shown] == ["", NEW["wording"], "Autre rédaction"]
    with pytest.raises(TypeError):
        first.save()


def test_the_decision_form_offers_the_wording_of_the_day(client_for, clara, paula, scheme):
    word(scheme, clara)
    made = lot(paula, scheme, **LARGE)
    html = client_for(paula).get(page("opportunity-decide", paula, lot=made.pk)).content.decode()
    assert "La clause n’a pas de lien suffisant avec l’objet (Art. L. 2112-2-1, 2°)" in html
    assert html.count('value="NO_LINK"') == 1


def test_the_register_keeps_the_wording_of_the_day_of_the_decision(client_for, clara, paula, scheme):
    word(scheme, clara)
    made = derogated(paula, scheme)
    word(scheme, clara, wording="Rédaction de plus tard")
    made.refresh_from_db()
    assert made.opportunity.derogation_words == f"{NEW['wording']} ({NEW['legal_case']})"
    for name in ("duty-register", "duty-register-print"):
        html = client_for(paula).get(page(name, paula, "?year=2026")).content.decode()
        assert NEW["wording"] in html
        assert "Rédaction de plus tard" not in html
    actions.reopen(made, version=made.opportunity.version, actor=paula.actor(TODAY), at=NOON, on=TODAY)
    made.opportunity.refresh_from_db()
    assert made.opportunity.derogation_wording == ""


def test_a_case_that_the_law_no_longer_has_is_not_offered_and_is_refused(client_for, clara, paula, scheme):
    word(scheme, clara, ends_on=date(2026, 2, 1))
    made = lot(paula, scheme, **LARGE)
    found = lots_for_sheet(paula.actor(TODAY)).get(pk=made.pk)
    offered = read_sheet(found, TODAY).cases(None, TODAY)
    assert DerogationCase.NO_LINK not in {case.case for case in offered}
    with pytest.raises(Refused, match="no longer in force"):
        derogated(paula, scheme)
    assert DerogationCase.NO_LINK in {
        case.case for case in read_sheet(found, date(2026, 2, 1)).cases(None, date(2026, 2, 1))
    }


def test_clara_words_a_case_anew_and_fanny_reads_it(client_for, clara, fanny, scheme):
    lot(clara, scheme)
    browser, address = client_for(clara), page("derogation-detail", clara, code="NO_LINK")
    for wrong in ({"wording": ""}, {"source": ""}, {"starts_on": "hier"}, {"ends_on": "2025-12-31"}):
        assert browser.post(address, NEW | wrong).status_code == 422
    assert not DerogationWording.objects.exists()
    assert browser.post(address, NEW).status_code == 302
    (row,) = DerogationWording.objects.all()
    assert (row.case, row.ends_on, row.verified, row.entered_by_id) == ("NO_LINK", None, True, clara.user.pk)
    assert AuditEntry.objects.filter(verb="screening.derogation.dated").count() == 1
    read = client_for(fanny).get(page("derogation-list", fanny)).content.decode()
    assert NEW["wording"] in read
    assert (
        b'name="wording"'
        not in client_for(fanny).get(page("derogation-detail", fanny, code="NO_LINK")).content
    )
    assert client_for(fanny).post(page("derogation-detail", fanny, code="NO_LINK"), NEW).status_code == 403
    assert browser.get(page("derogation-detail", clara, code="POETRY")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_for_any_number_of_wordings(client_for, clara, scheme, count, within_queries):
    for number in range(count):
        word(scheme, clara, starts_on=date(2026, 1, 1 + number))
    browser = client_for(clara)
    with within_queries(8):
        browser.get(page("derogation-list", clara))
    with within_queries(9):
        browser.get(page("derogation-detail", clara, code="NO_LINK"))
