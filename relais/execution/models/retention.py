"""Files of people kept longer than the clocks say, with the reason."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from relais.execution.models.people import Person
from relais.kit.actor import Actor
from relais.organisations.enums import Role


class RetentionExtensionQuerySet(models.QuerySet["RetentionExtension"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.role == Role.ELECTED:
            return self.none()
        return self.filter(person__body_id=actor.organisation_id)


class RetentionExtension(models.Model):
    """A manager of the body keeps a file until a day, and says why."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="extensions")
    until = models.DateField(_("kept until"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"))

    objects = RetentionExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("extension of a file")
        verbose_name_plural = _("extensions of files")
        ordering = ["-decided_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person} → {self.until}"
