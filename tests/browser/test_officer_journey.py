"""The clause officer: a file imported, a lot sized, retained, its clause written, kept and awarded."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from relais.clauses.enums import ClauseState
from relais.clauses.models import Clause
from relais.execution.models import Obligation
from relais.kit import assets
from relais.procurement.models import Contract
from relais.screening.models import Opportunity
from tests.browser.driving import Visit, needs_browser
from tests.browser.scene import announce
from tests.cast import Cast, Person

pytestmark = [*needs_browser, pytest.mark.django_db(transaction=True)]
EXAMPLE = Path(assets.ROOT) / "examples" / "decp-2024-exemple.json"


def test_clara_imports_a_file_and_reads_what_it_gave(visit: Visit, clara: Person, cast: Cast) -> None:
    announce(cast)
    page = visit(clara)
    page.click("nav.rooms >> text=Marchés")
    page.click("text=Importer des fichiers")
    page.set_input_files("[name=documents]", EXAMPLE)
    page.click("main button.primary")
    assert page.inner_text("h1") == "Compte rendu d’un import"
    assert Contract.objects.count() == 40
    assert "40" in page.inner_text(".figures")
    page.click("nav.rooms >> text=Opportunités")
    assert page.locator("#rows tbody tr").count() > 20
    page.select_option("[name=stage]", "coming")
    page.wait_for_url("**stage=coming**")
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    expect(page.locator("#rows tbody")).to_contain_text("Lycée Stanislas")


def shows(page: Any, hours: str) -> None:
    """The calculation gives these hours, at once or after it has been asked again."""
    expect(page.locator("#calculation output")).to_have_text(re.compile(rf"^{hours}\s*h$"))


def test_a_number_changed_moves_the_sheet_and_its_address_and_can_be_undone(
    visit: Visit, clara: Person, cast: Cast
) -> None:
    lot = announce(cast)
    page = visit(clara)
    page.click("nav.rooms >> text=Opportunités")
    page.click("#rows tbody th a")
    for name, number in (("labour", "40"), ("effort", "7"), ("cost", "36")):
        page.fill(f"#n_{name}", number)
    shows(page, "373")
    expect(page.locator("#n_cost")).to_be_focused()
    page.click("text=Enregistrer ces nombres")
    assert Opportunity.objects.get(lot=lot).assumptions.hours == 373
    page.fill("#n_amount", "240000")
    page.wait_for_url("**amount=240000**")
    shows(page, "187")
    page.reload()
    shows(page, "187")
    page.go_back()
    shows(page, "373")
    expect(page.locator("#n_amount")).to_have_value(re.compile(r"^480.?000"))
    page.go_forward()
    shows(page, "187")
    expect(page.locator("#n_amount")).to_have_value("240000")
    page.click("text=Enregistrer ces nombres")
    page.click("text=Annuler")
    shows(page, "373")
    assert Opportunity.objects.get(lot=lot).assumptions.hours == 373


def test_from_the_decision_to_the_award(visit: Visit, cast: Cast) -> None:
    today = timezone.localdate()
    lot = announce(cast, launched_on=today - timedelta(60))
    page = visit(cast["paula"])
    page.goto(f"/region-trois-vallees/opportunites/{lot.pk}/decision/")
    page.check("[name=decision][value=retain]")
    page.select_option("[name=modality]", "EXEC_CONDITION")
    page.click("main button.primary")

    page = visit(cast["clara"])
    page.goto(f"/region-trois-vallees/opportunites/{lot.pk}/")
    page.click("text=Rédiger la clause")
    assert page.input_value("[name=hours]") != "0"
    page.fill("[name=unit_penalty]", "45")
    page.check("text=PLIE de la Meurthe")
    page.click("main button.primary")
    clause = Clause.objects.get(lot=lot)
    assert clause.state == ClauseState.DRAFT
    page.click("#acts summary:has-text('Arrêter le texte')")
    page.click("#acts .confirm-box button")
    clause.refresh_from_db()
    assert clause.state == ClauseState.WRITTEN
    page.click("text=Enregistrer l’attribution")
    page.fill("[name=source_id]", "2026-0001")
    for name, day in (("notified_on", today), ("starts_on", today), ("ends_on", today + timedelta(300))):
        page.fill(f"[name={name}]", day.isoformat())
    holder = page.locator("fieldset.formset-row").first
    holder.locator("select").first.select_option(label="Bâtisseurs du Mad")
    page.click("main .form-acts button.primary")
    clause.refresh_from_db()
    assert clause.state == ClauseState.AWARDED
    obligation = Obligation.objects.get(clause=clause)
    assert obligation.owed == clause.hours
    assert "dues" in page.inner_text("#progress")
