"""Notices published before and after a purchase: what they say, lot by lot, and each version whole."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField
from relais.organisations.enums import Role
from relais.organisations.models import FoldedField, Organisation, Scheme
from relais.procurement.enums import LotNature, NoticeForm
from relais.procurement.models.contracts import Contract, Lot, Procedure
from relais.procurement.models.imports import ImportedFile


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, actor: Actor) -> Self:
        """The notices of one's own body, and those that the scheme one coordinates has imported.

        A project lead reads the notices of the lots he originates; elected members read figures only.
        """
        if actor.role == Role.ELECTED:
            return self.none()
        joint = NoticeBuyer.objects.filter(organisation_id=actor.organisation_id)
        own = Q(buyer_id=actor.organisation_id) | Q(pk__in=joint.values("notice_id"))
        if actor.role == Role.PROJECT_LEAD:
            led = NoticeLot.objects.filter(lot__project_lead_id=actor.user_id)
            return self.filter(own, pk__in=led.values("notice_id"))
        return self.filter(own | Q(scheme__coordinator_id=actor.organisation_id))


class Notice(models.Model):
    """A notice in its last version. `texts` holds the clause texts with what was found in them."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="notices", verbose_name=_("scheme"))
    buyer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("buyer")
    )
    procedure = models.ForeignKey(
        Procedure, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("procedure")
    )
    key = models.CharField(max_length=120)
    corrects = models.CharField(max_length=120, blank=True, db_index=True)
    number = models.CharField(_("number"), max_length=60)
    shape = models.CharField(_("format"), max_length=40)
    form = models.CharField(_("kind of notice"), max_length=12, choices=NoticeForm)
    form_code = models.CharField(_("form"), max_length=20, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    published_on = models.DateField(_("publication date"), null=True, blank=True)
    launched_on = models.DateField(_("launch date"), null=True, blank=True)
    buyer_name = models.CharField(_("name of the buyer, as published"), max_length=200, blank=True)
    buyer_number = models.CharField(_("SIRET or SIREN, as published"), max_length=14, blank=True)
    title = models.CharField(_("title"), max_length=1000, blank=True)
    search_title = FoldedField(_("title for searching"), max_length=1000, source="title", db_index=False)
    procedure_kind = models.CharField(_("kind of procedure"), max_length=120, blank=True)
    reference = models.CharField(_("reference of the buyer"), max_length=100, blank=True)
    is_concession = models.BooleanField(_("concession"), default=False)
    estimated_value = HundredthsField(_("estimated value excluding tax (€)"), null=True, blank=True)
    is_reserved = models.BooleanField(_("reserved"), default=False)
    is_social = models.BooleanField(_("social objective coded"), default=False)
    has_clause_text = models.BooleanField(_("a text speaks of insertion"), default=False)
    texts = models.JSONField(default=list)
    flags = models.JSONField(default=list)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [models.UniqueConstraint(fields=["scheme", "key"], name="notice_key_once")]
        indexes = [models.Index(fields=["scheme", "published_on"])]

    def __str__(self) -> str:
        return f"{self.number} · {self.title[:120]}"


class NoticeBuyer(models.Model):
    """A buyer of a joint purchase, as published, and the body it is; the first one leads."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="buyers")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("body")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name, as published"), max_length=200, blank=True)
    number = models.CharField(_("SIRET or SIREN, as published"), max_length=14, blank=True)

    class Meta:
        verbose_name = _("buyer of a notice")
        verbose_name_plural = _("buyers of notices")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["notice", "position"], name="notice_buyer_place_once")]

    def __str__(self) -> str:
        return self.organisation.name if self.organisation else self.name or self.number

    @property
    def is_lead(self) -> bool:
        """Whether this body speaks for the others."""
        return self.position == 1


class NoticeLot(models.Model):
    """One lot of a notice, as published, with the lot of the register and the contract it became."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="lots")
    lot = models.ForeignKey(Lot, models.SET_NULL, null=True, blank=True, related_name="notice_lots")
    contract = models.ForeignKey(Contract, models.SET_NULL, null=True, blank=True, related_name="notice_lots")
    position = models.PositiveIntegerField(default=1)
    number = models.CharField(_("lot number"), max_length=20, blank=True)
    title = models.CharField(_("title"), max_length=1000, blank=True)
    description = models.TextField(_("description"), blank=True)
    cpv = models.CharField(_("CPV code"), max_length=8, blank=True)
    nature = models.CharField(_("nature"), max_length=10, choices=LotNature, blank=True)
    estimated_value = HundredthsField(_("estimated value excluding tax (€)"), null=True, blank=True)
    duration_months = models.PositiveIntegerField(_("duration (months)"), null=True, blank=True)
    nuts = models.CharField(_("place (NUTS code)"), max_length=8, blank=True)
    postcode = models.CharField(_("post code of the place"), max_length=5, blank=True)
    contract_number = models.CharField(_("number of the contract awarded"), max_length=100, blank=True)
    marks = models.JSONField(default=dict)
    texts = models.JSONField(default=list)
    criteria = models.JSONField(default=list)

    class Meta:
        verbose_name = _("lot of a notice")
        verbose_name_plural = _("lots of notices")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.title[:120]}".strip()


class NoticeVersionQuerySet(models.QuerySet["NoticeVersion"]):
    def visible_to(self, actor: Actor) -> Self:
        """The versions of the notices one reads."""
        return self.filter(notice__in=Notice.objects.visible_to(actor))


class NoticeVersion(models.Model):
    """The notice as published, whole; a correction has its own number and follows what it corrects."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="versions")
    file = models.ForeignKey(ImportedFile, models.PROTECT, null=True, related_name="notice_versions")
    position = models.CharField(_("record"), max_length=60, blank=True)
    key = models.CharField(max_length=120, db_index=True)
    number = models.CharField(_("number"), max_length=60)
    digest = models.CharField(max_length=64)
    raw = models.TextField(_("notice as published"))
    published_on = models.DateField(_("publication date"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"))
    superseded_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    objects = NoticeVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a notice")
        verbose_name_plural = _("versions of notices")
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.number} · {self.received_at:%Y-%m-%d}"
