"""The guide to the modalities: complete, true to the table of the law, shown where the question arises."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.duty import DerogationCase
from relais.core.regime import Modality, Regime, article, modalities_on
from relais.screening import guide
from relais.screening.actions import retain
from tests.screening.factories import NOON, TODAY, lot
from tests.screening.test_pages import page
from tests.screening.test_register import LARGE

days = st.dates(date(2006, 9, 1), date(2030, 12, 31))


def test_every_modality_and_every_derogation_has_its_advice():
    assert set(guide.ADVICE) == set(Modality)
    assert all(advice.when and advice.traps and advice.example for advice in guide.ADVICE.values())
    assert set(guide.DEROGATION_ADVICE) == set(DerogationCase)


@given(days, st.booleans())
def test_the_guide_cites_what_the_law_of_the_day_has(day, concession):
    found = guide.entries(day, concession=concession)
    there = {one.modality for one in found if one.article}
    assert there == set(modalities_on(day, concession=concession))
    assert all(
        one.article == article(one.modality, day, concession=concession) for one in found if one.article
    )
    assert all(one.missing for one in found if not one.article)
    assert [bool(one.article) for one in found] == sorted((bool(one.article) for one in found), reverse=True)


def test_the_four_ways_of_2006_have_their_successors():
    rows = {row.modality: [one and one.citation for one in row.articles] for row in guide.successions()}
    assert [regime for regime, _start in guide.regimes()] == list(Regime)
    assert "art. 14" in rows[Modality.EXEC_CONDITION][0]
    assert "art. 15" in rows[Modality.RESERVED_DISABILITY][0]
    assert "art. 30" in rows[Modality.INSERTION_SERVICE][0]
    assert "art. 53" in rows[Modality.AWARD_CRITERION][0]
    assert rows[Modality.RESERVED_IAE][0] is None
    assert rows[Modality.RESERVED_PRISON][2] is not None
    for former in (
        Modality.EXEC_CONDITION,
        Modality.RESERVED_DISABILITY,
        Modality.INSERTION_SERVICE,
        Modality.AWARD_CRITERION,
    ):
        assert all(rows[former])


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ({"launched": "2012-03-01"}, "art. 14 du code des marchés publics"),
        ({"launched": "2026-09-01"}, "L. 2112-2-1"),
        ({"launched": "2026-09-01", "concession": "on"}, "L. 3114-2-1"),
        ({"launched": "2001-01-01"}, "Aucun régime connu"),
        ({"launched": "hier"}, "Condition d’exécution"),
        ({}, "Condition d’exécution"),
    ],
)
def test_the_page_follows_the_launch_date(client_for, clara, scheme, address, said):
    answer = client_for(clara).get(page("modality-guide", clara), address)
    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_the_page_asks_nothing_of_the_database(client_for, clara, scheme, within_queries):
    browser = client_for(clara)
    browser.get(page("modality-guide", clara))
    with within_queries(6):
        browser.get(page("modality-guide", clara))


def test_the_sheet_advises_on_the_modality_proposed_then_on_the_one_chosen(client_for, clara, scheme):
    made = lot(clara, scheme)
    browser, address = client_for(clara), page("opportunity-detail", clara, lot=made.pk)
    proposed = browser.get(address).content.decode()
    assert "Quand l’employer, pièges, exemple" in proposed
    assert "La voie habituelle" in proposed
    chosen = browser.get(address, {"modality": "AWARD_CRITERION"}).content.decode()
    assert "La voie habituelle" not in chosen
    assert "Peu de postes sont ouverts à des personnes peu qualifiées" in chosen


def test_the_decision_form_advises_on_each_modality_and_each_derogation(client_for, paula, scheme):
    made = lot(paula, scheme, **LARGE)
    html = client_for(paula).get(page("opportunity-decide", paula, lot=made.pk)).content.decode()
    assert "Quelle modalité" in html
    assert html.count("Pièges") == len(modalities_on(LARGE["launched_on"]))
    assert "Dites pourquoi aucun poste" in html
    plain = lot(paula, scheme)
    html = client_for(paula).get(page("opportunity-decide", paula, lot=plain.pk)).content.decode()
    assert "Dites pourquoi aucun poste" not in html


def test_the_clause_form_advises_on_its_modality_first(client_for, paula, clara, scheme):
    made = lot(paula, scheme)
    sheet = retain(made, modality="MIXED", reason="", version=0, actor=paula.actor(TODAY), at=NOON, on=TODAY)
    html = client_for(paula).get(page("clause-create", paula, pk=sheet.pk)).content.decode()
    assert html.index("Beaucoup d’heures et des entreprises") < html.index("La voie habituelle")
