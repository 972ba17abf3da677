"""Records of one person under several spellings: decided by people, undone by people, kept for ever."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from relais.execution.models.people import Person
from relais.kit.actor import Actor
from relais.organisations.enums import Role


class PairDecisionQuerySet(models.QuerySet["PairDecision"]):
    def visible_to(self, actor: Actor) -> Self:
        """Decisions on people that the actor's body follows: both records are always of one body."""
        if actor.role == Role.ELECTED:
            return self.none()
        return self.filter(first__body_id=actor.organisation_id)

    def standing(self) -> Self:
        return self.filter(undone_at=None)


class PairDecision(models.Model):
    """“Same person” or “two persons”, said of two records of a body; undoing it keeps the line."""

    first = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("first record"))
    second = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("second record"))
    is_same = models.BooleanField(_("same person"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"))
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    objects = PairDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on a pair of records")
        verbose_name_plural = _("decisions on pairs of records")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="pair_in_order", condition=Q(first__lt=F("second"))),
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(undone_at=None), name="pair_decided_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} · {self.second}"
