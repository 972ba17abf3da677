from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.regime import BuyerKind, Nature
from relais.core.thresholds import direct_award_threshold, european_threshold, known_until

EUROPEAN = {  # year: central, local, utility, works
    2006: (135_000, 210_000, 420_000, 5_270_000),
    2008: (133_000, 206_000, 412_000, 5_150_000),
    2010: (125_000, 193_000, 387_000, 4_845_000),
    2012: (130_000, 200_000, 400_000, 5_000_000),
    2014: (134_000, 207_000, 414_000, 5_186_000),
    2016: (135_000, 209_000, 418_000, 5_225_000),
    2018: (144_000, 221_000, 443_000, 5_548_000),
    2020: (139_000, 214_000, 428_000, 5_350_000),
    2022: (140_000, 215_000, 431_000, 5_382_000),
    2024: (143_000, 221_000, 443_000, 5_538_000),
    2026: (140_000, 216_000, 432_000, 5_404_000),
}
DIRECT = [
    (date(2006, 9, 1), 4_000, 4_000),
    (date(2008, 12, 21), 20_000, 20_000),
    (date(2010, 5, 1), 4_000, 4_000),
    (date(2011, 12, 12), 15_000, 15_000),
    (date(2015, 10, 1), 25_000, 25_000),
    (date(2020, 1, 1), 40_000, 40_000),
    (date(2020, 7, 22), 40_000, 70_000),
    (date(2020, 12, 8), 40_000, 100_000),
    (date(2026, 1, 1), 40_000, 100_000),
    (date(2026, 4, 1), 60_000, 100_000),
]


def european_row(day):
    kinds = (BuyerKind.CENTRAL, BuyerKind.LOCAL, BuyerKind.UTILITY)
    bought = [european_threshold(day, Nature.SERVICES, kind) for kind in kinds]
    return tuple(int(t.value) for t in (*bought, european_threshold(day, Nature.WORKS, BuyerKind.LOCAL)))


@pytest.mark.parametrize("year", EUROPEAN)
def test_european_thresholds_change_on_1_january_of_even_years(year):
    start = date(year, 1, 1)
    assert european_row(start) == european_row(date(year + 1, 12, 31)) == EUROPEAN[year]
    if year > 2006:
        assert european_row(start - timedelta(1)) == EUROPEAN[year - 2]
    assert european_threshold(start, Nature.SUPPLIES, BuyerKind.LOCAL).since == start


def test_works_and_concessions_share_one_amount_for_all_buyers():
    day = date(2026, 9, 1)
    amounts = {european_threshold(day, Nature.WORKS, kind).value for kind in BuyerKind}
    amounts |= {european_threshold(day, nature, BuyerKind.LOCAL, concession=True).value for nature in Nature}
    assert amounts == {Decimal(5_404_000)}


def test_facts_still_to_check_are_marked():
    day = date(2015, 1, 1)
    assert european_threshold(day, Nature.SERVICES, BuyerKind.LOCAL).verified
    assert not european_threshold(day, Nature.SERVICES, BuyerKind.UTILITY).verified
    assert not european_threshold(date(2017, 1, 1), Nature.WORKS, BuyerKind.LOCAL).verified
    assert not direct_award_threshold(date(2019, 1, 1), Nature.SUPPLIES).verified
    assert direct_award_threshold(date(2012, 1, 1), Nature.SUPPLIES).verified


def test_after_the_last_revision_the_amount_is_provisional():
    last = european_threshold(known_until(), Nature.SERVICES, BuyerKind.LOCAL)
    next_day = european_threshold(known_until() + timedelta(1), Nature.SERVICES, BuyerKind.LOCAL)
    assert last.verified
    assert not next_day.verified
    assert next_day.value == last.value


@pytest.mark.parametrize(("start", "supplies", "works"), DIRECT)
def test_direct_award_thresholds_start_on_their_day(start, supplies, works):
    for shift in (0, 1):
        day = start + timedelta(shift)
        assert direct_award_threshold(day, Nature.SUPPLIES).value == supplies
        assert direct_award_threshold(day, Nature.SERVICES).value == supplies
        assert direct_award_threshold(day, Nature.WORKS).value == works
        assert direct_award_threshold(day, Nature.WORKS).since == start


@pytest.mark.parametrize(("previous", "following"), list(pairwise(DIRECT)))
def test_direct_award_thresholds_hold_until_the_eve_of_the_next(previous, following):
    eve = following[0] - timedelta(1)
    assert direct_award_threshold(eve, Nature.SUPPLIES).value == previous[1]
    assert direct_award_threshold(eve, Nature.WORKS).value == previous[2]


def test_no_threshold_is_invented_for_the_past():
    with pytest.raises(LookupError, match="2005-12-31"):
        european_threshold(date(2005, 12, 31), Nature.SERVICES, BuyerKind.LOCAL)
    with pytest.raises(LookupError, match="2006-08-31"):
        direct_award_threshold(date(2006, 8, 31), Nature.WORKS)


@given(st.dates(date(2006, 9, 1), date(2035, 1, 1)), st.sampled_from(Nature), st.sampled_from(BuyerKind))
def test_direct_award_always_stays_under_the_european_threshold(day, nature, kind):
    european = european_threshold(day, nature, kind)
    assert direct_award_threshold(day, nature).value < european.value
    assert european.since <= day
