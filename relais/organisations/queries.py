"""What the pages of the room read: bodies, members, the trail, the policies."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from relais.kit.actor import Actor
from relais.kit.audit import subject_label
from relais.kit.models import AuditEntry
from relais.kit.trail import act_label, detail_label
from relais.organisations.enums import Capacity, PolicyKey, Role
from relais.organisations.models import (
    CapacityHeld,
    FacilitatorArea,
    Invitation,
    Membership,
    Organisation,
    OrganisationQuerySet,
    Policy,
    Scheme,
    SchemeBody,
    User,
    in_force,
)
from relais.organisations.policies import PolicyValue, policies
from relais.territories.models import Department

DEMO_DOMAIN = "@demo.example"
"""Accounts of the demonstration: anybody may sign in as one of them when DEMO is set."""


def capacities_of(organisation: Organisation, on: date) -> frozenset[str]:
    held = CapacityHeld.objects.filter(in_force(on), organisation=organisation)
    return frozenset(held.values_list("capacity", flat=True))


def addresses_of(organisation: Organisation, roles: Sequence[str], on: date) -> list[str]:
    """Mail addresses of the members in force who bear one of these roles."""
    members = Membership.objects.active(on).filter(organisation=organisation, role__in=roles)
    return list(members.order_by("user__email").values_list("user__email", flat=True))


def other_managers(membership: Membership, on: date) -> int:
    """Managers in force beside this member."""
    managers = Membership.objects.active(on).filter(organisation=membership.organisation, role=Role.MANAGER)
    return managers.exclude(pk=membership.pk).count()


def takes_part(scheme: Scheme, organisation: Organisation, on: date) -> bool:
    return SchemeBody.objects.filter(in_force(on), scheme=scheme, organisation=organisation).exists()


def has_members(organisation: Organisation, on: date) -> bool:
    return Membership.objects.active(on).filter(organisation=organisation).exists()


def kept_schemes(actor: Actor) -> QuerySet[Scheme]:
    """The schemes that the actor's body coordinates."""
    return Scheme.objects.filter(coordinator_id=actor.organisation_id)


def coordinates_body(actor: Actor, organisation: Organisation) -> bool:
    bodies = SchemeBody.objects.filter(in_force(actor.on), scheme__coordinator_id=actor.organisation_id)
    return bodies.filter(organisation=organisation).exists()


def kept_scheme(actor: Actor) -> Scheme | None:
    """The scheme the actor's body coordinates; the oldest when there are several."""
    return kept_schemes(actor).order_by("pk").first()


def parts_of(organisation: Organisation, actor: Actor) -> list[SchemeBody]:
    """The schemes that a body takes part in, among those the actor's body knows."""
    known = Scheme.objects.visible_to(actor)
    parts = SchemeBody.objects.filter(in_force(actor.on), organisation=organisation, scheme__in=known)
    return list(parts.select_related("scheme", "scheme__territory").order_by("scheme__name", "pk"))


def scheme_departments(scheme: Scheme) -> QuerySet[Department]:
    """The departments of the scheme's territory, all of them when it has none."""
    if scheme.territory is None:
        return Department.objects.all()
    return Department.objects.for_territory(scheme.territory)


def covered_departments(actor: Actor) -> list[Department]:
    """The departments that some facilitator body covers in the actor's schemes."""
    areas = FacilitatorArea.objects.filter(in_force(actor.on), scheme__in=Scheme.objects.visible_to(actor))
    return list(Department.objects.filter(pk__in=areas.values("department_id")))


def directory(actor: Actor) -> OrganisationQuerySet:
    """The bodies of the actor's schemes with their capacities, areas and municipality."""
    held = CapacityHeld.objects.filter(in_force(actor.on)).order_by("pk")
    areas = FacilitatorArea.objects.filter(in_force(actor.on)).select_related("department")
    return (
        Organisation.objects.visible_to(actor)
        .select_related("commune")
        .prefetch_related(
            Prefetch("capacities", queryset=held, to_attr="held"),
            Prefetch("areas", queryset=areas.order_by("department"), to_attr="covered"),
        )
        .order_by("search_name", "pk")
    )


