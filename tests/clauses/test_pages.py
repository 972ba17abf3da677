from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from relais.clauses.actions import abandon_clause
from relais.clauses.enums import ClauseState
from relais.clauses.models import Clause
from relais.kit.models import AuditEntry, Outcome
from relais.organisations.models import Organisation
from relais.procurement.models import Contract, Holder
from tests.clauses.factories import LAUNCHED, a_draft, a_retained, a_written, an_awarded, noon

pytestmark = pytest.mark.django_db


def page_of(name, person, **kwargs):
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


def test_clara_writes_the_clause_of_a_retained_lot(cast, clara, client_for):
    sheet = a_retained(cast)
    browser = client_for(clara)
    url = page_of("clause-create", clara, pk=sheet.pk)
    first = browser.get(url)
    assert first.context["form"]["hours"].value() == Decimal(373)
    assert "480" in first.content.decode()
    data = {
        "modality": "EXEC_CONDITION",
        "launched_on": "2025-03-03",
        "hours": "373",
        "unit_penalty": "45,50",
        "facilitators": [str(cast["fanny"].organisation.pk)],
    }
    answer = browser.post(url, data)
    clause = Clause.objects.get()
    assert answer.url == page_of("clause-detail", clara, pk=clause.pk)
    assert clause.unit_penalty == Decimal("45.50")
    assert clause.parties.get().organisation == cast["fanny"].organisation


@pytest.mark.parametrize(("department", "ticked"), [("54", ["fanny"]), ("88", []), (None, [])])
def test_the_facilitators_of_the_department_are_ticked(cast, clara, client_for, department, ticked):
    sheet = a_retained(cast, department_id=department)
    form = client_for(clara).get(page_of("clause-create", clara, pk=sheet.pk)).context["form"]
    assert set(form["facilitators"].value()) == {cast[name].organisation.pk for name in ticked}
    assert ("checked" in str(form["facilitators"])) == bool(ticked)


def test_the_facilitators_asked_for_an_opinion_are_ticked_beforehand(cast, clara, client_for):
    sheet = a_retained(cast)
    sheet.opinions.create(facilitator=cast["felix"].organisation, asked_at=noon(LAUNCHED), due_on=LAUNCHED)
    form = client_for(clara).get(page_of("clause-create", clara, pk=sheet.pk)).context["form"]
    assert form["facilitators"].value() == [cast["felix"].organisation.pk]


def test_what_was_typed_is_kept_when_a_modality_did_not_exist(cast, clara, client_for):
    url = page_of("clause-create", clara, pk=a_retained(cast).pk)
    data = {
        "modality": "RESERVED_PRISON",
        "launched_on": "2012-05-02",
        "hours": "1 200,5",
        "particulars": "Badge",
    }
    answer = client_for(clara).post(url, data)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "1 200,5" in text
    assert "Badge" in text
    assert not Clause.objects.exists()


def test_hours_changed_without_a_reason_are_refused_on_the_form(cast, clara, client_for):
    clause = a_draft(cast)
    data = {"modality": "EXEC_CONDITION", "launched_on": "2025-03-03", "hours": "300"}
    answer = client_for(clara).post(page_of("clause-edit", clara, pk=clause.pk), data)
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()
    clause.refresh_from_db()
    assert clause.hours == Decimal(373)


def test_a_gap_is_told_on_the_draft_and_the_text_is_kept_by_one_act(cast, clara, client_for):
    clause = a_draft(cast, facilitators=[])
    browser = client_for(clara)
    assert len(browser.get(page_of("clause-detail", clara, pk=clause.pk)).context["gaps"]) == 1
    browser.post(page_of("clause-keep", clara, pk=clause.pk))
    clause.refresh_from_db()
    assert clause.state == ClauseState.WRITTEN
    assert "373" in browser.get(page_of("clause-print", clara, pk=clause.pk)).content.decode()


def test_the_company_reads_the_texts_and_not_the_analysis_of_the_buyer(cast, corinne, fanny, client_for):
    clause = an_awarded(cast, hours=Decimal(400), hours_reason="Analyse interne du service")
    read = client_for(corinne).get(page_of("clause-detail", corinne, pk=clause.pk)).content.decode()
    assert "Modes de réalisation" in read
    for hidden in ("Analyse interne", "€/h", "45442100"):
        assert hidden not in read.replace(clause.contract.source_id, "")
    followed = client_for(fanny).get(page_of("clause-detail", fanny, pk=clause.pk)).content.decode()
    assert "Analyse interne" in followed


