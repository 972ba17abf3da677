"""Closed lists of the room."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Sector(models.TextChoices):
    """Families of trades, to see whether clauses reach beyond construction."""

    BUILDING = "building", _("Building")
    CIVIL_WORKS = "civil_works", _("Civil works")
    GREEN = "green", _("Green spaces")
    CLEANING = "cleaning", _("Cleaning and laundry")
    WASTE = "waste", _("Waste and reuse")
    SECURITY = "security", _("Security and reception")
    CATERING = "catering", _("Catering")
    TRANSPORT = "transport", _("Transport of people")
    LOGISTICS = "logistics", _("Removals and logistics")
    PRINTING = "printing", _("Printing and packing")
    MAINTENANCE = "maintenance", _("Maintenance")
    DIGITAL = "digital", _("Digital")
    INTELLECTUAL = "intellectual", _("Studies and advice")
    TRAINING = "training", _("Training")
    SOCIAL = "social", _("Social and leisure services")
    FINANCE = "finance", _("Insurance and finance")
    SUPPLIES = "supplies", _("Supplies")


class RuleCode(models.TextChoices):
    """The tests of a screening."""

    LABOUR_SHARE = "labour_share", _("Labour share")
    OPENNESS = "openness", _("Posts open to low qualification")
    HOURS = "hours", _("Hours that can be asked")
    DURATION = "duration", _("Duration of performance")
    AMOUNT_WORKS = "amount_works", _("Amount of a works lot")
    AMOUNT_OTHER = "amount_other", _("Amount of another lot")
    PLACE = "place", _("Place of performance")
    OFFER = "offer", _("Insertion offer around")
    LOW_LABOUR = "low_labour", _("Ceiling when there is little labour")
    FEW_HOURS = "few_hours", _("Ceiling when there are few hours")
    SHORT = "short", _("Ceiling when performance is short")
    CLOSED_POSTS = "closed_posts", _("Ceiling when few posts are open")
    URGENT = "urgent", _("Urgent performance")
    INSERTION_OBJECT = "insertion_object", _("Insertion is the object")
    RESERVED_OBJECT = "reserved_object", _("The lot is reserved")
    MIXED_HOURS = "mixed_hours", _("Condition and criterion together")
    CRITERION_OPENNESS = "criterion_openness", _("Criterion rather than hours")


class RuleUnit(models.TextChoices):
    SHARE = "share", "%"
    HOURS = "hours", "h"
    MONTHS = "months", _("months")
    EUROS = "euros", "€"
    COUNT = "count", _("structures")
    NONE = "none", ""


class OpportunityState(models.TextChoices):
    """The life of an opportunity, from the screening to the award."""

    DETECTED = "DETECTED", pgettext_lazy("opportunity", "Detected")
    UNDER_ANALYSIS = "UNDER_ANALYSIS", pgettext_lazy("opportunity", "Under analysis")
    RETAINED = "RETAINED", pgettext_lazy("opportunity", "Retained")
    REJECTED = "REJECTED", pgettext_lazy("opportunity", "Rejected")
    DEROGATED = "DEROGATED", pgettext_lazy("opportunity", "Derogation")
    DRAFTED = "DRAFTED", pgettext_lazy("opportunity", "Clause drafted")
    LAUNCHED = "LAUNCHED", pgettext_lazy("opportunity", "Launched")
    AWARDED = "AWARDED", pgettext_lazy("opportunity", "Awarded")
    UNSUCCESSFUL = "UNSUCCESSFUL", pgettext_lazy("opportunity", "Unsuccessful")

    @property
    def tone(self) -> str:
        return TONES[self]


TONES = {
    OpportunityState.DETECTED: "neutral",
    OpportunityState.UNDER_ANALYSIS: "wait",
    OpportunityState.RETAINED: "good",
    OpportunityState.REJECTED: "neutral",
    OpportunityState.DEROGATED: "warn",
    OpportunityState.DRAFTED: "info",
    OpportunityState.LAUNCHED: "info",
    OpportunityState.AWARDED: "done",
    OpportunityState.UNSUCCESSFUL: "bad",
}

OPEN_STATES = (OpportunityState.DETECTED, OpportunityState.UNDER_ANALYSIS)
"""States in which numbers may still change and a decision is awaited."""

DECIDED_STATES = (OpportunityState.RETAINED, OpportunityState.REJECTED, OpportunityState.DEROGATED)


class RejectionCase(models.TextChoices):
    """Why a lot is left without a clause: counted by the committee."""

    LITTLE_LABOUR = "little_labour", _("Too little labour")
    FEW_HOURS = "few_hours", _("Too few hours")
    SHORT = "short", _("Too short or too urgent")
    NO_POSTS = "no_posts", _("No post open to low qualification")
    NO_SUPPLY = "no_supply", _("No candidate or structure on the territory")
    NO_LINK = "no_link", _("No link with the subject-matter")
    AWARDED = "awarded", _("Already awarded")
    OTHER = "other", _("Another reason")


class OpinionAnswer(models.TextChoices):
    FAVOURABLE = "favourable", _("Favourable")
    RESERVED = "reserved", _("Favourable with reserves")
    UNFAVOURABLE = "unfavourable", _("Unfavourable")
