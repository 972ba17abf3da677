"""A file of hours comes in: it is kept, its layout is taught, then all its months are stored or none."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from relais.execution.actions.statements import declare_month, save_draft
from relais.execution.enums import StatementOrigin
from relais.execution.layouts import Layout
from relais.execution.models import HoursFile, JobContract, Obligation, Statement, StatementLayout
from relais.execution.queries.hours_files import FileRead, MonthRead, Part, file_read, opened
from relais.execution.rules import hours_files as rules
from relais.execution.rules import statements as statement_rules
from relais.execution.rules.people import writes
from relais.kit import audit
from relais.kit.access import Stale, require
from relais.kit.actor import Actor

KEPT_DAYS = 30
"""Days after which a file neither confirmed nor given up is deleted: it holds names."""


@transaction.atomic
def receive_file(
    content: bytes, *, name: str, obligation: Obligation | None, actor: Actor, at: datetime
) -> HoursFile:
    """Keep a file until it is confirmed or given up. Raises `BadValue` when it cannot be read."""
    require(writes(actor) if obligation is None else statement_rules.declares_for(actor, obligation))
    opened(content, name)
    file = HoursFile.objects.create(
        declarant_id=actor.organisation_id,
        obligation=obligation,
        name=name[:150],
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        received_at=at,
        received_by_id=actor.user_id,
    )
    audit.record("execution.hours_file.received", file, actor=actor, at=at, detail=f"bytes={len(content)}")
    return file


@transaction.atomic
def teach_layout(file: HoursFile, part: Part, layout: Layout, *, actor: Actor, at: datetime) -> None:
    """Remember what the columns of a table mean, for this file and the next ones."""
    require(writes(actor))
    require(rules.can_teach(layout, part.table))
    kept, _created = StatementLayout.objects.update_or_create(
        declarant_id=file.declarant_id,
        signature=part.signature,
        defaults={"mapping": layout.as_dict(), "taught_at": at, "taught_by_id": actor.user_id},
    )
    audit.record("execution.layout.taught", kept, actor=actor, at=at)


@transaction.atomic
def keep_choices(
    file: HoursFile, choices: Mapping[str, Any], *, obligation: Obligation | None, actor: Actor
) -> None:
    """Remember what was said of this file alone: people, totals set aside, period, rows of the tables."""
    require(writes(actor))
    changed = HoursFile.objects.filter(pk=file.pk).update(choices=dict(choices), obligation=obligation)
    if not changed:
        raise Stale(file)
    file.choices, file.obligation = dict(choices), obligation


@transaction.atomic
def drop_file(file: HoursFile, *, actor: Actor, at: datetime) -> None:
    """Give a file up: nothing of it is kept."""
    require(writes(actor))
    _take_away(file)
    audit.record("execution.hours_file.dropped", file, actor=actor, at=at)


@transaction.atomic
def confirm_file(
    file: HoursFile,
    jobs: Sequence[JobContract],
    *,
    signed_by: str,
    send: bool,
    actor: Actor,
    at: datetime,
) -> list[Statement]:
    """Store all the months of a file, as statements sent or as drafts, then delete it; or nothing at all."""
    require(writes(actor))
    read = file_read(file, jobs, actor.on)
    require(rules.is_whole(read))
    _lock(file)
    stored = store_months(read, file, signed_by=signed_by, send=send, actor=actor, at=at)
    _take_away(file)
    return stored


@transaction.atomic
def store_months(
    read: FileRead, file: HoursFile, *, signed_by: str, send: bool, actor: Actor, at: datetime
) -> list[Statement]:
    """Store all the months that a file says, or nothing; `file` may have been kept or only read."""
    require(rules.is_whole(read))
    stored = [_stored(one, signed_by=signed_by, send=send, actor=actor, at=at) for one in read.months]
    _count_uses(file, read)
    detail = f"months={len(stored)} lines={read.lines} hours={read.hours}"
    subject = file if file.pk else None
    audit.record("execution.hours_file.confirmed", subject, actor=actor, at=at, detail=detail)
    return stored


def _stored(one: MonthRead, *, signed_by: str, send: bool, actor: Actor, at: datetime) -> Statement:
    origin = StatementOrigin.FILE
    if not send:
        return save_draft(one.obligation, month=one.month, lines=one.lines, origin=origin, actor=actor, at=at)
    return declare_month(
        one.obligation,
        month=one.month,
        lines=one.lines,
        signed_by=signed_by,
        origin=origin,
        actor=actor,
        at=at,
    )


def _lock(file: HoursFile) -> None:
    if not list(HoursFile.objects.select_for_update().filter(pk=file.pk).values_list("pk")):
        raise Stale(file)


def _take_away(file: HoursFile) -> None:
    if not HoursFile.objects.filter(pk=file.pk).delete()[0]:
        raise Stale(file)


def _count_uses(file: HoursFile, read: FileRead) -> None:
    signatures = {part.signature for part in read.parts}
    StatementLayout.objects.filter(declarant_id=file.declarant_id, signature__in=signatures).update(
        used=F("used") + 1
    )


@transaction.atomic
def delete_old_files(*, days: int, at: datetime) -> int:
    """Delete the files received over `days` days ago and never confirmed; how many."""
    found = HoursFile.objects.filter(received_at__lt=at - timedelta(days=days))
    return found.delete()[0]
