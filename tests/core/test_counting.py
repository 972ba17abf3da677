from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.counting import Claim, CountingPolicy, Frame, Level, Limits, check_claim, counted_hours
from relais.core.months import Month

D = Decimal
OCTOBER = Month(2026, 10)
FRAME = Frame(
    contract_starts_on=date(2026, 1, 1),
    contract_ends_on=date(2026, 12, 31),
    job_starts_on=date(2026, 2, 1),
    job_ends_on=date(2026, 11, 30),
    eligible_from=date(2026, 2, 1),
    eligible_until=date(2028, 1, 31),
    month_closed=False,
)
CLAIM = Claim("amina", "batilor", "roof", OCTOBER, date(2026, 10, 1), date(2026, 10, 31), D("151.67"))

october_days = st.integers(1, 31).map(lambda n: date(2026, 10, n))
hours = st.integers(0, 40_000).map(lambda n: D(n).scaleb(-2))


@st.composite
def claims(draw):
    starts_on, ends_on = sorted((draw(october_days), draw(october_days)))
    names = st.sampled_from(["a", "b"])
    worked = draw(hours)
    return Claim(
        draw(names),
        draw(names),
        draw(names),
        OCTOBER,
        starts_on,
        ends_on,
        worked,
        worked * D(draw(st.integers(0, 4))) / 4,
    )


def found(claim=CLAIM, frame=FRAME, others=(), **more):
    return [(finding.rule, finding.level.value) for finding in check_claim(claim, frame, others, **more)]


def test_an_ordinary_month_raises_nothing():
    assert found() == []
    assert found(frame=replace(FRAME, contract_ends_on=None, job_ends_on=None, eligible_until=None)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"contract_starts_on": date(2026, 10, 2)},
        {"contract_ends_on": date(2026, 10, 30)},
        {"job_starts_on": date(2026, 10, 2)},
        {"job_ends_on": date(2026, 10, 30)},
        {"eligible_from": date(2026, 10, 2)},
        {"eligible_until": date(2026, 10, 30)},
        {"eligible_from": None},
    ],
)
def test_hours_out_of_their_frame_are_refused(change):
    assert found(frame=replace(FRAME, **change)) == [("AL06", "REFUSED")]


@pytest.mark.parametrize(
    "change",
    [
        {"contract_starts_on": date(2026, 10, 1)},
        {"contract_ends_on": date(2026, 10, 31)},
        {"eligible_from": date(2026, 10, 1)},
        {"eligible_until": date(2026, 10, 31)},
    ],
)
def test_the_first_and_the_last_day_count(change):
    assert found(frame=replace(FRAME, **change)) == []


def test_a_closed_month_takes_only_corrections():
    closed = replace(FRAME, month_closed=True)
    assert found(frame=closed) == [("CLOSED", "REFUSED")]
    assert found(replace(CLAIM, hours=D(-8), correction=True), closed) == []


@pytest.mark.parametrize("amount", [D(0), D(-1), D("-0.01")])
def test_hours_are_above_zero(amount):
    assert ("HOURS", "REFUSED") in found(replace(CLAIM, hours=amount))


def test_a_day_has_24_hours():
    one_day = replace(CLAIM, ends_on=CLAIM.starts_on)
    assert ("HOURS", "REFUSED") not in found(replace(one_day, hours=D(24)))
    assert ("HOURS", "REFUSED") in found(replace(one_day, hours=D("24.01")))
    assert ("HOURS", "REFUSED") in found(replace(one_day, hours=D("-24.01"), correction=True))


def test_days_stay_in_their_month_and_in_order():
    assert found(replace(CLAIM, ends_on=date(2026, 11, 1))) == [("DATES", "REFUSED")]
    assert found(replace(CLAIM, ends_on=date(2026, 9, 30))) == [("DATES", "REFUSED")]


def test_the_same_days_twice_on_one_obligation_are_refused():
    again = replace(CLAIM, starts_on=date(2026, 10, 31), hours=D(7))
    assert found(again, others=[CLAIM]) == [("DECLARED", "REFUSED")]
    first_half = replace(CLAIM, ends_on=date(2026, 10, 15), hours=D(70))
    second_half = replace(CLAIM, starts_on=date(2026, 10, 16), hours=D(70))
    assert found(second_half, others=[first_half]) == []


def test_the_same_hours_for_two_buyers_are_refused_and_named():
    other = replace(CLAIM, obligation="school roof", hours=D(20))
    refused = check_claim(replace(CLAIM, hours=D(20)), FRAME, [other])
    assert [(f.rule, f.level) for f in refused] == [("AL08", Level.REFUSED)]
    assert "school roof" in str(refused[0].words)


def test_another_employer_or_another_person_is_not_the_same_hour():
    assert (
        found(replace(CLAIM, hours=D(20)), others=[replace(CLAIM, obligation="b", employer="b", hours=D(20))])
        == []
    )
    assert found(others=[replace(CLAIM, person="b")]) == []


def test_a_correction_touches_days_already_declared():
    assert found(replace(CLAIM, hours=D("-3.5"), correction=True), others=[CLAIM]) == []
    assert found(others=[replace(CLAIM, hours=D("-3.5"), correction=True)]) == []


def test_more_than_220_hours_in_a_month_are_queried():
    assert found(replace(CLAIM, hours=D(220))) == []
    assert found(replace(CLAIM, hours=D("220.01"))) == [("AL07", "QUERIED")]
    other = replace(CLAIM, employer="b", obligation="b", hours=D(100))
    assert found(replace(CLAIM, hours=D("120.5")), others=[other]) == [("AL07", "QUERIED")]
    september = replace(other, month=Month(2026, 9), starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 30))
    assert found(replace(CLAIM, hours=D("120.5")), others=[september]) == []


