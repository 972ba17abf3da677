"""Write in the ledger of an obligation: each act adds entries and moves the totals in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from relais.clauses.actions import close_clause
from relais.clauses.events import ClauseAwarded
from relais.clauses.models import Clause
from relais.core import ledger as core
from relais.core.money import hundredths
from relais.core.verdict import no
from relais.core.words import gettext_noop
from relais.execution.enums import CLOSED_STATES, EntryKind, ObligationState
from relais.execution.events import EntriesRecorded
from relais.execution.models import Debtor, Entry, Obligation
from relais.execution.rules import ledger as rules
from relais.execution.rules.sanctions import ended_verdict
from relais.kit import audit, events
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.kit.fields import plus


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry to record: hours for the whole obligation, or for one debtor."""

    kind: EntryKind
    hours: Decimal
    effective_on: date
    wording: str = ""
    document: str = ""
    reason: str = ""
    steps: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    debtor: Debtor | None = None
    new_end: date | None = None
    corrected_number: int | None = None
    under_rule: bool = False


def open_obligation(award: ClauseAwarded) -> None:
    """Open the ledger of a clause just awarded: debtors by share, initial entries that make the whole."""
    clause = Clause.objects.select_related("lot").get(pk=award.clause_id)
    obligation = Obligation.objects.create(
        clause=clause,
        scheme_id=clause.scheme_id,
        buyer_id=clause.buyer_id,
        starts_on=award.starts_on,
        ends_on=award.ends_on,
    )
    Debtor.objects.bulk_create(
        Debtor(
            obligation=obligation,
            organisation_id=holder.organisation_id,
            share=holder.share,
            is_lead=holder.is_lead,
        )
        for holder in award.holders
    )
    wanted = Wanted(
        kind=EntryKind.INITIAL,
        hours=award.hours,
        effective_on=award.effective_on,
        wording="",
        document=award.document,
        steps=award.steps or clause.working.get("steps", ()),
        reason=clause.hours_reason,
    )
    write_entries(obligation, wanted, actor=award.actor, at=award.at)
    trace("execution.obligation.opened", obligation, actor=award.actor, at=award.at)


@transaction.atomic
def record_entry(obligation: Obligation, wanted: Wanted, *, actor: Actor, at: datetime) -> tuple[Entry, ...]:
    """Add hours owed, or take some away, shared out over the debtors; returns the rows written.

    A suspension suspends the obligation, `new_end` moves the end of performance. Raises `Refused` with the
    reason when the kind, the figures or the actor do not fit, `Stale` when the obligation moved meanwhile.
    """
    require(rules.can_record_entry(actor, obligation, wanted.kind))
    hours = hundredths(wanted.hours)
    require(rules.entry_verdict(obligation, wanted.kind, hours, wanted.reason, wanted.corrected_number))
    if wanted.new_end is not None and wanted.new_end < obligation.starts_on:
        require(no(gettext_noop("The end of performance cannot come before its start.")))
    entries = write_entries(obligation, wanted, actor=actor, at=at)
    changes: dict[str, Any] = {}
    if wanted.kind == EntryKind.SUSPENSION:
        changes["state"] = ObligationState.SUSPENDED
    if wanted.new_end is not None:
        changes["ends_on"] = wanted.new_end
    if changes:
        _move(obligation, **changes)
    return entries


def write_entries(obligation: Obligation, wanted: Wanted, *, actor: Actor, at: datetime) -> tuple[Entry, ...]:
    """Share the hours out, write one row per debtor, move both totals, tell the upper rooms."""
    debtors = {str(debtor.pk): debtor for debtor in obligation.debtors.select_related("organisation")}
    hours = hundredths(wanted.hours)
    if wanted.debtor is not None:
        parts = {str(wanted.debtor.pk): hours}
    else:
        parts = core.split(hours, {name: debtor.share for name, debtor in debtors.items()})
    return _post(
        obligation, [(debtors[name], part) for name, part in parts.items()], wanted, actor=actor, at=at
    )


@transaction.atomic
def transfer_between_debtors(
    giver: Debtor,
    taker: Debtor,
    *,
    hours: Decimal,
    effective_on: date,
    reason: str,
    document: str = "",
    actor: Actor,
    at: datetime,
) -> tuple[Entry, ...]:
    """Move hours from a partner to another; what the obligation owes does not change."""
    require(rules.can_transfer(actor, giver.obligation))
    hours = hundredths(hours)
    require(rules.transfer_verdict(giver, taker, hours))
    if not reason.strip():
        require(no(gettext_noop("Say why: this entry must be explained to whoever reads the ledger later.")))
    wanted = Wanted(
        kind=EntryKind.TRANSFER,
        hours=Decimal(0),
        effective_on=effective_on,
        wording=f"{giver.organisation.name} → {taker.organisation.name}"[:300],
        document=document,
        reason=reason,
    )
    return _post(giver.obligation, [(giver, -hours), (taker, hours)], wanted, actor=actor, at=at)


