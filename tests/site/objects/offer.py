from tests.offer.factories import structure
from tests.site.objects import Target, World, example


@example("structure-offer-list", "structure-offer-export")
def the_directory(world: World) -> Target:
    world.once("structure", structure)
    return Target()


@example("structure-offer-detail")
def a_structure(world: World) -> Target:
    return Target({"pk": world.once("structure", structure).pk})


@example("structure-offer-activities")
def corrected(world: World) -> Target:
    return Target({"pk": world.once("structure", structure).pk}, {"activities": ["linge"]})


@example("structure-offer-turnover")
def told_its_turnover(world: World) -> Target:
    return Target({"pk": world.once("structure", structure).pk}, {"turnover": "250000", "year": "2025"})
