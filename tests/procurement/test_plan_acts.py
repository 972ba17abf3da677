"""Plans come in and come again: what is added, changed, gone, and what nobody may change silently."""

import io
import json
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from relais.core.words import BadValue
from relais.kit.access import Refused, Stale
from relais.kit.models import AuditEntry
from relais.organisations.models import Scheme
from relais.procurement.actions.operations import (
    group_lots,
    grouping_of,
    merge_operations,
    rebuild_operations,
    regroup,
    ungroup_lots,
)
from relais.procurement.actions.plans import (
    bring_back,
    import_plan,
    put_away,
    receive_plan,
    settle_line,
)
from relais.procurement.decp import ReadError
from relais.procurement.enums import Origin
from relais.procurement.models import Lot, Operation, PlanImport, PlanLine, PlanMapping, PurchasePlan
from relais.procurement.planning import Chosen, kept_file
from relais.procurement.plans import ColumnMapping, Field
from relais.screening.actions import reject
from relais.screening.models import ScreeningResult
from relais.territories.models import Department
from tests.cast import Person
from tests.procurement.plan_examples import plan_xlsx, workbook
from tests.procurement.plan_factories import BUYER, NOON, bring, plan_of

pytestmark = pytest.mark.django_db


def table(*rows: Sequence[Any]) -> bytes:
    return workbook([["Référence", "Objet", "Montant HT", "Durée", "Lieu", "Chef de projet"], *rows])


ROW = ["A-1", "Peinture du lycée", 120000, "8 mois", "54", "pascal"]


class TestFirstImport:
    def test_three_hundred_lots_are_stored_and_screened(self, clara: Person, scheme: Scheme) -> None:
        done = bring(clara, scheme, plan_xlsx(300))
        assert (done.read, done.created, done.rejected) == (300, 300, 0)
        assert done.content is None
        lots = Lot.objects.filter(plan_lines__plan=done.plan)
        assert lots.filter(origin=Origin.PLANNED, buyer=clara.organisation).count() == 300
        assert ScreeningResult.objects.filter(lot__in=lots).count() == 300
        line = PlanLine.objects.get(reference="AO-000-01")
        assert line.raw["cells"]["Commentaires internes"] == "suivi 0"
        assert line.service == "Direction des bâtiments"

    def test_places_and_project_leads_are_recognised(
        self, clara: Person, pascal: Person, scheme: Scheme
    ) -> None:
        name = pascal.user.full_name  # type: ignore[union-attr]
        bring(clara, scheme, table([*ROW[:5], name], ["A-2", "Sols", 9000, "", "Ici", "Quelqu'un"]))
        first, second = Lot.objects.order_by("pk")
        assert first.department_id == Department.objects.get(code="54").pk
        assert first.project_lead == pascal.user
        assert (second.department_id, second.project_lead) == (None, None)
        assert PlanLine.objects.get(lot=second).lead == "Quelqu'un"

    def test_the_mapping_is_remembered_and_its_headers_serve_other_files(
        self, clara: Person, scheme: Scheme
    ) -> None:
        content = workbook([["Objet", "Bidule", "Durée"], ["Peinture", "K-1", "6 mois"]])
        told = ColumnMapping({0: Field.OBJECT, 1: Field.REFERENCE, 2: Field.DURATION})
        bring(clara, scheme, content, mapping=told)
        again = receive_plan(
            content, name="x", scheme=scheme, plan=None, capacities=BUYER, actor=clara.actor(), at=NOON
        )
        assert kept_file(again).remembered
        assert kept_file(again).mapping.at(Field.REFERENCE) == 1
        other = receive_plan(
            workbook([["Durée", "Bidule", "Objet"], ["6 mois", "K-1", "Peinture"]]),
            name="y",
            scheme=scheme,
            plan=None,
            capacities=BUYER,
            actor=clara.actor(),
            at=NOON,
        )
        assert not kept_file(other).remembered
        assert kept_file(other).mapping.at(Field.REFERENCE) == 1

    def test_another_body_does_not_profit_from_the_mapping(
        self, clara: Person, benoit: Person, scheme: Scheme
    ) -> None:
        bring(clara, scheme, table(ROW))
        assert PlanMapping.objects.filter(organisation=benoit.organisation).count() == 0

    def test_faults_are_kept_with_the_import_and_nothing_of_their_rows(
        self, clara: Person, scheme: Scheme
    ) -> None:
        done = bring(clara, scheme, table(ROW, ["A-2", "Sols", "cher", "", "", ""]))
        assert (done.created, done.rejected) == (1, 1)
        assert done.faults[0]["column"] == "C"
        assert not PlanLine.objects.filter(reference="A-2").exists()


