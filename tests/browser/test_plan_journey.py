"""A purchase plan: its file sent, its columns confirmed, its three hundred lots sorted by keyboard."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from relais.procurement.models import PlanLine, PurchasePlan
from relais.screening.enums import OpportunityState
from relais.screening.models import Opportunity
from tests.browser.driving import Visit, needs_browser, violations
from tests.browser.scene import announce
from tests.cast import Cast, Person
from tests.procurement.plan_examples import plan_xlsx
from tests.procurement.plan_factories import bring

pytestmark = [*needs_browser, pytest.mark.django_db(transaction=True)]


def in_state(state: OpportunityState) -> int:
    return Opportunity.objects.filter(state=state).count()


def test_from_the_file_to_the_last_lot(visit: Visit, paula: Person, cast: Cast, tmp_path: Path) -> None:
    announce(cast)
    path = tmp_path / "programmation.xlsx"
    path.write_bytes(plan_xlsx(300))
    page = visit(paula)
    page.click("nav.rooms >> text=Opportunités")
    page.click("main >> text=Programmations des achats")
    page.click("text=Importer une programmation")
    page.set_input_files("[name=file]", path)
    page.click("text=Lire le fichier")
    expect(page.locator("h1")).to_have_text("Sens des colonnes")
    expect(page.locator(".figures")).to_contain_text("300")
    assert PurchasePlan.objects.count() == 0
    assert violations(page, "wcag2a", "wcag2aa") == []
    page.click("text=Importer la programmation")
    expect(page).to_have_url(re.compile(r"/programmation/\d+/$"), timeout=30_000)
    assert PlanLine.objects.count() == 300
    page.click("text=Trier les lots")
    rows = page.locator("[data-queue-item]")
    expect(rows).to_have_count(50)
    assert violations(page, "wcag2a", "wcag2aa") == []

    rows.first.focus()
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator("[data-queue-item]:has-text('l’étude')")).to_have_count(1)
    assert in_state(OpportunityState.UNDER_ANALYSIS) == 1
    expect(rows.nth(2)).to_be_focused()

    left = [rows.nth(at).get_attribute("id") for at in (2, 3)]
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("2")
    expect(page.locator("#triage-totals")).to_contain_text("2")
    expect(rows).to_have_count(50)
    assert in_state(OpportunityState.REJECTED) == 2
    assert not {row.get_attribute("id") for row in rows.all()} & set(left)
    expect(rows.nth(3)).to_be_focused()
    assert len({row.get_attribute("id") for row in rows.all()}) == 50

    page.keyboard.press("u")
    expect(page.locator(f"#{left[0]}")).to_be_visible()
    expect(rows).to_have_count(50)
    assert in_state(OpportunityState.REJECTED) == 0


def test_the_keys_turn_the_pages(visit: Visit, paula: Person, cast: Cast) -> None:
    bring(paula, cast.scheme, plan_xlsx(60))
    page = visit(paula)
    page.goto("/region-trois-vallees/opportunites/tri/")
    rows = page.locator("[data-queue-item]")
    expect(rows).to_have_count(50)
    rows.last.focus()
    page.keyboard.press("j")
    expect(rows).to_have_count(10)
    expect(rows.first).to_be_focused()
    page.keyboard.press("k")
    expect(rows).to_have_count(50)
    expect(rows.last).to_be_focused()
    page.keyboard.press("n")
    expect(rows).to_have_count(10)
    for left in range(9, -1, -1):
        expect(page.locator("[data-queue-item]:focus")).to_have_count(1)
        page.keyboard.press("1")
        if left:
            expect(rows).to_have_count(left)
            expect(rows.first).to_be_focused()
    expect(rows).to_have_count(50)
    assert in_state(OpportunityState.REJECTED) == 10


def test_the_triage_works_without_script(visit: Visit, paula: Person, cast: Cast) -> None:
    announce(cast)
    page = visit(paula, java_script_enabled=False)
    page.goto("/region-trois-vallees/opportunites/tri/")
    page.check("[data-queue-item] input[name=lot]")
    page.click("button[value=study]")
    assert in_state(OpportunityState.UNDER_ANALYSIS) == 1
    page.click("text=Annuler le dernier geste")
    assert in_state(OpportunityState.UNDER_ANALYSIS) == 0
