"""Structures of the tests: only what a sentence names is told."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from relais.offer.enums import SourceList
from relais.offer.models import Structure, StructureActivity
from relais.territories.models import Commune, Department, Epci, PostCode
from tests.cast import siret

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
NUMBERS = count(2_000)


def structure(*activities: str, **values: Any) -> Structure:
    """An insertion enterprise of the department 54, somewhere in it."""
    number = next(NUMBERS)
    made = Structure.objects.create(
        **{
            "kind": "EI",
            "name": f"Ateliers du Vallon {number}",
            "siret": siret(number),
            "has_valid_siret": True,
            "department": Department.objects.filter(code="54").first(),
            "source": SourceList.SIAE,
            "as_of": date(2025, 12, 1),
            "recorded_at": AT,
            **values,
        }
    )
    StructureActivity.objects.bulk_create(
        StructureActivity(structure=made, activity=code) for code in activities
    )
    return made


def commune(code: str, name: str, *, epci: str = "245400676", **values: Any) -> Commune:
    """A commune of the department 54 in the inter-municipality of Nancy."""
    Epci.objects.get_or_create(siren=epci, defaults={"name": f"EPCI {epci}", "kind": "METRO"})
    made = Commune.objects.create(
        code=code, name=name, search_name=name.lower(), department_id="54", epci_id=epci, **values
    )
    PostCode.objects.get_or_create(code="54000")[0].communes.add(made)
    return made
