"""Two different people, all or none, and totals that always agree with a recount."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from relais.clauses.enums import Part
from relais.clauses.models import Party
from relais.core.months import Month
from relais.execution.actions.statements import answer_query, correct_line
from relais.execution.actions.validation import (
    close_month,
    decidable_lines,
    query_lines,
    reject_lines,
    validate_lines,
)
from relais.execution.enums import LineState
from relais.execution.events import LinesMoved
from relais.execution.models import ClosedMonth, Debtor, LineMove, Obligation, StatementLine
from relais.kit.access import Refused, Stale
from relais.kit.models import AuditEntry
from relais.organisations.enums import Role
from relais.organisations.models import Membership
from tests.cast import SINCE, lay_cast
from tests.execution.worksite import MARCH, TODAY, lay_worksite, noon


def waiting():
    return decidable_lines(list(StatementLine.objects.waiting().values_list("pk", flat=True)))


def test_fanny_validates_what_corinne_declared(worksite, fanny):
    worksite.declare([(worksite.job(0), 120), (worksite.job(1), 80)])
    validate_lines(waiting(), actor=fanny.actor(TODAY), at=noon(TODAY))
    assert worksite.totals() == {"declared": 0, "queried": 0, "validated": 200, "rejected": 0}
    worksite.debtor.refresh_from_db()
    assert worksite.debtor.validated == 200
    line = StatementLine.objects.first()
    assert (line.decided_by, line.decided_at) == (fanny.user, noon(TODAY))
    assert AuditEntry.objects.get(verb="execution.lines.validated").detail.startswith("hours=200.00 ")


def test_the_second_validator_is_told_and_nothing_counts_twice(worksite, fanny):
    worksite.declare([(worksite.job(), 120)])
    mine, theirs = waiting(), waiting()
    validate_lines(mine, actor=fanny.actor(TODAY), at=noon(TODAY))
    with pytest.raises(Stale):
        validate_lines(theirs, actor=fanny.actor(TODAY), at=noon(TODAY))
    assert worksite.totals()["validated"] == 120
    assert LineMove.objects.count() == 2


def test_a_batch_with_one_line_changed_moves_nothing(worksite, fanny):
    worksite.declare([(worksite.job(0), 120), (worksite.job(1), 80)])
    batch, other = waiting(), waiting()[:1]
    query_lines(other, note="?", actor=fanny.actor(TODAY), at=noon(TODAY))
    with pytest.raises(Stale):
        validate_lines(batch, actor=fanny.actor(TODAY), at=noon(TODAY))
    assert worksite.totals() == {"declared": 80, "queried": 120, "validated": 0, "rejected": 0}


@pytest.mark.parametrize("name", ["felix", "clara", "corinne", "sonia"])
def test_only_the_facilitator_assigned_validates(worksite, cast, name):
    worksite.declare([(worksite.job(), 120)])
    with pytest.raises(Refused, match="Only the facilitator of this clause"):
        validate_lines(waiting(), actor=cast[name].actor(TODAY), at=noon(TODAY))


@pytest.mark.parametrize("role", [Role.READER, Role.ELECTED])
def test_a_reader_validates_nothing(worksite, fanny, role):
    worksite.declare([(worksite.job(), 120)])
    actor = type(fanny.actor())(fanny.user.pk, fanny.organisation.pk, role, TODAY)
    with pytest.raises(Refused, match="officer or a manager"):
        validate_lines(waiting(), actor=actor, at=noon(TODAY))


def test_a_facilitator_body_that_is_a_structure_too_does_not_validate_its_own_hours(worksite, fanny, cast):
    Party.objects.create(
        clause=worksite.obligation.clause,
        organisation=fanny.organisation,
        part=Part.STRUCTURE,
        starts_on=SINCE,
    )
    worksite.declare([(worksite.job(declared_by="fanny"), 100)], by="fanny")
    second = cast["remi"].user
    Membership.objects.create(
        organisation=fanny.organisation, user=second, role=Role.OFFICER, starts_on=SINCE
    )
    for user in (fanny.user, second):
        actor = type(fanny.actor())(user.pk, fanny.organisation.pk, Role.OFFICER, TODAY)
        with pytest.raises(Refused, match="another body validates"):
            validate_lines(waiting(), actor=actor, at=noon(TODAY))
        assert not StatementLine.objects.to_validate(actor).exists()


def test_rights_revoked_are_refused_at_once(worksite, fanny):
    worksite.declare([(worksite.job(), 100)])
    Party.objects.filter(organisation=fanny.organisation).update(ends_on=TODAY - timedelta(days=1))
    with pytest.raises(Refused):
        validate_lines(waiting(), actor=fanny.actor(TODAY), at=noon(TODAY))


@pytest.mark.parametrize("act", [query_lines, reject_lines])
def test_a_question_and_a_rejection_say_why(worksite, fanny, act):
    worksite.declare([(worksite.job(), 100)])
    with pytest.raises(Refused, match="Write the reason"):
        act(waiting(), note="  ", actor=fanny.actor(TODAY), at=noon(TODAY))
    act(waiting(), note="Feuille d'heures absente", actor=fanny.actor(TODAY), at=noon(TODAY))
    assert StatementLine.objects.get().note == "Feuille d'heures absente"


def test_fanny_lifts_her_own_question(worksite, fanny):
    worksite.declare([(worksite.job(), 100)])
    query_lines(waiting(), note="?", actor=fanny.actor(TODAY), at=noon(TODAY))
    with pytest.raises(Refused, match="already asked"):
        query_lines(waiting(), note="?", actor=fanny.actor(TODAY), at=noon(TODAY))
    validate_lines(waiting(), actor=fanny.actor(TODAY), at=noon(TODAY), note="Vu au téléphone")
    assert worksite.totals()["validated"] == 100


def test_what_is_decided_is_decided(worksite, fanny):
    worksite.declare([(worksite.job(), 100)])
    lines = waiting()
    reject_lines(lines, note="Hors clause", actor=fanny.actor(TODAY), at=noon(TODAY))
    with pytest.raises(Refused, match="already decided"):
        validate_lines(lines, actor=fanny.actor(TODAY), at=noon(TODAY))
    with pytest.raises(Refused, match="one line at least"):
        validate_lines([], actor=fanny.actor(TODAY), at=noon(TODAY))


def test_a_month_is_closed_once_over_and_settled(worksite, fanny):
    job = worksite.job()
    worksite.declare([(job, 100)])
    close = {"month": MARCH, "actor": fanny.actor(TODAY), "at": noon(TODAY)}
    with pytest.raises(Refused, match="still wait"):
        close_month(worksite.obligation, **close)
    validate_lines(waiting(), actor=fanny.actor(TODAY), at=noon(TODAY))
    close_month(worksite.obligation, **close)
    assert StatementLine.objects.get().state == LineState.LOCKED
    assert worksite.totals()["validated"] == 100
    with pytest.raises(Refused, match="already closed"):
        close_month(worksite.obligation, **close)
    with pytest.raises(Refused, match="not over"):
        close_month(worksite.obligation, **(close | {"month": Month.of(TODAY)}))
    assert ClosedMonth.objects.count() == 1


@pytest.mark.parametrize("name", ["felix", "clara", "corinne"])
def test_only_the_facilitator_assigned_closes_a_month(worksite, cast, name):
    with pytest.raises(Refused):
        close_month(worksite.obligation, month=MARCH, actor=cast[name].actor(TODAY), at=noon(TODAY))


def test_upper_rooms_hear_of_each_move_in_the_same_transaction(worksite, fanny, monkeypatch):
    heard = []
    monkeypatch.setattr("relais.execution.actions.moves.emit", heard.append)
    worksite.declare([(worksite.job(), 100)])
    validate_lines(waiting(), actor=fanny.actor(TODAY), at=noon(TODAY))
    pk = StatementLine.objects.get().pk
    assert heard == [
        LinesMoved(((pk, "", "DECLARED"),), noon(TODAY)),
        LinesMoved(((pk, "DECLARED", "VALIDATED"),), noon(TODAY)),
    ]


def test_thousands_of_lines_move_in_a_few_queries(worksite, fanny, within_queries, monkeypatch):
    """What upper rooms do with the event is their own budget."""
    monkeypatch.setattr("relais.execution.actions.moves.emit", lambda event: None)
    statement = worksite.declare([(worksite.job(), 1)])
    first = StatementLine.objects.get()
    days = [date(2010, 1, 1) + timedelta(days=number) for number in range(1200)]
    StatementLine.objects.bulk_create(
        StatementLine(
            statement=statement,
            obligation_id=first.obligation_id,
            job_contract_id=first.job_contract_id,
            month=day.replace(day=1),
            starts_on=day,
            ends_on=day,
            hours=1,
            counted_hours=1,
            state=LineState.DECLARED,
        )
        for day in days
    )
    Obligation.objects.update(declared=1201)
    Debtor.objects.update(declared=1201)
    with within_queries(15):
        validate_lines(waiting(), actor=fanny.actor(TODAY), at=noon(TODAY))
    assert worksite.totals() == {"declared": 0, "queried": 0, "validated": 1201, "rejected": 0}


ACTS = ("declare", "query", "validate", "reject", "answer", "correct", "close")
TOTALS = {
    "declared": [LineState.DECLARED],
    "queried": [LineState.QUERIED],
    "validated": [LineState.VALIDATED, LineState.LOCKED],
    "rejected": [LineState.REJECTED],
}


class Histories(TestCase):
    """Whatever happens, in whatever order, the totals kept are the totals recounted."""

    @classmethod
    def setUpTestData(cls):
        cls.cast = lay_cast()
        cls.worksite = lay_worksite(cls.cast)
        cls.jobs = [cls.worksite.job(0), cls.worksite.job(1, declared_by="sonia")]

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.tuples(st.sampled_from(ACTS), st.integers(0, 3), st.integers(1, 250), st.integers(2, 5)),
            max_size=14,
        )
    )
    def test_totals_kept_are_totals_recounted(self, history):
        for act, index, number, month in history:
            self.perform(act, index, Decimal(number) / 4, Month(2024, month))
        self.recount()

    def perform(self, act, index, number, month):
        fanny, at = self.cast["fanny"].actor(TODAY), noon(TODAY)
        job = self.jobs[index % 2]
        by = "sonia" if index % 2 else "corinne"
        lines = decidable_lines(
            list(StatementLine.objects.order_by("pk").values_list("pk", flat=True)[index : index + 2])
        )
        try:
            if act == "declare":
                self.worksite.declare([(job, number)], month=month, by=by)
            elif act == "close":
                close_month(self.worksite.obligation, month=month, actor=fanny, at=at)
            elif not lines:
                return
            elif act == "answer":
                member = self.declarant_of(lines[0])
                answer_query(lines[0], hours=number, note="Corrigé", actor=member.actor(TODAY), at=at)
            elif act == "correct":
                member = self.declarant_of(lines[0])
                correct_line(lines[0], hours=number - 30, note="Paie", actor=member.actor(TODAY), at=at)
            else:
                verb = {"query": query_lines, "validate": validate_lines, "reject": reject_lines}[act]
                verb(lines, note="Motif", actor=fanny, at=at)
        except (Refused, Stale):
            return

    def declarant_of(self, line):
        sonia = self.cast["sonia"]
        return sonia if line.statement.declarant == sonia.organisation else self.cast["corinne"]

    def recount(self):
        lines = StatementLine.objects.filter(obligation=self.worksite.obligation)
        for owner in (Obligation.objects.get(), Debtor.objects.get()):
            for name, states in TOTALS.items():
                counted = sum((line.counted_hours for line in lines.filter(state__in=states)), Decimal(0))
                assert getattr(owner, name) == counted, name
        for line in lines.exclude(state=LineState.DRAFT):
            last = line.moves.order_by("at", "pk").last()
            assert (last.state, last.hours) == (line.state, line.counted_hours)
            assert line.state == LineState.LOCKED or line.version == line.moves.count()
