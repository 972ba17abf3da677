"""Each page of the room, as the people who open it see it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from relais.organisations.models import (
    CapacityHeld,
    Invitation,
    Membership,
    Organisation,
    Policy,
    SchemeBody,
    User,
)
from tests.cast import SINCE, siret


def address(name, person, **kwargs):
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


@pytest.mark.parametrize("name", ["member-list", "member-invite", "audit-trail"])
def test_the_manager_administers(client_for, carole, within_queries, name):
    with within_queries(12):
        response = client_for(carole).get(address(name, carole))
    assert response.status_code == 200


@pytest.mark.parametrize("who", ["clara", "elodie", "fanny", "corinne", "sonia", "benoit"])
@pytest.mark.parametrize("name", ["body-list", "scheme-list"])
def test_everybody_reads_the_directory_and_the_schemes(client_for, cast, within_queries, who, name):
    with within_queries(12):
        response = client_for(cast[who]).get(address(name, cast[who]))
    assert response.status_code == 200


def test_clara_opens_a_body(client_for, clara, fanny, within_queries):
    with within_queries(12):
        response = client_for(clara).get(address("body-detail", clara, body=fanny.organisation.slug))
    assert response.status_code == 200
    assert "Meurthe-et-Moselle" in response.content.decode()


@pytest.mark.parametrize("who", ["clara", "corinne"])
def test_parameters_are_read_with_their_sources(client_for, cast, scheme, within_queries, who):
    with within_queries(12):
        response = client_for(cast[who]).get(address("policy-list", cast[who], scheme=scheme.slug))
    assert response.status_code == 200


def test_clara_reads_one_parameter(client_for, clara, scheme):
    response = client_for(clara).get(address("policy-detail", clara, scheme=scheme.slug, key="effort"))
    assert response.status_code == 200


def test_entrance_pages(client, db):
    for name in ("accessibility", "account_login", "account_reset_password", "account_logout"):
        assert client.get(reverse(name)).status_code in (200, 302)
    assert client.get("/nowhere/at/all/").status_code == 404


def test_account_and_home(client_for, clara):
    browser = client_for(clara)
    assert browser.get(reverse("account")).status_code == 200
    assert browser.get(reverse("home")).status_code == 302


def invited(person, number):
    return Invitation.objects.create(
        organisation=person.organisation,
        email=f"venue{number}@example.org",
        role="officer",
        token_hash=f"{number:064d}",
        invited_by=person.user,
        created_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=7),
    )


@pytest.mark.parametrize("count", [1, 3])
def test_members_bodies_and_parameters_stay_flat(client_for, carole, scheme, within_queries, count):
    for number in range(count):
        user = User.objects.create(email=f"nouvelle{number}@example.org", full_name=f"Nouvelle {number}")
        Membership.objects.create(organisation=carole.organisation, user=user, role="reader", starts_on=SINCE)
        invited(carole, number)
        body = Organisation.objects.create(
            slug=f"regie-{number}", name=f"Régie {number}", siret=siret(700 + number)
        )
        SchemeBody.objects.create(scheme=scheme, organisation=body, starts_on=SINCE)
        CapacityHeld.objects.create(organisation=body, capacity="company", starts_on=SINCE)
        Policy.objects.create(
            scheme=scheme,
            key="effort",
            value=Decimal(f"0.0{number + 1}"),
            starts_on=SINCE + timedelta(days=number),
            source="Délibération",
            entered_by=carole.user,
        )
    browser = client_for(carole)
    with within_queries(12):
        page = browser.get(address("member-list", carole)).content.decode()
    assert page.count("@example.org") >= 2 * count
    with within_queries(12):
        page = browser.get(address("body-list", carole)).content.decode()
    assert f"Régie {count - 1}" in page
    with within_queries(12):
        browser.get(address("policy-list", carole, scheme=scheme.slug))
    with within_queries(12):
        history = browser.get(address("policy-detail", carole, scheme=scheme.slug, key="effort"))
    assert len(history.context["history"]) == count
