"""The pages of the room, as the cast sees them."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from relais.procurement.models import Lot
from relais.screening.enums import OpportunityState, RejectionCase
from relais.screening.models import Opportunity, SavedAssumptions, ScreeningResult
from tests.screening.factories import contract, lot


def page(name, person, **kwargs):
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


def test_clara_sees_her_lots_best_first(client_for, clara, scheme):
    lot(clara, scheme, object="Acquisition de licences logicielles", cpv="48000000")
    lot(clara, scheme)
    html = client_for(clara).get(page("opportunity-list", clara)).content.decode()
    assert html.index("Stanislas") < html.index("Acquisition")


def test_sam_does_not_see_claras_lots(client_for, clara, sam, scheme):
    made = lot(clara, scheme)
    assert b"Stanislas" not in client_for(sam).get(page("opportunity-list", sam)).content
    assert client_for(sam).get(page("opportunity-detail", sam, lot=made.pk)).status_code == 404


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("q=peinture", True),
        ("q=toiture", False),
        ("score=60", True),
        ("score=99", False),
        ("lever=EXEC_CONDITION", True),
        ("lever=none", False),
        ("sector=building", True),
        ("sector=green", False),
        ("trade=peinture", True),
        ("department=54", True),
        ("department=88", False),
        ("amount=100+000&amount_to=130000", True),
        ("amount_to=1000", False),
        ("since=2026-03-01&until=2026-12-31", True),
        ("since=2027-01-01", False),
        ("social=no", True),
        ("social=yes", False),
        ("duty=applies", False),
        ("stage=coming", True),
        ("stage=awarded", False),
        ("state=DETECTED", True),
        ("state=RETAINED", False),
        ("score=abc&since=31/02/2026&trade=%27&amount=NaN", True),
        ("q=%25_%00", True),
    ],
)
def test_the_list_is_filtered_by_its_address(client_for, clara, scheme, query, kept):
    lot(clara, scheme)
    html = client_for(clara).get(f"{page('opportunity-list', clara)}?{query}").content
    assert (b"Stanislas" in html) is kept


@pytest.mark.parametrize("sort", ["score", "-hours", "amount", "-launch", "buyer", "object", "pk;drop"])
def test_the_list_sorts_by_its_columns(client_for, clara, scheme, sort):
    lot(clara, scheme)
    answer = client_for(clara).get(page("opportunity-list", clara), {"sort": sort})
    assert b"Stanislas" in answer.content


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_rows(client_for, clara, scheme, count, within_queries):
    for _number in range(count):
        lot(clara, scheme)
    browser = client_for(clara)
    with within_queries(10):
        browser.get(page("opportunity-list", clara))


@pytest.mark.parametrize("count", [1, 3])
def test_the_sheet_costs_the_same_whatever_stands_around(client_for, clara, scheme, count, within_queries):
    made = lot(clara, scheme)
    for _number in range(count):
        lot(clara, scheme)
    browser = client_for(clara)
    address = page("opportunity-detail", clara, lot=made.pk)
    browser.get(address)
    with within_queries(12):
        browser.get(address)


def test_the_sheet_calculates_what_the_address_says(client_for, clara, scheme):
    made = lot(clara, scheme, object="Lot 5 : plâtrerie", cpv="45410000", estimated_amount=480_000)
    numbers = {"labour": "40", "effort": "7", "cost": "36"}
    html = client_for(clara).get(page("opportunity-detail", clara, lot=made.pk), numbers).content.decode()
    assert "373\u202fh" in html
    assert "373,33" in html
    assert 'name="labour" value="40"' in html


def test_lots_still_open_come_before_those_set_aside(client_for, clara, scheme):
    rejected = lot(clara, scheme, object="Lot 1 : gros œuvre", estimated_amount=9_000_000)
    opened = lot(clara, scheme, object="Lot 2 : serrurerie", estimated_amount=90_000)
    Opportunity.objects.create(
        lot=rejected,
        state=OpportunityState.REJECTED,
        rejection=RejectionCase.values[0],
        decision_reason="Marché de fournitures.",
        created_at=rejected.screening.computed_at,
    )
    html = client_for(clara).get(page("opportunity-list", clara)).content.decode()
    assert html.index(opened.object) < html.index(rejected.object)


def test_a_change_by_htmx_brings_the_calculation_alone(client_for, clara, scheme):
    made = lot(clara, scheme)
    answer = client_for(clara).get(
        page("opportunity-detail", clara, lot=made.pk),
        {"amount": "480 000,00", "labour": "40", "effort": "7", "cost": "36"},
        headers={"HX-Request": "true"},
    )
    html = answer.content.decode()
    assert "<html" not in html
    assert "373\u202fh" in html


def typed(client_for, clara, made, **numbers):
    return (
        client_for(clara)
        .get(
            page("opportunity-detail", clara, lot=made.pk),
            numbers,
            headers={"HX-Request": "true", "HX-Trigger": "typed-numbers"},
        )
        .content.decode()
    )


def test_what_is_typed_brings_the_answer_and_leaves_the_fields(client_for, clara, scheme):
    made = lot(clara, scheme)
    html = typed(client_for, clara, made, amount="480 000,00", labour="40", effort="7", cost="36")
    assert "373\u202fh</output>" in html
    assert 'id="id_labour"' not in html


def test_a_number_half_typed_is_told_without_taking_the_focus(client_for, clara, scheme):
    html = typed(client_for, clara, lot(clara, scheme), labour="4O")
    assert "error-summary" not in html
    assert "Part de main-d’œuvre" in html
    assert "…</output>" in html


@pytest.mark.parametrize(
    ("formula", "numbers", "hours"),
    [
        ("FINANCIAL", {"amount": "1 000 000", "labour": "50", "effort": "5", "cost": "30"}, "833"),
        ("LABOUR_HOURS", {"worked": "35000", "effort": "10"}, "3\u202f500"),
        ("COEFFICIENT", {"amount": "400000", "coefficient": "5"}, "200"),
        ("FRAMEWORK", {"coefficient": "5", "orders": "2026-01-10 40 000\n2027-02-01 60000"}, "50"),
    ],
)
def test_each_formula_can_be_chosen(client_for, clara, scheme, formula, numbers, hours):
    made = lot(clara, scheme)
    html = (
        client_for(clara)
        .get(page("opportunity-detail", clara, lot=made.pk), {"formula": formula, **numbers})
        .content.decode()
    )
    assert f"{hours}\u202fh</output>" in html


@pytest.mark.parametrize(
    "numbers",
    [
        {"labour": "140"},
        {"cost": "0"},
        {"amount": "-5"},
        {"amount": "1e308"},
        {"effort": "NaN"},
        {"formula": "MAGIC"},
        {"formula": "FRAMEWORK", "orders": "demain 40 000"},
        {"formula": "LABOUR_HOURS", "worked": ""},
        {"months": "9999999999999999999999"},
        {"modality": "<script>"},
    ],
)
def test_a_wrong_number_is_told_and_nothing_breaks(client_for, clara, scheme, numbers):
    made = lot(clara, scheme)
    answer = client_for(clara).get(page("opportunity-detail", clara, lot=made.pk), numbers)
    assert answer.status_code == 200
    told = BeautifulSoup(answer.content, "html.parser").select(".error-summary li")
    wrong = answer.context["form"].errors
    assert len(told) == sum(map(len, wrong.values())) > 0
    for line, name in zip(told, wrong, strict=False):
        assert wrong[name][0] in line.get_text()
    assert b"<script>" not in answer.content.replace(b"<script src", b"")


def test_clara_saves_then_goes_back(client_for, clara, scheme):
    made, browser = lot(clara, scheme), client_for(clara)
    address = page("opportunity-save", clara, lot=made.pk)
    browser.post(address, {"version": 0, "labour": "40"})
    browser.post(address, {"version": 1, "labour": "50"})
    assert SavedAssumptions.objects.count() == 2
    sheet = Opportunity.objects.get(lot=made)
    assert (sheet.state, str(sheet.assumptions.labour_share)) == (OpportunityState.UNDER_ANALYSIS, "0.500000")
    browser.post(page("opportunity-back", clara, lot=made.pk), {"version": sheet.version})
    sheet.refresh_from_db()
    assert str(sheet.assumptions.labour_share) == "0.400000"
    newest = SavedAssumptions.objects.order_by("-pk").first()
    browser.post(page("opportunity-restore", clara, lot=made.pk, pk=newest.pk), {"version": sheet.version})
    sheet.refresh_from_db()
    assert sheet.assumptions == newest
    assert "50\u202f%" in browser.get(page("opportunity-detail", clara, lot=made.pk)).content.decode()


def test_a_former_version_saves_nothing(client_for, clara, scheme):
    made, browser = lot(clara, scheme), client_for(clara)
    address = page("opportunity-save", clara, lot=made.pk)
    browser.post(address, {"version": 0})
    assert browser.post(address, {"version": 0}).status_code == 409
    assert SavedAssumptions.objects.count() == 1


def test_a_wrong_number_is_not_saved(client_for, clara, scheme):
    made = lot(clara, scheme)
    answer = client_for(clara).post(
        page("opportunity-save", clara, lot=made.pk), {"version": 0, "labour": "x"}
    )
    assert answer.status_code == 422
    assert not Opportunity.objects.exists()


def test_paula_retains_and_clara_does_not_decide(client_for, clara, paula, scheme):
    made = lot(clara, scheme)
    address = page("opportunity-decide", clara, lot=made.pk)
    assert client_for(clara).get(address).status_code == 403
    browser = client_for(paula)
    assert browser.get(address).status_code == 200
    browser.post(address, {"version": 0, "decision": "retain", "modality": "EXEC_CONDITION"})
    sheet = Opportunity.objects.get(lot=made)
    assert (sheet.state, sheet.decided_by) == (OpportunityState.RETAINED, paula.user)
    html = browser.get(page("opportunity-detail", clara, lot=made.pk)).content.decode()
    assert "retirer" not in html or sheet.modality == "EXEC_CONDITION"
    browser.post(page("opportunity-reopen", clara, lot=made.pk), {"version": sheet.version})
    sheet.refresh_from_db()
    assert (sheet.state, sheet.decided_at) == (OpportunityState.UNDER_ANALYSIS, None)


def test_a_decision_says_what_it_lacks(client_for, paula, scheme):
    made = lot(paula, scheme)
    address = page("opportunity-decide", paula, lot=made.pk)
    for data in (
        {"decision": "retain"},
        {"decision": "reject"},
        {"decision": "reject", "case": RejectionCase.OTHER},
        {"decision": "derogate", "derogation": "NO_LINK", "evidence": "Étude."},
        {"decision": "derogate", "derogation": "NO_LINK", "reason": "Sans lien."},
        {},
    ):
        answer = client_for(paula).post(address, {"version": 0, **data})
        assert answer.status_code == 422
    assert not Opportunity.objects.filter(decided_at__isnull=False).exists()


def test_closing_is_blocked_while_the_duty_is_not_answered(client_for, paula, scheme):
    made = lot(
        paula,
        scheme,
        object="Nettoyage des lycées",
        cpv="90910000",
        estimated_amount=400_000,
        launched_on="2026-09-01",
    )
    browser, address = client_for(paula), page("opportunity-decide", paula, lot=made.pk)
    refused = browser.post(address, {"version": 0, "decision": "reject", "case": "few_hours"})
    assert refused.status_code == 422
    assert not Opportunity.objects.exists()
    browser.post(
        address,
        {
            "version": 0,
            "decision": "derogate",
            "derogation": "NO_LINK",
            "reason": "Prestation robotisée.",
            "evidence": "Sourçage de mars 2026, dossier de la consultation",
        },
    )
    sheet = Opportunity.objects.get(lot=made)
    assert sheet.derogation_evidence == "Sourçage de mars 2026, dossier de la consultation"
    assert (sheet.state, sheet.derogation_case) == (OpportunityState.DEROGATED, "NO_LINK")
    result = ScreeningResult.objects.get(lot=made)
    assert (result.duty_applies, result.duty_satisfied) == (True, True)


def test_several_lots_are_decided_at_once(client_for, paula, scheme):
    good, small = lot(paula, scheme), lot(paula, scheme, estimated_amount=5_000)
    answer = client_for(paula).post(
        page("opportunity-batch", paula),
        {"act": "retain", "lot": [good.pk, small.pk], "query": "score=10"},
        follow=True,
    )
    assert answer.redirect_chain[0][0].endswith("?score=10")
    assert Opportunity.objects.get(lot=good).state == OpportunityState.RETAINED
    assert not Opportunity.objects.filter(lot=small).exists()


def test_what_is_not_a_lot_is_not_ticked(client_for, paula):
    for odd in ("²", "١", "-1", "9" * 40, "<script>"):
        answer = client_for(paula).post(page("opportunity-batch", paula), {"lot": odd, "act": "study"})
        assert answer.status_code < 500


def test_a_batch_without_reason_or_lot_does_nothing(client_for, paula, scheme):
    made = lot(paula, scheme)
    browser, address = client_for(paula), page("opportunity-batch", paula)
    browser.post(address, {"act": "reject", "lot": [made.pk]})
    browser.post(address, {"act": "study"})
    browser.post(address, {"act": "study", "lot": ["x", "99999999999999999999", made.pk + 1000]})
    assert not Opportunity.objects.exists()


def test_the_coordinator_reads_imported_contracts_and_does_not_decide_for_their_buyer(
    client_for, clara, paula, benoit, scheme
):
    made = contract(benoit, scheme, amount=300_000).lot
    address = page("opportunity-detail", clara, lot=made.pk)
    assert client_for(clara).get(address).status_code == 200
    decide = client_for(paula).get(page("opportunity-decide", paula, lot=made.pk))
    assert decide.status_code == 403


def test_what_is_shown_can_be_taken_away(client_for, clara, scheme):
    lot(clara, scheme, object="=HYPERLINK(1) peinture")
    lot(clara, scheme, object="Nettoyage", cpv="90910000")
    browser = client_for(clara)
    text = b"".join(
        browser.get(
            page("opportunity-export", clara), {"format": "csv", "trade": "peinture"}
        ).streaming_content
    ).decode()
    assert "'=HYPERLINK" in text
    assert "Nettoyage" not in text
    book = browser.get(page("opportunity-export", clara), {"format": "xlsx"})
    assert book.content[:2] == b"PK"


def test_clara_announces_a_lot_and_it_is_screened(client_for, clara, scheme):
    browser = client_for(clara)
    assert browser.get(page("lot-create", clara)).status_code == 200
    answer = browser.post(
        page("lot-create", clara),
        {
            "object": "Entretien des espaces verts",
            "cpv": "77310000-6",
            "estimated_amount": "250 000,50",
            "duration_months": "24",
            "launched_on": "2026-06-01",
            "department": "54",
        },
    )
    made = ScreeningResult.objects.select_related("lot").get().lot
    assert answer.url == page("opportunity-detail", clara, lot=made.pk)
    assert (made.cpv, str(made.estimated_amount), made.buyer) == ("77310000", "250000.50", clara.organisation)


@pytest.mark.parametrize(
    "wrong",
    [
        {"object": ""},
        {"cpv": "4544"},
        {"cpv": "²²²²²²²²"},
        {"estimated_amount": "-1"},
        {"duration_months": "0"},
        {"launched_on": "31/02/2026"},
        {"launched_on": "0218-10-29"},
        {"commune": "99999"},
        {"department": "zz"},
        {"nature": "poetry"},
    ],
)
def test_a_wrong_lot_is_not_announced(client_for, clara, scheme, wrong):
    data = {"object": "Peinture", "estimated_amount": "1000", **wrong}
    answer = client_for(clara).post(page("lot-create", clara), data)
    assert answer.status_code == 422
    assert not ScreeningResult.objects.exists()


def test_a_lot_is_corrected_unless_somebody_changed_it(client_for, clara, scheme):
    made, browser = lot(clara, scheme), client_for(clara)
    address = page("lot-edit", clara, lot=made.pk)
    seen = browser.get(address).context["form"]["seen"].value()
    data = {"object": "Peinture et sols", "cpv": "45442100", "estimated_amount": "99000", "seen": seen}
    browser.post(address, data)
    made.refresh_from_db()
    assert made.object == "Peinture et sols"
    assert browser.post(address, data | {"object": "Autre"}).status_code == 409


def test_an_imported_lot_is_not_corrected_by_hand(client_for, clara, scheme):
    made = contract(clara, scheme, amount=1000).lot
    assert client_for(clara).get(page("lot-edit", clara, lot=made.pk)).status_code == 403


def test_pascal_works_on_the_lots_he_originates(client_for, clara, pascal, scheme):
    own, other = lot(clara, scheme, project_lead=pascal.user), lot(clara, scheme)
    browser = client_for(pascal)
    assert browser.get(page("opportunity-detail", pascal, lot=own.pk)).status_code == 200
    assert browser.get(page("opportunity-detail", pascal, lot=other.pk)).status_code == 404
    browser.post(page("opportunity-save", pascal, lot=own.pk), {"version": 0})
    assert SavedAssumptions.objects.count() == 1


def test_elected_members_read_figures_elsewhere(client_for, elodie, scheme):
    assert client_for(elodie).get(page("opportunity-list", elodie)).status_code == 403


def test_companies_have_no_such_page(client_for, corinne, scheme):
    assert client_for(corinne).get(page("opportunity-list", corinne)).status_code == 404


def test_fanny_is_asked_reads_and_answers_once(client_for, clara, fanny, felix, scheme):
    made = lot(clara, scheme)
    assert client_for(fanny).get(page("opportunity-detail", fanny, lot=made.pk)).status_code == 404
    browser = client_for(clara)
    address = page("opinion-ask", clara, lot=made.pk)
    assert browser.get(address).status_code == 200
    browser.post(
        address, {"version": 0, "facilitators": [fanny.organisation.pk], "question": "Des peintres ?"}
    )
    assert browser.post(address, {"version": 0, "facilitators": [fanny.organisation.pk]}).status_code == 422
    sees = client_for(fanny)
    assert sees.get(page("opportunity-detail", fanny, lot=made.pk)).status_code == 200
    assert client_for(felix).get(page("opportunity-detail", felix, lot=made.pk)).status_code == 404
    asked = Opportunity.objects.get(lot=made).opinions.get()
    assert "peinture" in sees.get(page("opinion-list", fanny)).content.decode()
    answer = page("opinion-answer", fanny, pk=asked.pk)
    assert sees.get(answer).status_code == 200
    wrong = sees.post(answer, {"answer": "favourable", "text": "Oui", "people_available": "-3"})
    assert wrong.status_code == 422
    sees.post(
        answer,
        {
            "answer": "favourable",
            "text": "Six candidats prêts.",
            "people_available": "6",
            "hours_feasible": "1 050,5",
            "structures": "Ateliers du Madon",
            "conditions": "Pas avant avril",
        },
    )
    asked.refresh_from_db()
    assert (asked.people_available, asked.hours_feasible) == (6, Decimal("1050.5"))
    assert (asked.answer, asked.answered_by) == ("favourable", fanny.user)
    assert sees.post(answer, {"answer": "unfavourable", "text": "Non."}).status_code == 403
    shown = browser.get(page("opportunity-detail", clara, lot=made.pk)).content.decode()
    assert "Six candidats" in shown
    assert "Ateliers du Madon" in shown
    assert "Pas avant avril" in shown


def test_the_next_act_and_the_steps_are_told(client_for, paula, scheme):
    made, browser = lot(paula, scheme), client_for(paula)
    browser.post(
        page("opportunity-plan", paula, lot=made.pk),
        {"version": 0, "what": "Appeler le maître d'œuvre", "due_on": "2026-03-20"},
    )
    assert "Appeler le maître" in browser.get(page("opportunity-detail", paula, lot=made.pk)).content.decode()
    decide = page("opportunity-decide", paula, lot=made.pk)
    browser.post(decide, {"version": 1, "decision": "retain", "modality": "EXEC_CONDITION"})
    browser.post(
        page("opportunity-move", paula, lot=made.pk), {"version": 2, "state": "LAUNCHED", "day": "2026-04-15"}
    )
    made.refresh_from_db()
    sheet = Opportunity.objects.get(lot=made)
    assert (sheet.state, str(made.launched_on)) == (OpportunityState.LAUNCHED, "2026-04-15")
    step = page("opportunity-move", paula, lot=made.pk)
    assert browser.post(step, {"version": 3, "state": "LAUNCHED", "day": "2026-04-15"}).status_code == 403
    assert browser.get(page("opportunity-detail", paula, lot=made.pk)).status_code == 200


def test_the_sheet_prints(client_for, clara, scheme):
    made = lot(clara, scheme)
    html = client_for(clara).get(page("opportunity-print", clara, lot=made.pk), {"labour": "40"}).content
    assert b"Stanislas" in html


def test_hours_to_come_name_no_lot(client_for, paula, simon, benoit, scheme):
    made, private = lot(paula, scheme), lot(benoit, scheme, object="Secret", estimated_amount=900_000)
    for person, one in ((paula, made),):
        client_for(person).post(
            page("opportunity-decide", person, lot=one.pk),
            {"version": 0, "decision": "retain", "modality": "EXEC_CONDITION"},
        )
    Opportunity.objects.create(
        lot=private,
        state="RETAINED",
        modality="MIXED",
        created_at=made.screening.computed_at,
        decided_at=made.screening.computed_at,
    )
    html = client_for(simon).get(page("hours-to-come", simon)).content.decode()
    assert "Peinture intérieure" in html
    assert "Stanislas" not in html
    assert html.count("<tr>") == 2


def test_clara_follows_a_figure_by_a_new_one_with_its_source(client_for, clara, scheme):
    made, browser = lot(clara, scheme), client_for(clara)
    address = page("trade-detail", clara, code="peinture")
    assert "Peinture intérieure" in browser.get(page("trade-list", clara), {"q": "45442"}).content.decode()
    assert browser.get(address).status_code == 200
    data = {"labour_share": "35", "openness": "90", "starts_on": "2026-01-01", "source": "Bilan 2025"}
    assert browser.post(address, data | {"source": ""}).status_code == 422
    assert browser.post(address, data | {"labour_share": "135"}).status_code == 422
    browser.post(address, data)
    assert "Bilan 2025" in browser.get(address).content.decode()
    browser.post(page("screen-again", clara))
    assert ScreeningResult.objects.get(lot=made).hours == 58


def test_clara_follows_a_rule_by_a_new_one(client_for, clara, scheme):
    lot(clara, scheme)
    browser, address = client_for(clara), page("rule-detail", clara, code="labour_share")
    html = browser.get(address).content.decode()
    assert 'value="20"' in html
    data = {
        "weight": "25",
        "threshold": "60",
        "comfortable": "30",
        "starts_on": "2026-01-01",
        "source": "Vote",
    }
    assert browser.post(address, data).status_code == 422
    browser.post(address, data | {"comfortable": "80"})
    assert "Vote" in browser.get(page("rule-list", clara)).content.decode()
    assert browser.get(page("rule-detail", clara, code="poetry")).status_code == 404


def test_fanny_reads_the_figures_and_does_not_set_them(client_for, clara, fanny, scheme):
    lot(clara, scheme)
    browser, address = client_for(fanny), page("trade-detail", fanny, code="peinture")
    assert b'name="labour_share"' not in browser.get(address).content
    assert browser.post(address, {"labour_share": "1"}).status_code == 403


@pytest.mark.parametrize("key", ["9" * 23, "0", "x", "\u0661"])
def test_an_opinion_asked_of_no_body_is_an_error_of_the_form(client_for, clara, scheme, key):
    made = lot(clara, scheme)
    answer = client_for(clara).post(
        page("opinion-ask", clara, lot=made.pk), {"version": 0, "facilitators": [key]}
    )
    assert answer.status_code == 422
    assert not Opportunity.objects.filter(opinions__isnull=False).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_opinions_cost_the_same_for_any_number(client_for, clara, fanny, scheme, count, within_queries):
    browser = client_for(clara)
    for _number in range(count):
        made = lot(clara, scheme)
        browser.post(
            page("opinion-ask", clara, lot=made.pk), {"version": 0, "facilitators": [fanny.organisation.pk]}
        )
    reader = client_for(fanny)
    with within_queries(8):
        reader.get(page("opinion-list", fanny))


@pytest.mark.parametrize("name", ["trade-list", "rule-list", "hours-to-come"])
def test_reference_pages_stay_within_their_budget(client_for, clara, scheme, name, within_queries):
    lot(clara, scheme)
    browser = client_for(clara)
    with within_queries(10):
        browser.get(page(name, clara))


def test_the_sheet_of_a_contract_tells_where_its_facts_come_from(client_for, clara, scheme):
    made = contract(clara, scheme, amount=300_000, source_id="2024-LYC-08", has_social_clause=True).lot
    html = client_for(clara).get(page("opportunity-detail", clara, lot=made.pk)).content.decode()
    assert "2024-LYC-08" in html
    assert "clause sociale" in html
    assert "avenant" in html


def test_the_lots_of_a_consultation_are_judged_together(client_for, clara, scheme):
    browser, address = client_for(clara), page("lot-create", clara)
    data = {
        "cpv": "90910000",
        "launched_on": "2026-10-01",
        "estimated_amount": "120 000",
        "consultation": "Nettoyage des lycées 2026",
        "department": "54",
    }
    browser.post(address, {**data, "object": "Lot 1 : Nancy", "seen": ""})
    first = ScreeningResult.objects.get()
    assert not first.duty_applies
    shown = browser.get(page("opportunity-detail", clara, lot=first.lot_id)).content.decode()
    assert "consultation entière" in shown
    browser.post(address, {**data, "object": "Lot 2 : Toul", "whole_value": "260 000"})
    assert [result.duty_applies for result in ScreeningResult.objects.order_by("pk")] == [True, True]
    assert {result.lot.procedure.title for result in ScreeningResult.objects.all()} == {data["consultation"]}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"whole_value": "260 000"}, "consultation"),
        ({"whole_value": "1000", "consultation": "Nettoyage"}, "whole_value"),
        ({"whole_value": "beaucoup", "consultation": "Nettoyage"}, "whole_value"),
    ],
)
def test_a_wrong_consultation_is_refused_at_its_field(client_for, clara, scheme, typed, field):
    data = {"object": "Peinture", "estimated_amount": "120 000", **typed}
    answer = client_for(clara).post(page("lot-create", clara), data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Lot.objects.exists()
