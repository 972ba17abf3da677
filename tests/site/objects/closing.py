"""A contract of Corinne and Cyril at its end: given up by two people, then closed and evaluated."""

from datetime import timedelta

from relais.execution.actions.closing import give_evaluation
from relais.execution.actions.ledger import close_obligation
from relais.execution.enums import ObligationState
from relais.execution.models import Obligation
from tests.clauses.factories import noon
from tests.site.objects import Target, World, example
from tests.site.objects.breaches import contract

ANSWERS = {"sizing": 3, "people": 2, "support": 4, "welcome": 4}


def over(world: World) -> Obligation:
    """Performance ended, nothing closed yet."""

    def make() -> Obligation:
        pk = contract(world, "over").pk
        Obligation.objects.filter(pk=pk).update(ends_on=world.today - timedelta(1))
        return Obligation.objects.with_file().get(pk=pk)

    return world.once("over", make)


def closed(world: World) -> Obligation:
    """Not fulfilled, with the evaluation of the facilitator."""

    def make() -> Obligation:
        obligation = over(world)
        give_evaluation(
            obligation,
            {**ANSWERS, "kept": world.secret("kept", "clara", "fanny", "corinne", "cyril"), "changed": ""},
            actor=world["fanny"].actor(),
            at=noon(world.today),
        )
        close_obligation(
            obligation,
            outcome=ObligationState.NOT_FULFILLED,
            reason="Chantier arrêté",
            actor=world["clara"].actor(),
            at=noon(world.today),
        )
        return obligation

    return world.once("closed", make)


@example("closing-detail")
def the_page(world: World) -> Target:
    return Target({"pk": closed(world).pk})


@example("account-date")
def to_date(world: World) -> Target:
    return Target({"pk": over(world).pk}, data={"day": world.today.isoformat()})


@example("evaluation-give")
def to_evaluate(world: World) -> Target:
    return Target({"pk": over(world).pk}, data={name: str(mark) for name, mark in ANSWERS.items()})


@example("closing-certificate")
def the_certificate(world: World) -> Target:
    obligation = closed(world)
    share = obligation.debtors.get(organisation=world["corinne"].organisation)
    return Target({"pk": obligation.pk, "debtor": share.pk, "kind": "docx"})
