"""Files leave use, then become anonymous: nobody is named any more, no total moves."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from relais.execution.actions.duplicates import settle_pair
from relais.execution.actions.people import register_person
from relais.execution.actions.retention import apply_retention, extend_retention
from relais.execution.actions.validation import decidable_lines, validate_lines
from relais.execution.models import LineMove, Person, RetentionExtension, StatementLine
from relais.execution.queries.people import people_of
from relais.insight.models import HoursCell, PersonYear
from relais.insight.rollups import compare
from relais.kit.access import Refused
from relais.kit.models import AuditEntry
from relais.organisations.enums import Role
from relais.organisations.models import Membership
from tests.execution.worksite import END, HIRED, TODAY, noon

ARCHIVE = date(2026, 12, 31)
ANONYMOUS = date(2029, 12, 31)
FANNY = "/plie-de-la-meurthe/execution/personnes"


def by(member, on=TODAY):
    return {"actor": member.actor(on), "at": noon(on)}


def apply(on, **terms):
    return apply_retention(Person.objects.all(), on=on, at=noon(on), **terms)


@pytest.fixture
def worked(worksite, fanny):
    """Amina, with 120,25 h validated until the end of the contract, and a note about her."""
    job = worksite.job(ends_on=END)
    worksite.declare([(job, "120.25")])
    lines = list(StatementLine.objects.values_list("pk", flat=True))
    validate_lines(decidable_lines(lines), **by(fanny))
    StatementLine.objects.update(note="Amina était absente")
    LineMove.objects.update(note="Amina était absente")
    return job.person


def figures():
    cells = HoursCell.objects.filter(validated__gt=0).values_list("month", "category", "sex", "validated")
    people = PersonYear.objects.filter(validated__gt=0).values("pseudonym").distinct().count()
    return sorted(map(str, cells)), people


def everything_written():
    rows = [
        *Person.objects.all(),
        *StatementLine.objects.all(),
        *LineMove.objects.all(),
        *AuditEntry.objects.all(),
    ]
    rows += [decision for person in Person.objects.all() for decision in person.eligibilities.all()]
    return str([row.__dict__ for row in rows])


def test_a_file_is_archived_then_anonymous_and_no_total_moves(worksite, worked, fanny):
    before, totals = figures(), worksite.totals()
    assert apply(date(2026, 12, 30)).warned == ["P-00001"]
    assert apply(ARCHIVE).archived == ["P-00001"]
    worked.refresh_from_db()
    assert worked.full_name == "P-00001"
    assert not people_of(fanny.actor(ARCHIVE)).exists()
    assert apply(ARCHIVE).archived == []
    assert apply(ANONYMOUS, dry_run=True).anonymised == ["P-00001"]
    key = worked.pseudonym
    assert apply(ANONYMOUS).anonymised == ["P-00001"]
    worked.refresh_from_db()
    assert (worked.last_name, worked.birth_date) == ("", date(1990, 1, 1))
    written = everything_written()
    assert not any(word in written for word in ("Amina", "Benali", "CAF", key))
    assert figures() == before
    assert worksite.totals() == totals
    assert compare(None).differences == ()
    assert apply(ANONYMOUS).anonymised == []


def test_somebody_followed_elsewhere_keeps_counting_once(worksite, worked, fanny):
    theirs = worksite.person(0, by="felix", at=date(2029, 6, 1))
    apply(ANONYMOUS)
    worked.refresh_from_db()
    assert worked.first_name == ""
    assert worked.pseudonym == theirs.pseudonym
    apply(date(2031, 6, 1))
    worked.refresh_from_db()
    theirs.refresh_from_db()
    assert theirs.anonymised_on
    assert worked.pseudonym == theirs.pseudonym != ""
    assert figures()[1] == 1


def test_two_records_of_one_person_leave_together(worksite, worked, fanny):
    twin = worksite.person(0, last_name="Ben Ali")
    assert apply(date(2026, 2, 2), dry_run=True).anonymised == [twin.number]
    settle_pair(worked, twin, same=True, **by(fanny))
    assert apply(date(2026, 2, 2), dry_run=True).anonymised == []
    assert len(apply(ANONYMOUS).anonymised) == 2
    assert Person.objects.values("pseudonym").distinct().count() == 1


def test_only_a_manager_keeps_a_file_longer_with_a_reason(worksite, worked, fanny):
    apply(ARCHIVE)
    with pytest.raises(Refused, match="manager"):
        extend_retention(worked, until=date(2027, 6, 1), reason="Suivi", **by(fanny, ARCHIVE))
    manager = {"actor": replace_role(fanny, ARCHIVE), "at": noon(ARCHIVE)}
    for until, reason in ((ARCHIVE, "Suivi"), (date(2028, 1, 1), "Suivi"), (date(2027, 6, 1), " ")):
        with pytest.raises(Refused):
            extend_retention(worked, until=until, reason=reason, **manager)
    extend_retention(worked, until=date(2027, 6, 1), reason="Suivi en cours", **manager)
    worked.refresh_from_db()
    assert worked.archived_on is None
    assert apply(date(2027, 6, 1)).archived == []
    assert apply(date(2027, 6, 2)).archived == ["P-00001"]


def replace_role(member, on):
    actor = member.actor(on)
    return type(actor)(actor.user_id, actor.organisation_id, Role.MANAGER, on)


def test_the_command_tells_and_changes_nothing_in_a_dry_run(worksite):
    worksite.person(0, at=HIRED)
    out = StringIO()
    call_command("apply-retention", "--dry-run", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told == {"dry_run": True, "warned": [], "archived": [], "anonymised": ["P-00001"]}
    assert not Person.objects.exclude(anonymised_on=None).exists()
    call_command("apply-retention", "--scheme", "clauses-haut-doubs", stdout=out)
    assert not Person.objects.exclude(anonymised_on=None).exists()
    call_command("apply-retention", stdout=out)
    assert Person.objects.get().first_name == ""


def test_the_pages_of_the_manager(worksite, client_for, fanny, within_queries):
    person = worksite.person(0, at=HIRED)
    Membership.objects.filter(user=fanny.user).update(role=Role.MANAGER)
    browser = client_for(fanny)
    with within_queries(12):
        assert "Amina" in browser.get(f"{FANNY}/conservation/").content.decode()
    path = f"{FANNY}/{person.pk}/conservation/"
    assert "error-summary" in browser.post(path, {"until": "2000-01-01", "reason": "x"}).content.decode()
    assert not RetentionExtension.objects.exists()


def test_the_name_of_somebody_who_came_back_is_known(worksite, worked, fanny):
    apply(ARCHIVE)
    with pytest.raises(Refused, match="can come back"):
        register_person(
            worked.scheme, first_name="Amina", last_name="Benali", birth_date=worked.birth_date, **by(fanny)
        )
