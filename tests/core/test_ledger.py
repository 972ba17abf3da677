from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.ledger import (
    Balance,
    Done,
    Entry,
    EntryKind,
    LineState,
    Point,
    balance,
    burn_up,
    expected_on,
    split,
)
from relais.core.months import Month

D = Decimal
DAY = date(2026, 1, 1)
days = st.integers(0, 400).map(lambda n: DAY + timedelta(n))
hours = st.integers(-100_000, 100_000).map(lambda n: D(n).scaleb(-2))
debtors = st.sampled_from(["holder", "partner", "subcontractor"])
entries = st.lists(st.builds(Entry, debtors, st.sampled_from(EntryKind), days, days, hours), max_size=12)
lines = st.lists(
    st.builds(Done, debtors, st.sampled_from(LineState), st.just(Month(2026, 3)), hours, days), max_size=12
)
histories = st.lists(
    st.builds(
        Done, st.just("holder"), st.sampled_from(LineState), st.just(Month(2026, 3)), hours, days,
        st.sampled_from(["l1", "l2", "l3"]), st.integers(0, 3),
    ),
    max_size=12,
    unique_by=lambda line: (line.line, line.recorded_on, line.step, line.state),
)  # fmt: skip
shares = st.dictionaries(
    st.text(max_size=4), st.integers(0, 10_000).map(lambda n: D(n).scaleb(-2)), min_size=1, max_size=8
).filter(lambda given_shares: sum(given_shares.values()) > 0)


def initial(amount, *, debtor="holder", on=DAY):
    return Entry(debtor, EntryKind.INITIAL, on, on, D(amount))


def line(amount, state=LineState.VALIDATED, *, on=DAY, debtor="holder", name=""):
    return Done(debtor, state, Month.of(on), D(amount), on, name)


def test_the_balance_of_a_simple_contract():
    found = balance(
        [initial(500)],
        [line(120), line(80, LineState.LOCKED), line(35, LineState.DECLARED), line(7, LineState.DRAFT)],
        as_of=DAY,
    )
    assert found == Balance(owed=D(500), declared=D(35), validated=D(200))
    assert found.remaining == 300
    assert found.surplus == 0
    assert found.rate == D("0.4000")
    assert found.submitted == 235


def test_a_surplus_is_shown_and_nothing_remains():
    found = balance([initial(100)], [line("120.5")], as_of=DAY)
    assert (found.remaining, found.surplus) == (0, D("20.5"))


def test_no_rate_while_nothing_is_owed():
    assert balance([], [line(10)], as_of=DAY).rate is None


def test_an_amendment_counts_once_recorded_and_effective():
    later = Entry("holder", EntryKind.AMENDMENT, date(2026, 3, 1), date(2026, 2, 1), D(50))
    backdated = Entry("holder", EntryKind.AMENDMENT, date(2026, 3, 1), date(2026, 6, 1), D(-20))
    book = [initial(100), later, backdated]
    owed = {
        day: balance(book, [], as_of=day).owed
        for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 6, 1))
    }
    assert list(owed.values()) == [100, 150, 130]


def test_a_line_is_replayed_through_its_states():
    history = [
        line(40, LineState.DECLARED, on=date(2026, 2, 5), name="feb"),
        line(40, LineState.QUERIED, on=date(2026, 2, 9), name="feb"),
        line("38.5", LineState.VALIDATED, on=date(2026, 2, 20), name="feb"),
    ]
    found = [balance([], history, as_of=date(2026, 2, day)) for day in (4, 5, 9, 20)]
    assert found == [
        Balance(),
        Balance(declared=D(40)),
        Balance(queried=D(40)),
        Balance(validated=D("38.5")),
    ]


def test_on_one_day_the_step_then_the_furthest_state_wins():
    back = [
        line(5, LineState.QUERIED, name="x"),
        Done("holder", LineState.DECLARED, Month.of(DAY), D(5), DAY, "x", 1),
    ]
    assert balance([], back, as_of=DAY).declared == 5
    same = [line(5, LineState.VALIDATED, name="x"), line(5, LineState.DECLARED, name="x")]
    assert balance([], same, as_of=DAY).validated == 5


