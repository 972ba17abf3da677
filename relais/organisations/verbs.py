"""The words of the room's acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "organisations.scheme.founded": _("Scheme founded"),
    "organisations.body.registered": _("Body registered"),
    "organisations.body.joined": _("Body joined the scheme"),
    "organisations.body.left": _("Body left the scheme"),
    "organisations.capacity.granted": _("Capacity opened"),
    "organisations.invitation.sent": _("Invitation sent"),
    "organisations.invitation.withdrawn": _("Invitation withdrawn"),
    "organisations.invitation.accepted": _("Invitation accepted"),
    "organisations.membership.role_changed": _("Role changed"),
    "organisations.membership.ended": _("Membership ended"),
    "organisations.purchases.shared": _("Purchases to come shared"),
    "organisations.purchases.withheld": _("Purchases to come no longer shared"),
    "organisations.areas.set": _("Departments covered changed"),
    "organisations.policy.set": _("Parameter set"),
    "organisations.trail.exported": _("Audit trail exported"),
}
