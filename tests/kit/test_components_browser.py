"""The look in a real browser: keyboard, focus, policy, phones, accessibility. Skipped without Chromium."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from relais.kit import assets

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = assets.ROOT / "node_modules" / "axe-core" / "axe.min.js"
STYLE = Path(settings.STATICFILES_DIRS[0]) / "kit" / "relais.css"
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = ["/gallery/", "/gallery/form/", "/gallery/queue/", "/gallery/sheet/", "/gallery/refusal/403/"]

pytestmark = [
    pytest.mark.urls("tests.kit.gallery"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed."),
    pytest.mark.skipif(
        not (AXE.is_file() and STYLE.is_file()), reason="The front assets have not been built."
    ),
]


@contextmanager
def browser_page(**options: Any) -> Iterator[Any]:
    """A page whose faults in the console fail the test. Closed before the database is emptied."""
    from playwright.sync_api import sync_playwright  # only where a browser is

    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_context(locale="fr-FR", **options).new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        yield page
        browser.close()
    assert [fault for fault in faults if "status of 403" not in fault] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 390])
def test_no_page_breaks_a_rule_of_accessibility(live_server: Any, theme: str, width: int) -> None:
    found: dict[str, list[str]] = {}
    options = {"viewport": {"width": width, "height": 800}, "color_scheme": theme, "bypass_csp": True}
    with browser_page(**options) as page:
        for path in PAGES:
            page.goto(live_server.url + path)
            page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
            page.evaluate(AXE.read_text(encoding="utf-8"))
            result = page.evaluate("axe.run()")
            found |= {path: [v["id"] for v in result["violations"]]} if result["violations"] else {}
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert found == {}


def test_the_policy_refuses_nothing_of_our_pages(live_server: Any) -> None:
    with browser_page() as page:
        for path in PAGES:
            response = page.goto(live_server.url + path, wait_until="networkidle")
            assert "default-src 'none'" in response.headers["content-security-policy"]


def test_errors_take_the_focus_and_lead_to_their_field(live_server: Any) -> None:
    with browser_page() as page:
        page.goto(f"{live_server.url}/gallery/form/")
        page.evaluate("document.querySelector('form.form').noValidate = true")
        page.fill("#id_object", "Voirie")
        page.click("button.primary")
        page.wait_for_selector(".error-summary")
        assert "error-summary" in page.evaluate("document.activeElement.className")
        assert page.input_value("#id_object") == "Voirie"
        page.click(".error-summary a >> nth=0")
        assert page.evaluate("document.activeElement.id") == "id_amount"


def test_a_queue_is_worked_from_the_keyboard(live_server: Any) -> None:
    with browser_page() as page:
        page.goto(f"{live_server.url}/gallery/queue/")
        page.focus("#line-1")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.id") == "line-2"
        page.keyboard.press("q")
        page.wait_for_selector("#sent")
        assert page.inner_text("#sent") == "query 2"


def test_letters_typed_outside_the_queue_do_nothing(live_server: Any) -> None:
    with browser_page() as page:
        page.goto(f"{live_server.url}/gallery/queue/")
        page.focus("#s1")
        page.keyboard.type("a")
        assert page.input_value("#s1") == "a"
        assert page.query_selector("#sent") is None


def test_hours_are_typed_down_the_column(live_server: Any) -> None:
    with browser_page() as page:
        page.goto(f"{live_server.url}/gallery/queue/")
        page.focus("#o1")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "o2"
        page.keyboard.press("ArrowUp")
        assert page.evaluate("document.activeElement.id") == "o1"


def test_reading_and_sending_need_no_script(live_server: Any) -> None:
    with browser_page(java_script_enabled=False) as page:
        page.goto(f"{live_server.url}/gallery/queue/")
        page.click("#line-3 [name=accept]")
        assert page.inner_text("#sent") == "accept 3"
