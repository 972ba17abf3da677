"""An amendment that Corinne proposes on the contract she shares with Cyril."""

from decimal import Decimal

from relais.execution.actions.amendments import NewAmendment, propose_amendment
from relais.execution.models import AmendmentProposal
from tests.clauses.factories import noon
from tests.execution.owing import fresh
from tests.site.objects import Target, World, example
from tests.site.objects.clauses import DAY, shared

READERS = ("clara", "fanny", "corinne", "cyril")


def proposed(world: World) -> AmendmentProposal:
    def make() -> AmendmentProposal:
        wanted = NewAmendment(
            world.secret("amendment", *READERS), world.secret("why", *READERS), DAY, Decimal(20)
        )
        corinne = {"actor": world["corinne"].actor(), "at": noon(DAY)}
        return propose_amendment(fresh(shared(world)), wanted, **corinne)

    return world.once("amendment", make)


@example("amendment-add")
def to_propose(world: World) -> Target:
    data = {"document": "Avenant n° 2", "reason": "Travaux ajoutés", "effective_on": DAY.isoformat()}
    return Target({"pk": shared(world).pk}, data={**data, "hours": "25"})


@example("amendment-answer")
def to_answer(world: World) -> Target:
    found = proposed(world)
    return Target({"pk": found.obligation_id, "proposal": found.pk}, data={"answer": "yes"})


@example("amendment-withdraw")
def to_withdraw(world: World) -> Target:
    found = proposed(world)
    return Target({"pk": found.obligation_id, "proposal": found.pk})


@example("liability-set")
def to_bind(world: World) -> Target:
    return Target({"pk": shared(world).pk}, data={"liability": "lead_joint"})
