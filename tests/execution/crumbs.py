"""Small obligations side by side: Corinne and Cyril each owe a few hours of the same trade."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from relais.core.ledger import split
from relais.core.months import Month
from relais.execution.actions.pooling import JobTerms, Part, answer_agreement, propose_agreement
from relais.execution.enums import ConsentDecision
from relais.execution.models import Debtor, PoolingAgreement
from relais.territories.models import Department
from tests.cast import Cast
from tests.execution.worksite import lay_worksite, noon

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


def propose(
    cast: Cast, debtors: Sequence[Debtor], *, by: str = "fanny", job: str = "Peintre", **changes: Any
) -> PoolingAgreement:
    """A job of three months from the next one, made of all that the debtors owe; Sonia would employ."""
    today = changes.pop("on", None) or timezone.localdate()
    months = [Month.of(today).shifted(number) for number in (1, 2, 3)]
    parts = changes.pop("parts", None) or [
        Part(debtor, split_months(debtor.owed, months)) for debtor in debtors
    ]
    employer = cast[changes.pop("employer", "sonia")].organisation
    terms = JobTerms(employer, job, TRADE, "54", {"full_month": "151.67", "radius": "30"})
    return propose_agreement(cast.scheme, terms, parts, actor=cast[by].actor(today), at=noon(today))


def split_months(hours: Decimal, months: Sequence[Month]) -> dict[Month, Decimal]:
    shared = split(hours, {str(month): Decimal(1) for month in months})
    return {month: shared[str(month)] for month in months}


def answer(
    cast: Cast,
    agreement: PoolingAgreement,
    *people: str,
    decision: ConsentDecision = ConsentDecision.ACCEPTED,
    reason: str = "",
) -> PoolingAgreement:
    """Each of them answers for their body, in turn."""
    today = timezone.localdate()
    for name in people:
        answer_agreement(agreement, decision, reason=reason, actor=cast[name].actor(today), at=noon(today))
    return agreement


ALL = ("corinne", "cyril", "sonia", "clara")
"""Who must accept the agreement of `propose`."""
