"""Steps of a pathway that no clause pays: PASS, trainings, preparation, immersions."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from relais.execution.enums import StepKind
from relais.execution.models.people import Person
from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField
from relais.organisations.enums import Role


class PathStepQuerySet(models.QuerySet["PathStep"]):
    def visible_to(self, actor: Actor) -> Self:
        """For the body that follows the person: companies and buyers never read a pathway."""
        if actor.role == Role.ELECTED:
            return self.none()
        return self.filter(person__body_id=actor.organisation_id)


class PathStep(models.Model):
    """A PASS, a training, a preparation, an immersion: its hours are never hours of a clause."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="steps")
    kind = models.CharField(_("kind of step"), max_length=12, choices=StepKind)
    label = models.CharField(_("step"), max_length=120, blank=True)
    starts_on = models.DateField(_("start"))
    ends_on = models.DateField(_("end"), null=True, blank=True)
    hours = HundredthsField(_("hours of preparation"), null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))

    objects = PathStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a pathway")
        verbose_name_plural = _("steps of pathways")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="step_dates_in_order",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The end of the step cannot come before its start."),
            ),
            models.CheckConstraint(
                name="a_pass_has_an_end_and_no_hours",
                condition=~Q(kind="pass") | Q(ends_on__isnull=False, hours=None),
                violation_error_message=_("A PASS has an end, and no hours."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()}"
