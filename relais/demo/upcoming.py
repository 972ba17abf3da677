"""Lots of the coming months, at each step between detection and a clause being written."""

from datetime import date, timedelta

from relais.clauses import actions as clauses
from relais.demo.contract import Player
from relais.demo.stage import moment
from relais.demo.story import Story, invent
from relais.organisations.enums import Role
from relais.procurement.models import Lot
from relais.screening.actions import opinions, sheet
from relais.screening.enums import RejectionCase
from relais.screening.models import Opportunity

STEPS = 6


def announce_lots(player: Player, number: int) -> int:
    """Announce so many lots to come, two in three by the coordinator; gives their number."""
    for place in range(number):
        launched_on = player.today + timedelta(days=45 + 9 * place)
        story = invent(player.random, 9000 + place, launched_on, len(player.stage.buyers))
        if place % 3:
            story.buyer = 0
        prepare(player, story, place)
    return number


def prepare(player: Player, story: Story, place: int) -> None:
    """Bring one lot to the step that its place gives, from detected to clause being written."""
    buyer = player.stage.buyers[story.buyer]
    lot = player.announce(story, buyer)
    step = place % STEPS
    if step == 0:
        return
    day = player.today - timedelta(days=20 + place)
    officer = player.stage.actor(buyer, Role.OFFICER, day)
    sheet.save_numbers(lot, player.numbers(story), version=0, actor=officer, at=moment(day), on=day)
    version = Opportunity.objects.get(lot=lot).version
    if step in (1, 2):
        opinions.ask_opinion(
            lot,
            player.stage.facilitators[story.department],
            question="Quelle offre d'insertion sur ce territoire à cette date ?",
            version=version,
            actor=officer,
            at=moment(day),
            on=day,
        )
        return
    decider = player.stage.actor(buyer, Role.PURCHASER, day)
    if step == 3 and not duty_applies(lot, day):
        sheet.reject(
            lot,
            case=RejectionCase.OTHER,
            reason="Poste unique très qualifié.",
            version=version,
            actor=decider,
            at=moment(day),
            on=day,
        )
        return
    sheet.retain(
        lot, modality=story.modality, reason="", version=version, actor=decider, at=moment(day), on=day
    )
    if step == STEPS - 1:
        opportunity = Opportunity.objects.select_related("lot__procedure", "assumptions").get(lot=lot)
        clauses.write_clause(
            opportunity,
            terms=clauses.terms_of(opportunity, day),
            facilitators=[player.stage.facilitators[story.department]],
            actor=officer,
            at=moment(day),
        )


def duty_applies(lot: Lot, day: date) -> bool:
    duty = sheet.duty_without_clause(lot, day)
    return duty is not None and duty.applies
