"""What the screening says of lots a clause officer would recognise."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.calibration import Formula
from relais.core.duty import DerogationCase
from relais.core.regime import BuyerKind, Modality, Nature, Regime
from relais.core.words import BadValue
from relais.screening.facts import Parameters, assume
from relais.screening.scoring import Screened, screen
from tests.screening.figures import facts, parameters

shared = cache(parameters)


@pytest.fixture(scope="module")
def figures() -> Parameters:
    return shared()


def codes(answer: Screened) -> set[str]:
    return {reason.code for reason in answer.reasons}


def said(answer: Screened, code: str) -> str:
    return next(str(reason.words) for reason in answer.reasons if reason.code == code)


def test_painting_is_a_good_opportunity(figures: Parameters) -> None:
    answer = screen(facts(), figures)
    assert answer.trade is not None
    assert (answer.trade.code, answer.lever) == ("peinture", Modality.EXEC_CONDITION)
    assert answer.hours == Decimal(168)  # 120,000 € × 70 % × 7.5 % ÷ 37.5 €/h
    assert answer.score >= 75
    assert answer.article is not None
    assert "2112-2" in answer.article.citation
    assert answer.regime is Regime.CCP2019


def test_the_plastering_of_the_guides_gives_373_hours(figures: Parameters) -> None:
    lot = facts(object="Lot 5 : plâtrerie", cpv="45410000", amount=Decimal(480_000))
    numbers = replace(
        assume(lot, figures, figures.vocabulary.trades["platrerie"]),
        labour_share=Decimal("0.40"),
        effort=Decimal("0.07"),
        hourly_cost=Decimal(36),
    )
    answer = screen(lot, figures, numbers)
    assert answer.hours == Decimal(373)
    assert answer.calibration is not None
    assert answer.calibration.unrounded.quantize(Decimal("0.1")) == Decimal("373.3")


def test_software_licences_are_no_opportunity(figures: Parameters) -> None:
    licences = facts(object="Acquisition de licences logicielles", cpv="48000000", amount=Decimal(900_000))
    answer = screen(licences, figures)
    assert answer.lever is None
    assert answer.score <= 30
    assert "low_labour" in codes(answer)


def test_studies_get_a_criterion_rather_than_hours(figures: Parameters) -> None:
    lot = facts(object="Mission de maîtrise d'œuvre", cpv="71000000", amount=Decimal(700_000))
    answer = screen(lot, figures)
    assert answer.lever is Modality.AWARD_CRITERION
    assert answer.score <= 45


def test_many_hours_call_for_a_condition_and_a_criterion(figures: Parameters) -> None:
    assert screen(facts(amount=Decimal(2_000_000)), figures).lever is Modality.MIXED


def test_a_small_green_lot_is_better_reserved(figures: Parameters) -> None:
    lot = facts(object="Entretien des espaces verts", cpv="77310000", amount=Decimal(18_000))
    assert screen(lot, figures).lever is Modality.RESERVED_MIXED


def test_a_small_works_lot_has_no_lever(figures: Parameters) -> None:
    answer = screen(facts(amount=Decimal(12_000)), figures)
    assert (answer.lever, answer.article) == (None, None)
    assert answer.score <= 40


def test_insertion_as_the_object_is_insertion_services(figures: Parameters) -> None:
    lot = facts(
        object="Marché d'insertion et de qualification professionnelle : entretien de rivières",
        cpv="77310000",
        amount=Decimal(20_000),
    )
    answer = screen(lot, figures)
    assert answer.lever is Modality.INSERTION_SERVICE
    assert answer.score >= 90


@pytest.mark.parametrize(
    ("words", "launched_on", "lever"),
    [
        ("lot réservé aux ESAT et entreprises adaptées", date(2026, 4, 1), Modality.RESERVED_DISABILITY),
        ("lot réservé aux structures d'insertion", date(2026, 4, 1), Modality.RESERVED_IAE),
        ("marché réservé", date(2026, 4, 1), Modality.RESERVED_MIXED),
        ("marché réservé", date(2017, 4, 1), Modality.RESERVED_IAE),
        ("marché réservé", date(2012, 4, 1), Modality.RESERVED_DISABILITY),
    ],
)
def test_a_reservation_follows_its_words_and_its_date(
    figures: Parameters, words: str, launched_on: date, lever: Modality
) -> None:
    lot = facts(object=f"Nettoyage des locaux, {words}", cpv="90910000", launched_on=launched_on)
    answer = screen(lot, figures)
    assert answer.lever is lever
    assert answer.score >= 80


def test_article_15_of_2006_never_served_insertion_structures(figures: Parameters) -> None:
    lot = facts(object="Lot réservé aux structures d'insertion", launched_on=date(2012, 4, 1))
    assert screen(lot, figures).lever is Modality.EXEC_CONDITION


@pytest.mark.parametrize(
    ("cpv", "words", "trade"),
    [
        ("45000000", "Réhabilitation de 12 logements. Lot n° 4 : PLÂTRERIE - isolation", "platrerie"),
        ("45210000", "Construction d'un centre de formation", "batiment"),
        ("45421000", "Lot 6 Menuiseries extérieures aluminium", "menuiserie-exterieure"),
        (
            "44220000",
            "Construction d'une maison de santé Lot Menuiseries intérieures",
            "menuiserie-interieure",
        ),
        ("41110000", "Travaux de renouvellement sur le réseau d'eau potable", "reseaux"),
        ("39830000", "Fourniture de produits de nettoyage", "fournitures"),
        ("44810000", "Acquisition de peinture", "fournitures"),
        ("90910000", "Nettoyage des vitres du lycée", "vitrerie"),
        ("90911300", "Entretien", "vitrerie"),
        ("45454000", "Mission de maîtrise d'½uvre pour la réhabilitation", "etudes"),
        ("", "Gros Oeuvre et maçonnerie", "gros-oeuvre"),
        ("90500000", "Pompage et traitement de lixiviats", "traitement-dechets"),
        ("72252000", "Numérisation des archives", "numerisation"),
        ("77314000", "Tonte", "espaces-verts-entretien"),
    ],
)
def test_the_trade_comes_from_the_code_or_from_the_words(
    figures: Parameters, cpv: str, words: str, trade: str
) -> None:
    found = screen(facts(object=words, cpv=cpv), figures).trade
    assert found is not None
    assert found.code == trade


def test_an_unknown_trade_says_so_and_uses_general_figures(figures: Parameters) -> None:
    answer = screen(facts(object="Divers", cpv=""), figures)
    assert answer.trade is None
    assert answer.assumptions.labour_share == Decimal("0.30")
    assert "No trade was recognised" in said(answer, "trade")


def test_an_implausible_amount_gives_no_hours(figures: Parameters) -> None:
    answer = screen(facts(amount=Decimal(999999999), amount_counts=False), figures)
    assert answer.hours is None
    assert "implausible" in said(answer, "implausible")


def test_a_missing_launch_date_is_said(figures: Parameters) -> None:
    imported = screen(facts(launched_on=None, notified_on=date(2024, 5, 6)), figures)
    assert "2024-05-06" in said(imported, "launch")
    planned = screen(facts(launched_on=None), figures)
    assert "Enter the launch date" in said(planned, "launch")


def test_a_consultation_before_2006_has_no_regime(figures: Parameters) -> None:
    answer = screen(facts(launched_on=date(2005, 1, 1)), figures)
    assert (answer.regime, answer.lever) == (None, None)


def test_the_duty_of_2026_applies_above_the_threshold(figures: Parameters) -> None:
    large = facts(cpv="90910000", object="Nettoyage", amount=Decimal(400_000), launched_on=date(2026, 9, 1))
    answer = screen(large, figures)
    assert answer.duty is not None
    assert (answer.duty.applies, answer.duty.satisfied) == (True, False)
    planned = screen(replace(large, consideration_planned=True), figures)
    assert planned.duty is not None
    assert planned.duty.satisfied
    before = screen(replace(large, launched_on=date(2026, 8, 20)), figures)
    assert before.duty is not None
    assert not before.duty.applies


def test_the_duty_is_met_by_a_derogation_with_its_reasons(figures: Parameters) -> None:
    lot = facts(
        cpv="90910000",
        object="Nettoyage",
        amount=Decimal(400_000),
        launched_on=date(2026, 9, 1),
        derogation=DerogationCase.NO_LINK,
        derogation_reasons="Prestation robotisée.",
    )
    answer = screen(lot, figures)
    assert answer.duty is not None
    assert answer.duty.satisfied


def test_the_whole_consultation_decides_the_duty(figures: Parameters) -> None:
    lot = facts(amount=Decimal(120_000), whole_value=Decimal(6_000_000), launched_on=date(2026, 9, 1))
    answer = screen(lot, figures)
    assert answer.duty is not None
    assert answer.duty.applies


def test_the_state_has_a_lower_threshold(figures: Parameters) -> None:
    lot = facts(object="Nettoyage", cpv="90910000", amount=Decimal(180_000), launched_on=date(2026, 9, 1))
    local, state = screen(lot, figures), screen(replace(lot, buyer_kind=BuyerKind.CENTRAL), figures)
    assert local.duty is not None
    assert state.duty is not None
    assert (local.duty.applies, state.duty.applies) == (False, True)


def test_a_framework_and_staff_taken_over_are_pointed_out(figures: Parameters) -> None:
    answer = screen(facts(object="Nettoyage", cpv="90910000", framework=True, awarded=True), figures)
    assert {"framework", "staff", "awarded"} <= codes(answer)


def test_works_bought_under_a_supply_code_are_pointed_out(figures: Parameters) -> None:
    lot = facts(object="Construction d'une école, lot menuiseries intérieures", cpv="44220000")
    answer = screen(lot, figures)
    assert answer.nature is Nature.SUPPLIES
    assert "nature" in codes(answer)


def test_impossible_numbers_are_refused_in_words(figures: Parameters) -> None:
    numbers = replace(assume(facts(), figures, None), hourly_cost=Decimal(0))
    with pytest.raises(BadValue):
        screen(facts(), figures, numbers)


def test_a_framework_without_orders_owes_nothing_yet(figures: Parameters) -> None:
    numbers = replace(assume(facts(), figures, None), formula=Formula.FRAMEWORK)
    assert screen(facts(), figures, numbers).hours is None


amounts = st.decimals(min_value=0, max_value=60_000_000, places=2)
shares = st.decimals(min_value=0, max_value=1, places=4)
months = st.integers(min_value=0, max_value=120)
objects = st.sampled_from(
    [
        "Peinture",
        "Nettoyage des locaux",
        "Acquisition de licences",
        "Maîtrise d'œuvre",
        "Marché d'insertion",
        "Lot réservé aux ESAT",
        "Intervention d'urgence, gros œuvre",
        "Divers",
    ]
)
cpvs = st.sampled_from(["", "45442100", "90910000", "48000000", "71000000", "45000000", "77310000"])


@given(objects, cpvs, amounts, st.none() | months, st.none() | st.booleans())
def test_the_points_of_the_reasons_add_up_to_the_score(
    words: str, cpv: str, amount: Decimal, duration: int | None, inside: bool | None
) -> None:
    lot = facts(object=words, cpv=cpv, amount=amount, duration_months=duration, in_territory=inside)
    answer = screen(lot, shared())
    assert 0 <= answer.score <= 100
    assert sum(reason.points for reason in answer.reasons) == answer.score


@given(objects, cpvs, amounts, amounts, shares, shares, months, months)
def test_more_money_labour_or_time_never_lowers_the_score(
    words: str, cpv: str, a: Decimal, b: Decimal, s: Decimal, t: Decimal, m: int, n: int
) -> None:
    lot, figures = facts(object=words, cpv=cpv), shared()
    numbers = assume(lot, figures, None)
    less = replace(numbers, amount=min(a, b), labour_share=min(s, t), duration_months=min(m, n))
    more = replace(numbers, amount=max(a, b), labour_share=max(s, t), duration_months=max(m, n))
    assert screen(lot, figures, less).score <= screen(lot, figures, more).score


@given(objects, cpvs, amounts)
def test_the_case_and_the_accents_change_nothing(words: str, cpv: str, amount: Decimal) -> None:
    lot = facts(object=words, cpv=cpv, amount=amount)
    shouted = replace(lot, object=words.upper().replace("É", "E").replace("Î", "I").replace("Œ", "OE"))
    assert screen(lot, shared()).score == screen(shouted, shared()).score
