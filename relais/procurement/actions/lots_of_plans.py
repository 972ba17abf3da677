"""Rows of a plan become lots: created, changed where nobody decided otherwise, flagged when they leave."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from relais.organisations.enums import Role
from relais.organisations.models import Membership, Scheme
from relais.organisations.queries import scheme_departments
from relais.procurement.actions.places import Places
from relais.procurement.actions.storing import nature_of
from relais.procurement.enums import LineEntry, Origin, PlaceType
from relais.procurement.models import Lot, Operation, PlanLine, PurchasePlan
from relais.procurement.plans import Change, Comparison, PlanRow, content_of
from relais.procurement.questions import settled_lots
from relais.territories.models import Commune, Department
from relais.territories.names import fold

BATCH = 500
SHOWN = {
    "object": ("object",),
    "lot_number": ("number",),
    "cpv": ("cpv",),
    "nature": ("nature",),
    "amount": ("estimated_amount",),
    "months": ("duration_months",),
    "launched_on": ("launched_on",),
    "place": ("place_type", "place_code", "commune_id", "department_id"),
    "lead": ("project_lead_id",),
}
"""What people call the values of a lot, with the columns that hold them."""
COLUMNS = tuple(column for columns in SHOWN.values() for column in columns)
_POST_CODE = re.compile(r"\b(\d{5})\b")
_DEPARTMENT = re.compile(r"^(?:0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-6])(?=$|\D)", re.IGNORECASE)


class PlanWriter:
    """Writes a comparison into a plan, some hundreds of lots at a time; counts what is left to settle."""

    def __init__(self, plan: PurchasePlan, *, on: date, at: datetime) -> None:
        self.plan, self.on, self.at = plan, on, at
        self.conflicts = 0
        self.operations: dict[str, Operation] = {}

    def write(self, comparison: Comparison, rows: Sequence[PlanRow]) -> None:
        """Store everything; `rows` gives the order of the file."""
        order = {id(row): at for at, row in enumerate(rows, start=1)}
        self._name_operations(rows)
        self._add(comparison.added, order)
        self._change(comparison.changed, order)
        self._place(comparison, order)
        gone = [known.pk for known in comparison.gone]
        PlanLine.objects.filter(pk__in=gone).update(gone_at=self.at)

    def _name_operations(self, rows: Sequence[PlanRow]) -> None:
        """The operations that the file names, created when the buyer has none of this name."""
        wanted = {row.operation for row in rows if row.operation}
        held = Operation.objects.filter(buyer_id=self.plan.buyer_id, name__in=wanted).order_by("-pk")
        self.operations = {operation.name: operation for operation in held}
        for name in sorted(wanted - set(self.operations)):
            self.operations[name] = Operation.objects.create(buyer_id=self.plan.buyer_id, name=name)

    def _add(self, rows: Sequence[PlanRow], order: Mapping[int, int]) -> None:
        contents = [content_of(row) for row in rows]
        values = lot_values(contents, self.plan, on=self.on)
        lots = Lot.objects.bulk_create(
            (
                Lot(
                    scheme_id=self.plan.scheme_id,
                    buyer_id=self.plan.buyer_id,
                    origin=Origin.PLANNED,
                    operation=self.operations.get(row.operation),
                    **told,
                )
                for row, told in zip(rows, values, strict=True)
            ),
            batch_size=BATCH,
        )
        PlanLine.objects.bulk_create(
            (
                PlanLine(plan=self.plan, lot=lot, content=content, **_line_values(row, order))
                for lot, row, content in zip(lots, rows, contents, strict=True)
            ),
            batch_size=BATCH,
        )

    def _change(self, changes: Sequence[Change], order: Mapping[int, int]) -> None:
        pks = [change.known.pk for change in changes]
        lines = {
            line.pk: line for line in PlanLine.objects.filter(pk__in=pks).select_related("lot__operation")
        }
        settled = settled_lots([line.lot_id for line in lines.values()])
        before = lot_values([lines[pk].content for pk in pks], self.plan, on=self.on)
        contents = [content_of(change.row) for change in changes]
        after = lot_values(contents, self.plan, on=self.on)
        changed: list[Lot] = []
        for change, content, former, told in zip(changes, contents, before, after, strict=True):
            line = lines[change.known.pk]
            disputed = _apply(line.lot, former, told, is_settled=line.lot_id in settled)
            waiting = [one for one in line.disputed if not _moved(SHOWN[one["name"]], former, told)]
            line.disputed = waiting + disputed
            line.is_disputed = bool(line.disputed)
            self.conflicts += bool(disputed)
            if change.row.operation != (line.content.get("operation") or ""):
                self._regroup(line, change.row.operation, is_settled=line.lot_id in settled)
            line.content, line.gone_at, line.entry = content, None, LineEntry.FILE
            for name, value in _line_values(change.row, order).items():
                setattr(line, name, value)
            changed.append(line.lot)
        fields = [
            *(
                "content",
                "gone_at",
                "entry",
                "is_disputed",
                "disputed",
                "reference",
                "position",
                "notified_on",
                "service",
            ),
            *("lead", "place", "operation_named", "remark", "raw", "notes"),
        ]
        PlanLine.objects.bulk_update(lines.values(), fields, batch_size=BATCH)
        columns = [name.removesuffix("_id") for name in COLUMNS]
        Lot.objects.bulk_update(changed, [*columns, "search_object", "operation"], batch_size=BATCH)

    def _regroup(self, line: PlanLine, named: str, *, is_settled: bool) -> None:
        """Follow the file's operation unless somebody grouped the lot otherwise."""
        held = line.lot.operation.name if line.lot.operation else ""
        if held == line.operation_named and not is_settled:
            line.lot.operation = self.operations.get(named)

    def _place(self, comparison: Comparison, order: Mapping[int, int]) -> None:
        """Lines that did not change follow the order of the file, and are of the file from now on."""
        pks = [known.pk for known, _row in comparison.unchanged]
        lines = PlanLine.objects.in_bulk(pks)
        moved = []
        for known, row in comparison.unchanged:
            line = lines[known.pk]
            if (line.position, line.entry) != (order[id(row)], LineEntry.FILE):
                line.position, line.entry = order[id(row)], LineEntry.FILE
                moved.append(line)
        PlanLine.objects.bulk_update(moved, ["position", "entry"], batch_size=BATCH)


