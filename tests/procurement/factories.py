"""Contracts of the tests: imported, typed in, held by somebody of the cast."""

from datetime import date
from decimal import Decimal
from typing import Any

from relais.organisations.models import Organisation, Scheme
from relais.procurement.actions.notices import text_kept
from relais.procurement.enums import Origin
from relais.procurement.models import Contract, Holder, Lot, Notice
from relais.procurement.notices import ClauseText


def lay_contract(
    scheme: Scheme,
    buyer: Organisation,
    *,
    object: str = "Restructuration du collège, lot 2 gros œuvre",
    source_id: str = "2024-T-017",
    holder: Organisation | None = None,
    origin: str = Origin.IMPORTED,
    cpv: str = "45214220",
    **values: Any,
) -> Contract:
    """A contract and its lot, as an import or an entry leaves them."""
    lot = Lot.objects.create(
        scheme=scheme, buyer=buyer, origin=origin, object=object, cpv=cpv, nature="works", duration_months=18
    )
    defaults = {"notified_on": date(2024, 6, 3), "amount": Decimal(480_000), "social_published": True}
    contract = Contract.objects.create(
        scheme=scheme, buyer=buyer, lot=lot, source_id=source_id, **(defaults | values)
    )
    if holder is not None:
        Holder.objects.create(
            contract=contract,
            organisation=holder,
            identifier_type="SIRET",
            identifier=holder.siret,
            name=holder.name,
            is_lead=True,
        )
    contract.refresh_from_db()
    return contract


def lay_notice(
    scheme: Scheme, buyer: Organisation | None, *, number: str = "25-100", text: str = "", **values: Any
) -> Notice:
    """A call for competition in one lot, with its clause text, as an import leaves it."""
    kept = text_kept(ClauseText("BT-70", text or "Clause d'insertion : 350 heures."))
    notice = Notice.objects.create(
        scheme=scheme,
        buyer=buyer,
        key=f"boamp:{number}",
        number=number,
        shape="notice-boamp",
        **{
            "form": "call",
            "published_on": date(2025, 3, 4),
            "title": "Entretien des espaces verts",
            "texts": [kept],
            "has_clause_text": True,
            **values,
        },
    )
    notice.lots.create(
        title="Entretien des espaces verts", cpv="77310000", marks={"reserved": [], "social": []}
    )
    return notice
