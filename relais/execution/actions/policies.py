"""Write a version of the rules of eligibility; keep the working of a decision."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from relais.core.eligibility_policy import Situation, assess, default_at
from relais.core.verdict import Verdict
from relais.execution.models import Assessment, Eligibility, EligibilityPolicy
from relais.execution.queries import policies as queries
from relais.execution.rules import policies as rules
from relais.kit import audit
from relais.kit.access import Refused, require
from relais.kit.actor import Actor
from relais.organisations.models import Scheme


@transaction.atomic
def write_policy(
    scheme: Scheme,
    *,
    starts_on: date,
    terms: Mapping[str, Any],
    source: str,
    verified: bool,
    actor: Actor,
    at: datetime,
) -> EligibilityPolicy:
    """Add a version of the rules of a scheme, in force from a day; former decisions keep their own."""
    require(rules.can_write_policy(actor, scheme))
    try:
        with transaction.atomic():
            policy = EligibilityPolicy.objects.create(
                scheme=scheme,
                starts_on=starts_on,
                terms=dict(terms),
                source=source.strip(),
                verified=verified,
                entered_by_id=actor.user_id,
                entered_at=at,
            )
    except IntegrityError as error:
        raise Refused(rules.day_taken(starts_on)) from error
    audit.record(
        "execution.policy.written",
        policy,
        actor=actor,
        at=at,
        owner_id=scheme.coordinator_id,
        scope_id=scheme.pk,
        detail=starts_on.isoformat(),
    )
    return policy


def assess_decision(scheme_id: int, situation: Situation) -> Assessment:
    """The working of a decision to come, not yet kept: the rules are those of the day of the decision."""
    policy = queries.policy_at(scheme_id, situation.decided_on)
    terms = policy.as_terms() if policy else default_at(situation.decided_on)
    found = assess(terms, situation)
    return Assessment(
        policy=policy,
        default_on=None if policy else terms.starts_on,
        inputs=situation.as_dict(),
        lines=Assessment.kept(found),
        is_eligible=found.is_eligible,
    )


def refuse_by_rules(working: Assessment) -> None:
    """Stop a positive decision that a rule of the scheme refuses, with its reason."""
    for line in working.told:
        if line.refuses and not line.holds:
            raise Refused(Verdict(False, line.words))


def keep_working(working: Assessment, decision: Eligibility) -> None:
    working.decision = decision
    working.save()
