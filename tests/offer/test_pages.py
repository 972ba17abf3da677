"""The directory of structures and the page of one, as people open them."""

from decimal import Decimal

import pytest
from django.urls import reverse

from relais.kit.models import AuditEntry
from tests.offer.factories import commune, structure


def address(name, person, **kwargs):
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_costs_the_same_whatever_its_rows(client_for, clara, within_queries, number):
    here = commune("54395", "Nancy", latitude=Decimal("48.69210"), longitude=Decimal("6.18440"))
    for _ in range(number):
        structure("batiment", "proprete", commune=here)
    browser = client_for(clara)
    with within_queries(12):
        page = browser.get(address("structure-offer-list", clara))
    assert page.content.decode().count("Ateliers du Vallon") == number
    with within_queries(12):
        page = browser.get(address("structure-offer-list", clara), {"near": "Nancy", "km": "20"})
    assert page.content.decode().count("Ateliers du Vallon") == number


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_costs_the_same_whatever_its_branches(client_for, corinne, within_queries, number):
    group = structure(kind="GEIQ", name="GEIQ du Vallon")
    for _ in range(number):
        structure(kind="GEIQ", parent=group, establishment="branch")
    with within_queries(12):
        page = client_for(corinne).get(address("structure-offer-detail", corinne, pk=group.pk))
    text = page.content.decode()
    assert text.count("Ateliers du Vallon") == number


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": "ESAT"}, {"ESAT des Lilas"}),
        ({"activity": "proprete"}, {"Net et Clair"}),
        ({"q": "lilas"}, {"ESAT des Lilas"}),
        ({"department": "54"}, {"ESAT des Lilas", "Net et Clair"}),
        ({"department": "999", "kind": "XX"}, {"ESAT des Lilas", "Net et Clair"}),
    ],
)
def test_filters_narrow_the_list_and_bad_ones_filter_nothing(client_for, fanny, asked, found):
    structure(kind="ESAT", name="ESAT des Lilas")
    structure("proprete", name="Net et Clair")
    page = client_for(fanny).get(address("structure-offer-list", fanny), asked).content.decode()
    assert {name for name in ("ESAT des Lilas", "Net et Clair") if name in page} == found


def test_a_place_that_does_not_exist_is_told_at_its_field(client_for, clara):
    structure()
    page = client_for(clara).get(address("structure-offer-list", clara), {"near": "Brigadoon"})
    assert page.status_code == 200
    assert "field-error" in page.content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_leaves_as_shown_and_is_traced(client_for, clara, kind):
    structure(name="=ESAT des Lilas", kind="ESAT")
    structure(name="Net et Clair")
    answer = client_for(clara).get(address("structure-offer-export", clara), {"kind": "ESAT", "format": kind})
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if kind == "csv":
        text = body.decode()
        assert "'=ESAT des Lilas" in text
        assert "Net et Clair" not in text
    assert AuditEntry.objects.filter(verb="offer.structures.exported").count() == 1


def test_the_distance_leaves_with_the_list(client_for, clara):
    here = commune("54395", "Nancy", latitude=Decimal("48.69210"), longitude=Decimal("6.18440"))
    structure(latitude=Decimal("48.70000"), longitude=Decimal("6.20000"), commune=here)
    answer = client_for(clara).get(
        address("structure-offer-export", clara), {"near": "Nancy", "format": "csv"}
    )
    assert "1,4" in b"".join(answer.streaming_content).decode()


def test_nothing_yet_says_what_will_come(client_for, sonia):
    page = client_for(sonia).get(address("structure-offer-list", sonia))
    assert "import-structures" in page.content.decode()


def test_a_facilitator_corrects_what_a_structure_does(client_for, fanny):
    found = structure("batiment")
    post = client_for(fanny).post(
        address("structure-offer-activities", fanny, pk=found.pk), {"activities": ["linge", "proprete"]}
    )
    assert post.status_code == 302
    assert {(row.activity, row.by_hand) for row in found.activities.all()} == {
        ("linge", True),
        ("proprete", True),
    }
    assert AuditEntry.objects.filter(verb="offer.activities.set").count() == 1


def test_an_unknown_activity_changes_nothing(client_for, fanny):
    found = structure("batiment")
    client_for(fanny).post(address("structure-offer-activities", fanny, pk=found.pk), {"activities": ["x"]})
    assert [row.activity for row in found.activities.all()] == ["batiment"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"turnover": "250 000,50", "year": "2025"}, (Decimal("250000.50"), 2025)),
        ({"turnover": "", "year": ""}, (None, None)),
        ({"turnover": "250000", "year": ""}, (Decimal(90_000), 2024)),
        ({"turnover": "", "year": "2025"}, (Decimal(90_000), 2024)),
        ({"turnover": "0", "year": "2025"}, (Decimal(90_000), 2024)),
        ({"turnover": "-4", "year": "2025"}, (Decimal(90_000), 2024)),
        ({"turnover": "beaucoup", "year": "l'an dernier"}, (Decimal(90_000), 2024)),
    ],
)
def test_a_facilitator_writes_the_turnover_a_structure_told(client_for, fanny, typed, kept):
    found = structure(turnover=Decimal(90_000), turnover_year=2024)
    browser = client_for(fanny)
    post = browser.post(address("structure-offer-turnover", fanny, pk=found.pk), typed, follow=True)
    assert post.status_code == 200
    found.refresh_from_db()
    assert (found.turnover, found.turnover_year) == kept
    changed = kept != (Decimal(90_000), 2024)
    assert AuditEntry.objects.filter(verb="offer.turnover.set").exists() is changed
    assert ("Rien n’a changé" in post.content.decode()) is not changed
