"""How hours are sent: each sending of a statement, signed once, with what was signed."""

from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relais.clauses.models import Clause
from relais.execution.models.obligations import Obligation
from relais.execution.models.statements import Statement
from relais.kit.actor import Actor
from relais.organisations.enums import LINK_ROLE
from relais.organisations.models import Organisation


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


class DeclarationLinkQuerySet(models.QuerySet["DeclarationLink"]):
    def visible_to(self, actor: Actor) -> Self:
        """The links one's own body sent, and those of the clauses it follows as facilitator."""
        followed = Clause.objects.followed_by(actor.organisation_id, actor.on)
        return self.filter(
            Q(sent_by_body_id=actor.organisation_id) | Q(obligation__clause__in=followed),
            obligation__in=Obligation.objects.visible_to(actor),
        )

    def open(self, at: datetime) -> Self:
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=at)


class DeclarationLink(models.Model):
    """A link sent by mail to a body without account: it declares one month of one obligation, once.

    Only the hash of its token is kept. Used by the sending, not by the drafts before it.
    """

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="links")
    declarant = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("body that declares")
    )
    month = models.DateField(_("month"), help_text=_("First day of the month."))
    email = models.EmailField(_("e-mail address"))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    sent_by_body = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("link withdrawn"), null=True, blank=True)
    statement = models.ForeignKey(
        Statement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="links",
        verbose_name=_("statement sent"),
    )

    objects = DeclarationLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to declare")
        verbose_name_plural = _("links to declare")
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["obligation", "declarant", "month"])]

    def __str__(self) -> str:
        return f"{self.obligation_id} · {self.declarant_id} · {self.month:%Y-%m}"

    def bearer(self, on: date) -> Actor:
        """Who acts by this link that day: the body that declares, nobody by name, no right but this one."""
        return Actor(None, self.declarant_id, LINK_ROLE, on)
