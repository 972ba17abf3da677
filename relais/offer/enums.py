"""Closed lists of the room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SourceList(models.TextChoices):
    """The public lists that the import reads, and what was typed here."""

    SIAE = "siae", _("Insertion structures (national marketplace)")
    ESAT = "esat", _("Sheltered workshops (FINESS)")
    GEIQ = "geiq", _("Employers' insertion groups (GEIQ)")
    TYPED = "typed", _("Recorded in Relais")


class Establishment(models.TextChoices):
    MAIN = "main", _("Main establishment")
    SECONDARY = "secondary", _("Secondary establishment")
    BRANCH = "branch", _("Branch")


class FlagCode(models.TextChoices):
    """What is odd in a record of a list, kept beside what was read."""

    SIRET_MISSING = "SIRET_MISSING", _("no SIRET")
    SIRET_INVALID = "SIRET_INVALID", _("the SIRET is wrong: kept as written, not used to recognise the body")
    SIRET_ZERO = "SIRET_ZERO", _("the SIRET had lost its leading zero")
    SIRET_SHARED = "SIRET_SHARED", _("the same SIRET under several kinds or sites: each is kept")
    POSTCODE_ZERO = "POSTCODE_ZERO", _("the post code had lost its leading zero")
    COMMUNE_UNKNOWN = "COMMUNE_UNKNOWN", _("the municipality was not recognised")
    DEPARTMENT_UNKNOWN = "DEPARTMENT_UNKNOWN", _("the department was not recognised")
    NO_COORDINATES = "NO_COORDINATES", _("no coordinates: located by its municipality")
    COORDINATES_INVALID = (
        "COORDINATES_INVALID",
        _("the coordinates are on no map: located by its municipality"),
    )
    BRANCH = "BRANCH", _("branch or secondary establishment")
    PARENT_UNKNOWN = "PARENT_UNKNOWN", _("branch of an establishment that is not in the list")
    OLDER_LIST = "OLDER_LIST", _("the list is older than what is known: it only fills what was empty")
