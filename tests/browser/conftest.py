"""A browser per module; its pages are signed in as somebody of the cast and watched to the end."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.driving import CHROMIUM, FLAGS, Visit, signed_in
from tests.cast import Person

PATIENCE = 10_000
"""Milliseconds before a click or a wait fails."""
EXPECTED = ("status of 403", "status of 404", "status of 409", "status of 410", "status of 422")
"""What the console says of the refusals that tests ask for."""
OVERTAKEN = ("htmx:afterRequest", "htmx:sendAbort")
"""What htmx says of a request that a newer one replaced; a failure is said by other words."""


@pytest.fixture(scope="module")
def live_server(django_db_setup: None, django_db_blocker: Any) -> Iterator[LiveServer]:
    """Started once the test database is there: one in memory is then shared with the server."""
    with django_db_blocker.unblock():
        server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright  # only where a browser is

    # Playwright runs a loop in this thread: Django must not take the queries of a test for asynchronous ones.
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
    assert "DJANGO_ALLOW_ASYNC_UNSAFE" not in os.environ


@pytest.fixture
def visit(chromium: Any, live_server: Any) -> Iterator[Visit]:
    """`visit(fanny)`: a page on her first page; `visit(None)`: nobody signed in.

    `phone=True` for a screen of 390 pixels; other options are those of a context of Playwright. An error in
    the console (the content security policy speaks there), a request to another host, a fault of the server:
    each fails the test at its end.
    """
    faults: list[str] = []
    contexts = []

    def opened(person: Person | None, *, phone: bool = False, **options: Any) -> Any:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        context = chromium.new_context(
            **{
                "base_url": live_server.url,
                "locale": "fr-FR",
                "timezone_id": "Europe/Paris",
                "viewport": size,
                "is_mobile": phone,
                "has_touch": phone,
                "reduced_motion": "reduce",
            }
            | options
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        watch(page, live_server.url, faults)
        if person is not None:
            cookie = {
                "name": settings.SESSION_COOKIE_NAME,
                "value": signed_in(person),
                "url": live_server.url,
            }
            context.add_cookies([cookie])
            page.goto("/")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def watch(page: Any, site: str, faults: list[str]) -> None:
    def said(message: Any) -> None:
        if message.type == "error" and not any(text in message.text for text in EXPECTED + OVERTAKEN):
            faults.append(f"{page.url}: {message.text}")

    def asked(request: Any) -> None:
        if not request.url.startswith((site, "data:")):
            faults.append(f"{page.url} asked {request.url}")

    def answered(response: Any) -> None:
        if response.status >= 500:
            faults.append(f"{response.url} answered {response.status}")

    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("console", said)
    page.on("request", asked)
    page.on("response", answered)
