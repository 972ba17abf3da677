"""A plan without a file: opened, its lots typed one after another, corrected, taken out, others added."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from relais.kit.access import Refused, Stale
from relais.kit.models import AuditEntry
from relais.organisations.models import Scheme
from relais.procurement.actions.plans import NewPlan, put_away
from relais.procurement.actions.typed_lines import (
    TypedLot,
    add_lots,
    correct_line,
    digest,
    remove_line,
    type_line,
    type_plan,
)
from relais.procurement.enums import LineEntry, Origin
from relais.procurement.models import Lot, Operation, PlanLine, Procedure, PurchasePlan
from relais.screening.actions import reject, study
from relais.screening.models import ScreeningResult
from tests.cast import Person
from tests.pages import GuardedClient
from tests.procurement.plan_examples import workbook
from tests.procurement.plan_factories import BUYER, NOON, bring
from tests.screening.factories import lot as announced

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], GuardedClient]
Budget = Callable[[int], AbstractContextManager[None]]
WHOLE = {
    "object": "Lycée Ravel, lot 3 : peinture",
    "amount": "1 234 567,50",
    "months": "14",
    "cpv": "45442100-8",
    "launched_on": "2027-04-01",
    "notified_on": "2027-09-01",
    "place": "54",
    "operation": "Lycée Ravel",
    "consultation": "Restructuration du lycée Ravel",
    "number": "3",
    "procedure_kind": "Appel d'offres ouvert",
    "whole_value": "6000000",
    "service": "Direction des lycées",
    "reference": "AO-27-3",
    "remark": "Travaux en site occupé",
}


def page(name: str, person: Person, **kwargs: Any) -> str:
    assert person.organisation is not None
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def opened(person: Person, scheme: Scheme, title: str = "Achats 2027") -> PurchasePlan:
    actor = person.actor(NOON.date())
    return type_plan(NewPlan(title, 2027, 2027), scheme=scheme, capacities=BUYER, actor=actor, at=NOON)


@pytest.fixture
def plan(clara: Person, scheme: Scheme) -> PurchasePlan:
    return opened(clara, scheme)


def typed(person: Person, plan: PurchasePlan, **values: Any) -> PlanLine:
    told = TypedLot(**{"object": "Peinture du lycée", "amount": Decimal(120_000), **values})
    return type_line(plan, told, actor=person.actor(NOON.date()), at=NOON)


class TestTyping:
    def test_a_plan_is_opened_and_two_lots_typed_in_a_row(
        self, client_for: Browser, clara: Person, scheme: Scheme
    ) -> None:
        browser = client_for(clara)
        data = {"title": "Achats 2027", "first_year": "2027", "last_year": "", "scheme": scheme.pk}
        answer = browser.post(page("plan-create", clara), data)
        plan = PurchasePlan.objects.get()
        assert (plan.first_year, plan.last_year, plan.buyer) == (2027, 2027, clara.organisation)
        assert answer.headers["Location"] == page("plan-line-create", clara, pk=plan.pk)
        next_one = browser.post(answer.headers["Location"], {**WHOLE, "then": "another"}, follow=True)
        initial = next_one.context["form"].initial
        assert (initial["operation"], initial["consultation"]) == ("Lycée Ravel", WHOLE["consultation"])
        assert "object" not in initial
        assert "Lycée Ravel, lot 3" in text_of(next_one)
        last = browser.post(page("plan-line-create", clara, pk=plan.pk), {"object": "Sols", "then": "close"})
        assert last.headers["Location"] == page("plan-detail", clara, pk=plan.pk)
        assert plan.lines.count() == 2

    def test_everything_typed_is_kept_and_screened(
        self, client_for: Browser, clara: Person, plan: PurchasePlan
    ) -> None:
        client_for(clara).post(page("plan-line-create", clara, pk=plan.pk), WHOLE)
        line = PlanLine.objects.select_related("lot__operation", "lot__procedure").get()
        lot = line.lot
        assert (lot.origin, line.entry) == (Origin.TYPED, LineEntry.TYPED)
        assert (lot.estimated_amount, lot.duration_months) == (Decimal("1234567.50"), 14)
        assert (lot.cpv, lot.nature, lot.department_id, lot.number) == ("45442100", "works", "54", "3")
        assert lot.operation is not None
        assert lot.operation.name == "Lycée Ravel"
        assert lot.procedure is not None
        assert lot.procedure.kind == "Appel d'offres ouvert"
        assert lot.procedure.estimated_value == 6_000_000
        assert (line.reference, line.service) == ("AO-27-3", "Direction des lycées")
        assert lot.search_object.startswith("lycee ravel")
        result = ScreeningResult.objects.get(lot=lot)
        assert result.hours
        assert result.duty_applies

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"object": " "}, "object"),
            ({"cpv": "4544"}, "cpv"),
            ({"months": "0"}, "months"),
            ({"amount": "cher"}, "amount"),
            ({"amount": "-5"}, "amount"),
            ({"amount": "99999999999999"}, "amount"),
            ({"place": "Nulle-Part"}, "place"),
            ({"launched_on": "1987-01-01"}, "launched_on"),
            ({"consultation": ""}, "consultation"),
            ({"whole_value": "10"}, "whole_value"),
            ({"lead": "999999"}, "lead"),
        ],
    )
    def test_a_wrong_value_is_told_at_its_field_and_stores_nothing(
        self, client_for: Browser, clara: Person, plan: PurchasePlan, change: dict[str, str], field: str
    ) -> None:
        answer = client_for(clara).post(page("plan-line-create", clara, pk=plan.pk), {**WHOLE, **change})
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert "error-summary" in text_of(answer)
        assert (Lot.objects.count(), Procedure.objects.count(), Operation.objects.count()) == (0, 0, 0)

    def test_a_title_already_taken_is_told(
        self, client_for: Browser, clara: Person, scheme: Scheme, plan: PurchasePlan
    ) -> None:
        data = {"title": plan.title, "first_year": "2027", "scheme": scheme.pk}
        assert client_for(clara).post(page("plan-create", clara), data).status_code == 422
        assert PurchasePlan.objects.count() == 1

    def test_the_lots_of_a_consultation_are_judged_together(self, clara: Person, plan: PurchasePlan) -> None:
        first = typed(clara, plan, consultation="Lycée Ravel", launched_on=NOON.date().replace(year=2027))
        assert not ScreeningResult.objects.get(lot=first.lot).duty_applies
        typed(clara, plan, object="Sols", consultation="Lycée Ravel", whole_value=Decimal(7_000_000))
        assert ScreeningResult.objects.get(lot=first.lot).duty_applies

    def test_a_plan_put_away_takes_no_lot(
        self, client_for: Browser, clara: Person, plan: PurchasePlan
    ) -> None:
        put_away(plan, actor=clara.actor(), at=NOON)
        address = page("plan-line-create", clara, pk=plan.pk)
        assert client_for(clara).get(address).status_code == 403
        assert client_for(clara).post(address, WHOLE).status_code == 403
        assert Lot.objects.count() == 0

    def test_only_the_people_of_the_buyer_type(
        self, clara: Person, pascal: Person, benoit: Person, plan: PurchasePlan
    ) -> None:
        for person in (pascal, benoit):
            with pytest.raises(Refused):
                typed(person, plan)
        assert Lot.objects.count() == 0


class TestCorrecting:
    def test_a_typed_lot_is_corrected_and_screened_again(
        self, client_for: Browser, clara: Person, plan: PurchasePlan
    ) -> None:
        line = typed(clara, plan, operation="Lycée Ravel")
        browser, address = client_for(clara), page("plan-line-edit", clara, pk=plan.pk, line=line.pk)
        form = browser.get(address).context["form"]
        sent = {name: "" if value is None else value for name, value in form.initial.items()}
        before = ScreeningResult.objects.get(lot=line.lot).fingerprint
        browser.post(address, {**sent, "object": "Sols", "amount": "90000", "operation": "Lycée Fauré"})
        line.lot.refresh_from_db()
        assert (line.lot.object, line.lot.estimated_amount) == ("Sols", 90_000)
        assert list(Operation.objects.values_list("name", flat=True)) == ["Lycée Fauré"]
        assert ScreeningResult.objects.get(lot=line.lot).fingerprint != before
        assert AuditEntry.objects.filter(verb="procurement.line.corrected").count() == 1

    def test_what_somebody_changed_in_between_is_not_overwritten(
        self, clara: Person, plan: PurchasePlan
    ) -> None:
        line = typed(clara, plan)
        seen = digest(line)
        Lot.objects.update(estimated_amount=5)
        with pytest.raises(Stale):
            correct_line(line, TypedLot(object="Sols"), seen=seen, actor=clara.actor(), at=NOON)
        assert Lot.objects.get().object == "Peinture du lycée"

    def test_a_decided_lot_is_corrected_and_taken_out_no_more(
        self, client_for: Browser, clara: Person, paula: Person, plan: PurchasePlan
    ) -> None:
        line = typed(clara, plan)
        decided = {"case": "few_hours", "reason": "", "version": 0, "on": NOON.date()}
        reject(line.lot, actor=paula.actor(), at=NOON, **decided)
        browser = client_for(clara)
        address = page("plan-line-edit", clara, pk=plan.pk, line=line.pk)
        assert browser.get(address).status_code == 403
        assert address not in text_of(browser.get(page("plan-detail", clara, pk=plan.pk)))
        with pytest.raises(Refused):
            remove_line(line, actor=clara.actor(), at=NOON)
        assert PlanLine.objects.count() == 1

    def test_a_line_of_a_file_is_not_corrected_by_hand(
        self, client_for: Browser, clara: Person, scheme: Scheme
    ) -> None:
        done = bring(clara, scheme, workbook([["Objet", "Montant HT"], ["Peinture", 120]]))
        line = PlanLine.objects.get()
        address = {"pk": done.plan_id, "line": line.pk}
        assert client_for(clara).get(page("plan-line-edit", clara, **address)).status_code == 403
        assert client_for(clara).post(page("plan-line-remove", clara, **address)).status_code == 403
        assert PlanLine.objects.count() == 1


class TestRemoving:
    def test_a_typed_lot_disappears_with_its_line(
        self, client_for: Browser, clara: Person, plan: PurchasePlan
    ) -> None:
        line = typed(clara, plan, operation="Lycée Ravel")
        client_for(clara).post(page("plan-line-remove", clara, pk=plan.pk, line=line.pk))
        counts = (PlanLine.objects.count(), Lot.objects.count(), Operation.objects.count())
        assert counts == (0, 0, 0)
        assert AuditEntry.objects.filter(verb="procurement.line.removed").count() == 1

    def test_a_lot_somebody_studies_stays(
        self, client_for: Browser, clara: Person, plan: PurchasePlan
    ) -> None:
        line = typed(clara, plan)
        study(line.lot, version=0, actor=clara.actor(), at=NOON)
        browser = client_for(clara)
        assert "opened the sheet" in text_of(
            browser.get(
                page("plan-line-edit", clara, pk=plan.pk, line=line.pk), headers={"accept-language": "en"}
            )
        )
        answer = browser.post(page("plan-line-remove", clara, pk=plan.pk, line=line.pk))
        assert answer.status_code == 403
        assert Lot.objects.count() == 1


class TestAdding:
    def test_a_lot_announced_before_joins_the_plan_and_leaves_it_whole(
        self, client_for: Browser, clara: Person, scheme: Scheme, plan: PurchasePlan
    ) -> None:
        lot = announced(clara, scheme)
        browser, address = client_for(clara), page("plan-line-add", clara, pk=plan.pk)
        assert "Stanislas" in text_of(browser.get(address))
        browser.post(address, {"lot": [lot.pk]})
        line = plan.lines.get()
        assert (line.lot, line.entry) == (lot, LineEntry.ADDED)
        assert "Stanislas" not in text_of(browser.get(address))
        browser.post(page("plan-line-remove", clara, pk=plan.pk, line=line.pk))
        assert (plan.lines.count(), Lot.objects.count()) == (0, 1)

    def test_lots_of_others_awarded_or_held_already_are_refused(
        self, clara: Person, benoit: Person, scheme: Scheme, plan: PurchasePlan
    ) -> None:
        held = typed(clara, plan).lot
        for lots in ([held.pk], [announced(benoit, scheme).pk], [999_999], []):
            with pytest.raises(Refused):
                add_lots(plan, lots, actor=clara.actor(), at=NOON)
        assert plan.lines.count() == 1


class TestFileAfterHand:
    def test_a_file_says_nothing_of_typed_lots_it_does_not_name(
        self, clara: Person, plan: PurchasePlan, scheme: Scheme
    ) -> None:
        line = typed(clara, plan)
        done = bring(clara, scheme, workbook([["Objet", "Montant HT"], ["Sols", 90]]), plan=plan)
        assert (done.created, done.gone) == (1, 0)
        line.refresh_from_db()
        assert (line.gone_at, line.entry) == (None, LineEntry.TYPED)

    def test_a_file_that_names_a_typed_lot_takes_it_over(
        self, clara: Person, plan: PurchasePlan, scheme: Scheme
    ) -> None:
        typed(clara, plan, reference="A-1")
        rows = [["Référence", "Objet", "Montant HT"], ["A-1", "Peinture du lycée", 150_000]]
        done = bring(clara, scheme, workbook(rows), plan=plan)
        assert (done.created, done.updated, done.conflicts) == (0, 1, 0)
        line = plan.lines.select_related("lot").get()
        assert (line.entry, line.lot.estimated_amount) == (LineEntry.FILE, 150_000)
        gone = bring(clara, scheme, workbook([*rows[:1], ["B-1", "Sols", 9]]), plan=plan)
        assert gone.gone == 1


class TestBudget:
    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_pages_stay_flat(
        self,
        client_for: Browser,
        within_queries: Budget,
        clara: Person,
        scheme: Scheme,
        plan: PurchasePlan,
        rows: int,
    ) -> None:
        lines = [typed(clara, plan, object=f"Lot {at}", operation=f"Opération {at}") for at in range(rows)]
        for _at in range(rows):
            announced(clara, scheme)
        browser = client_for(clara)
        for address in (
            page("plan-create", clara),
            f"{page('plan-line-create', clara, pk=plan.pk)}?after={lines[-1].pk}",
            page("plan-line-edit", clara, pk=plan.pk, line=lines[0].pk),
            page("plan-line-add", clara, pk=plan.pk),
            page("plan-detail", clara, pk=plan.pk),
        ):
            with within_queries(12):
                assert browser.get(address).status_code == 200
