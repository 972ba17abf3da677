"""The register of the social duty: who answered it, by what, and the indicators of the year."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from relais.organisations.models import SchemeBody
from relais.screening import actions
from relais.screening.queries import register
from tests.screening.factories import NOON, TODAY, contract, lot

LARGE = {"estimated_amount": Decimal(400_000), "launched_on": date(2026, 9, 1), "cpv": "90910000"}


def page(name, person, query="", **kwargs):
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs}) + query


def derogated(person, scheme):
    made = lot(person, scheme, object="Nettoyage robotisé", **LARGE)
    actions.derogate(
        made,
        case="NO_LINK",
        reasons="Prestation sans main-d'œuvre.",
        evidence="Sourçage de février",
        version=0,
        actor=person.actor(TODAY),
        at=NOON,
        on=TODAY,
    )
    return made


def retained(person, scheme):
    made = lot(person, scheme, object="Nettoyage des lycées", **LARGE)
    actions.retain(
        made,
        modality="EXEC_CONDITION",
        reason="",
        version=0,
        actor=person.actor(TODAY),
        at=NOON,
        on=TODAY,
    )
    return made


@pytest.fixture
def three_lots(paula, scheme):
    return {
        register.DEROGATION: derogated(paula, scheme),
        register.CONSIDERATION: retained(paula, scheme),
        register.UNANSWERED: lot(paula, scheme, object="Nettoyage des gymnases", **LARGE),
    }


def test_each_lot_under_the_duty_shows_its_answer(three_lots, paula):
    rows = register.under_duty(register.lots_of_year(paula.actor(TODAY), paula.organisation, 2026))
    assert {register.answer_of(row): row.lot for row in rows} == three_lots


@pytest.mark.parametrize("answer", [register.UNANSWERED, register.CONSIDERATION, register.DEROGATION])
def test_the_register_is_narrowed_by_answer(client_for, three_lots, paula, answer):
    shown = client_for(paula).get(page("duty-register", paula, f"?year=2026&answer={answer}"))
    assert [row.lot for row, _answer, _label in shown.context["rows"]] == [three_lots[answer]]


def test_small_lots_are_out_unless_all_are_asked(client_for, three_lots, paula, scheme):
    small = lot(paula, scheme, estimated_amount=Decimal(20_000), launched_on=date(2026, 9, 1))
    browser = client_for(paula)
    under = browser.get(page("duty-register", paula, "?year=2026"))
    assert small not in [row.lot for row, *_rest in under.context["rows"]]
    every = browser.get(page("duty-register", paula, "?year=2026&lots=all"))
    assert small in [row.lot for row, *_rest in every.context["rows"]]


def test_the_file_holds_case_reasons_and_evidence(client_for, three_lots, paula):
    answer = client_for(paula).get(page("duty-register-export", paula, "?year=2026&format=csv"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    line = next(line for line in text.splitlines() if "robotisé" in line)
    assert "Sourçage de février" in line
    assert "Prestation sans main" in line
    assert (
        client_for(paula)
        .get(page("duty-register-export", paula, "?year=2026&format=xlsx"))
        .content.startswith(b"PK")
    )


@pytest.mark.parametrize(("kind", "mark"), [("pdf", b"%PDF"), ("docx", b"PK"), ("odt", b"PK")])
def test_the_register_leaves_as_a_document(client_for, three_lots, paula, kind, mark):
    answer = client_for(paula).get(page("duty-register-export", paula, f"?year=2026&format={kind}"))
    assert answer.content.startswith(mark)
    assert answer.headers["Content-Disposition"].endswith(f'.{kind}"')


def test_the_document_tells_case_reasons_and_evidence(client_for, three_lots, paula):
    answer = client_for(paula).get(page("duty-register-export", paula, "?year=2026&format=pdf"))
    text = " ".join(sheet.extract_text() for sheet in PdfReader(BytesIO(answer.content)).pages)
    assert "Sourçage de février" in " ".join(text.split())
    assert "Prestation sans main" in " ".join(text.split())


def test_the_indicators_count_contracts_from_the_floor_of_their_year(clara, scheme):
    contract(clara, scheme, amount=Decimal(100_000), has_social_clause=True)
    contract(clara, scheme, amount=Decimal(60_000))
    contract(clara, scheme, amount=Decimal(39_999), is_reserved=True)
    contract(clara, scheme, amount=Decimal(999_999_999), counts_in_totals=False, has_social_criterion=True)
    told = register.indicators(clara.actor(TODAY), scheme, clara.organisation, 2024)
    assert told.whole == register.Part(3, Decimal(160_000))
    assert [(line.part.contracts, line.part.amount) for line in told.lines] == [
        (2, Decimal(100_000)),
        (1, Decimal(100_000)),
        (1, Decimal(0)),
        (0, Decimal(0)),
        (0, Decimal(0)),
    ]
    assert told.social_share == Decimal(2) / 3
    assert told.reaches_target is True


def test_a_year_without_contract_reaches_nothing(clara, scheme):
    told = register.indicators(clara.actor(TODAY), scheme, clara.organisation, 2009)
    assert told.retained_share is None
    assert (told.whole.contracts, told.social_share, told.reaches_target) == (0, None, None)


def test_lots_left_without_a_clause_are_told_by_reason(three_lots, paula, scheme):
    actions.reject(
        lot(paula, scheme),
        case="few_hours",
        reason="",
        version=0,
        actor=paula.actor(TODAY),
        at=NOON,
        on=TODAY,
    )
    told = register.indicators(paula.actor(TODAY), scheme, paula.organisation, 2026)
    assert (told.screened, told.retained, told.derogated) == (4, 1, 1)
    assert [number for _label, number in told.rejections] == [1]


def test_the_coordinator_reads_the_register_of_a_buyer_who_shares(client_for, clara, benoit, scheme):
    secret = lot(benoit, scheme, object="Nettoyage du siège", **LARGE)
    address = page("duty-register", clara, f"?buyer={benoit.organisation.slug}&year=2026")
    assert secret.object not in client_for(clara).get(address).content.decode()
    SchemeBody.objects.filter(scheme=scheme, organisation=benoit.organisation).update(shares_purchases=True)
    assert secret.object in client_for(clara).get(address).content.decode()


def test_a_wrong_year_shows_the_one_in_course(client_for, paula, three_lots):
    for query in ("?year=abc", "?year=1", "?year=99999999999", "?buyer=nobody&answer=zzz"):
        shown = client_for(paula).get(page("duty-register", paula, query))
        assert (shown.status_code, shown.context["year"]) == (200, paula.actor().on.year)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["duty-register", "duty-register-print"])
def test_the_register_costs_the_same_for_any_number(client_for, paula, scheme, count, name, within_queries):
    for _number in range(count):
        derogated(paula, scheme)
    reader = client_for(paula)
    with within_queries(12):
        reader.get(page(name, paula, "?year=2026"))
