"""Files of hours that wait for a confirmation, and the layouts that a body has taught."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from relais.execution.models.obligations import Obligation
from relais.kit.actor import Actor
from relais.organisations.models import Organisation


class HoursFileQuerySet(models.QuerySet["HoursFile"]):
    def visible_to(self, actor: Actor) -> Self:
        """The files that the actor's body sent: they hold names."""
        return self.filter(declarant_id=actor.organisation_id)


class HoursFile(models.Model):
    """A file of hours kept from its upload until it is confirmed or given up; it is deleted then."""

    declarant = models.ForeignKey(
        Organisation, models.CASCADE, related_name="hours_files", verbose_name=_("declared by")
    )
    obligation = models.ForeignKey(
        Obligation, models.CASCADE, null=True, related_name="+", verbose_name=_("clause")
    )
    name = models.CharField(_("file"), max_length=150)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    choices = models.JSONField(_("choices made"), default=dict)
    received_at = models.DateTimeField(_("received"))
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = HoursFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of hours")
        verbose_name_plural = _("files of hours")
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class StatementLayoutQuerySet(models.QuerySet["StatementLayout"]):
    def visible_to(self, actor: Actor) -> Self:
        """The layouts that the actor's body taught."""
        return self.filter(declarant_id=actor.organisation_id)


class StatementLayout(models.Model):
    """What the columns of a table mean, known again by their heads. It holds no name and no figure."""

    declarant = models.ForeignKey(
        Organisation, models.CASCADE, related_name="statement_layouts", verbose_name=_("declared by")
    )
    signature = models.CharField(max_length=64)
    mapping = models.JSONField(_("meaning of the columns"))
    taught_at = models.DateTimeField(_("taught"))
    taught_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    used = models.PositiveIntegerField(_("files read"), default=0)

    objects = StatementLayoutQuerySet.as_manager()

    class Meta:
        verbose_name = _("layout of a file of hours")
        verbose_name_plural = _("layouts of files of hours")
        constraints = [models.UniqueConstraint(fields=["declarant", "signature"], name="layout_taught_once")]

    def __str__(self) -> str:
        return self.signature[:12]
