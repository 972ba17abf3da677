"""The kick-off file of the contract that Corinne and Cyril share: each of its texts has its readers."""

from decimal import Decimal

from relais.clauses.models import Correspondent, HoursPlan
from relais.execution.actions.launch import (
    Contact,
    Meeting,
    name_correspondent,
    spread_hours,
    write_minutes,
)
from relais.execution.models import Obligation
from tests.clauses.factories import noon
from tests.site.objects import Target, World, example
from tests.site.objects.clauses import DAY, shared

HOLDERS = ("clara", "fanny", "corinne", "cyril")
"""Whose bodies read the plan and the minutes: not those that only supply people."""


def launched(world: World) -> Obligation:
    """With a plan, minutes and a correspondent for each body."""

    def make() -> Obligation:
        obligation = shared(world)
        fanny = {"actor": world["fanny"].actor(DAY), "at": noon(DAY)}
        spread_hours(obligation, {world.secret("trade", *HOLDERS): Decimal(1)}, **fanny)
        said = {name: world.secret(name, *HOLDERS) for name in ("attendees", "decisions", "next_steps")}
        write_minutes(obligation, Meeting(held_on=DAY, **said), **fanny)
        readers = {
            "corinne": ("clara", "fanny", "corinne"),
            "cyril": ("clara", "fanny", "cyril"),
            "sonia": ("clara", "fanny", "sonia"),
            "fanny": (*HOLDERS, "sonia"),
        }
        for person, people in readers.items():
            contact = Contact(
                world[person].organisation,
                "clause",
                world.secret(f"call-{person}", *people),
                email=f"{person}@example.org",
            )
            name_correspondent(obligation, contact, **fanny)
        return obligation

    return world.once("launched", make)


@example("launch-detail", "launch-print")
def the_file(world: World) -> Target:
    return Target({"pk": launched(world).pk})


@example("launch-file")
def the_document(world: World) -> Target:
    return Target({"pk": launched(world).pk, "kind": "docx"})


@example("launch-spread")
def to_spread(world: World) -> Target:
    data = {"trade_1": "Peinture", "share_1": "60", "trade_2": "Sols", "share_2": "40"}
    return Target({"pk": launched(world).pk}, data=data)


@example("launch-plan")
def to_change(world: World) -> Target:
    obligation = launched(world)
    plan = HoursPlan.objects.get(clause=obligation.clause_id)
    hours = {f"h_{line.month:%Y_%m}_0": str(line.hours).replace(".", ",") for line in plan.lines.all()}
    return Target({"pk": obligation.pk}, data={"version": plan.version, **hours})


@example("launch-minutes")
def to_write(world: World) -> Target:
    data = {"held_on": DAY.isoformat(), "attendees": "PLIE, Bâtisseurs", "decisions": "Deux postes"}
    return Target({"pk": launched(world).pk}, data=data)


@example("correspondent-add")
def to_name(world: World) -> Target:
    data = {
        "organisation": str(world["corinne"].organisation.pk),
        "role": "clause",
        "name": "Élise Dubreuil",
        "email": "elise@example.org",
    }
    return Target({"pk": launched(world).pk}, data=data)


@example("correspondent-end")
def to_end(world: World) -> Target:
    obligation = launched(world)
    one = Correspondent.objects.get(organisation=world["corinne"].organisation)
    return Target({"pk": obligation.pk, "correspondent": one.pk})
