"""A framework that Corinne and Cyril share, with its rule, invoices and tranche; one of Corinne alone."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from relais.core.owing import Basis, Rule, RuleKind
from relais.execution.actions.options import NewOption, plan_option
from relais.execution.models import Call, ContractOption, Obligation
from relais.execution.owing_enums import OptionKind
from tests.clauses.factories import an_awarded, noon
from tests.execution.owing import PER_2000, START, a_rule, fresh, invoice
from tests.site.objects import Target, World, example
from tests.site.objects.clauses import DAY, led, shared

READERS = ("clara", "fanny", "corinne", "cyril")
SHARE = Rule(RuleKind.SHARE_OF_HOURS, Basis.WORKED, START, insertion_rate=Decimal("0.05"))


def counted(world: World) -> Obligation:
    def make() -> Obligation:
        obligation = shared(world)
        rule = replace(PER_2000, starts_on=START)
        a_rule(world.cast, obligation, rule, on=DAY, document=world.secret("rule", *READERS))
        own = obligation.debtors.get(organisation=world["corinne"].organisation)
        label = world.secret("invoice", "clara", "fanny", "corinne")
        world.made["call"] = invoice(world.cast, obligation, "F-1", 9_000, on=DAY, debtor=own, label=label)
        everybody = world.secret("order", *READERS)
        invoice(world.cast, obligation, "F-2", 4_000, on=DAY, label=everybody)
        tranche = NewOption(OptionKind.TRANCHE, world.secret("tranche", *READERS), Decimal(40))
        clara = {"actor": world["clara"].actor(DAY), "at": noon(DAY)}
        world.made["option"] = plan_option(fresh(obligation), tranche, **clara)
        return fresh(obligation)

    return world.once("counted", make)


def call_of(world: World) -> Call:
    counted(world)
    found: Call = world.made["call"]
    return found


def option_of(world: World) -> ContractOption:
    counted(world)
    found: ContractOption = world.made["option"]
    return found


@example("owing-detail", "call-list", "call-export", "call-import")
def to_read(world: World) -> Target:
    return Target({"pk": counted(world).pk})


@example("rule-add")
def to_rule(world: World) -> Target:
    data = {
        "kind": "PER_AMOUNT",
        "basis": "INVOICE",
        "starts_on": (DAY + timedelta(30)).isoformat(),
        "euros_per_hour": "1 500",
        "rounding": "UNIT",
        "document": "Avenant n° 1",
    }
    return Target({"pk": counted(world).pk}, data=data)


@example("call-add")
def to_record(world: World) -> Target:
    data = {"kind": "INVOICE", "number": "F-3", "on": DAY.isoformat(), "amount": "12 000"}
    return Target({"pk": counted(world).pk}, data=data)


@example("call-correct")
def to_correct(world: World) -> Target:
    data = {"on": DAY.isoformat(), "amount": "8 000", "reason": "Montant erroné"}
    return Target({"pk": counted(world).pk, "call": call_of(world).pk}, data=data)


@example("call-cancel")
def to_cancel(world: World) -> Target:
    return Target({"pk": counted(world).pk, "call": call_of(world).pk}, data={"reason": "Doublon"})


@example("true-up")
def to_settle(world: World) -> Target:
    return Target({"pk": counted(world).pk}, data={"year": str(DAY.year)})


@example("worked-add")
def to_declare(world: World) -> Target:
    def make() -> Obligation:
        obligation = an_awarded(world.cast, lot=led(world)).obligation
        a_rule(world.cast, obligation, SHARE, on=DAY)
        return obligation

    data = {
        "starts_on": START.isoformat(),
        "ends_on": (START + timedelta(29)).isoformat(),
        "hours": "1 607,50",
    }
    return Target({"pk": world.once("worked", make).pk}, data=data)


@example("option-add")
def to_plan(world: World) -> Target:
    data = {"kind": "TRANCHE", "label": "TO2", "hours": "60"}
    return Target({"pk": counted(world).pk}, data=data)


@example("option-take")
def to_take(world: World) -> Target:
    data = {"decided_on": DAY.isoformat(), "document": "OS n° 3"}
    return Target({"pk": counted(world).pk, "option": option_of(world).pk}, data=data)


@example("option-leave")
def to_leave(world: World) -> Target:
    data = {"decided_on": DAY.isoformat(), "reason": "Budget non voté"}
    return Target({"pk": counted(world).pk, "option": option_of(world).pk}, data=data)
