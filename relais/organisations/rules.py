"""Who may do what to bodies, members and schemes; every refusal says why."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

from relais.core.verdict import YES, Verdict, no
from relais.core.words import gettext_noop
from relais.kit.actor import Actor
from relais.organisations.enums import Capacity, PolicyKey, Role
from relais.organisations.models import Invitation, Membership, Organisation, Scheme, User

SCHEME_ROLES = frozenset({Role.MANAGER, Role.OFFICER})
"""Roles of the coordinator that keep the scheme: its bodies, its areas, its policies."""

CAPACITIES_OF_ROLE: Mapping[str, frozenset[Capacity]] = {
    Role.PROJECT_LEAD: frozenset({Capacity.BUYER}),
    Role.PURCHASER: frozenset({Capacity.BUYER}),
    Role.ELECTED: frozenset({Capacity.BUYER, Capacity.COORDINATOR}),
}
"""Roles that only exist in some bodies; the others exist everywhere."""

ONLY_MANAGER = gettext_noop("Only the manager of this organisation decides who its members are.")
ONLY_COORDINATOR = gettext_noop("Only the coordinator of the scheme does this, by its manager or an officer.")
ONLY_ADMINISTRATOR = gettext_noop(
    "A coordinator is opened by the administrator of the platform, with its own scheme."
)

BINDING = frozenset(
    {
        PolicyKey.ROUNDING,
        PolicyKey.MONTHLY_LIMIT,
        PolicyKey.DAILY_LIMIT,
        PolicyKey.TRAINING_SHARE,
        PolicyKey.DECLARATION_DAY,
        PolicyKey.UNIT_PENALTY,
        PolicyKey.KICKOFF_DAYS,
        PolicyKey.NOTICE_LEAST,
        PolicyKey.NOTICE_MOST,
        PolicyKey.BREACH_SHARE,
    }
)
"""The policies that bind a company: all that it reads."""

SHARES = frozenset(
    {
        *(PolicyKey.EFFORT, PolicyKey.LABOUR_SHARE, PolicyKey.TRAINING_SHARE, PolicyKey.OFFER_DEPENDENCY),
        *(PolicyKey.ALERT_BEHIND_FROM, PolicyKey.ALERT_BEHIND_SHARE, PolicyKey.ALERT_FAILING_FROM),
        *(PolicyKey.ALERT_FAILING_LEFT, PolicyKey.ALERT_SURPLUS, PolicyKey.BREACH_SHARE),
    }
)
ROUNDINGS = frozenset({Decimal(1), Decimal(5), Decimal(10), Decimal(35)})
LAST_DECLARATION_DAY = 28
DAYS_OF_MONTH = frozenset({PolicyKey.DECLARATION_DAY, PolicyKey.ALERT_SILENT_DAY})


def can_manage_members(actor: Actor, organisation: Organisation) -> Verdict:
    if actor.organisation_id != organisation.pk or actor.role != Role.MANAGER:
        return no(ONLY_MANAGER)
    return YES


def grantable_roles(capacities: Collection[str]) -> tuple[Role, ...]:
    """The roles that a manager of a body with these capacities holds, hence may grant."""
    return tuple(
        role for role in Role if role not in CAPACITIES_OF_ROLE or CAPACITIES_OF_ROLE[role] & set(capacities)
    )


def can_grant_role(
    actor: Actor, organisation: Organisation, role: str, capacities: Collection[str]
) -> Verdict:
    """A manager grants the rights of its own body, never one that the body lacks."""
    allowed = can_manage_members(actor, organisation)
    if not allowed:
        return allowed
    return role_exists(role, capacities)


def role_exists(role: str, capacities: Collection[str]) -> Verdict:
    if role not in grantable_roles(capacities):
        return no(
            gettext_noop(
                "The role “%(role)s” does not exist in a body of this kind: "
                "nobody can grant a right the body lacks."
            ),
            role=Role(role).label if role in Role.values else role,
        )
    return YES


def can_invite(
    actor: Actor,
    organisation: Organisation,
    role: str,
    *,
    capacities: Collection[str],
    coordinates: bool,
    has_members: bool,
) -> Verdict:
    """The manager invites to his own body; the coordinator invites the first manager of a body of its scheme.

    `coordinates`: the actor's body coordinates a scheme the body takes part in.
    """
    if actor.organisation_id == organisation.pk:
        return can_grant_role(actor, organisation, role, capacities)
    if not coordinates or actor.role not in SCHEME_ROLES:
        return no(ONLY_MANAGER)
    if Capacity.COORDINATOR in capacities:
        return no(gettext_noop("The people of another coordinator are invited by its own manager."))
    if has_members:
        return no(gettext_noop("This body already has members: its manager invites the next ones."))
    if role != Role.MANAGER:
        return no(gettext_noop("The first person invited to a body is its manager."))
    return YES


def can_be_invited(*, is_member: bool) -> Verdict:
    if is_member:
        return no(gettext_noop("This person is already a member of this organisation."))
    return YES


def can_withdraw_invitation(actor: Actor, invitation: Invitation, at: datetime) -> Verdict:
    if actor.organisation_id != invitation.organisation_id or actor.role != Role.MANAGER:
        return no(ONLY_MANAGER)
    return is_open(invitation, at)


def is_open(invitation: Invitation, at: datetime) -> Verdict:
    """Why an invitation can no longer be used, if so."""
    if invitation.accepted_at is not None:
        return no(gettext_noop("This invitation has already been used. Sign in with the account it opened."))
    if invitation.revoked_at is not None:
        return no(gettext_noop("This invitation was withdrawn. Ask the person who sent it for another."))
    if invitation.expires_at <= at:
        return no(gettext_noop("This invitation has expired. Ask the person who sent it for another."))
    return YES


def can_accept(
    invitation: Invitation, at: datetime, *, user: User | None, has_account: bool, is_member: bool
) -> Verdict:
    """An invitation is for one address: a signed-in account of another address cannot take it.

    `user` is the account that is signed in, `has_account` tells whether the invited address has one.
    """
    open_verdict = is_open(invitation, at)
    if not open_verdict:
        return open_verdict
    if user is not None and user.email != invitation.email:
        return no(
            gettext_noop("This invitation is for %(address)s. Sign out, then open the link again."),
            address=invitation.email,
        )
    if user is None and has_account:
        return no(
            gettext_noop(
                "The address %(address)s already has an account. Sign in, then open the link again."
            ),
            address=invitation.email,
        )
    if is_member:
        return no(gettext_noop("This account is already a member of this organisation."))
    return YES


def can_change_role(
    actor: Actor,
    membership: Membership,
    role: str,
    *,
    capacities: Collection[str],
    other_managers: int,
) -> Verdict:
    """`other_managers`: managers in force beside this member."""
    allowed = can_grant_role(actor, membership.organisation, role, capacities)
    if not allowed:
        return allowed
    if membership.role == Role.MANAGER and role != Role.MANAGER and not other_managers:
        return no(gettext_noop("An organisation keeps one manager at least: name another one first."))
    return YES


def can_end_membership(actor: Actor, membership: Membership, *, other_managers: int) -> Verdict:
    if actor.organisation_id != membership.organisation_id or actor.role != Role.MANAGER:
        return no(ONLY_MANAGER)
    if membership.role == Role.MANAGER and not other_managers:
        return no(gettext_noop("The last manager cannot leave: name another one first."))
    return YES


def can_keep_scheme(actor: Actor, scheme: Scheme) -> Verdict:
    """Whether the actor registers bodies, draws areas and sets policies in this scheme."""
    if actor.organisation_id != scheme.coordinator_id or actor.role not in SCHEME_ROLES:
        return no(ONLY_COORDINATOR)
    return YES


def can_open_capacities(capacities: Collection[str]) -> Verdict:
    """What a coordinator may open to a body that it registers."""
    if not capacities:
        return no(gettext_noop("Say what the body does: one capacity at least."))
    if Capacity.COORDINATOR in capacities:
        return no(ONLY_ADMINISTRATOR)
    return YES


def can_join(*, takes_part: bool) -> Verdict:
    if takes_part:
        return no(gettext_noop("This body already takes part in the scheme."))
    return YES


def can_grant_capacity(
    actor: Actor, scheme: Scheme, capacity: str, *, takes_part: bool, holds_it: bool
) -> Verdict:
    allowed = can_keep_scheme(actor, scheme)
    if not allowed:
        return allowed
    if not takes_part:
        return no(gettext_noop("This body does not take part in the scheme: add it first."))
    if capacity == Capacity.COORDINATOR:
        return no(ONLY_ADMINISTRATOR)
    if holds_it:
        return no(gettext_noop("The body already has this capacity."))
    return YES


def can_leave_scheme(actor: Actor, scheme: Scheme, organisation: Organisation) -> Verdict:
    """The coordinator ends the part of a body, a body leaves by its manager, the coordinator itself stays."""
    if organisation.pk == scheme.coordinator_id:
        return no(gettext_noop("The coordinator cannot leave its own scheme."))
    if actor.organisation_id == organisation.pk and actor.role == Role.MANAGER:
        return YES
    return can_keep_scheme(actor, scheme)


def can_share_purchases(actor: Actor, organisation: Organisation, capacities: Collection[str]) -> Verdict:
    if actor.organisation_id != organisation.pk or actor.role != Role.MANAGER:
        return no(gettext_noop("Only the manager of the buyer decides to share its purchases to come."))
    if Capacity.BUYER not in capacities:
        return no(gettext_noop("Only a buyer has purchases to share."))
    return YES


def can_set_areas(actor: Actor, scheme: Scheme, capacities: Collection[str], *, takes_part: bool) -> Verdict:
    allowed = can_keep_scheme(actor, scheme)
    if not allowed:
        return allowed
    if not takes_part:
        return no(gettext_noop("This body does not take part in the scheme: add it first."))
    if Capacity.FACILITATOR not in capacities:
        return no(gettext_noop("Only a facilitator body covers departments."))
    return YES


def policy_value_verdict(key: str, value: Decimal) -> Verdict:
    """Whether the value is possible for this policy, whoever sets it."""
    if not value.is_finite() or value < 0:
        return no(gettext_noop("The value cannot be negative."))
    if key in SHARES and value > 1:
        return no(gettext_noop("A share goes from 0 to 1: write 0.05 for 5%."))
    if key == PolicyKey.ROUNDING and value not in ROUNDINGS:
        return no(gettext_noop("Hours are rounded to 1, 5, 10 or 35."))
    if key in DAYS_OF_MONTH and (value != int(value) or not 1 <= value <= LAST_DECLARATION_DAY):
        return no(gettext_noop("Give a day that every month has: 1 to 28."))
    if key in (PolicyKey.HOURLY_COST, PolicyKey.FTE_DIVISOR) and value == 0:
        return no(gettext_noop("This value divides others: it cannot be zero."))
    return YES


def has_source(source: str) -> Verdict:
    if not source.strip():
        return no(gettext_noop("A value needs its source: the vote, the guide or the text it comes from."))
    return YES


def can_set_policy(actor: Actor, scheme: Scheme, key: str, value: Decimal) -> Verdict:
    allowed = can_keep_scheme(actor, scheme)
    return policy_value_verdict(key, value) if allowed else allowed


def readable_policies(capacities: Collection[str]) -> tuple[PolicyKey, ...]:
    """A company reads the policies that bind it; every other body of the scheme reads them all."""
    if set(capacities) <= {Capacity.COMPANY}:
        return tuple(key for key in PolicyKey if key in BINDING)
    return tuple(PolicyKey)
