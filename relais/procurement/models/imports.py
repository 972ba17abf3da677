"""What an import did: the run, its files, what they gave, what was refused; and each record as published."""

from pathlib import PurePath
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relais.kit.actor import Actor
from relais.organisations.enums import Role
from relais.organisations.models import Organisation, Scheme
from relais.procurement.models.contracts import Contract


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, actor: Actor) -> Self:
        """The imports made by one's own body, and those of the schemes it coordinates."""
        if actor.role in (Role.ELECTED, Role.PROJECT_LEAD):
            return self.none()
        return self.filter(
            Q(organisation_id=actor.organisation_id) | Q(scheme__coordinator_id=actor.organisation_id)
        )


class ImportRun(models.Model):
    """One call of the import: who, when, for which scheme."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="imports")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.scheme} · {self.started_at:%Y-%m-%d %H:%M}"


class ImportedFile(models.Model):
    """What one file gave."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="files")
    name = models.CharField(_("file"), max_length=300)
    shape = models.CharField(_("shape"), max_length=40, blank=True)
    encoding = models.CharField(_("encoding"), max_length=40, blank=True)
    replaced = models.PositiveIntegerField(_("characters replaced"), default=0)
    read = models.PositiveIntegerField(_("read"), default=0)
    created = models.PositiveIntegerField(_("created"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    failure = models.CharField(_("failure"), max_length=500, blank=True)
    failure_params = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """The name without the folders of the machine that gave it."""
        return PurePath(self.name.replace("\\", "/")).name


class ImportFlagCount(models.Model):
    """How many records of a file carry a flag."""

    file = models.ForeignKey(ImportedFile, models.CASCADE, related_name="flag_counts")
    code = models.CharField(max_length=40)
    number = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.code}: {self.number}"


class ImportRejection(models.Model):
    """A record refused: where it lies and why, with the words kept apart from their figures."""

    file = models.ForeignKey(ImportedFile, models.CASCADE, related_name="rejections")
    position = models.CharField(_("record"), max_length=60)
    reason_text = models.CharField(max_length=500)
    reason_params = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.position}: {self.reason_text}"


class SourceRecordQuerySet(models.QuerySet["SourceRecord"]):
    def visible_to(self, actor: Actor) -> Self:
        """The versions of the contracts one reads."""
        return self.filter(contract__in=Contract.objects.visible_to(actor))


class SourceRecord(models.Model):
    """The record as published, whole; the newest is the one in force, the others are former versions."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="sources")
    file = models.ForeignKey(ImportedFile, models.PROTECT, null=True, related_name="sources")
    position = models.CharField(_("record"), max_length=60, blank=True)
    digest = models.CharField(max_length=64)
    raw = models.TextField(_("record as published"))
    received_at = models.DateTimeField(_("received"))
    superseded_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    objects = SourceRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("source record")
        verbose_name_plural = _("source records")
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.contract_id} · {self.received_at:%Y-%m-%d}"
