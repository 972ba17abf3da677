"""Propose an agreement that pools hours, answer it, withdraw it, end it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from relais.core.money import hundredths
from relais.core.months import Month
from relais.core.pooling import percentages
from relais.core.verdict import no
from relais.core.words import gettext_noop
from relais.execution.enums import AgreementState, ConsentDecision, ConsentPart
from relais.execution.models import Debtor, PoolingAgreement, PoolingConsent, PoolingPart
from relais.execution.queries.pooling import hours_left, reserved_by_agreements
from relais.execution.rules import pooling as rules
from relais.kit import audit
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.organisations.models import Organisation, Scheme
from relais.organisations.queries import takes_part


@dataclass(frozen=True, slots=True)
class Part:
    """What a debtor brings: hours of each month, whole and above zero."""

    debtor: Debtor
    plan: Mapping[Month, Decimal]

    @property
    def hours(self) -> Decimal:
        return sum((hundredths(hours) for hours in self.plan.values()), Decimal(0))


@dataclass(frozen=True, slots=True)
class JobTerms:
    """The job of an agreement; `working` keeps the rules and the figures that it comes from."""

    employer: Organisation
    job: str
    trade: str
    department: str
    working: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def propose_agreement(
    scheme: Scheme, terms: JobTerms, parts: Sequence[Part], *, actor: Actor, at: datetime
) -> PoolingAgreement:
    """Propose a job to every company, every buyer and the employer; the proposer's own body accepts at once.

    Raises `Refused`: fewer than two contracts, more hours than a debtor has left, months outside a contract.
    """
    debtors = [part.debtor for part in parts]
    require(rules.can_propose(actor, [debtor.obligation for debtor in debtors]))
    require(rules.parts_verdict(debtors))
    if not terms.job.strip():
        require(no(gettext_noop("Name the job.")))
    if not takes_part(scheme, terms.employer, actor.on):
        require(no(gettext_noop("The employer takes part in the scheme: choose another one.")))
    list(Scheme.objects.select_for_update().filter(pk=scheme.pk).values_list("pk"))
    _check_parts(parts, actor)
    months = sorted({month for part in parts for month in part.plan})
    number = PoolingAgreement.objects.filter(scheme=scheme).count() + 1
    agreement = PoolingAgreement.objects.create(
        scheme=scheme,
        reference=f"MUT-{actor.on:%Y}-{number:03d}",
        employer=terms.employer,
        job=terms.job.strip()[:120],
        trade=terms.trade[:300],
        department=terms.department,
        starts_on=months[0].first_day,
        ends_on=months[-1].last_day,
        working=dict(terms.working),
        proposer_id=actor.organisation_id,
        proposed_by_id=actor.user_id,
        proposed_at=at,
    )
    _keep_parts(agreement, parts)
    _ask(agreement, parts, actor, at)
    _record("execution.agreement.proposed", agreement, actor, at, f"parts={len(parts)}")
    return agreement


def _check_parts(parts: Sequence[Part], actor: Actor) -> None:
    """Each part against what its debtor has left today, read afresh and held until the act is done."""
    ids = [part.debtor.pk for part in parts]
    fresh = {one.pk: one for one in Debtor.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    reserved = reserved_by_agreements(ids, actor.on)
    for part in parts:
        debtor = part.debtor
        left = hours_left(fresh[debtor.pk], reserved.get(debtor.pk, Decimal(0)))
        require(rules.hours_verdict(debtor, part.hours, left))
        require(rules.months_verdict(debtor, part.plan))


def _keep_parts(agreement: PoolingAgreement, parts: Sequence[Part]) -> None:
    percents = percentages({str(part.debtor.pk): part.hours for part in parts})
    PoolingPart.objects.bulk_create(
        PoolingPart(
            agreement=agreement,
            debtor=part.debtor,
            hours=part.hours,
            percent=percents[str(part.debtor.pk)],
            plan={str(month): str(hundredths(part.plan[month])) for month in sorted(part.plan)},
        )
        for part in parts
    )


def _ask(agreement: PoolingAgreement, parts: Sequence[Part], actor: Actor, at: datetime) -> None:
    """One consent for each body and each part it takes."""
    asked = {
        *((part.debtor.organisation_id, ConsentPart.FIRM) for part in parts),
        *((part.debtor.obligation.buyer_id, ConsentPart.BUYER) for part in parts),
        (agreement.employer_id, ConsentPart.EMPLOYER),
    }
    own = {"decision": ConsentDecision.ACCEPTED, "at": at, "by_id": actor.user_id}
    PoolingConsent.objects.bulk_create(
        PoolingConsent(
            agreement=agreement,
            organisation_id=body,
            part=part,
            **(own if body == actor.organisation_id else {}),
        )
        for body, part in sorted(asked)
    )


@transaction.atomic
def answer_agreement(
    agreement: PoolingAgreement,
    decision: ConsentDecision,
    *,
    reason: str = "",
    version: int | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Accept or refuse for the actor's body, as all that it is asked; the last yes puts it in force.

    A refusal says why and refuses the whole. When the hours are not left any more, the last yes is refused.
    """
    consents = list(agreement.consents.all())
    require(rules.can_answer(actor, agreement, consents))
    if decision == ConsentDecision.REFUSED:
        require(rules.is_reasoned(reason))
    own = [one for one in consents if one.organisation_id == actor.organisation_id and not one.decision]
    waiting = [one for one in consents if not one.decision and one not in own]
    state = AgreementState.PROPOSED
    if decision == ConsentDecision.REFUSED:
        state = AgreementState.REFUSED
    elif not waiting:
        state = AgreementState.IN_FORCE
        require(rules.is_to_come(agreement, actor.on))
        _check_parts(_parts_of(agreement), actor)
    settled = {} if state == AgreementState.PROPOSED else {"settled_at": at}
    _seize(agreement, version, state=state, **settled)
    PoolingConsent.objects.filter(pk__in=[one.pk for one in own]).update(
        decision=decision, reason=reason.strip()[:300], at=at, by_id=actor.user_id
    )
    _record("execution.agreement.answered", agreement, actor, at, str(decision))


