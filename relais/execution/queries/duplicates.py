"""Pairs of records that may be one person, as the body that follows them reads them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from relais.core.likeness import Identity, Likeness, pairs
from relais.execution.models import PairDecision, Person
from relais.kit.actor import Actor

PAIRS_AT_ONCE = 20
"""Pairs on one page: each is read and compared by somebody."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """Two records side by side, and why they are."""

    first: Person
    second: Person
    likeness: Likeness


def proposed_keys(actor: Actor) -> list[tuple[int, int, Likeness]]:
    """Pairs of records of the actor's body on which nothing is decided, the likeliest first."""
    mine = Person.objects.visible_to(actor).followed_by(actor.organisation_id).filter(anonymised_on=None)
    columns = ("pk", "scheme_id", "same_as_id", "first_name", "last_name", "birth_date")
    schemes: dict[int, list[Identity]] = {}
    roots: dict[int, int] = {}
    for pk, scheme, same_as, first, last, born in mine.order_by("pk").values_list(*columns):
        roots[pk] = same_as or pk
        schemes.setdefault(scheme, []).append(Identity(pk, first, last, born))
    standing = PairDecision.objects.visible_to(actor).standing()
    settled = set(standing.values_list("first_id", "second_id"))
    return [
        (pair.first, pair.second, pair.likeness)
        for people in schemes.values()
        for pair in pairs(people)
        if (pair.first, pair.second) not in settled and roots[pair.first] != roots[pair.second]
    ]


def side_by_side(actor: Actor, keys: Sequence[tuple[int, int, Likeness]]) -> list[Proposed]:
    """These pairs with their records, the jobs and decisions of each counted."""
    wanted = {pk for first, second, _likeness in keys for pk in (first, second)}
    people = (
        Person.objects.visible_to(actor)
        .with_eligibility()
        .annotate(jobs=Count("job_contracts", distinct=True), decisions=Count("eligibilities", distinct=True))
        .in_bulk(wanted)
    )
    return [Proposed(people[first], people[second], likeness) for first, second, likeness in keys]


def settled_pairs(actor: Actor) -> list[PairDecision]:
    """Decisions that stand, the last ones first."""
    standing = PairDecision.objects.visible_to(actor).standing()
    return list(standing.select_related("first", "second", "decided_by")[:PAIRS_AT_ONCE])


def shared_elsewhere(actor: Actor) -> int:
    """How many people of the body another body of the scheme also follows: counted once, never named."""
    mine = Person.objects.visible_to(actor).followed_by(actor.organisation_id).filter(anonymised_on=None)
    others = Person.objects.exclude(body_id=actor.organisation_id)
    schemes = mine.order_by().values("scheme_id")
    keys = others.filter(scheme__in=schemes).order_by().values("pseudonym")
    return mine.filter(pseudonym__in=keys).aggregate(number=Count("pseudonym", distinct=True))["number"]


def linked_to(person: Person) -> list[Person]:
    """The records decided to be the same person, this one apart."""
    root = person.same_as_id or person.pk
    return list(Person.objects.filter(Q(same_as=root) | Q(pk=root)).exclude(pk=person.pk).order_by("pk"))
