"""A plan on screen: its file mapped then confirmed, its lots, its operations, and who reads it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from relais.organisations.models import Scheme, SchemeBody
from relais.procurement.models import Lot, Operation, PlanImport, PlanLine, PurchasePlan
from tests.cast import Person
from tests.pages import GuardedClient
from tests.procurement.plan_examples import plan_xlsx, workbook
from tests.procurement.plan_factories import bring, plan_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db
Browser = Callable[[Person], GuardedClient]
Budget = Callable[[int], AbstractContextManager[None]]
NAMED = {"unit": "1", "title": "Programmation 2027", "first_year": "2027", "last_year": "2028"}


def page(name: str, person: Person, **kwargs: Any) -> str:
    assert person.organisation is not None
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def send(browser: GuardedClient, person: Person, scheme: Scheme, content: bytes) -> Any:
    data = {"file": SimpleUploadedFile("plan.xlsx", content), "scheme": scheme.pk}
    return browser.post(page("plan-import", person), data, follow=True)


def columns_of(response: Any) -> dict[str, str]:
    """The meaning proposed for each column, as the page would send it back."""
    form = response.context["form"]
    return {field.html_name: str(field.value() or "") for part in form.shapes for _one, field in part.rows}


def small(*rows: list[Any]) -> bytes:
    return workbook([["Référence", "Objet", "Montant HT"], *rows])


class TestImport:
    def test_three_hundred_lots_are_mapped_foreseen_and_imported(
        self, client_for: Browser, clara: Person, scheme: Scheme
    ) -> None:
        browser = client_for(clara)
        shown = send(browser, clara, scheme, plan_xlsx(300))
        assert shown.redirect_chain[0][0] == page("plan-mapping", clara, pk=PlanImport.objects.get().pk)
        assert len(shown.context["compared"].added) == 300
        assert Lot.objects.count() == 0
        address = page("plan-mapping", clara, pk=PlanImport.objects.get().pk)
        done = browser.post(address, {**columns_of(shown), **NAMED, "act": "confirm"}, follow=True)
        plan = PurchasePlan.objects.get()
        assert done.redirect_chain[0][0] == page("plan-detail", clara, pk=plan.pk)
        assert PlanLine.objects.filter(plan=plan).count() == 300

    def test_a_choice_is_tried_before_it_is_confirmed(
        self, client_for: Browser, clara: Person, scheme: Scheme
    ) -> None:
        browser = client_for(clara)
        shown = send(browser, clara, scheme, small(["A-1", "Peinture", 120], ["A-2", "Sols", "cher"]))
        address = page("plan-mapping", clara, pk=PlanImport.objects.get().pk)
        tried = browser.post(address, {**columns_of(shown), **NAMED, "unit": "1000", "act": "preview"})
        assert tried.context["rows"][0].amount == 120_000
        assert [fault.value for fault in tried.context["faults"]] == ["cher"]
        assert Lot.objects.count() == 0

    @pytest.mark.parametrize(
        "change",
        [
            {"column_1": ""},
            {"column_0": "object"},
            {"column_2": "amount_with_tax"},
            {"column_2": "nonsense"},
            {"last_year": "2020"},
            {"title": ""},
        ],
    )
    def test_a_wrong_mapping_is_told_and_stores_nothing(
        self, client_for: Browser, clara: Person, scheme: Scheme, change: dict[str, str]
    ) -> None:
        browser = client_for(clara)
        shown = send(browser, clara, scheme, small(["A-1", "Peinture", 120]))
        address = page("plan-mapping", clara, pk=PlanImport.objects.get().pk)
        refused = browser.post(address, {**columns_of(shown), **NAMED, "act": "confirm", **change})
        assert refused.status_code == 422
        assert "error-summary" in text_of(refused)
        assert Lot.objects.count() == 0

    @pytest.mark.parametrize("content", [b"%PDF-1.4", b"bonjour", b"\x89PNG", workbook([["a"]])])
    def test_what_is_no_plan_is_told_at_once(
        self, client_for: Browser, clara: Person, scheme: Scheme, content: bytes
    ) -> None:
        assert send(client_for(clara), clara, scheme, content).status_code == 422
        assert PlanImport.objects.count() == 0

    def test_confirmed_twice_it_is_imported_once(
        self, client_for: Browser, clara: Person, scheme: Scheme
    ) -> None:
        browser = client_for(clara)
        shown = send(browser, clara, scheme, small(["A-1", "Peinture", 120]))
        address = page("plan-mapping", clara, pk=PlanImport.objects.get().pk)
        for _time in range(2):
            browser.post(address, {**columns_of(shown), **NAMED, "act": "confirm"})
        assert Lot.objects.count() == 1

    def test_a_title_already_taken_is_told(self, client_for: Browser, clara: Person, scheme: Scheme) -> None:
        bring(clara, scheme, small(["A-1", "Peinture", 120]))
        browser = client_for(clara)
        shown = send(browser, clara, scheme, small(["A-1", "Peinture", 130]))
        address = page("plan-mapping", clara, pk=PlanImport.objects.latest("pk").pk)
        refused = browser.post(address, {**columns_of(shown), **NAMED, "act": "confirm"})
        assert refused.status_code == 422
        assert PlanImport.objects.latest("pk").content is not None

    def test_refused_rows_are_downloaded(self, client_for: Browser, clara: Person, scheme: Scheme) -> None:
        done = bring(clara, scheme, small(["A-1", "Peinture", 120], ["A-2", "Sols", "cher"]))
        answer = client_for(clara).get(page("plan-faults", clara, pk=done.pk))
        assert "cher" in b"".join(answer.streaming_content).decode()


class TestPlan:
    def test_filters_keep_what_they_say(self, client_for: Browser, clara: Person, scheme: Scheme) -> None:
        plan = plan_of(bring(clara, scheme, small(["A-1", "Peinture", 120], ["A-2", "Sols", 90])))
        bring(clara, scheme, small(["A-1", "Peinture", 120]), plan=plan)
        browser, address = client_for(clara), page("plan-detail", clara, pk=plan.pk)
        assert "Sols" not in text_of(browser.get(address))
        assert "Sols" in text_of(browser.get(f"{address}?show=gone"))
        assert "Peinture" in text_of(browser.get(f"{address}?q=A-1"))
        assert "Peinture" not in text_of(browser.get(f"{address}?q=zzz"))

    def test_a_difference_is_shown_and_settled(
        self, client_for: Browser, clara: Person, scheme: Scheme
    ) -> None:
        plan = plan_of(bring(clara, scheme, small(["A-1", "Peinture", 120])))
        Lot.objects.update(estimated_amount=90)
        bring(clara, scheme, small(["A-1", "Peinture", 150]), plan=plan)
        browser, address = client_for(clara), page("plan-detail", clara, pk=plan.pk)
        assert "150.00" in text_of(browser.get(f"{address}?show=disputed"))
        line = PlanLine.objects.get()
        browser.post(page("plan-settle", clara, pk=plan.pk, line=line.pk), {"take": "file"})
        assert Lot.objects.get().estimated_amount == 150

    def test_the_plan_is_exported_as_shown(self, client_for: Browser, clara: Person, scheme: Scheme) -> None:
        plan = plan_of(bring(clara, scheme, small(["A-1", "Peinture", 120], ["A-2", "Sols", 90])))
        browser, address = client_for(clara), page("plan-export", clara, pk=plan.pk)
        told = b"".join(browser.get(f"{address}?q=A-2").streaming_content).decode()
        assert "Sols" in told
        assert "Peinture" not in told
        assert browser.get(f"{address}?format=xlsx").content[:2] == b"PK"

    @pytest.mark.parametrize("name", ["plan-detail", "plan-operations", "plan-export"])
    def test_pages_cost_the_same_with_one_row_and_with_three(
        self, client_for: Browser, within_queries: Budget, clara: Person, scheme: Scheme, name: str
    ) -> None:
        rows = [[f"A-{at}", f"Lycée de Valclair - lot {at} : peinture", 120] for at in range(3)]
        plan = plan_of(bring(clara, scheme, small(rows[0])))
        browser = client_for(clara)
        for content in (small(rows[0]), small(*rows)):
            bring(clara, scheme, content, plan=plan)
            with within_queries(12):
                browser.get(page(name, clara, pk=plan.pk))

    def test_the_list_and_the_mapping_stay_in_their_budget(
        self, client_for: Browser, within_queries: Budget, clara: Person, scheme: Scheme
    ) -> None:
        browser = client_for(clara)
        for at in range(3):
            send(
                browser, clara, scheme, small(*[[f"A-{row}", f"Peinture {at}", 120] for row in range(at + 1)])
            )
            with within_queries(12):
                browser.get(page("plan-import", clara))
            with within_queries(12):
                browser.get(page("plan-mapping", clara, pk=PlanImport.objects.latest("pk").pk))
        bring(clara, scheme, small(["A-1", "Peinture", 120]))
        with within_queries(12):
            browser.get(page("plan-list", clara))


class TestRights:
    def test_the_coordinator_reads_the_plan_of_a_buyer_that_shares(
        self, client_for: Browser, clara: Person, benoit: Person, scheme: Scheme
    ) -> None:
        plan = plan_of(bring(benoit, scheme, small(["A-1", "Peinture de la mairie", 120])))
        parts = SchemeBody.objects.filter(organisation=benoit.organisation, scheme=scheme)
        browser, address = client_for(clara), page("plan-detail", clara, pk=plan.pk)
        for shares, status in ((False, 404), (True, 200)):
            parts.update(shares_purchases=shares)
            assert browser.get(address).status_code == status
            listed = "Programmation 2027" in text_of(browser.get(page("plan-list", clara)))
            assert listed is shares
        assert browser.post(page("plan-state", clara, pk=plan.pk)).status_code == 403

    def test_a_project_lead_reads_his_own_lots_of_the_plan(
        self, client_for: Browser, clara: Person, pascal: Person, scheme: Scheme
    ) -> None:
        plan = plan_of(bring(clara, scheme, small(["A-1", "Peinture", 120], ["A-2", "Sols", 90])))
        browser, address = client_for(pascal), page("plan-detail", pascal, pk=plan.pk)
        assert browser.get(address).status_code == 404
        Lot.objects.filter(object="Sols").update(project_lead=pascal.user)
        told = text_of(browser.get(address))
        assert "Sols" in told
        assert "Peinture" not in told


class TestOperations:
    def test_they_are_made_merged_and_the_merge_undone(
        self, client_for: Browser, clara: Person, scheme: Scheme
    ) -> None:
        plan = plan_of(bring(clara, scheme, plan_xlsx(10)))
        browser, address = client_for(clara), page("plan-operations", clara, pk=plan.pk)
        assert "lycée n° 1 de Valclair" in text_of(browser.get(address))
        browser.post(address, {"act": "rebuild"})
        pks = list(Operation.objects.values_list("pk", flat=True))
        assert len(pks) == 2
        browser.post(address, {"act": "merge", "operation": pks})
        assert Operation.objects.count() == 1
        browser.post(address, {"act": "undo"})
        assert Operation.objects.count() == 2
        lots = list(Operation.objects.earliest("pk").lots.values_list("pk", flat=True))
        browser.post(address, {"act": "split", "lot": lots[:2]})
        assert Lot.objects.filter(operation=None).count() == 2
        browser.post(address, {"act": "undo"})
        assert Lot.objects.filter(operation=None).count() == 0

    @pytest.mark.parametrize(
        "data",
        [
            {"act": "group", "name": "X"},
            {"act": "merge", "operation": ["999999"]},
            {"act": "split", "lot": ["abc"]},
            {"act": "undo"},
            {"act": "nonsense"},
            {"act": "add", "into": "999999"},
        ],
    )
    def test_an_act_that_cannot_be_done_is_told(
        self, client_for: Browser, clara: Person, scheme: Scheme, data: dict[str, Any]
    ) -> None:
        plan = plan_of(bring(clara, scheme, plan_xlsx(2)))
        answer = client_for(clara).post(page("plan-operations", clara, pk=plan.pk), data, follow=True)
        assert answer.status_code == 200
        assert 'class="notice bad"' in text_of(answer)
        assert Operation.objects.count() == 0