class TestRefusals:
    def test_an_unreadable_file_stores_nothing(self, clara: Person, scheme: Scheme) -> None:
        with pytest.raises(ReadError):
            bring(clara, scheme, b"%PDF-1.4")
        assert PlanImport.objects.count() == 0

    def test_a_mapping_without_object_stores_nothing(self, clara: Person, scheme: Scheme) -> None:
        with pytest.raises(BadValue):
            bring(clara, scheme, table(ROW), mapping=ColumnMapping({2: Field.AMOUNT}))
        assert (Lot.objects.count(), PurchasePlan.objects.count()) == (0, 0)

    def test_a_file_without_a_usable_row_is_refused(self, clara: Person, scheme: Scheme) -> None:
        with pytest.raises(Refused):
            bring(clara, scheme, table(["A-2", "Sols", "cher", "", "", ""]))
        assert PurchasePlan.objects.count() == 0

    def test_the_same_receipt_is_imported_once(self, clara: Person, scheme: Scheme) -> None:
        done = bring(clara, scheme, table(ROW))
        with pytest.raises((Stale, ReadError)):
            import_plan(
                done, Chosen((ColumnMapping({1: Field.OBJECT}),)), new=None, actor=clara.actor(), at=NOON
            )
        assert Lot.objects.count() == 1

    def test_a_project_lead_and_another_buyer_write_no_plan(
        self, clara: Person, pascal: Person, benoit: Person, scheme: Scheme
    ) -> None:
        plan = plan_of(bring(clara, scheme, table(ROW)))
        with pytest.raises(Refused):
            bring(pascal, scheme, table(ROW))
        with pytest.raises(Refused):
            bring(benoit, scheme, table(ROW), plan=plan)
        assert Lot.objects.count() == 1

    def test_a_plan_put_away_takes_no_file_until_brought_back(self, clara: Person, scheme: Scheme) -> None:
        plan = plan_of(bring(clara, scheme, table(ROW)))
        put_away(plan, actor=clara.actor(), at=NOON)
        with pytest.raises(Refused):
            bring(clara, scheme, table(ROW), plan=plan)
        bring_back(plan, actor=clara.actor(), at=NOON)
        assert bring(clara, scheme, table(ROW), plan=plan).unchanged == 1

    def test_a_file_never_confirmed_is_forgotten_after_a_week(self, clara: Person, scheme: Scheme) -> None:
        for at in (NOON, NOON + timedelta(days=8)):
            receive_plan(
                table(ROW), name="x", scheme=scheme, plan=None, capacities=BUYER, actor=clara.actor(), at=at
            )
        assert PlanImport.objects.get().started_at == NOON + timedelta(days=8)


