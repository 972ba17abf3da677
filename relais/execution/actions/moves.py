"""Move lines from a state to another: the only place where the state of a line and the totals change.

Every act on hours goes through `move_lines`. It keeps one `LineMove` per line, so that the balance of any
past day can be replayed, and the totals of the obligation and of the debtor in the same transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import batched
from typing import Any

from django.db import IntegrityError, models, transaction

from relais.execution.enums import LineState
from relais.execution.events import LinesMoved
from relais.execution.models import Debtor, LineMove, Obligation, StatementLine
from relais.kit.access import Stale
from relais.kit.actor import Actor
from relais.kit.events import emit
from relais.kit.fields import plus

NEW = ""
ALLOWED: Mapping[str, frozenset[str]] = {
    NEW: frozenset({LineState.DECLARED}),
    LineState.DECLARED: frozenset({LineState.QUERIED, LineState.VALIDATED, LineState.REJECTED}),
    LineState.QUERIED: frozenset({LineState.DECLARED, LineState.VALIDATED, LineState.REJECTED}),
    LineState.VALIDATED: frozenset({LineState.LOCKED}),
}
"""The state machine of a line; a locked or rejected line never moves again."""

TOTALS: Mapping[str, str] = {
    LineState.DECLARED: "declared",
    LineState.QUERIED: "queried",
    LineState.VALIDATED: "validated",
    LineState.LOCKED: "validated",
    LineState.REJECTED: "rejected",
}
"""Which total a line is in; a draft is in none."""

BATCH = 500

Deltas = dict[int, dict[str, Decimal]]


def move_lines(
    lines: Sequence[StatementLine],
    to_state: LineState,
    *,
    actor: Actor,
    at: datetime,
    note: str = "",
    counted_before: Mapping[int, Decimal] | None = None,
) -> None:
    """Move lines, all or none, and tell `LinesMoved`; lines never saved are entered.

    The lines carry the state and version the actor saw: one that changed meanwhile raises `Stale` and nothing
    moves. `counted_before` gives, by line id, the counted hours of lines whose hours change with the move.
    Each line needs `job_contract` loaded. Call inside a transaction; rules are the caller's.
    """
    if not lines:
        return
    before = [line.state if line.pk else NEW for line in lines]
    for line, state in zip(lines, before, strict=True):
        if to_state not in ALLOWED.get(state, frozenset()):
            raise Stale(line)
    counted = counted_before or {}
    old_hours = [counted.get(line.pk, line.counted_hours) for line in lines]
    _enter([line for line in lines if not line.pk], to_state, actor, at)
    _update([line for line, state in zip(lines, before, strict=True) if state], to_state, actor, at, note)
    LineMove.objects.bulk_create(
        [
            LineMove(
                line=line,
                state_before=state,
                state=to_state,
                hours=line.counted_hours,
                at=at,
                user_id=actor.user_id,
                note=note,
            )
            for line, state in zip(lines, before, strict=True)
        ],
        batch_size=BATCH,
    )
    _add_to_totals(lines, before, old_hours, to_state)
    emit(
        LinesMoved(
            tuple((line.pk, state, str(to_state)) for line, state in zip(lines, before, strict=True)), at
        )
    )


def _enter(lines: Sequence[StatementLine], to_state: LineState, actor: Actor, at: datetime) -> None:
    """Insert new lines in their first state; hours already there for the same days are a conflict."""
    if not lines:
        return
    for line in lines:
        line.state, line.declared_at, line.declared_by_id = to_state, at, actor.user_id
    try:
        with transaction.atomic():
            StatementLine.objects.bulk_create(lines, batch_size=BATCH)
    except IntegrityError as error:
        raise Stale(lines[0].statement) from error


def _update(
    lines: Sequence[StatementLine], to_state: LineState, actor: Actor, at: datetime, note: str
) -> None:
    """Compare and set: as many rows must change as there are lines, each in the state and version seen."""
    stamp: dict[str, Any]
    if to_state == LineState.DECLARED:
        stamp = {
            "declared_at": at,
            "declared_by_id": actor.user_id,
            "decided_at": None,
            "decided_by_id": None,
        }
    elif to_state == LineState.LOCKED:
        stamp = {}
    else:
        stamp = {"decided_at": at, "decided_by_id": actor.user_id}
    if note:
        stamp["note"] = note
    for (state, version), seen in _by_version(lines):
        moved = StatementLine.objects.filter(
            pk__in=[line.pk for line in seen], state=state, version=version
        ).update(state=to_state, version=version + 1, **stamp)
        if moved != len(seen):
            raise Stale(seen[0])
        for line in seen:
            for name, value in {"state": to_state, "version": version + 1, **stamp}.items():
                setattr(line, name, value)


def _by_version(
    lines: Iterable[StatementLine],
) -> Iterator[tuple[tuple[str, int], tuple[StatementLine, ...]]]:
    groups: dict[tuple[str, int], list[StatementLine]] = defaultdict(list)
    for line in lines:
        groups[line.state, line.version].append(line)
    for key, group in groups.items():
        for part in batched(group, BATCH):
            yield key, part


def _add_to_totals(
    lines: Sequence[StatementLine], before: Sequence[str], old_hours: Sequence[Decimal], to_state: LineState
) -> None:
    obligations: Deltas = defaultdict(lambda: defaultdict(Decimal))
    debtors: Deltas = defaultdict(lambda: defaultdict(Decimal))
    for line, state, hours in zip(lines, before, old_hours, strict=True):
        for deltas in (obligations[line.obligation_id], debtors[line.job_contract.debtor_id]):
            if state in TOTALS:
                deltas[TOTALS[state]] -= hours
            deltas[TOTALS[to_state]] += line.counted_hours
    _apply(Obligation, obligations)
    _apply(Debtor, debtors)


def _apply(model: type[models.Model], deltas: Deltas) -> None:
    """Add to the stored totals where they are, in the order of keys so that two acts never cross."""
    for pk, changes in sorted(deltas.items()):
        moved = {name: plus(name, hours) for name, hours in changes.items() if hours}
        if moved:
            model._default_manager.filter(pk=pk).update(**moved)
