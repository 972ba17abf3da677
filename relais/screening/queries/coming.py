"""Hours to come, by trade, department and quarter: what may be told before a lot is published."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce, TruncQuarter

from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField
from relais.organisations.models import Scheme, SchemeBody, in_force
from relais.screening.enums import OpportunityState
from relais.screening.models import Opportunity

COMING = (OpportunityState.RETAINED, OpportunityState.DRAFTED, OpportunityState.LAUNCHED)


@dataclass(frozen=True, slots=True)
class Coming:
    """Hours of a trade in a department for a quarter; no lot and no buyer is named."""

    trade: str
    department: str
    quarter: date | None
    lots: int
    hours: Decimal

    @property
    def quarter_number(self) -> int:
        return (self.quarter.month + 2) // 3 if self.quarter else 0


def hours_to_come(actor: Actor) -> list[Coming]:
    """Lots retained in the actor's schemes, by buyers who share their purchases or coordinate the scheme."""
    schemes = Scheme.objects.visible_to(actor)
    sharing = SchemeBody.objects.filter(in_force(actor.on), scheme__in=schemes, shares_purchases=True)
    shared = Q(lot__buyer__in=sharing.values("organisation_id")) | Q(
        lot__buyer_id=F("lot__scheme__coordinator_id")
    )
    field = HundredthsField()
    rows = (
        Opportunity.objects.filter(shared, lot__scheme__in=schemes, state__in=COMING)
        .annotate(
            quarter=TruncQuarter("lot__launched_on"),
            asked=Coalesce("assumptions__hours", "lot__screening__hours", output_field=field),
        )
        .values("quarter", "lot__screening__trade__name", "lot__department__name")
        .annotate(number=Count("pk"), total=Sum("asked", output_field=field))
        .order_by("quarter", "lot__screening__trade__name", "lot__department__name")
    )
    return [
        Coming(
            trade=row["lot__screening__trade__name"] or "",
            department=row["lot__department__name"] or "",
            quarter=row["quarter"],
            lots=row["number"],
            hours=row["total"] or Decimal(0),
        )
        for row in rows
    ]
