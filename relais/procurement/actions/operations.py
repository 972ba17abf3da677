"""Operations of a plan: rebuilt from the objects of lots, merged, split; each act can be undone."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from relais.core.verdict import no
from relais.core.words import gettext_noop
from relais.kit import audit
from relais.kit.access import Refused, Stale, require
from relais.kit.actor import Actor
from relais.procurement import plan_rules as rules
from relais.procurement.models import Lot, Operation, PlanLine, PurchasePlan
from relais.procurement.plans.operations import Group, Item, rebuild

type Grouping = list[tuple[int, int | None, str]]
"""Where lots stood: lot, operation (or none) and its name, should it have to be made again."""

UNKNOWN_LOT = gettext_noop("One of these lots is not in the plan any more. Open the page again.")


def proposed(plan: PurchasePlan) -> list[Group]:
    """The operations that the lots without one would make; nothing is written."""
    lines = PlanLine.objects.filter(plan=plan, gone_at=None, lot__operation=None).select_related("lot")
    return rebuild(
        [
            Item(
                line.lot_id,
                plan.buyer_id,
                line.lot.object,
                line.lot.launched_on,
                line.lot.number,
            )
            for line in lines
        ]
    )


@transaction.atomic
def rebuild_operations(plan: PurchasePlan, *, actor: Actor, at: datetime) -> list[Operation]:
    """Make the operations proposed; lots that already have one are left where they are."""
    require(rules.can_group(actor, plan))
    return [group_lots(plan, group.keys, name=group.name, actor=actor, at=at) for group in proposed(plan)]


@transaction.atomic
def group_lots(
    plan: PurchasePlan, lots: Collection[int], *, name: str, actor: Actor, at: datetime
) -> Operation:
    """Bring lots of the plan together in a new operation; those left empty disappear.

    Raises `Refused` for fewer than two lots, for a name missing, for a lot of
    another plan.
    """
    require(rules.can_group(actor, plan))
    found = _lots_of(plan, lots)
    if len(found) < 2:
        raise Refused(no(gettext_noop("Choose at least two lots to make an operation.")))
    if not name.strip():
        raise Refused(no(gettext_noop("Give the operation a name.")))
    operation = Operation.objects.create(buyer_id=plan.buyer_id, name=name.strip()[:300])
    _move(found, operation)
    _trace("grouped", operation, plan, actor, at, f"lots={len(found)}")
    return operation


@transaction.atomic
def add_to_operation(
    plan: PurchasePlan, operation: Operation, lots: Collection[int], *, actor: Actor, at: datetime
) -> None:
    """Bring lots of the plan into an operation of the same buyer."""
    require(rules.can_group(actor, plan))
    if operation.buyer_id != plan.buyer_id:
        raise Refused(no(gettext_noop("An operation brings together the lots of one buyer.")))
    found = _lots_of(plan, lots)
    if not found:
        raise Refused(no(gettext_noop("Choose at least one lot.")))
    _move(found, operation)
    _trace("grouped", operation, plan, actor, at, f"lots={len(found)}")


@transaction.atomic
def merge_operations(
    plan: PurchasePlan, operations: Sequence[Operation], *, actor: Actor, at: datetime
) -> Operation:
    """Make one operation of several: the first keeps its name and takes the lots of the others."""
    require(rules.can_group(actor, plan))
    pks = list(dict.fromkeys(operation.pk for operation in operations))
    held = {
        one.pk: one
        for one in Operation.objects.select_for_update().filter(pk__in=pks, buyer_id=plan.buyer_id)
    }
    if len(held) != len(pks):
        raise Stale(plan)
    if len(pks) < 2:
        raise Refused(no(gettext_noop("Choose at least two operations to merge.")))
    kept = held[pks[0]]
    moved = list(Lot.objects.filter(operation__in=pks[1:]))
    _move(moved, kept)
    _trace("merged", kept, plan, actor, at, f"operations={len(pks)} lots={len(moved)}")
    return kept


@transaction.atomic
def ungroup_lots(plan: PurchasePlan, lots: Collection[int], *, actor: Actor, at: datetime) -> int:
    """Take lots out of their operation; an operation left empty disappears. Gives how many came out."""
    require(rules.can_group(actor, plan))
    found = [lot for lot in _lots_of(plan, lots) if lot.operation_id]
    if not found:
        raise Refused(no(gettext_noop("Choose at least one lot that belongs to an operation.")))
    _move(found, None)
    audit.record(
        "procurement.operation.split",
        plan,
        actor=actor,
        at=at,
        owner_id=plan.buyer_id,
        scope_id=plan.scheme_id,
        detail=f"lots={len(found)}",
    )
    return len(found)


def grouping_of(plan: PurchasePlan, lots: Collection[int], operations: Collection[int] = ()) -> Grouping:
    """Where these lots of the buyer, and those of these operations, stand now: what `regroup` brings back."""
    held = Lot.objects.filter(buyer_id=plan.buyer_id).filter(Q(pk__in=lots) | Q(operation__in=operations))
    rows = held.order_by("pk").values_list("pk", "operation_id", "operation__name")
    return [(lot, operation, name or "") for lot, operation, name in rows]


@transaction.atomic
def regroup(plan: PurchasePlan, before: Grouping, *, actor: Actor, at: datetime) -> None:
    """Undo: put lots back where they stood; an operation that disappeared is made again under its name."""
    require(rules.can_group(actor, plan))
    wanted: dict[tuple[int | None, str], list[int]] = {}
    for lot, operation, name in before:
        wanted.setdefault((operation, name), []).append(lot)
    for (pk, name), lots in wanted.items():
        found = list(Lot.objects.filter(buyer_id=plan.buyer_id, pk__in=lots))
        _move(found, None if pk is None else _operation(plan, pk, name))
    audit.record(
        "procurement.operation.undone",
        plan,
        actor=actor,
        at=at,
        owner_id=plan.buyer_id,
        scope_id=plan.scheme_id,
        detail=f"lots={len(before)}",
    )


def _operation(plan: PurchasePlan, pk: int, name: str) -> Operation:
    held = Operation.objects.filter(pk=pk, buyer_id=plan.buyer_id).first()
    return held or Operation.objects.create(buyer_id=plan.buyer_id, name=name[:300])


def _lots_of(plan: PurchasePlan, lots: Collection[int]) -> list[Lot]:
    wanted = set(lots)
    held = PlanLine.objects.filter(plan=plan, gone_at=None, lot_id__in=wanted)
    found = list(Lot.objects.filter(pk__in=held.values("lot_id")).order_by("pk"))
    if len(found) != len(wanted):
        raise Refused(no(UNKNOWN_LOT))
    return found


def _move(lots: Sequence[Lot], operation: Operation | None) -> None:
    left = {lot.operation_id for lot in lots if lot.operation_id} - {operation.pk if operation else None}
    Lot.objects.filter(pk__in=[lot.pk for lot in lots]).update(operation=operation)
    drop_empty(left)


def drop_empty(operations: Collection[int]) -> None:
    """Let operations disappear that hold nothing any more."""
    Operation.objects.filter(pk__in=operations, lots=None, procedures=None).delete()


def _trace(
    verb: str, operation: Operation, plan: PurchasePlan, actor: Actor, at: datetime, detail: str = ""
) -> None:
    audit.record(
        f"procurement.operation.{verb}",
        operation,
        actor=actor,
        at=at,
        owner_id=plan.buyer_id,
        scope_id=plan.scheme_id,
        detail=detail,
    )


def operations_named(plan: PurchasePlan, pks: Sequence[int]) -> list[Operation]:
    """The operations of the buyer under these keys, in this order. Raises `Refused` for an unknown one."""
    held = Operation.objects.filter(buyer_id=plan.buyer_id).in_bulk(pks)
    if len(held) != len(set(pks)):
        raise Refused(no(gettext_noop("One of these operations is not there any more. Open the page again.")))
    return [held[pk] for pk in dict.fromkeys(pks)]


NOTHING_TO_UNDO = no(gettext_noop("There is no act to undo on this plan."))
