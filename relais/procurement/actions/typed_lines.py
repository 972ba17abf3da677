"""A purchase plan without a file: it is opened, lots are typed into it, corrected, taken out again."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError

from relais.core.money import hundredths
from relais.core.verdict import no
from relais.core.words import gettext_noop
from relais.kit import audit, events
from relais.kit.access import Refused, Stale, require
from relais.kit.actor import Actor
from relais.organisations.models import Scheme
from relais.procurement import plan_rules as rules
from relais.procurement.actions.lots_of_plans import COLUMNS, NamedPlaces
from relais.procurement.actions.operations import drop_empty
from relais.procurement.actions.plans import NewPlan, open_plan
from relais.procurement.actions.procedures import name_procedure
from relais.procurement.actions.storing import nature_of
from relais.procurement.enums import LineEntry, Origin
from relais.procurement.events import LotsPlanned
from relais.procurement.models import Lot, Operation, PlanLine, Procedure, PurchasePlan
from relais.procurement.planning import lots_to_add
from relais.procurement.plans.comparing import COMPARED
from relais.procurement.questions import settled_lots, worked_lots


@dataclass(frozen=True, slots=True)
class TypedLot:
    """What a person types of a lot of a plan. Amounts are in euros, excluding tax."""

    object: str
    number: str = ""
    reference: str = ""
    cpv: str = ""
    nature: str = ""
    is_concession: bool = False
    amount: Decimal | None = None
    months: int | None = None
    launched_on: date | None = None
    notified_on: date | None = None
    place: str = ""
    located: Mapping[str, Any] = field(default_factory=NamedPlaces.nowhere, hash=False)
    """The columns of the lot that hold its place, as `place_named` found them."""
    operation: str = ""
    consultation: str = ""
    whole_value: Decimal | None = None
    """The estimated value of the whole consultation, all its lots."""
    procedure_kind: str = ""
    service: str = ""
    lead_id: int | None = None
    lead: str = ""
    remark: str = ""

    @property
    def content(self) -> dict[str, str | None]:
        """The same as a file would tell it, so that a file that names the lot finds it."""
        told: dict[str, str | None] = {
            "lot_number": self.number,
            "nature": self.nature or nature_of(self.cpv),
        }
        told["amount"] = None if self.amount is None else str(hundredths(self.amount))
        read = {name: told.get(name, getattr(self, name, None)) for name in COMPARED}
        return {name: None if value is None else str(value) for name, value in read.items()}

    @property
    def lot_values(self) -> dict[str, Any]:
        """The columns of the lot."""
        return {
            "object": self.object,
            "number": self.number,
            "cpv": self.cpv,
            "nature": self.nature or nature_of(self.cpv),
            "is_concession": self.is_concession,
            "estimated_amount": self.amount,
            "duration_months": self.months,
            "launched_on": self.launched_on,
            "project_lead_id": self.lead_id,
            **self.located,
        }

    @property
    def line_values(self) -> dict[str, Any]:
        """The columns of the line."""
        return {
            "reference": self.reference,
            "notified_on": self.notified_on,
            "service": self.service,
            "lead": self.lead,
            "place": self.place,
            "operation_named": self.operation,
            "remark": self.remark,
            "content": self.content,
        }


def place_named(scheme: Scheme, text: str) -> dict[str, Any] | None:
    """The columns of a lot that hold the place these words name; None when they name none for sure."""
    found = NamedPlaces(scheme, {text}).of(text)
    return found if found["department_id"] else None


@transaction.atomic
def type_plan(
    new: NewPlan, *, scheme: Scheme, capacities: frozenset[str], actor: Actor, at: datetime
) -> PurchasePlan:
    """Open a plan of the actor's own body without a file. Raises `Refused` when its title is taken."""
    require(rules.can_plan(actor, capacities))
    plan = open_plan(new, scheme=scheme, actor=actor, at=at)
    _trace("opened", plan, plan, actor, at)
    return plan


@transaction.atomic
def type_line(plan: PurchasePlan, typed: TypedLot, *, actor: Actor, at: datetime) -> PlanLine:
    """Type a lot into a plan: it is screened at once."""
    require(rules.can_import_into(actor, plan))
    lot = Lot.objects.create(
        scheme_id=plan.scheme_id,
        buyer_id=plan.buyer_id,
        origin=Origin.TYPED,
        operation=_operation(plan, typed.operation),
        procedure=_procedure(typed, actor, at),
        **typed.lot_values,
    )
    line = PlanLine.objects.create(
        plan=plan, lot=lot, entry=LineEntry.TYPED, position=_next_position(plan), **typed.line_values
    )
    _trace("typed", line, plan, actor, at)
    _emit([lot.pk], actor, at)
    return line


@transaction.atomic
def correct_line(line: PlanLine, typed: TypedLot, *, seen: str, actor: Actor, at: datetime) -> PlanLine:
    """Correct a lot typed by hand. `seen`: digest of what the person started from."""
    stored = PlanLine.objects.select_for_update(of=("self",)).select_related("lot", "plan").get(pk=line.pk)
    require(rules.can_correct_line(actor, stored, settled=stored.lot_id in settled_lots([stored.lot_id])))
    if digest(stored) != seen:
        raise Stale(line)
    lot, former = stored.lot, stored.lot.operation_id
    for name, value in typed.lot_values.items():
        setattr(lot, name, value)
    lot.operation = _operation(stored.plan, typed.operation)
    lot.procedure = _procedure(typed, actor, at)
    lot.save()
    for name, value in typed.line_values.items():
        setattr(stored, name, value)
    stored.save()
    if former and former != lot.operation_id:
        drop_empty({former})
    _trace("corrected", stored, stored.plan, actor, at)
    _emit([lot.pk], actor, at)
    return stored


