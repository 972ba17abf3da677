"""The offer retained: what it promises becomes what the contract owes, without typing it again."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from relais.clauses.actions.scoring import move_tender, trace_tender
from relais.clauses.actions.signed import Award, Held
from relais.clauses.analysis import assembled
from relais.clauses.enums import TenderState
from relais.clauses.models import Clause, ScoringGrid, Tender
from relais.clauses.queries import asked_of_all
from relais.core.calibration import Step
from relais.core.money import hundredths
from relais.core.scoring_grid import owed_hours
from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import Words, gettext_noop
from relais.kit.actor import Actor


def promised_by(clause: Clause, tender: Tender) -> tuple[Decimal, tuple[Step, ...]]:
    """Hours that the contract owes when this offer is retained, with their working.

    Where the criterion stands alone, an offer without figure owes the hours that the clause foresees.
    """
    least = clause.hours if tender.hours is None else asked_of_all(clause)
    return owed_hours(tender.hours, least)


def retained_verdict(clause: Clause, award: Award) -> Verdict:
    """Whether the offers recorded allow the award: all scored, one named, its holder, its hours at least."""
    standing = list(clause.tenders.standing().prefetch_related("scores"))
    if not standing and award.tender is None:
        return YES
    if award.tender is None or award.tender not in standing:
        return no(gettext_noop("Say which of the offers recorded is retained."))
    return first_refusal(
        _scored_verdict(clause, standing), _holder_verdict(award), _promise_verdict(clause, award)
    )


def _scored_verdict(clause: Clause, standing: list[Tender]) -> Verdict:
    grid = ScoringGrid.objects.filter(clause_id=clause.pk).prefetch_related("lines").first()
    analysis = assembled(clause, grid, standing)
    if not analysis.is_whole:
        return no(
            gettext_noop(
                "Offers are still to be scored: %(left)s. Score each of them, or set it aside and say why."
            ),
            left=analysis.unscored,
        )
    return YES


def _holder_verdict(award: Award) -> Verdict:
    lead = next(held for held in award.holders if held.is_lead)
    if award.tender is not None and not _is_made_by(award.tender, lead):
        return no(
            gettext_noop(
                "The offer retained is that of %(tenderer)s: it holds the contract or leads its holders."
            ),
            tenderer=award.tender.name,
        )
    return YES


def _is_made_by(tender: Tender, held: Held) -> bool:
    """Whether the holder is the tenderer: the same body, or the same number, or else the same name."""
    if tender.organisation_id is not None:
        return tender.organisation_id == held.body.pk
    if tender.identifier and held.body.siret:
        return held.body.siret.startswith(tender.identifier)
    return tender.name.casefold() == held.body.name.casefold()


def _promise_verdict(clause: Clause, award: Award) -> Verdict:
    assert award.tender is not None, "the offer is named"
    owed, _ = promised_by(clause, award.tender)
    if award.hours < owed:
        return no(
            gettext_noop(
                "The offer retained commits to %(hours)s h: the contract cannot owe less. "
                "If it was recorded wrongly, correct the offer first."
            ),
            hours=owed,
        )
    return YES


def steps_of(clause: Clause, award: Award) -> tuple[Mapping[str, Any], ...]:
    """How the hours owed follow from the offer, to be kept with the clause and with the ledger."""
    if award.tender is None:
        return ()
    owed, steps = promised_by(clause, award.tender)
    signed = hundredths(award.hours)
    if signed != owed:
        steps = (
            *steps,
            Step(Words(gettext_noop("Hours of the contract signed, above the offer")), signed, "h"),
        )
    return tuple(step.as_dict() for step in steps)


def retain(tender: Tender | None, clause: Clause, *, actor: Actor, at: datetime) -> None:
    """Mark the offer as the one retained; `Stale` when it moved meanwhile."""
    if tender is None:
        return
    move_tender(tender, (TenderState.RECEIVED,), state=TenderState.RETAINED)
    trace_tender("clauses.tender.retained", tender, actor=actor, at=at, detail=f"hours={clause.hours}")
