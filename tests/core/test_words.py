from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import BadValue, NotInForce, Words

values = st.one_of(
    st.text(max_size=8),
    st.integers(),
    st.dates(),
    st.decimals(allow_nan=False, allow_infinity=False, places=2),
)


def test_words_are_filled_with_iso_dates_and_plain_decimals():
    words = Words("%(hours)s h owed on %(day)s", {"hours": Decimal("1E+3"), "day": date(2026, 8, 21)})
    assert str(words) == "1000 h owed on 2026-08-21"


def test_words_without_params_keep_their_percent_sign():
    assert str(Words("5 % of the hours")) == "5 % of the hours"


def test_words_can_be_said_inside_words():
    assert str(Words("%(what)s is missing.", {"what": Words("The contract")})) == "The contract is missing."


@given(st.dictionaries(st.sampled_from("abc"), values))
def test_words_survive_json(params):
    words = Words("%(a)s", params)
    assert Words.from_dict(words.as_dict()) == words


def test_equal_words_hash_alike():
    assert len({Words("same", {"a": 1}), Words("same", {"a": 1})}) == 1


def test_an_error_carries_its_sentence():
    error = BadValue("No %(thing)s.", thing="hours")
    assert isinstance(error, ValueError)
    assert error.words == Words("No %(thing)s.", {"thing": "hours"})
    assert str(error) == "No hours."
    assert issubclass(NotInForce, LookupError)


def test_a_refusal_is_falsy_and_says_why():
    refusal = no("The month %(month)s is closed.", month="2026-10")
    assert not refusal
    assert str(refusal.reason) == "The month 2026-10 is closed."
    assert YES


@pytest.mark.parametrize(("allowed", "reason"), [(True, Words("why?")), (False, None)])
def test_a_verdict_is_never_half_said(allowed, reason):
    with pytest.raises(ValueError, match="reason"):
        Verdict(allowed, reason)


def test_the_first_refusal_wins():
    assert first_refusal(YES, no("one"), no("two")) == no("one")
    assert first_refusal(YES, YES) is YES
    assert first_refusal() is YES