def test_a_correction_line_lowers_the_total():
    assert balance([initial(10)], [line(8, LineState.LOCKED), line("-1.25")], as_of=DAY).validated == D(
        "6.75"
    )


def test_each_partner_has_its_own_balance():
    book = [initial(60, debtor="lead"), initial(40, debtor="partner")]
    done = [line(10, debtor="lead"), line(50, debtor="partner")]
    assert balance(book, done, as_of=DAY, debtor="lead") == Balance(owed=D(60), validated=D(10))
    assert balance(book, done, as_of=DAY, debtor="partner").surplus == 10
    assert balance(book, done, as_of=DAY).remaining == 40


def test_a_transfer_moves_hours_without_making_any():
    book = [
        initial(100, debtor="old"),
        Entry("old", EntryKind.TRANSFER, DAY, DAY, D(-30)),
        Entry("new", EntryKind.TRANSFER, DAY, DAY, D(30)),
    ]
    assert balance(book, [], as_of=DAY).owed == 100
    assert balance(book, [], as_of=DAY, debtor="new").owed == 30


@given(entries, lines, days, st.randoms())
def test_the_order_of_the_book_changes_no_balance(book, done, day, random):
    shuffled = balance(random.sample(book, len(book)), random.sample(done, len(done)), as_of=day)
    assert shuffled == balance(book, done, as_of=day)


@given(histories, days, st.randoms())
def test_the_order_of_a_history_changes_no_balance(done, day, random):
    assert balance([], random.sample(done, len(done)), as_of=day) == balance([], done, as_of=day)


@given(entries, lines, days)
def test_the_debtors_add_up_to_the_whole(book, done, day):
    parts = Balance()
    for name in {item.debtor for item in (*book, *done)}:
        parts += balance(book, done, as_of=day, debtor=name)
    assert parts == balance(book, done, as_of=day)


@given(entries, lines, entries, lines, days)
def test_two_books_add_up(book, done, more_book, more_done, day):
    together = balance([*book, *more_book], [*done, *more_done], as_of=day)
    assert together == balance(book, done, as_of=day) + balance(more_book, more_done, as_of=day)


@given(entries, histories)
def test_a_replay_equals_the_running_count(book, done):
    """Day after day, adding what that day brings gives the same figures as summing all again."""
    owed, states = D(0), {}
    for day in sorted(
        {DAY, *(e.recorded_on for e in book), *(e.effective_on for e in book), *(d.recorded_on for d in done)}
    ):
        owed += sum((e.hours for e in book if max(e.recorded_on, e.effective_on) == day), D(0))
        today = [d for d in done if d.recorded_on == day]
        for item in sorted(today, key=lambda d: (d.step, list(LineState).index(d.state))):
            states[item.line] = item
        validated = sum((d.hours for d in states.values() if d.state in ("VALIDATED", "LOCKED")), D(0))
        rejected = sum((d.hours for d in states.values() if d.state == "REJECTED"), D(0))
        found = balance(book, done, as_of=day)
        assert (found.owed, found.validated, found.rejected) == (owed, validated, rejected)


@given(entries, lines, days, days)
def test_what_is_recorded_later_leaves_the_past_alone(book, done, day, cut):
    day, cut = sorted((day, cut))
    known_book = [e for e in book if e.recorded_on <= cut]
    known_done = [d for d in done if d.recorded_on <= cut]
    assert balance(known_book, known_done, as_of=day) == balance(book, done, as_of=day)


@given(entries, lines, days)
def test_remaining_and_surplus_explain_the_gap(book, done, day):
    found = balance(book, done, as_of=day)
    assert found.remaining - found.surplus == found.owed - found.validated
    assert found.remaining * found.surplus == 0


