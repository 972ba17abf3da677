"""Validate, query and reject hours, close a month: acts of the facilitator assigned to the clause."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from relais.core.months import Month
from relais.execution.actions.moves import BATCH, move_lines
from relais.execution.enums import LineState
from relais.execution.models import ClosedMonth, Obligation, Statement, StatementLine
from relais.execution.rules import validation as rules
from relais.kit import audit
from relais.kit.access import Stale, require
from relais.kit.actor import Actor

NEEDED = ("statement", "obligation", "job_contract")


def decidable_lines(ids: Sequence[int]) -> list[StatementLine]:
    """Lines with what the acts below need, in the order of their ids; for commands and generators."""
    return list(StatementLine.objects.filter(pk__in=ids).select_related(*NEEDED).order_by("pk"))


@transaction.atomic
def validate_lines(lines: Sequence[StatementLine], *, actor: Actor, at: datetime, note: str = "") -> None:
    """Count these hours. Lines need `statement`, `obligation` and `job_contract` loaded, in the state seen.

    A correction of a month already closed is locked at once. All lines or none: `Stale` when one changed.
    """
    require(rules.can_decide(actor, lines))
    move_lines(lines, LineState.VALIDATED, actor=actor, at=at, note=note)
    move_lines(_of_closed_months(lines), LineState.LOCKED, actor=actor, at=at)
    _record("execution.lines.validated", lines, actor, at)


@transaction.atomic
def query_lines(lines: Sequence[StatementLine], *, note: str, actor: Actor, at: datetime) -> None:
    """Ask who declared these hours about them: they wait, out of the hours to validate."""
    require(rules.can_query(actor, lines))
    require(rules.says_why(note))
    move_lines(lines, LineState.QUERIED, actor=actor, at=at, note=note.strip())
    _record("execution.lines.queried", lines, actor, at)


@transaction.atomic
def reject_lines(lines: Sequence[StatementLine], *, note: str, actor: Actor, at: datetime) -> None:
    """Reject these hours for good; the days may then be declared again."""
    require(rules.can_decide(actor, lines))
    require(rules.says_why(note))
    move_lines(lines, LineState.REJECTED, actor=actor, at=at, note=note.strip())
    _record("execution.lines.rejected", lines, actor, at)


@transaction.atomic
def close_month(obligation: Obligation, *, month: Month, actor: Actor, at: datetime) -> ClosedMonth:
    """Close a month for good: its validated lines are locked, no statement is taken any more."""
    list(Obligation.objects.select_for_update().filter(pk=obligation.pk).values_list("pk"))
    require(rules.can_close_month(actor, obligation, month, on=timezone.localdate(at)))
    try:
        with transaction.atomic():
            closed = ClosedMonth.objects.create(
                obligation=obligation, month=month.first_day, closed_at=at, closed_by_id=actor.user_id
            )
    except IntegrityError:
        raise Stale(obligation) from None
    validated = StatementLine.objects.filter(
        obligation=obligation, month=month.first_day, state=LineState.VALIDATED
    )
    lines = list(validated.select_related("job_contract"))
    move_lines(lines, LineState.LOCKED, actor=actor, at=at)
    audit.record(
        "execution.month.closed",
        obligation,
        actor=actor,
        at=at,
        owner_id=obligation.buyer_id,
        scope_id=obligation.scheme_id,
        detail=f"month={month} lines={len(lines)}",
    )
    return closed


def _of_closed_months(lines: Sequence[StatementLine]) -> list[StatementLine]:
    corrections = [line for line in lines if line.corrects_id]
    if not corrections:
        return []
    closed = set(
        ClosedMonth.objects.filter(
            obligation__in={line.obligation_id for line in corrections},
            month__in={line.month for line in corrections},
        ).values_list("obligation_id", "month")
    )
    return [line for line in corrections if (line.obligation_id, line.month) in closed]


def _record(verb: str, lines: Sequence[StatementLine], actor: Actor, at: datetime) -> None:
    """One line of the trail per statement concerned, with the lines and their hours."""
    groups: dict[Statement, list[StatementLine]] = defaultdict(list)
    for line in lines:
        groups[line.statement].append(line)
    for statement, group in groups.items():
        hours = sum((line.counted_hours for line in group), Decimal(0))
        audit.record(
            verb,
            statement,
            actor=actor,
            at=at,
            owner_id=group[0].obligation.buyer_id,
            scope_id=group[0].obligation.scheme_id,
            detail=f"hours={hours} line=" + ",".join(str(line.pk) for line in group[:BATCH]),
        )
