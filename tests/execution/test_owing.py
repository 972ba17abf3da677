from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from relais.core.calibration import Rounding
from relais.core.owing import Basis, Rule, RuleKind
from relais.execution.actions.ledger import Wanted, record_entry
from relais.execution.actions.options import NewOption, leave_option, plan_option, take_option
from relais.execution.actions.owing import NewCall, declare_worked, record_call, true_up
from relais.execution.enums import EntryKind
from relais.execution.models import Call, Entry
from relais.execution.owing_enums import CallKind, OptionKind, OptionState
from relais.execution.queries.ledger import balance_as_of
from relais.execution.queries.owing import hours_under_rules, standing_of
from relais.kit.access import Refused, Stale
from tests.clauses.factories import an_awarded, noon
from tests.execution.owing import DAY, PER_2000, START, a_framework, a_rule, cancel, correct, fresh, invoice

pytestmark = pytest.mark.django_db
D = Decimal
QUARTERS = {name: D("0.25") for name in ("corinne", "cyril", "sonia", "simon")}


@pytest.fixture
def framework(cast):
    return a_framework(cast)


def owed(obligation) -> Decimal:
    return fresh(obligation).owed


def settle(cast, obligation, year, on):
    return true_up(fresh(obligation), year, actor=cast["clara"].actor(on), at=noon(on))


def test_the_rule_takes_the_place_of_the_estimate_of_the_award(cast, framework):
    assert framework.owed == 0
    entry = Entry.objects.get(obligation=framework, under_rule=True)
    assert (entry.kind, entry.hours, entry.document) == (EntryKind.AMENDMENT, D(-373), "CCAP, 8.2")
    assert [step["value"] for step in entry.working["steps"]] == ["0.00", "373.00", "-373.00"]


def test_each_invoice_adds_what_the_total_adds_whatever_the_cutting(cast, framework):
    for rank in range(3):
        invoice(cast, framework, f"F-{rank}", "1333.33")
    assert owed(framework) == D("2.00") == hours_under_rules(framework)
    assert [str(e.hours) for e in Entry.objects.filter(kind=EntryKind.INVOICE).order_by("pk")] == [
        "0.67",
        "0.66",
        "0.67",
    ]
    last = Entry.objects.filter(kind=EntryKind.INVOICE).latest("pk")
    assert [step["value"] for step in last.working["steps"]][1:] == [
        "3999.99",
        "2000.00",
        "2.00",
        "1.33",
        "0.67",
    ]


def test_the_same_invoice_again_changes_nothing_and_other_figures_are_refused(cast, framework):
    first = invoice(cast, framework, "F-1", 8_000)
    assert invoice(cast, framework, " F-1", 8_000) == first
    with pytest.raises(Refused, match="correct it instead"):
        invoice(cast, framework, "F-1", 9_000)
    assert (owed(framework), Call.objects.count()) == (4, 1)


@pytest.mark.parametrize(
    ("kind", "fields", "reason"),
    [
        (CallKind.ORDER, {}, "invoiced"),
        (CallKind.INVOICE, {"on": START - timedelta(1)}, "No rule of owing is in force"),
        (CallKind.INVOICE, {"on": DAY + timedelta(1)}, "still to come"),
        (CallKind.INVOICE, {"amount": D(0)}, "above zero"),
        (CallKind.INVOICE, {"number": " "}, "number"),
    ],
)
def test_what_the_rule_does_not_count_is_refused(cast, framework, kind, fields, reason):
    wanted = replace(NewCall(kind, "F-1", DAY, D(4000)), **fields)
    with pytest.raises(Refused, match=reason):
        record_call(framework, wanted, actor=cast["clara"].actor(DAY), at=noon(DAY))
    assert not Call.objects.exists()


def test_a_correction_and_a_cancellation_are_dated_and_name_the_entry_they_correct(cast, framework):
    later = DAY + timedelta(10)
    first, second = invoice(cast, framework, "F-1", 8_000), invoice(cast, framework, "F-2", 4_000)
    right = correct(cast, first, 6_000, at=later)
    with pytest.raises(Refused, match="already"):
        correct(cast, first, 5_000)
    with pytest.raises(Refused, match="Say why"):
        cancel(cast, second, reason=" ")
    cancel(cast, second, at=later + timedelta(1))
    corrections = Entry.objects.filter(kind=EntryKind.CORRECTION).order_by("pk")
    assert [(e.hours, e.corrected_number) for e in corrections] == [
        (D(-1), first.entry_number),
        (D(-2), second.entry_number),
    ]
    assert [balance_as_of(framework, day).owed for day in (DAY, later, later + timedelta(1))] == [6, 5, 3]
    assert (right.replaces, owed(framework)) == (first, 3)
    assert invoice(cast, framework, "F-2", 2_000, on=DAY, at=later + timedelta(2)).pk != second.pk


def test_a_true_up_rounds_what_the_year_brought_and_writes_the_difference(cast, framework):
    invoice(cast, framework, "F-1", "3100")
    with pytest.raises(Refused, match="not over"):
        settle(cast, framework, DAY.year, DAY)
    new_year = date(DAY.year + 1, 1, 10)
    done = settle(cast, framework, DAY.year, new_year)
    assert (done.written, done.target, owed(framework)) == (D("1.55"), 2, 2)
    assert Entry.objects.get(number=done.entry_number, obligation=framework).kind == EntryKind.TRUE_UP
    with pytest.raises(Refused, match="settled"):
        settle(cast, framework, DAY.year, new_year)
    late = invoice(cast, framework, "F-0", "1000", at=new_year + timedelta(1))
    assert owed(framework) == 2  # 4,100 € until the end of the year: 2.05 h, rounded to 2
    with pytest.raises(Refused, match="settled"):
        settle(cast, framework, DAY.year, new_year + timedelta(1))
    cancel(cast, late, at=new_year + timedelta(2))
    assert owed(framework) == 2 == standing_of(framework).count().target().hours


