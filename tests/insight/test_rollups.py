"""What is told by events and what is recounted from the lines are the same, whatever happened."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relais.execution.actions.ledger import Wanted, record_entry
from relais.execution.actions.people import correct_person
from relais.execution.enums import EntryKind, LineState
from relais.execution.models import Obligation, StatementLine
from relais.insight.models import DebtMonth, HoursCell, PersonYear
from relais.insight.queries.ledger import compare_stored
from relais.insight.rebuild import rebuild
from relais.insight.rollups import compare, gathering
from relais.kit.events import emit
from relais.kit.fields import total
from relais.procurement.events import ContractsImported
from tests.clauses.factories import noon
from tests.insight.scene import Work, an_obligation

pytestmark = pytest.mark.django_db
JANUARY, MARCH, NEXT_MARCH = date(2024, 1, 1), date(2024, 3, 1), date(2025, 3, 1)
ALL_SHARES = {"corinne": Decimal("0.6"), "cyril": Decimal("0.4")}


@pytest.fixture
def work(cast):
    return Work(cast, an_obligation(cast, hours=1000))


def sums() -> dict[str, Decimal]:
    columns = ("owed", "declared", "queried", "validated", "rejected", "training")
    return {name: value for name in columns if (value := HoursCell.objects.aggregate(all=total(name))["all"])}


def test_an_award_owes_hours_from_the_month_it_takes_effect(cast):
    an_obligation(cast, hours=400, shares=ALL_SHARES)
    assert sums() == {"owed": Decimal(400)}
    assert dict(DebtMonth.objects.values_list("debtor__organisation__name", "owed")) == {
        "Bâtisseurs du Mad": Decimal(240),
        "Peintures de l'Orne": Decimal(160),
    }


def test_hours_go_from_declared_to_validated_to_locked_without_being_counted_twice(work):
    line = work.hours(MARCH, "151.67", state="DECLARED", training=10)
    assert sums() == {"owed": Decimal(1000), "declared": Decimal("151.67")}
    work.move([line], "VALIDATED")
    assert sums() == {"owed": Decimal(1000), "validated": Decimal("151.67"), "training": Decimal(10)}
    work.move([line], "LOCKED")
    assert sums() == {"owed": Decimal(1000), "validated": Decimal("151.67"), "training": Decimal(10)}
    assert PersonYear.objects.get().validated == Decimal("151.67")


def test_acts_gathered_count_once_at_the_end_of_their_transaction(work):
    with gathering():
        line = work.hours(MARCH, "151.67", state="DECLARED", training=10)
        work.move([line], "VALIDATED")
        assert "validated" not in sums()
    assert sums() == {"owed": Decimal(1000), "validated": Decimal("151.67"), "training": Decimal(10)}
    assert not compare().differences


def test_acts_gathered_that_fail_leave_the_totals_as_they_were(work):
    def interrupted() -> None:
        with gathering():
            work.hours(MARCH, 100, state="DECLARED")
            raise RuntimeError

    before = sums()
    with pytest.raises(RuntimeError):
        interrupted()
    assert sums() == before
    work.hours(MARCH, 20, state="DECLARED")
    assert sums()["declared"] == Decimal(20)


def test_an_answer_that_changes_hours_takes_away_what_was_counted_before(work):
    line = work.hours(MARCH, 140, state="QUERIED")
    StatementLine.objects.filter(pk=line.pk).update(hours=Decimal(120), counted_hours=Decimal(120))
    line.hours = line.counted_hours = Decimal(120)
    from relais.execution.actions.moves import move_lines

    move_lines(
        [line],
        LineState.DECLARED,
        actor=work.actor(),
        at=noon(date(2026, 1, 6)),
        counted_before={line.pk: Decimal(140)},
    )
    assert sums() == {"owed": Decimal(1000), "declared": Decimal(120)}
    assert not compare().differences


def test_a_person_corrected_keeps_one_place_in_the_totals(cast, work):
    line = work.hours(MARCH, 100, sex="")
    correct_person(
        line.job_contract.person,
        first_name="Camille",
        last_name="Exemple",
        birth_date=date(1991, 5, 2),
        sex="F",
        actor=cast["fanny"].actor(date(2026, 1, 6)),
        at=noon(date(2026, 1, 6)),
    )
    validated = HoursCell.objects.filter(validated__gt=0).get()
    assert validated.sex == "F"
    assert PersonYear.objects.filter(validated__gt=0).get().sex == "F"
    assert not compare().differences


def test_a_lot_that_moves_to_another_department_takes_its_hours_along(cast, work):
    work.hours(MARCH, 100)
    lot = work.obligation.clause.lot
    lot.department_id = "57"
    lot.save()
    emit(ContractsImported(cast.scheme.pk, noon(date(2026, 1, 6)), work.actor()))
    counted = HoursCell.objects.exclude(owed=0, validated=0).values_list("department", "owed", "validated")
    assert sorted(counted) == [("57", Decimal(0), Decimal(100)), ("57", Decimal(1000), Decimal(0))]
    assert not compare().differences


def test_a_total_that_drifted_is_told_and_can_be_rebuilt(cast, work):
    work.hours(MARCH, 100)
    HoursCell.objects.filter(validated__gt=0).update(validated=Decimal(90))
    Obligation.objects.update(declared=Decimal(5))
    (difference,) = compare().differences
    assert (difference.table, difference.column) == ("cells", "validated")
    assert (difference.stored, difference.recounted) == (Decimal(90), Decimal(100))
    assert [found.table for found in compare_stored().differences] == ["obligation"]
    rebuild([cast.scheme.pk])
    assert not compare().differences


ACTS = st.lists(
    st.one_of(
        st.tuples(
            st.just("declare"),
            st.integers(0, 3),
            st.sampled_from([JANUARY, MARCH, NEXT_MARCH]),
            st.integers(1, 20_000),
        ),
        st.tuples(
            st.just("move"), st.integers(0, 9), st.sampled_from(list(LineState)), st.integers(-500, 500)
        ),
        st.tuples(st.just("owe"), st.integers(0, 1), st.just(MARCH), st.integers(-5_000, 50_000)),
    ),
    max_size=14,
)
NEXT = {
    LineState.DECLARED: {LineState.QUERIED, LineState.VALIDATED, LineState.REJECTED},
    LineState.QUERIED: {LineState.DECLARED, LineState.VALIDATED, LineState.REJECTED},
    LineState.VALIDATED: {LineState.LOCKED},
}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_happens_the_totals_are_those_of_the_lines(cast, acts):
    with transaction.atomic():
        play(cast, acts)
        assert compare().differences == ()
        assert compare_stored().differences == ()
        rebuild([cast.scheme.pk])
        assert compare().differences == ()
        transaction.set_rollback(True)


def play(cast, acts) -> None:
    works = [
        Work(cast, an_obligation(cast, hours=1000, shares=ALL_SHARES)),
        Work(cast, an_obligation(cast, hours=500, department="57", sector="green")),
    ]
    jobs = [
        works[index % 2].job(
            works[index % 2].person(
                sex="FM"[index % 2], body=("fanny", "felix")[index % 2], pseudonym=f"same-{index // 2}"
            )
        )
        for index in range(4)
    ]
    lines: list[StatementLine] = []
    for kind, index, about, number in acts:
        hours = Decimal(number).scaleb(-2)
        if kind == "declare":
            work = works[index % 2]
            if any(line.job_contract == jobs[index] and line.month == about for line in lines):
                continue
            lines.append(work.line(jobs[index], about, hours))
            work.move(lines[-1:], "DECLARED")
        elif kind == "move" and lines:
            line = lines[index % len(lines)]
            if about in NEXT.get(line.state, ()):
                works[0].move([line], about)
        elif kind == "owe" and hours:
            owe(cast, works[index].obligation, hours, about)


def owe(cast, obligation: Obligation, hours: Decimal, on: date) -> None:
    obligation = Obligation.objects.select_related("clause__scheme", "buyer").get(pk=obligation.pk)
    wanted = Wanted(
        kind=EntryKind.AMENDMENT,
        hours=hours,
        effective_on=on,
        wording="Avenant",
        document="Av. 1",
        reason="Essai",
    )
    record_entry(obligation, wanted, actor=cast["clara"].actor(date(2026, 1, 6)), at=noon(date(2026, 1, 6)))
