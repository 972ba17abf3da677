"""Closed lists of the rules of owing; those of `core.owing`, with their labels."""

from django.db import models
from django.utils.translation import pgettext_lazy

from relais.core.owing import Basis as CoreBasis
from relais.core.owing import RuleKind as CoreRuleKind


class RuleKind(models.TextChoices):
    FIXED = CoreRuleKind.FIXED.value, pgettext_lazy("rule", "Fixed hours")
    LABOUR_SHARE = CoreRuleKind.LABOUR_SHARE.value, pgettext_lazy("rule", "Share of the labour")
    PER_AMOUNT = CoreRuleKind.PER_AMOUNT.value, pgettext_lazy("rule", "One hour per amount in euros")
    SHARE_OF_HOURS = CoreRuleKind.SHARE_OF_HOURS.value, pgettext_lazy("rule", "Share of the hours worked")


class Basis(models.TextChoices):
    CONTRACT = CoreBasis.CONTRACT.value, pgettext_lazy("basis", "The contract as signed")
    ORDER = CoreBasis.ORDER.value, pgettext_lazy("basis", "Orders")
    INVOICE = CoreBasis.INVOICE.value, pgettext_lazy("basis", "Invoices")
    WORKED = CoreBasis.WORKED.value, pgettext_lazy("basis", "Hours worked on the contract")


class CallKind(models.TextChoices):
    """What a rule by amount is counted on."""

    ORDER = CoreBasis.ORDER.value, pgettext_lazy("call", "Order")
    INVOICE = CoreBasis.INVOICE.value, pgettext_lazy("call", "Invoice")


class OptionKind(models.TextChoices):
    """What the buyer may decide later, as the contract says it."""

    TRANCHE = "TRANCHE", pgettext_lazy("option", "Optional tranche")
    RENEWAL = "RENEWAL", pgettext_lazy("option", "Renewal")


class OptionState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("option", "To be decided")
    TAKEN = "taken", pgettext_lazy("option", "Taken up")
    LEFT = "left", pgettext_lazy("option", "Left aside")

    @property
    def tone(self) -> str:
        return {"planned": "wait", "taken": "good", "left": "neutral"}[self.value]


class ProposalState(models.TextChoices):
    """Where a proposed amendment stands."""

    OPEN = "open", pgettext_lazy("amendment", "Waiting for the other side")
    ACCEPTED = "accepted", pgettext_lazy("amendment", "Accepted")
    REFUSED = "refused", pgettext_lazy("amendment", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("amendment", "Withdrawn")

    @property
    def tone(self) -> str:
        return {"open": "wait", "accepted": "good", "refused": "bad", "withdrawn": "neutral"}[self.value]


class Liability(models.TextChoices):
    """Who answers for the hours of whom, among the companies of a contract."""

    SEVERAL = "several", pgettext_lazy("liability", "Each company for its own part")
    LEAD_JOINT = "lead_joint", pgettext_lazy("liability", "Each for its own part, the lead for all")
    JOINT = "joint", pgettext_lazy("liability", "Each company for the whole")
