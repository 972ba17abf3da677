"""Breaches of Corinne's company at each stage, in a contract shared with Cyril: each text has its readers."""

from datetime import timedelta
from decimal import Decimal

from relais.clauses.actions import add_party
from relais.clauses.enums import Part
from relais.execution.actions.sanctions import tell_cause
from relais.execution.actions.waivers import Waiving, propose_waiver
from relais.execution.enums import BreachAct
from relais.execution.models import Breach, Cause, HoursWaiver, Obligation
from tests.clauses.factories import noon
from tests.execution.road import HEARD, WARNED, observed, running, take
from tests.site.objects import Target, World, example
from tests.site.objects.clauses import SHARES

WHOLE = ("clara", "fanny")
"""Whose bodies read what the buyer still weighs."""


def contract(world: World, name: str) -> Obligation:
    def make() -> Obligation:
        obligation = running(
            world.cast, world.today, shares=SHARES, lot={"project_lead": world["pascal"].user}
        )
        add_party(
            obligation.clause,
            world["sonia"].organisation,
            Part.STRUCTURE,
            actor=world["clara"].actor(),
            at=noon(world.today),
            starts_on=world.today,
        )
        return Obligation.objects.with_file().get(pk=obligation.pk)

    return world.once(f"breaches-{name}", make)


def after(world: World, *acts: BreachAct) -> Breach:
    """The breach after these steps: what is said is for the company too, what is proposed for the buyer."""

    def make() -> Breach:
        told = world.secret("gap", *WHOLE, "corinne")
        breach = observed(world.cast, contract(world, f"{len(acts)}-{acts[-1:]}"), world.today, text=told)
        for act in acts:
            inside = act.value.endswith("proposed")
            text = world.secret("weighed", *WHOLE) if inside else world.secret("said", *WHOLE, "corinne")
            take(world.cast, breach, act, world.today, text=text)
        return breach

    return world.once(f"breach-{acts}", make)


PROPOSED = (*HEARD, BreachAct.PENALTY_PROPOSED)


@example("breach-list", "breach-export")
def the_lists(world: World) -> Target:
    after(world, *PROPOSED)
    return Target()


@example("obligation-breaches")
def of_an_obligation(world: World) -> Target:
    waiver(world)
    return Target({"pk": after(world, *PROPOSED).obligation_id})


@example("breach-detail")
def the_file(world: World) -> Target:
    breach = after(world, *PROPOSED)
    told(world, breach)
    return Target({"pk": breach.pk})


@example("breach-letter")
def the_letter(world: World) -> Target:
    return Target({"pk": after(world, *WARNED[:2]).pk, "number": 2, "kind": "docx"})


@example("breach-observe")
def to_observe(world: World) -> Target:
    obligation = contract(world, "new")
    debtor = obligation.debtors.order_by("pk").first()
    data = {"debtor": str(debtor.pk), "kind": "hours", "on": world.today.isoformat(), "text": "Aucune heure"}
    return Target({"pk": obligation.pk}, data=data)


def dated(world: World, **data: str) -> dict[str, str]:
    return {"on": world.today.isoformat(), "text": "Texte", **data}


@example("breach-warn")
def to_warn(world: World) -> Target:
    return Target({"pk": after(world, BreachAct.REMINDER).pk, "step": "reunion"}, data=dated(world))


@example("breach-propose")
def to_propose(world: World) -> Target:
    data = dated(world, hours="100", units="0")
    return Target({"pk": after(world, *HEARD).pk, "step": "penalite"}, data=data)


@example("breach-decide")
def to_decide(world: World) -> Target:
    return Target({"pk": after(world, *PROPOSED).pk}, data=dated(world, choice="penalty_decided"))


@example("breach-account")
def to_account(world: World) -> Target:
    breach = after(world, *PROPOSED, BreachAct.PENALTY_DECIDED)
    return Target({"pk": breach.pk}, data=dated(world, reference="Acompte 7"))


@example("breach-reply")
def to_reply(world: World) -> Target:
    return Target({"pk": after(world, *WARNED).pk}, data=dated(world))


CAUSE = {"kind": "site_stopped", "hours": "20", "evidence": "Ordre de service 4"}


@example("cause-tell")
def to_tell(world: World) -> Target:
    day = (world.today - timedelta(100)).isoformat()
    data = {**CAUSE, "starts_on": day, "ends_on": day}
    return Target({"pk": after(world, *WARNED).pk}, data=data)


def told(world: World, breach: Breach) -> Cause:
    day = world.today - timedelta(100)
    cause = Cause(
        breach=breach,
        kind="site_stopped",
        starts_on=day,
        ends_on=day,
        hours=Decimal(20),
        evidence=world.secret("evidence", *WHOLE, "corinne"),
    )
    return tell_cause(cause, actor=world["corinne"].actor(), at=noon(world.today))


@example("cause-answer")
def to_answer(world: World) -> Target:
    cause = told(world, after(world, *WARNED))
    return Target({"pk": cause.pk}, data={"choice": "accept", "answer": "Vu sur place"})


@example("terms-record")
def to_record(world: World) -> Target:
    data = {"per_unit": "50", "cap": "5 000", "source": "CCAP, art. 9"}
    return Target({"pk": contract(world, "new").pk}, data=data)


def waiver(world: World) -> HoursWaiver:
    def make() -> HoursWaiver:
        wanted = Waiving(Decimal(20), world.today, world.secret("waiver", *WHOLE))
        obligation = after(world, *PROPOSED).obligation
        return propose_waiver(obligation, wanted, actor=world["paula"].actor(), at=noon(world.today))

    return world.once("waiver", make)


@example("waiver-propose")
def to_give_up(world: World) -> Target:
    data = {"hours": "20", "effective_on": world.today.isoformat(), "reason": "Aucun candidat proposé"}
    return Target({"pk": contract(world, "new").pk}, data=data)


@example("waiver-decide")
def to_settle(world: World) -> Target:
    return Target({"pk": waiver(world).pk}, data={"choice": "accept", "answer": "Causes établies"})
