"""The words of the room's acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

from relais.core.duty import DerogationCase
from relais.core.regime import Modality
from relais.kit.trail import fields_of
from relais.procurement.models import Lot
from relais.screening.enums import OpinionAnswer, OpportunityState, RejectionCase, RuleCode

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
    "screening.file.added": _("File put on a sheet"),
    "screening.file.withdrawn": _("File of a sheet withdrawn"),
    "screening.file.downloaded": _("File of a sheet downloaded"),
    "screening.opinion.withdrawn": _("Request for an opinion withdrawn"),
    "screening.trade.dated": _("Figures of a trade changed"),
    "screening.derogation.dated": _("Derogation case worded anew"),
    "screening.rule.dated": _("Rule of the screening changed"),
    "procurement.procedure.named": _("Consultation named"),
    "procurement.procedure.valued": _("Value of a consultation changed"),
    "procurement.lot.typed": _("Lot announced"),
    "procurement.lot.edited": _("Lot corrected"),
}

PAGES = {
    "opportunity-list": _("List of opportunities"),
    "opportunity-export": "screening.opportunity.exported",
    "opportunity-batch": _("Act on several opportunities"),
    "opportunity-detail": _("Sheet of an opportunity"),
    "opportunity-print": _("Sheet of an opportunity"),
    "opportunity-save": "screening.opportunity.saved",
    "opportunity-back": "screening.opportunity.restored",
    "opportunity-restore": "screening.opportunity.restored",
    "opportunity-plan": "screening.opportunity.planned",
    "opportunity-move": "screening.opportunity.moved",
    "opportunity-decide": _("Decision on an opportunity"),
    "opportunity-reopen": "screening.opportunity.reopened",
    "hours-to-come": _("Hours to come"),
    "duty-register": _("Register of the social duty"),
    "duty-register-print": _("Register of the social duty"),
    "duty-register-export": "screening.register.exported",
    "lot-create": "procurement.lot.typed",
    "lot-edit": "procurement.lot.edited",
    "opinion-list": _("Opinions to give"),
    "opinion-ask": "screening.opinion.asked",
    "opinion-answer": "screening.opinion.answered",
    "opinion-remind": "screening.opinion.reminded",
    "message-write": "screening.message.written",
    "sheet-file": "screening.file.downloaded",
    "sheet-file-add": "screening.file.added",
    "sheet-file-withdraw": "screening.file.withdrawn",
    "modality-guide": _("Guide to the modalities"),
    "trade-list": _("Figures of the trades"),
    "trade-detail": "screening.trade.dated",
    "derogation-list": _("Derogation cases"),
    "derogation-detail": "screening.derogation.dated",
    "rule-list": _("Rules of the screening"),
    "rule-detail": "screening.rule.dated",
    "screen-again": "screening.scheme.screened",
}
DETAILS = {
    "screening.opportunity.retained": ({one.value: one.words for one in Modality},),
    "screening.opportunity.rejected": (RejectionCase,),
    "screening.opportunity.derogated": ({case.value: case.words for case in DerogationCase},),
    "screening.opportunity.moved": (OpportunityState,),
    "screening.opinion.answered": (OpinionAnswer,),
    "screening.derogation.dated": ({case.value: case.words for case in DerogationCase},),
    "screening.rule.dated": (RuleCode,),
    "procurement.lot.edited": (fields_of(Lot),),
}
KEYS = {"saved": _("calculation")}
