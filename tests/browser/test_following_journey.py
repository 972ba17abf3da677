"""The facilitator and the company: a person hired, a month sent from a phone, a line answered."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from relais.execution.enums import LineState
from relais.execution.models import JobContract, Person, StatementLine
from tests.browser.driving import Visit, needs_browser
from tests.browser.scene import Worksite, last_month, lay_running_clause, this_month
from tests.cast import Cast

pytestmark = [*needs_browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(cast: Cast) -> Worksite:
    return lay_running_clause(cast)


def states() -> list[str]:
    return list(StatementLine.objects.order_by("pk").values_list("state", flat=True))


def test_fanny_registers_somebody_finds_them_eligible_and_records_their_job(
    visit: Visit, site: Worksite
) -> None:
    today = timezone.localdate().isoformat()
    page = visit(site.cast["fanny"])
    page.click("nav.rooms >> text=Heures")
    page.click(".tabs >> text=Personnes suivies")
    page.click(".page-acts a.primary")
    for name, typed in (("last_name", "Benali"), ("first_name", "Amina"), ("birth_date", "1994-04-12")):
        page.fill(f"[name={name}]", typed)
    page.click("main .form-acts button.primary")
    expect(page.locator("h1")).to_contain_text("Amina Benali")
    page.click(".page-acts a.primary")
    page.select_option("[name=category]", "B_RSA")
    for name, typed in (("proof", "Attestation CAF"), ("certifier", "CAF")):
        page.fill(f"[name={name}]", typed)
    for name in ("proof_on", "starts_on"):
        page.fill(f"[name={name}]", today)
    page.click("main .form-acts button.primary")
    page.click(".page-acts a.primary")
    page.select_option("[name=obligation]", str(site.obligation.pk))
    page.click("main .form-acts button.primary")
    for name in ("employer", "declared_by"):
        page.select_option(f"[name={name}]", label="Bâtisseurs du Mad")
    page.select_option("[name=debtor]", index=1)
    page.fill("[name=job]", "Aide maçon")
    page.fill("[name=starts_on]", today)
    page.click("main .form-acts button.primary")
    expect(page.locator("main")).to_contain_text("Aide maçon")
    assert JobContract.objects.get().person == Person.objects.get()


def test_corinne_copies_the_month_before_sends_it_from_her_phone_and_reads_the_receipt(
    visit: Visit, site: Worksite
) -> None:
    site.declare(last_month().previous(), (site.hire(0), 120), (site.hire(1), 80))
    page = visit(site.cast["corinne"], phone=True)
    page.click("main a:has-text('Déclarer')")
    page.click("main a:has-text('Copier')")
    page.click("main a:has-text('Copier')")
    hours = page.locator("[data-grid] [inputmode=decimal]")
    expect(hours.nth(0)).to_have_value("120")
    hours.nth(0).fill("7h30")
    hours.nth(0).press("Tab")
    expect(page.locator("#checks")).to_contain_text("87,5")
    page.fill("[name=signed_by]", "Corinne Nomdetest")
    page.click("text=Signer et envoyer")
    expect(page.locator("h1")).to_contain_text("R-")
    expect(page.locator("tr.total")).to_contain_text("87,5")
    sent = StatementLine.objects.filter(month=last_month().first_day)
    assert sorted(sent.values_list("hours", flat=True)) == [Decimal("7.50"), Decimal(80)]


def test_impossible_hours_are_told_while_typing_and_never_sent(visit: Visit, site: Worksite) -> None:
    site.hire(0)
    page = visit(site.cast["corinne"], phone=True)
    page.click("main a:has-text('Déclarer')")
    hours = page.locator("[data-grid] [inputmode=decimal]")
    hours.nth(0).fill("800")
    hours.nth(0).press("Tab")
    expect(page.locator("#checks .notice.bad")).to_be_visible()
    page.fill("[name=signed_by]", "Corinne Nomdetest")
    page.click("text=Signer et envoyer")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(hours.nth(0)).to_have_value("800")
    assert states() == []


def test_the_queue_is_worked_by_keys_and_a_question_is_answered(visit: Visit, site: Worksite) -> None:
    site.declare(last_month(), (site.hire(0), 120), (site.hire(1), 80))
    page = visit(site.cast["fanny"])
    page.click("nav.rooms >> text=Heures")
    items = page.locator("[data-queue-item]")
    items.nth(0).focus()
    page.keyboard.press("j")
    expect(items.nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("a")
    expect(items).to_have_count(1)
    items.nth(0).focus()
    page.keyboard.press("q")
    page.keyboard.type("Combien de jours ?")
    page.keyboard.press("Enter")
    expect(items).to_have_count(0)
    assert sorted(states()) == [LineState.QUERIED, LineState.VALIDATED]

    phone = visit(site.cast["corinne"], phone=True)
    phone.click("main a:has-text('Répondre')")
    assert "Combien de jours ?" in phone.inner_text("main")
    answer(phone)
    assert sorted(states()) == [LineState.DECLARED, LineState.VALIDATED]

    page.reload()
    items.nth(0).focus()
    page.keyboard.press("a")
    expect(items).to_have_count(0)
    assert states() == [LineState.VALIDATED] * 2


def answer(page: Any) -> None:
    page.fill("main textarea, main [name=answer], main [name=note]", "Dix jours, de 8 h")
    page.click("main .form-acts button.primary")


def test_the_current_month_can_be_sent_before_it_is_over(visit: Visit, site: Worksite) -> None:
    job = site.hire(0)
    for month in (last_month().previous(), last_month()):
        site.declare(month, (job, 80))
    page = visit(site.cast["corinne"], phone=True)
    expect(page.locator("main")).to_contain_text("Tous les mois écoulés sont déclarés")
    page.click("main a:has-text('Déclarer')")
    assert f"/releve/{this_month()}/" in page.url
