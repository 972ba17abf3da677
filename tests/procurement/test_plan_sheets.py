"""Workbooks whose sheets have other columns: each shape is mapped and learned, sheets are left out."""

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from relais.core.words import BadValue
from relais.organisations.models import Scheme
from relais.procurement.actions.plans import NewPlan, import_plan, receive_plan
from relais.procurement.models import Lot, PlanImport, PlanLine, PlanMapping
from relais.procurement.planning import Chosen, kept_file
from relais.procurement.plans import ColumnMapping, Field
from tests.cast import Person
from tests.pages import GuardedClient
from tests.procurement.plan_factories import BUYER, NOON, bring

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], GuardedClient]
WORKS = [
    ["Objet", "Montant HT", "Durée", "Lancement"],
    ["Peinture du lycée", 120000, "8 mois", "T2 2027"],
    ["Toiture du lycée", 300000, "10 mois", "T3 2027"],
]
SERVICES = [
    ["Libellé", "Estimation k€ HT", "Service"],
    ["Nettoyage des locaux", 240, "Direction des moyens"],
]
OLD = [["Objet", "Montant HT"], ["Ancien marché de peinture", 1000]]
NAMED = {"title": "Programmation 2027", "first_year": "2027", "last_year": "2028"}


def book(**sheets: Sequence[Sequence[Any]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row)
    return buffer.getvalue()


THREE = book(Travaux=WORKS, Services=SERVICES, Archives=OLD)


def received(person: Person, scheme: Scheme, content: bytes) -> PlanImport:
    actor = person.actor(NOON.date())
    return receive_plan(
        content, name="plan.xlsx", scheme=scheme, plan=None, capacities=BUYER, actor=actor, at=NOON
    )


def page(name: str, person: Person, **kwargs: Any) -> str:
    assert person.organisation is not None
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


def test_each_shape_is_read_with_its_own_columns_and_unit(clara: Person, scheme: Scheme) -> None:
    done = bring(clara, scheme, THREE)
    assert (done.read, done.created, done.rejected) == (4, 4, 0)
    amounts = dict(Lot.objects.values_list("object", "estimated_amount"))
    assert amounts["Nettoyage des locaux"] == 240_000
    assert amounts["Peinture du lycée"] == 120_000
    assert PlanLine.objects.get(lot__object="Nettoyage des locaux").service == "Direction des moyens"
    assert PlanMapping.objects.filter(organisation=clara.organisation).count() == 3
    assert [part["sheets"] for part in done.mapping["read"]] == [["Travaux"], ["Services"], ["Archives"]]


def test_a_sheet_left_out_is_not_read_and_stays_out_the_next_time(clara: Person, scheme: Scheme) -> None:
    receipt = received(clara, scheme, THREE)
    chosen = Chosen(kept_file(receipt).proposed.mappings, frozenset({"Archives"}))
    actor = clara.actor(NOON.date())
    done = import_plan(receipt, chosen, new=NewPlan("Plan", 2027, 2027), actor=actor, at=NOON)
    assert done.created == 3
    assert not Lot.objects.filter(object__startswith="Ancien").exists()
    assert done.mapping["left_out"] == ["Archives"]
    assert kept_file(received(clara, scheme, THREE)).proposed.left_out == {"Archives"}


def test_what_was_said_of_one_shape_is_recognised_in_another_workbook(clara: Person, scheme: Scheme) -> None:
    receipt = received(clara, scheme, THREE)
    proposed = kept_file(receipt).proposed
    services = ColumnMapping({0: Field.OBJECT, 1: Field.AMOUNT, 2: Field.LEAD}, 1000)
    chosen = Chosen((proposed.mappings[0], services, proposed.mappings[2]))
    actor = clara.actor(NOON.date())
    import_plan(receipt, chosen, new=NewPlan("Plan", 2027, 2027), actor=actor, at=NOON)
    again = kept_file(received(clara, scheme, book(Autre=SERVICES)))
    assert again.remembered
    assert again.mapping == services


def test_the_same_purchase_in_two_sheets_is_counted_once(clara: Person, scheme: Scheme) -> None:
    twice = [["Objet", "Durée", "Montant HT"], ["Peinture du lycée", "8 mois", 120000]]
    once = [["Objet", "Montant HT", "Durée"], ["Peinture du lycée", 120000, "8 mois"]]
    done = bring(clara, scheme, book(Un=once, Deux=twice))
    assert (done.created, done.rejected) == (1, 1)
    assert done.faults[0]["sheet"] == "Deux"
    assert done.faults[0]["reason"]["params"]["sheet"] == "Un"


def test_every_sheet_left_out_is_refused(clara: Person, scheme: Scheme) -> None:
    receipt = received(clara, scheme, THREE)
    chosen = Chosen(kept_file(receipt).proposed.mappings, frozenset({"Travaux", "Services", "Archives"}))
    with pytest.raises(BadValue):
        import_plan(receipt, chosen, new=NewPlan("Plan", 2027, 2027), actor=clara.actor(), at=NOON)
    assert (Lot.objects.count(), PlanMapping.objects.count()) == (0, 0)


class TestOnScreen:
    def sent(self, browser: GuardedClient, clara: Person, scheme: Scheme) -> tuple[str, dict[str, Any]]:
        """The address of the page, and what it would send back as it stands."""
        data = {"file": SimpleUploadedFile("plan.xlsx", THREE), "scheme": scheme.pk}
        shown = browser.post(page("plan-import", clara), data, follow=True)
        form = shown.context["form"]
        values = {field.html_name: field.value() for field in form if field.value() is not None}
        return shown.redirect_chain[-1][0], {**values, **NAMED}

    def test_the_sheets_are_mapped_one_by_one_and_left_out(
        self, client_for: Browser, clara: Person, scheme: Scheme
    ) -> None:
        browser = client_for(clara)
        address, values = self.sent(browser, clara, scheme)
        assert values["sheets"] == ["0", "1", "2"]
        tried = browser.post(address, {**values, "sheets": ["0", "1"], "act": "preview"})
        assert len(tried.context["compared"].added) == 3
        browser.post(address, {**values, "sheets": ["0", "1"], "shape1_unit": "1", "act": "confirm"})
        assert Lot.objects.get(object="Nettoyage des locaux").estimated_amount == 240
        assert Lot.objects.count() == 3

    @pytest.mark.parametrize(
        "change",
        [
            {"sheets": []},
            {"sheets": ["9"]},
            {"shape1_column_0": ""},
            {"shape1_column_1": "object"},
            {"shape2_unit": "7"},
        ],
    )
    def test_a_wrong_choice_is_told_and_stores_nothing(
        self, client_for: Browser, clara: Person, scheme: Scheme, change: dict[str, Any]
    ) -> None:
        browser = client_for(clara)
        address, values = self.sent(browser, clara, scheme)
        refused = browser.post(address, {**values, **change, "act": "confirm"})
        assert refused.status_code == 422
        assert Lot.objects.count() == 0

    def test_what_is_wrong_in_a_sheet_left_out_does_not_matter(
        self, client_for: Browser, clara: Person, scheme: Scheme
    ) -> None:
        browser = client_for(clara)
        address, values = self.sent(browser, clara, scheme)
        browser.post(address, {**values, "sheets": ["0"], "shape1_column_0": "", "act": "confirm"})
        assert Lot.objects.count() == 2


def test_the_command_leaves_sheets_out(
    clara: Person, scheme: Scheme, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(THREE)
    assert clara.organisation is not None
    with pytest.raises(CommandError, match="Rien"):
        call_command("import-plan", path, buyer=clara.organisation.slug, leave_out=["Rien"])
    assert PlanImport.objects.count() == 0
    call_command(
        "import-plan", str(path), "--buyer", clara.organisation.slug, "--leave-out", "Archives", "--json"
    )
    assert json.loads(capsys.readouterr().out)["totals"]["created"] == 3
