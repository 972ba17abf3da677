"""Closed lists of the room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LotNature(models.TextChoices):
    WORKS = "works", _("Works")
    SUPPLIES = "supplies", _("Supplies")
    SERVICES = "services", _("Services")


class ContractKind(models.TextChoices):
    CONTRACT = "contract", _("Contract")
    CONCESSION = "concession", _("Concession")


class PlaceType(models.TextChoices):
    """A code of place is never kept without its type."""

    POST_CODE = "post_code", _("Post code")
    COMMUNE = "commune", _("Municipality")
    ARRONDISSEMENT = "arrondissement", _("District")
    CANTON = "canton", _("Canton")
    DEPARTMENT = "department", _("Department")
    REGION = "region", _("Region")
    COUNTRY = "country", _("Country")
    UNKNOWN = "", _("Unknown")


class Origin(models.TextChoices):
    """Where a lot or a contract comes from."""

    IMPORTED = "imported", _("Imported")
    TYPED = "typed", _("Typed in")
    PLANNED = "planned", _("Purchase plan")


class NoticeForm(models.TextChoices):
    """What a notice is for."""

    CALL = "call", _("Call for competition")
    PRIOR_INFORMATION = "prior", _("Prior information")
    AWARD = "award", _("Award")
    MODIFICATION = "modification", _("Modification")
    OTHER = "other", _("Other notice")


class Social(models.TextChoices):
    """Social considerations as the format of 2022 publishes them."""

    CLAUSE = "CLAUSE", _("Social clause")
    CRITERION = "CRITERION", _("Social criterion")
    RESERVED = "RESERVED", _("Reserved contract")


class SameGround(models.TextChoices):
    """Why a contract seems to be what a lot of a call became, the surest first."""

    NOTICE = "notice", _("The award notice of the same reference names this contract")
    REFERENCE = "reference", _("The contract bears the reference of the call")
    OBJECT = "object", _("Same object, and no other lot number")


class SameState(models.TextChoices):
    PROPOSED = "proposed", _("To settle")
    MERGED = "merged", _("Same lot")
    REFUSED = "refused", _("Two purchases")

    @property
    def tone(self) -> str:
        return {"proposed": "wait", "merged": "good", "refused": "neutral"}[self.value]


class LineEntry(models.TextChoices):
    """How a lot came into a plan: only those that a file holds can be gone from the next file."""

    FILE = "file", _("File")
    TYPED = "typed", _("Typed in")
    ADDED = "added", _("Lot already announced")


class PlanState(models.TextChoices):
    """A plan is worked on, then put away; nothing of it is deleted."""

    CURRENT = "current", _("Current")
    CLOSED = "closed", _("Put away")

    @property
    def tone(self) -> str:
        return "info" if self == PlanState.CURRENT else "done"
