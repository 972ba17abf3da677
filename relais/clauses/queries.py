"""What pages and rules read of clauses: where the actor stands, and what a list shows."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db.models import Prefetch, QuerySet

from relais.clauses.enums import HOLDING_PARTS, KitDocument, Modality, Part, TextState
from relais.clauses.models import (
    Clause,
    ClauseQuerySet,
    LibraryOpening,
    LibraryText,
    Party,
    Proposal,
    TextVersion,
)
from relais.kit.actor import Actor
from relais.organisations.enums import Capacity
from relais.organisations.models import (
    CapacityHeld,
    FacilitatorArea,
    Organisation,
    OrganisationQuerySet,
    Scheme,
    SchemeBody,
    in_force,
)
from relais.procurement.models import Contract
from relais.screening.models import Opportunity


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
        "contract__lot",
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


def bodies_with(scheme_id: int, on: date, *capacities: Capacity) -> OrganisationQuerySet:
    """Bodies of a scheme that hold one of the capacities on that day, by name."""
    held = CapacityHeld.objects.filter(in_force(on), capacity__in=capacities)
    bodies = SchemeBody.objects.filter(in_force(on), scheme_id=scheme_id)
    return Organisation.objects.filter(pk__in=held.values("organisation_id")).filter(
        pk__in=bodies.values("organisation_id")
    )


def asked_of_all(clause: Clause) -> Decimal:
    """Hours that every offer owes anyway: those of the condition; none where the criterion stands alone."""
    return clause.hours if clause.modality == Modality.MIXED else Decimal(0)


def facilitators_of(scheme_id: int, on: date) -> OrganisationQuerySet:
    return bodies_with(scheme_id, on, Capacity.FACILITATOR)


def facilitators_proposed(sheet: Opportunity, bodies: OrganisationQuerySet, on: date) -> list[int]:
    """Among the bodies, those asked for an opinion on the lot, and those that cover its department."""
    found = set(sheet.opinions.values_list("facilitator_id", flat=True))
    if sheet.lot.department_id:
        areas = FacilitatorArea.objects.filter(
            in_force(on), scheme_id=sheet.lot.scheme_id, department_id=sheet.lot.department_id
        )
        found.update(areas.values_list("organisation_id", flat=True))
    return sorted(found & {body.pk for body in bodies})


def possible_holders(scheme_id: int, on: date) -> OrganisationQuerySet:
    """Companies and structures of a scheme, which may hold a contract."""
    return bodies_with(scheme_id, on, Capacity.COMPANY, Capacity.STRUCTURE)


def possible_parties(scheme_id: int, on: date) -> OrganisationQuerySet:
    """Bodies of a scheme which may join a clause: facilitators, structures, companies."""
    return bodies_with(scheme_id, on, Capacity.FACILITATOR, Capacity.STRUCTURE, Capacity.COMPANY)


def contract_of_lot(clause: Clause) -> Contract | None:
    """The contract already known for the lot of a clause, with its holders."""
    return Contract.objects.filter(lot_id=clause.lot_id).prefetch_related("holders").first()


def texts_of(actor: Actor) -> QuerySet[LibraryText]:
    """The texts one reads, each with its versions as far as one reads them, newest first."""
    versions = TextVersion.objects.visible_to(actor).select_related("author", "approver", "organisation")
    return (
        LibraryText.objects.visible_to(actor)
        .select_related("scheme")
        .prefetch_related(Prefetch("versions", versions.order_by("-number"), to_attr="read"))
    )


def texts_in_order(scheme: Scheme, *, but: LibraryText | None = None) -> list[LibraryText]:
    """Every text of a scheme in the order of the kit, without the one that is being placed."""
    order = {document.value: rank for rank, document in enumerate(KitDocument)}
    texts = [text for text in LibraryText.objects.filter(scheme=scheme) if but is None or text.pk != but.pk]
    return sorted(texts, key=lambda text: (order[text.document], text.rank, text.key))


def clauses_for_preview(actor: Actor, text: LibraryText) -> ClauseQuerySet:
    """Clauses of the scheme on which a text may be tried, newest first."""
    return Clause.objects.visible_to(actor).filter(scheme_id=text.scheme_id).order_by("-created_at", "-pk")


def open_library_of(slug: str) -> LibraryOpening | None:
    """The opening in force of the scheme of that address, if its texts are public."""
    return LibraryOpening.objects.running().filter(scheme__slug=slug).select_related("scheme").first()


def opening_of(scheme: Scheme) -> LibraryOpening | None:
    """The opening in force of a scheme that one keeps."""
    return LibraryOpening.objects.running().filter(scheme=scheme).first()


def approved_texts(scheme: Scheme) -> list[TextVersion]:
    """The approved version of each text of a scheme, in the order of the kit."""
    order = {document.value: rank for rank, document in enumerate(KitDocument)}
    versions = TextVersion.objects.filter(text__scheme=scheme, state=TextState.APPROVED)
    return sorted(
        versions.select_related("text"), key=lambda one: (order[one.document], one.rank, one.text.key)
    )


def version_in_use(versions: Iterable[TextVersion]) -> TextVersion | None:
    """The version that kits are made of: the approved one, or else the last one shipped."""
    found = [version for version in versions if version.state in (TextState.APPROVED, TextState.PROPOSED)]
    approved = [version for version in found if version.state == TextState.APPROVED]
    shipped = [version for version in found if version.is_shipped]
    return next(iter([*approved, *shipped]), None)
