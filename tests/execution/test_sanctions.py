from datetime import date, timedelta
from decimal import Decimal

import pytest

from relais.core.months import Month
from relais.core.words import BadValue
from relais.execution.actions.ledger import close_obligation
from relais.execution.actions.sanctions import (
    answer_cause,
    observe_breach,
    record_terms,
    take_step,
    tell_cause,
)
from relais.execution.actions.waivers import Waiving, decide_waiver, propose_waiver
from relais.execution.enums import BreachAct, BreachKind, BreachStage, CauseKind, LineState, ObligationState
from relais.execution.models import Breach, BreachStep, Cause, Debtor, Entry, Obligation
from relais.execution.queries.sanctions import file_of
from relais.kit.access import Refused, Stale
from relais.kit.models import AuditEntry
from tests.clauses.factories import noon
from tests.execution.doings import a_job, decide, declare
from tests.execution.road import HEARD, WARNED, breach_after, doing, observed, running, take

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 15)
A = BreachAct


@pytest.fixture
def obligation(cast):
    return running(cast, TODAY)


def told(cast, breach, by="corinne", hours="40", **fields):
    starts_on = TODAY - timedelta(100)
    known = {"kind": CauseKind.SITE_STOPPED, "starts_on": starts_on, "ends_on": starts_on + timedelta(20)}
    cause = Cause(
        breach=breach, hours=Decimal(hours), **{**known, "evidence": "Ordre de service 4", **fields}
    )
    return tell_cause(cause, actor=cast[by].actor(TODAY), at=noon(TODAY))


def answered(cast, cause, accepted=True, by="fanny"):
    answer_cause(cause, accepted=accepted, answer="Vu sur place", actor=cast[by].actor(TODAY), at=noon(TODAY))


def test_the_whole_road_from_the_gap_to_the_account(cast, obligation):
    breach = breach_after(cast, obligation, TODAY, *HEARD, A.PENALTY_PROPOSED, A.PENALTY_DECIDED, A.ACCOUNTED)
    breach = Breach.objects.get(pk=breach.pk)
    assert breach.stage == BreachStage.ACCOUNTED
    steps = list(breach.steps.all())
    assert [step.act for step in steps] == [
        A.OBSERVED,
        *HEARD,
        A.PENALTY_PROPOSED,
        A.PENALTY_DECIDED,
        A.ACCOUNTED,
    ]
    assert [step.amount for step in steps[-3:]] == [Decimal(4500)] * 3
    assert steps[0].missing == breach.missing > 0
    assert AuditEntry.objects.filter(verb="execution.breach.moved").count() == 8
    with pytest.raises(TypeError):
        steps[0].save()
    with pytest.raises(TypeError):
        BreachStep.objects.update(text="")


@pytest.mark.parametrize(
    ("done", "act", "reason"),
    [
        ((), A.NOTICE_PROPOSED, "needs a reminder"),
        ((A.REMINDER,), A.NOTICE_PROPOSED, "then a meeting"),
        (WARNED[:3], A.PENALTY_PROPOSED, "waits for its decision"),
        (WARNED, A.PENALTY_PROPOSED, "needs a formal notice, and the reply"),
        (HEARD, A.PENALTY_DECIDED, "proposed by one person"),
        (HEARD, A.REMINDER, "comes first"),
        ((A.WAIVER_PROPOSED, A.WAIVED), A.REGULARISED, "decided"),
    ],
)
def test_no_step_is_skipped(cast, obligation, done, act, reason):
    breach = observed(cast, obligation, TODAY)
    for step in done:
        take(cast, breach, step, TODAY)
    with pytest.raises(Refused, match=reason):
        take(cast, breach, act, TODAY)


def test_a_penalty_waits_for_the_end_of_the_notice(cast, obligation):
    breach = breach_after(cast, obligation, TODAY, *HEARD)
    early = TODAY - timedelta(14)
    with pytest.raises(Refused, match="runs until"):
        take(cast, breach, A.PENALTY_PROPOSED, TODAY, on=early)
    silent = breach_after(cast, running(cast, TODAY), TODAY, *WARNED)
    with pytest.raises(Refused, match="runs until"):
        take(cast, silent, A.NO_REPLY, TODAY, on=early)
    backdated = doing(silent, A.NO_REPLY, TODAY, on=early)
    with pytest.raises(Refused, match="runs until"):
        take_step(silent, backdated, actor=cast["clara"].actor(TODAY), at=noon(TODAY))
    take(cast, silent, A.NO_REPLY, TODAY)
    assert silent.stage == BreachStage.HEARD


