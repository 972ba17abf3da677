"""The lots of a plan sorted on one page: by keyboard, several at once, the last act undone."""

import pytest
from django.urls import reverse

from relais.screening.enums import OpportunityState
from relais.screening.models import OpinionRequest, Opportunity
from tests.procurement.plan_examples import plan_xlsx, workbook
from tests.procurement.plan_factories import bring, plan_of
from tests.screening.factories import contract, lot, parameters


def page(name, person):
    return reverse(name, kwargs={"organisation": person.organisation.slug})


@pytest.fixture
def lots(clara, scheme):
    return [lot(clara, scheme, object=f"Lycée Stanislas, lot {at} : peinture") for at in range(3)]


def act(browser, person, lots, **data):
    sent = {"lot": [one.pk for one in lots], **data}
    return browser.post(page("triage-act", person), sent, follow=True)


def states(lots):
    found = dict(Opportunity.objects.filter(lot__in=lots).values_list("lot_id", "state"))
    return [found.get(one.pk, OpportunityState.DETECTED.value) for one in lots]


LIGHT = 120_000
"""Bytes of the page of triage, at most."""


def rows_in(response):
    return response.content.decode().count("data-queue-item")


def by_script(browser, person, lots, query="", shown=(), **data):
    sent = {
        "lot": [one.pk for one in lots],
        "query": query,
        "shown": ",".join(str(one.pk) for one in shown),
        **data,
    }
    return browser.post(page("triage-act", person), sent, headers={"hx-request": "true"})


def test_a_plan_of_three_hundred_lots_is_sorted_page_by_page(client_for, paula, clara, scheme):
    plan = plan_of(bring(clara, scheme, plan_xlsx(300)))
    address = f"{page('opportunity-triage', paula)}?plan={plan.pk}"
    browser = client_for(paula)
    for asked, rows in (("", 50), ("&rows=100", 100), ("&page=6", 50), ("&page=9", 50), ("&rows=7", 50)):
        response = browser.get(address + asked)
        assert rows_in(response) == rows
        assert len(response.content) < LIGHT
    pks = list(plan.lines.values_list("lot_id", flat=True))
    browser.post(page("triage-act", paula), {"act": "study", "lot": pks[:150]})
    browser.post(page("triage-act", paula), {"act": "reject", "case": "few_hours", "lot": pks[150:]})
    assert Opportunity.objects.filter(state=OpportunityState.UNDER_ANALYSIS).count() == 150
    assert Opportunity.objects.filter(state=OpportunityState.REJECTED).count() == 150
    assert rows_in(browser.get(f"{address}&page=3")) == 50
    assert 'rel="next"' not in browser.get(f"{address}&page=3").content.decode()


class TestByScript:
    def test_an_act_answers_with_the_rows_it_changed_alone(self, client_for, paula, clara, scheme):
        plan = plan_of(bring(clara, scheme, plan_xlsx(60)))
        query, browser = f"plan={plan.pk}", client_for(paula)
        first = browser.get(f"{page('opportunity-triage', paula)}?{query}")
        shown = [row.result.lot for row in first.context["rows"]]
        answer = by_script(browser, paula, shown[:2], query, shown, act="study")
        html = answer.content.decode()
        assert len(html) < 8_000
        assert html.count("data-queue-item") == 2
        assert all(f'<tr id="lot-{lot.pk}" hx-swap-oob="true"' in html for lot in shown[:2])
        assert 'id="triage-totals" hx-swap-oob="true"' in html
        assert "triage-undo" in html
        assert '<select name="case"' not in html

    def test_the_next_lots_come_up_in_the_place_of_those_that_left(self, client_for, paula, clara, scheme):
        plan = plan_of(bring(clara, scheme, plan_xlsx(60)))
        query, browser = f"plan={plan.pk}", client_for(paula)
        address = f"{page('opportunity-triage', paula)}?{query}"
        shown = [row.result.lot for row in browser.get(address).context["rows"]]
        following = [row.result.lot for row in browser.get(f"{address}&page=2").context["rows"]]
        gone = shown[3:5]
        answer = by_script(browser, paula, gone, query, shown, act="reject", case="few_hours")
        html = answer.content.decode()
        assert all(f'<tr id="lot-{lot.pk}" hx-swap-oob="delete">' in html for lot in gone)
        assert [row.result.lot for row in answer.context["coming"]] == following[:2]
        assert "beforeend:#triage-lots" in html
        left = [lot for lot in shown if lot not in gone] + following[:2]
        assert [row.result.lot for row in browser.get(address).context["rows"]] == left

    def test_the_last_lot_of_a_page_asks_for_the_page_again(self, client_for, paula, lots):
        browser = client_for(paula)
        answer = by_script(browser, paula, lots, "show=", lots, act="reject", case="short")
        assert answer.headers["HX-Redirect"] == f"{page('opportunity-triage', paula)}?show="

    def test_a_refusal_is_told_and_the_row_comes_back_as_it_is(self, client_for, clara, lots):
        answer = by_script(client_for(clara), clara, lots[:1], "", lots, act="reject", case="short")
        html = answer.content.decode()
        assert 'class="notice warn"' in html
        assert html.count("data-queue-item") == 1
        assert states(lots) == ["DETECTED"] * 3

    def test_nothing_ticked_is_told_and_changes_no_row(self, client_for, paula, lots):
        html = by_script(client_for(paula), paula, [], "", lots, act="study").content.decode()
        assert 'class="notice bad"' in html
        assert "data-queue-item" not in html

    def test_what_the_page_says_it_shows_is_not_trusted(self, client_for, paula, lots):
        browser = client_for(paula)
        sent = {"lot": [lots[0].pk], "shown": f"x,-1,{9 * 10**40},1e3,,", "act": "study"}
        answer = browser.post(page("triage-act", paula), sent, headers={"hx-request": "true"})
        assert answer.status_code == 200
        assert [row.result.lot for row in answer.context["coming"]] == [*lots]

    @pytest.mark.parametrize("rows", [1, 3])
    def test_an_act_costs_the_same_for_any_page(self, client_for, within_queries, clara, scheme, rows):
        laid = [lot(clara, scheme, object=f"Peinture {at}") for at in range(rows)]
        browser = client_for(clara)
        with within_queries(24):
            by_script(browser, clara, laid[:1], "", laid, act="study")