def test_a_true_up_takes_back_what_was_typed_beside_the_rule(cast, framework):
    call = invoice(cast, framework, "F-1", "4000")
    wanted = Wanted(EntryKind.CORRECTION, D(3), DAY, reason="Erreur", corrected_number=call.entry_number)
    record_entry(fresh(framework), wanted, actor=cast["clara"].actor(DAY), at=noon(DAY))
    record_entry(
        fresh(framework),
        Wanted(EntryKind.AMENDMENT, D(10), DAY),
        actor=cast["clara"].actor(DAY),
        at=noon(DAY),
    )
    done = settle(cast, framework, DAY.year, date(DAY.year + 1, 2, 1))
    assert (done.written, done.target, owed(framework)) == (5, 2, 12)


def test_successive_rules_and_a_lump(cast, framework):
    invoice(cast, framework, "F-1", 10_000)
    invoice(cast, framework, "F-2", 10_000, on=DAY + timedelta(20))
    with pytest.raises(Refused, match="Name the document"):
        a_rule(cast, framework, document=" ")
    dearer = replace(PER_2000, starts_on=DAY + timedelta(20), euros_per_hour=D(1000))
    a_rule(cast, framework, dearer, on=DAY + timedelta(30))
    assert owed(framework) == 15
    a_rule(cast, framework, replace(dearer, euros_per_hour=D(500)), on=DAY + timedelta(31))
    assert owed(framework) == 25
    lump = an_awarded(cast).obligation
    fixed = Rule(RuleKind.FIXED, Basis.CONTRACT, START, hours=D(400))
    a_rule(cast, lump, fixed, replaces_initial=False)
    assert (owed(lump), Entry.objects.filter(obligation=lump).count()) == (400, 2)


def test_partners_owe_their_part_of_each_invoice_or_the_one_named(cast):
    framework = a_framework(cast, shares=QUARTERS)
    cyril = framework.debtors.get(organisation=cast["cyril"].organisation)
    invoice(cast, framework, "F-1", 2_020)
    invoice(cast, framework, "F-2", 4_000, debtor=cyril)
    parts = {debtor.organisation.name: debtor.owed for debtor in framework.debtors.all()}
    assert sum(parts.values()) == owed(framework) == D("3.01")
    assert parts[cyril.organisation.name] >= D("2.25")


def test_a_holder_declares_the_hours_worked_and_owes_its_share(cast):
    share = Rule(RuleKind.SHARE_OF_HOURS, Basis.WORKED, START, Rounding.UNIT, insertion_rate=D("0.05"))
    obligation = a_framework(cast, rule=share)
    first = {"starts_on": START, "ends_on": START + timedelta(29)}
    corinne = {"actor": cast["corinne"].actor(DAY), "at": noon(DAY)}
    declare_worked(obligation, **first, hours=D("1210.5"), **corinne)
    assert owed(obligation) == D("60.53")
    for period, hours, reason in (
        ({**first, "ends_on": START + timedelta(40)}, 9, "declared already"),
        (first, 9, "say why"),
        ({"starts_on": DAY, "ends_on": DAY + timedelta(1)}, 9, "over"),
    ):
        with pytest.raises(Refused, match=reason):
            declare_worked(fresh(obligation), **period, hours=D(hours), **corinne)
    declare_worked(fresh(obligation), **first, hours=D(1000), reason="Intérim compté deux fois", **corinne)
    assert owed(obligation) == 50
    with pytest.raises(Refused, match="A holder of the contract"):
        declare_worked(fresh(obligation), **first, hours=D(1), actor=cast["fanny"].actor(DAY), at=noon(DAY))


def test_a_tranche_is_owed_once_taken_up_and_a_renewal_moves_the_end(cast):
    obligation = an_awarded(cast).obligation
    end = obligation.ends_on + timedelta(365)
    clara = {"actor": cast["clara"].actor(DAY), "at": noon(DAY)}
    tranche = plan_option(obligation, NewOption(OptionKind.TRANCHE, "TO1", D(120)), **clara)
    again = plan_option(obligation, NewOption(OptionKind.RENEWAL, "R1", D(200), new_end=end), **clara)
    with pytest.raises(Refused, match="taken already"):
        plan_option(obligation, NewOption(OptionKind.TRANCHE, "TO1", D(5)), **clara)
    assert owed(obligation) == 373
    for option in (tranche, again):
        option.obligation = fresh(obligation)
        take_option(option, decided_on=DAY, document="OS n° 3", **clara)
    assert (owed(obligation), fresh(obligation).ends_on) == (693, end)
    with pytest.raises(Refused, match="decided on"):
        leave_option(tranche, decided_on=DAY, reason="Budget", **clara)
    other = plan_option(fresh(obligation), NewOption(OptionKind.TRANCHE, "TO2", D(80)), **clara)
    leave_option(other, decided_on=DAY, reason="Budget non voté", **clara)
    assert (owed(obligation), other.state) == (693, OptionState.LEFT)


def test_two_writers_of_one_contract_never_count_the_same_total(cast, framework):
    same = fresh(framework)
    invoice(cast, framework, "F-1", 1_000)
    with pytest.raises(Stale):
        record_call(
            same,
            NewCall(CallKind.INVOICE, "F-2", DAY, D(1000)),
            actor=cast["clara"].actor(DAY),
            at=noon(DAY),
        )
