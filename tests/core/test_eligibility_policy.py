"""Who is eligible under the dated rules of a territory, line by line."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relais.core.eligibility_policy import Check, Job, Situation, Terms, assess, default_at
from relais.core.months import add_months
from relais.core.words import NotInForce

ON = date(2026, 3, 2)
TERMS = Terms(
    date(2020, 1, 1),
    "Règlement du dispositif",
    True,
    True,
    counting_months=24,
    permanent_months=12,
    break_months=12,
    employer_months=6,
    families_combine=False,
    accepted=frozenset({"B_RSA", "A_EI"}),
    max_age_months={"B_RSA": 6},
)


def rsa(**changes):
    return replace(Situation("B_RSA", proof_on=ON, starts_on=ON, decided_on=ON), **changes)


def failing(situation, terms=TERMS):
    return [line.check for line in assess(terms, situation).lines if not line.holds]


@pytest.mark.parametrize(
    ("changes", "fails"),
    [
        ({}, []),
        ({"category": "B_DELD"}, [Check.CATEGORY]),
        ({"proof_on": add_months(ON, -6)}, []),
        ({"proof_on": add_months(ON, -6) - timedelta(1)}, [Check.PROOF]),
        ({"decided_on": ON + timedelta(1)}, [Check.MOMENT]),
        ({"jobs": (Job(add_months(ON, -24), ON),)}, []),
        ({"jobs": (Job(add_months(ON, -25), ON),)}, [Check.COUNTING]),
        ({"jobs": (Job(add_months(ON, -25), None, True),)}, []),
        ({"jobs": (Job(add_months(ON, -60), add_months(ON, -13)),)}, []),
        ({"jobs": (Job(add_months(ON, -60), add_months(ON, -12)),)}, [Check.COUNTING]),
        ({"employed_until": add_months(ON, -5)}, [Check.EMPLOYER]),
        ({"employed_until": add_months(ON, -6)}, []),
        ({"employed_until": add_months(ON, -1), "from_temp": True}, []),
        ({"also": "A_EI"}, [Check.FAMILIES]),
        ({"also": "B_DELD"}, []),
    ],
)
def test_each_rule_at_its_limit(changes, fails):
    assert failing(rsa(**changes)) == fails
    assert assess(TERMS, rsa(**changes)).is_eligible == (not fails)


def test_the_usage_warns_and_does_not_refuse():
    usage = default_at(ON)
    found = assess(usage, rsa(jobs=(Job(add_months(ON, -30), ON),)))
    assert [line.check for line in found.lines if not line.holds] == [Check.COUNTING]
    assert found.is_eligible
    assert not usage.verified
    with pytest.raises(NotInForce):
        default_at(date(1990, 1, 1))


days = st.dates(date(2018, 1, 1), date(2030, 1, 1))
jobs = st.builds(Job, days, st.none() | days, st.booleans())


@settings(max_examples=50)
@given(
    st.builds(rsa, proof_on=days, starts_on=days, decided_on=days, jobs=st.lists(jobs, max_size=4).map(tuple))
)
def test_a_situation_kept_and_read_again_gives_the_same_lines_in_any_order(situation):
    again = Situation.from_dict(situation.as_dict())
    assert again == situation
    assert assess(TERMS, replace(again, jobs=again.jobs[::-1])).lines == assess(TERMS, situation).lines
