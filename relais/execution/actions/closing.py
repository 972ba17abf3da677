"""End a contract well: the day of its final account, the evaluation of each side."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from relais.execution.actions.ledger import trace
from relais.execution.models import Evaluation, Obligation
from relais.execution.rules import closing as rules
from relais.kit.access import Stale, require
from relais.kit.actor import Actor


@transaction.atomic
def date_final_account(obligation: Obligation, *, day: date, actor: Actor, at: datetime) -> None:
    """Record the day on which the account becomes final: penalties are decided and deducted before it."""
    require(rules.can_date_account(actor, obligation))
    require(rules.account_day_verdict(obligation, day))
    Obligation.objects.filter(pk=obligation.pk).update(final_account_on=day)
    obligation.final_account_on = day
    trace("execution.account.dated", obligation, actor=actor, at=at, detail=day.isoformat())


@transaction.atomic
def give_evaluation(
    obligation: Obligation, answers: Mapping[str, Any], *, actor: Actor, at: datetime
) -> Evaluation:
    """Give the part of the actor's body in the shared evaluation; the former one stays, replaced."""
    require(rules.can_evaluate(actor, obligation))
    own = Evaluation.objects.in_force().filter(obligation=obligation, body_id=actor.organisation_id)
    own.update(replaced_at=at)
    try:
        with transaction.atomic():
            given = Evaluation.objects.create(
                obligation=obligation,
                body_id=actor.organisation_id,
                side=rules.side_of(actor, obligation) or "",
                given_at=at,
                given_by_id=actor.user_id,
                **answers,
            )
    except IntegrityError as error:
        raise Stale(obligation) from error
    trace("execution.evaluation.given", obligation, actor=actor, at=at, detail=given.side)
    return given