def holders(*rows):
    data = {"holders-TOTAL_FORMS": str(len(rows)), "holders-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        data |= {f"holders-{number}-{name}": value for name, value in row.items()}
    return data


CONTRACT = {
    "source_id": "2025-0042",
    "notified_on": "2025-06-02",
    "starts_on": "2025-06-16",
    "ends_on": "2026-12-15",
    "hours": "373",
    "amount": "475 000,50",
}


def test_paula_records_a_consortium_with_a_company_nobody_knew(cast, paula, corinne, client_for):
    clause = a_written(cast)
    rows = holders(
        {"organisation": str(corinne.organisation.pk), "share": "60", "is_lead": "on"},
        {"name": "Façades du Madon", "siret": "", "share": "40"},
        {},
    )
    answer = client_for(paula).post(
        page_of("clause-award", paula, pk=clause.pk), {**CONTRACT, **rows, "consortium": "joint"}
    )
    clause.refresh_from_db()
    assert answer.url == page_of("clause-follow", paula, pk=clause.pk)
    newcomer = Organisation.objects.get(name="Façades du Madon")
    owed = {debtor.organisation: debtor.owed for debtor in clause.obligation.debtors.all()}
    assert owed == {corinne.organisation: Decimal("223.80"), newcomer: Decimal("149.20")}
    assert clause.contract.amount == Decimal("475000.50")


def test_shares_that_do_not_make_the_whole_leave_nothing_behind(cast, paula, corinne, client_for):
    clause = a_written(cast)
    rows = holders(
        {"organisation": str(corinne.organisation.pk), "share": "60", "is_lead": "on"},
        {"name": "Façades du Madon", "share": "30"},
    )
    answer = client_for(paula).post(
        page_of("clause-award", paula, pk=clause.pk), {**CONTRACT, **rows, "consortium": "joint"}
    )
    assert answer.status_code == 422
    assert "90" in answer.content.decode()
    assert not Organisation.objects.filter(name="Façades du Madon").exists()


def test_the_holder_already_published_is_proposed_and_kept(cast, paula, corinne, client_for):
    clause = a_written(cast)
    published = Contract.objects.create(
        scheme=cast.scheme, buyer=clause.buyer, lot=clause.lot, source_id="2025T7", amount=Decimal(480_000)
    )
    Holder.objects.create(
        contract=published,
        organisation=corinne.organisation,
        identifier=corinne.organisation.siret,
        name="BATISSEURS DU MAD",
    )
    url = page_of("clause-award", paula, pk=clause.pk)
    browser = client_for(paula)
    first = browser.get(url).context["rows"].forms[0]
    assert first["organisation"].value() == str(corinne.organisation.pk)
    data = {
        "holders-TOTAL_FORMS": "5",
        "holders-INITIAL_FORMS": "1",
        "holders-0-organisation": str(corinne.organisation.pk),
        "holders-0-is_lead": "on",
    }
    assert browser.post(url, {**CONTRACT, **data, "consortium": "alone"}).status_code == 302
    clause.refresh_from_db()
    assert (clause.contract, clause.obligation.debtors.get().organisation) == (
        published,
        corinne.organisation,
    )


def test_a_share_without_a_company_is_not_lost_in_silence(cast, paula, corinne, client_for):
    clause = a_written(cast)
    rows = holders({"organisation": str(corinne.organisation.pk), "share": "60"}, {"share": "40"})
    answer = client_for(paula).post(
        page_of("clause-award", paula, pk=clause.pk), {**CONTRACT, **rows, "consortium": "joint"}
    )
    assert answer.status_code == 422
    assert answer.context["rows"].forms[1].errors["organisation"]


def test_a_wrong_siret_is_told_at_its_field(cast, paula, client_for):
    clause = a_written(cast)
    rows = holders({"name": "Façades du Madon", "siret": "12345678900012"})
    answer = client_for(paula).post(
        page_of("clause-award", paula, pk=clause.pk), {**CONTRACT, **rows, "consortium": "alone"}
    )
    assert answer.status_code == 422
    assert answer.context["rows"].forms[0].errors["siret"]


def test_fanny_proposes_and_clara_answers(cast, clara, fanny, client_for):
    clause = an_awarded(cast)
    client_for(fanny).post(
        page_of("proposal-add", fanny, pk=clause.pk), {"text": "Deux mois de plus", "hours": "-50"}
    )
    proposal = clause.proposals.get()
    assert proposal.hours == Decimal(-50)
    browser = client_for(clara)
    url = page_of("proposal-answer", clara, pk=clause.pk, proposal=proposal.pk)
    assert browser.post(url, {"taken": "no"}).status_code == 422
    browser.post(url, {"taken": "no", "answer": "Le chantier n'est pas retardé."})
    assert (
        "pas retardé" in client_for(fanny).get(page_of("clause-detail", fanny, pk=clause.pk)).content.decode()
    )


def test_an_abandoned_clause_says_why(cast, clara, client_for):
    clause = a_draft(cast)
    abandon_clause(clause, reason="Sans suite", actor=clara.actor(LAUNCHED), at=noon(LAUNCHED))
    assert (
        "Sans suite" in client_for(clara).get(page_of("clause-detail", clara, pk=clause.pk)).content.decode()
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_stays_flat(cast, clara, client_for, within_queries, count):
    for _ in range(count):
        an_awarded(cast)
    browser, url = client_for(clara), page_of("clause-list", clara)
    with within_queries(12):
        page = browser.get(url, {"late": "on", "q": "peinture"})
    assert len(page.context["page"]) == count


@pytest.mark.parametrize(
    "name", ["clause-detail", "clause-print", "clause-edit", "clause-award", "party-add"]
)
def test_each_page_of_a_clause_keeps_its_budget(cast, clara, client_for, within_queries, name):
    clause = a_written(cast) if name == "clause-award" else a_draft(cast)
    browser = client_for(clara)
    with within_queries(12):
        assert browser.get(page_of(name, clara, pk=clause.pk)).status_code == 200


def test_the_list_is_searched_filtered_and_sorted_through_the_address(cast, clara, client_for):
    painting = a_draft(cast, lot={"object": "Réfection des peintures du gymnase"})
    roof = a_written(cast, lot={"object": "Couverture de l'atelier"})
    url, browser = page_of("clause-list", clara), client_for(clara)

    def found(**query):
        return [row.clause for row in browser.get(url, query).context["page"]]

    assert found(q="gymnase") == [painting]
    assert found(q=roof.reference) == [roof]
    assert found(state="written") == [roof]
    assert found(sort="reference") == [painting, roof]
    assert found(sort="-reference") == [roof, painting]
    assert found(regime="CMP2006") == []
    assert found(year="2025") == found(sort="nonsense", state="nonsense")


def test_the_list_refreshes_its_rows_alone(cast, clara, client_for):
    a_draft(cast)
    answer = client_for(clara).get(page_of("clause-list", clara), headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()


def test_each_partner_reads_its_own_part_in_the_list(cast, corinne, client_for):
    an_awarded(cast, shares={"corinne": Decimal("0.25"), "cyril": Decimal("0.75")})
    (row,) = client_for(corinne).get(page_of("clause-list", corinne)).context["page"]
    assert row.owed == Decimal("93.25")


def test_an_export_is_traced_and_holds_what_is_shown(cast, clara, client_for):
    an_awarded(cast)
    a_draft(cast)
    answer = client_for(clara).get(page_of("clause-export", clara), {"state": "awarded", "format": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert ";373,00;" in lines[1]
    entry = AuditEntry.objects.get(verb="clauses.list.exported")
    assert (entry.outcome, entry.detail) == (Outcome.EXPORTED, "csv rows=1")


def test_a_workbook_comes_out_as_well(cast, clara, client_for):
    an_awarded(cast)
    answer = client_for(clara).get(page_of("clause-export", clara), {"format": "xlsx"})
    assert answer.content[:2] == b"PK"
    assert answer["Content-Disposition"].endswith('.xlsx"')


def test_a_body_that_left_finds_nothing_at_its_next_request(cast, clara, fanny, client_for):
    clause = a_draft(cast)
    browser = client_for(fanny)
    url = page_of("clause-detail", fanny, pk=clause.pk)
    assert browser.get(url).status_code == 200
    party = clause.parties.get()
    client_for(clara).post(page_of("party-end", clara, pk=clause.pk, party=party.pk))
    assert browser.get(url).status_code == 404
    assert (clause.parties.get().ends_on - party.starts_on) > timedelta(0)
