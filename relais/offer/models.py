"""Structures that employ or support people in insertion: public professional data, never a contact person."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relais.core.distance import Point
from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField
from relais.offer.activities import activities
from relais.offer.enums import Establishment, FlagCode, SourceList
from relais.organisations.enums import Role, StructureKind
from relais.organisations.identifiers import shown_siret
from relais.organisations.models import FoldedField, Organisation
from relais.territories.models import Commune, Department
from relais.territories.names import fold


class StructureQuerySet(models.QuerySet["Structure"]):
    def visible_to(self, actor: Actor) -> Self:
        """Public professional data: everybody who takes part in a scheme; elected members read figures."""
        return self.none() if actor.role == Role.ELECTED else self

    def open(self) -> Self:
        return self.filter(is_closed=False)

    def answering(self, codes: frozenset[str]) -> Self:
        """Those that do one of these activities, and those that lend people to any trade."""
        doing = StructureActivity.objects.filter(activity__in=codes)
        return self.filter(
            Q(pk__in=doing.values("structure_id")) | Q(kind__in=sorted(activities().any_activity))
        )

    def search(self, text: str) -> Self:
        """Structures whose name holds every word typed, or whose SIRET begins with the digits typed."""
        digits = "".join(text.split())
        if digits.isdigit() and len(digits) >= 3:
            return self.filter(siret__startswith=digits)
        found = self
        for word in fold(text).split():
            found = found.filter(search_name__contains=word)
        return found


class Structure(models.Model):
    """An insertion structure, or one of its sites. One SIRET under two kinds is two structures.

    `siret` is kept as published: `has_valid_siret` tells whether its key is right. `as_of` is the day
    that the list described, unknown when the list does not say it.
    """

    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="offers", verbose_name=_("body")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=StructureKind)
    name = models.CharField(_("name"), max_length=200)
    search_name = FoldedField(_("name for searching"), max_length=200, source="name")
    siret = models.CharField(_("SIRET"), max_length=14, blank=True, db_index=True)
    has_valid_siret = models.BooleanField(_("SIRET checked"), default=False)
    establishment = models.CharField(
        _("establishment"), max_length=10, choices=Establishment, default=Establishment.MAIN
    )
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="branches", verbose_name=_("branch of")
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    post_code = models.CharField(_("post code"), max_length=5, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    naf = models.CharField(_("activity code (NAF)"), max_length=6, blank=True)
    headcount = models.CharField(_("headcount"), max_length=60, blank=True)
    places = models.PositiveIntegerField(_("authorised places"), null=True, blank=True)
    turnover = HundredthsField(_("yearly turnover (€)"), null=True, blank=True)
    turnover_year = models.PositiveSmallIntegerField(_("year of the turnover"), null=True, blank=True)
    flags = models.JSONField(default=list, blank=True)
    source = models.CharField(_("list"), max_length=10, choices=SourceList)
    as_of = models.DateField(_("state of"), null=True, blank=True)
    is_closed = models.BooleanField(_("closed down"), default=False)
    recorded_at = models.DateTimeField(_("recorded on"))

    objects = StructureQuerySet.as_manager()

    class Meta:
        verbose_name = _("structure")
        verbose_name_plural = _("structures")
        ordering = ["search_name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="structure_has_both_coordinates",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                violation_error_message=_("A place has a latitude and a longitude."),
            )
        ]
        indexes = [
            models.Index(fields=["department", "kind"], name="structure_by_place"),
            models.Index(fields=["latitude", "longitude"], name="structure_by_point"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def siren(self) -> str:
        return self.siret[:9] if self.has_valid_siret else ""

    @property
    def siret_said(self) -> str:
        return shown_siret(self.siret) if self.has_valid_siret else self.siret

    @property
    def own_point(self) -> Point | None:
        """Its own coordinates; None when the list gave none."""
        if self.latitude is None or self.longitude is None:
            return None
        return Point(float(self.latitude), float(self.longitude))

    @property
    def lends_to_any_trade(self) -> bool:
        return self.kind in activities().any_activity

    @property
    def is_weighed(self) -> bool:
        """Whether what a contract would be to it can be told: by its turnover, or by its places."""
        return bool(self.turnover) or bool(self.places)

    @property
    def activity_names(self) -> list[str]:
        """What it does, in words; empty when the lists do not say."""
        table = activities()
        return sorted(table.name_of(row.activity) for row in self.activities.all())

    @property
    def flag_words(self) -> list[str]:
        return [str(FlagCode(code).label) for code in self.flags if code in FlagCode.values]

    def age_in_years(self, on: date) -> int | None:
        """Whole years since the state described, to warn that a list is old."""
        return None if self.as_of is None else (on - self.as_of).days // 365


class StructureActivity(models.Model):
    """Something a structure does: guessed from its list, or written by hand."""

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="activities")
    activity = models.CharField(_("activity"), max_length=40, db_index=True)
    by_hand = models.BooleanField(_("written by hand"), default=False)

    class Meta:
        verbose_name = _("activity of a structure")
        verbose_name_plural = _("activities of structures")
        constraints = [models.UniqueConstraint(fields=["structure", "activity"], name="activity_once")]

    def __str__(self) -> str:
        return activities().name_of(self.activity)


class StructureRecord(models.Model):
    """A record of a list that described a structure: found again at the next import by its reference."""

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="records")
    source = models.CharField(_("list"), max_length=10, choices=SourceList)
    reference = models.CharField(_("reference in the list"), max_length=60)
    digest = models.CharField(max_length=64)
    as_of = models.DateField(_("state of"), null=True, blank=True)
    read_at = models.DateTimeField(_("read"))

    class Meta:
        verbose_name = _("record of a list")
        verbose_name_plural = _("records of lists")
        constraints = [
            models.UniqueConstraint(fields=["source", "reference"], name="record_once_in_list"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.reference}"
