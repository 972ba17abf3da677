"""The pathway of a person, hours of preparation apart, and what ends soon with its next act."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from relais.execution.actions.duplicates import settle_pair
from relais.execution.actions.pathway import record_step
from relais.execution.models import PathStep
from relais.execution.queries.pathway import endings, pathway
from relais.kit.access import Refused
from tests.execution.worksite import APRIL, HIRED, TODAY, lay_worksite, noon

FANNY = "/plie-de-la-meurthe/execution/personnes"


def by(member, on=TODAY):
    return {"actor": member.actor(on), "at": noon(on)}


def step(person, fanny, **changes):
    terms = {"kind": "training", "label": "SST", "starts_on": HIRED, "hours": Decimal("14.5")}
    return record_step(person, **(terms | changes), **by(fanny))


def test_a_pathway_goes_over_contracts_and_records_and_keeps_preparation_apart(worksite, cast, fanny):
    one = worksite.person(0)
    other = worksite.person(0, last_name="Ben Ali")
    settle_pair(one, other, same=True, **by(fanny))
    other.refresh_from_db()
    second = lay_worksite(cast, reference="2024-021")
    for site, person, hours, month in ((worksite, one, 120, None), (second, other, 40, APRIL)):
        site.eligible(person)
        site.declare([(site.job(person=person), hours)], **({"month": month} if month else {}))
    step(other, fanny)
    before = worksite.totals()
    found = pathway(one, fanny.actor(TODAY))
    assert (found.validated, found.waiting, found.preparation) == (0, 160, Decimal("14.5"))
    assert (found.contracts, found.records) == (2, [other])
    assert worksite.totals() == before
    days = [str(event.at)[:10] for event in found.events]
    assert days == sorted(days)
    assert len(days) == 2 + 2 + 2 + 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "pass"},
        {"kind": "pass", "hours": None},
        {"ends_on": HIRED - timedelta(1)},
    ],
)
def test_what_is_no_step_is_refused(worksite, fanny, wrong):
    with pytest.raises(Refused):
        step(worksite.person(0), fanny, **wrong)
    assert not PathStep.objects.exists()


def test_what_ends_soon_is_told_with_its_next_act(worksite, fanny):
    person = worksite.person(0)
    worksite.eligible(person, ends_on=TODAY + timedelta(20))
    worksite.job(person=person)
    step(person, fanny, kind="pass", hours=None, ends_on=TODAY + timedelta(75))
    actor = fanny.actor(TODAY)
    assert [(end.kind, end.on) for end in endings(actor, 90)] == [
        ("eligibility", TODAY + timedelta(20)),
        ("job", date(2024, 12, 31)),
        ("pass", TODAY + timedelta(75)),
    ]
    assert [end.kind for end in endings(actor, 30)] == ["eligibility"]
    assert "L’emploi continue" in str(endings(actor, 30)[0].act)
    worksite.eligible(person, at=TODAY)
    assert endings(actor, 30) == []
    assert endings(worksite.cast["felix"].actor(TODAY), 90) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_stay_flat_and_read_by_the_body_only(
    worksite, client_for, fanny, felix, within_queries, count
):
    people = [worksite.person(index) for index in range(count)]
    for person in people:
        worksite.eligible(person, ends_on=timezone.localdate() + timedelta(20))
        step(person, fanny)
        step(person, fanny, kind="pass", hours=None, ends_on=timezone.localdate() + timedelta(10))
    browser = client_for(fanny)
    with within_queries(12):
        assert "14,5" in browser.get(f"{FANNY}/{people[0].pk}/parcours/").content.decode()
    with within_queries(12):
        page = browser.get(f"{FANNY}/fins/?days=30&kind=nonsense").content.decode()
    assert page.count("/parcours/etape/") == count
    theirs = client_for(felix).get(f"/maison-emploi-du-saulnois/execution/personnes/{people[0].pk}/parcours/")
    assert theirs.status_code == 404


def test_a_step_is_typed_and_what_is_wrong_is_said(worksite, client_for, fanny):
    person = worksite.person(0)
    path = f"{FANNY}/{person.pk}/parcours/etape/"
    data = {"kind": "training", "label": "SST", "starts_on": "2024-03-01", "hours": "7,5"}
    for wrong in ({"hours": "-1"}, {"hours": "x"}, {"starts_on": ""}, {"kind": "pass"}, {"label": "x" * 200}):
        assert "error-summary" in client_for(fanny).post(path, data | wrong).content.decode()
    assert client_for(fanny).post(path, data).status_code == 302
    assert PathStep.objects.get().hours == Decimal("7.50")