class TestLaterVersions:
    def test_the_same_file_changes_nothing(self, clara: Person, scheme: Scheme) -> None:
        plan = plan_of(bring(clara, scheme, plan_xlsx(60)))
        before = list(Lot.objects.order_by("pk").values())
        again = bring(clara, scheme, plan_xlsx(60), plan=plan)
        assert (again.created, again.updated, again.gone, again.unchanged) == (0, 0, 0, 60)
        assert list(Lot.objects.order_by("pk").values()) == before

    def test_a_changed_amount_changes_the_lot_and_what_left_is_flagged(
        self, clara: Person, scheme: Scheme
    ) -> None:
        plan = plan_of(bring(clara, scheme, table(ROW, ["A-2", "Sols", 9000, "", "", ""])))
        done = bring(
            clara, scheme, table(["A-1", "Peinture du lycée", 150000, "8 mois", "54", "pascal"]), plan=plan
        )
        assert (done.updated, done.gone) == (1, 1)
        assert PlanLine.objects.get(reference="A-1").lot.estimated_amount == 150_000
        gone = PlanLine.objects.get(reference="A-2")
        assert gone.gone_at is not None
        assert Lot.objects.filter(pk=gone.lot_id).exists()

    def test_a_lot_that_comes_back_is_in_the_plan_again(self, clara: Person, scheme: Scheme) -> None:
        both = table(ROW, ["A-2", "Sols", 9000, "", "", ""])
        plan = plan_of(bring(clara, scheme, both))
        bring(clara, scheme, table(ROW), plan=plan)
        bring(clara, scheme, both, plan=plan)
        assert PlanLine.objects.filter(plan=plan, gone_at=None).count() == 2
        assert Lot.objects.count() == 2

    def test_a_decided_lot_is_not_changed_silently(
        self, clara: Person, carole: Person, scheme: Scheme
    ) -> None:
        plan = plan_of(bring(clara, scheme, table(ROW)))
        lot = Lot.objects.get()
        reject(lot, case="few_hours", reason="", version=0, actor=carole.actor(), at=NOON, on=NOON.date())
        done = bring(clara, scheme, table([*ROW[:2], 150000, *ROW[3:]]), plan=plan)
        assert (done.updated, done.conflicts) == (1, 1)
        lot.refresh_from_db()
        assert lot.estimated_amount == 120_000
        line = PlanLine.objects.get()
        assert [(one["name"], one["file"], one["lot"]) for one in line.disputed] == [
            ("amount", "150000.00", "120000.00")
        ]
        with pytest.raises(Refused):
            settle_line(line, take=True, actor=clara.actor(), at=NOON)
        settle_line(line, take=False, actor=clara.actor(), at=NOON)
        assert not line.is_disputed
        assert bring(clara, scheme, table([*ROW[:2], 150000, *ROW[3:]]), plan=plan).conflicts == 0

    def test_a_lot_corrected_by_hand_waits_for_a_choice(self, clara: Person, scheme: Scheme) -> None:
        plan = plan_of(bring(clara, scheme, table(ROW)))
        Lot.objects.update(estimated_amount=Decimal(90_000))
        bring(clara, scheme, table([*ROW[:2], 150000, *ROW[3:]]), plan=plan)
        line = PlanLine.objects.get()
        assert line.lot.estimated_amount == 90_000
        settle_line(line, take=True, actor=clara.actor(), at=NOON)
        assert Lot.objects.get().estimated_amount == 150_000

    def test_a_conflict_waits_while_other_fields_change(self, clara: Person, scheme: Scheme) -> None:
        plan = plan_of(bring(clara, scheme, table(ROW)))
        Lot.objects.update(estimated_amount=Decimal(90_000))
        for months in ("8 mois", "10 mois"):
            bring(clara, scheme, table([*ROW[:2], 150000, months, *ROW[4:]]), plan=plan)
        line = PlanLine.objects.get()
        assert [one["name"] for one in line.disputed] == ["amount"]
        assert line.lot.duration_months == 10