def test_more_than_12_hours_a_day_on_average_are_queried():
    day = replace(CLAIM, ends_on=CLAIM.starts_on)
    elsewhere = replace(day, employer="b", obligation="b", hours=D(6))
    assert found(replace(day, hours=D(6)), others=[elsewhere]) == []
    assert found(replace(day, hours=D("6.01")), others=[elsewhere]) == [("AL07", "QUERIED")]
    assert found(replace(day, hours=D("12.5"))) == [("AL07", "QUERIED")]


def test_more_than_48_hours_in_a_week_are_queried():
    week = replace(CLAIM, starts_on=date(2026, 10, 5), ends_on=date(2026, 10, 11))
    assert found(replace(week, hours=D(48))) == []
    assert found(replace(week, hours=D("48.5"))) == [("AL07", "QUERIED")]


def test_limits_belong_to_the_territory():
    assert found(replace(CLAIM, hours=D(160)), limits=Limits(monthly=D(150))) == [("AL07", "QUERIED")]


def test_training_beyond_the_usual_share_is_queried():
    assert found(replace(CLAIM, hours=D(100), training_hours=D(25))) == []
    assert found(replace(CLAIM, hours=D(100), training_hours=D("25.01"))) == [("TRAINING", "QUERIED")]
    assert ("TRAINING", "REFUSED") in found(replace(CLAIM, hours=D(100), training_hours=D(101)))
    assert ("TRAINING", "REFUSED") in found(replace(CLAIM, hours=D(100), training_hours=D(-1)))


@given(claims(), st.lists(claims(), max_size=5), st.randoms())
def test_the_order_of_other_claims_changes_no_finding(claim, others, random):
    shuffled = check_claim(claim, FRAME, random.sample(others, len(others)))
    assert {str(f) for f in shuffled} == {str(f) for f in check_claim(claim, FRAME, others)}


@given(claims(), claims())
def test_two_claims_for_the_same_hours_refuse_each_other(one, two):
    def refused(claim, other):
        return {f.rule for f in check_claim(claim, FRAME, [other])} & {"AL08", "DECLARED"}

    assert refused(one, two) == refused(two, one)


@given(claims(), st.lists(claims(), max_size=4), claims())
def test_one_more_claim_never_hides_a_finding(claim, others, more):
    before = {(f.rule, f.level) for f in check_claim(claim, FRAME, others)}
    after = {(f.rule, f.level) for f in check_claim(claim, FRAME, [*others, more])}
    assert before <= after


@given(claims(), st.integers(1, 400))
def test_a_wider_frame_never_adds_a_finding(claim, days):
    narrow = replace(FRAME, contract_starts_on=date(2026, 10, 10), job_ends_on=date(2026, 10, 20))
    wide = replace(
        narrow,
        contract_starts_on=narrow.contract_starts_on - timedelta(days),
        job_ends_on=narrow.job_ends_on + timedelta(days),
    )
    assert len(check_claim(claim, wide, [])) <= len(check_claim(claim, narrow, []))


def test_training_counts_whole_by_default_and_up_to_its_cap():
    assert counted_hours(D(100), D(40), policy=CountingPolicy()) == 100
    assert counted_hours(D(100), D(40), policy=CountingPolicy(training_cap=D("0.25"))) == 85
    assert counted_hours(D(100), D(20), policy=CountingPolicy(training_cap=D("0.25"))) == 100
    assert counted_hours(D(100), D(40), policy=CountingPolicy(training_cap=D(0))) == 60


def test_leave_counts_only_where_the_policy_says_so():
    assert counted_hours(D(151), D(0), policy=CountingPolicy(), leave_hours=D(14)) == 137
    assert counted_hours(D(151), D(0), policy=CountingPolicy(count_leave=True), leave_hours=D(14)) == 151


@pytest.mark.parametrize(
    ("whole", "training", "leave"),
    [("10", "11", "0"), ("10", "6", "5"), ("10", "-1", "0"), ("-10", "1", "0")],
)
def test_parts_that_do_not_fit_are_refused(whole, training, leave):
    with pytest.raises(ValueError, match="do not fit"):
        counted_hours(D(whole), D(training), policy=CountingPolicy(), leave_hours=D(leave))


@pytest.mark.parametrize("cap", ["-0.1", "1.1", "25"])
def test_a_cap_is_a_share(cap):
    with pytest.raises(ValueError, match="between 0 and 1"):
        CountingPolicy(training_cap=D(cap))


caps = st.none() | st.integers(0, 100).map(lambda n: D(n).scaleb(-2))


@given(hours, st.integers(0, 10), caps, st.booleans())
def test_a_correction_undoes_exactly_what_it_corrects(whole, tenths, cap, leave):
    policy = CountingPolicy(training_cap=cap, count_leave=leave)
    training = whole * tenths / 10
    counted = counted_hours(whole, training, policy=policy)
    assert 0 <= counted <= whole
    assert counted_hours(-whole, -training, policy=policy) == -counted


@given(hours, st.integers(0, 10), st.integers(0, 100), st.integers(0, 100))
def test_a_higher_cap_never_counts_fewer_hours(whole, tenths, low, high):
    low, high = sorted((low, high))
    counted = [
        counted_hours(whole, whole * tenths / 10, policy=CountingPolicy(training_cap=D(cap) / 100))
        for cap in (low, high)
    ]
    assert counted[0] <= counted[1]