def _parts_of(agreement: PoolingAgreement) -> list[Part]:
    """The parts as proposed; an obligation that stopped running since can be pooled no more."""
    rows = agreement.parts.select_related(
        "debtor__organisation", "debtor__obligation__clause", "debtor__obligation__buyer"
    )
    parts = []
    for row in rows:
        require(rules.is_running(row.debtor.obligation))
        plan = {Month.parse(month): Decimal(hours) for month, hours in row.plan.items()}
        parts.append(Part(row.debtor, plan))
    return parts


@transaction.atomic
def withdraw_agreement(
    agreement: PoolingAgreement, *, reason: str, version: int | None = None, actor: Actor, at: datetime
) -> None:
    """Take back a proposal that is not in force."""
    require(rules.can_withdraw(actor, agreement))
    require(rules.is_reasoned(reason))
    _seize(agreement, version, state=AgreementState.WITHDRAWN, reason=reason.strip()[:300], ended_at=at)
    _record("execution.agreement.withdrawn", agreement, actor, at)


@transaction.atomic
def end_agreement(
    agreement: PoolingAgreement, *, reason: str, version: int | None = None, actor: Actor, at: datetime
) -> None:
    """End an agreement in force: the hours it kept for the months to come are free again."""
    require(rules.can_end(actor, agreement, list(agreement.consents.all())))
    require(rules.is_reasoned(reason))
    _seize(agreement, version, state=AgreementState.ENDED, reason=reason.strip()[:300], ended_at=at)
    _record("execution.agreement.ended", agreement, actor, at)


def _seize(agreement: PoolingAgreement, version: int | None, **changes: object) -> None:
    """Compare and set: the agreement must be in the state and version that the page showed."""
    seen = agreement.version if version is None else version
    rows = PoolingAgreement.objects.filter(pk=agreement.pk, state=agreement.state, version=seen)
    if not rows.update(version=F("version") + 1, **changes):
        raise Stale(agreement)
    for name, value in {**changes, "version": seen + 1}.items():
        setattr(agreement, name, value)


def _record(verb: str, agreement: PoolingAgreement, actor: Actor, at: datetime, detail: str = "") -> None:
    audit.record(
        verb,
        agreement,
        actor=actor,
        at=at,
        owner_id=agreement.proposer_id,
        scope_id=agreement.scheme_id,
        detail=detail,
    )
