from django.db import models
from django.utils.translation import gettext_lazy as _


class EpciKind(models.TextChoices):
    """Legal forms of the bodies of communes with own taxes; values are those of the official list."""

    COMMUNITY_OF_COMMUNES = "CC", _("Community of communes")
    AGGLOMERATION = "CA", _("Agglomeration community")
    URBAN_COMMUNITY = "CU", _("Urban community")
    METROPOLIS = "METRO", _("Metropolis")
    LYON_METROPOLIS = "MET69", _("Metropolis of Lyon")


class AliasKind(models.TextChoices):
    """Why a code or a name leads to a commune that bears another one today."""

    DELEGATED = "delegated", _("Delegated commune")
    ASSOCIATED = "associated", _("Associated commune")
    URBAN_DISTRICT = "urban_district", _("District of Paris, Lyon or Marseille")
    FORMER_CODE = "former_code", _("Former code")


class TerritoryKind(models.TextChoices):
    REGION = "region", _("Region")
    DEPARTMENT = "department", _("Department")
    EPCI = "epci", _("Inter-municipality")
    COMPOSITE = "composite", _("Composite territory")
