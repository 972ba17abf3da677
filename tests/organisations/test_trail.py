"""The audit trail: who reads what, filters, export."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from relais.kit import audit
from relais.kit.models import AuditEntry, Outcome
from relais.organisations import queries

NOON = timezone.now()


def acted(person, verb="organisations.policy.set", **kwargs):
    return audit.record(verb, None, actor=person.actor(), at=kwargs.pop("at", NOON), **kwargs)


def seen_by(person):
    return set(queries.trail(person.actor()))


def test_each_body_reads_its_own_acts_and_what_it_owns(clara, benoit, corinne, fanny):
    own, owned = acted(benoit), acted(fanny, owner_id=benoit.organisation.pk)
    assert seen_by(benoit) == {own, owned}
    assert seen_by(corinne) == set()
    assert seen_by(fanny) == {owned}
    assert seen_by(clara) == set()


def test_the_coordinator_reads_the_acts_on_its_scheme_without_the_people(carole, fanny, sam, scheme):
    entry = acted(fanny, scope_id=scheme.pk)
    assert seen_by(carole) == {entry}
    assert seen_by(sam) == set()
    (line,) = queries.trail_lines([entry], carole.actor())
    assert (line.body, line.person) == (fanny.organisation.name, "")
    (line,) = queries.trail_lines([entry], fanny.actor())
    assert line.person == fanny.user.full_name


def page(person, name="audit-trail", **query):
    return reverse(name, kwargs={"organisation": person.organisation.slug}, query=query)


def test_carole_filters_the_trail(client_for, carole):
    acted(carole, detail="old-one", at=NOON - timedelta(days=40))
    acted(carole, "organisations.trail.exported", outcome=Outcome.EXPORTED, detail="an-export")
    acted(carole, detail="a-policy")
    browser = client_for(carole)
    body = browser.get(page(carole, act="organisations.policy.set")).content.decode()
    assert "a-policy" in body
    assert "an-export" not in body
    body = browser.get(page(carole, outcome="exported")).content.decode()
    assert "an-export" in body
    assert "a-policy" not in body
    first = (NOON - timedelta(days=2)).date().isoformat()
    assert "old-one" not in browser.get(page(carole, first=first)).content.decode()
    assert "old-one" in browser.get(page(carole, first="not a day", outcome="nonsense")).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_trail_stays_flat(client_for, carole, clara, within_queries, count):
    for _ in range(count):
        acted(clara)
    with within_queries(9):
        client_for(carole).get(page(carole))


def test_the_trail_leaves_as_csv_and_the_export_is_traced(client_for, carole):
    acted(carole, detail="=HYPERLINK(evil)")
    response = client_for(carole).get(
        page(carole, "audit-export", act="organisations.policy.set", format="csv")
    )
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    assert ";'=HYPERLINK(evil)" in text
    assert carole.user.full_name in text
    assert len(text.splitlines()) == 2
    assert AuditEntry.objects.filter(verb="organisations.trail.exported", outcome=Outcome.EXPORTED).exists()


def test_a_refusal_leaves_a_line(client_for, clara):
    client_for(clara).get(page(clara))
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.outcome, entry.user_id) == ("audit-trail", "refused", clara.user.pk)
