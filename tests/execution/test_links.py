"""A small firm without account declares by a link: opened by anybody's scanner, used once by its holder."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from relais.core.months import Month
from relais.execution.actions.links import send_links
from relais.execution.actions.validation import close_month
from relais.execution.enums import LineState, StatementState
from relais.execution.models import DeclarationLink, Statement, StatementLine
from relais.kit.access import Refused
from relais.kit.models import AuditEntry
from tests.execution.test_statements_pages import typed
from tests.execution.worksite import APRIL, MARCH, TODAY, noon

SIGNED = {"signed_by": "Léa Martin", "signed_as": "Gérante", "confirmed": "on", "key": "one-page"}


def sent(worksite, *, by="fanny", to="sonia", months=(MARCH,), email="lea@example.org"):
    """The links that somebody sends to a body."""
    return send_links(
        worksite.obligation,
        declarant=worksite.cast[to].organisation,
        months=months,
        email=email,
        address=lambda token: f"https://relais.example/declaration/{token}/",
        actor=worksite.actor(worksite.cast[by], timezone.localdate()),
        at=timezone.now(),
    )


@pytest.fixture
def link(worksite, django_capture_on_commit_callbacks):
    """The address of the link sent to Sonia's structure for March, and the job it declares."""
    job = worksite.job(declared_by="sonia")
    with django_capture_on_commit_callbacks(execute=True):
        sent(worksite)
    return address_in(mail.outbox[-1]), job


def address_in(message):
    return re.search(r"https://relais\.example(/declaration/\S+/)", message.body)[1]


def test_opening_a_link_does_nothing_and_the_statement_goes_once(
    worksite, client, link, django_capture_on_commit_callbacks
):
    address, job = link
    kept = DeclarationLink.objects.get()
    assert kept.token_hash not in address
    for method in (client.get, client.head):
        assert method(address).status_code == 200
    assert not Statement.objects.exists()
    assert client.post(address, typed((job, "80"), act="save") | SIGNED).status_code == 302
    assert StatementLine.objects.get().state == LineState.DRAFT
    assert 'value="80"' in client.get(address).content.decode()
    unsigned = typed((job, "100"), version=1) | {"signed_by": "Léa Martin", "key": "one-page"}
    page = client.post(address, unsigned).content.decode()
    assert "error-summary" in page
    data = typed((job, "100"), version=1) | SIGNED
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address, data)
    receipt = client.get(answer.url).content.decode()
    statement = Statement.objects.get()
    assert (statement.state, statement.signed_by) == (StatementState.SUBMITTED, "Léa Martin")
    assert worksite.totals()["declared"] == 100
    assert statement.number in receipt
    assert "Amina Benali" in receipt
    assert statement.submissions.get().digest in mail.outbox[-1].body
    assert "Benali" not in mail.outbox[-1].body
    assert client.post(address, data).url == answer.url  # a double click
    assert client.get(address).status_code == 410
    assert client.post(address, typed((job, "90"), version=1) | SIGNED).status_code == 410
    assert Statement.objects.get().submissions.count() == 1
    acts = AuditEntry.objects.filter(role="link").values_list("verb", "user_id")
    assert set(acts) == {
        ("execution.link.drafted", None),
        ("execution.statement.drafted", None),
        ("execution.link.used", None),
        ("execution.statement.sent", None),
    }


@pytest.mark.parametrize("spent", ["unknown", "expired", "withdrawn", "left", "receipt"])
def test_a_link_that_opens_nothing_says_what_to_do_and_nothing_else(
    worksite, client, client_for, cast, link, spent
):
    address, _job = link
    links = DeclarationLink.objects.all()
    if spent == "unknown":
        address = "/declaration/quelque-chose/"
    elif spent == "expired":
        links.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif spent == "withdrawn":
        path = f"/plie-de-la-meurthe/execution/liens/{links.get().pk}/retrait/"
        assert client_for(cast["fanny"]).post(path).status_code == 302
    elif spent == "left":
        worksite.obligation.clause.parties.filter(organisation=cast["sonia"].organisation).update(
            ends_on=timezone.localdate() - timedelta(days=1)
        )
    else:
        address += "recepisse/"
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == (404 if spent == "unknown" else 410)
    assert "<h2>" in page
    for secret in ("2024-014", "Tremplin", "Benali", "lea@example.org", "Trois-Vallées"):
        assert secret not in page


def test_the_bearer_declares_the_jobs_of_this_body_only(worksite, client, link):
    address, _job = link
    theirs = worksite.job(1)
    assert "Da Silva" not in client.get(address).content.decode()
    client.post(address, typed((theirs, "100")) | SIGNED)
    assert not StatementLine.objects.exists()
    wrong = client.post(address, {"act": "submit", "version": "x", "row": ["1:2", "x"]})
    assert wrong.status_code == 200


def test_last_month_is_copied_and_a_stale_page_shows_both_versions(worksite, client, link):
    address, job = link
    worksite.declare([(job, "151.67")], month=Month(2024, 2), by="sonia")
    assert 'value="151,67"' in client.get(f"{address}?copy=1").content.decode()
    client.post(address, typed((job, "88"), act="save") | SIGNED)
    stale = client.post(address, typed((job, "70")) | SIGNED)
    assert stale.status_code == 409
    assert 'value="70"' in stale.content.decode()
    assert StatementLine.objects.get(month=MARCH.first_day).hours == 88


def test_months_and_bodies_that_cannot_be_asked_are_refused(worksite, fanny):
    with pytest.raises(Refused, match="No job is recorded"):
        sent(worksite)
    worksite.job(0, declared_by="sonia")
    worksite.job(1)
    close_month(worksite.obligation, month=APRIL, actor=fanny.actor(TODAY), at=noon(TODAY))
    for months, reason in ((APRIL, "is closed"), (Month(2025, 1), "outside the contract")):
        with pytest.raises(Refused, match=reason):
            sent(worksite, months=[MARCH, months])
    for by, to, reason in (
        ("corinne", "corinne", "its own account"),
        ("sonia", "corinne", "by the facilitator of the clause"),
        ("fanny", "cyril", "takes no part"),
    ):
        with pytest.raises(Refused, match=reason):
            sent(worksite, by=by, to=to)
    assert not DeclarationLink.objects.exists()
    sent(worksite, by="corinne")
    sent(worksite)
    assert DeclarationLink.objects.open(timezone.now()).count() == 1  # the newer one replaces the older


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_of_links_stay_flat(worksite, client, client_for, fanny, link, within_queries, count):
    address, _job = link
    for index in range(1, count):
        worksite.job(index, declared_by="sonia")
        sent(worksite, months=[MARCH.shifted(index)])
    with within_queries(12):
        client.get(address)
    browser = client_for(fanny)
    with within_queries(12):
        browser.get(f"/plie-de-la-meurthe/execution/suivi/{worksite.obligation.pk}/liens/")
