"""What was checked of the holders of a reserved contract, kept with the award."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relais.clauses.enums import Eligible
from relais.clauses.models.clauses import Clause
from relais.core.words import Words
from relais.kit.actor import Actor
from relais.organisations.models import Organisation


class HolderCheckQuerySet(models.QuerySet["HolderCheck"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(clause__in=Clause.objects.visible_to(actor))


class HolderCheck(models.Model):
    """A holder looked up in the directory of structures on the day of the award. Never edited.

    `reason` holds words of the core; `justification` says why the award went on to a holder not eligible.
    """

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="holder_checks")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("company")
    )
    outcome = models.CharField(_("eligible"), max_length=10, choices=Eligible)
    reason = models.JSONField(_("reason of the answer"))
    justification = models.CharField(_("justification"), max_length=500, blank=True)
    checked_at = models.DateTimeField(_("checked"))
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = HolderCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check of a holder")
        verbose_name_plural = _("checks of holders")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "organisation"], name="holder_checked_once"),
            models.CheckConstraint(
                name="not_eligible_says_why",
                condition=~Q(outcome="NO") | ~Q(justification=""),
                violation_error_message=_("Say why the contract goes to a holder that is not eligible."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_outcome_display()}"

    def get_state(self) -> Eligible:
        return Eligible(self.outcome)

    @property
    def words(self) -> Words:
        return Words.from_dict(self.reason)
