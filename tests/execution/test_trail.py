"""What the trail keeps of the room: readings and refusals, found by the coordinator without any name."""

import re

import pytest
from django.db import OperationalError
from django.urls import reverse

from relais.execution.actions.validation import close_month
from relais.kit.models import AuditEntry, Outcome
from relais.kit.refusals import MARK
from tests.execution.test_statements_pages import path_of, typed
from tests.execution.worksite import MARCH, NAMES, TODAY, noon

FANNY = "/plie-de-la-meurthe/execution"


def journal(client_for, person) -> str:
    path = reverse("audit-trail", kwargs={"organisation": person.organisation.slug})
    return client_for(person).get(path).content.decode()


def refusals(**fields):
    return list(AuditEntry.objects.filter(outcome=Outcome.REFUSED, **fields))


def reason_of(entry: AuditEntry) -> str:
    return entry.detail.partition(MARK)[2]


def assert_names_nobody(page: str) -> None:
    assert not [name for pair in NAMES for name in pair if name in page]


def test_carole_reads_that_fanny_opened_a_file_but_not_whose(worksite, client_for, fanny, carole):
    person = worksite.person()
    client_for(fanny).get(f"{FANNY}/personnes/{person.pk}/")
    entry = AuditEntry.objects.get(verb="execution.person.read")
    assert (entry.owner_id, entry.scope_id) == (fanny.organisation.pk, worksite.obligation.scheme_id)
    page = journal(client_for, carole)
    assert re.search(rf">Person(ne)? {person.pk}<", page)
    assert fanny.organisation.name in page
    assert_names_nobody(page)
    assert fanny.user.full_name not in page


def test_acts_on_people_have_the_circle_of_their_scheme(worksite, client_for, fanny):
    worksite.job()
    client_for(fanny).get(f"{FANNY}/personnes/export/?q=benali&format=csv")
    verbs = (
        "execution.person.registered",
        "execution.eligibility.decided",
        "execution.job.recorded",
        "execution.people.exported",
    )
    for verb in verbs:
        entry = AuditEntry.objects.get(verb=verb)
        assert entry.scope_id == worksite.obligation.scheme_id, verb
        assert "benali" not in entry.detail.lower()


def test_a_statement_refused_by_its_checks_is_a_line(worksite, client_for, corinne, carole, fanny):
    job = worksite.job()
    client_for(corinne).post(path_of(worksite), typed((job, "900")))
    (entry,) = refusals(verb="statement-edit")
    assert (entry.subject_type, entry.subject_id) == ("execution.obligation", str(worksite.obligation.pk))
    assert (entry.owner_id, entry.scope_id) == (worksite.obligation.buyer_id, worksite.obligation.scheme_id)
    assert entry.detail.startswith(f"POST pk={worksite.obligation.pk} month=2024-03{MARK}")
    assert (entry.user_id, entry.organisation_id) == (corinne.user.pk, corinne.organisation.pk)
    page = journal(client_for, carole)
    assert corinne.organisation.name in page
    assert_names_nobody(page)


def test_checking_without_sending_leaves_no_line(worksite, client_for, corinne):
    job = worksite.job()
    client_for(corinne).post(path_of(worksite), typed((job, "900"), act="check"))
    assert refusals() == []


def test_a_statement_refused_by_a_rule_is_a_line_and_nothing_else(worksite, client_for, corinne, fanny):
    job = worksite.job()
    close_month(worksite.obligation, month=MARCH, actor=fanny.actor(TODAY), at=noon(TODAY))
    answer = client_for(corinne).post(path_of(worksite), typed((job, "50")))
    assert answer.status_code == 200
    (entry,) = refusals()
    assert "%(month)s" in reason_of(entry)


@pytest.mark.parametrize("known", [True, False])
def test_a_page_not_found_tells_the_numbers_asked_and_nothing_of_the_thing(
    worksite, client_for, corinne, known
):
    pk = worksite.person().pk if known else 987
    client_for(corinne).get(f"/batisseurs-du-mad/execution/personnes/{pk}/")
    (entry,) = refusals()
    assert (entry.verb, entry.detail) == ("person-detail", f"GET 404 pk={pk}")
    assert (entry.subject_id, entry.scope_id) == ("", None)
    assert entry.owner_id == corinne.organisation.pk


def test_a_stranger_is_told_to_both_bodies(worksite, client_for, corinne, fanny):
    client_for(corinne).get(f"{FANNY}/personnes/4/")
    (entry,) = refusals()
    assert (entry.organisation_id, entry.owner_id) == (corinne.organisation.pk, fanny.organisation.pk)
    assert entry.detail == "GET 404 pk=4"


def test_a_refused_right_tells_on_what(worksite, client_for, clara):
    """Clara's region reads the obligation but no longer writes it once it is closed."""
    obligation = worksite.obligation
    path = reverse("obligation-reopen", args=[clara.organisation.slug, obligation.pk])
    assert client_for(clara).post(path, {"reason": "x"}).status_code == 403
    (entry,) = refusals()
    assert (entry.subject_type, entry.subject_id) == ("execution.obligation", str(obligation.pk))
    assert entry.scope_id == obligation.scheme_id
    assert entry.detail.startswith(f"POST 403 pk={obligation.pk}{MARK}")


def test_the_answer_does_not_fail_with_the_trail(worksite, client_for, corinne, monkeypatch):
    def broken(**_values):
        raise OperationalError("disk full")

    monkeypatch.setattr(AuditEntry.objects, "create", broken)
    assert client_for(corinne).get("/batisseurs-du-mad/execution/personnes/4/").status_code == 404
