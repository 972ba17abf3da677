from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.parameters import load
from relais.core.regime import Modality, Regime, article, modalities_on, regime_on, regime_start
from relais.core.words import NotInForce

launches = st.dates(date(2006, 9, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("start", "before", "since"),
    [
        (date(2016, 4, 1), Regime.CMP2006, Regime.ORD2015),
        (date(2019, 4, 1), Regime.ORD2015, Regime.CCP2019),
        (date(2026, 8, 21), Regime.CCP2019, Regime.CCP2026),
    ],
)
def test_each_regime_starts_on_its_day(start, before, since):
    found = [regime_on(start + timedelta(shift)) for shift in (-1, 0, 1)]
    assert found == [before, since, since]
    assert regime_start(since) == start


def test_nothing_is_known_before_the_code_of_2006():
    assert regime_on(date(2006, 9, 1)) is Regime.CMP2006
    with pytest.raises(LookupError, match=r"2006-08-31.*starts on 2006-09-01"):
        regime_on(date(2006, 8, 31))


@given(launches, st.integers(0, 4000))
def test_regimes_only_move_forward(day, later):
    order = list(Regime)
    assert order.index(regime_on(day)) <= order.index(
        regime_on(min(day + timedelta(later), date(2035, 12, 31)))
    )


@pytest.mark.parametrize(
    ("modality", "day", "citation"),
    [
        (Modality.EXEC_CONDITION, date(2010, 6, 1), "art. 14 du code des marchés publics"),
        (Modality.RESERVED_DISABILITY, date(2010, 6, 1), "art. 15 du code des marchés publics"),
        (Modality.INSERTION_SERVICE, date(2010, 6, 1), "art. 30 du code des marchés publics"),
        (Modality.AWARD_CRITERION, date(2010, 6, 1), "art. 53 du code des marchés publics"),
        (
            Modality.RESERVED_IAE,
            date(2017, 1, 1),
            "art. 36, II, de l'ordonnance n° 2015-899 du 23 juillet 2015",
        ),
        (Modality.EXEC_CONDITION, date(2026, 8, 20), "art. L. 2112-2 du code de la commande publique"),
        (
            Modality.EXEC_CONDITION,
            date(2026, 8, 21),
            "art. L. 2112-2 et L. 2112-2-1 du code de la commande publique",
        ),
    ],
)
def test_each_modality_cites_the_article_of_its_time(modality, day, citation):
    assert article(modality, day).citation == citation


@pytest.mark.parametrize(
    ("modality", "first_day"),
    [
        (Modality.RESERVED_IAE, date(2016, 4, 1)),
        (Modality.RESERVED_ESS, date(2016, 4, 1)),
        (Modality.RESERVED_MIXED, date(2020, 12, 8)),
        (Modality.RESERVED_PRISON, date(2022, 10, 20)),
    ],
)
def test_a_reservation_does_not_exist_before_its_law(modality, first_day):
    assert article(modality, first_day).modality is modality
    eve = first_day - timedelta(1)
    with pytest.raises(LookupError, match=eve.isoformat()):
        article(modality, eve)
    assert modality not in modalities_on(eve)
    assert modality in modalities_on(first_day)


def test_article_15_never_served_insertion_structures():
    with pytest.raises(LookupError, match="only served the disability sector"):
        article(Modality.RESERVED_IAE, date(2012, 1, 1))


def test_concessions_cite_their_own_book():
    assert article(Modality.EXEC_CONDITION, date(2026, 9, 1), concession=True).citation == (
        "art. L. 3114-2 et L. 3114-2-1 du code de la commande publique"
    )
    with pytest.raises(LookupError, match="in a concession launched on 2026-09-01"):
        article(Modality.RESERVED_IAE, date(2026, 9, 1), concession=True)
    assert modalities_on(date(2026, 9, 1), concession=True) == (Modality.EXEC_CONDITION,)


@given(launches, st.sampled_from(Modality), st.booleans())
def test_a_modality_has_one_article_or_a_sentence(day, modality, concession):
    listed = modality in modalities_on(day, concession=concession)
    if listed:
        found = article(modality, day, concession=concession)
        assert found.regime is regime_on(day)
        assert found.source
    else:
        with pytest.raises(NotInForce) as refused:
            article(modality, day, concession=concession)
        assert day.isoformat() in str(refused.value.words)


@given(launches, st.integers(0, 4000))
def test_no_modality_was_ever_withdrawn(day, later):
    assert set(modalities_on(day)) <= set(modalities_on(day + timedelta(later)))


def test_no_two_articles_answer_the_same_question():
    asked = [
        (row["modality"], regime, row.get("concession", False))
        for row in load("regimes")["article"]
        for regime in row["regimes"]
    ]
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("name", ["regimes", "thresholds", "duty"])
def test_every_fact_has_a_source_and_says_whether_it_was_checked(name):
    rows = [row for table in load(name).values() if isinstance(table, list) for row in table]
    assert rows
    for row in rows:
        assert row["source"].strip()
        assert isinstance(row["verified"], bool)


def test_names_are_words():
    assert str(Modality.EXEC_CONDITION.words) == "Performance condition"
    assert all(str(name.words) for name in (*Modality, *Regime))
