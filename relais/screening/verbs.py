"""The words of the room's acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "screening.scheme.screened": _("Lots screened"),
    "screening.opportunity.saved": _("Numbers of an opportunity saved"),
    "screening.opportunity.restored": _("Former numbers of an opportunity restored"),
    "screening.opportunity.studied": _("Opportunity put under analysis"),
    "screening.opportunity.put_back": _("Opportunity taken out of analysis"),
    "screening.opportunity.planned": _("Next act of an opportunity planned"),
    "screening.opportunity.retained": _("Opportunity retained"),
    "screening.opportunity.rejected": _("Opportunity rejected"),
    "screening.opportunity.derogated": _("Derogation recorded"),
    "screening.opportunity.reopened": _("Decision taken back"),
    "screening.opportunity.moved": _("Step of an opportunity told"),
    "screening.register.exported": _("Register of the social duty exported"),
    "screening.opportunity.exported": _("Opportunities exported"),
    "screening.opinion.asked": _("Opinion asked"),
    "screening.opinion.answered": _("Opinion given"),
    "screening.opinion.reminded": _("Opinion reminded"),
    "screening.opinion.escalated": _("Late opinion told to the managers"),
    "screening.message.written": _("Message written on a sheet"),
    "screening.opinion.withdrawn": _("Request for an opinion withdrawn"),
    "screening.trade.dated": _("Figures of a trade changed"),
    "screening.rule.dated": _("Rule of the screening changed"),
    "procurement.procedure.named": _("Consultation named"),
    "procurement.procedure.valued": _("Value of a consultation changed"),
    "procurement.lot.typed": _("Lot announced"),
    "procurement.lot.edited": _("Lot corrected"),
}
