"""Ask a facilitator body what its territory can offer for a lot, and give that opinion."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from relais.core.verdict import no
from relais.core.words import gettext_noop
from relais.kit import audit
from relais.kit.access import Refused, Stale, require
from relais.kit.actor import Actor
from relais.organisations.enums import PolicyKey
from relais.organisations.models import Organisation
from relais.organisations.policies import policy
from relais.procurement.models import Lot
from relais.screening import rules
from relais.screening.actions.sheet import open_sheet
from relais.screening.models import OpinionRequest, Opportunity


@transaction.atomic
def ask_opinion(
    lot: Lot,
    facilitator: Organisation,
    *,
    question: str,
    version: int,
    actor: Actor,
    at: datetime,
    on: date,
) -> OpinionRequest:
    """Ask once; the clock starts now, with the delay of the scheme."""
    sheet = Opportunity.objects.filter(lot=lot).first()
    require(rules.can_ask_opinion(actor, lot, sheet))
    sheet = open_sheet(lot, version=version, at=at)
    try:
        with transaction.atomic():
            asked = OpinionRequest.objects.create(
                opportunity=sheet,
                facilitator=facilitator,
                question=question.strip(),
                asked_at=at,
                asked_by_id=actor.user_id,
                due_on=on + timedelta(days=int(policy(lot.scheme, PolicyKey.OPINION_DAYS, on).value)),
            )
    except IntegrityError:
        raise Refused(no(gettext_noop("This body was already asked for its opinion."))) from None
    _trace("asked", asked, lot, actor, at)
    return asked


@transaction.atomic
def answer_opinion(
    request: OpinionRequest, *, answer: str, text: str, actor: Actor, at: datetime
) -> OpinionRequest:
    """Give the opinion, once."""
    require(rules.can_answer_opinion(actor, request))
    waiting = OpinionRequest.objects.unanswered().filter(pk=request.pk)
    if not waiting.update(answer=answer, text=text.strip(), answered_at=at, answered_by_id=actor.user_id):
        raise Stale(request)
    request.refresh_from_db()
    _trace("answered", request, request.opportunity.lot, actor, at, answer)
    return request


def _trace(
    verb: str, request: OpinionRequest, lot: Lot, actor: Actor, at: datetime, detail: str = ""
) -> None:
    audit.record(
        f"screening.opinion.{verb}",
        request,
        actor=actor,
        at=at,
        owner_id=lot.buyer_id,
        scope_id=lot.scheme_id,
        detail=detail,
    )
