"""Pooling agreements as a body reads them: the list, and the sheet of one."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet

from relais.core.months import Month, months_between
from relais.core.pooling import FULL_MONTH
from relais.execution.enums import AgreementState
from relais.execution.models import PoolingAgreement, PoolingConsent
from relais.execution.queries.pooling import MonthRow, Proposal, Share
from relais.kit.actor import Actor
from relais.kit.fields import total

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class AgreementSheet:
    """An agreement, its job month by month, and what each body answered."""

    agreement: PoolingAgreement
    job: Proposal
    consents: tuple[PoolingConsent, ...]


def agreements_read(actor: Actor) -> QuerySet[PoolingAgreement]:
    """Agreements the actor reads, with their hours and whether its body has to answer; the newest first."""
    own = PoolingConsent.objects.filter(
        agreement=OuterRef("pk"), organisation_id=actor.organisation_id, decision=""
    )
    return (
        PoolingAgreement.objects.visible_to(actor)
        .select_related("employer", "proposer")
        .annotate(
            hours=total("parts__hours"),
            is_asked=Exists(own.filter(agreement__state=AgreementState.PROPOSED)),
        )
    )


def sheet_of(agreement: PoolingAgreement) -> AgreementSheet:
    """The sheet of an agreement that the actor may read, in two queries."""
    parts = list(
        agreement.parts.select_related(
            "debtor__organisation", "debtor__obligation__clause", "debtor__obligation__buyer"
        )
    )
    full_month = Decimal(agreement.working.get("full_month", FULL_MONTH))
    rows = []
    for month in months_between(Month.of(agreement.starts_on), Month.of(agreement.ends_on)):
        hours = tuple(Decimal(part.plan.get(str(month), 0)) for part in parts)
        load = sum(hours, ZERO)
        rows.append(MonthRow(month, hours, load, load / full_month))
    job = Proposal(
        tuple(Share(part.debtor, part.hours, part.percent) for part in parts),
        tuple(rows),
        (agreement.trade,),
        agreement.department,
    )
    consents = agreement.consents.select_related("organisation")
    return AgreementSheet(agreement, job, tuple(consents))