def members(actor: Actor) -> QuerySet[Membership]:
    """Members in force, managers first, then by name."""
    everyone = Membership.objects.visible_to(actor).active(actor.on).select_related("user", "organisation")
    managers = Membership.objects.filter(pk=OuterRef("pk"), role=Role.MANAGER)
    return everyone.annotate(manages=Exists(managers)).order_by("-manages", "user__full_name", "pk")


def open_invitations(actor: Actor, at: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.visible_to(actor).open(at).select_related("invited_by")


@dataclass(frozen=True, slots=True)
class Participation:
    """A scheme as one of its bodies sees it; `part` is absent for a coordinator that only coordinates."""

    scheme: Scheme
    part: SchemeBody | None
    coordinates: bool


def participations(actor: Actor) -> list[Participation]:
    schemes = Scheme.objects.visible_to(actor).select_related("coordinator", "territory")
    parts = SchemeBody.objects.filter(in_force(actor.on), organisation_id=actor.organisation_id)
    by_scheme = {part.scheme_id: part for part in parts}
    return [
        Participation(scheme, by_scheme.get(scheme.pk), scheme.coordinator_id == actor.organisation_id)
        for scheme in schemes
    ]


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy of the scheme, with the value of the day; without value where the scheme must choose."""

    key: PolicyKey
    current: PolicyValue | None


def policy_rows(scheme: Scheme, keys: Sequence[PolicyKey], on: date) -> list[PolicyRow]:
    values = policies(scheme, on)
    return [PolicyRow(key, values.get(key)) for key in keys]


def policy_history(scheme: Scheme, key: str, actor: Actor) -> QuerySet[Policy]:
    """Every value chosen for the key, newest first, with who entered it."""
    return Policy.objects.visible_to(actor).filter(scheme=scheme, key=key).select_related("entered_by")


def trail(actor: Actor) -> QuerySet[AuditEntry]:
    """Own acts, acts on what the body owns, and for a coordinator the acts on things of its schemes."""
    body = actor.organisation_id
    readable = Q(organisation_id=body) | Q(owner_id=body) | Q(scope_id__in=kept_schemes(actor).values("pk"))
    return AuditEntry.objects.filter(readable)


@dataclass(frozen=True, slots=True)
class TrailLine:
    """A line of the trail in words. `person` is empty for acts of another body: only its name is told."""

    entry: AuditEntry
    act: str
    body: str
    person: str
    thing: str
    detail: str


def trail_lines(entries: Iterable[AuditEntry], actor: Actor) -> list[TrailLine]:
    """Name bodies and own people in two queries, whatever the number of lines."""
    lines = list(entries)
    bodies = dict(
        Organisation.objects.filter(pk__in={line.organisation_id for line in lines}).values_list("pk", "name")
    )
    own = {line.user_id for line in lines if line.user_id and line.organisation_id == actor.organisation_id}
    people = dict(User.objects.filter(pk__in=own).values_list("pk", "full_name"))
    return [
        TrailLine(
            line,
            act_label(line),
            bodies.get(line.organisation_id, "") if line.organisation_id else "",
            people.get(line.user_id, "") if line.user_id and line.user_id in own else "",
            subject_label(line),
            detail_label(line),
        )
        for line in lines
    ]


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invitations_for(token: str) -> QuerySet[Invitation]:
    """The invitation that a link opens, found by the hash of its token."""
    return Invitation.objects.select_related("organisation").filter(token_hash=token_hash(token))


def memberships_of(user: User, on: date) -> QuerySet[Membership]:
    """The bodies an account works for, by name."""
    return (
        Membership.objects.active(on)
        .filter(user=user)
        .select_related("organisation")
        .order_by("organisation__search_name", "pk")
    )


def demo_members(on: date) -> list[Membership]:
    """One membership per account of the demonstration, coordinator's people first."""
    coordinating = CapacityHeld.objects.filter(
        in_force(on), capacity=Capacity.COORDINATOR, organisation=OuterRef("organisation")
    )
    found: dict[int, Any] = {}
    rows = (
        Membership.objects.active(on)
        .filter(user__email__endswith=DEMO_DOMAIN)
        .select_related("user", "organisation")
        .annotate(coordinates=Exists(coordinating))
        .order_by("-coordinates", "pk")
    )
    for row in rows:
        found.setdefault(row.user_id, row)
    return list(found.values())
