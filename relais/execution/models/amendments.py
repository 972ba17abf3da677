"""Amendments of what is owed: proposed by one side of the contract, accepted or refused by the other."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from relais.execution.models.obligations import Obligation
from relais.execution.models.owing import OwingQuerySet
from relais.execution.owing_enums import ProposalState
from relais.kit.fields import HundredthsField
from relais.organisations.models import Organisation


class AmendmentProposal(models.Model):
    """Hours more or less that one side asks for; once accepted an entry tells both names."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="amendment_proposals")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    hours = HundredthsField(_("hours, more or less"))
    amount = HundredthsField(_("amount excluding tax, more or less"), null=True, blank=True)
    working = models.JSONField(_("working"), default=list, blank=True)
    effective_on = models.DateField(_("effective on"))
    new_end = models.DateField(_("new end of performance"), null=True, blank=True)
    document = models.CharField(_("document"), max_length=200)
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(
        pgettext_lazy("amendment", "state"), max_length=10, choices=ProposalState, default=ProposalState.OPEN
    )
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answer = models.CharField(_("grounds"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    entry_number = models.PositiveIntegerField(_("number of its entry"), null=True, blank=True)

    objects = OwingQuerySet["AmendmentProposal"].as_manager()

    class Meta:
        verbose_name = _("proposed amendment")
        verbose_name_plural = _("proposed amendments")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="amendment_answered_iff_dated",
                condition=Q(state="open", answered_at=None)
                | (~Q(state="open") & Q(answered_at__isnull=False)),
                violation_error_message=_("An answer has a date."),
            )
        ]

    def __str__(self) -> str:
        return self.document

    def get_state(self) -> ProposalState:
        return ProposalState(self.state)
