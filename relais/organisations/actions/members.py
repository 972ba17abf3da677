"""Invitations, roles and memberships."""

import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from relais.core.verdict import Verdict
from relais.kit import audit
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.organisations import queries, rules
from relais.organisations.models import Invitation, Membership, Organisation, User

VALIDITY = timedelta(days=7)
TOKEN_BYTES = 32
EVE = timedelta(days=1)
"""A relation that ends holds until the evening before, so that a refusal is felt at the next request."""

Link = Callable[[str], str]
"""Builds the full address of an invitation from its token."""


def open_invitation(
    organisation: Organisation, email: str, role: str, *, invited_by: int | None, at: datetime
) -> tuple[Invitation, str]:
    """Write the invitation, older ones withdrawn; the token of its link is returned and kept nowhere."""
    address = email.strip().lower()
    Invitation.objects.filter(organisation=organisation, email=address).open(at).update(revoked_at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=address,
        role=role,
        token_hash=queries.token_hash(token),
        invited_by_id=invited_by,
        created_at=at,
        expires_at=at + VALIDITY,
    )
    return invitation, token


@transaction.atomic
def invite(
    organisation: Organisation, *, email: str, role: str, link: Link, actor: Actor, at: datetime
) -> tuple[Invitation, str]:
    """Invite an address to a body, by a link valid seven days; the invitation and its token are returned."""
    capacities = queries.capacities_of(organisation, actor.on)
    require(
        rules.can_invite(
            actor,
            organisation,
            role,
            capacities=capacities,
            coordinates=queries.coordinates_body(actor, organisation),
            has_members=queries.has_members(organisation, actor.on),
        )
    )
    require(rules.can_be_invited(is_member=is_member(organisation, email, actor.on)))
    invitation, token = open_invitation(organisation, email, role, invited_by=actor.user_id, at=at)
    audit.record(
        "organisations.invitation.sent", invitation, actor=actor, at=at, owner_id=organisation.pk, detail=role
    )
    transaction.on_commit(partial(send_invitation, invitation, link(token)), robust=True)
    return invitation, token


def is_member(organisation: Organisation, email: str, on: date) -> bool:
    return (
        Membership.objects.active(on)
        .filter(organisation=organisation, user__email=email.strip().lower())
        .exists()
    )


def send_invitation(invitation: Invitation, address: str) -> None:
    """Send the mail of an invitation; the link does nothing until its page is confirmed."""
    context = {"invitation": invitation, "organisation": invitation.organisation, "link": address}
    send_mail(
        _("Invitation to join %(organisation)s on Relais") % {"organisation": invitation.organisation.name},
        render_to_string("organisations/invitation_mail.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [invitation.email],
    )


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, actor: Actor, at: datetime) -> None:
    require(rules.can_withdraw_invitation(actor, invitation, at))
    if not Invitation.objects.filter(pk=invitation.pk).open(at).update(revoked_at=at):
        raise Stale(invitation)
    audit.record("organisations.invitation.withdrawn", invitation, actor=actor, at=at)


def acceptance(invitation: Invitation, user: User | None, *, on: date, at: datetime) -> Verdict:
    """Whether the account signed in (or a new one, when nobody is) may accept the invitation."""
    return rules.can_accept(
        invitation,
        at,
        user=user,
        has_account=User.objects.filter(email=invitation.email).exists(),
        is_member=is_member(invitation.organisation, invitation.email, on),
    )


def open_account(email: str, full_name: str, password: str, at: datetime) -> User:
    """A new account, its address known to work since a link sent there was opened."""
    user = User.objects.create_user(email, password, full_name=full_name.strip(), joined_at=at)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@transaction.atomic
def accept_invitation(
    invitation: Invitation,
    *,
    user: User | None,
    full_name: str = "",
    password: str = "",
    on: date,
    at: datetime,
) -> Membership:
    """Open the membership of an invitation, once: for the account signed in, or for a new one."""
    require(acceptance(invitation, user, on=on, at=at))
    if not Invitation.objects.filter(pk=invitation.pk).open(at).update(accepted_at=at):
        raise Stale(invitation)
    try:
        with transaction.atomic():
            joining = user or open_account(invitation.email, full_name, password, at)
            membership = Membership.objects.create(
                organisation=invitation.organisation, user=joining, role=invitation.role, starts_on=on
            )
    except IntegrityError:
        raise Stale(invitation) from None
    audit.record(
        "organisations.invitation.accepted",
        invitation,
        actor=Actor(joining.pk, invitation.organisation_id, invitation.role, on),
        at=at,
        detail=invitation.role,
    )
    return membership


def lock(organisation_id: int) -> None:
    """Serialise what counts the managers of a body (SQLite serialises every writer already)."""
    list(Organisation.objects.select_for_update().filter(pk=organisation_id).values_list("pk", flat=True))


@transaction.atomic
def change_role(membership: Membership, role: str, *, actor: Actor, at: datetime) -> None:
    lock(membership.organisation_id)
    capacities = queries.capacities_of(membership.organisation, actor.on)
    others = queries.other_managers(membership, actor.on)
    require(rules.can_change_role(actor, membership, role, capacities=capacities, other_managers=others))
    before = membership.role
    if not Membership.objects.active(actor.on).filter(pk=membership.pk, role=before).update(role=role):
        raise Stale(membership)
    membership.refresh_from_db()
    audit.record(
        "organisations.membership.role_changed",
        membership,
        actor=actor,
        at=at,
        detail=f"before={before} after={role}",
    )


@transaction.atomic
def end_membership(membership: Membership, *, actor: Actor, at: datetime) -> None:
    """End a membership at once: the person is refused at the next request."""
    lock(membership.organisation_id)
    others = queries.other_managers(membership, actor.on)
    require(rules.can_end_membership(actor, membership, other_managers=others))
    if not Membership.objects.active(actor.on).filter(pk=membership.pk).update(ends_on=actor.on - EVE):
        raise Stale(membership)
    membership.refresh_from_db()
    audit.record("organisations.membership.ended", membership, actor=actor, at=at, detail=membership.role)