@transaction.atomic
def remove_line(line: PlanLine, *, actor: Actor, at: datetime) -> None:
    """Take out a lot that came by hand. A lot typed into the plan disappears with its line; a lot that was
    announced before is only taken out of the plan."""
    worked = line.lot_id in worked_lots([line.lot_id])
    require(rules.can_remove_line(actor, line, worked=worked))
    lot, operation = line.lot, line.lot.operation_id
    if not PlanLine.objects.filter(pk=line.pk, entry=line.entry).delete()[0]:
        raise Stale(line)
    _trace("removed", line, line.plan, actor, at, f"lot={lot.pk}")
    if line.entry == LineEntry.TYPED and not PlanLine.objects.filter(lot=lot).exists():
        try:
            Lot.objects.filter(pk=lot.pk).delete()
        except ProtectedError:
            raise Refused(no(rules.WORKED)) from None
        if operation:
            drop_empty({operation})


@transaction.atomic
def add_lots(plan: PurchasePlan, lots: Collection[int], *, actor: Actor, at: datetime) -> list[PlanLine]:
    """Bring lots already announced by the buyer into its plan; they stay as they are."""
    require(rules.can_import_into(actor, plan))
    found = list(lots_to_add(actor, plan).filter(pk__in=lots))
    if not lots or len(found) != len(set(lots)):
        raise Refused(no(gettext_noop("Tick at least one lot that is not in the plan. Open the page again.")))
    PlanLine.objects.filter(plan=plan, lot__in=found).delete()
    first = _next_position(plan)
    lines = PlanLine.objects.bulk_create(
        PlanLine(
            plan=plan, lot=lot, entry=LineEntry.ADDED, position=first + at_row, **typed_of(lot).line_values
        )
        for at_row, lot in enumerate(found)
    )
    _trace("added", plan, plan, actor, at, f"lots={len(lines)}")
    return lines


def typed_of(lot: Lot, line: PlanLine | None = None) -> TypedLot:
    """A lot as a person would type it again."""
    procedure = lot.procedure
    around = (
        {
            "reference": line.reference,
            "notified_on": line.notified_on,
            "service": line.service,
            "remark": line.remark,
            "place": line.place,
        }
        if line
        else {"place": _written_place(lot)}
    )
    return TypedLot(
        object=lot.object,
        number=lot.number,
        cpv=lot.cpv,
        nature=lot.nature,
        is_concession=lot.is_concession,
        amount=lot.estimated_amount,
        months=lot.duration_months,
        launched_on=lot.launched_on,
        located={name: getattr(lot, name) for name in NamedPlaces.nowhere()},
        operation=lot.operation.name if lot.operation else "",
        consultation=procedure.title if procedure else "",
        whole_value=procedure.estimated_value if procedure else None,
        procedure_kind=procedure.kind if procedure else "",
        lead_id=lot.project_lead_id,
        lead=lot.project_lead.full_name if lot.project_lead else "",
        **around,
    )


def _written_place(lot: Lot) -> str:
    return lot.place_code or lot.commune_id or lot.department_id or ""


def digest(line: PlanLine) -> str:
    """Changes with anything typed of a line: carried by its form, it tells a change in between."""
    lot = line.lot
    told = [str(getattr(lot, name)) for name in (*COLUMNS, "is_concession", "operation_id", "procedure_id")]
    content = repr((told, sorted(line.content.items()), line.reference, str(line.notified_on)))
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _operation(plan: PurchasePlan, name: str) -> Operation | None:
    """The buyer's operation of this name, made when there is none."""
    if not name:
        return None
    held = Operation.objects.filter(buyer_id=plan.buyer_id, name=name).order_by("-pk").first()
    return held or Operation.objects.create(buyer_id=plan.buyer_id, name=name)


def _procedure(typed: TypedLot, actor: Actor, at: datetime) -> Procedure | None:
    if not typed.consultation:
        return None
    return name_procedure(
        title=typed.consultation,
        estimated_value=typed.whole_value,
        launched_on=typed.launched_on,
        kind=typed.procedure_kind,
        actor=actor,
        at=at,
    )


def _next_position(plan: PurchasePlan) -> int:
    last = PlanLine.objects.filter(plan=plan).aggregate(last=Max("position"))["last"]
    return int(last or 0) + 1


def _emit(lots: list[int], actor: Actor, at: datetime) -> None:
    events.emit(LotsPlanned(lots=tuple(lots), at=at, actor=actor))


def _trace(
    verb: str,
    thing: PurchasePlan | PlanLine,
    plan: PurchasePlan,
    actor: Actor,
    at: datetime,
    detail: str = "",
) -> None:
    room = "plan" if isinstance(thing, PurchasePlan) else "line"
    audit.record(
        f"procurement.{room}.{verb}",
        thing,
        actor=actor,
        at=at,
        owner_id=plan.buyer_id,
        scope_id=plan.scheme_id,
        detail=detail,
    )
