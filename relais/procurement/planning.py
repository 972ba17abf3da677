"""What acts and pages read of purchase plans: the file kept, its proposed meaning, the plan as it is."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from relais.kit.actor import Actor
from relais.organisations.enums import Role
from relais.procurement.models import Operation, PlanImport, PlanLine, PlanMapping, PurchasePlan
from relais.procurement.plans import (
    ColumnMapping,
    Comparison,
    Field,
    Known,
    PlanReading,
    Proposal,
    Table,
    compare,
    mapping_of,
    propose,
    read_plan,
    read_sheets,
    same_columns,
    tables_of,
)

REMEMBERED = 50
"""Shapes of file whose headers are remembered for another shape, newest first."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file between its upload and its confirmation: the tables read together, those set aside."""

    tables: tuple[Table, ...]
    others: tuple[Table, ...]
    proposals: tuple[Proposal, ...]
    mapping: ColumnMapping
    remembered: bool
    """Whether the user already mapped a file of this very shape."""


def opened(content: bytes) -> tuple[list[Table], list[Table]]:
    """The tables of a file that share the columns of the best one, and the others. Raises `ReadError`."""
    return same_columns(tables_of(read_sheets(io.BytesIO(content))))


def kept_file(receipt: PlanImport) -> KeptFile:
    """The file of a receipt, with what its columns mean: as told before, or as proposed."""
    alike, others = opened(bytes(receipt.content or b""))
    return understood(alike, others, receipt.organisation_id)


def understood(alike: Sequence[Table], others: Sequence[Table], organisation_id: int) -> KeptFile:
    """Tables with their proposed meaning, in two queries."""
    own = PlanMapping.objects.filter(organisation_id=organisation_id)
    before = own.filter(signature=alike[0].signature).first()
    proposals = propose(alike[0], _learned(own))
    mapping = mapping_of(proposals)
    if before is not None:
        mapping = ColumnMapping.from_dict(before.mapping)
        proposals = [Proposal(one.column, mapping.fields.get(one.column.at), 1.0) for one in proposals]
    return KeptFile(tuple(alike), tuple(others), tuple(proposals), mapping, before is not None)


def _learned(own: QuerySet[PlanMapping]) -> dict[str, Field | None]:
    learned: dict[str, Field | None] = {}
    for headers in own.order_by("-used_at", "-pk").values_list("headers", flat=True)[:REMEMBERED]:
        for header, meaning in headers.items():
            learned.setdefault(header, Field(meaning) if meaning else None)
    return learned


def reading_of(kept: KeptFile, mapping: ColumnMapping) -> PlanReading:
    """The purchases of a file under a mapping. Raises `BadValue` when the mapping gives none."""
    return read_plan(kept.tables, mapping)


def known_lines(plan: PurchasePlan | None) -> list[Known]:
    """The lines of a plan as the last file told them."""
    if plan is None:
        return []
    rows = PlanLine.objects.filter(plan=plan).values_list("pk", "content", "gone_at")
    return [Known(pk, content, gone is not None) for pk, content, gone in rows]


def compared(plan: PurchasePlan | None, reading: PlanReading) -> Comparison:
    """What importing this reading would do to the plan."""
    return compare(known_lines(plan), reading.rows)


def plans_read_by(actor: Actor) -> QuerySet[PurchasePlan]:
    """The plans of a list, with their counts, in one query."""
    present = Q(lines__gone_at=None)
    if actor.role == Role.PROJECT_LEAD:
        present &= Q(lines__lot__project_lead_id=actor.user_id)
    return (
        PurchasePlan.objects.visible_to(actor)
        .select_related("buyer", "scheme")
        .annotate(
            lots=Count("lines", filter=present, distinct=True),
            disputes=Count("lines", filter=present & Q(lines__is_disputed=True), distinct=True),
            read_at=Max("imports__finished_at"),
        )
    )


def lines_read_by(actor: Actor, plan: PurchasePlan) -> QuerySet[PlanLine]:
    """The lines of a plan that an actor reads, with what a row shows."""
    return (
        PlanLine.objects.visible_to(actor)
        .filter(plan=plan)
        .select_related("lot__operation", "lot__department", "lot__project_lead", "lot__contract")
        .order_by("position", "pk")
    )


def operations_of(actor: Actor, plan: PurchasePlan) -> list[tuple[Operation, list[PlanLine]]]:
    """The operations that hold lots of the plan, each with its lines, by name."""
    found: dict[Operation, list[PlanLine]] = {}
    for line in lines_read_by(actor, plan).filter(gone_at=None).exclude(lot__operation=None):
        operation = line.lot.operation
        assert operation is not None
        found.setdefault(operation, []).append(line)
    return sorted(found.items(), key=lambda pair: (pair[0].name.casefold(), pair[0].pk))


def imports_of(actor: Actor, plan: PurchasePlan) -> QuerySet[PlanImport]:
    """The files read into a plan, newest first, without their content."""
    done = PlanImport.objects.visible_to(actor).filter(plan=plan).exclude(finished_at=None)
    return done.select_related("user").defer("content", "faults")


def plan_for(buyer_id: int, scheme_id: int, *, title: str, years: tuple[int, int]) -> PurchasePlan | None:
    """The plan that a file without a chosen plan belongs to: same title, else the only one of its years."""
    own = PurchasePlan.objects.filter(buyer_id=buyer_id, scheme_id=scheme_id)
    if named := own.filter(title=title).first():
        return named
    same = list(own.filter(first_year=years[0], last_year=years[1])[:2])
    return same[0] if len(same) == 1 else None
