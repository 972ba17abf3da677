"""The audit trail: who did what, when, on what."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    READ = "read", _("Read")
    EXPORTED = "exported", _("Exported")


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> int:
        raise TypeError("The audit trail is only appended to.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("The audit trail is only appended to.")


class AuditEntry(models.Model):
    """One act, refusal or reading. Whole numbers instead of foreign keys: the trail outlives its objects.

    It never holds the name of a person: `subject_type` and `subject_id` point at the thing, `detail`
    tells the change in codes and figures.
    """

    at = models.DateTimeField(_("when"))
    user_id = models.BigIntegerField(_("user"), null=True)
    organisation_id = models.BigIntegerField(_("acting organisation"), null=True, db_index=True)
    owner_id = models.BigIntegerField(_("organisation owning the thing"), null=True, db_index=True)
    scope_id = models.BigIntegerField(_("circle of the thing"), null=True, db_index=True)
    role = models.CharField(_("role"), max_length=20, blank=True)
    verb = models.CharField(_("act"), max_length=80)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    subject_type = models.CharField(_("kind of thing"), max_length=60, blank=True)
    subject_id = models.CharField(_("thing"), max_length=60, blank=True)
    detail = models.CharField(_("detail"), max_length=500, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"]),
            models.Index(fields=["-at", "-id"], name="kit_audit_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.outcome}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("The audit trail is only appended to.")
        super().save(*args, **kwargs)
