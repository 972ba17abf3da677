"""Coming in and going out: password, refusal, invitation by mail, one click in the demonstration."""

import re
from typing import Any

import pytest

from tests.browser.driving import Visit, needs_browser
from tests.cast import Person

pytestmark = [*needs_browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "trois clauses et un facilitateur"


def sign_in(page: Any, email: str, password: str) -> None:
    page.goto("/compte/connexion/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.click("main button.primary")


def test_fanny_signs_in_with_her_password_and_out_again(visit: Visit, fanny: Person) -> None:
    fanny.user.set_password(PASSWORD)
    fanny.user.save()
    page = visit(None)
    sign_in(page, "fanny@example.org", "pas le bon mot de passe")
    assert "error-summary" in page.evaluate("document.activeElement.className")
    assert page.input_value("[name=login]") == "fanny@example.org"
    sign_in(page, "fanny@example.org", PASSWORD)
    assert page.url.endswith("/plie-de-la-meurthe/")
    page.click(".account summary")
    page.click("text=Se déconnecter")
    page.click("main form button.primary") if page.url.endswith("deconnexion/") else None
    page.goto("/plie-de-la-meurthe/")
    assert "/compte/connexion/" in page.url


def test_whoever_is_invited_chooses_a_password_and_comes_in_once(
    visit: Visit, carole: Person, mailoutbox: list[Any]
) -> None:
    page = visit(carole)
    page.click("nav.rooms >> text=Administration")
    page.click("text=Inviter")
    page.fill("[name=email]", "nouvelle@example.org")
    page.select_option("[name=role]", "officer")
    page.click("main form button.primary")
    link = re.search(r"/invitation/\S+", mailoutbox[0].body)
    assert link
    guest = visit(None)
    guest.goto(link[0])
    guest.fill("[name=full_name]", "Nora Nomdetest")
    guest.fill("[name=password]", PASSWORD)
    guest.fill("[name=again]", PASSWORD)
    guest.click("main button.primary")
    assert guest.url.endswith("/region-trois-vallees/")
    assert "Nora Nomdetest" in guest.inner_text(".account")
    late = visit(None)
    assert late.goto(link[0]).status == 410


def test_the_demonstration_opens_a_role_by_one_click(visit: Visit, fanny: Person, settings: Any) -> None:
    settings.DEMO = True
    fanny.user.email = "fanny@demo.example"
    fanny.user.save()
    page = visit(None)
    page.goto("/")
    page.click("text=Fanny Nomdetest")
    assert page.url.endswith("/plie-de-la-meurthe/")
