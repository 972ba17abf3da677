"""The dated rules of a scheme on who is eligible, and the working kept with each decision."""

from collections.abc import Mapping
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from relais.core.eligibility_policy import Assessment as CoreAssessment
from relais.core.eligibility_policy import Line, Situation, Terms
from relais.core.words import Words
from relais.execution.models.people import Eligibility
from relais.kit.actor import Actor
from relais.organisations.models import Scheme


class EligibilityPolicyQuerySet(models.QuerySet["EligibilityPolicy"]):
    def visible_to(self, actor: Actor) -> Self:
        """Rules bind those who take part in the scheme: they read them."""
        return self.filter(scheme__in=Scheme.objects.visible_to(actor))


class EligibilityPolicy(models.Model):
    """A version of the rules of a scheme; never edited, only followed by another."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="eligibility_policies")
    starts_on = models.DateField(_("in force from"))
    terms = models.JSONField(_("rules"))
    source = models.CharField(_("source"), max_length=300)
    verified = models.BooleanField(_("source verified"), default=False)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    entered_at = models.DateTimeField(_("entered"))

    objects = EligibilityPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("rules of eligibility")
        verbose_name_plural = _("rules of eligibility")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "starts_on"], name="eligibility_policy_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.scheme} · {self.starts_on}"

    def as_terms(self) -> Terms:
        """The rules, as the core reads them."""
        kept: Mapping[str, Any] = self.terms
        accepted = kept.get("accepted")
        return Terms(
            starts_on=self.starts_on,
            source=self.source,
            verified=self.verified,
            is_chosen=True,
            counting_months=kept.get("counting_months"),
            permanent_months=kept.get("permanent_months"),
            break_months=kept.get("break_months"),
            employer_months=kept.get("employer_months"),
            families_combine=kept.get("families_combine", True),
            accepted=None if accepted is None else frozenset(accepted),
            max_age_months=kept.get("max_age_months", {}),
        )


class Assessment(models.Model):
    """The working of one decision: the version of the rules, what was looked at, what each rule said.

    No policy means the rules by default of the product, in the version of `default_on`.
    """

    decision = models.OneToOneField(Eligibility, models.CASCADE, related_name="assessment")
    policy = models.ForeignKey(EligibilityPolicy, models.PROTECT, null=True, related_name="+")
    default_on = models.DateField(_("version of the default rules"), null=True)
    inputs = models.JSONField(_("what was looked at"))
    lines = models.JSONField(_("what each rule said"))
    is_eligible = models.BooleanField(_("eligible by the rules"))

    class Meta:
        verbose_name = _("working of a decision")
        verbose_name_plural = _("workings of decisions")

    def __str__(self) -> str:
        return f"{self.decision_id}"

    @property
    def situation(self) -> Situation:
        return Situation.from_dict(self.inputs)

    @property
    def told(self) -> list[Line]:
        """What each rule said that day, to be said again in the reader's language."""
        return [
            Line(line["check"], line["holds"], Words.from_dict(line["words"]), line["refuses"])
            for line in self.lines
        ]

    @staticmethod
    def kept(found: CoreAssessment) -> list[dict[str, Any]]:
        """The lines of a working, JSON-safe."""
        return [
            {
                "check": line.check.value,
                "holds": line.holds,
                "refuses": line.refuses,
                "words": line.words.as_dict(),
            }
            for line in found.lines
        ]
