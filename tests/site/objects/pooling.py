"""Two small debts of the region, Corinne's and Cyril's, and the agreement that makes one job of them."""

from relais.execution.models import PoolingAgreement
from tests.execution.crumbs import ALL, answer, lay_pair, propose
from tests.site.objects import Target, World, example

BODIES = ("clara", "fanny", "corinne", "cyril", "sonia")
"""Whose bodies read the agreement."""


def proposed(world: World) -> PoolingAgreement:
    def make() -> PoolingAgreement:
        return propose(world.cast, lay_pair(world.cast), job=world.secret("pooled-job", *BODIES))

    return world.once("proposed agreement", make)


@example("pooling-propose")
def to_propose(world: World) -> Target:
    debtors = [part.debtor_id for part in proposed(world).parts.all()]
    data = {"employer": world["sonia"].organisation.pk, "job": "Peintre"}
    return Target({"job": "-".join(str(pk) for pk in sorted(debtors))}, data=data)


@example("agreement-detail")
def to_read(world: World) -> Target:
    return Target({"pk": proposed(world).pk})


@example("agreement-file")
def to_download(world: World) -> Target:
    return Target({"pk": proposed(world).pk, "kind": "docx"})


@example("agreement-answer")
def to_answer(world: World) -> Target:
    return Target({"pk": proposed(world).pk}, data={"version": 1, "decision": "accepted"})


@example("agreement-withdraw")
def to_withdraw(world: World) -> Target:
    return Target({"pk": proposed(world).pk}, data={"version": 1, "reason": "Chantier retardé"})


@example("agreement-end")
def to_end(world: World) -> Target:
    agreement = proposed(world)
    world.once("agreement in force", lambda: answer(world.cast, agreement, *ALL))
    return Target({"pk": agreement.pk}, data={"version": agreement.version, "reason": "Fin de chantier"})
