"""Schemes, their bodies, what each can do, and the dated choices of the scheme."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from relais.kit import audit
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.organisations import queries, rules
from relais.organisations.actions.members import EVE, Link, invite, open_invitation
from relais.organisations.enums import Capacity, Role
from relais.organisations.identifiers import free_slug, normal_siret
from relais.organisations.models import (
    CapacityHeld,
    FacilitatorArea,
    Invitation,
    Organisation,
    Policy,
    Scheme,
    SchemeBody,
    in_force,
)
from relais.territories.models import Department, Territory


@dataclass(frozen=True, slots=True)
class Founded:
    """A new scheme, its coordinator, and the invitation of its first manager with the token of its link."""

    scheme: Scheme
    coordinator: Organisation
    invitation: Invitation
    token: str


def body_slug(name: str) -> str:
    return free_slug(name, set(Organisation.objects.values_list("slug", flat=True)))


def known_or_new(
    name: str, siret: str, at: datetime, *, buyer_nature: str = "", structure_kind: str = ""
) -> tuple[Organisation, bool]:
    """The body that bears this SIRET, or a new one; raises `BadValue` for a SIRET that cannot be."""
    number = normal_siret(siret) if siret.strip() else ""
    known = Organisation.objects.filter(siret=number).first() if number else None
    if known is not None:
        return known, False
    body = Organisation.objects.create(
        slug=body_slug(name),
        name=name.strip(),
        siret=number,
        buyer_nature=buyer_nature,
        structure_kind=structure_kind,
        created_at=at,
    )
    return body, True


def give_capacities(organisation: Organisation, capacities: Collection[str], on: date) -> None:
    """Open the capacities the body does not hold yet."""
    held = queries.capacities_of(organisation, on)
    CapacityHeld.objects.bulk_create(
        CapacityHeld(organisation=organisation, capacity=capacity, starts_on=on)
        for capacity in Capacity
        if capacity in capacities and capacity not in held
    )


@transaction.atomic
def found_scheme(
    *,
    name: str,
    slug: str,
    coordinator_name: str,
    siret: str,
    manager_email: str,
    territory: Territory | None,
    on: date,
    at: datetime,
    buyer_nature: str = "",
    starts_on: date | None = None,
) -> Founded:
    """Open a scheme and its coordinator (also a buyer), and invite its first manager.

    Done by the administrator of the machine, hence without actor. `starts_on` dates the relations of a
    scheme older than the software; `on` otherwise.
    """
    coordinator, _ = known_or_new(coordinator_name, siret, at, buyer_nature=buyer_nature)
    since = starts_on or on
    give_capacities(coordinator, (Capacity.COORDINATOR, Capacity.BUYER), since)
    scheme = Scheme.objects.create(
        slug=slug, name=name.strip(), coordinator=coordinator, territory=territory, created_at=at
    )
    SchemeBody.objects.create(scheme=scheme, organisation=coordinator, shares_purchases=True, starts_on=since)
    invitation, token = open_invitation(coordinator, manager_email, Role.MANAGER, invited_by=None, at=at)
    audit.record(
        "organisations.scheme.founded", scheme, actor=None, at=at, owner_id=coordinator.pk, scope_id=scheme.pk
    )
    return Founded(scheme, coordinator, invitation, token)


@transaction.atomic
def register_body(
    scheme: Scheme,
    *,
    name: str,
    siret: str,
    capacities: Collection[str],
    actor: Actor,
    at: datetime,
    buyer_nature: str = "",
    structure_kind: str = "",
    starts_on: date | None = None,
    manager_email: str = "",
    link: Link | None = None,
) -> Organisation:
    """Add a body to the scheme. One already known by its SIRET is not created twice: it joins as it is.

    `starts_on` dates a part taken before the body was registered here. With an address, its first manager is
    invited in the same move; `link` writes the address of the invitation.
    """
    require(rules.can_keep_scheme(actor, scheme))
    require(rules.can_open_capacities(capacities))
    organisation, is_new = known_or_new(
        name, siret, at, buyer_nature=buyer_nature, structure_kind=structure_kind
    )
    since = starts_on or actor.on
    if is_new or not queries.has_members(organisation, actor.on):
        give_capacities(organisation, capacities, since)
    audit.record(
        "organisations.body.registered",
        organisation,
        actor=actor,
        at=at,
        owner_id=organisation.pk,
        scope_id=scheme.pk,
        detail=",".join(sorted(capacities)),
    )
    join_scheme(scheme, organisation, actor=actor, at=at, starts_on=since)
    if manager_email and link is not None:
        invite(organisation, email=manager_email, role=Role.MANAGER, link=link, actor=actor, at=at)
    return organisation


@transaction.atomic
def join_scheme(
    scheme: Scheme, organisation: Organisation, *, actor: Actor, at: datetime, starts_on: date | None = None
) -> SchemeBody:
    """Make a body take part in a scheme, again if it had left."""
    require(rules.can_keep_scheme(actor, scheme))
    require(rules.can_join(takes_part=queries.takes_part(scheme, organisation, actor.on)))
    part, _ = SchemeBody.objects.update_or_create(
        scheme=scheme,
        organisation=organisation,
        defaults={"starts_on": starts_on or actor.on, "ends_on": None, "shares_purchases": False},
    )
    audit.record(
        "organisations.body.joined", part, actor=actor, at=at, owner_id=organisation.pk, scope_id=scheme.pk
    )
    return part


@transaction.atomic
def leave_scheme(scheme: Scheme, organisation: Organisation, *, actor: Actor, at: datetime) -> None:
    """End the part of a body at once; its past stays."""
    require(rules.can_leave_scheme(actor, scheme, organisation))
    part = SchemeBody.objects.filter(in_force(actor.on), scheme=scheme, organisation=organisation)
    if not part.update(ends_on=actor.on - EVE, shares_purchases=False):
        raise Stale(organisation)
    areas = FacilitatorArea.objects.filter(in_force(actor.on), scheme=scheme, organisation=organisation)
    areas.update(ends_on=actor.on - EVE)
    audit.record(
        "organisations.body.left",
        organisation,
        actor=actor,
        at=at,
        owner_id=organisation.pk,
        scope_id=scheme.pk,
    )


@transaction.atomic
def grant_capacity(
    scheme: Scheme, organisation: Organisation, capacity: str, *, actor: Actor, at: datetime
) -> CapacityHeld:
    """Open one more capacity to a body of the scheme."""
    require(
        rules.can_grant_capacity(
            actor,
            scheme,
            capacity,
            takes_part=queries.takes_part(scheme, organisation, actor.on),
            holds_it=capacity in queries.capacities_of(organisation, actor.on),
        )
    )
    try:
        with transaction.atomic():
            held = CapacityHeld.objects.create(
                organisation=organisation, capacity=capacity, starts_on=actor.on
            )
    except IntegrityError:
        raise Stale(organisation) from None
    audit.record(
        "organisations.capacity.granted",
        organisation,
        actor=actor,
        at=at,
        owner_id=organisation.pk,
        scope_id=scheme.pk,
        detail=capacity,
    )
    return held


@transaction.atomic
def share_purchases(part: SchemeBody, shares: bool, *, actor: Actor, at: datetime) -> None:
    """Open or close a buyer's purchases to come to the coordinator of the scheme."""
    capacities = queries.capacities_of(part.organisation, actor.on)
    require(rules.can_share_purchases(actor, part.organisation, capacities))
    current = SchemeBody.objects.filter(in_force(actor.on), pk=part.pk, shares_purchases=not shares)
    if not current.update(shares_purchases=shares):
        raise Stale(part)
    part.refresh_from_db()
    verb = "organisations.purchases.shared" if shares else "organisations.purchases.withheld"
    audit.record(verb, part, actor=actor, at=at, scope_id=part.scheme_id)


