"""Cases handed from a facilitator body to another, from a day on, with what the next one must know."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relais.clauses.models import Clause, Party
from relais.kit.actor import Actor
from relais.organisations.models import Organisation, Scheme


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def visible_to(self, actor: Actor) -> Self:
        """The two bodies, and the coordinator of the scheme."""
        body = actor.organisation_id
        return self.filter(Q(from_body_id=body) | Q(to_body_id=body) | Q(scheme__coordinator_id=body))


class HandOver(models.Model):
    """The parts of a body end on the eve, those of the next one begin that day; undone until the eve."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="+", verbose_name=_("scheme"))
    from_body = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("from body"))
    to_body = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("to body"))
    starts_on = models.DateField(_("from the"))
    note = models.CharField(_("note for the next body"), max_length=1000)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(_("decided"))
    undone_at = models.DateTimeField(_("undone"), null=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over of cases")
        verbose_name_plural = _("hand-overs of cases")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="handed_to_another_body", condition=~Q(from_body=models.F("to_body")))
        ]

    def __str__(self) -> str:
        return f"{self.from_body_id} → {self.to_body_id}, {self.starts_on}"


class HandedCase(models.Model):
    """One clause of a hand-over: the part that ends, the one that begins (none when it was open already)."""

    hand_over = models.ForeignKey(HandOver, models.CASCADE, related_name="cases")
    clause = models.ForeignKey(Clause, models.CASCADE, related_name="+")
    ended = models.ForeignKey(Party, models.CASCADE, related_name="+")
    opened = models.ForeignKey(Party, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("case handed over")
        verbose_name_plural = _("cases handed over")
        constraints = [
            models.UniqueConstraint(fields=["hand_over", "clause"], name="clause_handed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.hand_over_id} {self.clause_id}"
