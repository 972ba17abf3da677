"""A purchase plan comes in: its file is received, mapped, confirmed; what it changes of a lot is settled."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from relais.core.verdict import no
from relais.core.words import gettext_noop
from relais.kit import audit, events
from relais.kit.access import Refused, Stale, require
from relais.kit.actor import Actor
from relais.organisations.models import Scheme
from relais.procurement import plan_rules as rules
from relais.procurement.actions.lots_of_plans import PlanWriter, lot_values
from relais.procurement.enums import PlanState
from relais.procurement.events import PlanImported
from relais.procurement.models import Lot, PlanImport, PlanLine, PlanMapping, PurchasePlan
from relais.procurement.planning import Chosen, KeptFile, compared, kept_file, opened, reading_of
from relais.procurement.plans import ColumnMapping
from relais.procurement.questions import settled_lots

FORGOTTEN_AFTER = timedelta(days=7)
"""A file received and never confirmed is dropped after a week."""


@dataclass(frozen=True, slots=True)
class NewPlan:
    """The title and the years of a plan that the first file opens."""

    title: str
    first_year: int
    last_year: int


@transaction.atomic
def receive_plan(
    content: bytes,
    *,
    name: str,
    scheme: Scheme,
    plan: PurchasePlan | None,
    capacities: frozenset[str],
    actor: Actor,
    at: datetime,
) -> PlanImport:
    """Keep a file until its columns are confirmed. Raises `ReadError` when it holds no table of purchases."""
    require(rules.can_plan(actor, capacities))
    if plan is not None:
        require(rules.can_import_into(actor, plan))
    opened(content)
    own = PlanImport.objects.filter(organisation_id=actor.organisation_id)
    own.waiting().filter(started_at__lt=at - FORGOTTEN_AFTER).delete()
    return PlanImport.objects.create(
        organisation_id=actor.organisation_id,
        scheme=plan.scheme if plan else scheme,
        plan=plan,
        user_id=actor.user_id,
        name=name[:300],
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        started_at=at,
    )


@transaction.atomic
def drop_plan_file(receipt: PlanImport, *, actor: Actor) -> None:
    """Forget a file that was received and not confirmed."""
    own = PlanImport.objects.filter(organisation_id=actor.organisation_id)
    if not own.waiting().filter(pk=receipt.pk).delete()[0]:
        raise Stale(receipt)


@transaction.atomic
def import_plan(
    receipt: PlanImport, chosen: Chosen, *, new: NewPlan | None, actor: Actor, at: datetime
) -> PlanImport:
    """Read the file received as the user confirmed: all its usable rows, or none of them.

    `new` opens a plan when the receipt names none. Raises `BadValue` when the mapping gives no purchase.
    """
    kept = kept_file(receipt)
    reading = reading_of(kept, chosen)
    if not reading.rows:
        raise Refused(no(gettext_noop("No row can be used with these columns. Nothing was stored.")))
    waiting = PlanImport.objects.filter(pk=receipt.pk, finished_at=None)
    if not waiting.update(finished_at=at, content=None):
        raise Stale(receipt)
    plan = receipt.plan or _opened_for(receipt, new, actor, at)
    require(rules.can_import_into(actor, plan))
    comparison = compared(plan, reading)
    writer = PlanWriter(plan, on=actor.on, at=at)
    writer.write(comparison, reading.rows)
    receipt.refresh_from_db()
    receipt.plan = plan
    receipt.mapping = told_of(kept, chosen)
    receipt.read, receipt.rejected = reading.read, reading.read - len(reading.rows)
    receipt.created, receipt.updated = len(comparison.added), len(comparison.changed)
    receipt.unchanged, receipt.gone = len(comparison.unchanged), len(comparison.gone)
    receipt.conflicts = writer.conflicts
    receipt.faults = [fault.as_dict() for fault in reading.faults]
    receipt.save()
    _remember(kept, chosen, receipt.organisation_id, at)
    _trace(
        "imported", plan, actor, at, f"read={receipt.read} added={receipt.created} changed={receipt.updated}"
    )
    if comparison.added or comparison.changed:
        _emit(plan, actor, at)
    return receipt


@transaction.atomic
def settle_line(line: PlanLine, *, take: bool, actor: Actor, at: datetime) -> None:
    """Say who is right about a lot: the file (`take`) or the lot as it stands; the other is forgotten."""
    settled = line.lot_id in settled_lots([line.lot_id])
    require(rules.can_take_file(actor, line, settled=settled) if take else rules.can_settle(actor, line))
    disputed = line.disputed
    seen = PlanLine.objects.filter(pk=line.pk, is_disputed=True)
    if not seen.update(is_disputed=False, disputed=[]):
        raise Stale(line)
    if take:
        values = lot_values([line.content], line.plan, on=actor.on)[0]
        names = {name for one in disputed for name in one["columns"]}
        Lot.objects.filter(pk=line.lot_id).update(**{name: values[name] for name in names})
        _emit(line.plan, actor, at)
    _trace("settled", line.plan, actor, at, f"line={line.pk} {'file' if take else 'lot'}")
    line.refresh_from_db()


@transaction.atomic
def put_away(plan: PurchasePlan, *, actor: Actor, at: datetime) -> None:
    """End the work on a plan; its lots stay."""
    require(rules.can_import_into(actor, plan))
    _move(plan, PlanState.CURRENT, PlanState.CLOSED)
    _trace("closed", plan, actor, at)


@transaction.atomic
def bring_back(plan: PurchasePlan, *, actor: Actor, at: datetime) -> None:
    """Work again on a plan that was put away."""
    require(rules.can_write_plan(actor, plan))
    _move(plan, PlanState.CLOSED, PlanState.CURRENT)
    _trace("reopened", plan, actor, at)


def _move(plan: PurchasePlan, before: PlanState, after: PlanState) -> None:
    if not PurchasePlan.objects.filter(pk=plan.pk, state=before).update(state=after):
        raise Stale(plan)
    plan.refresh_from_db()


def _opened_for(receipt: PlanImport, new: NewPlan | None, actor: Actor, at: datetime) -> PurchasePlan:
    if new is None:
        raise Refused(no(gettext_noop("Give the plan a title and its years.")))
    return open_plan(new, scheme=receipt.scheme, actor=actor, at=at)


def open_plan(new: NewPlan, *, scheme: Scheme, actor: Actor, at: datetime) -> PurchasePlan:
    """A plan of the actor's own body, part of the act that fills it. Raises `Refused` for a title taken."""
    try:
        with transaction.atomic():
            return PurchasePlan.objects.create(
                buyer_id=actor.organisation_id,
                scheme=scheme,
                title=new.title.strip()[:200],
                first_year=new.first_year,
                last_year=new.last_year,
                created_at=at,
                created_by_id=actor.user_id,
            )
    except IntegrityError:
        raise Refused(
            no(
                gettext_noop("A plan is already called “%(title)s”: choose it, or give another title."),
                title=new.title.strip(),
            )
        ) from None


