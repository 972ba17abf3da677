"""Write a clause, amend its draft, keep its text, abandon it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from relais.clauses import kit, rules, wording
from relais.clauses.actions.parties import open_part
from relais.clauses.enums import ClauseState, Part
from relais.clauses.library.pieces import SHIPPED, Piece
from relais.clauses.models import Clause, Numbering
from relais.clauses.queries import with_file
from relais.core.money import hundredths
from relais.core.regime import Modality as CoreModality
from relais.core.regime import article, regime_on
from relais.core.verdict import YES, Verdict, no
from relais.core.words import NotInForce, gettext_noop
from relais.kit import audit
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.organisations.models import Organisation
from relais.organisations.policies import policies
from relais.procurement.models import Lot
from relais.screening.enums import OpportunityState
from relais.screening.models import Opportunity, ScreeningResult


@dataclass(frozen=True, slots=True)
class Terms:
    """What the buyer decides of a clause before its award.

    `hours_reason` says why the hours are not those of the calculation; needed when they differ from it.
    """

    modality: str
    launched_on: date
    hours: Decimal
    hours_reason: str = ""
    unit_penalty: Decimal | None = None
    criterion_weight: Decimal | None = None
    eligible_note: str = ""
    particulars: str = ""
    ccag: str = ""
    facilitator_contact: str = ""


def terms_of(opportunity: Opportunity, on: date) -> Terms:
    """The terms that a retained opportunity proposes; `on` dates the launch when the lot does not say it."""
    lot = opportunity.lot
    saved = opportunity.assumptions
    launched_on = lot.launched_on or (lot.procedure.launched_on if lot.procedure else None) or on
    return Terms(
        modality=opportunity.modality,
        launched_on=launched_on,
        hours=(saved.hours if saved else None) or Decimal(0),
    )


@transaction.atomic
def write_clause(
    opportunity: Opportunity,
    *,
    terms: Terms,
    facilitators: Sequence[Organisation] = (),
    actor: Actor,
    at: datetime,
) -> Clause:
    """Open the clause of a retained opportunity, with its working, its article and its facilitators.

    Raises `Refused`: not the buyer's writer, not retained, a modality that did not exist at the launch date.
    """
    require(rules.can_write_clause(actor, opportunity))
    lot = opportunity.lot
    saved = opportunity.assumptions
    working = dict(saved.working or {}) if saved else {}
    screened = ScreeningResult.objects.filter(lot=lot).select_related("trade").first()
    trade = screened.trade if screened else None
    try:
        with transaction.atomic():
            clause = Clause.objects.create(
                scheme_id=lot.scheme_id,
                buyer_id=lot.buyer_id,
                lot=lot,
                reference=next_reference(lot.buyer_id, timezone.localdate(at).year),
                trade=trade.name if trade else "",
                sector=trade.sector if trade else "",
                created_by_id=actor.user_id,
                created_at=at,
                **fields_of(terms, lot, working),
            )
    except IntegrityError as error:  # another colleague wrote it a moment ago
        raise Stale(lot) from error
    move_opportunity(lot, (OpportunityState.RETAINED,), OpportunityState.DRAFTED)
    for organisation in facilitators:
        require(rules.party_verdict(clause, organisation, Part.FACILITATOR, actor.on))
        open_part(clause, organisation, Part.FACILITATOR, timezone.localdate(at))
    trace("clauses.clause.written", clause, actor=actor, at=at, detail=f"hours={clause.hours}")
    return clause


def next_reference(buyer_id: int, year: int) -> str:
    """The next reference of a buyer in a year: 2026-001, 2026-002…"""
    Numbering.objects.get_or_create(buyer_id=buyer_id, year=year)
    counter = Numbering.objects.filter(buyer_id=buyer_id, year=year)
    counter.update(last=F("last") + 1)
    return str(counter.get())


def fields_of(terms: Terms, lot: Lot, working: dict[str, Any]) -> dict[str, Any]:
    """The columns that terms fill: the regime and the article follow from the launch date."""
    try:
        cited = article(CoreModality(terms.modality), terms.launched_on, concession=lot.is_concession)
        regime = regime_on(terms.launched_on)
    except NotInForce as error:
        require(Verdict(False, error.words))
        raise
    hours = hundredths(terms.hours)
    calculated = working.get("hours")
    working.pop("set_by_hand", None)
    if calculated is not None and Decimal(calculated) != hours:
        require(_hours_explained(terms.hours_reason, Decimal(calculated)))
    if terms.hours_reason.strip():
        working["set_by_hand"] = terms.hours_reason.strip()
    return {
        "modality": terms.modality,
        "launched_on": terms.launched_on,
        "regime": regime.value,
        "article": cited.citation,
        "hours": hours,
        "working": working,
        "unit_penalty": terms.unit_penalty,
        "criterion_weight": terms.criterion_weight,
        "eligible_note": terms.eligible_note.strip(),
        "particulars": terms.particulars.strip(),
        "ccag": terms.ccag,
        "facilitator_contact": terms.facilitator_contact.strip(),
    }


def _hours_explained(reason: str, calculated: Decimal) -> Verdict:
    if reason.strip():
        return YES
    return no(
        gettext_noop(
            "The calculation gives %(hours)s h. Say why the clause asks for another number of hours."
        ),
        hours=calculated,
    )


@transaction.atomic
def amend_draft(clause: Clause, *, terms: Terms, actor: Actor, at: datetime) -> None:
    """Change the terms of a draft. Raises `Stale` when somebody changed it meanwhile."""
    require(rules.can_amend_draft(actor, clause))
    fields = fields_of(terms, clause.lot, dict(clause.working))
    changed = sorted(name for name, value in fields.items() if getattr(clause, name) != value)
    move(clause, (ClauseState.DRAFT,), **fields)
    trace("clauses.clause.amended", clause, actor=actor, at=at, detail=",".join(changed))


@transaction.atomic
def mark_written(clause: Clause, *, actor: Actor, at: datetime) -> None:
    """Keep the text of the clause as it is composed today: it goes into the tender documents."""
    require(rules.can_mark_written(actor, clause))
    fresh = with_file(Clause.objects.filter(pk=clause.pk)).get()
    in_force = policies(fresh.scheme, timezone.localdate(at))
    documents = wording.compose(fresh, in_force)
    for found in kit.contradictions_of(fresh, in_force, documents):
        if found.blocking:
            require(Verdict(False, found.words))
    pieces = [section.piece for document in documents for section in document.sections if section.piece]
    text = wording.as_text(documents)
    move(clause, (ClauseState.DRAFT,), state=ClauseState.WRITTEN, wording=text, written_at=at)
    clause.kept_versions.set([piece.version_id for piece in pieces if piece.version_id])
    trace("clauses.clause.kept", clause, actor=actor, at=at, detail=f"texts={texts_label(pieces)}")


def texts_label(pieces: Iterable[Piece]) -> str:
    """Which texts were kept: the versions of the library, or the edition shipped with the product."""
    versions = sorted(piece.version_id for piece in pieces if piece.version_id)
    return ",".join(str(pk) for pk in versions) or SHIPPED


@transaction.atomic
def return_to_draft(clause: Clause, *, actor: Actor, at: datetime) -> None:
    """Open a written clause to changes again, before its award; the kept text is dropped."""
    require(rules.can_return_to_draft(actor, clause))
    move(clause, (ClauseState.WRITTEN,), state=ClauseState.DRAFT, wording="", written_at=None)
    clause.kept_versions.clear()
    trace("clauses.clause.reopened", clause, actor=actor, at=at)


@transaction.atomic
def abandon_clause(clause: Clause, *, reason: str, actor: Actor, at: datetime) -> None:
    """Give the clause up before award, with the reason; the opportunity waits for a clause again."""
    require(rules.can_abandon(actor, clause))
    if not reason.strip():
        require(no(gettext_noop("Say why the clause is abandoned.")))
    move(
        clause,
        (ClauseState.DRAFT, ClauseState.WRITTEN),
        state=ClauseState.ABANDONED,
        abandoned_at=at,
        abandon_reason=reason.strip()[:300],
    )
    move_opportunity(clause.lot, BEFORE_AWARD, OpportunityState.RETAINED)
    trace("clauses.clause.abandoned", clause, actor=actor, at=at)


@transaction.atomic
def resume_clause(clause: Clause, *, actor: Actor, at: datetime) -> None:
    """Take an abandoned clause up again, as a draft."""
    require(rules.can_resume(actor, clause))
    move(
        clause,
        (ClauseState.ABANDONED,),
        state=ClauseState.DRAFT,
        abandoned_at=None,
        abandon_reason="",
        wording="",
        written_at=None,
    )
    move_opportunity(clause.lot, (OpportunityState.RETAINED,), OpportunityState.DRAFTED)
    trace("clauses.clause.resumed", clause, actor=actor, at=at)


@transaction.atomic
def close_clause(clause: Clause, *, closed: bool, actor: Actor, at: datetime) -> None:
    """Follow the obligation: a clause is closed with it, and open again with it. Called by execution."""
    before, after = (
        (ClauseState.AWARDED, ClauseState.CLOSED) if closed else (ClauseState.CLOSED, ClauseState.AWARDED)
    )
    move(clause, (before,), state=after)
    trace(f"clauses.clause.{'closed' if closed else 'reopened'}", clause, actor=actor, at=at)


BEFORE_AWARD = (OpportunityState.RETAINED, OpportunityState.DRAFTED, OpportunityState.LAUNCHED)


def move_opportunity(lot: Lot, before: Iterable[OpportunityState], after: OpportunityState) -> None:
    """Let the opportunity follow its clause, when it stands where it is expected."""
    Opportunity.objects.filter(lot=lot, state__in=list(before)).update(state=after, version=F("version") + 1)


def move(clause: Clause, states: Iterable[ClauseState], **fields: Any) -> None:
    """Write the fields if the clause is still as it was read; `Stale` otherwise."""
    as_read = Clause.objects.filter(pk=clause.pk, version=clause.version, state__in=list(states))
    if not as_read.update(version=F("version") + 1, **fields):
        raise Stale(clause)
    for name, value in fields.items():
        setattr(clause, name, value)
    clause.version += 1


def trace(verb: str, clause: Clause, *, actor: Actor, at: datetime, detail: str = "") -> None:
    audit.record(
        verb, clause, actor=actor, at=at, owner_id=clause.buyer_id, scope_id=clause.scheme_id, detail=detail
    )
