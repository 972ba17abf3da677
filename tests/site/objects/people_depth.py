"""The people that Fanny follows, at full depth: two records that may be one person."""

from datetime import date

from relais.execution.actions.duplicates import settle_pair
from relais.execution.models import Person
from tests.execution.worksite import TODAY, noon
from tests.site.objects import Target, World, example
from tests.site.objects.hours import followed, worksite


def alike(world: World) -> tuple[Person, Person]:
    """Two records proposed as one person, whose name only Fanny's body may read."""

    def make() -> tuple[Person, Person]:
        site = worksite(world)
        one, other = (
            site.person(3, last_name=name, birth_date=date(1984, 4, 12)) for name in ("Le Goff", "Legoff")
        )
        Person.objects.filter(pk=one.pk).update(last_name=world.canary(world["fanny"].organisation))
        return one, other

    return world.once("alike", make)


@example("pair-settle")
def pair(world: World) -> Target:
    one, other = alike(world)
    return Target({"first": one.pk, "second": other.pk}, {"answer": "same"})


@example("pair-undo")
def decided(world: World) -> Target:
    one, _other = alike(world)
    terms = {"actor": world["fanny"].actor(TODAY), "at": noon(TODAY)}
    return Target({"pk": settle_pair(one, followed(world), same=False, **terms).pk})


@example("retention-extend")
def longer(world: World) -> Target:
    return Target({"pk": followed(world).pk}, {"until": "2027-01-31", "reason": "Suivi en cours"})


@example("eligibility-rules-add")
def policy(world: World) -> Target:
    data = {"scheme": world.cast.scheme.pk, "starts_on": "2026-01-01", "source": "Règlement du dispositif"}
    return Target(data=data | {"counting_months": "24"})


@example("person-path", "path-step-add")
def step(world: World) -> Target:
    data = {"kind": "training", "label": "SST", "starts_on": "2024-03-01", "hours": "7,5"}
    return Target({"pk": followed(world).pk}, data)
