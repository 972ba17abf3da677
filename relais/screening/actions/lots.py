"""Announce a lot to come by hand, correct it, and screen it at once."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from relais.kit import audit
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.organisations.models import Scheme
from relais.procurement.actions.procedures import name_procedure
from relais.procurement.enums import Origin
from relais.procurement.models import Lot, Procedure
from relais.screening import rules
from relais.screening.actions.screening import screen_lot
from relais.screening.models import Opportunity

TYPED = (
    "number",
    "object",
    "cpv",
    "nature",
    "is_concession",
    "estimated_amount",
    "duration_months",
    "launched_on",
    "commune",
    "department",
    "project_lead",
    "procedure",
)
"""What a person types of a lot; anything else comes from the act itself."""


@dataclass(frozen=True, slots=True)
class Consultation:
    """The consultation that a lot belongs to, by its title, and its value (€, excluding tax, all lots)."""

    title: str
    whole_value: Decimal | None = None


@transaction.atomic
def type_lot(
    scheme: Scheme,
    values: dict[str, Any],
    *,
    consultation: Consultation | None = None,
    actor: Actor,
    at: datetime,
    on: date,
) -> Lot:
    """Announce a lot to come of the actor's own body. `values` holds fields named in `TYPED`.

    The lots of one consultation share its value, so all those still open are screened again.
    """
    require(rules.can_type_lot(actor))
    if consultation is not None:
        values = {**values, "procedure": _procedure(consultation, values, actor, at)}
    lot = Lot.objects.create(
        scheme=scheme,
        buyer_id=actor.organisation_id,
        origin=Origin.TYPED,
        **{name: values[name] for name in TYPED if name in values},
    )
    _trace("typed", lot, actor, at)
    _screen_together(lot, at=at, on=on)
    return lot


@transaction.atomic
def edit_lot(
    lot: Lot,
    values: dict[str, Any],
    *,
    consultation: Consultation | None = None,
    seen: str,
    actor: Actor,
    at: datetime,
    on: date,
) -> Lot:
    """Correct a typed lot. `seen`: digest of what the person started from."""
    sheet = Opportunity.objects.filter(lot=lot).first()
    require(rules.can_edit_lot(actor, lot, sheet))
    if consultation is not None:
        values = {**values, "procedure": _procedure(consultation, values, actor, at)}
    changes = {name: values[name] for name in TYPED if name in values}
    stored = Lot.objects.get(pk=lot.pk)
    former = {name: getattr(stored, name) for name in changes}
    if digest(stored) != seen or not Lot.objects.filter(pk=lot.pk, **former).update(**changes):
        raise Stale(lot)
    lot.refresh_from_db()
    _trace("edited", lot, actor, at, ",".join(sorted(n for n in changes if former[n] != changes[n])))
    _screen_together(lot, at=at, on=on)
    return lot


def _procedure(
    consultation: Consultation, values: dict[str, Any], actor: Actor, at: datetime
) -> Procedure | None:
    if not consultation.title.strip():
        return None
    return name_procedure(
        title=consultation.title,
        estimated_value=consultation.whole_value,
        launched_on=values.get("launched_on"),
        actor=actor,
        at=at,
    )


def _screen_together(lot: Lot, *, at: datetime, on: date) -> None:
    """Screen a lot, and the others of its consultation: its value is theirs."""
    screen_lot(lot, at=at, on=on)
    if lot.procedure_id:
        for other in Lot.objects.filter(procedure_id=lot.procedure_id).exclude(pk=lot.pk).order_by("pk"):
            screen_lot(other, at=at, on=on)


def digest(lot: Lot) -> str:
    """Changes with any typed field of the lot: carried by the form, it tells a change in between."""
    content = repr([(name, str(lot.serializable_value(name))) for name in TYPED])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _trace(verb: str, lot: Lot, actor: Actor, at: datetime, detail: str = "") -> None:
    audit.record(
        f"procurement.lot.{verb}",
        lot,
        actor=actor,
        at=at,
        owner_id=lot.buyer_id,
        scope_id=lot.scheme_id,
        detail=detail,
    )
