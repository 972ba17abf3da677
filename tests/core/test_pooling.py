from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relais.core.distance import Point
from relais.core.months import Month
from relais.core.pooling import (
    Crumb,
    Job,
    Pooling,
    PoolingRules,
    after,
    before,
    faults_of,
    neighbours,
    percentages,
    share_out,
    why_apart,
)
from relais.core.pooling_solver import pool
from relais.core.words import BadValue

D = Decimal
START = date(2026, 1, 1)
RULES = PoolingRules()


def crumb(name, hours, first=0, days=200, trade="peinture", department="54", point=None):
    starts_on = START + timedelta(first)
    return Crumb(
        name,
        f"firm {name}",
        "buyer",
        D(hours),
        starts_on,
        starts_on + timedelta(days),
        trade,
        department,
        point,
    )


crumbs = st.lists(
    st.tuples(
        st.integers(3500, 40000).map(lambda n: D(n).scaleb(-2)),
        st.integers(0, 300),
        st.integers(30, 300),
        st.sampled_from(["peinture", "nettoyage"]),
        st.sampled_from(["54", "57"]),
    ),
    max_size=7,
).map(lambda rows: [crumb(f"C{rank}", *row) for rank, row in enumerate(rows)])


@settings(max_examples=15, deadline=None)
@given(crumbs, st.integers(2, 6), st.booleans())
def test_every_plan_keeps_the_rules_and_the_hours(found, months, trades):
    rules = PoolingRules(least_months=months, trades=trades)
    pooling = pool(found, rules, effort=0.2)
    assert faults_of(pooling, found, rules) == []
    assert after(pooling, found, rules).hours == before(found, rules).hours
    assert after(pooling, found, rules).contracts <= len(found)
    assert after(pooling, found, rules).mean_months >= before(found, rules).mean_months


def test_three_crumbs_make_one_job_of_the_hours_of_all_three():
    found = [crumb("A", 150), crumb("B", "170.25"), crumb("C", 160)]
    pooling = pool(found, RULES)
    (job,) = pooling.jobs
    assert job.parts == {"A": D(150), "B": D("170.25"), "C": D(160)}
    assert job.total == D("480.25")
    assert len(job.months) >= 4
    assert pooling.left == ()
    assert pooling.proven


def test_the_same_question_gives_the_same_jobs():
    found = [crumb(f"C{n}", 90 + 7 * n, first=20 * n) for n in range(6)]
    assert pool(found, RULES) == pool(found[::-1], RULES)


def test_a_hole_between_two_works_makes_no_job():
    found = [crumb("A", 300, days=80), crumb("B", 300, first=200, days=80)]
    pooling = pool(found, RULES)
    assert pooling.jobs == ()
    assert "too long before B" in str(pooling.left[0].reason)


def test_a_job_is_in_one_trade_unless_one_says_otherwise():
    found = [crumb("A", 250), crumb("B", 250, trade="nettoyage")]
    assert pool(found, RULES).jobs == ()
    assert len(pool(found, PoolingRules(trades=True)).jobs) == 1
    assert "not the same trade" in str(why_apart(*found, RULES))


def test_places_known_are_measured_and_departments_only_tell_for_want_of_better():
    nancy, metz, toul = Point(48.69, 6.18), Point(49.12, 6.18), Point(48.68, 5.89)
    far = [crumb("A", 250, point=nancy), crumb("B", 250, point=metz)]
    near = [crumb("A", 250, point=nancy), crumb("B", 250, department="57", point=toul)]
    assert "48 km apart" in str(why_apart(*far, RULES))
    assert why_apart(*near, RULES) is None
    assert "two departments" in str(why_apart(near[0], crumb("C", 9, department="88"), RULES))


def test_a_plan_that_cheats_is_seen():
    found = [crumb("A", 250), crumb("B", 250)]
    january = Month(2026, 1)
    short = Pooling((Job({"A": {january: D(250)}, "B": {january: D(249)}}),), ())
    faults = faults_of(short, found, RULES)
    assert "B: the hours of the job are not those left" in faults
    assert "2026-01: 499.00 h in a month" in faults
    assert "a job is too short" in faults
    assert faults_of(Pooling((), ()), found, RULES) == ["a crumb is taken twice, forgotten or unknown"]


def test_neighbours_are_linked_by_trade_and_place():
    found = [crumb("A", 9), crumb("B", 9), crumb("C", 9, department="57"), crumb("D", 9, trade="nettoyage")]
    assert [[one.name for one in group] for group in neighbours(found, RULES)] == [["A", "B"], ["C"], ["D"]]


parts = st.dictionaries(
    st.sampled_from("ABCD"), st.integers(1, 50000).map(lambda n: D(n).scaleb(-2)), min_size=1
)


@given(parts, st.integers(1, 50000).map(lambda n: D(n).scaleb(-2)))
def test_shares_of_a_month_add_up_and_never_exceed_what_is_left(left, hours):
    whole = sum(left.values())
    if hours > whole:
        with pytest.raises(BadValue, match="left in the agreement"):
            share_out(hours, left)
        return
    shared = share_out(hours, left)
    assert sum(shared.values()) == hours
    assert all(D(0) <= shared[name] <= left[name] for name in left)


@given(parts)
def test_percentages_total_a_hundred(told):
    assert sum(percentages(told).values()) == 100


def test_rules_that_no_job_can_keep_and_crumbs_without_hours_are_refused():
    with pytest.raises(BadValue, match="Check the figures"):
        PoolingRules(least_month=D(160))
    with pytest.raises(BadValue, match="no hours left"):
        crumb("A", 0)
