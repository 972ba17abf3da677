"""Notices of several buyers, and calls that are cancelled: what the register and the lists make of them."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from relais.organisations.models import Organisation, Scheme
from relais.procurement.models import Lot, Notice, NoticeBuyer
from relais.procurement.notices import NoticeRecord, recognise
from relais.screening.actions import screen_lot
from tests.cast import Person
from tests.pages import GuardedClient
from tests.procurement.notice_examples import SIRET, UUID, boamp, boamp_api, eforms, ted
from tests.procurement.test_notice_importing import NOON, bring, counts
from tests.screening.factories import parameters

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], GuardedClient]
OTHER = """<ADDRESS_CONTRACTING_BODY_ADDITIONAL><OFFICIALNAME>Communauté du Mad</OFFICIALNAME>
</ADDRESS_CONTRACTING_BODY_ADDITIONAL></CONTRACTING_BODY>"""
CANCEL = {
    "efbc:ChangedNoticeIdentifier": f"{UUID}-01",
    "efac:ChangeReason": {"cbc:ReasonCode": {"#text": "cancel"}},
}
LATER = "99999999-2222-4333-8444-555555555555"


def page(name: str, person: Person, **kwargs: Any) -> str:
    assert person.organisation is not None
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


def joint_ted() -> str:
    return ted().replace("</CONTRACTING_BODY>", OTHER, 1)


def joint_eforms(siret: str) -> dict[str, Any]:
    """The call of the examples, bought with a second body described among the organisations."""
    made = eforms()
    notice = made["EFORMS"]["ContractNotice"] if "EFORMS" in made else made["ContractNotice"]
    told = json.loads(json.dumps(notice))
    extension = told["ext:UBLExtensions"]["ext:UBLExtension"]["ext:ExtensionContent"]["efext:EformsExtension"]
    first = extension["efac:Organizations"]["efac:Organization"]
    second = json.loads(json.dumps(first))
    company = second["efac:Company"]
    company["cac:PartyIdentification"]["cbc:ID"]["#text"] = "ORG-0002"
    company["cac:PartyName"]["cbc:Name"]["#text"] = "Ville de Valclair"
    company["cac:PartyLegalEntity"] = {"cbc:CompanyID": siret}
    extension["efac:Organizations"]["efac:Organization"] = [first, second]
    party = told["cac:ContractingParty"]
    again = json.loads(json.dumps(party).replace("ORG-0001", "ORG-0002"))
    told["cac:ContractingParty"] = [party, again]
    return {"EFORMS": {"ContractNotice": told}} if "EFORMS" in made else {"ContractNotice": told}


class TestJointPurchase:
    def test_every_buyer_of_a_ted_notice_is_kept_and_the_first_leads(
        self, clara: Person, scheme: Scheme
    ) -> None:
        report = bring(clara, scheme, joint_ted())
        assert report.flags["NOTICE_SEVERAL_BUYERS"] == 1
        notice = Notice.objects.get()
        lead, partner = notice.buyers.all()
        assert (lead.organisation, lead.is_lead, lead.number) == (notice.buyer, True, SIRET)
        assert (partner.name, partner.is_lead) == ("Communauté du Mad", False)
        assert partner.organisation == Organisation.objects.get(name="Communauté du Mad")
        assert not Lot.objects.filter(buyer=partner.organisation).exists()
        assert counts(bring(clara, scheme, joint_ted())) == (1, 0, 0, 1, 0)
        assert NoticeBuyer.objects.count() == 2

    def test_a_partner_known_by_its_siret_reads_the_notice(
        self, client_for: Browser, clara: Person, benoit: Person, scheme: Scheme
    ) -> None:
        assert benoit.organisation is not None
        assert benoit.organisation.siret
        bring(clara, scheme, boamp_api(joint_eforms(benoit.organisation.siret)))
        notice = Notice.objects.get()
        assert notice.buyers.get(position=2).organisation == benoit.organisation
        html = client_for(benoit).get(page("notice-detail", benoit, pk=notice.pk)).content.decode()
        assert "Ville de Valclair" in html
        listed = client_for(clara).get(page("notice-list", clara)).content.decode()
        assert "1 autre acheteur" in listed

    def test_a_correction_that_names_one_buyer_leaves_one(self, clara: Person, scheme: Scheme) -> None:
        bring(clara, scheme, joint_ted())
        bring(clara, scheme, ted(title="Groupe scolaire des Érables"))
        assert NoticeBuyer.objects.count() == 0

    def test_real_joint_purchases_name_all_their_buyers(self, samples: Path) -> None:
        joint = 0
        for path in sorted((samples / "ted").rglob("*.xml")):
            reading = recognise(path)
            if reading is None:
                continue
            with reading:
                for notice in reading:
                    if isinstance(notice, NoticeRecord) and notice.partners:
                        joint += 1
                        assert all(one.name for one in notice.partners)
        if not joint:
            pytest.skip("No notice of several buyers among the sample files.")


class TestCancelledCall:
    def cancelled(self, clara: Person, scheme: Scheme) -> Lot:
        bring(clara, scheme, boamp_api(eforms(), eforms(LATER, changes=CANCEL)))
        lot = Lot.objects.get()
        parameters()
        screen_lot(lot, at=NOON, on=NOON.date())
        return lot

    def test_its_lots_are_marked_with_the_day(self, clara: Person, scheme: Scheme) -> None:
        assert self.cancelled(clara, scheme).cancelled_on == date(2025, 3, 4)

    def test_a_later_version_that_stands_clears_the_mark(self, clara: Person, scheme: Scheme) -> None:
        bring(clara, scheme, boamp())
        bring(clara, scheme, boamp("17-2", status="ANNULATION", former="17-1"))
        assert Lot.objects.get().cancelled_on is not None
        bring(clara, scheme, boamp("17-3", status="RECTIF", former="17-2", title="Nettoyage repris"))
        assert Lot.objects.get().cancelled_on is None

    def test_it_leaves_the_ranked_list_until_asked_for(
        self, client_for: Browser, clara: Person, scheme: Scheme
    ) -> None:
        lot = self.cancelled(clara, scheme)
        browser, address = client_for(clara), page("opportunity-list", clara)
        link = page("opportunity-detail", clara, lot=lot.pk)
        assert link not in browser.get(address).content.decode()
        assert link in browser.get(f"{address}?stage=cancelled").content.decode()
        assert "Appel annulé" in browser.get(link).content.decode()
        Lot.objects.update(cancelled_on=None)
        assert link in browser.get(address).content.decode()
        assert link not in browser.get(f"{address}?stage=cancelled").content.decode()

    def test_it_is_not_sorted_any_more(self, client_for: Browser, clara: Person, scheme: Scheme) -> None:
        lot = self.cancelled(clara, scheme)
        Lot.objects.update(buyer=clara.organisation)
        address = page("opportunity-triage", clara)
        assert f"lot-{lot.pk}" not in client_for(clara).get(address).content.decode()
        Lot.objects.update(cancelled_on=None)
        assert f"lot-{lot.pk}" in client_for(clara).get(address).content.decode()
