"""The list of alerts, an alert put off and brought back, notes, rules of escalation."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from relais.insight.actions import alerts as actions
from relais.insight.actions.compute import compute_alerts
from relais.insight.models import Alert, AlertNote
from relais.kit.access import Refused, Stale
from tests.insight.scene import an_obligation

pytestmark = pytest.mark.django_db
REASON = "Le chantier est arrêté par le gel"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def late(cast, today):
    """Contracts of the region half gone, without an hour."""

    def late(number: int = 1):
        for _ in range(number):
            an_obligation(cast, starts_on=today - timedelta(200), months=13)
        compute_alerts(cast.scheme, on=today)
        return Alert.objects.filter(code="AL02").first()

    return late


@pytest.fixture
def read(client_for, cast):
    def read(name, page="alert-list", query=None, **place):
        person = cast[name]
        place["organisation"] = person.organisation.slug
        return client_for(person).get(reverse(page, kwargs=place), query or {})

    return read


def test_each_reads_what_is_told_to_them(late, read):
    alert = late()
    for name, seen in (("clara", True), ("fanny", True), ("felix", False), ("corinne", False)):
        assert (alert.sentence in read(name).text) is seen, name
    page = read("fanny", query={"code": "AL10", "shown": "mine", "sort": "-due"}).text
    assert "Sans réunion de lancement" in page
    assert alert.sentence not in page
    assert "sera signalée le" in page
    assert read("clara", query={"level": "x", "buyer": "?", "page": "z"}).status_code == 200


def test_the_file_holds_the_rows_of_the_list(late, read):
    alert = late()
    for kind in ("csv", "xlsx"):
        answer = read("clara", "alert-export", {"format": kind, "code": "AL02"})
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert content
    assert alert.sentence in b"".join(read("clara", "alert-export").streaming_content).decode()


@pytest.mark.parametrize("number", [1, 3])
def test_pages_stay_flat(late, cast, client_for, within_queries, number):
    alert = late(number)
    browser, slug = client_for(cast["fanny"]), cast["fanny"].organisation.slug
    for name, place in (("alert-list", {}), ("alert-export", {}), ("alert-detail", {"pk": alert.pk})):
        with within_queries(12):
            browser.get(reverse(name, kwargs={"organisation": slug, **place}))
    with within_queries(12):
        browser.get(reverse("alert-rules", kwargs={"organisation": slug, "scheme": cast.scheme.slug}))


def test_an_alert_put_off_leaves_the_list_and_comes_back_by_itself(late, cast, read, today):
    alert = late()
    fanny = cast["fanny"].actor(today)
    until, at = today + timedelta(10), timezone.now()
    actions.snooze(alert, until=until, reason=REASON, version=1, actor=fanny, at=at)
    assert alert.sentence not in read("clara", query={"code": "AL02"}).text
    asleep = read("clara", query={"shown": "snoozed"}).text
    assert REASON in asleep
    assert "Fanny" in asleep
    alert.refresh_from_db()
    assert alert.escalates_on == until + timedelta(15)
    compute_alerts(cast.scheme, on=until)
    assert Alert.objects.awake(until).filter(pk=alert.pk).exists()
    with pytest.raises(Stale):
        actions.wake(alert, version=1, actor=fanny, at=at)
    alert.refresh_from_db()
    actions.wake(alert, version=2, actor=fanny, at=at)
    assert alert.sentence in read("clara").text


def test_who_may_not_put_off_is_told_why(late, cast, today):
    alert = late()
    terms = {"reason": REASON, "version": 1, "at": timezone.now()}
    with pytest.raises(Refused, match="buyer or the facilitator"):
        actions.snooze(alert, until=today + timedelta(1), actor=cast["corinne"].actor(today), **terms)
    for until in (today, today + timedelta(181)):
        with pytest.raises(Refused, match="Choose a day"):
            actions.snooze(alert, until=until, actor=cast["fanny"].actor(today), **terms)


def test_a_bad_postponement_is_told_on_the_page(late, cast, client_for):
    alert = late()
    slug = cast["fanny"].organisation.slug
    url = reverse("alert-snooze", kwargs={"organisation": slug, "pk": alert.pk})
    answer = client_for(cast["fanny"]).post(url, {"until": "2020-01-01", "reason": "x", "version": 1})
    assert answer.status_code == 422
    assert "Choisissez un jour" in answer.text


def test_a_note_moves_the_escalation(late, cast, today):
    alert = late()
    day = today + timedelta(4)
    actions.note(alert, "Titulaire appelé", actor=cast["fanny"].actor(day), at=timezone.now())
    alert.refresh_from_db()
    assert alert.escalates_on == day + timedelta(15)
    assert AlertNote.objects.visible_to(cast["clara"].actor(today)).count() == 1
    assert not AlertNote.objects.visible_to(cast["corinne"].actor(today)).exists()


def test_a_rule_of_the_scheme_tells_the_coordinator_sooner(late, cast, today):
    actions.set_escalation(
        cast.scheme,
        "warning",
        days=3,
        to="coordinator",
        starts_on=today,
        source="Comité",
        actor=cast["carole"].actor(today),
        at=timezone.now(),
    )
    alert = late()
    assert (alert.escalates_on, alert.escalates_to) == (today + timedelta(3), "coordinator")
    assert compute_alerts(cast.scheme, on=today + timedelta(3)).escalated >= 1