def _post(
    obligation: Obligation,
    parts: Sequence[tuple[Debtor, Decimal]],
    wanted: Wanted,
    *,
    actor: Actor,
    at: datetime,
) -> tuple[Entry, ...]:
    """Take the next number, then write the rows and the totals: all or nothing.

    The obligation is moved first: its row serialises the writers, on SQLite and on PostgreSQL alike.
    """
    whole = sum((part for _, part in parts), Decimal(0))
    running = Obligation.objects.filter(pk=obligation.pk).exclude(state__in=CLOSED_STATES)
    if not running.update(owed=plus("owed", whole), last_entry=F("last_entry") + 1, version=F("version") + 1):
        raise Stale(obligation)
    obligation.refresh_from_db(fields=["owed", "last_entry", "version"])
    rows = []
    for debtor, part in parts:
        debtor.refresh_from_db(fields=["owed"])
        require(rules.part_verdict(debtor, part))
        Debtor.objects.filter(pk=debtor.pk).update(owed=plus("owed", part))
        debtor.owed += part
        rows.append(_row(obligation, debtor, part, wanted, actor=actor, at=at))
    for row in rows:
        row.save(force_insert=True)
    trace(
        "execution.entry.recorded",
        obligation,
        actor=actor,
        at=at,
        detail=f"{wanted.kind} n={obligation.last_entry} hours={whole}",
    )
    events.emit(EntriesRecorded(obligation.pk, tuple(row.pk for row in rows), at))
    return tuple(rows)


def _row(
    obligation: Obligation, debtor: Debtor, hours: Decimal, wanted: Wanted, *, actor: Actor, at: datetime
) -> Entry:
    working: dict[str, Any] = {}
    if wanted.steps:
        working["steps"] = list(wanted.steps)
    if wanted.reason.strip():
        working["reason"] = wanted.reason.strip()
    return Entry(
        obligation=obligation,
        debtor=debtor,
        number=obligation.last_entry,
        kind=wanted.kind,
        effective_on=wanted.effective_on,
        hours=hours,
        wording=wanted.wording.strip()[:300],
        document=wanted.document.strip()[:200],
        working=working,
        new_end=wanted.new_end,
        corrected_number=wanted.corrected_number,
        under_rule=wanted.under_rule,
        recorded_at=at,
        recorded_by_id=actor.user_id,
    )


@transaction.atomic
def resume_obligation(
    obligation: Obligation, *, ends_on: date | None = None, actor: Actor, at: datetime
) -> None:
    """Let a suspended obligation run again, with its new end if it moves."""
    require(rules.can_resume(actor, obligation))
    if ends_on is not None and ends_on < obligation.starts_on:
        require(no(gettext_noop("The end of performance cannot come before its start.")))
    _move(obligation, state=ObligationState.ACTIVE, **({"ends_on": ends_on} if ends_on else {}))
    trace("execution.obligation.resumed", obligation, actor=actor, at=at)


@transaction.atomic
def record_kick_off(obligation: Obligation, *, held_on: date, actor: Actor, at: datetime) -> None:
    """Record the kick-off meeting with the holder."""
    require(rules.can_record_kick_off(actor, obligation))
    require(rules.kick_off_verdict(obligation, held_on, timezone.localdate(at)))
    _move(obligation, kicked_off_on=held_on)
    trace("execution.obligation.kicked_off", obligation, actor=actor, at=at, detail=held_on.isoformat())


@transaction.atomic
def name_contact(obligation: Obligation, *, name: str, email: str, actor: Actor, at: datetime) -> None:
    """Name the correspondent of the holder for the clause."""
    require(rules.can_name_contact(actor, obligation))
    if not name.strip():
        require(no(gettext_noop("Give the name of the correspondent.")))
    _move(obligation, contact_name=name.strip()[:120], contact_email=email.strip())
    trace("execution.obligation.contact_named", obligation, actor=actor, at=at)


@transaction.atomic
def close_obligation(
    obligation: Obligation,
    *,
    outcome: ObligationState,
    reason: str = "",
    closed_on: date | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Close the ledger with its outcome; the clause closes with it."""
    require(rules.can_close(actor, obligation))
    require(rules.closing_verdict(actor, obligation, outcome, reason))
    require(ended_verdict(obligation, outcome))
    _move(
        obligation,
        state=outcome,
        closed_on=closed_on or timezone.localdate(at),
        closing_reason=reason.strip()[:300],
    )
    close_clause(obligation.clause, closed=True, actor=actor, at=at)
    trace("execution.obligation.closed", obligation, actor=actor, at=at, detail=outcome)


@transaction.atomic
def reopen_obligation(obligation: Obligation, *, reason: str, actor: Actor, at: datetime) -> None:
    """Let a closed obligation run again, with the reason."""
    require(rules.can_reopen(actor, obligation))
    if not reason.strip():
        require(no(gettext_noop("Say why the obligation is opened again.")))
    _move(
        obligation,
        state=ObligationState.ACTIVE,
        closed_on=None,
        closing_reason="",
        reopening_reason=reason.strip()[:300],
    )
    close_clause(obligation.clause, closed=False, actor=actor, at=at)
    trace("execution.obligation.reopened", obligation, actor=actor, at=at)


def _move(obligation: Obligation, **fields: Any) -> None:
    """Write the fields if the obligation is still as it was read; `Stale` otherwise."""
    as_read = Obligation.objects.filter(pk=obligation.pk, version=obligation.version, state=obligation.state)
    if not as_read.update(version=F("version") + 1, **fields):
        raise Stale(obligation)
    for name, value in fields.items():
        setattr(obligation, name, value)
    obligation.version += 1


def trace(verb: str, obligation: Obligation, *, actor: Actor, at: datetime, detail: str = "") -> None:
    audit.record(
        verb,
        obligation,
        actor=actor,
        at=at,
        owner_id=obligation.buyer_id,
        scope_id=obligation.scheme_id,
        detail=detail,
    )
