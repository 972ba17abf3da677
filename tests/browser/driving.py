"""Drive a real browser against the test server, signed in as somebody of the cast."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from relais.kit import assets
from tests.cast import Person

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = assets.ROOT / "node_modules" / "axe-core" / "axe.min.js"
STYLE = Path(settings.STATICFILES_DIRS[0]) / "kit" / "relais.css"
REQUIRED = os.environ.get("RELAIS_BROWSER_REQUIRED") == "1"
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}

Visit = Callable[..., Any]
"""`visit(person)`, of conftest: a page signed in as somebody of the cast."""

needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(not REQUIRED and CHROMIUM is None, reason="Chromium is not installed."),
    pytest.mark.skipif(
        not REQUIRED and not (AXE.is_file() and STYLE.is_file()), reason="The front assets are not built."
    ),
]


def signed_in(person: Person) -> str:
    """The session of this person, opened without a password."""
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@contextmanager
def driven(live_server: Any, session: str = "", **options: Any) -> Iterator[Any]:
    """A page of a browser: faults in its console and requests to another host fail the test."""
    from playwright.sync_api import sync_playwright  # only where a browser is

    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(locale="fr-FR", base_url=live_server.url, **options)
        if session:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
            context.add_cookies([cookie])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on(
            "request",
            lambda request: None if request.url.startswith(live_server.url) else faults.append(request.url),
        )
        yield page
        browser.close()
    assert [fault for fault in faults if "status of 4" not in fault and not fault.startswith("data:")] == []


def violations(page: Any, *only: str) -> list[str]:
    """The rules of accessibility that the page breaks (these `only`, or all), every folded part open.

    Menus open over the page: they are opened and read apart, since what they cover is not what is used then.
    """
    page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"runOnly": list(only)} if only else {}
    found = []
    page.evaluate("document.querySelectorAll('details.menu').forEach((menu) => { menu.open = false; })")
    for parts, place in (("details:not(.menu)", None), ("details.menu", ".menu-list")):
        page.evaluate(
            "(parts) => document.querySelectorAll(parts).forEach((part) => { part.open = true; })", parts
        )
        if place is None or page.query_selector(place):
            found += page.evaluate(
                "([place, options]) => axe.run(place || document, options)", [place, options]
            )["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:140]}" for one in found]