@pytest.mark.parametrize(
    ("done", "act", "by", "reason"),
    [
        ((), A.REMINDER, "corinne", "facilitator of this clause or its buyer"),
        (WARNED[:2], A.NOTICE_PROPOSED, "clara", "A purchaser or a manager"),
        (WARNED[:3], A.NOTICE, "paula", "A manager of the buyer decides"),
        (WARNED, A.REPLY, "cyril", "Only the company"),
        (HEARD, A.PENALTY_PROPOSED, "fanny", "A purchaser or a manager"),
        (HEARD, A.ADVICE, "clara", "Only the facilitator"),
        ((*HEARD, A.PENALTY_PROPOSED), A.PENALTY_DECIDED, "paula", "A manager of the buyer decides"),
    ],
)
def test_each_step_has_its_people(cast, obligation, done, act, by, reason):
    breach = breach_after(cast, obligation, TODAY, *done)
    with pytest.raises(Refused, match=reason):
        take(cast, breach, act, TODAY, by=by)


def test_a_manager_does_not_decide_what_he_proposed(cast, obligation):
    breach = breach_after(cast, obligation, TODAY, *HEARD)
    take(cast, breach, A.PENALTY_PROPOSED, TODAY, by="carole")
    with pytest.raises(Refused, match="You proposed it yourself"):
        take(cast, breach, A.PENALTY_DECIDED, TODAY)
    take(cast, breach, A.RETURNED, TODAY)
    assert breach.stage == BreachStage.HEARD


def test_who_declared_or_validated_hours_does_not_sanction(cast, obligation):
    breach = breach_after(cast, obligation, TODAY, *HEARD)
    debtor = Debtor.objects.get(obligation=obligation)
    day = TODAY - timedelta(80)
    job = a_job(debtor, cast["fanny"].organisation)
    line = declare(job, Month.of(day), Decimal(20), actor=cast["paula"].actor(day), at=noon(day))
    decide(line, LineState.VALIDATED, actor=cast["carole"].actor(day), at=noon(day))
    with pytest.raises(Refused, match="You declared hours"):
        take(cast, breach, A.PENALTY_PROPOSED, TODAY)
    with pytest.raises(Refused, match="You validated hours"):
        take(cast, breach, A.PENALTY_PROPOSED, TODAY, by="carole")


def test_the_deadline_of_a_notice_is_that_of_the_scheme(cast, obligation):
    breach = breach_after(cast, obligation, TODAY, *WARNED[:3])
    sent = doing(breach, A.NOTICE, TODAY)
    for days in (5, 60):
        with pytest.raises(Refused, match="gives 15 to 30 days"):
            take(cast, breach, A.NOTICE, TODAY, due_on=sent.on + timedelta(days))
    with pytest.raises(Refused, match="registered letter"):
        take(cast, breach, A.NOTICE, TODAY, reference=" ")


def test_the_plan_of_a_reminder_asks_for_what_is_missing(cast, obligation):
    breach = observed(cast, obligation, TODAY)
    month = Month.of(TODAY)
    for plan, reason in (
        ({month: Decimal(1)}, "make it equal"),
        ({Month(2020, 1): breach.missing}, "not a month left"),
        ({month: -breach.missing}, "from zero"),
    ):
        with pytest.raises(Refused, match=reason):
            take(cast, breach, A.REMINDER, TODAY, plan=plan)
    take(cast, breach, A.REMINDER, TODAY, plan={month: breach.missing})
    (row,) = file_of(breach, cast["fanny"].actor(TODAY), TODAY).plan
    assert (row.month, row.asked, row.validated) == (month.first_day, breach.missing, Decimal(0))


def test_causes_accepted_lower_the_penalty_and_its_working_says_so(cast, obligation):
    breach = breach_after(cast, obligation, TODAY, *HEARD)
    cause = told(cast, breach)
    with pytest.raises(Refused, match="waits for the facilitator"):
        take(cast, breach, A.PENALTY_PROPOSED, TODAY)
    answered(cast, cause)
    answered(cast, told(cast, breach, hours="10"), accepted=False)
    record_terms(
        obligation,
        per_unit=Decimal(50),
        cap=Decimal(2000),
        source="CCAP, art. 9",
        actor=cast["paula"].actor(TODAY),
        at=noon(TODAY),
    )
    step = take(cast, breach, A.PENALTY_PROPOSED, TODAY, units=3)
    assert step.amount == Decimal(2000)
    values = [Decimal(kept["value"]) for kept in step.working["steps"]]
    assert values == [100, -40, 60, 45, 2700, 3, 50, 150, 2850, 2000, 2000]
    assert step.working["source"] == "CCAP, art. 9"


def test_who_answers_a_cause(cast, obligation):
    breach = observed(cast, obligation, TODAY)
    with pytest.raises(Refused, match="Only the facilitator"):
        answered(cast, told(cast, breach), by="clara")
    with pytest.raises(Refused, match="put this cause forward yourself"):
        answered(cast, told(cast, breach, by="fanny"))
    with pytest.raises(Refused, match="evidence"):
        told(cast, breach, evidence=" ")
    with pytest.raises(Refused, match="outside the performance"):
        told(cast, breach, starts_on=date(2020, 1, 1), ends_on=date(2020, 2, 1))


