"""The words of the room's acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

from relais.organisations.enums import Capacity, PolicyKey, Role

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

PAGES = {
    "member-list": _("Members"),
    "member-invite": "organisations.invitation.sent",
    "member-role": "organisations.membership.role_changed",
    "member-end": "organisations.membership.ended",
    "invitation": "organisations.invitation.accepted",
    "invitation-withdraw": "organisations.invitation.withdrawn",
    "body-list": _("Bodies"),
    "body-add": "organisations.body.registered",
    "body-detail": _("File of a body"),
    "body-invite": "organisations.invitation.sent",
    "body-leave": "organisations.body.left",
    "capacity-grant": "organisations.capacity.granted",
    "areas-set": "organisations.areas.set",
    "scheme-list": _("Schemes"),
    "scheme-leave": "organisations.body.left",
    "purchases-share": "organisations.purchases.shared",
    "policy-list": _("Parameters"),
    "policy-detail": "organisations.policy.set",
    "audit-trail": _("Audit trail"),
    "audit-export": "organisations.trail.exported",
    "unknown address": _("Unknown address"),
}
DETAILS = {
    "organisations.body.registered": (Capacity,),
    "organisations.body.joined": (Capacity,),
    "organisations.capacity.granted": (Capacity,),
    "organisations.invitation.sent": (Role,),
    "organisations.invitation.accepted": (Role,),
    "organisations.membership.role_changed": (Role,),
    "organisations.membership.ended": (Role,),
    "organisations.policy.set": (PolicyKey,),
}
