"""Notices on screen: find them, read what was found in them, take them away."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse

from relais.kit import events
from relais.kit.models import AuditEntry
from relais.organisations.models import Organisation, Scheme
from relais.procurement import actions
from relais.procurement.events import ContractsImported
from relais.procurement.models import Lot, Notice
from tests.cast import Person
from tests.pages import GuardedClient
from tests.procurement.factories import lay_contract, lay_notice
from tests.procurement.notice_examples import boamp_api, eforms, ted

NOON = datetime(2025, 8, 1, 10, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
Browser = Callable[[Person], GuardedClient]
Budget = Callable[[int], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(events._handlers, ContractsImported, [])


@pytest.fixture
def town(benoit: Person) -> Organisation:
    assert benoit.organisation is not None
    return benoit.organisation


def page(name: str, person: Person, query: str = "", **kwargs: Any) -> str:
    assert person.organisation is not None
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs}) + query


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def bring(clara: Person, scheme: Scheme, *contents: str) -> None:
    files = [(f"avis-{rank}", io.BytesIO(content.encode())) for rank, content in enumerate(contents)]
    actions.import_files(files, scheme=scheme, actor=clara.actor(), at=NOON)


def test_the_page_marks_what_was_found(client_for: Browser, clara: Person, scheme: Scheme) -> None:
    bring(clara, scheme, ted())
    found = text_of(client_for(clara).get(page("notice-detail", clara, pk=Notice.objects.get().pk)))
    assert "<mark>Lot 1 : 420 heures</mark>" in found
    assert "<mark>5 h par tranche de 10 000 € HT.</mark>" in found
    assert "lot2:5hpartranchede10000€" in re.sub(r"\s", "", found)
    assert "LEFTI/PERFORMANCE_CONDITIONS" in found
    for lot in Lot.objects.all():
        assert page("opportunity-detail", clara, lot=lot.pk) in found


def test_the_page_says_the_reservation_and_its_field(
    client_for: Browser, clara: Person, scheme: Scheme
) -> None:
    bring(clara, scheme, boamp_api(eforms()))
    found = text_of(client_for(clara).get(page("notice-detail", clara, pk=Notice.objects.get().pk)))
    assert "Réservé au travail protégé et à l’insertion" in found
    assert "BT-71" in found
    assert "par an" in found


def test_a_text_of_a_notice_is_never_markup(
    client_for: Browser, clara: Person, scheme: Scheme, town: Organisation
) -> None:
    text = "<script>alert(1)</script> Clause d'insertion : <b>50 heures</b> & plus."
    notice = lay_notice(scheme, town, text=text, title="<i>Voirie</i>")
    found = text_of(client_for(clara).get(page("notice-detail", clara, pk=notice.pk)))
    assert "<script>alert" not in found
    assert "<mark>50 heures</mark>&lt;/b&gt; &amp; plus." in found


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["25-3", "25-2", "25-1"]),
        ("?q=voirie", ["25-2"]),
        ("?q=25-3", ["25-3"]),
        ("?form=award", ["25-1"]),
        ("?mark=reserved", ["25-3"]),
        ("?mark=social", ["25-2"]),
        ("?mark=none", ["25-1"]),
        ("?mark=xxx", ["25-3", "25-2", "25-1"]),
    ],
)
def test_the_filters(
    client_for: Browser, clara: Person, scheme: Scheme, town: Organisation, query: str, numbers: list[str]
) -> None:
    first = lay_notice(scheme, town, number="25-1", form="award", published_on=None, has_clause_text=False)
    second = lay_notice(
        scheme, town, number="25-2", is_social=True, title="Voirie", published_on="2024-01-01"
    )
    third = lay_notice(scheme, town, number="25-3", is_reserved=True)
    for notice in (first, second, third):
        notice.versions.create(key=notice.key, number=notice.number, digest="x", raw="", received_at=NOON)
    found = text_of(client_for(clara).get(page("notice-list", clara, query)))
    places = [found.find(f">{number}<") for number in numbers]
    assert -1 not in places
    assert places == sorted(places)
    assert sum(f">{number}<" in found for number in ("25-1", "25-2", "25-3")) == len(numbers)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_export_keeps_the_filters_and_leaves_a_trace(
    client_for: Browser, clara: Person, scheme: Scheme, town: Organisation, kind: str
) -> None:
    lay_notice(scheme, town)
    lay_notice(scheme, town, number="25-2", title="Voirie")
    response = client_for(clara).get(page("notice-export", clara, f"?format={kind}&q=voirie"))
    content = b"".join(response) if response.streaming else response.content
    if kind == "csv":
        assert "Voirie" in content.decode()
        assert "350" in content.decode()
        assert "espaces verts" not in content.decode()
    else:
        assert content.startswith(b"PK")
    assert AuditEntry.objects.filter(verb="procurement.notices.exported").exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_queries(
    client_for: Browser,
    clara: Person,
    scheme: Scheme,
    town: Organisation,
    within_queries: Budget,
    number: int,
) -> None:
    for rank in range(number):
        lay_notice(scheme, town, number=f"25-{rank}")
    browser = client_for(clara)
    browser.get(page("notice-list", clara))
    with within_queries(12):
        browser.get(page("notice-list", clara))


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_queries(
    client_for: Browser,
    clara: Person,
    scheme: Scheme,
    town: Organisation,
    within_queries: Budget,
    number: int,
) -> None:
    notice = lay_notice(scheme, town)
    for rank in range(number):
        lot = Lot.objects.create(scheme=scheme, buyer=town, origin="imported", object=f"Lot {rank}")
        notice.lots.create(number=str(rank), lot=lot, title=f"Lot {rank}")
    browser = client_for(clara)
    browser.get(page("notice-detail", clara, pk=notice.pk))
    with within_queries(12):
        browser.get(page("notice-detail", clara, pk=notice.pk))


def test_the_notice_as_published_may_be_taken(client_for: Browser, clara: Person, scheme: Scheme) -> None:
    bring(clara, scheme, ted())
    notice = Notice.objects.get()
    address = page("notice-source", clara, pk=notice.pk, version=notice.versions.get().pk)
    response = client_for(clara).get(address)
    assert response.content.decode() == ted()
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/xml; charset=utf-8"


def test_an_empty_list_says_what_fills_it(client_for: Browser, clara: Person, benoit: Person) -> None:
    assert "Importer des fichiers" in text_of(client_for(clara).get(page("notice-list", clara)))
    assert "imports du coordinateur" in text_of(client_for(benoit).get(page("notice-list", benoit)))
    assert "Aucun avis ne répond" in text_of(client_for(clara).get(page("notice-list", clara, "?q=zzz")))


def test_a_cancelled_procedure_is_said(
    client_for: Browser, clara: Person, scheme: Scheme, town: Organisation
) -> None:
    notice = lay_notice(scheme, town, is_cancelled=True)
    assert "annule la procédure" in text_of(client_for(clara).get(page("notice-detail", clara, pk=notice.pk)))
    assert "Annulé" in text_of(client_for(clara).get(page("notice-list", clara)))


def test_the_contract_names_its_notices(
    client_for: Browser, clara: Person, scheme: Scheme, town: Organisation
) -> None:
    contract = lay_contract(scheme, town)
    notice = lay_notice(scheme, town, form="award")
    notice.lots.update(contract=contract)
    lay_notice(scheme, town, number="25-999")
    found = text_of(client_for(clara).get(page("contract-detail", clara, pk=contract.pk)))
    assert page("notice-detail", clara, pk=notice.pk) in found
    assert "25-999" not in found
    found = text_of(client_for(clara).get(page("notice-detail", clara, pk=notice.pk)))
    assert page("contract-detail", clara, pk=contract.pk) in found
