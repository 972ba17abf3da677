"""The invented stories: the same for the same seed, sized to the hour, with dates in order."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from relais.core.regime import Modality, Regime, article, modalities_on, regime_on
from relais.demo import plan
from relais.demo.story import SINCE, Fate
from relais.demo.works import WORKS, at_place

TODAY = date(2026, 11, 23)
SHARES = {work.trade: Decimal("0.45") for work in WORKS}


def told(contracts: int = 60, hours: int = 30_000, seed: int = 2008):
    return plan.stories(
        seed=seed, contracts=contracts, hours=Decimal(hours), buyers=9, shares=SHARES, today=TODAY
    )


@pytest.mark.parametrize(("contracts", "hours"), [(40, 19_600), (120, 58_800)])
def test_the_hours_validated_make_the_total_wanted_to_the_hundredth(contracts, hours):
    assert plan.validated(told(contracts, hours), TODAY) == hours


def test_the_same_seed_tells_the_same_stories():
    assert told() == told()
    assert told() != told(seed=2009)


def test_each_story_keeps_its_dates_in_order_and_its_hours_in_its_contract():
    for story in told():
        assert SINCE < story.launched_on < story.notified_on < story.starts_on < story.ends_on
        for job in story.jobs:
            assert story.starts_on <= job.starts_on <= job.ends_on <= story.ends_on
            for month, hours in job.hours:
                assert month.last_day >= job.starts_on
                assert month.first_day <= job.ends_on
                assert month.last_day < TODAY
                assert 0 < hours <= 220


def test_each_modality_existed_when_its_consultation_was_launched():
    for story in told(contracts=200, hours=98_000):
        assert Modality(story.modality) in modalities_on(story.launched_on)
        assert article(Modality(story.modality), story.launched_on).citation


@pytest.fixture(scope="module")
def region():
    return told(contracts=520, hours=255_000)


def test_the_region_spans_the_scheme_from_2008_to_these_weeks(region):
    assert len(region) == 520
    assert min(story.notified_on for story in region).year == 2008
    assert max(story.starts_on for story in region) > TODAY - timedelta(days=60)


def test_the_region_has_every_regime_and_every_modality(region):
    assert {regime_on(story.launched_on) for story in region} == set(Regime)
    assert {story.modality for story in region} == {modality.value for modality in Modality}


def test_some_contracts_fail_and_some_are_silent():
    fates = {story.fate for story in told(contracts=200, hours=98_000)}
    assert fates == set(Fate)


@pytest.mark.parametrize(
    ("place", "joined"),
    [
        ("Metz", "lycée à Metz, centre de Metz"),
        ("Ancerville", "lycée à Ancerville, centre d’Ancerville"),
        ("Le Thillot", "lycée au Thillot, centre du Thillot"),
        ("La Bresse", "lycée à La Bresse, centre de La Bresse"),
        ("Hayange", "lycée à Hayange, centre de Hayange"),
    ],
)
def test_a_site_and_its_place_are_joined_as_french_does(place: str, joined: str) -> None:
    assert at_place("lycée à {place}, centre de {place}", place) == joined
