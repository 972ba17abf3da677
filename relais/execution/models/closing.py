"""What each side says of a contract at its end: buyer, facilitator, companies; all of them read it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relais.execution.enums import Mark, Side
from relais.execution.models.obligations import Debtor, Obligation, read_whole
from relais.kit.actor import Actor
from relais.organisations.models import Organisation

QUESTIONS = {
    "sizing": _("Were the hours well sized for the work?"),
    "people": _("Were people proposed in time, with the right skills?"),
    "support": _("Was there help along the contract?"),
    "welcome": _("Were the people well received, and did they make progress?"),
}
"""What each side is asked: the same questions, so that the answers compare."""


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those who read the whole obligation and its companies: the evaluation is shared."""
        own = Debtor.objects.filter(organisation_id=actor.organisation_id)
        return self.filter(
            read_whole(actor) | Q(obligation__in=own.values("obligation_id")),
            obligation__in=Obligation.objects.visible_to(actor),
        )

    def in_force(self) -> Self:
        return self.filter(replaced_at=None)


class Evaluation(models.Model):
    """The part of one body: four marks and what to keep or change. Given again, the former one stays."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="evaluations")
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("body"))
    side = models.CharField(_("side"), max_length=12, choices=Side)
    sizing = models.PositiveSmallIntegerField(QUESTIONS["sizing"], choices=Mark)
    people = models.PositiveSmallIntegerField(QUESTIONS["people"], choices=Mark)
    support = models.PositiveSmallIntegerField(QUESTIONS["support"], choices=Mark)
    welcome = models.PositiveSmallIntegerField(QUESTIONS["welcome"], choices=Mark)
    kept = models.TextField(_("what to keep"), blank=True)
    changed = models.TextField(_("what to change next time"), blank=True)
    given_at = models.DateTimeField(_("evaluated"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation of the clause")
        verbose_name_plural = _("evaluations of the clause")
        ordering = ["side", "-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "body"], condition=Q(replaced_at=None), name="evaluation_once_per_body"
            )
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} · {self.side}"

    def marks(self) -> list[tuple[str, Mark]]:
        """Each question with its mark."""
        return [(str(label), Mark(getattr(self, name))) for name, label in QUESTIONS.items()]