@transaction.atomic
def set_areas(
    scheme: Scheme,
    organisation: Organisation,
    departments: Collection[Department],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Say which departments a facilitator body covers from today; the past stays as it was."""
    require(
        rules.can_set_areas(
            actor,
            scheme,
            queries.capacities_of(organisation, actor.on),
            takes_part=queries.takes_part(scheme, organisation, actor.on),
        )
    )
    covered = FacilitatorArea.objects.filter(in_force(actor.on), scheme=scheme, organisation=organisation)
    before = set(covered.values_list("department_id", flat=True))
    wanted = {department.pk for department in departments}
    covered.exclude(department_id__in=wanted).update(ends_on=actor.on - EVE)
    FacilitatorArea.objects.bulk_create(
        FacilitatorArea(scheme=scheme, organisation=organisation, department_id=code, starts_on=actor.on)
        for code in sorted(wanted - before)
    )
    audit.record(
        "organisations.areas.set",
        organisation,
        actor=actor,
        at=at,
        owner_id=organisation.pk,
        scope_id=scheme.pk,
        detail=",".join(sorted(wanted)),
    )


@transaction.atomic
def set_policy(
    scheme: Scheme,
    key: str,
    value: Decimal,
    *,
    starts_on: date,
    source: str,
    verified: bool,
    actor: Actor,
    at: datetime,
) -> Policy:
    """Add a dated value with its source. Earlier values are never edited: they hold until this one."""
    require(rules.can_set_policy(actor, scheme, key, value))
    require(rules.has_source(source))
    chosen = Policy.objects.create(
        scheme=scheme,
        key=key,
        value=value,
        starts_on=starts_on,
        source=source.strip(),
        verified=verified,
        entered_by_id=actor.user_id,
        entered_at=at,
    )
    audit.record(
        "organisations.policy.set",
        chosen,
        actor=actor,
        at=at,
        scope_id=scheme.pk,
        detail=f"{key} value={value:f} from={starts_on.isoformat()}",
    )
    return chosen
