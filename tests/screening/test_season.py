"""Seasons and floors: what they change in the hours, in the lever, on the sheet and in its parameters."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from relais.core.calibration import Formula
from relais.core.regime import Modality
from relais.screening.facts import assume
from relais.screening.models import ScreeningResult, Trade, TradeProfile
from relais.screening.queries.what_if import effect_of
from relais.screening.scoring import screen
from tests.screening.factories import TODAY, lot, parameters
from tests.screening.figures import facts
from tests.screening.figures import parameters as figures
from tests.screening.test_pages import page

GREEN = {"object": "Entretien des espaces verts du lycée", "cpv": "77310000"}


def test_a_seasonal_trade_is_asked_the_hours_of_its_season():
    answer = screen(facts(**GREEN, amount=Decimal(100_000)), figures())
    assert answer.assumptions.season_months == 9
    assert answer.hours == Decimal(105)  # 100,000 € × 70 % × 9 ÷ 12 × 7.5 % ÷ 37.5 €/h
    assert "9 months of season" in next(str(one.words) for one in answer.reasons if one.code == "season")


def test_a_lot_wholly_in_season_keeps_its_hours():
    given = facts(**GREEN, amount=Decimal(100_000))
    numbers = assume(given, figures(), figures().vocabulary.trades["espaces-verts-entretien"])
    answer = screen(given, figures(), replace(numbers, season_months=12))
    assert answer.hours == Decimal(140)
    assert not [one for one in answer.reasons if one.code == "season"]


def test_the_coefficient_proposed_takes_the_season_into_account_once():
    given, values = facts(**GREEN, amount=Decimal(100_000)), figures()
    numbers = assume(given, values, values.vocabulary.trades["espaces-verts-entretien"])
    answer = screen(given, values, replace(numbers, formula=Formula.COEFFICIENT))
    assert answer.hours == Decimal(105)


def test_cleaning_is_not_seasonal_and_its_staff_is_still_to_deduct():
    given, values = facts(object="Nettoyage des locaux", cpv="90910000"), figures()
    answer = screen(given, values)
    assert answer.assumptions.season_months == 12
    assert "staff" in {one.code for one in answer.reasons}
    numbers = replace(answer.assumptions, transferred_staff_share=Decimal("0.75"))
    assert screen(given, values, numbers).calibration.unrounded == answer.calibration.unrounded / 4


@pytest.mark.parametrize("name", ["nettoyage", "vitrerie", "gardiennage", "restauration"])
def test_trades_that_take_over_staff_work_all_year(name):
    trade = figures().vocabulary.trades[name]
    assert (trade.takes_over_staff, trade.season_months) == (True, None)


def test_under_the_floor_the_working_and_the_lever_say_how_much_lacks():
    answer = screen(facts(amount=Decimal(12_000)), figures())
    assert answer.lever is None
    assert [(str(step.label), step.value) for step in answer.calibration.steps[-2:]] == [
        ("Least hours of a clause, not reached", 35),
        ("Hours lacking", 18),
    ]
    lever = next(str(one.words) for one in answer.reasons if one.code == "lever")
    assert "18 h lacking to reach the least of 35 h" in lever


def test_too_short_a_lot_is_not_proposed_or_is_reserved():
    short = screen(facts(duration_months=2), figures())
    assert short.lever is None
    assert str(short.calibration.steps[-1].label) == "Months lacking"
    assert screen(facts(**GREEN, duration_months=2), figures()).lever is Modality.RESERVED_MIXED


def test_a_floor_of_the_scheme_is_followed():
    answer = screen(facts(), replace(figures(), minimum_hours=Decimal(200)))
    assert (answer.lever, answer.hours) == (None, Decimal(168))
    assert answer.calibration.steps[-1].value == 32


def test_the_effect_of_a_season_is_seen_before_it_is_saved(clara, scheme):
    made = lot(clara, scheme)
    row = TradeProfile(
        scheme=scheme,
        trade=Trade.objects.get(code="peinture"),
        labour_share=Decimal("0.70"),
        openness=ScreeningResult.objects.get(lot=made).trade.profiles.first().openness,
        season_months=6,
        starts_on=date(2026, 1, 1),
        source="Bilan",
    )
    (move,) = effect_of(row, scheme, clara.actor(TODAY)).moves
    assert (move.hours_before, move.hours_after) == (117, 58)


def test_clara_dates_a_season_with_its_source(client_for, clara, scheme):
    parameters()
    browser, address = client_for(clara), page("trade-detail", clara, code="espaces-verts-entretien")
    assert 'name="season_months" value="9"' in browser.get(address).content.decode()
    data = {"labour_share": "70", "openness": "95", "season_months": "7", "source": "Enquête de 2025"}
    assert browser.post(address, data | {"starts_on": "2026-01-01", "act": "save"}).status_code == 302
    newest = TradeProfile.objects.get(scheme=scheme)
    assert (newest.season_months, newest.verified) == (7, False)
    wrong = browser.post(address, data | {"starts_on": "2027-01-01", "season_months": "13", "act": "save"})
    assert wrong.status_code == 422
    assert TradeProfile.objects.filter(scheme=scheme).count() == 1


def test_the_sheet_tells_the_season_its_floors_and_keeps_another_season(client_for, clara, scheme):
    made = lot(clara, scheme, **GREEN, estimated_amount=Decimal(100_000))
    browser, address = client_for(clara), page("opportunity-detail", clara, lot=made.pk)
    html = browser.get(address).content.decode()
    for words in ("Mois de saison dans l’année", "Heures minimales d’une clause", "Durée minimale en mois"):
        assert words in html
    first = ScreeningResult.objects.get(lot=made).hours
    data = {"version": "0", "season": "12"}
    assert browser.post(page("opportunity-save", clara, lot=made.pk), data).status_code == 302
    made.refresh_from_db()
    assert made.opportunity.assumptions.season_months == 12
    assert made.opportunity.assumptions.hours > first
    assert ScreeningResult.objects.get(lot=made).hours == made.opportunity.assumptions.hours
    assert browser.get(address, {"season": "0"}).status_code == 200
