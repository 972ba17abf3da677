from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse

from relais.core.months import Month
from relais.execution.actions.closing import date_final_account, give_evaluation
from relais.execution.actions.ledger import close_obligation
from relais.execution.certificate import certificate
from relais.execution.enums import LineState, ObligationState
from relais.execution.models import Debtor, Evaluation, Obligation
from relais.execution.queries.closing import certified, closing_of
from relais.kit.access import Refused
from relais.kit.documents import write
from relais.kit.models import AuditEntry
from tests.clauses.factories import noon
from tests.execution.doings import a_job, decide, declare
from tests.execution.road import observed, running

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 15)
ANSWERS = {"sizing": 3, "people": 2, "support": 4, "welcome": 4, "kept": "Le tuteur", "changed": ""}


@pytest.fixture
def obligation(cast):
    return running(cast, TODAY)


def over(obligation):
    Obligation.objects.filter(pk=obligation.pk).update(ends_on=TODAY - timedelta(1))
    return Obligation.objects.with_file().get(pk=obligation.pk)


def give(cast, obligation, by, **answers):
    return give_evaluation(obligation, {**ANSWERS, **answers}, actor=cast[by].actor(TODAY), at=noon(TODAY))


def worked(cast, obligation, *hours, state=LineState.VALIDATED):
    debtor = Debtor.objects.select_related("obligation", "organisation").get(obligation=obligation)
    for number in hours:
        job = a_job(debtor, cast["fanny"].organisation)
        month = Month.of(TODAY - timedelta(60))
        line = declare(job, month, Decimal(number), actor=cast["corinne"].actor(TODAY), at=noon(TODAY))
        decide(line, state, actor=cast["fanny"].actor(TODAY), at=noon(TODAY))
    return debtor


def left(cast, obligation):
    closing = closing_of(obligation, cast["clara"].actor(TODAY))
    return {str(check.words): check.left for check in closing.checks if not check.done}


def test_the_list_says_what_is_left_to_settle(cast, obligation):
    worked(cast, obligation, 20, 30)
    observed(cast, obligation, TODAY)
    assert left(cast, obligation) == {
        "Every month with hours is closed": 1,
        "Every job has its end recorded": 2,
        "Every breach is settled, its penalty accounted": 1,
        "The day of the final account is recorded": 0,
        "The buyer, the facilitator and the company have given their evaluation": 3,
    }
    date_final_account(obligation, day=TODAY, actor=cast["paula"].actor(TODAY), at=noon(TODAY))
    assert "The day of the final account is recorded" not in left(cast, obligation)
    with pytest.raises(Refused, match="after the start"):
        date_final_account(obligation, day=date(2020, 1, 1), actor=cast["paula"].actor(TODAY), at=noon(TODAY))


def test_each_side_evaluates_at_the_end_and_all_read_it(cast, obligation):
    with pytest.raises(Refused, match="evaluated at its end"):
        give(cast, obligation, "fanny")
    obligation = over(obligation)
    for name in ("clara", "fanny", "corinne"):
        give(cast, obligation, name)
    give(cast, obligation, "corinne", sizing=1)
    with pytest.raises(Refused, match="evaluate it"):
        give(cast, obligation, "cyril")
    read = Evaluation.objects.visible_to(cast["corinne"].actor(TODAY)).in_force()
    assert {(one.side, one.sizing) for one in read} == {("buyer", 3), ("facilitator", 3), ("company", 1)}
    assert Evaluation.objects.count() == 4
    for name in ("sonia", "cyril", "felix", "sam"):
        assert not Evaluation.objects.visible_to(cast[name].actor(TODAY)).exists()


def test_the_certificate_tells_hours_and_people_without_a_name(cast, obligation, client_for):
    debtor = worked(cast, obligation, 20, 30)
    (row,), people = certified(debtor)
    assert (row.mode, row.hours, row.people, people) == ("DIRECT_HIRE", Decimal(50), 2, 2)
    corinne = cast["corinne"]
    kwargs = {"organisation": corinne.organisation.slug, "pk": obligation.pk, "debtor": debtor.pk}
    url = reverse("closing-certificate", kwargs={**kwargs, "kind": "docx"})
    assert client_for(corinne).get(url).status_code == 403
    fresh = Obligation.objects.with_file().get(pk=obligation.pk)
    close_obligation(
        fresh,
        outcome=ObligationState.PARTIAL,
        reason="Fin",
        actor=cast["carole"].actor(TODAY),
        at=noon(TODAY),
    )
    text = ZipFile(BytesIO(client_for(corinne).get(url).content)).read("word/document.xml").decode()
    assert "Bâtisseurs du Mad" in text
    assert "Nomsecret" not in text
    assert AuditEntry.objects.get(verb="execution.certificate.downloaded")
    debtor.obligation = fresh
    assert write(certificate(debtor, at=noon(TODAY)), "pdf").startswith(b"%PDF")


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_the_closing_stays_flat(cast, clara, obligation, client_for, within_queries, count):
    worked(cast, obligation, *range(10, 10 + count))
    fresh = over(obligation)
    for name in ("clara", "fanny", "corinne")[:count]:
        give(cast, fresh, name)
    browser = client_for(clara)
    for name in ("closing-detail", "evaluation-give", "account-date"):
        url = reverse(name, kwargs={"organisation": clara.organisation.slug, "pk": obligation.pk})
        with within_queries(12):
            assert browser.get(url).status_code == 200