class TestOperations:
    @pytest.fixture
    def plan(self, clara: Person, scheme: Scheme) -> PurchasePlan:
        return plan_of(bring(clara, scheme, plan_xlsx(10)))

    def test_they_are_rebuilt_from_the_objects(self, clara: Person, plan: PurchasePlan) -> None:
        made = rebuild_operations(plan, actor=clara.actor(), at=NOON)
        assert [(one.name, one.lots.count()) for one in made] == [
            ("Restructuration du lycée n° 1 de Valclair", 5),
            ("Restructuration du lycée n° 2 de Hautmont-les-Bois", 5),
        ]
        assert rebuild_operations(plan, actor=clara.actor(), at=NOON) == []

    def test_a_merge_is_undone(self, clara: Person, plan: PurchasePlan) -> None:
        first, second = rebuild_operations(plan, actor=clara.actor(), at=NOON)
        before = grouping_of(plan, (), [first.pk, second.pk])
        merge_operations(plan, [first, second], actor=clara.actor(), at=NOON)
        assert (Operation.objects.count(), first.lots.count()) == (1, 10)
        regroup(plan, before, actor=clara.actor(), at=NOON)
        assert sorted(one.lots.count() for one in Operation.objects.all()) == [5, 5]
        assert {one.name for one in Operation.objects.all()} == {first.name, second.name}

    def test_a_split_empties_and_is_undone(self, clara: Person, plan: PurchasePlan) -> None:
        first, _second = rebuild_operations(plan, actor=clara.actor(), at=NOON)
        lots = list(first.lots.values_list("pk", flat=True))
        before = grouping_of(plan, lots)
        assert ungroup_lots(plan, lots, actor=clara.actor(), at=NOON) == 5
        assert not Operation.objects.filter(pk=first.pk).exists()
        regroup(plan, before, actor=clara.actor(), at=NOON)
        assert Lot.objects.filter(operation__name=first.name).count() == 5

    def test_lots_of_another_plan_are_refused(
        self, clara: Person, benoit: Person, scheme: Scheme, plan: PurchasePlan
    ) -> None:
        bring(benoit, scheme, table(ROW))
        other = Lot.objects.get(buyer=benoit.organisation)
        own = Lot.objects.filter(buyer=clara.organisation).values_list("pk", flat=True)
        with pytest.raises(Refused):
            group_lots(plan, [own[0], other.pk], name="Tout", actor=clara.actor(), at=NOON)
        with pytest.raises(Refused):
            group_lots(plan, own[:1], name="Seul", actor=clara.actor(), at=NOON)
        assert Operation.objects.count() == 0

    def test_each_act_leaves_its_line_in_the_trail(self, clara: Person, plan: PurchasePlan) -> None:
        rebuild_operations(plan, actor=clara.actor(), at=NOON)
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
        assert {"procurement.plan.imported", "procurement.operation.grouped"} <= verbs


class TestCommand:
    def run(self, path: Path, *options: str) -> dict[str, Any]:
        out = io.StringIO()
        call_command(
            "import-plan", str(path), "--buyer", "region-trois-vallees", "--json", *options, stdout=out
        )
        return json.loads(out.getvalue())  # type: ignore[no-any-return]

    def test_it_reports_and_a_second_run_changes_nothing(
        self, clara: Person, scheme: Scheme, tmp_path: Path
    ) -> None:
        path = tmp_path / "plan.xlsx"
        path.write_bytes(plan_xlsx(30))
        first = self.run(path)
        assert first["totals"]["created"] == 30
        assert first["plan"]["first_year"] == 2026
        again = self.run(path)
        assert (again["totals"]["unchanged"], PurchasePlan.objects.count()) == (30, 1)

    def test_faults_are_located(self, clara: Person, scheme: Scheme, tmp_path: Path) -> None:
        path = tmp_path / "plan.xlsx"
        path.write_bytes(table(ROW, ["A-2", "Sols", "cher", "", "", ""]))
        told = self.run(path)["rejections"]
        assert [(one["row"], one["column"], one["value"]) for one in told] == [(3, "C", "cher")]

    def test_people_read_a_report(self, clara: Person, scheme: Scheme, tmp_path: Path) -> None:
        path = tmp_path / "plan.xlsx"
        path.write_bytes(table(ROW, ["A-2", "Sols", "cher", "", "", ""]))
        out = io.StringIO()
        call_command("import-plan", str(path), "--buyer", clara.organisation.siret, stdout=out)  # type: ignore[union-attr]
        assert "Feuil1" in out.getvalue()

    @pytest.mark.parametrize(
        ("name", "buyer", "code"),
        [
            ("none.xlsx", "region-trois-vallees", 2),
            ("bad.xlsx", "region-trois-vallees", 1),
            ("bad.xlsx", "x", 2),
        ],
    )
    def test_it_fails_loudly(
        self, clara: Person, scheme: Scheme, tmp_path: Path, name: str, buyer: str, code: int
    ) -> None:
        (tmp_path / "bad.xlsx").write_bytes(b"nothing")
        with pytest.raises(CommandError) as failed:
            call_command("import-plan", str(tmp_path / name), "--buyer", buyer)
        assert failed.value.returncode == code
        assert PlanImport.objects.count() == 0

    def test_amounts_with_tax_need_their_rate(self, clara: Person, scheme: Scheme, tmp_path: Path) -> None:
        path = tmp_path / "plan.xlsx"
        path.write_bytes(workbook([["Objet", "Montant TTC"], ["Peinture", 120000]]))
        with pytest.raises(CommandError):
            self.run(path)
        self.run(path, "--vat", "20")
        assert Lot.objects.get().estimated_amount == 100_000
