"""Before the bodies: sign-in, first page, language, demonstration; and the frame around every page."""

import pytest
from django.urls import reverse

from relais.config.frame import ENTRIES, MOST_ENTRIES, navigation
from relais.organisations.enums import Capacity, Role
from relais.organisations.models import Membership, Organisation
from tests.cast import SINCE


def test_vera_signs_in_first_and_comes_back(client, fanny):
    page = reverse("body-list", kwargs={"organisation": fanny.organisation.slug})
    response = client.get(page)
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next={page}"
    fanny.user.set_password("une longue phrase de passe")
    fanny.user.save()
    data = {"login": "FANNY@example.org", "password": "une longue phrase de passe", "next": page}
    assert client.post(reverse("account_login"), data)["Location"] == page


def test_ten_wrong_passwords_close_the_door_for_a_while(client, fanny):
    fanny.user.set_password("une longue phrase de passe")
    fanny.user.save()
    for _ in range(10):
        client.post(reverse("account_login"), {"login": fanny.user.email, "password": "wrong"})
    data = {"login": fanny.user.email, "password": "une longue phrase de passe"}
    assert client.post(reverse("account_login"), data).status_code == 200


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_signing_in_never_leads_elsewhere(client, fanny, to):
    fanny.user.set_password("une longue phrase de passe")
    fanny.user.save()
    data = {"login": fanny.user.email, "password": "une longue phrase de passe", "next": to}
    assert "evil" not in client.post(reverse("account_login"), data)["Location"]
    response = client.post(reverse("set_language"), {"language": "en", "next": to})
    assert "evil" not in response["Location"]


def test_there_is_no_open_sign_up(client, db):
    for path in ("/compte/signup/", "/accounts/signup/", "/compte/inscription/"):
        assert client.get(path).status_code in (302, 404)


def test_a_forgotten_password_says_nothing_about_accounts(client, fanny, mailoutbox):
    known = client.post(reverse("account_reset_password"), {"email": fanny.user.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mailoutbox] == [[fanny.user.email]]
    assert "/compte/mot-de-passe/oubli/" in mailoutbox[0].body


def test_two_bodies_make_a_choice(client_for, sonia, simon):
    Membership.objects.create(
        organisation=simon.organisation, user=sonia.user, role="reader", starts_on=SINCE
    )
    body = client_for(sonia).get(reverse("home")).content.decode()
    assert sonia.organisation.name in body
    assert simon.organisation.name in body


def test_the_language_is_chosen(client, db):
    client.post(reverse("set_language"), {"language": "en", "next": "/accessibilite/"})
    assert '<html lang="en"' in client.get("/accessibilite/").content.decode()


def test_the_demonstration_lets_in_its_people_only(client, client_for, settings, fanny, clara):
    settings.DEMO = True
    fanny.user.email = "fanny@demo.example"
    fanny.user.save()
    assert "fanny@demo.example" in client.get(reverse("account_login")).content.decode()
    assert client.post(reverse("demo-login"), {"email": clara.user.email}).status_code == 404
    assert client.post(reverse("demo-login"), {"email": "fanny@demo.example"}).status_code == 302
    assert client.get(reverse("account")).status_code == 200


def test_no_demonstration_elsewhere(client, settings, fanny):
    settings.DEMO = False
    fanny.user.email = "fanny@demo.example"
    fanny.user.save()
    assert "fanny@demo.example" not in client.get(reverse("account_login")).content.decode()
    assert client.post(reverse("demo-login"), {"email": "fanny@demo.example"}).status_code == 404


def test_the_menu_has_seven_entries_at_most():
    for role in Role:
        for capacities in ([c] for c in Capacity):
            entries = [entry for entry in ENTRIES if entry.is_for(capacities, role)]
            assert 0 < len(entries) <= MOST_ENTRIES, (role, capacities)
    everything = [entry for entry in ENTRIES if entry.is_for(list(Capacity), Role.MANAGER)]
    assert len(everything) <= MOST_ENTRIES


def test_the_menu_says_where_one_is(db):
    found = navigation("x", ["buyer"], Role.OFFICER, "/x/annuaire/plie/")
    assert [entry["url"] for entry in found if entry["current"]] == ["/x/annuaire/"]


def test_the_directory_finds_without_accents(client_for, clara):
    page = reverse("body-list", kwargs={"organisation": clara.organisation.slug})
    browser = client_for(clara)
    assert "Bâtisseurs du Mad" in browser.get(page, {"q": "batisseurs MAD"}).content.decode()
    assert "Bâtisseurs du Mad" not in browser.get(page, {"q": "tremplin"}).content.decode()
    assert "PLIE de la Meurthe" in browser.get(page, {"department": "54"}).content.decode()
    assert "PLIE de la Meurthe" not in browser.get(page, {"capacity": "company"}).content.decode()
    assert browser.get(page, {"q": "%' OR 1=1 --", "page": "-3", "capacity": "x"}).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_directory_stays_flat(client_for, clara, scheme, within_queries, count):
    from relais.organisations.models import SchemeBody

    for number in range(count):
        body = Organisation.objects.create(slug=f"b-{number}", name=f"B {number}")
        SchemeBody.objects.create(scheme=scheme, organisation=body, starts_on=SINCE)
    with within_queries(9):
        client_for(clara).get(reverse("body-list", kwargs={"organisation": clara.organisation.slug}))
