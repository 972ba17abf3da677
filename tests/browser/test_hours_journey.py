"""Hours from a company's phone to the consolidated page, by clicks and keys, with and without script."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from relais.execution.enums import LineState
from relais.execution.models import StatementLine
from relais.insight.models import HoursCell
from relais.screening.actions.lots import type_lot
from relais.screening.actions.parameters import load_defaults
from tests.browser.driving import PHONE, driven, needs_browser, signed_in, violations
from tests.execution.worksite import APRIL, MARCH, TODAY, Worksite, lay_worksite, noon

pytestmark = [*needs_browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def live_server(django_db_setup: None, django_db_blocker: Any) -> Iterator[LiveServer]:
    """Started once the test database is there: one in memory is then shared with the server."""
    with django_db_blocker.unblock():
        server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def worksite(cast: Any) -> Worksite:
    return lay_worksite(cast)


def declare_april(page: Any, worksite: Worksite, slug: str) -> None:
    page.goto(f"/{slug}/execution/suivi/{worksite.obligation.pk}/releve/{APRIL}/")
    page.get_by_role("link", name="Copier").click()
    page.wait_for_url("**copy=1")
    hours = page.locator("table.hours-grid tbody td input:not([type=hidden])").first
    assert hours.input_value().replace(",", ".").startswith("120")
    hours.fill("7h30")
    page.get_by_label("Signataire").or_(page.locator("[name=signed_by]")).first.fill("Corinne Maillard")
    page.locator("button[name=act][value=submit]").click()
    page.wait_for_load_state()


@pytest.mark.parametrize("script", [True, False])
def test_a_month_declared_on_a_phone_is_validated_by_keyboard_and_counted(
    live_server: Any, worksite: Worksite, script: bool
) -> None:
    job = worksite.job()
    worksite.declare([(job, 120)], month=MARCH)
    company, facilitator = worksite.cast["corinne"], worksite.cast["fanny"]
    sessions = [signed_in(person) for person in (company, facilitator, worksite.cast["clara"])]
    slugs = [person.organisation.slug for person in (company, facilitator, worksite.cast["clara"])]

    with driven(live_server, sessions[0], java_script_enabled=script, **PHONE) as page:
        declare_april(page, worksite, slugs[0])
        assert "7,5" in page.locator("main").inner_text()
        if script:
            assert page.evaluate("document.documentElement.scrollWidth") <= 390

    assert sorted(StatementLine.objects.values_list("state", "hours")) == [
        (LineState.DECLARED, Decimal("7.50")),
        (LineState.DECLARED, Decimal(120)),
    ]

    with driven(live_server, sessions[1], java_script_enabled=script) as page:
        page.goto(f"/{slugs[1]}/execution/validation/")
        if script:
            row = page.locator("[data-queue-item]").first
            row.focus()
            page.keyboard.press("a")
            expect(page.locator("[data-queue-item]")).to_have_count(1)
            page.locator("[data-queue-item]").first.focus()
            page.keyboard.press("a")
            expect(page.locator("[data-queue-item]")).to_have_count(0)
        else:
            for _line in range(2):
                page.locator("form[action*='/lignes/'][action$='/validation/'] button").first.click()
                page.wait_for_load_state()
                page.goto(f"/{slugs[1]}/execution/validation/")

    assert set(StatementLine.objects.values_list("state", flat=True)) == {LineState.VALIDATED}
    assert sum(HoursCell.objects.values_list("validated", flat=True)) == Decimal("127.50")

    with driven(live_server, sessions[2], java_script_enabled=script) as page:
        page.goto(f"/{slugs[2]}/bilan/?first=2024-01&last=2024-12&du=2024-01&au=2024-12")
        assert "Bilan" in page.locator("h1").inner_text()


def test_a_number_changed_on_the_sheet_recalculates_in_place(live_server: Any, cast: Any) -> None:
    load_defaults(at=noon(TODAY))
    clara = cast["clara"]
    facts = {
        "object": "Lot plâtrerie",
        "cpv": "45410000",
        "nature": "works",
        "estimated_amount": Decimal(480_000),
        "duration_months": 9,
        "launched_on": TODAY,
    }
    lot = type_lot(cast.scheme, facts, actor=clara.actor(TODAY), at=noon(TODAY), on=TODAY)
    with driven(live_server, signed_in(clara)) as page:
        page.goto(f"/{clara.organisation.slug}/opportunites/{lot.pk}/")
        numbers = page.locator(".equation input:not([type=hidden])")
        result = page.locator(".equation output")
        for place, value, hours in ((1, "40", None), (2, "7", None), (3, "36", "373")):
            before = page.url
            numbers.nth(place).fill(value)
            numbers.nth(place).press("Tab")
            if hours:
                expect(result).to_contain_text(hours)
            elif value not in before:
                page.wait_for_url(lambda url, before=before: url != before)
        assert "36" in page.url
        page.reload()
        assert "373" in page.locator(".equation output").inner_text()


PAGES = {
    "clara": ("", "opportunites/", "marches/", "marches/import/", "clauses/", "bilan/", "annuaire/"),
    "carole": ("membres/", "journal/", "dispositifs/"),
    "fanny": ("", "execution/validation/", "execution/personnes/", "execution/personnes/nouvelle/", "bilan/"),
    "corinne": ("", "execution/releves/", "bilan/"),
    "elodie": ("", "bilan/", "bilan/comite/"),
}


@pytest.mark.parametrize("person", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_main_pages_of_each_role_break_no_rule_of_accessibility(
    live_server: Any, worksite: Worksite, person: str, theme: str
) -> None:
    worksite.declare([(worksite.job(), 120)], month=MARCH)
    member = worksite.cast[person]
    session, found = signed_in(member), {}
    with driven(live_server, session, color_scheme=theme, bypass_csp=True) as page:
        for path in PAGES[person]:
            response = page.goto(f"/{member.organisation.slug}/{path}")
            assert response.status == 200, path
            if broken := violations(page):
                found[path] = broken
    assert found == {}