def test_without_a_unit_penalty_none_is_made_up(cast):
    breach = breach_after(cast, running(cast, TODAY, unit_penalty=None), TODAY, *HEARD)
    with pytest.raises(BadValue, match="sets no penalty per missing hour"):
        take(cast, breach, A.PENALTY_PROPOSED, TODAY)
    with pytest.raises(Refused, match="cannot count"):
        take(cast, breach, A.PENALTY_PROPOSED, TODAY, hours=Decimal(100000))


def test_one_breach_of_a_kind_runs_at_a_time_and_a_late_reader_is_told(cast, obligation):
    breach = observed(cast, obligation, TODAY)
    with pytest.raises(Refused, match="already followed"):
        observed(cast, obligation, TODAY)
    same = Breach.objects.with_file().get(pk=breach.pk)
    take(cast, breach, A.REMINDER, TODAY)
    with pytest.raises(Stale):
        take(cast, same, A.REMINDER, TODAY)


def test_the_company_reads_what_is_addressed_to_it(cast, obligation):
    breach = breach_after(cast, obligation, TODAY, *HEARD, A.PENALTY_PROPOSED)
    read = BreachStep.objects.visible_to(cast["corinne"].actor(TODAY)).values_list("act", flat=True)
    assert list(read) == [A.OBSERVED, A.REMINDER, A.MEETING, A.NOTICE, A.REPLY]
    assert BreachStep.objects.visible_to(cast["fanny"].actor(TODAY)).count() == breach.steps.count()
    for name in ("cyril", "sonia", "felix", "sam", "benoit"):
        assert not Breach.objects.visible_to(cast[name].actor(TODAY)).exists()


def test_a_penalty_is_accounted_before_the_final_account(cast, obligation):
    breach = breach_after(cast, obligation, TODAY, *HEARD, A.PENALTY_PROPOSED, A.PENALTY_DECIDED)
    breach.obligation.final_account_on = TODAY - timedelta(2)
    with pytest.raises(Refused, match="became final"):
        take(cast, breach, A.ACCOUNTED, TODAY)


def waive(cast, obligation, by="paula", hours="73", **fields):
    wanted = Waiving(Decimal(hours), TODAY, **{"reason": "Aucun candidat proposé", **fields})
    return propose_waiver(obligation, wanted, actor=cast[by].actor(TODAY), at=noon(TODAY))


def settled(cast, waiver, by="carole", accepted=True):
    decide_waiver(
        waiver, accepted=accepted, answer="Causes établies", actor=cast[by].actor(TODAY), at=noon(TODAY)
    )


def test_two_people_give_hours_up(cast, obligation):
    with pytest.raises(Refused, match="A purchaser or a manager"):
        waive(cast, obligation, by="clara")
    with pytest.raises(Refused, match="less than zero"):
        waive(cast, obligation, hours="400")
    waiver = waive(cast, obligation, by="carole")
    with pytest.raises(Refused, match="You proposed it yourself"):
        settled(cast, waiver)
    settled(cast, waive(cast, obligation), accepted=False)
    assert not Entry.objects.filter(kind="WAIVER").exists()
    waiver = waive(cast, obligation)
    settled(cast, waiver)
    obligation.refresh_from_db()
    waiver.refresh_from_db()
    entry = Entry.objects.get(kind="WAIVER")
    assert (obligation.owed, entry.hours, waiver.entry_number) == (Decimal(300), Decimal(-73), entry.number)
    with pytest.raises(Refused, match="already decided"):
        settled(cast, waiver)


def close(cast, obligation, outcome):
    fresh = Obligation.objects.with_file().get(pk=obligation.pk)
    close_obligation(fresh, outcome=outcome, reason="Fin", actor=cast["carole"].actor(TODAY), at=noon(TODAY))


def test_nothing_closes_over_a_breach_or_hours_given_up_alone(cast, obligation):
    breach = observed(cast, obligation, TODAY)
    with pytest.raises(Refused, match="Settle each one"):
        close(cast, obligation, ObligationState.NOT_FULFILLED)
    take(cast, breach, A.REGULARISED, TODAY)
    with pytest.raises(Refused, match=r"waiver of the 373\.00 h left"):
        close(cast, obligation, ObligationState.WAIVED)
    settled(cast, waive(cast, obligation, hours="373"))
    close(cast, obligation, ObligationState.WAIVED)
    obligation.refresh_from_db()
    assert obligation.state == ObligationState.WAIVED


def test_there_is_nothing_to_observe_without_a_gap(cast, obligation):
    debtor = Debtor.objects.select_related("organisation", "obligation").get(obligation=obligation)
    debtor.obligation, debtor.validated = obligation, debtor.owed
    act = {"text": "x", "on": TODAY, "actor": cast["fanny"].actor(TODAY), "at": noon(TODAY)}
    with pytest.raises(Refused, match="No hour is missing"):
        observe_breach(debtor, BreachKind.HOURS, **act)
    breach = observe_breach(debtor, BreachKind.DOCUMENTS, **act)
    with pytest.raises(Refused, match="Write what is asked"):
        take_step(
            breach, doing(breach, A.REMINDER, TODAY, on=TODAY, text=""), actor=act["actor"], at=act["at"]
        )
