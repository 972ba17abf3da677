"""Undo what a triage just did: each act by its inverse, on the versions it left."""

from datetime import date, datetime

from django.db import transaction

from relais.kit import audit
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.organisations.models import Organisation
from relais.procurement.models import Lot
from relais.screening import rules
from relais.screening.actions.sheet import change_sheet, open_sheet, reopen
from relais.screening.enums import OpportunityState
from relais.screening.models import OpinionRequest, Opportunity


@transaction.atomic
def put_back(lot: Lot, *, version: int, actor: Actor, at: datetime) -> Opportunity:
    """Take a lot out of analysis, as long as nobody worked on its sheet."""
    require(rules.can_put_back(actor, lot, Opportunity.objects.filter(lot=lot).first()))
    sheet = open_sheet(lot, version=version, at=at)
    change_sheet(sheet, state=OpportunityState.DETECTED)
    _trace("put_back", sheet, lot, actor, at)
    return sheet


@transaction.atomic
def undo_decision(
    lot: Lot, *, before: OpportunityState, version: int, actor: Actor, at: datetime, on: date
) -> Opportunity:
    """Take a decision back; a lot that was only detected is detected again unless numbers were kept."""
    sheet = reopen(lot, version=version, actor=actor, at=at, on=on)
    if before == OpportunityState.DETECTED and sheet.assumptions_id is None:
        return put_back(lot, version=sheet.version, actor=actor, at=at)
    return sheet


@transaction.atomic
def withdraw_opinion(lot: Lot, facilitator: Organisation, *, actor: Actor, at: datetime) -> None:
    """Ask no more for an opinion that was not given yet."""
    require(rules.can_analyse(actor, lot))
    asked = OpinionRequest.objects.unanswered().filter(opportunity__lot=lot, facilitator=facilitator).first()
    if asked is None:
        raise Stale(lot)
    _trace("withdrawn", asked, lot, actor, at)
    asked.delete()


def _trace(verb: str, thing: Opportunity | OpinionRequest, lot: Lot, actor: Actor, at: datetime) -> None:
    room = "opinion" if isinstance(thing, OpinionRequest) else "opportunity"
    audit.record(
        f"screening.{room}.{verb}",
        thing,
        actor=actor,
        at=at,
        owner_id=lot.buyer_id,
        scope_id=lot.scheme_id,
    )
