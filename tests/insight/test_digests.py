"""The mail of what is to do: to whom, how often, what it says and what it never says."""

import json
from datetime import timedelta
from io import StringIO
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from relais.insight.actions import digests
from relais.insight.actions.compute import compute_alerts
from relais.insight.models import Alert, DigestChoice
from tests.insight.scene import Work, an_obligation

pytestmark = pytest.mark.django_db
SITE = "https://relais.example.org"
LINKS = digests.Links(
    alert=lambda body, alert: f"{SITE}/{body.slug}/{alert.pk}/",
    alerts=lambda body: f"{SITE}/{body.slug}/",
    choice=f"{SITE}/choix/",
)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def seen(cast, today):
    """A contract half gone, with few hours of somebody whose eligibility ends, and its alerts."""
    work = Work(cast, an_obligation(cast, starts_on=today - timedelta(200), months=13))
    work.hours((today - timedelta(150)).replace(day=1), 10, eligible_until=today + timedelta(20))
    compute_alerts(cast.scheme, on=today)
    return Alert.objects.get(code="AL02")


def choose(cast, name, rhythm, language="fr"):
    digests.choose_digest(cast[name].user, rhythm=rhythm, language=language, at=timezone.now())


def sent_to(cast, name):
    return [one for one in mail.outbox if one.to == [cast[name].user.email]]


def test_each_is_told_once_what_they_read_without_the_name_of_anybody(cast, seen, today):
    done = digests.send_digests(on=today, links=LINKS)
    assert done.sent == len(mail.outbox) > 0
    (told,) = sent_to(cast, "fanny")
    assert seen.sentence in told.body
    assert f"{SITE}/plie-de-la-meurthe/{seen.pk}/" in told.body
    assert Alert.objects.get(code="AL05").sentence in told.body
    assert "Camille" not in "".join(one.body for one in mail.outbox)
    assert not sent_to(cast, "elodie")  # an elected member reads no alert
    assert not sent_to(cast, "remi")  # left the body
    assert not sent_to(cast, "sam")  # another scheme
    again = digests.send_digests(on=today, links=LINKS)
    assert (again.sent, again.nothing) == (0, 0)
    assert len(mail.outbox) == done.sent


def test_the_rhythm_and_the_language_are_those_chosen(cast, seen, today):
    monday = today - timedelta(today.weekday())
    choose(cast, "fanny", "daily", "en")
    choose(cast, "clara", "never")
    for day in range(8):
        digests.send_digests(on=monday + timedelta(7 + day), links=LINKS)
    assert not sent_to(cast, "clara")
    assert len(sent_to(cast, "carole")) <= 2  # weekly by default: two Mondays
    assert "Here is what needs you" in sent_to(cast, "fanny")[0].body
    chosen = DigestChoice.objects.get(user=cast["fanny"].user)
    assert chosen.told_on == monday + timedelta(14)


def test_what_is_new_what_is_due_and_what_went_higher_are_told_apart(cast, seen, today):
    choose(cast, "fanny", "daily")
    body = cast["fanny"].organisation
    Alert.objects.exclude(pk=seen.pk).delete()
    tomorrow = today + timedelta(1)
    for change, words in (
        ({"opened_on": tomorrow}, "Nouvelles alertes"),
        ({"opened_on": today, "due_on": tomorrow, "owner": body}, "À faire sous sept jours"),
        ({"escalated_on": tomorrow, "escalated_to": "owner_manager"}, "Signalées plus haut"),
    ):
        Alert.objects.filter(pk=seen.pk).update(**change)
        DigestChoice.objects.filter(user=cast["fanny"].user).update(told_on=today)
        digests.send_digests(on=tomorrow, links=LINKS)
        assert words in sent_to(cast, "fanny")[-1].body
    assert len(sent_to(cast, "fanny")) == 3
    Alert.objects.update(escalated_on=None, due_on=None, snoozed_until=None)
    digests.send_digests(on=tomorrow + timedelta(1), links=LINKS)
    assert len(sent_to(cast, "fanny")) == 3  # nothing new, no mail


def test_a_mail_that_cannot_leave_is_counted_and_tried_again(cast, seen, today, monkeypatch):
    real = digests.send_mail

    def refuse_fanny(subject, text, sender, to):
        if to == [cast["fanny"].user.email]:
            raise SMTPException("mailbox unavailable")
        return real(subject, text, sender, to)

    monkeypatch.setattr(digests, "send_mail", refuse_fanny)
    assert digests.send_digests(on=today, links=LINKS).failed == 1
    assert sent_to(cast, "clara")
    with pytest.raises(CommandError, match="MAIL_URL"):
        call_command("send-digests", stdout=StringIO())
    monkeypatch.undo()
    out = StringIO()
    call_command("send-digests", "--site", SITE, "--dry-run", "--json", stdout=out)
    assert json.loads(out.getvalue())["sent"] == 1
    assert not sent_to(cast, "fanny")
    call_command("send-digests", "--site", SITE + "/", stdout=out)
    (told,) = sent_to(cast, "fanny")
    assert SITE + reverse("alert-detail", args=["plie-de-la-meurthe", seen.pk]) in told.body


def test_a_person_chooses_on_the_page_of_the_account(cast, client_for, within_queries):
    browser = client_for(cast["fanny"])
    assert reverse("reminders") in browser.get(reverse("account")).text
    with within_queries(12):
        assert browser.get(reverse("reminders")).status_code == 200
    assert browser.post(reverse("reminders"), {"rhythm": "hourly", "language": "fr"}).status_code == 422
    assert not DigestChoice.objects.exists()
    browser.post(reverse("reminders"), {"rhythm": "never", "language": "en"})
    assert DigestChoice.objects.get(user=cast["fanny"].user).rhythm == "never"