def _line_values(row: PlanRow, order: Mapping[int, int]) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "position": order[id(row)],
        "notified_on": row.notified_on,
        "service": row.service,
        "lead": row.lead,
        "place": row.place,
        "operation_named": row.operation,
        "remark": row.remark,
        "raw": {"sheet": row.sheet, "row": row.row, "cells": dict(row.raw)},
        "notes": [words.as_dict() for words in row.notes],
    }


def _apply(
    lot: Lot, former: Mapping[str, Any], told: Mapping[str, Any], *, is_settled: bool
) -> list[dict[str, Any]]:
    """Give the lot what the file changed; gives back what may not change silently (decided, corrected)."""
    disputed = []
    for shown, columns in SHOWN.items():
        held = [getattr(lot, name) for name in columns]
        wanted = [told[name] for name in columns]
        if held == wanted or not _moved(columns, former, told):
            continue
        if is_settled or held != [former[name] for name in columns]:
            disputed.append(
                {"name": shown, "columns": list(columns), "file": _said(wanted), "lot": _said(held)}
            )
            continue
        for name in columns:
            setattr(lot, name, told[name])
    return disputed


def _moved(columns: Sequence[str], former: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    return any(former[name] != told[name] for name in columns)


def _said(values: Sequence[Any]) -> str:
    """The value of a field as text: the last column of a place tells its department."""
    return next((str(value) for value in reversed(values) if value not in (None, "")), "")


def lot_values(
    contents: Sequence[Mapping[str, Any]], plan: PurchasePlan, *, on: date
) -> list[dict[str, Any]]:
    """What rows say of their lots, as the columns of a lot: places and project leads recognised by name."""
    leads = _Leads(plan, on) if any(content.get("lead") for content in contents) else None
    named = {str(content["place"]) for content in contents if content.get("place")}
    places = NamedPlaces(plan.scheme, named) if named else None
    return [_values(content, leads, places) for content in contents]


def _values(
    content: Mapping[str, Any], leads: "_Leads | None", places: "NamedPlaces | None"
) -> dict[str, Any]:
    cpv, lead, place = content.get("cpv") or "", content.get("lead") or "", content.get("place") or ""
    told = {
        "object": content.get("object") or "",
        "number": content.get("lot_number") or "",
        "cpv": cpv,
        "nature": content.get("nature") or nature_of(cpv),
        "estimated_amount": Decimal(content["amount"]) if content.get("amount") else None,
        "duration_months": int(content["months"]) if content.get("months") else None,
        "launched_on": date.fromisoformat(content["launched_on"]) if content.get("launched_on") else None,
        "project_lead_id": leads.of(lead) if leads and lead else None,
    }
    return told | (places.of(place) if places and place else NamedPlaces.nowhere())


class _Leads:
    """The members of the buyer by the words of their name, whatever their order."""

    def __init__(self, plan: PurchasePlan, on: date) -> None:
        members = Membership.objects.active(on).filter(organisation_id=plan.buyer_id)
        roles = (Role.PROJECT_LEAD, Role.OFFICER, Role.PURCHASER, Role.MANAGER)
        self.known: dict[frozenset[str], int | None] = {}
        for user_id, name in members.filter(role__in=roles).values_list("user_id", "user__full_name"):
            words = frozenset(fold(name).split())
            self.known[words] = None if words in self.known else user_id

    def of(self, name: str) -> int | None:
        """The account of this person; None for an unknown name, or one that two members bear."""
        words = frozenset(fold(name).split()) - {"m", "mme", "monsieur", "madame"}
        return self.known.get(words) if words else None


class NamedPlaces:
    """Places as plans write them: a post code, a department, the name of a commune of the scheme."""

    def __init__(self, scheme: Scheme, names: set[str]) -> None:
        self.places = Places()
        near = set(scheme_departments(scheme).values_list("code", flat=True))
        self.departments = {fold(name): code for code, name in Department.objects.values_list("code", "name")}
        self.communes: dict[str, list[tuple[str, str]]] = {}
        wanted = {fold(_bare(name)) for name in names}
        found = Commune.objects.filter(search_name__in=wanted, is_current=True, department__in=near)
        for code, name, department in found.values_list("code", "search_name", "department_id"):
            self.communes.setdefault(name, []).append((code, department))

    @staticmethod
    def nowhere() -> dict[str, Any]:
        return {"place_type": "", "place_code": "", "commune_id": None, "department_id": None}

    def of(self, text: str) -> dict[str, Any]:
        """The place of a lot, as precise as the text surely tells; its words stay on the line of the plan."""
        if code := _POST_CODE.search(text):
            return self._coded(PlaceType.POST_CODE, code[1])
        if code := _DEPARTMENT.match(text.strip()):
            return self._coded(PlaceType.DEPARTMENT, code[0].upper())
        name = fold(_bare(text))
        if len(communes := self.communes.get(name, [])) == 1:
            return self._coded(PlaceType.COMMUNE, communes[0][0])
        if name in self.departments:
            return self._coded(PlaceType.DEPARTMENT, self.departments[name])
        return self.nowhere()

    def _coded(self, kind: str, code: str) -> dict[str, Any]:
        commune, department = self.places.locate(kind, code, on=None)
        return {"place_type": kind, "place_code": code, "commune_id": commune, "department_id": department}


def _bare(text: str) -> str:
    """A name of place without what stands in brackets after it."""
    return re.sub(r"\(.*?\)", "", text).strip()
