"""Opinions with their clock, several bodies asked at once, and the thread of a sheet."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from relais.kit.access import Refused
from relais.kit.models import AuditEntry
from relais.screening import actions
from relais.screening.models import OpinionRequest, Opportunity, SheetMessage
from tests.screening.factories import NOON, TODAY, lot

DUE = TODAY + timedelta(days=15)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=ZoneInfo("Europe/Paris"))


def link(asked: OpinionRequest) -> actions.Link:
    return lambda: f"https://relais.example/avis/{asked.pk}"


@pytest.fixture
def asked(clara, fanny, scheme):
    return actions.ask_opinion(
        lot(clara, scheme),
        fanny.organisation,
        question="",
        version=0,
        actor=clara.actor(TODAY),
        at=NOON,
        on=TODAY,
    )


def due(day: date, commits) -> actions.Reminders:
    with commits(execute=True):
        return actions.remind_due_opinions(link=link, at=at(day), on=day)


def test_a_body_is_reminded_once_three_days_before_the_date(asked, fanny, django_capture_on_commit_callbacks):
    commits = django_capture_on_commit_callbacks
    assert due(DUE - timedelta(days=4), commits) == actions.Reminders(0, 0)
    assert due(DUE - timedelta(days=3), commits) == actions.Reminders(1, 0)
    assert due(DUE - timedelta(days=2), commits) == actions.Reminders(0, 0)
    (message,) = [sent for sent in mail.outbox if fanny.user.email in sent.to]
    assert f"https://relais.example/avis/{asked.pk}" in message.body
    assert len(message.to) == 1


def test_managers_are_told_after_five_days_late_and_only_once(asked, django_capture_on_commit_callbacks):
    commits = django_capture_on_commit_callbacks
    assert due(DUE + timedelta(days=4), commits) == actions.Reminders(1, 0)
    assert due(DUE + timedelta(days=5), commits) == actions.Reminders(0, 1)
    assert due(DUE + timedelta(days=6), commits) == actions.Reminders(0, 0)
    verbs = AuditEntry.objects.filter(verb__startswith="screening.opinion").values_list("verb", flat=True)
    assert "screening.opinion.escalated" in verbs


def test_an_opinion_given_is_reminded_no_more(asked, fanny, clara, django_capture_on_commit_callbacks):
    actions.answer_opinion(asked, actions.Opinion("favourable", "Oui."), actor=fanny.actor(TODAY), at=NOON)
    assert due(DUE + timedelta(days=30), django_capture_on_commit_callbacks) == actions.Reminders(0, 0)
    with pytest.raises(Refused, match="already given"):
        actions.remind_opinion(asked, link=link(asked), actor=clara.actor(TODAY), at=NOON)


def test_the_command_tells_what_it_did(asked, capsys):
    OpinionRequest.objects.update(due_on=date(2020, 1, 1))
    call_command("remind-opinions", "--site", "https://relais.example/", "--json")
    assert json.loads(capsys.readouterr().out) == {"reminded": 1, "escalated": 1}


def test_clara_reminds_by_hand(client_for, asked, clara, fanny, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_for(clara).post(reverse("opinion-remind", args=[clara.organisation.slug, asked.pk]))
    assert answer.status_code == 302
    (message,) = [sent for sent in mail.outbox if fanny.user.email in sent.to]
    assert reverse("opinion-answer", args=[fanny.organisation.slug, asked.pk]) in message.body


def test_a_lot_over_two_territories_asks_two_bodies(client_for, clara, fanny, felix, scheme):
    made = lot(clara, scheme)
    address = reverse("opinion-ask", args=[clara.organisation.slug, made.pk])
    both = [fanny.organisation.pk, felix.organisation.pk]
    assert client_for(clara).post(address, {"version": 0, "facilitators": both}).status_code == 302
    assert set(OpinionRequest.objects.values_list("facilitator", flat=True)) == set(both)


def test_when_one_of_two_bodies_was_already_asked_nobody_is(client_for, asked, clara, felix, fanny):
    address = reverse("opinion-ask", args=[clara.organisation.slug, asked.opportunity.lot_id])
    both = [felix.organisation.pk, fanny.organisation.pk]
    version = Opportunity.objects.get().version
    refused = client_for(clara).post(address, {"version": version, "facilitators": both})
    assert refused.status_code == 422
    assert OpinionRequest.objects.get() == asked


def test_the_buyer_and_the_body_asked_talk_in_the_thread(client_for, asked, clara, fanny, felix):
    lot_id = asked.opportunity.lot_id
    for person, text in ((clara, "Quel mois convient ?"), (fanny, "Plutôt mai <b>2026</b>.")):
        address = reverse("message-write", args=[person.organisation.slug, lot_id])
        assert client_for(person).post(address, {"text": text}).status_code == 302
    shown = (
        client_for(clara)
        .get(reverse("opportunity-detail", args=[clara.organisation.slug, lot_id]))
        .content.decode()
    )
    assert shown.index("Quel mois") < shown.index("Plutôt mai &lt;b&gt;")
    other = reverse("message-write", args=[felix.organisation.slug, lot_id])
    assert client_for(felix).post(other, {"text": "Et moi ?"}).status_code == 404
    assert SheetMessage.objects.count() == 2


def test_an_empty_message_is_refused_and_opens_no_sheet(client_for, clara, scheme):
    made = lot(clara, scheme)
    address = reverse("message-write", args=[clara.organisation.slug, made.pk])
    client_for(clara).post(address, {"text": "   "})
    assert not SheetMessage.objects.exists()
    assert not Opportunity.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_a_sheet_with_opinions_and_messages_stays_within_its_budget(
    client_for, asked, clara, count, within_queries
):
    for number in range(count):
        actions.write_message(
            asked.opportunity.lot, text=f"Message {number}", actor=clara.actor(TODAY), at=NOON
        )
    address = reverse("opportunity-detail", args=[clara.organisation.slug, asked.opportunity.lot_id])
    reader = client_for(clara)
    with within_queries(12):
        reader.get(address)
