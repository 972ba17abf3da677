"""Yes, or no with the reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import Words

verdicts = st.one_of(st.just(YES), st.integers(0, 9).map(lambda rank: no("Refused %(rank)s.", rank=rank)))


@given(st.lists(verdicts))
def test_all_must_agree_and_the_first_refusal_speaks(several):
    found = first_refusal(*several)
    assert bool(found) is all(several)
    refusals = [verdict for verdict in several if not verdict]
    assert found == (refusals[0] if refusals else YES)


@given(verdicts)
def test_a_refusal_says_why_and_a_permission_never_does(verdict):
    assert bool(verdict) is (verdict.reason is None)


@pytest.mark.parametrize(("allowed", "reason"), [(True, Words("Because.")), (False, None)])
def test_a_verdict_that_contradicts_itself_cannot_be_made(allowed, reason):
    with pytest.raises(ValueError, match="needs a reason"):
        Verdict(allowed, reason)
