"""The derogation cases of the social duty as a scheme words them: dated rows, followed by others."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from relais.core.duty import DerogationCase
from relais.organisations.models import Scheme
from relais.screening.models.parameters import DatedRow, DatedRowQuerySet

DEROGATIONS = [(case.value, case.value) for case in DerogationCase]
"""The sentences of this list belong to the core: screens say them with `.words`."""


class DerogationWording(DatedRow):
    """How a case is worded from a date, the article it rests on, and until when the law has it."""

    scheme = models.ForeignKey(
        Scheme, models.CASCADE, related_name="derogation_wordings", verbose_name=_("scheme")
    )
    case = models.CharField(_("derogation case"), max_length=30, choices=DEROGATIONS)
    wording = models.TextField(_("wording"), max_length=500)
    legal_case = models.CharField(_("article and case of the law"), max_length=200)
    ends_on = models.DateField(_("in force until"), null=True, blank=True)

    objects = DatedRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("derogation case of a scheme")
        verbose_name_plural = _("derogation cases of schemes")
        ordering = ["case", "-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="derogation_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A case ends on or after the day it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} · {self.starts_on}"
