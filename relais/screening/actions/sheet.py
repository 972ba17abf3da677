"""Work on the opportunity sheet of a lot: save and restore numbers, decide, take back, move on.

Every act names the version of the sheet it saw (0 when the lot had none): a sheet changed meanwhile is
refused as stale and nothing is done.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from relais.core.duty import DerogationCase, Duty
from relais.core.regime import Nature
from relais.core.verdict import no
from relais.core.words import gettext_noop
from relais.kit import audit
from relais.kit.access import Refused, Stale, require
from relais.kit.actor import Actor
from relais.procurement.models import Lot
from relais.screening import rules
from relais.screening.actions.screening import screen_lot
from relais.screening.enums import OpportunityState, RejectionCase
from relais.screening.facts import Assumptions, LotFacts
from relais.screening.models import Opportunity, SavedAssumptions
from relais.screening.queries.derogations import WordedCase, worded
from relais.screening.queries.facts import Coverage, facts_of, lots_with_facts
from relais.screening.queries.parameters import ParameterBook
from relais.screening.scoring import Screened, screen


@transaction.atomic
def open_sheet(lot: Lot, *, version: int, at: datetime) -> Opportunity:
    """The sheet of a lot at the version seen, opened when there was none."""
    sheet = Opportunity.objects.filter(lot=lot).first()
    if sheet is None and version == 0:
        try:
            with transaction.atomic():
                return Opportunity.objects.create(lot=lot, created_at=at, version=0)
        except IntegrityError:
            raise Stale(lot) from None
    if sheet is None or sheet.version != version:
        raise Stale(lot)
    return sheet


@transaction.atomic
def save_numbers(
    lot: Lot, numbers: Assumptions, *, version: int, actor: Actor, at: datetime, on: date
) -> SavedAssumptions:
    """Keep the numbers of the calculation as a new dated row, and screen the lot with them.

    Raises `BadValue` (a ValueError) when a number is impossible.
    """
    require(rules.can_save(actor, lot, _sheet_of(lot)))
    sheet = open_sheet(lot, version=version, at=at)
    saved = _keep(sheet, numbers, actor, at)
    change_sheet(sheet, assumptions=saved, state=OpportunityState.UNDER_ANALYSIS)
    _trace("saved", sheet, lot, actor, at, f"hours={saved.hours}")
    screen_lot(lot, at=at, on=on)
    return saved


@transaction.atomic
def go_back(lot: Lot, *, version: int, actor: Actor, at: datetime, on: date) -> Opportunity:
    """Undo: return to the numbers saved before, or to those of the parameters when there were none."""
    require(rules.can_go_back(actor, lot, _sheet_of(lot)))
    sheet = open_sheet(lot, version=version, at=at)
    former = sheet.assumptions.former if sheet.assumptions else None
    return _return_to(sheet, former, lot, actor, at, on)


@transaction.atomic
def restore(saved: SavedAssumptions, *, version: int, actor: Actor, at: datetime, on: date) -> Opportunity:
    """Return to any version saved before; the ones in between are kept."""
    lot = saved.opportunity.lot
    require(rules.can_save(actor, lot, _sheet_of(lot)))
    sheet = open_sheet(lot, version=version, at=at)
    return _return_to(sheet, saved, lot, actor, at, on)


@transaction.atomic
def study(lot: Lot, *, version: int, actor: Actor, at: datetime) -> Opportunity:
    """Put a detected lot under analysis."""
    require(rules.can_save(actor, lot, _sheet_of(lot)))
    sheet = open_sheet(lot, version=version, at=at)
    change_sheet(sheet, state=OpportunityState.UNDER_ANALYSIS)
    _trace("studied", sheet, lot, actor, at)
    return sheet


@transaction.atomic
def plan_next_act(
    lot: Lot, *, what: str, due_on: date | None, version: int, actor: Actor, at: datetime
) -> Opportunity:
    """Write the next act of the sheet and its day."""
    require(rules.can_analyse(actor, lot))
    sheet = open_sheet(lot, version=version, at=at)
    change_sheet(sheet, next_act=what.strip()[:200], next_act_on=due_on if what.strip() else None)
    _trace("planned", sheet, lot, actor, at)
    return sheet


@transaction.atomic
def retain(
    lot: Lot, *, modality: str, reason: str, version: int, actor: Actor, at: datetime, on: date
) -> Opportunity:
    """Decide that the lot will carry a clause, by this modality.

    Numbers that nobody saved are kept as the sheet proposed them: the clause begins with their hours.
    """
    facts = _facts(lot, on)
    require(rules.can_retain(actor, lot, _sheet_of(lot), modality, facts.day))
    sheet = open_sheet(lot, version=version, at=at)
    proposed = screen(facts, ParameterBook.kept(lot.scheme).at(facts.day)).assumptions
    change_sheet(
        sheet,
        assumptions=sheet.assumptions or _keep(sheet, proposed, actor, at),
        state=OpportunityState.RETAINED,
        modality=modality,
        decision_reason=reason.strip(),
        **_decided(actor, at),
    )
    _trace("retained", sheet, lot, actor, at, modality)
    screen_lot(lot, at=at, on=on)
    return sheet


@transaction.atomic
def reject(
    lot: Lot, *, case: str, reason: str, version: int, actor: Actor, at: datetime, on: date
) -> Opportunity:
    """Leave the lot without a clause, and say why; refused while the duty of 2026 is not answered."""
    require(rules.can_reject(actor, lot, _sheet_of(lot), duty_without_clause(lot, on)))
    if case == RejectionCase.OTHER and not reason.strip():
        raise Refused(no(gettext_noop("Write the reason of the rejection.")))
    sheet = open_sheet(lot, version=version, at=at)
    change_sheet(
        sheet,
        state=OpportunityState.REJECTED,
        rejection=RejectionCase(case),
        decision_reason=reason.strip(),
        modality="",
        **_decided(actor, at),
    )
    _trace("rejected", sheet, lot, actor, at, case)
    screen_lot(lot, at=at, on=on)
    return sheet


@transaction.atomic
def derogate(
    lot: Lot,
    *,
    case: str,
    reasons: str,
    evidence: str,
    version: int,
    actor: Actor,
    at: datetime,
    on: date,
) -> Opportunity:
    """Record one of the derogation cases of the law, with its reasons and their evidence, instead of a
    social consideration."""
    answer = _screened_without_clause(lot, on)
    nature = answer.nature or Nature.SERVICES
    named = worded_on(lot, case, on)
    require(
        rules.can_derogate(
            actor,
            lot,
            _sheet_of(lot),
            answer.duty,
            case,
            reasons,
            evidence,
            nature,
            in_force=named is None or named.is_open(on),
        )
    )
    sheet = open_sheet(lot, version=version, at=at)
    change_sheet(
        sheet,
        state=OpportunityState.DEROGATED,
        derogation_case=case,
        derogation_wording=named.recorded if named else "",
        derogation_reasons=reasons.strip(),
        derogation_evidence=evidence.strip(),
        modality="",
        **_decided(actor, at),
    )
    _trace("derogated", sheet, lot, actor, at, case)
    screen_lot(lot, at=at, on=on)
    return sheet


@transaction.atomic
def reopen(lot: Lot, *, version: int, actor: Actor, at: datetime, on: date) -> Opportunity:
    """Take the decision back; the trail keeps it."""
    require(rules.can_reopen(actor, lot, _sheet_of(lot)))
    sheet = open_sheet(lot, version=version, at=at)
    change_sheet(
        sheet,
        state=OpportunityState.UNDER_ANALYSIS,
        modality="",
        rejection="",
        derogation_case="",
        derogation_wording="",
        derogation_reasons="",
        derogation_evidence="",
        decided_at=None,
        decided_by=None,
    )
    _trace("reopened", sheet, lot, actor, at)
    screen_lot(lot, at=at, on=on)
    return sheet


@transaction.atomic
def move_on(
    lot: Lot, state: OpportunityState, *, day: date, version: int, actor: Actor, at: datetime, on: date
) -> Opportunity:
    """Tell what became of the consultation; its launch day decides the law, so it is kept on the lot."""
    require(rules.can_move_on(actor, lot, _sheet_of(lot), state))
    sheet = open_sheet(lot, version=version, at=at)
    if state == OpportunityState.LAUNCHED:
        Lot.objects.filter(pk=lot.pk).update(launched_on=day)
    change_sheet(sheet, state=state)
    _trace("moved", sheet, lot, actor, at, str(state))
    screen_lot(lot, at=at, on=on)
    return sheet


def worded_on(lot: Lot, case: str, on: date) -> WordedCase | None:
    """The case as the scheme of the lot words it that day; None for what is no case."""
    if case not in set(DerogationCase):
        return None
    return worded(DerogationCase(case), ParameterBook.kept(lot.scheme).derogations, on)


def duty_without_clause(lot: Lot, on: date) -> Duty | None:
    """The duty of 2026 as it stands if nothing is planned for the lot."""
    return _screened_without_clause(lot, on).duty


def _screened_without_clause(lot: Lot, on: date) -> Screened:
    facts = replace(_facts(lot, on), consideration_planned=False, derogation=None, derogation_reasons="")
    return screen(facts, ParameterBook.kept(lot.scheme).at(facts.day))


def _facts(lot: Lot, on: date) -> LotFacts:
    fresh = lots_with_facts(Lot.objects.filter(pk=lot.pk)).select_related("scheme").get()
    return facts_of(fresh, Coverage.of(fresh.scheme), on)


def _sheet_of(lot: Lot) -> Opportunity | None:
    return Opportunity.objects.filter(lot=lot).select_related("assumptions").first()


def _keep(sheet: Opportunity, numbers: Assumptions, actor: Actor, at: datetime) -> SavedAssumptions:
    """A new dated row of numbers, with their working. Raises `BadValue` when a number is impossible."""
    calibration = numbers.calibrate()
    return SavedAssumptions.objects.create(
        opportunity=sheet,
        former=sheet.assumptions,
        **_columns(numbers),
        hours=calibration.hours if calibration else None,
        working=calibration.as_dict() if calibration else None,
        saved_at=at,
        saved_by_id=actor.user_id,
    )


def _decided(actor: Actor, at: datetime) -> dict[str, Any]:
    return {"decided_at": at, "decided_by_id": actor.user_id}


def change_sheet(sheet: Opportunity, **values: Any) -> None:
    """Change the sheet at the version seen, which grows. Raises `Stale` when it changed meanwhile."""
    seen = Opportunity.objects.filter(pk=sheet.pk, version=sheet.version)
    if not seen.update(version=F("version") + 1, **values):
        raise Stale(sheet)
    sheet.refresh_from_db()


def _return_to(
    sheet: Opportunity, saved: SavedAssumptions | None, lot: Lot, actor: Actor, at: datetime, on: date
) -> Opportunity:
    change_sheet(sheet, assumptions=saved)
    _trace("restored", sheet, lot, actor, at, f"saved={saved.pk if saved else 'none'}")
    screen_lot(lot, at=at, on=on)
    return sheet


def _trace(verb: str, sheet: Opportunity, lot: Lot, actor: Actor, at: datetime, detail: str = "") -> None:
    audit.record(
        f"screening.opportunity.{verb}",
        sheet,
        actor=actor,
        at=at,
        owner_id=lot.buyer_id,
        scope_id=lot.scheme_id,
        detail=detail,
    )


def _columns(numbers: Assumptions) -> dict[str, Any]:
    return {
        "formula": numbers.formula.value,
        "amount": numbers.amount,
        "labour_share": numbers.labour_share,
        "effort": numbers.effort,
        "hourly_cost": numbers.hourly_cost,
        "duration_months": numbers.duration_months,
        "transferred_staff_share": numbers.transferred_staff_share,
        "season_months": numbers.season_months,
        "labour_hours": numbers.labour_hours,
        "hours_per_10k": numbers.hours_per_10k,
        "orders": [[order.on.isoformat(), str(order.amount)] for order in numbers.orders],
        "rounding": numbers.rounding.value,
        "modality": numbers.modality.value if numbers.modality else "",
    }
