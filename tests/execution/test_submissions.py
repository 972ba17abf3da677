"""Sending hours: once whatever the number of requests, kept as signed, two versions never lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from relais.core.attestation import digest
from relais.execution.models import DeclarationLink, Statement, StatementLine, Submission
from relais.kit.access import Stale
from relais.kit.models import AuditEntry
from relais.organisations.queries import token_hash
from tests.cast import lay_cast
from tests.execution.served import cookies_of, served
from tests.execution.test_statements_pages import path_of, typed
from tests.execution.worksite import MARCH, lay_worksite


def test_the_same_key_with_the_same_content_is_the_same_act(worksite):
    job = worksite.job()
    first = worksite.declare([(job, 120)], key="k1")
    again = worksite.declare([(job, 120)], key="k1")
    assert (again.pk, Submission.objects.count(), StatementLine.objects.count()) == (first.pk, 1, 1)
    assert AuditEntry.objects.filter(verb="execution.statement.sent").count() == 1
    with pytest.raises(Stale):  # the page was changed after it was sent: another act, which loses nothing
        worksite.declare([(job, 90)], key="k1", version=0)


def test_what_was_signed_is_kept_as_it_was_signed(worksite):
    statement = worksite.declare([(worksite.job(), "120.5")], signed_as="Gérante")
    sent = statement.submissions.get()
    assert (sent.signed_by, sent.signed_as, sent.number) == (
        "Corinne Nomdetest",
        "Gérante",
        f"{statement.number}-1",
    )
    assert sent.digest == digest(sent.content)
    assert sent.content["total"] == "120.50"
    assert [line["person"] for line in sent.content["lines"]] == ["P-00001"]
    assert "Benali" not in str(sent.content)
    with pytest.raises(TypeError):
        sent.save()


def test_a_stale_page_shows_both_versions_and_gives_the_hours_back(worksite, client_for, corinne):
    browser, one, two = client_for(corinne), worksite.job(0), worksite.job(1)
    browser.post(path_of(worksite), typed((one, "88"), (two, "10"), act="save"))
    answer = browser.post(path_of(worksite), typed((one, "70"), act="save"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "88" in page
    assert 'value="70"' in page
    assert 'name="version" value="1"' in page
    mine = browser.post(path_of(worksite), typed((one, "70"), act="check", version=1)).content.decode()
    assert 'value="70"' in mine
    assert StatementLine.objects.filter(hours=88).exists()
    browser.post(path_of(worksite), typed((one, "70"), version=1))
    late = browser.post(path_of(worksite), typed((one, "60"), version=1))
    page = late.content.decode()
    assert late.status_code == 409
    assert 'name="row"' not in page  # hours already sent change by a correction, never by another sending
    assert Statement.objects.get().lines.get().hours == 70


def link(worksite, **changes):
    """A link for March, sent to Sonia's structure."""
    now = timezone.now()
    terms = {
        "obligation": worksite.obligation,
        "declarant": worksite.cast["sonia"].organisation,
        "month": MARCH.first_day,
        "sent_by_body": worksite.cast["fanny"].organisation,
        "sent_at": now,
        "expires_at": now + timedelta(days=30),
    }
    return DeclarationLink.objects.create(**(terms | changes))


@pytest.mark.django_db(transaction=True)
def test_identical_sendings_at_once_have_one_effect(tmp_path, client_for):
    cast = lay_cast()
    worksite = lay_worksite(cast)
    job, theirs = worksite.job(0), worksite.job(1, declared_by="sonia")
    link(worksite, token_hash=token_hash("one-link"))
    browser = client_for(cast["corinne"])
    with served(tmp_path) as server:
        path = path_of(worksite)
        cookies, token = server.opened(path, cookies_of(browser))
        data = typed((job, "100"), key="one-page", csrfmiddlewaretoken=token)
        answers = server.many(40, path, cookies, data)
        assert len(answers) == 1, answers
        assert next(iter(answers))[0] == 302
        assert server.rows("SELECT count(*) FROM execution_submission") == [(1,)]
        assert server.rows("SELECT count(*), sum(hours) FROM execution_statementline") == [(1, 10000)]
        assert server.rows("SELECT declared FROM execution_obligation") == [(10000,)]
        cookies, token = server.opened("/declaration/one-link/", {})
        signed = {"signed_as": "Gérante", "confirmed": "on", "key": "one-page"}
        data = typed((theirs, "50"), csrfmiddlewaretoken=token) | signed
        answers = server.many(20, "/declaration/one-link/", cookies, data)
        assert answers == {(302, "/declaration/one-link/recepisse/")}
        assert server.rows("SELECT declared FROM execution_obligation") == [(15000,)]
