"""Who may do what with an opportunity, and when: each answer says why not."""

from datetime import date

from relais.core.duty import DerogationCase, Duty, blocks_closing, derogation_cases
from relais.core.regime import Modality, Nature, modalities_on
from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import NotInForce, gettext_noop
from relais.kit.actor import Actor
from relais.organisations.enums import Role
from relais.organisations.models import Scheme
from relais.procurement.enums import Origin
from relais.procurement.models import Lot
from relais.screening.enums import DECIDED_STATES, OPEN_STATES, OpportunityState
from relais.screening.models import OpinionRequest, Opportunity, SheetFile

WRITERS = (Role.MANAGER, Role.OFFICER, Role.PURCHASER, Role.PROJECT_LEAD)
DECIDERS = (Role.MANAGER, Role.PURCHASER)
GIVERS = (Role.MANAGER, Role.OFFICER)
PARAMETER_WRITERS = (Role.MANAGER, Role.OFFICER)

NEXT_STATES = {
    OpportunityState.RETAINED: (OpportunityState.LAUNCHED,),
    OpportunityState.DEROGATED: (OpportunityState.LAUNCHED,),
    OpportunityState.DRAFTED: (OpportunityState.LAUNCHED,),
    OpportunityState.LAUNCHED: (OpportunityState.AWARDED, OpportunityState.UNSUCCESSFUL),
}
"""What may follow a decision; a clause drafted is told by the room of clauses."""

NOT_YOUR_PURCHASE = gettext_noop("This purchase is of another buyer: only its own people change its sheet.")
NOT_YOUR_LOT = gettext_noop("A project lead works on the lots he originates.")
ROLE_READS = gettext_noop("Your role reads this sheet. An officer, a purchaser or a project lead changes it.")
ROLE_DECIDES = gettext_noop("A purchaser or a manager of the buyer decides.")
ALREADY_DECIDED = gettext_noop("This opportunity is already decided. Reopen it to change it.")


def can_analyse(actor: Actor, lot: Lot) -> Verdict:
    """Work on the sheet of a lot: numbers, next act, opinions."""
    if lot.buyer_id != actor.organisation_id:
        return no(NOT_YOUR_PURCHASE)
    if actor.role not in WRITERS:
        return no(ROLE_READS)
    if actor.role == Role.PROJECT_LEAD and lot.project_lead_id != actor.user_id:
        return no(NOT_YOUR_LOT)
    return YES


def can_save(actor: Actor, lot: Lot, sheet: Opportunity | None) -> Verdict:
    """Save the numbers of a sheet that is not decided yet."""
    return first_refusal(can_analyse(actor, lot), _still_open(sheet))


def can_go_back(actor: Actor, lot: Lot, sheet: Opportunity | None) -> Verdict:
    if sheet is None or sheet.assumptions is None:
        return no(gettext_noop("Nothing was saved yet: there is no former version."))
    return first_refusal(can_save(actor, lot, sheet))


def can_decide(actor: Actor, lot: Lot, sheet: Opportunity | None) -> Verdict:
    """Retain, reject or derogate: a purchaser or a manager of the buyer, while nothing is decided."""
    if lot.buyer_id != actor.organisation_id:
        return no(NOT_YOUR_PURCHASE)
    if actor.role not in DECIDERS:
        return no(ROLE_DECIDES)
    return _still_open(sheet)


def can_retain(actor: Actor, lot: Lot, sheet: Opportunity | None, modality: str, day: date) -> Verdict:
    """Retain with a modality that exists for a consultation launched that day."""
    allowed = can_decide(actor, lot, sheet)
    if not allowed:
        return allowed
    if not modality:
        return no(gettext_noop("Choose the modality before retaining the lot."))
    try:
        known = modalities_on(day, concession=lot.is_concession)
    except NotInForce as error:
        return Verdict(False, error.words)
    if Modality(modality) not in known:
        return no(
            gettext_noop("This modality does not exist for a consultation of %(day)s. Choose another."),
            day=day,
        )
    return YES


def can_reject(actor: Actor, lot: Lot, sheet: Opportunity | None, duty: Duty | None) -> Verdict:
    """Leave the lot without a clause: closed while the duty of 2026 applies and nothing answers it."""
    return first_refusal(can_decide(actor, lot, sheet), blocks_closing(duty) if duty else YES)


def can_derogate(
    actor: Actor,
    lot: Lot,
    sheet: Opportunity | None,
    duty: Duty | None,
    case: str,
    reasons: str,
    evidence: str,
    nature: Nature,
    in_force: bool = True,
) -> Verdict:
    """Do without a social consideration although the duty applies: a case of the law, and its reasons.

    `in_force`: whether the scheme says that the law still has the case on the day of the decision.
    """
    allowed = can_decide(actor, lot, sheet)
    if not allowed:
        return allowed
    if duty is None or not duty.applies:
        return no(gettext_noop("The social duty does not apply here: reject the lot with a reason instead."))
    cases = derogation_cases(nature=nature, concession=lot.is_concession, duration_months=lot.duration_months)
    if not case or DerogationCase(case) not in cases:
        return no(gettext_noop("This derogation case is not open to this contract. Choose another case."))
    if not in_force:
        return no(gettext_noop("This derogation case is no longer in force. Choose another case."))
    if not reasons.strip():
        return no(gettext_noop("Write the reasons of the derogation: the buyer must be able to show them."))
    if not evidence.strip():
        return no(gettext_noop("Name the evidence of the derogation, and where it is kept."))
    return YES