def test_each_row_says_why_in_short(client_for, clara, lots):
    html = client_for(clara).get(page("opportunity-triage", clara)).content.decode()
    assert "Stanislas" in html
    result = lots[0].screening
    strongest = max(result.reasons, key=lambda reason: abs(reason["points"]))
    assert strongest["points"] != 0
    assert html.count("<br>") >= len(lots)


def test_lots_already_awarded_and_lots_of_others_are_not_there(client_for, clara, benoit, scheme, lots):
    from decimal import Decimal

    contract(clara, scheme, amount=Decimal(90_000), object="Marché notifié de toiture")
    lot(benoit, scheme, object="Mairie de Valclair : peinture")
    html = client_for(clara).get(page("opportunity-triage", clara)).content.decode()
    assert "toiture" not in html
    assert "Mairie" not in html


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_stays_in_its_budget(client_for, within_queries, clara, scheme, rows):
    for at in range(rows):
        lot(clara, scheme, object=f"Peinture {at}")
    browser = client_for(clara)
    with within_queries(12):
        browser.get(page("opportunity-triage", clara))


def test_a_decision_is_undone_with_what_came_before(client_for, paula, lots):
    browser = client_for(paula)
    act(browser, paula, lots[:1], act="study")
    act(browser, paula, lots, act="reject", case="short")
    assert states(lots) == ["REJECTED"] * 3
    browser.post(page("triage-undo", paula))
    assert states(lots) == ["UNDER_ANALYSIS", "DETECTED", "DETECTED"]


def test_study_is_undone(client_for, clara, lots):
    browser = client_for(clara)
    act(browser, clara, lots, act="study")
    assert states(lots) == ["UNDER_ANALYSIS"] * 3
    browser.post(page("triage-undo", clara))
    assert states(lots) == ["DETECTED"] * 3
    browser.post(page("triage-undo", clara))
    assert states(lots) == ["DETECTED"] * 3


def test_what_somebody_changed_since_is_not_undone(client_for, clara, paula, lots):
    browser = client_for(paula)
    act(browser, paula, lots, act="study")
    Opportunity.objects.filter(lot=lots[0]).update(version=9)
    browser.post(page("triage-undo", paula))
    assert states(lots) == ["UNDER_ANALYSIS", "DETECTED", "DETECTED"]


def test_retain_takes_the_modality_proposed_and_is_undone(client_for, paula, lots):
    browser = client_for(paula)
    act(browser, paula, lots, act="retain")
    assert states(lots) == ["RETAINED"] * 3
    browser.post(page("triage-undo", paula))
    assert states(lots) == ["UNDER_ANALYSIS"] * 3


def test_an_officer_sees_no_decision_and_takes_none(client_for, clara, lots):
    browser = client_for(clara)
    html = browser.get(page("opportunity-triage", clara)).content.decode()
    assert 'value="retain"' not in html
    act(browser, clara, lots, act="reject", case="short")
    assert states(lots) == ["DETECTED"] * 3


def test_an_opinion_is_asked_of_several_lots_and_withdrawn(client_for, clara, fanny, lots):
    browser = client_for(clara)
    act(browser, clara, lots, act="ask", facilitator=fanny.organisation.pk, reason="Des peintres ?")
    assert OpinionRequest.objects.filter(facilitator=fanny.organisation).count() == 3
    browser.post(page("triage-undo", clara))
    assert OpinionRequest.objects.count() == 0


def test_a_body_of_another_scheme_is_not_asked(client_for, clara, sam, lots):
    act(client_for(clara), clara, lots, act="ask", facilitator=sam.organisation.pk)
    assert OpinionRequest.objects.count() == 0


def test_a_project_lead_sorts_his_own_lots(client_for, pascal, clara, lots):
    lots[0].project_lead = pascal.user
    lots[0].save()
    browser = client_for(pascal)
    assert browser.get(page("opportunity-triage", pascal)).content.decode().count("data-queue-item") == 1
    act(browser, pascal, lots, act="study")
    assert states(lots) == ["UNDER_ANALYSIS", "DETECTED", "DETECTED"]


@pytest.mark.parametrize("data", [{"act": "reject"}, {"act": "nonsense"}, {"act": "ask"}])
def test_an_act_without_what_it_needs_does_nothing(client_for, paula, lots, data):
    answer = act(client_for(paula), paula, lots, **data)
    assert answer.status_code == 200
    assert states(lots) == ["DETECTED"] * 3


def test_nothing_ticked_is_told(client_for, paula, lots):
    answer = act(client_for(paula), paula, [], act="study")
    assert 'class="notice bad"' in answer.content.decode()


def test_a_decided_lot_of_a_plan_is_told_to_the_next_file(client_for, paula, clara, scheme):
    parameters()
    rows = [["Référence", "Objet", "Montant HT"], ["A-1", "Peinture du lycée", 120000]]
    plan = plan_of(bring(clara, scheme, workbook(rows)))
    act(client_for(paula), paula, [plan.lines.get().lot], act="reject", case="few_hours")
    rows[1][2] = 150000
    assert bring(clara, scheme, workbook(rows), plan=plan).conflicts == 1
