"""The register on screen: find, read, enter and correct contracts; import files and read the report."""

import gzip
import io
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from relais.kit import events
from relais.kit.models import AuditEntry
from relais.organisations.models import Scheme
from relais.procurement import actions
from relais.procurement.enums import Origin
from relais.procurement.events import ContractsImported, ContractWritten
from relais.procurement.models import Contract, ImportRun, Lot, SourceRecord
from tests.cast import Cast, Person
from tests.pages import GuardedClient
from tests.procurement.decp_examples import contract, file_2022, siret
from tests.procurement.factories import lay_contract

NOON = datetime(2024, 8, 1, 10, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
Browser = Callable[[Person], GuardedClient]
Budget = Callable[[int], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    heard: list[object] = []
    monkeypatch.setitem(events._handlers, ContractsImported, [heard.append])
    monkeypatch.setitem(events._handlers, ContractWritten, [heard.append])
    return heard


def page(name: str, person: Person, **kwargs: Any) -> str:
    assert person.organisation is not None
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


def upload(browser: GuardedClient, person: Person, scheme: Scheme, *files: tuple[str, bytes]) -> Any:
    documents = [SimpleUploadedFile(name, content) for name, content in files]
    data = {"scheme": scheme.pk, "documents": documents}
    return browser.post(page("contract-import", person), data, follow=True)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


class TestImport:
    def test_clara_imports_a_file_and_reads_its_report(
        self, client_for: Browser, clara: Person, scheme: Scheme
    ) -> None:
        content = file_2022(contract(montant=0), contract(id=""))
        response = upload(client_for(clara), clara, scheme, ("decp.json", content))
        assert response.redirect_chain[0][0] == page("import-detail", clara, pk=ImportRun.objects.get().pk)
        said = text_of(response)
        assert "AMOUNT_ZERO" in said
        assert re.search(r"2 \((line|ligne) 1\)", said)
        assert Contract.objects.count() == 1

    def test_refusals_are_downloaded(self, client_for: Browser, clara: Person, scheme: Scheme) -> None:
        browser = client_for(clara)
        upload(browser, clara, scheme, ("decp.json", file_2022(contract(id=""))))
        path = page("import-rejections", clara, pk=ImportRun.objects.get().pk)
        rows = (
            b"".join(browser.get(path, {"format": "csv"}).streaming_content).decode("utf-8-sig").splitlines()
        )
        assert re.match(r"decp\.json;1 \((line|ligne) 1\);", rows[1])

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("cut.json", file_2022(contract())[:-20]),
            ("bomb.json.gz", gzip.compress(b" " * 60_000_000)),
            (
                "entities.xml",
                b'<!DOCTYPE a [<!ENTITY b "c">]><marches><marche><id>&b;</id></marche></marches>',
            ),
            ("wide.csv", b"id;acheteur_id;" + b";" * 1_000_000 + b"\n"),
            ("paper.pdf", b"%PDF-1.7"),
            ("empty.zip", b"PK\x05\x06" + bytes(18)),
            ("web.html", b"<!DOCTYPE html><html></html>"),
            ("noise.bin", bytes(range(256)) * 40),
        ],
    )
    def test_a_hostile_file_is_refused_in_words_and_stores_nothing(
        self, client_for: Browser, clara: Person, scheme: Scheme, name: str, content: bytes
    ) -> None:
        response = upload(client_for(clara), clara, scheme, (name, content))
        assert response.status_code == 200
        assert 'class="notice bad"' in response.content.decode()
        assert (Contract.objects.count(), Lot.objects.count(), SourceRecord.objects.count()) == (0, 0, 0)

    def test_too_large_a_file_is_refused_before_being_read(
        self, client_for: Browser, clara: Person, scheme: Scheme, settings: Any
    ) -> None:
        settings.UPLOAD_MAX_BYTES = 100
        response = upload(client_for(clara), clara, scheme, ("decp.json", file_2022(contract())))
        assert "error-summary" in response.content.decode()
        assert not ImportRun.objects.exists()

    def test_too_many_files_and_none_are_refused(
        self, client_for: Browser, clara: Person, scheme: Scheme
    ) -> None:
        files = [(f"{number}.json", b"{}") for number in range(11)]
        assert "error-summary" in upload(client_for(clara), clara, scheme, *files).content.decode()
        assert "error-summary" in upload(client_for(clara), clara, scheme).content.decode()
        assert not ImportRun.objects.exists()

    def test_the_scheme_of_another_coordinator_is_refused(
        self, client_for: Browser, clara: Person, other_scheme: Scheme
    ) -> None:
        upload(client_for(clara), clara, other_scheme, ("decp.json", file_2022(contract())))
        assert not ImportRun.objects.exists()

    def test_markup_in_a_file_stays_text(self, client_for: Browser, clara: Person, scheme: Scheme) -> None:
        browser = client_for(clara)
        content = file_2022(contract(objet="<script>alert(1)</script> {{ 7*7 }}"))
        upload(browser, clara, scheme, ("<img src=x>.json", content))
        said = browser.get(page("contract-list", clara)).content.decode()
        assert "<script>alert" not in said
        assert "{{ 7*7 }}" in said