def can_put_back(actor: Actor, lot: Lot, sheet: Opportunity | None) -> Verdict:
    """Take a lot out of analysis: nothing was saved on its sheet yet."""
    if sheet is None or sheet.state != OpportunityState.UNDER_ANALYSIS or sheet.assumptions_id is not None:
        return no(gettext_noop("Somebody worked on this sheet: it stays under analysis."))
    return can_analyse(actor, lot)


def can_reopen(actor: Actor, lot: Lot, sheet: Opportunity | None) -> Verdict:
    """Take a decision back, as long as no clause was drafted on it."""
    if sheet is None or sheet.state not in DECIDED_STATES:
        return no(gettext_noop("Only a decision that nothing followed yet can be taken back."))
    if lot.buyer_id != actor.organisation_id:
        return no(NOT_YOUR_PURCHASE)
    return YES if actor.role in DECIDERS else no(ROLE_DECIDES)


def can_move_on(actor: Actor, lot: Lot, sheet: Opportunity | None, state: OpportunityState) -> Verdict:
    """Tell that the consultation was launched, awarded or unsuccessful."""
    if sheet is None or state not in NEXT_STATES.get(OpportunityState(sheet.state), ()):
        return no(gettext_noop("This step does not follow the present state of the opportunity."))
    return can_analyse(actor, lot)


def can_draft(actor: Actor, lot: Lot, sheet: Opportunity | None) -> Verdict:
    """Write the clause: the opportunity is retained."""
    if sheet is None or sheet.state != OpportunityState.RETAINED:
        return no(gettext_noop("Retain the opportunity before writing its clause."))
    return can_analyse(actor, lot)


def can_type_lot(actor: Actor) -> Verdict:
    """Announce a lot to come of one's own body."""
    return YES if actor.role in WRITERS else no(ROLE_READS)


def can_edit_lot(actor: Actor, lot: Lot, sheet: Opportunity | None) -> Verdict:
    """Correct a lot typed by hand; an imported one follows its publication."""
    if lot.origin == Origin.IMPORTED:
        return no(
            gettext_noop("This lot was imported: its publication corrects it. Change the numbers here.")
        )
    return first_refusal(can_analyse(actor, lot), _still_open(sheet))


def can_set_parameters(actor: Actor, scheme: Scheme | None) -> Verdict:
    """Follow a parameter by a new dated value: a manager or an officer of the coordinator."""
    own = scheme is not None and scheme.coordinator_id == actor.organisation_id
    if not own or actor.role not in PARAMETER_WRITERS:
        return no(gettext_noop("A manager or an officer of the coordinator sets the parameters."))
    return YES


def can_screen(actor: Actor, scheme: Scheme) -> Verdict:
    """Screen all lots again: the coordinator's officers, or the administrator of the machine."""
    if actor.user_id is None or (scheme.coordinator_id == actor.organisation_id and actor.role in WRITERS):
        return YES
    return no(gettext_noop("The coordinator of the scheme screens its lots."))


def can_ask_opinion(actor: Actor, lot: Lot, sheet: Opportunity | None) -> Verdict:
    return first_refusal(can_analyse(actor, lot), _still_open(sheet))


def can_answer_opinion(actor: Actor, request: OpinionRequest) -> Verdict:
    """Give the opinion asked: once, by the facilitator body it was asked of."""
    if request.facilitator_id != actor.organisation_id:
        return no(gettext_noop("This opinion is asked of another body."))
    if actor.role not in GIVERS:
        return no(gettext_noop("A manager or an officer of the facilitator body gives the opinion."))
    if request.answered_at is not None:
        return no(gettext_noop("This opinion is already given."))
    return YES


def can_remind_opinion(actor: Actor, lot: Lot, request: OpinionRequest) -> Verdict:
    """Remind a body of the opinion it owes: the buyer's people, as long as it is not given."""
    if request.answered_at is not None:
        return no(gettext_noop("This opinion is already given."))
    return can_analyse(actor, lot)


def can_write_message(actor: Actor, lot: Lot, asked: bool) -> Verdict:
    """Write in the thread of a sheet: the buyer's people, and the facilitator bodies that were asked."""
    if asked and actor.role in GIVERS:
        return YES
    return can_analyse(actor, lot)


def can_send_file(actor: Actor, lot: Lot, asked: bool) -> Verdict:
    """Put a file on a sheet: those who may write in its thread."""
    return can_write_message(actor, lot, asked)


def can_withdraw_file(actor: Actor, lot: Lot, file: SheetFile) -> Verdict:
    """Withdraw a file: the people of the body that sent it, or a manager of the buyer."""
    if file.withdrawn_at is not None:
        return no(gettext_noop("This file is already withdrawn."))
    if actor.organisation_id == lot.buyer_id and actor.role == Role.MANAGER:
        return YES
    if actor.organisation_id != file.organisation_id:
        return no(gettext_noop("The body that sent this file withdraws it, or a manager of the buyer."))
    return can_analyse(actor, lot) if actor.organisation_id == lot.buyer_id else _gives(actor)


def _gives(actor: Actor) -> Verdict:
    if actor.role in GIVERS:
        return YES
    return no(gettext_noop("A manager or an officer of the body withdraws its files."))


def _still_open(sheet: Opportunity | None) -> Verdict:
    return YES if sheet is None or sheet.state in OPEN_STATES else no(ALREADY_DECIDED)