def told_of(kept: KeptFile, chosen: Chosen) -> dict[str, Any]:
    """What the user said of the file, JSON-safe: the sheets read, and the meaning of their columns."""
    told = []
    for shape, mapping in zip(kept.shapes, chosen.mappings, strict=True):
        sheets = [name for name in shape.names if name not in chosen.left_out]
        if sheets:
            told.append({"sheets": sheets, **mapping.as_dict(shape.tables[0].columns)})
    return {"read": told, "left_out": sorted(chosen.left_out)}


def _remember(kept: KeptFile, chosen: Chosen, organisation_id: int, at: datetime) -> None:
    """Learn each shape. Of a shape left out, that alone is learned: its columns were not confirmed."""
    for shape, mapping in zip(kept.shapes, chosen.mappings, strict=True):
        columns = shape.tables[0].columns
        left_out = all(name in chosen.left_out for name in shape.names)
        named = [column for column in columns if column.header]
        headers = {} if left_out else {column.key: _meaning(mapping, column.at) for column in named}
        PlanMapping.objects.update_or_create(
            organisation_id=organisation_id,
            signature=shape.tables[0].signature,
            defaults={
                "mapping": mapping.as_dict(columns),
                "headers": headers,
                "left_out": left_out,
                "used_at": at,
            },
        )


def _meaning(mapping: ColumnMapping, at: int) -> str:
    found = mapping.fields.get(at)
    return found.value if found else ""


def _emit(plan: PurchasePlan, actor: Actor, at: datetime) -> None:
    events.emit(PlanImported(plan_id=plan.pk, scheme_id=plan.scheme_id, at=at, actor=actor))


def _trace(verb: str, plan: PurchasePlan, actor: Actor, at: datetime, detail: str = "") -> Any:
    return audit.record(
        f"procurement.plan.{verb}",
        plan,
        actor=actor,
        at=at,
        owner_id=plan.buyer_id,
        scope_id=plan.scheme_id,
        detail=detail,
    )
