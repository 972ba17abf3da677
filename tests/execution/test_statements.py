"""The hours of a month: declared once, refused or questioned by named rules, never half stored."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from relais.core.months import Month
from relais.execution.actions.statements import answer_query, correct_line, save_draft
from relais.execution.actions.validation import close_month, query_lines, reject_lines, validate_lines
from relais.execution.enums import LineState, StatementState
from relais.execution.models import LineMove, Statement, StatementLine
from relais.execution.queries.claims import Worked
from relais.kit.access import Refused, Stale
from relais.kit.models import AuditEntry
from tests.execution.worksite import APRIL, HIRED, MARCH, TODAY, hours, lay_worksite, noon


def only_line(state=LineState.DECLARED):
    return StatementLine.objects.select_related("statement", "obligation", "job_contract").get(state=state)


def test_corinne_declares_a_month(worksite):
    statement = worksite.declare([(worksite.job(0), 120), (worksite.job(1), "7.5")])
    assert statement.state == StatementState.SUBMITTED
    assert statement.number == f"R-202403-{statement.pk:06d}"
    assert worksite.totals()["declared"] == Decimal("127.50")
    worksite.debtor.refresh_from_db()
    assert worksite.debtor.declared == Decimal("127.50")
    assert {(move.state_before, move.state) for move in LineMove.objects.all()} == {("", "DECLARED")}
    assert AuditEntry.objects.filter(verb="execution.statement.sent").count() == 1


def test_training_above_its_cap_does_not_count(worksite, corinne):
    job = worksite.job()
    worksite.declare([Worked(job, hours(100), hours(40))])
    line = only_line()
    assert (line.hours, line.training_hours, line.counted_hours) == (100, 40, 85)
    assert [finding["rule"] for finding in line.findings] == ["TRAINING"]
    assert worksite.totals()["declared"] == 85


def test_a_line_covers_the_days_of_the_job_in_the_month(worksite):
    job = worksite.job(ends_on=date(2024, 3, 20))
    worksite.declare([(job, 50)], month=Month(2024, 2))
    worksite.declare([(job, 50)], month=MARCH)
    february, march = StatementLine.objects.order_by("month")
    assert (february.starts_on, february.ends_on) == (HIRED, date(2024, 2, 29))
    assert (march.starts_on, march.ends_on) == (date(2024, 3, 1), date(2024, 3, 20))


def test_hours_stop_with_the_eligibility_and_go_on_with_the_next_one(worksite):
    person = worksite.person(0)
    worksite.eligible(person, ends_on=date(2024, 3, 15))
    job = worksite.job(person=person)
    outside = Worked(job, hours(60), starts_on=date(2024, 3, 1), ends_on=date(2024, 3, 31))
    with pytest.raises(Refused, match="come after the eligibility"):
        worksite.declare([outside])
    worksite.eligible(person, at=date(2024, 3, 16))
    worksite.declare([Worked(worksite.loaded(job), hours(60))])
    assert only_line().ends_on == date(2024, 3, 31)


@pytest.mark.parametrize(
    ("number", "rule"),
    [(-7, "cannot be declared"), (0, "cannot be declared"), (745, "do not fit in"), ("1e9", "do not fit in")],
)
def test_impossible_hours_are_refused_with_their_rule(worksite, number, rule):
    job = worksite.job()
    with pytest.raises(Refused, match=rule):
        worksite.declare([(job, number)])
    assert not Statement.objects.exists()


def test_a_refused_line_takes_the_whole_statement_with_it(worksite):
    good, bad = worksite.job(0), worksite.job(1)
    with pytest.raises(Refused, match="P-00002"):
        worksite.declare([(good, 100), (bad, 800)])
    assert not StatementLine.objects.exists()
    assert worksite.totals()["declared"] == 0


def test_more_than_220_hours_in_the_month_are_questioned_and_say_why(worksite):
    worksite.declare([(worksite.job(), 221)])
    line = only_line()
    assert line.is_flagged
    assert [finding["rule"] for finding in line.findings] == ["AL07"]
    assert "over 220 h" in str(line.anomalies[0])


def test_hours_of_all_contracts_add_up_against_the_limit(worksite, cast):
    elsewhere = lay_worksite(cast, reference="2024-015")
    job = worksite.job()
    other = elsewhere.job(person=job.person, declared_by="sonia")
    worksite.declare([(job, 150)])
    elsewhere.declare([(other, 100)], by="sonia")
    line = elsewhere.obligation.lines.get()
    assert "250" in str(line.anomalies[0])


def test_the_same_hours_are_not_declared_for_two_obligations(worksite, cast):
    elsewhere = lay_worksite(cast, reference="2024-015")
    job = worksite.job()
    other = elsewhere.job(person=job.person)
    worksite.declare([(job, 100)])
    with pytest.raises(Refused, match=r"2024-014 \(Région des Trois-Vallées\)"):
        elsewhere.declare([(other, 100)])
    first = Worked(other, hours(30), starts_on=date(2024, 4, 1), ends_on=date(2024, 4, 10))
    elsewhere.declare([first], month=APRIL)


def test_the_same_person_under_two_bodies_is_recognised_by_the_pseudonym(worksite, cast):
    """Fanny and Felix follow the same person: hours are still counted once."""
    job = worksite.job(1)
    twin = worksite.person(1, first_name="DA SILVA", last_name="jose", by="felix")
    assert twin.pseudonym == job.person.pseudonym
    twin_job = worksite.job(0)
    type(twin_job).objects.filter(pk=twin_job.pk).update(person=twin)
    worksite.declare([(job, 100)])
    with pytest.raises(Refused, match="already declared"):
        worksite.declare([(worksite.loaded(twin_job), 50)])


def test_the_same_person_twice_in_one_statement_is_refused(worksite):
    job = worksite.job()
    days = {"starts_on": date(2024, 3, 1), "ends_on": date(2024, 3, 10)}
    with pytest.raises(Refused, match="already declared"):
        worksite.declare([Worked(job, hours(30), **days), Worked(job, hours(30), **days)])


def test_a_replayed_statement_has_one_effect(worksite):
    job = worksite.job()
    worksite.declare([(job, 100)], version=0)
    with pytest.raises(Stale):
        worksite.declare([(job, 100)], version=0)
    with pytest.raises(Refused, match="already declared"):
        worksite.declare([(job, 100)])
    assert worksite.totals()["declared"] == 100
    assert StatementLine.objects.count() == 1


def test_two_tabs_one_statement(worksite, corinne):
    job = worksite.job()
    draft = {"month": MARCH, "actor": corinne.actor(TODAY), "at": noon(TODAY)}
    first = save_draft(worksite.obligation, lines=[Worked(job, hours(80))], version=0, **draft)
    assert first.version == 1
    save_draft(worksite.obligation, lines=[Worked(job, hours(90))], version=1, **draft)
    with pytest.raises(Stale):
        save_draft(worksite.obligation, lines=[Worked(job, hours(70))], version=1, **draft)
    assert only_line(LineState.DRAFT).hours == 90


def test_a_draft_is_in_no_total_and_the_statement_replaces_it(worksite, corinne):
    job, other = worksite.job(0), worksite.job(1)
    lines = [Worked(job, hours(80)), Worked(other, hours(10))]
    save_draft(worksite.obligation, month=MARCH, lines=lines, actor=corinne.actor(TODAY), at=noon(TODAY))
    assert worksite.totals()["declared"] == 0
    assert not LineMove.objects.exists()
    worksite.declare([(job, 100)], version=1)
    assert [line.hours for line in StatementLine.objects.all()] == [100]


def test_a_missing_line_is_added_to_a_statement_already_sent(worksite):
    worksite.declare([(worksite.job(0), 100)])
    statement = worksite.declare([(worksite.job(1), 50)], version=1)
    assert statement.lines.count() == 2
    assert worksite.totals()["declared"] == 150


def test_nobody_worked_is_said_and_not_supposed(worksite):
    worksite.job()
    with pytest.raises(Refused, match="No hour is typed"):
        worksite.declare([])
    assert worksite.declare([], nothing=True).is_sent


def test_a_statement_is_signed(worksite):
    with pytest.raises(Refused, match="who signs"):
        worksite.declare([(worksite.job(), 10)], signed_by="  ")


@pytest.mark.parametrize(
    ("month", "why"), [(Month(2024, 12), "has not begun"), (Month(2023, 12), "outside the contract")]
)
def test_a_month_is_declared_once_worked_and_inside_the_contract(worksite, month, why):
    job = worksite.job()
    with pytest.raises(Refused, match=why):
        worksite.declare([(job, 10)], month=month)


def test_a_closed_month_takes_no_statement(worksite, fanny):
    job = worksite.job()
    close_month(worksite.obligation, month=MARCH, actor=fanny.actor(TODAY), at=noon(TODAY))
    with pytest.raises(Refused, match="closed by the facilitator"):
        worksite.declare([(job, 10)])


@pytest.mark.parametrize("name", ["fanny", "clara", "cyril"])
def test_who_does_not_work_under_the_clause_declares_nothing(worksite, name):
    job = worksite.job()
    with pytest.raises(Refused):
        worksite.declare([(job, 10)], by=name)


def test_sonia_does_not_declare_the_jobs_of_corinne(worksite):
    job = worksite.job()
    with pytest.raises(Refused, match="not declared by your organisation"):
        worksite.declare([(job, 10)], by="sonia")


def decided(worksite, act, fanny, **terms):
    line = only_line()
    act([line], actor=fanny.actor(TODAY), at=noon(TODAY), **terms)
    return line


def test_corinne_answers_a_question_with_other_hours(worksite, fanny, corinne):
    worksite.declare([(worksite.job(), 230)])
    decided(worksite, query_lines, fanny, note="230 h ?")
    assert worksite.totals() == {"declared": 0, "queried": 230, "validated": 0, "rejected": 0}
    line = only_line(LineState.QUERIED)
    answer_query(
        line, hours=hours(130), note="Erreur de saisie", actor=corinne.actor(TODAY), at=noon(TODAY), version=2
    )
    assert worksite.totals() == {"declared": 130, "queried": 0, "validated": 0, "rejected": 0}
    assert not only_line().is_flagged
    assert [move.hours for move in LineMove.objects.order_by("pk")] == [230, 230, 130]


def test_an_answer_given_twice_counts_once(worksite, fanny, corinne):
    worksite.declare([(worksite.job(), 230)])
    decided(worksite, query_lines, fanny, note="?")
    one, other = only_line(LineState.QUERIED), only_line(LineState.QUERIED)
    terms = {"hours": hours(130), "note": "ok", "actor": corinne.actor(TODAY), "at": noon(TODAY)}
    answer_query(one, **terms)
    with pytest.raises(Stale):
        answer_query(other, **terms)
    assert worksite.totals()["declared"] == 130


def test_an_answer_is_checked_as_a_declaration(worksite, fanny, corinne):
    worksite.declare([(worksite.job(), 230)])
    decided(worksite, query_lines, fanny, note="?")
    with pytest.raises(Refused, match="do not fit in"):
        answer_query(
            only_line(LineState.QUERIED),
            hours=hours(900),
            note="ok",
            actor=corinne.actor(TODAY),
            at=noon(TODAY),
        )
    assert worksite.totals()["queried"] == 230


def test_rejected_hours_may_be_declared_again(worksite, fanny):
    job = worksite.job()
    worksite.declare([(job, 100)])
    decided(worksite, reject_lines, fanny, note="Mauvais mois")
    worksite.declare([(job, 90)], version=1)
    assert worksite.totals() == {"declared": 90, "queried": 0, "validated": 0, "rejected": 100}


def correction(worksite, line, member, number, **terms):
    kept = {"note": "Fiche de paie", "actor": member.actor(TODAY), "at": noon(TODAY)}
    return correct_line(line, hours=hours(number), **(kept | terms))


def test_a_locked_line_is_corrected_by_a_dated_line_that_two_people_make(worksite, fanny, corinne):
    worksite.declare([(worksite.job(), 100)])
    decided(worksite, validate_lines, fanny)
    close_month(worksite.obligation, month=MARCH, actor=fanny.actor(TODAY), at=noon(TODAY))
    locked = only_line(LineState.LOCKED)
    fixed = correction(worksite, locked, corinne, -20)
    assert (fixed.corrects, fixed.month, fixed.state) == (locked, locked.month, LineState.DECLARED)
    assert worksite.totals()["validated"] == 100
    validate_lines([fixed], actor=fanny.actor(TODAY), at=noon(TODAY))
    locked.refresh_from_db()
    assert locked.hours == 100
    assert fixed.state == LineState.LOCKED
    assert worksite.totals() == {"declared": 0, "queried": 0, "validated": 80, "rejected": 0}


def test_fanny_does_not_validate_the_correction_she_wrote(worksite, fanny):
    worksite.declare([(worksite.job(), 100)])
    line = decided(worksite, validate_lines, fanny)
    fixed = correction(worksite, line, fanny, -20)
    with pytest.raises(Refused, match="somebody else validates"):
        validate_lines([fixed], actor=fanny.actor(TODAY), at=noon(TODAY))


@pytest.mark.parametrize(
    ("number", "terms", "why"),
    [
        (-101, {}, "Check the correction"),
        (700, {}, "Check the correction"),
        (0, {}, r"write \+7 or -7"),
        (-10, {"note": " "}, "Say why"),
        (-10, {"training_hours": Decimal(5)}, "do not fit"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(worksite, fanny, corinne, number, terms, why):
    worksite.declare([(worksite.job(), 100)])
    line = decided(worksite, validate_lines, fanny)
    with pytest.raises(Refused, match=why):
        correction(worksite, line, corinne, number, **terms)


def test_corrections_together_do_not_go_below_zero(worksite, fanny, corinne):
    worksite.declare([(worksite.job(), 100)])
    line = decided(worksite, validate_lines, fanny)
    correction(worksite, line, corinne, -60)
    with pytest.raises(Refused, match="Check the correction"):
        correction(worksite, line, corinne, -60)


def test_a_correction_counts_against_the_hours_of_the_month(worksite, fanny, corinne):
    job = worksite.job()
    days = {"starts_on": date(2024, 3, 1), "ends_on": date(2024, 3, 25)}
    worksite.declare([Worked(job, hours(200), **days)])
    line = decided(worksite, validate_lines, fanny)
    correction(worksite, line, corinne, -100)
    rest = Worked(job, hours(40), starts_on=date(2024, 3, 26), ends_on=date(2024, 3, 31))
    worksite.declare([rest], version=1)
    assert not StatementLine.objects.get(hours=hours(40)).is_flagged


def test_a_line_waiting_is_not_corrected(worksite, corinne):
    worksite.declare([(worksite.job(), 100)])
    with pytest.raises(Refused, match="validated line"):
        correction(worksite, only_line(), corinne, -10)


def test_who_reads_lines(worksite, cast):
    job = worksite.job(declared_by="sonia")
    worksite.declare([(job, 100)], by="sonia")
    readers = {
        name
        for name in cast.people
        if name != "vera" and StatementLine.objects.visible_to(cast[name].actor(TODAY)).exists()
    }
    assert readers == {"clara", "carole", "paula", "fanny", "sonia", "remi"}


def test_a_draft_is_read_by_its_author_only(worksite, cast, corinne):
    lines = [Worked(worksite.job(), hours(80))]
    save_draft(worksite.obligation, month=MARCH, lines=lines, actor=corinne.actor(TODAY), at=noon(TODAY))
    for name in ("clara", "fanny", "sonia", "cyril"):
        assert not StatementLine.objects.visible_to(cast[name].actor(TODAY)).exists()
        assert not Statement.objects.visible_to(cast[name].actor(TODAY)).exists()
    assert Statement.objects.visible_to(corinne.actor(TODAY)).exists()


def test_the_demonstration_may_declare_years_ago(worksite, fanny):
    """Time is an argument: nothing reads the clock."""
    job = worksite.job()
    on = date(2024, 4, 3)
    statement = worksite.declare([(job, 10)], actor=worksite.cast["corinne"].actor(on), at=noon(on))
    assert statement.submitted_at == noon(on)
    assert statement.submitted_at + timedelta(0) == StatementLine.objects.get().declared_at
