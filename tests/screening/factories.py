"""Lots and contracts of the screening tests: only what a sentence names is told."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from relais.organisations.models import Scheme
from relais.procurement.enums import Origin
from relais.procurement.models import Contract, Lot
from relais.screening.actions import load_defaults, screen_lot
from relais.screening.models import Trade
from relais.territories.models import Department
from tests.cast import Person

NOON = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Europe/Paris"))
TODAY = date(2026, 3, 2)


def parameters() -> None:
    """The default figures, once."""
    if not Trade.objects.exists():
        load_defaults(at=NOON)


def lot(person: Person, scheme: Scheme, *, screened: bool = True, **values: Any) -> Lot:
    """A painting lot to come of the person's body, with what the test changes."""
    made = Lot.objects.create(
        **{
            "scheme": scheme,
            "buyer": person.organisation,
            "origin": Origin.TYPED,
            "object": "Lycée Stanislas, lot 8 : peinture",
            "cpv": "45442100",
            "estimated_amount": Decimal(120_000),
            "duration_months": 8,
            "launched_on": date(2026, 4, 1),
            "department": Department.objects.filter(code="54").first(),
            **values,
        }
    )
    if screened:
        parameters()
        screen_lot(made, at=NOON, on=TODAY)
    return made


def contract(person: Person, scheme: Scheme, *, amount: Decimal, **values: Any) -> Contract:
    """A contract already notified, with its lot."""
    told = {name: values.pop(name) for name in list(values) if name in FIELDS}
    made = lot(person, scheme, screened=False, origin=Origin.IMPORTED, launched_on=None, **values)
    found = Contract.objects.create(
        **{
            "scheme": scheme,
            "buyer": made.buyer,
            "lot": made,
            "source_id": f"2024-{made.pk}",
            "notified_on": date(2024, 5, 6),
            "amount": amount,
            **told,
        }
    )
    parameters()
    screen_lot(made, at=NOON, on=TODAY)
    return found


FIELDS = {field.name for field in Contract._meta.fields} - {"id", "lot", "buyer", "scheme"}
