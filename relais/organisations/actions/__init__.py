"""What people do in the room, one function per verb."""

from relais.organisations.actions.members import (
    Link,
    accept_invitation,
    acceptance,
    change_role,
    end_membership,
    invite,
    is_member,
    withdraw_invitation,
)
from relais.organisations.actions.schemes import (
    Founded,
    found_scheme,
    grant_capacity,
    join_scheme,
    leave_scheme,
    register_body,
    set_areas,
    set_policy,
    share_purchases,
)

__all__ = [
    "Founded",
    "Link",
    "accept_invitation",
    "acceptance",
    "change_role",
    "end_membership",
    "found_scheme",
    "grant_capacity",
    "invite",
    "is_member",
    "join_scheme",
    "leave_scheme",
    "register_body",
    "set_areas",
    "set_policy",
    "share_purchases",
    "withdraw_invitation",
]
