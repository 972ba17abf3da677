"""Each page of the room, as the people who open it see it."""

import pytest
from django.urls import reverse


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
