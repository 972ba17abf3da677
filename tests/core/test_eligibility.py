from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.eligibility import CATEGORY_RULES, Category, proof_verdict
from relais.core.eligibility_names import CATEGORIES, CERTIFIERS, PROOFS
from relais.core.months import add_months
from relais.core.parameters import load

HIRED = date(2026, 10, 15)
days = st.dates(date(2015, 1, 1), date(2030, 12, 31))
categories = st.sampled_from(Category)


def verdict(category=Category.B_RSA, *, proof_on=HIRED, hired_on=HIRED, valid_until=None):
    return proof_verdict(category, proof_on=proof_on, hired_on=hired_on, valid_until=valid_until)


def test_every_category_has_its_rule_its_words_and_its_source():
    assert set(CATEGORY_RULES) == set(Category)
    assert set(CATEGORIES) == {category.value for category in Category}
    for category, rule in CATEGORY_RULES.items():
        assert rule.category is category
        assert rule.family == category.value[0]
        assert rule.source
        assert str(category.words)
        assert str(rule.proof)
        assert str(rule.certifier)


def test_no_proof_nor_certifier_is_named_in_vain():
    rows = load("eligibility")["category"]
    assert {row["proof"] for row in rows} == set(PROOFS)
    assert {row["certifier"] for row in rows} == set(CERTIFIERS)
    assert len(rows) == len(Category)


@pytest.mark.parametrize(
    ("category", "months"),
    [
        (Category.B_DELD, 3),
        (Category.B_RSA, 3),
        (Category.B_YOUTH_NOQUAL, 3),
        (Category.B_JUSTICE, 6),
        (Category.B_QPV, 6),
        (Category.B_LANGUAGE, 6),
        (Category.B_ASE, 12),
    ],
)
def test_a_proof_holds_for_the_months_of_its_category(category, months):
    oldest = add_months(HIRED, -months)
    assert verdict(category, proof_on=oldest)
    refusal = verdict(category, proof_on=oldest - timedelta(1))
    assert not refusal
    assert f"at most {months} months" in str(refusal.reason)


def test_the_age_of_some_proofs_does_not_matter():
    for category in (Category.B_RQTH, Category.A_EI, Category.B_MOTIVATED_OPINION):
        assert verdict(category, proof_on=date(2010, 1, 1))


def test_a_proof_made_after_hiring_proves_nothing():
    refusal = verdict(proof_on=HIRED + timedelta(1))
    assert "after the hiring" in str(refusal.reason)


def test_a_proof_may_expire_the_day_after_hiring_not_the_day_before():
    assert verdict(Category.B_RQTH, proof_on=date(2020, 1, 1), valid_until=HIRED)
    refusal = verdict(Category.B_RQTH, proof_on=date(2020, 1, 1), valid_until=HIRED - timedelta(1))
    assert "expired on 2026-10-14" in str(refusal.reason)


def test_a_territory_may_bring_its_own_table():
    ours = dict(CATEGORY_RULES)
    ours[Category.B_RSA] = ours[Category.B_QPV]
    old = add_months(HIRED, -5)
    assert not verdict(Category.B_RSA, proof_on=old)
    assert proof_verdict(Category.B_RSA, proof_on=old, hired_on=HIRED, valid_until=None, rules=ours)


def test_facts_still_to_check_are_marked():
    assert CATEGORY_RULES[Category.B_RSA].verified
    assert not CATEGORY_RULES[Category.B_PLIE].verified
    assert not CATEGORY_RULES[Category.A_PRISON].verified


@given(categories, days, days, days, st.none() | days)
def test_a_younger_proof_is_never_worse(category, older, younger, hired_on, valid_until):
    older, younger = sorted((older, younger))
    if younger <= hired_on:
        old = verdict(category, proof_on=older, hired_on=hired_on, valid_until=valid_until)
        young = verdict(category, proof_on=younger, hired_on=hired_on, valid_until=valid_until)
        assert bool(old) <= bool(young)


@given(categories, days, days, days, days)
def test_a_longer_validity_is_never_worse(category, proof_on, hired_on, short, long_):
    short, long_ = sorted((short, long_))
    assert bool(verdict(category, proof_on=proof_on, hired_on=hired_on, valid_until=short)) <= bool(
        verdict(category, proof_on=proof_on, hired_on=hired_on, valid_until=long_)
    )


@given(categories, days)
def test_a_proof_of_the_hiring_day_always_holds(category, day):
    assert verdict(category, proof_on=day, hired_on=day, valid_until=day)