@pytest.fixture
def register(cast: Cast, scheme: Scheme) -> dict[str, Contract]:
    """Three contracts of the town, one of the region."""
    town, region = cast["benoit"].organisation, cast["clara"].organisation
    assert town is not None
    assert region is not None
    return {
        "school": lay_contract(
            scheme, town, has_social_clause=True, holder=cast["corinne"].organisation, source_id="2024-1"
        ),
        "road": lay_contract(
            scheme,
            town,
            object="Voirie rue de l'Église",
            source_id="2023-2",
            notified_on=date(2023, 5, 2),
            amount=Decimal(90_000),
            social_published=False,
        ),
        "cleaning": lay_contract(
            scheme,
            region,
            object="Nettoyage des lycées",
            source_id="2022-3",
            notified_on=None,
            amount=None,
            counts_in_totals=False,
            cpv="90910000",
        ),
        "own": lay_contract(
            scheme, town, object="Marché saisi à la main", source_id="M-4", origin=Origin.TYPED
        ),
    }


def numbers_shown(browser: GuardedClient, person: Person, **query: str) -> list[int]:
    response = browser.get(page("contract-list", person), query)
    return [row.pk for row in response.context["page"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["school", "road", "cleaning"]),
        ({"sort": "amount"}, ["road", "school", "cleaning"]),
        ({"sort": "-amount"}, ["school", "road", "cleaning"]),
        ({"sort": "object"}, ["cleaning", "school", "road"]),
        ({"sort": "pk; drop table"}, ["school", "road", "cleaning"]),
        ({"q": "EGLISE voirie"}, ["road"]),
        ({"q": "valclair gros"}, ["school"]),
        ({"q": "bâtisseurs"}, ["school"]),
        ({"q": "2022-3"}, ["cleaning"]),
        ({"q": "%"}, []),
        ({"social": "clause"}, ["school"]),
        ({"social": "unknown"}, ["road"]),
        ({"social": "none"}, ["cleaning"]),
        ({"year": "2023"}, ["road"]),
        ({"year": "mille"}, ["school", "road", "cleaning"]),
        ({"least": "100 000,00"}, ["school"]),
        ({"flag": "CPV_BAD"}, []),
        ({"department": "99"}, ["school", "road", "cleaning"]),
    ],
)
def test_the_list_is_filtered_and_sorted_by_its_address(
    client_for: Browser,
    clara: Person,
    register: dict[str, Contract],
    query: dict[str, str],
    expected: list[str],
) -> None:
    shown = numbers_shown(client_for(clara), clara, **query)
    assert shown == [register[name].pk for name in expected]


def test_each_sees_the_contracts_it_may(
    client_for: Browser, cast: Cast, register: dict[str, Contract]
) -> None:
    seen = {
        name: {
            key
            for key, row in register.items()
            if row.pk in numbers_shown(client_for(cast[name]), cast[name])
        }
        for name in ("clara", "benoit", "corinne", "cyril", "sonia", "sam")
    }
    assert seen == {
        "clara": {"school", "road", "cleaning"},
        "benoit": {"school", "road", "own"},
        "corinne": {"school"},
        "cyril": set(),
        "sonia": set(),
        "sam": set(),
    }


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_queries(
    client_for: Browser, clara: Person, scheme: Scheme, within_queries: Budget, number: int
) -> None:
    browser = client_for(clara)
    records = (contract(id=f"C{at}", montant=1) for at in range(number))
    actions.import_files(
        [("decp.json", io.BytesIO(file_2022(*records)))], scheme=scheme, actor=clara.actor(), at=NOON
    )
    with within_queries(12):
        browser.get(page("contract-list", clara))


