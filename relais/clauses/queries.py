"""What pages and rules read of clauses: where the actor stands, and what a list shows."""

from datetime import date
from enum import StrEnum

from django.db.models import Prefetch, QuerySet

from relais.clauses.enums import HOLDING_PARTS, Part
from relais.clauses.models import Clause, ClauseQuerySet, Party, Proposal
from relais.kit.actor import Actor
from relais.organisations.enums import Capacity
from relais.organisations.models import Organisation, OrganisationQuerySet


class Stand(StrEnum):
    """From where the actor's body looks at a clause; it may stand at several places."""

    BUYER = "buyer"
    COORDINATOR = "coordinator"
    FACILITATOR = "facilitator"
    HOLDER = "holder"
    SUBCONTRACTOR = "subcontractor"
    STRUCTURE = "structure"


WHOLE = frozenset({Stand.BUYER, Stand.COORDINATOR, Stand.FACILITATOR})
"""Those who read the whole clause; the others read their own part, and never the buyer's analysis."""

_BY_PART = {
    Part.FACILITATOR: Stand.FACILITATOR,
    Part.SUBCONTRACTOR: Stand.SUBCONTRACTOR,
    Part.STRUCTURE: Stand.STRUCTURE,
    **dict.fromkeys(HOLDING_PARTS, Stand.HOLDER),
}


def holds(party: Party, day: date) -> bool:
    """Whether the body takes part on that day."""
    return party.starts_on <= day and (party.ends_on is None or party.ends_on >= day)


def stands_of(actor: Actor, clause: Clause) -> frozenset[Stand]:
    """Where the actor's body stands on the day of asking; reads `clause.scheme` and `clause.parties`."""
    found = set()
    if clause.buyer_id == actor.organisation_id:
        found.add(Stand.BUYER)
    if clause.scheme.coordinator_id == actor.organisation_id:
        found.add(Stand.COORDINATOR)
    for party in clause.parties.all():
        if party.organisation_id == actor.organisation_id and holds(party, actor.on):
            found.add(_BY_PART[Part(party.part)])
    return frozenset(found)


def sees_whole(actor: Actor, clause: Clause) -> bool:
    """Whether the actor reads the whole clause, or only its own part."""
    return bool(stands_of(actor, clause) & WHOLE)


def parties_in_force(clause: Clause, day: date, *parts: Part) -> list[Party]:
    """The bodies taking part that day, of those parts (all when none is named)."""
    return [
        party for party in clause.parties.all() if holds(party, day) and (not parts or party.part in parts)
    ]


def with_file(clauses: ClauseQuerySet) -> ClauseQuerySet:
    """Everything the page of a clause reads, in a constant number of queries."""
    return clauses.select_related(
        "buyer",
        "scheme__coordinator",
        "lot__procedure",
        "lot__operation",
        "lot__commune",
        "contract",
        "created_by",
    ).prefetch_related(
        Prefetch("parties", Party.objects.select_related("organisation").order_by("part", "starts_on", "pk"))
    )


def proposals_of(clause: Clause, actor: Actor) -> QuerySet[Proposal]:
    """Changes asked on a clause, as far as the actor reads them."""
    return (
        Proposal.objects.visible_to(actor)
        .filter(clause=clause)
        .select_related("organisation", "proposed_by", "answered_by")
    )


def facilitators_of(clause_scheme_id: int, on: date) -> OrganisationQuerySet:
    """Facilitator bodies of a scheme on that day."""
    return Organisation.objects.with_capacity(Capacity.FACILITATOR, on).filter(
        schemes__scheme_id=clause_scheme_id
    )


def possible_holders(scheme_id: int, on: date) -> OrganisationQuerySet:
    """Companies and structures of a scheme, which may hold a contract or take part in it."""
    companies = Organisation.objects.with_capacity(Capacity.COMPANY, on)
    structures = Organisation.objects.with_capacity(Capacity.STRUCTURE, on)
    return (companies | structures).filter(schemes__scheme_id=scheme_id).distinct()
