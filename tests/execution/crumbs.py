"""Small obligations side by side: Corinne and Cyril each owe a few hours of the same trade."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from relais.core.months import Month
from relais.execution.models import Debtor
from relais.territories.models import Department
from tests.cast import Cast
from tests.execution.worksite import lay_worksite

TRADE = "Peinture"


def lay_crumb(
    cast: Cast, number: int, hours: object, *, firm: str = "corinne", on: date | None = None, months: int = 6
) -> Debtor:
    """A running obligation of the region with so many hours left, over whole months from the next one."""
    debtor = lay_worksite(cast, reference=f"PETIT-{number:02d}", owed=hours).debtor
    first = Month.of(on or timezone.localdate())
    obligation = debtor.obligation
    obligation.starts_on, obligation.ends_on = first.first_day, first.shifted(months).last_day
    obligation.save()
    clause = obligation.clause
    clause.trade = TRADE
    clause.save()
    clause.lot.department = Department.objects.get(code="54")
    clause.lot.save()
    debtor.organisation = cast[firm].organisation
    debtor.save()
    return debtor


def lay_pair(cast: Cast, first: object = 300, second: object = "160.40") -> list[Debtor]:
    """Two crumbs that make one job of four months or so, none of the two alone."""
    return [lay_crumb(cast, 1, Decimal(str(first))), lay_crumb(cast, 2, second, firm="cyril")]
