"""Follow the wording of a derogation case by another, from a date, with its source."""

from datetime import datetime
from typing import Any

from django.db import transaction

from relais.core.duty import DerogationCase
from relais.kit import audit
from relais.kit.access import require
from relais.kit.actor import Actor
from relais.organisations.models import Scheme
from relais.screening import rules
from relais.screening.models import DerogationWording


@transaction.atomic
def word_derogation(
    scheme: Scheme, case: DerogationCase, values: dict[str, Any], *, actor: Actor, at: datetime
) -> DerogationWording:
    """A new wording of a case for the scheme; decisions already taken keep theirs."""
    require(rules.can_set_parameters(actor, scheme))
    row = DerogationWording.objects.create(
        scheme=scheme, case=case.value, entered_at=at, entered_by_id=actor.user_id, **values
    )
    audit.record(
        "screening.derogation.dated",
        row,
        actor=actor,
        at=at,
        scope_id=scheme.pk,
        detail=f"{case.value} from={row.starts_on}",
    )
    return row