def test_the_list_is_exported_as_shown(
    client_for: Browser, clara: Person, register: dict[str, Contract]
) -> None:
    browser = client_for(clara)
    Lot.objects.filter(contract=register["road"]).update(object="=cmd|'/c calc'!A1")
    response = browser.get(page("contract-export", clara), {"year": "2023", "format": "csv"})
    rows = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert ";'=cmd|'/c calc'!A1;" in rows[1]
    assert ";90000,00;" in rows[1]
    book = browser.get(page("contract-export", clara), {"format": "xlsx"})
    assert book.content[:2] == b"PK"
    assert AuditEntry.objects.filter(verb="procurement.contracts.exported").count() == 2


class TestPage:
    @pytest.fixture
    def found(self, clara: Person, scheme: Scheme) -> Contract:
        act = {
            "id": 1,
            "sousTraitant": {"typeIdentifiant": "SIRET", "id": siret("4445534650001")},
            "montant": 7000,
        }
        changes = [
            {"modification": {"id": 1, "dateNotificationModification": "2024-07-01", "montant": 12_000}},
            {"modification": {"id": 2, "dateNotificationModification": "2024-07-05", "dureeMois": 20}},
        ]
        record = contract(modifications=changes, actesSousTraitance=[{"acteSousTraitance": act}])
        for number, published in enumerate((contract(), record)):
            source = io.BytesIO(file_2022(published))
            actions.import_files([(f"{number}.json", source)], scheme=scheme, actor=clara.actor(), at=NOON)
        return Contract.objects.get()

    def test_everything_known_is_on_the_page(
        self, client_for: Browser, clara: Person, found: Contract, within_queries: Budget
    ) -> None:
        browser = client_for(clara)
        with within_queries(18):
            response = browser.get(page("contract-detail", clara, pk=found.pk))
        context = response.context
        first, second = context["amendments"]
        assert (first.reading.as_new, first.reading.as_increase, first.reading.doubtful) == (
            12_000,
            492_000,
            True,
        )
        assert second.reading is None
        codes = {line.code for line in context["flags"]}
        assert {"AMENDMENT_AMOUNT_AMBIGUOUS", "SUBCONTRACT_INCOHERENT"} <= codes
        said = text_of(response)
        assert siret("4445534650001") in said
        assert "0.json" in said
        assert "1.json" in said

    def test_the_former_version_is_downloaded(
        self, client_for: Browser, clara: Person, found: Contract
    ) -> None:
        former = found.sources.exclude(superseded_at=None).get()
        response = client_for(clara).get(page("contract-source", clara, pk=found.pk, version=former.pk))
        assert "attachment" in response["Content-Disposition"]
        assert "modifications" not in json.loads(response.content)

    def test_a_contract_without_anything_has_a_page(
        self, client_for: Browser, clara: Person, register: dict[str, Contract]
    ) -> None:
        assert (
            client_for(clara).get(page("contract-detail", clara, pk=register["cleaning"].pk)).status_code
            == 200
        )


TYPED = {
    "source_id": "2024-S-1",
    "kind": "contract",
    "object": "Nettoyage des écoles",
    "cpv": "90910000-9",
    "notified_on": "2024-09-02",
    "amount": "90 000,50",
    "duration_months": "24",
    "place_type": "department",
    "place_code": "88",
    "social": ["CLAUSE"],
    "holder_siret": "",
    "holder_name": "Nettoyage du Rupt",
}


