"""The address that an agenda reads: who holds it, what it holds, and when it stops."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from relais.clauses.models import Minutes
from relais.insight.actions.agenda import open_agenda
from relais.insight.actions.compute import compute_alerts
from relais.insight.models import Alert
from relais.organisations.models import Membership
from relais.screening.models import OpinionRequest, Opportunity
from tests.clauses.factories import a_retained
from tests.insight.scene import Work, an_obligation

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def feed(client, cast):
    """The agenda of somebody, its lines unfolded, and the address it is read at."""

    def feed(name, token=""):
        token = token or open_agenda(cast[name].user, at=timezone.now())
        return client.get(reverse("agenda-feed", args=[token]))

    return feed


def dated(cast, today):
    """A contract with alerts, a meeting, an opinion and a sheet to come."""
    obligation = an_obligation(cast, starts_on=today - timedelta(200), months=7)
    Work(cast, obligation).hours((today - timedelta(150)).replace(day=1), 10)
    Minutes.objects.create(
        clause=obligation.clause,
        held_on=today - timedelta(3),
        attendees="Camille Exemple",
        decisions="Aucune",
        recorded_at=timezone.now(),
    )
    sheet = a_retained(cast)
    Opportunity.objects.filter(pk=sheet.pk).update(
        next_act="Appeler Camille", next_act_on=today + timedelta(4)
    )
    OpinionRequest.objects.create(
        opportunity=sheet,
        facilitator=cast["fanny"].organisation,
        asked_at=timezone.now(),
        due_on=today + timedelta(5),
    )
    return obligation


def test_the_dates_of_each_are_in_their_agenda_and_nobody_is_named(cast, feed, today):
    obligation = dated(cast, today)
    compute_alerts(cast.scheme, on=today)
    kept = {name: feed(name) for name in ("fanny", "clara", "corinne", "elodie", "sam", "remi")}
    told = {name: answer.text.replace("\r\n ", "") for name, answer in kept.items()}
    assert kept["fanny"]["Content-Type"] == "text/calendar; charset=utf-8"
    end = f"UID:end-{obligation.pk}@testserver"
    meeting, sheet = f"UID:meeting-{obligation.clause_id}@", "UID:sheet-"
    for name, wanted in {
        "fanny": (end, meeting, "UID:opinion-", "UID:alert-"),
        "clara": (end, meeting, sheet),
        "corinne": (end, meeting, "UID:statement-", "Déclarer les heures de"),
    }.items():
        assert [words for words in wanted if words not in told[name]] == [], name
    for name in ("elodie", "sam", "remi"):
        assert "VEVENT" not in told[name]
    assert not any("Camille" in text for text in told.values())
    assert f"DTSTART;VALUE=DATE:{obligation.ends_on:%Y%m%d}" in told["fanny"]
    assert "URL:http://testserver/plie-de-la-meurthe/suivi/" in told["fanny"]
    assert not Alert.objects.filter(owner=cast["corinne"].organisation, due_on=None).exists()


def test_a_renewed_address_stops_the_former_and_a_closed_one_answers_nothing(cast, feed, client_for, today):
    former = open_agenda(cast["fanny"].user, at=timezone.now())
    browser = client_for(cast["fanny"])
    page = browser.post(reverse("agenda-open")).text
    token = page.partition("http://testserver/compte/agenda/")[2].partition("/")[0]
    assert feed("fanny", token).status_code == 200
    assert feed("fanny", former).status_code == 404
    assert token not in browser.get(reverse("reminders")).text
    browser.post(reverse("agenda-close"))
    assert feed("fanny", token).status_code == 404
    again = open_agenda(cast["fanny"].user, at=timezone.now())
    Membership.objects.filter(user=cast["fanny"].user).update(ends_on=today - timedelta(1))
    assert "VEVENT" not in feed("fanny", again).text
    cast["fanny"].user.is_active = False
    cast["fanny"].user.save()
    assert feed("fanny", again).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_agenda_stays_flat(cast, feed, today, within_queries, number):
    for _ in range(number):
        dated(cast, today)
    compute_alerts(cast.scheme, on=today)
    for name in ("fanny", "corinne"):
        token = open_agenda(cast[name].user, at=timezone.now())
        with within_queries(14):
            feed(name, token)
