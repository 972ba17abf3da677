"""A plan of the region with a lot that Pascal originates, a file that waits, and a plan the town keeps."""

from relais.organisations.enums import Capacity
from relais.procurement.actions.plans import NewPlan, import_plan, receive_plan
from relais.procurement.actions.typed_lines import TypedLot, digest, type_line
from relais.procurement.models import Lot, PlanImport, PlanLine, PurchasePlan
from relais.procurement.planning import kept_file
from tests.procurement.plan_examples import workbook
from tests.screening.factories import NOON
from tests.screening.factories import lot as lay_lot
from tests.site.objects import Target, World, example
from tests.site.objects.procurement import Fresh

HEADS = ["Objet", "Montant HT", "Durée", "Observations"]


def received(world: World, name: str, *rows: list[object]) -> PlanImport:
    """A file that this person's body sent and has not confirmed."""
    return receive_plan(
        workbook([HEADS, *rows]),
        name="programmation.xlsx",
        scheme=world.cast.scheme,
        plan=None,
        capacities=frozenset({Capacity.BUYER}),
        actor=world[name].actor(),
        at=NOON,
    )


def imported(world: World, name: str) -> PurchasePlan:
    """A plan of this person's body: its own word in a lot and in its title, and a row that was refused."""
    word = world.canary(world[name].organisation)
    rows = [
        [f"Peinture {word}", 120000, "8 mois", word],
        ["Sols", 9000, "2 mois", ""],
        ["Toit", "cher", "", ""],
    ]
    receipt = received(world, name, *rows)
    new = NewPlan(f"Programmation {word}", 2027, 2027)
    done = import_plan(receipt, kept_file(receipt).proposed, new=new, actor=world[name].actor(), at=NOON)
    assert done.plan is not None
    return done.plan


def own_plan(world: World) -> PurchasePlan:
    """The region's plan, whose first lot is Pascal's; the town has one of its own."""

    def lay() -> PurchasePlan:
        imported(world, "benoit")
        plan = imported(world, "clara")
        Lot.objects.filter(plan_lines__plan=plan, object__startswith="Peinture").update(
            project_lead=world["pascal"].user
        )
        return plan

    return world.once("plan", lay)


def waiting(world: World) -> PlanImport:
    return world.once("plan file", lambda: received(world, "clara", ["Peinture", 120000, "8 mois", ""]))


@example("plan-list", "opportunity-triage")
def lists(world: World) -> Target:
    own_plan(world)
    return Target()


@example("plan-detail", "plan-export", "plan-state")
def a_plan(world: World) -> Target:
    return Target({"pk": own_plan(world).pk})


@example("plan-operations")
def operations(world: World) -> Target:
    plan = own_plan(world)
    lots = list(plan.lines.values_list("lot_id", flat=True))
    return Target({"pk": plan.pk}, {"act": "group", "name": "Cité scolaire", "lot": lots})


@example("plan-settle")
def a_difference(world: World) -> Target:
    plan = own_plan(world)
    line = PlanLine.objects.filter(plan=plan).first()
    assert line is not None
    difference = [{"name": "amount", "columns": ["estimated_amount"], "file": "1.00", "lot": "2.00"}]
    PlanLine.objects.filter(pk=line.pk).update(is_disputed=True, disputed=difference)
    return Target({"pk": plan.pk, "line": line.pk}, {"take": "lot"})


@example("plan-import")
def sending(world: World) -> Target:
    file = Fresh("plan.xlsx", workbook([HEADS, ["Peinture", 120000, "8 mois", ""]]))
    return Target(data={"file": file, "scheme": world.cast.scheme.pk})


@example("plan-mapping")
def mapping(world: World) -> Target:
    columns = {"column_0": "object", "column_1": "amount", "column_2": "duration", "column_3": ""}
    named = {"title": "Programmation 2027", "first_year": 2027, "last_year": 2028, "unit": "1"}
    return Target({"pk": waiting(world).pk}, {**columns, **named, "act": "confirm"})


@example("plan-drop")
def dropping(world: World) -> Target:
    return Target({"pk": waiting(world).pk})


@example("plan-faults")
def faults(world: World) -> Target:
    done = own_plan(world).imports.get()
    return Target({"pk": done.pk})


@example("triage-act")
def sorting(world: World) -> Target:
    lots = list(own_plan(world).lines.values_list("lot_id", flat=True))
    return Target(data={"act": "study", "lot": lots})


@example("triage-undo")
def undoing(world: World) -> Target:
    own_plan(world)
    return Target()


def typed(world: World) -> PlanLine:
    """A lot of the region's plan typed by hand."""
    word = world.canary(world["clara"].organisation)
    actor = world["clara"].actor()
    return world.once(
        "typed line",
        lambda: type_line(
            own_plan(world), TypedLot(object=f"Clôture {word}", remark=word), actor=actor, at=NOON
        ),
    )


@example("plan-create")
def opening(world: World) -> Target:
    scheme = world.cast.scheme.pk
    return Target(data={"title": "Achats de la direction", "first_year": 2027, "scheme": scheme})


@example("plan-line-create")
def typing(world: World) -> Target:
    return Target({"pk": own_plan(world).pk}, {"object": "Peinture du gymnase", "amount": "120000"})


@example("plan-line-edit", "plan-line-remove")
def a_typed_lot(world: World) -> Target:
    line = typed(world)
    return Target({"pk": line.plan_id, "line": line.pk}, {"object": "Clôture", "seen": digest(line)})


@example("plan-line-add")
def adding(world: World) -> Target:
    word = world.canary(world["clara"].organisation)
    plan, clara = own_plan(world), world["clara"]
    announced = world.once(
        "announced lot", lambda: lay_lot(clara, world.cast.scheme, object=f"Portail {word}")
    )
    return Target({"pk": plan.pk}, {"lot": [announced.pk]})
