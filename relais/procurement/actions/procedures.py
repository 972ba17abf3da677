"""The competition to which lots belong: its whole estimated value decides thresholds for all of them."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from relais.kit import audit
from relais.kit.actor import Actor
from relais.procurement.models import Procedure


@transaction.atomic
def name_procedure(
    *,
    title: str,
    estimated_value: Decimal | None,
    launched_on: date | None,
    kind: str = "",
    actor: Actor,
    at: datetime,
) -> Procedure:
    """The procedure of the actor's body that bears this title, with its value (€, excluding tax, all lots).

    It is made when the body has none of that title; a value, a date or a kind not given changes nothing.
    """
    title = " ".join(title.split())
    found = Procedure.objects.filter(buyer_id=actor.organisation_id, title=title).order_by("pk").first()
    if found is None:
        found = Procedure.objects.create(
            buyer_id=actor.organisation_id,
            title=title,
            estimated_value=estimated_value,
            launched_on=launched_on,
            kind=kind,
        )
        _trace("named", found, actor, at)
        return found
    wanted = {"estimated_value": estimated_value, "launched_on": launched_on, "kind": kind or None}
    changes = {
        name: value for name, value in wanted.items() if value is not None and value != getattr(found, name)
    }
    if changes:
        Procedure.objects.filter(pk=found.pk).update(**changes)
        found.refresh_from_db()
        _trace("valued", found, actor, at)
    return found


def _trace(verb: str, procedure: Procedure, actor: Actor, at: datetime) -> None:
    audit.record(f"procurement.procedure.{verb}", procedure, actor=actor, at=at, owner_id=procedure.buyer_id)