def test_a_split_gives_the_spare_hundredths_to_the_largest_remainders():
    assert split(D(100), {"a": D(1), "b": D(1), "c": D(1)}) == {
        "a": D("33.34"),
        "b": D("33.33"),
        "c": D("33.33"),
    }
    assert split(D("0.05"), {"a": D("50"), "b": D("30"), "c": D("20")}) == {
        "a": D("0.03"), "b": D("0.01"), "c": D("0.01"),
    }  # fmt: skip
    assert split(D(10), {"a": D(1), "idle": D(0)}) == {"a": D(10), "idle": D(0)}


@given(hours, shares)
def test_the_parts_always_make_the_whole(total, given_shares):
    parts = split(total, given_shares)
    assert sum(parts.values()) == total
    assert set(parts) == set(given_shares)
    whole = sum(given_shares.values())
    for name, part in parts.items():
        assert abs(part - total * given_shares[name] / whole) < D("0.01")
        assert given_shares[name] or not part


@given(hours, shares, st.randoms())
def test_a_split_ignores_the_order_and_the_unit_of_shares(total, given_shares, random):
    names = random.sample(list(given_shares), len(given_shares))
    assert split(total, {name: given_shares[name] * 7 for name in names}) == split(total, given_shares)
    assert split(-total, given_shares) == {name: -part for name, part in split(total, given_shares).items()}


@given(hours.filter(lambda h: h >= 0), shares)
def test_a_larger_share_never_gets_less(total, given_shares):
    parts = split(total, given_shares)
    for a in parts:
        for b in parts:
            if given_shares[a] > given_shares[b]:
                assert parts[a] >= parts[b]


@pytest.mark.parametrize("bad", [{}, {"a": D(0)}, {"a": D(-1)}, {"a": D(2), "b": D(-1)}])
def test_a_split_needs_shares(bad):
    with pytest.raises(ValueError, match="cannot be shared out"):
        split(D(10), bad)


def test_a_steady_plan_counts_whole_days():
    plan = (D(365), date(2026, 1, 1), date(2026, 12, 31))
    assert expected_on(*plan, date(2025, 12, 31)) == 0
    assert expected_on(*plan, date(2026, 1, 1)) == 1
    assert expected_on(*plan, date(2026, 1, 31)) == 31
    assert expected_on(*plan, date(2026, 12, 31)) == 365
    assert expected_on(*plan, date(2027, 5, 1)) == 365


@given(hours.filter(lambda h: h >= 0), days, st.integers(0, 900), days, days)
def test_a_plan_only_rises_and_stays_within_what_is_owed(owed, start, length, first, second):
    first, second = sorted((first, second))
    end = start + timedelta(length)
    assert 0 <= expected_on(owed, start, end, first) <= expected_on(owed, start, end, second) <= owed
    assert expected_on(owed, start, end, end) == owed
    assert expected_on(owed, start, end, start - timedelta(1)) == 0


def test_a_plan_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="before it starts"):
        expected_on(D(1), DAY, DAY - timedelta(1), DAY)


def test_the_curve_has_a_point_per_month_and_stops_today():
    book = [initial(120, on=date(2026, 1, 1))]
    done = [line(10, on=date(2026, 1, 20)), line(20, on=date(2026, 3, 5))]
    curve = burn_up(book, done, date(2026, 1, 1), date(2026, 4, 30), date(2026, 3, 10))
    assert curve == (
        Point(date(2026, 1, 31), D(31), D(10)),
        Point(date(2026, 2, 28), D(59), D(10)),
        Point(date(2026, 3, 10), D(69), D(30)),
    )
    assert burn_up(book, done, date(2026, 1, 1), date(2026, 4, 30), date(2025, 12, 31)) == ()


@given(entries, lines, days)
def test_the_last_point_of_the_curve_is_the_balance(book, done, until):
    curve = burn_up(book, done, DAY, DAY + timedelta(365), until)
    assert curve[-1].day == until
    assert curve[-1].validated == balance(book, done, as_of=until).validated
    assert [point.day for point in curve] == sorted({point.day for point in curve})
