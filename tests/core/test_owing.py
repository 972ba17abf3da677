from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.calibration import Rounding
from relais.core.owing import Basis, Item, Rule, RuleKind, rule_on, target, true_up_steps, working
from relais.core.words import BadValue, Words

D = Decimal
DAY = date(2026, 1, 1)
PER_2000 = Rule(RuleKind.PER_AMOUNT, Basis.INVOICE, DAY, euros_per_hour=D(2000))
THIRD = Rule(RuleKind.PER_AMOUNT, Basis.INVOICE, DAY, euros_per_hour=D(3000))
LABOUR = {"labour_share": D("0.4"), "insertion_rate": D("0.07"), "hourly_cost": D(36)}
days = st.integers(0, 1000).map(lambda n: DAY + timedelta(n))
amounts = st.integers(-5_000_000, 50_000_000).map(lambda n: D(n).scaleb(-2))
invoices = st.lists(st.builds(Item, days, st.just(Basis.INVOICE), amounts), max_size=12)
rules = st.lists(
    st.builds(
        Rule, st.just(RuleKind.PER_AMOUNT), st.just(Basis.INVOICE), days, st.sampled_from(Rounding),
        euros_per_hour=st.integers(1, 9000).map(D),
    ),
    min_size=1, max_size=3, unique_by=lambda rule: rule.starts_on,
)  # fmt: skip
settled = st.none() | days


def bought(amount, on=DAY):
    return Item(on, Basis.INVOICE, D(amount))


@given(rules, invoices, settled, st.randoms())
def test_the_order_of_invoices_and_of_rules_changes_nothing(found, items, settled_on, random):
    shuffled = random.sample(items, len(items))
    again = target(random.sample(found, len(found)), shuffled, settled_on=settled_on)
    assert again == target(found, items, settled_on=settled_on)


@given(invoices, settled, st.integers(2, 40))
def test_an_invoice_cut_in_parts_owes_what_it_owed_whole(items, settled_on, parts):
    cut = [
        Item(item.on, item.basis, part)
        for item in items
        for part in (*[D("0.01")] * (parts - 1), item.quantity - (parts - 1) * D("0.01"))
    ]
    whole = target([THIRD], items, settled_on=settled_on)
    assert target([THIRD], cut, settled_on=settled_on) == whole


@given(rules, invoices, settled)
def test_entries_add_up_to_the_rule_on_the_total(found, items, settled_on):
    entries, so_far = [], []
    for item in items:
        before = target(found, so_far, settled_on=settled_on)
        so_far.append(item)
        entries.append(target(found, so_far, settled_on=settled_on).hours - before.hours)
    assert sum(entries) == target(found, items, settled_on=settled_on).hours


@given(invoices, days)
def test_until_a_true_up_hours_are_the_exact_quotient_to_the_hundredth(items, settled_on):
    total = max(sum(Fraction(item.quantity) for item in items), Fraction(0))
    found = target([THIRD], items).hours
    assert abs(Fraction(found) - total / 3000) <= Fraction(1, 200)
    trued = target([THIRD], items, settled_on=max([settled_on, *(item.on for item in items)]))
    assert trued.hours == trued.hours.to_integral_value()
    assert abs(Fraction(trued.hours) - total / 3000) <= Fraction(101, 200)


def test_one_hour_per_2000_euros_invoiced():
    found = target([PER_2000], [bought(30_000), bought("11999.99"), bought(-1_500)])
    assert found.hours == D("20.25")
    assert str(PER_2000.sentence()) == "1 h per 2000 € invoiced, excluding tax"


def test_a_true_up_rounds_what_came_until_its_day_and_no_more():
    items = [bought(3_100), bought(1_900, date(2027, 2, 1))]
    assert target([PER_2000], items).hours == D("2.50")
    found = target([PER_2000], items, settled_on=date(2026, 12, 31))
    assert found.hours == D("2.95")  # 1.55 rounded to 2, then 0.95 of 2027
    assert [step.value for step in true_up_steps(found, D("2.50"))][-3:] == [D("2.95"), D("2.50"), D("0.45")]


def test_each_rule_counts_what_came_while_it_was_in_force():
    dearer = Rule(RuleKind.PER_AMOUNT, Basis.INVOICE, date(2027, 1, 1), euros_per_hour=D(1000))
    items = [bought(10_000), bought(10_000, date(2027, 1, 1)), bought(500, date(2025, 12, 31))]
    found = target([dearer, PER_2000], items)
    assert [(span.base, span.hours) for span in found.spans] == [(10_000, D(5)), (10_000, D(10))]
    assert rule_on([dearer, PER_2000], date(2025, 12, 31)) is None


def test_the_other_kinds():
    fixed = Rule(RuleKind.FIXED, Basis.CONTRACT, DAY, hours=D(373))
    labour = Rule(RuleKind.LABOUR_SHARE, Basis.CONTRACT, DAY + timedelta(9), amount=D(480_000), **LABOUR)
    assert target([fixed], []).hours == 373
    assert target([fixed, labour], []).hours == 373  # the last lump alone: 373.33 rounded
    orders = Rule(RuleKind.LABOUR_SHARE, Basis.ORDER, DAY, **LABOUR)
    assert target([orders], [Item(DAY, Basis.ORDER, D(480_000)), bought(9)]).hours == D("373.33")
    share = Rule(RuleKind.SHARE_OF_HOURS, Basis.WORKED, DAY, insertion_rate=D("0.075"))
    assert target([share], [Item(DAY, Basis.WORKED, D("1607.5"))]).hours == D("120.56")
    assert str(share.sentence()) == "7.5 % of all hours worked on the contract"


def test_the_working_tells_the_total_and_the_difference():
    before, after = target([PER_2000], [bought(1_000)]), target([PER_2000], [bought(1_000), bought(5_000)])
    steps = working(before, after, PER_2000, Words("Invoice"), D(5_000))
    assert [step.value for step in steps] == [5_000, 6_000, 2_000, D("3.00"), D("0.50"), D("2.50")]


@pytest.mark.parametrize(
    ("kind", "basis", "fields", "reason"),
    [
        (RuleKind.PER_AMOUNT, Basis.WORKED, {"euros_per_hour": D(2000)}, "basis"),
        (RuleKind.PER_AMOUNT, Basis.ORDER, {}, "one hour"),
        (RuleKind.FIXED, Basis.CONTRACT, {"hours": D(-1)}, "zero hours"),
        (RuleKind.SHARE_OF_HOURS, Basis.WORKED, {"insertion_rate": D("1.1")}, "100 %"),
        (RuleKind.LABOUR_SHARE, Basis.CONTRACT, LABOUR, "amount of the contract"),
        (RuleKind.LABOUR_SHARE, Basis.ORDER, {**LABOUR, "hourly_cost": D(0)}, "hourly cost"),
        (RuleKind.LABOUR_SHARE, Basis.ORDER, {**LABOUR, "labour_share": D(0)}, "labour share"),
    ],
)
def test_a_rule_without_its_parameters_is_refused(kind, basis, fields, reason):
    with pytest.raises(BadValue, match=reason):
        Rule(kind, basis, DAY, **fields)
