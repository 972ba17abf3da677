"""What acts and pages read of purchase plans: the file kept, its proposed meaning, the plan as it is."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, QuerySet

from relais.core.words import BadValue
from relais.kit.actor import Actor
from relais.organisations.enums import Role
from relais.organisations.models import Membership, User
from relais.procurement.enums import LineEntry, Origin
from relais.procurement.models import (
    Lot,
    Operation,
    PlanImport,
    PlanLine,
    PlanMapping,
    Procedure,
    PurchasePlan,
)
from relais.procurement.plans import (
    ColumnMapping,
    Comparison,
    Field,
    Known,
    PlanReading,
    Proposal,
    Table,
    by_columns,
    check_mapping,
    compare,
    mapping_of,
    propose,
    read_parts,
    read_sheets,
    tables_of,
)

REMEMBERED = 50
"""Shapes of file whose headers are remembered for another shape, newest first."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The sheets of a file that share their columns, and what these columns mean."""

    tables: tuple[Table, ...]
    proposals: tuple[Proposal, ...]
    mapping: ColumnMapping
    remembered: bool
    """Whether the user already mapped sheets of this very shape."""
    left_out: bool
    """Whether such sheets were left out the last time, or give nothing as they are understood."""

    @property
    def names(self) -> list[str]:
        """The names of the sheets."""
        return [table.sheet.name for table in self.tables]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the user says of a file: the meaning of the columns of each shape, the sheets left out."""

    mappings: tuple[ColumnMapping, ...]
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file between its upload and its confirmation: its tables by shape, the fullest first."""

    shapes: tuple[Shape, ...]

    @property
    def tables(self) -> list[Table]:
        """Every table of the file."""
        return [table for shape in self.shapes for table in shape.tables]

    @property
    def mapping(self) -> ColumnMapping:
        """What the columns of the fullest sheets mean."""
        return self.shapes[0].mapping

    @property
    def remembered(self) -> bool:
        """Whether the user already mapped sheets of one of these shapes."""
        return any(shape.remembered for shape in self.shapes)

    @property
    def proposed(self) -> Chosen:
        """What is proposed to the user."""
        left_out = [name for shape in self.shapes if shape.left_out for name in shape.names]
        return Chosen(tuple(shape.mapping for shape in self.shapes), frozenset(left_out))


def opened(content: bytes) -> list[list[Table]]:
    """The tables of a file, those that share their columns together. Raises `ReadError`."""
    return by_columns(tables_of(read_sheets(io.BytesIO(content))))


def kept_file(receipt: PlanImport) -> KeptFile:
    """The file of a receipt, with what its columns mean: as told before, or as proposed."""
    return understood(opened(bytes(receipt.content or b"")), receipt.organisation_id)


def understood(shapes: Sequence[Sequence[Table]], organisation_id: int) -> KeptFile:
    """Tables with their proposed meaning, in two queries."""
    own = PlanMapping.objects.filter(organisation_id=organisation_id)
    before = {one.signature: one for one in own.filter(signature__in=[one[0].signature for one in shapes])}
    learned = _learned(own)
    return KeptFile(
        tuple(
            _shape(tables, before.get(tables[0].signature), learned, is_first=at == 0)
            for at, tables in enumerate(shapes)
        )
    )


def _shape(
    tables: Sequence[Table], before: PlanMapping | None, learned: dict[str, Field | None], *, is_first: bool
) -> Shape:
    proposals = propose(tables[0], learned)
    mapping = mapping_of(proposals)
    if before is not None:
        mapping = ColumnMapping.from_dict(before.mapping)
        proposals = [Proposal(one.column, mapping.fields.get(one.column.at), 1.0) for one in proposals]
        left_out = before.left_out
    else:
        left_out = not is_first and not _is_usable(mapping)
    return Shape(tuple(tables), tuple(proposals), mapping, before is not None, left_out)


def _is_usable(mapping: ColumnMapping) -> bool:
    try:
        check_mapping(mapping)
    except BadValue:
        return False
    return mapping.at(Field.OBJECT) is not None


def _learned(own: QuerySet[PlanMapping]) -> dict[str, Field | None]:
    learned: dict[str, Field | None] = {}
    for headers in own.order_by("-used_at", "-pk").values_list("headers", flat=True)[:REMEMBERED]:
        for header, meaning in headers.items():
            learned.setdefault(header, Field(meaning) if meaning else None)
    return learned


def reading_of(kept: KeptFile, chosen: Chosen) -> PlanReading:
    """The purchases of a file as the user says. Raises `BadValue` when they give none."""
    parts = []
    for shape, mapping in zip(kept.shapes, chosen.mappings, strict=True):
        if tables := [table for table in shape.tables if table.sheet.name not in chosen.left_out]:
            parts.append((tables, mapping))
    return read_parts(parts)


def known_lines(plan: PurchasePlan | None) -> list[Known]:
    """The lines of a plan as the last file told them."""
    if plan is None:
        return []
    rows = PlanLine.objects.filter(plan=plan).values_list("pk", "content", "gone_at", "entry")
    return [
        Known(pk, content, gone is not None, entry != LineEntry.FILE) for pk, content, gone, entry in rows
    ]


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


LEADS = (Role.PROJECT_LEAD, Role.OFFICER, Role.PURCHASER, Role.MANAGER)
SUGGESTED = 200
"""Names proposed while one types: beyond, the list helps nobody."""


def lines_typed(actor: Actor, plan: PurchasePlan) -> QuerySet[PlanLine]:
    """The lots typed into a plan by hand, those typed last first."""
    typed = lines_read_by(actor, plan).filter(entry=LineEntry.TYPED, gone_at=None)
    return typed.select_related("lot__procedure").order_by("-position", "-pk")


def lots_to_add(actor: Actor, plan: PurchasePlan) -> QuerySet[Lot]:
    """The lots announced by hand, not awarded, that a plan of the same buyer and scheme does not hold."""
    held = PlanLine.objects.filter(plan=plan, gone_at=None)
    own = Lot.objects.visible_to(actor).filter(
        buyer_id=plan.buyer_id, scheme_id=plan.scheme_id, origin=Origin.TYPED, contract=None
    )
    left = own.exclude(pk__in=held.values("lot_id"))
    return left.select_related("operation", "project_lead", "procedure").order_by("-pk")


def leads_of(plan: PurchasePlan, on: date) -> QuerySet[User]:
    """The members of the buyer who may lead a project, by name."""
    members = Membership.objects.active(on).filter(organisation_id=plan.buyer_id, role__in=LEADS)
    return User.objects.filter(pk__in=members.values("user_id")).order_by("full_name", "pk")


def operation_names(plan: PurchasePlan) -> list[str]:
    """The operations of the buyer, the newest first, each name once."""
    named = Operation.objects.filter(buyer_id=plan.buyer_id).order_by("-pk").values_list("name", flat=True)
    return list(dict.fromkeys(named[:SUGGESTED]))


def procedure_kinds(plan: PurchasePlan) -> list[str]:
    """The kinds of procedure that the buyer already wrote."""
    written = Procedure.objects.filter(buyer_id=plan.buyer_id).exclude(kind="")
    return list(written.order_by("kind").values_list("kind", flat=True).distinct()[:SUGGESTED])