class TestWriting:
    def test_benoit_enters_a_contract_of_his_town(
        self, client_for: Browser, benoit: Person, scheme: Scheme, nobody_listens: list[object]
    ) -> None:
        response = client_for(benoit).post(page("contract-create", benoit), TYPED | {"scheme": scheme.pk})
        found = Contract.objects.select_related("lot").get()
        assert response["Location"] == page("contract-detail", benoit, pk=found.pk)
        assert (found.buyer, found.amount, found.has_social_clause) == (
            benoit.organisation,
            Decimal("90000.50"),
            True,
        )
        lot = found.lot
        assert (lot.origin, lot.cpv, lot.nature, lot.department_id) == ("typed", "90910000", "services", "88")
        assert lot.search_object == "nettoyage des ecoles"
        assert found.holders.get().name == "Nettoyage du Rupt"
        assert found.sources.get().file is None
        assert [type(event) for event in nobody_listens] == [ContractWritten]
        assert AuditEntry.objects.filter(verb="procurement.contract.entered").count() == 1

    def test_the_same_identifier_twice_is_refused_with_the_reason(
        self, client_for: Browser, benoit: Person, scheme: Scheme
    ) -> None:
        browser = client_for(benoit)
        browser.post(page("contract-create", benoit), TYPED | {"scheme": scheme.pk})
        response = browser.post(page("contract-create", benoit), TYPED | {"scheme": scheme.pk})
        assert "error-summary" in response.content.decode()
        assert Contract.objects.count() == 1

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("cpv", "4543100-7"),
            ("amount", "beaucoup"),
            ("amount", "-5"),
            ("notified_on", "31/02/2024"),
            ("holder_siret", "12345678901234"),
            ("place_type", ""),
            ("duration_months", "-1"),
            ("object", ""),
        ],
    )
    def test_a_wrong_value_is_told_at_its_field(
        self, client_for: Browser, benoit: Person, scheme: Scheme, field: str, value: str
    ) -> None:
        data = TYPED | {"scheme": scheme.pk, field: value}
        response = client_for(benoit).post(page("contract-create", benoit), data)
        assert field in response.context["form"].errors
        assert not Contract.objects.exists()

    def correct(self, browser: GuardedClient, person: Person, found: Contract, **changes: Any) -> Any:
        path = page("contract-correct", person, pk=found.pk)
        form = browser.get(path).context["form"]
        data = {name: "" if value is None else value for name, value in form.initial.items()}
        data |= {"reason": "Montant de l'acte d'engagement", **changes}
        return browser.post(path, data)

    def test_a_correction_keeps_what_was_published(
        self, client_for: Browser, clara: Person, scheme: Scheme
    ) -> None:
        source = io.BytesIO(file_2022(contract(montant=1)))
        actions.import_files([("decp.json", source)], scheme=scheme, actor=clara.actor(), at=NOON)
        found = Contract.objects.get()
        response = self.correct(client_for(clara), clara, found, amount="480000")
        assert response.status_code == 302
        found.refresh_from_db()
        assert (found.amount, found.counts_in_totals) == (480_000, True)
        assert set(found.flags.values_list("code", flat=True)) == {"CORRECTED_BY_HAND"}
        typed, published = found.sources.all()
        assert (typed.superseded_at, json.loads(published.raw)["montant"]) == (None, 1)
        assert json.loads(typed.raw)["reason"] == "Montant de l'acte d'engagement"
        assert AuditEntry.objects.get(verb="procurement.contract.corrected").detail == "amount"

    def test_the_same_file_again_leaves_the_correction(
        self, client_for: Browser, clara: Person, scheme: Scheme
    ) -> None:
        content = file_2022(contract(montant=1))
        actions.import_files([("a.json", io.BytesIO(content))], scheme=scheme, actor=clara.actor(), at=NOON)
        found = Contract.objects.get()
        self.correct(client_for(clara), clara, found, amount="480000")
        actions.import_files([("a.json", io.BytesIO(content))], scheme=scheme, actor=clara.actor(), at=NOON)
        found.refresh_from_db()
        assert found.amount == 480_000
        newer = file_2022(contract(montant=470_000, datePublicationDonnees="2024-07-30"))
        actions.import_files([("b.json", io.BytesIO(newer))], scheme=scheme, actor=clara.actor(), at=NOON)
        found.refresh_from_db()
        assert found.amount == 470_000
        assert "CORRECTION_REPLACED" in set(found.flags.values_list("code", flat=True))

    def test_two_people_correct_at_once(
        self, client_for: Browser, clara: Person, register: dict[str, Contract]
    ) -> None:
        browser, found = client_for(clara), register["school"]
        form = browser.get(page("contract-correct", clara, pk=found.pk)).context["form"]
        data = {name: "" if value is None else value for name, value in form.initial.items()}
        self.correct(browser, clara, found, amount="500000")
        late = browser.post(
            page("contract-correct", clara, pk=found.pk), data | {"reason": "x", "amount": "1"}
        )
        assert late.status_code == 409
        found.refresh_from_db()
        assert found.amount == 500_000

    def test_a_correction_needs_its_reason(
        self, client_for: Browser, clara: Person, register: dict[str, Contract]
    ) -> None:
        response = self.correct(client_for(clara), clara, register["school"], reason="")
        assert "reason" in response.context["form"].errors
