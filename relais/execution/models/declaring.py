"""How hours are sent: each sending of a statement, signed once, with what was signed."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from relais.execution.models.statements import Statement
from relais.kit.actor import Actor


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, actor: Actor) -> Self:
        """The sendings of the statements one reads."""
        return self.filter(statement__in=Statement.objects.visible_to(actor))


class Submission(models.Model):
    """One sending of a statement: who signed which words over which lines, kept as it was signed.

    `key` comes from the page: the same key with the same content is the same act, whatever the number of
    times it arrives. `asked` is the digest of what the page sent, `digest` that of what was signed.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="submissions")
    rank = models.PositiveIntegerField(_("rank"))
    key = models.CharField(max_length=64, editable=False)
    asked = models.CharField(max_length=64, editable=False)
    signed_by = models.CharField(_("signed by"), max_length=120)
    signed_as = models.CharField(_("quality of who signs"), max_length=120, blank=True)
    content = models.JSONField(_("what was signed"))
    digest = models.CharField(_("SHA-256 of what was signed"), max_length=64)
    sent_at = models.DateTimeField(_("sent"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sending of a statement")
        verbose_name_plural = _("sendings of statements")
        ordering = ["statement", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "rank"], name="submission_ranked_once"),
            models.UniqueConstraint(fields=["statement", "key"], name="submission_once_per_key"),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("What was signed is never edited: another sending completes it.")
        super().save(*args, **kwargs)

    @property
    def number(self) -> str:
        """The number written on the attestation."""
        return f"{self.statement.number}-{self.rank}"

    @property
    def words(self) -> str:
        """The words signed, in the language in which they were read."""
        return str(self.content["words"])
