"""The lot of a call and the contract it became: proposed by the import, settled by somebody, undone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from relais.kit.access import Refused, Stale
from relais.kit.models import AuditEntry
from relais.organisations.models import Organisation, Scheme
from relais.procurement.actions.same_lots import merge_lots, propose_same_lots, refuse_match, undo_match
from relais.procurement.enums import Origin, SameGround, SameState
from relais.procurement.models import Contract, Lot, NoticeLot, SameLot
from relais.screening.actions import retain, study
from relais.screening.actions.screening import run
from relais.screening.models import Opportunity, ScreeningResult
from tests.cast import Person
from tests.pages import GuardedClient
from tests.procurement.decp_examples import contract as published
from tests.procurement.decp_examples import file_2022
from tests.procurement.factories import lay_contract, lay_notice
from tests.procurement.notice_examples import SIRET, ted
from tests.procurement.test_notice_importing import bring
from tests.screening.factories import parameters

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], GuardedClient]
Budget = Callable[[int], AbstractContextManager[None]]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
OBJECT = "Réfection de la halle aux grains"


def page(name: str, person: Person, **kwargs: Any) -> str:
    assert person.organisation is not None
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


def call(
    scheme: Scheme, buyer: Organisation, *, number: str = "", object: str = OBJECT, **values: Any
) -> Lot:
    """A lot announced by a call of the buyer."""
    lot = Lot.objects.create(
        scheme=scheme,
        buyer=buyer,
        origin=Origin.IMPORTED,
        object=object,
        number=number,
        cpv="45442100",
        nature="works",
        estimated_amount=Decimal(300_000),
        launched_on=date(2024, 1, 8),
    )
    key = f"24-{lot.pk}"
    notice = lay_notice(scheme, buyer, number=key, **values)
    NoticeLot.objects.filter(notice=notice).delete()
    NoticeLot.objects.create(notice=notice, lot=lot, number=number, title=object)
    return lot


@pytest.fixture
def buyer(clara: Person) -> Organisation:
    assert clara.organisation is not None
    return clara.organisation


@pytest.fixture
def pair(scheme: Scheme, buyer: Organisation) -> SameLot:
    """A proposal whose two lots are screened."""
    call(scheme, buyer)
    lay_contract(scheme, buyer, source_id="H-1", object=OBJECT)
    parameters()
    run(scheme, at=NOON, on=NOON.date())
    assert propose_same_lots(scheme, at=NOON) == 1
    return SameLot.objects.select_related("call_lot__scheme", "contract").get()


class TestProposing:
    def grounds(self, scheme: Scheme) -> list[str]:
        propose_same_lots(scheme, at=NOON)
        return list(SameLot.objects.order_by("pk").values_list("ground", flat=True))

    def test_the_same_object_is_proposed_once_and_nothing_is_merged(self, pair: SameLot) -> None:
        assert (pair.ground, pair.state) == (SameGround.OBJECT, SameState.PROPOSED)
        assert pair.contract.lot_id == pair.awarded_lot_id
        assert propose_same_lots(pair.scheme, at=NOON) == 0

    @pytest.mark.parametrize(
        ("source_id", "number"),
        [("2024-07", ""), ("2024-07-02", "2"), ("2024 07 L2", "2"), ("2024/07-LOT02", "2"), ("202407", "2")],
    )
    def test_the_reference_of_the_call_is_recognised_in_the_contract(
        self, scheme: Scheme, buyer: Organisation, source_id: str, number: str
    ) -> None:
        call(scheme, buyer, number=number, reference="2024-07")
        lay_contract(scheme, buyer, source_id=source_id, object="Tout autre intitulé")
        assert self.grounds(scheme) == [SameGround.REFERENCE]

    def test_the_award_notice_of_the_same_reference_is_the_surest(
        self, scheme: Scheme, buyer: Organisation
    ) -> None:
        call(scheme, buyer, number="1", reference="2024-07")
        contract = lay_contract(scheme, buyer, source_id="X-9", object="Tout autre intitulé")
        award = lay_notice(scheme, buyer, number="24-900", form="award", reference="2024-07")
        NoticeLot.objects.filter(notice=award).delete()
        NoticeLot.objects.create(notice=award, contract=contract, number="1")
        assert self.grounds(scheme) == [SameGround.NOTICE]

    def test_what_differs_is_not_proposed(
        self, scheme: Scheme, buyer: Organisation, benoit: Person, other_scheme: Scheme
    ) -> None:
        assert benoit.organisation is not None
        call(scheme, buyer, number="1", reference="24")
        lay_contract(scheme, benoit.organisation, source_id="A", object=OBJECT)
        lay_contract(other_scheme, buyer, source_id="B", object=OBJECT)
        lay_contract(scheme, buyer, source_id="C", object=OBJECT, notified_on=date(2023, 5, 1))
        other_lot = lay_contract(scheme, buyer, source_id="D", object=OBJECT)
        Lot.objects.filter(pk=other_lot.lot_id).update(number="2")
        lay_contract(scheme, buyer, source_id="24", object="Court")
        assert self.grounds(scheme) == []

    def test_a_cancelled_call_and_a_short_object_prove_nothing(
        self, scheme: Scheme, buyer: Organisation
    ) -> None:
        lot = call(scheme, buyer)
        Lot.objects.filter(pk=lot.pk).update(cancelled_on=date(2024, 2, 1))
        call(scheme, buyer, object="Peinture")
        for source_id, said in (("A", OBJECT), ("B", "Peinture")):
            lay_contract(scheme, buyer, source_id=source_id, object=said)
        assert self.grounds(scheme) == []

    def test_the_import_proposes(self, clara: Person, scheme: Scheme) -> None:
        record = published(
            id="2021-07-02",
            acheteur={"id": SIRET},
            objet="Peinture du groupe",
            dateNotification="2021-06-03",
        )
        bring(clara, scheme, ted(), file_2022(record))
        pair = SameLot.objects.select_related("call_lot").get()
        assert (pair.ground, pair.call_lot.number) == (SameGround.REFERENCE, "2")


class TestSettling:
    def test_the_contract_joins_the_lot_of_the_call_with_its_sheet(
        self, pair: SameLot, clara: Person, paula: Person
    ) -> None:
        retain(
            pair.call_lot,
            modality="EXEC_CONDITION",
            reason="",
            version=0,
            actor=paula.actor(),
            at=NOON,
            on=NOON.date(),
        )
        merge_lots(pair, actor=clara.actor(), at=NOON)
        contract = Contract.objects.get()
        assert contract.lot_id == pair.call_lot_id
        assert Opportunity.objects.get(lot=contract.lot).state == "RETAINED"
        assert ScreeningResult.objects.get().lot_id == pair.call_lot_id
        assert ScreeningResult.objects.get().is_awarded
        assert list(Lot.objects.visible_to(clara.actor())) == [pair.call_lot]
        assert AuditEntry.objects.filter(verb="procurement.match.merged").count() == 1
        run(pair.scheme, at=NOON, on=NOON.date(), force=True)
        assert ScreeningResult.objects.count() == 1

    def test_a_merge_is_undone(self, pair: SameLot, clara: Person) -> None:
        merge_lots(pair, actor=clara.actor(), at=NOON)
        undo_match(pair, actor=clara.actor(), at=NOON)
        assert Contract.objects.get().lot_id == pair.awarded_lot_id
        awarded = dict(ScreeningResult.objects.values_list("lot_id", "is_awarded"))
        assert awarded == {pair.call_lot_id: False, pair.awarded_lot_id: True}
        assert (pair.state, pair.decided_at) == (SameState.PROPOSED, None)

    def test_a_refusal_is_kept_and_undone(self, pair: SameLot, clara: Person) -> None:
        refuse_match(pair, actor=clara.actor(), at=NOON)
        assert propose_same_lots(pair.scheme, at=NOON) == 0
        with pytest.raises(Refused):
            merge_lots(pair, actor=clara.actor(), at=NOON)
        undo_match(pair, actor=clara.actor(), at=NOON)
        assert pair.state == SameState.PROPOSED

    def test_work_on_the_lot_of_the_contract_forbids_the_merge(self, pair: SameLot, clara: Person) -> None:
        study(pair.awarded_lot, version=0, actor=clara.actor(), at=NOON)
        with pytest.raises(Refused):
            merge_lots(pair, actor=clara.actor(), at=NOON)
        assert Contract.objects.get().lot_id == pair.awarded_lot_id

    def test_a_lot_that_has_its_contract_takes_no_other(self, pair: SameLot, clara: Person) -> None:
        second = lay_contract(pair.scheme, pair.contract.buyer, source_id="H-2", object="Autre")
        Contract.objects.filter(pk=second.pk).update(lot=pair.call_lot)
        with pytest.raises(Stale):
            merge_lots(pair, actor=clara.actor(), at=NOON)
        pair.refresh_from_db()
        assert pair.state == SameState.PROPOSED

    def test_another_buyer_and_a_project_lead_settle_nothing(
        self, pair: SameLot, benoit: Person, pascal: Person
    ) -> None:
        for person in (benoit, pascal):
            with pytest.raises(Refused):
                refuse_match(pair, actor=person.actor(), at=NOON)


class TestOnScreen:
    def test_a_pair_is_merged_and_the_merge_undone(
        self, client_for: Browser, pair: SameLot, clara: Person
    ) -> None:
        browser, address = client_for(clara), page("same-lot-list", clara)
        act = page("same-lot-settle", clara, pk=pair.pk)
        assert 'value="merge"' in browser.get(address).content.decode()
        browser.post(act, {"act": "merge"})
        shown = browser.get(address).content.decode()
        assert 'value="merge"' not in shown
        assert 'value="undo"' in shown
        assert browser.get(page("contract-detail", clara, pk=pair.contract_id)).status_code == 200
        assert browser.get(page("opportunity-detail", clara, lot=pair.call_lot_id)).status_code == 200
        assert browser.get(page("opportunity-detail", clara, lot=pair.awarded_lot_id)).status_code == 404
        browser.post(act, {"act": "undo"})
        assert 'value="merge"' in browser.get(address).content.decode()
        assert browser.post(act, {"act": "nonsense"}, follow=True).status_code == 200

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_page_stays_flat(
        self,
        client_for: Browser,
        within_queries: Budget,
        clara: Person,
        scheme: Scheme,
        buyer: Organisation,
        rows: int,
    ) -> None:
        for at in range(rows):
            said = f"{OBJECT} {at}"
            call(scheme, buyer, object=said)
            lay_contract(scheme, buyer, source_id=f"H-{at}", object=said)
            call(scheme, buyer, object=f"Autre {said}")
            lay_contract(scheme, buyer, source_id=f"K-{at}", object=f"Autre {said}")
        assert propose_same_lots(scheme, at=NOON) == 2 * rows
        settled = SameLot.objects.filter(call_lot__object__startswith="Autre")
        for one in settled.select_related("call_lot__scheme", "contract"):
            refuse_match(one, actor=clara.actor(), at=NOON)
        browser = client_for(clara)
        with within_queries(12):
            answer = browser.get(page("same-lot-list", clara))
        assert len(answer.context["rows"]) == len(answer.context["settled"]) == rows
