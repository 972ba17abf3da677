"""Agreements that gather hours of several contracts in one job, and what each body answered."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from relais.core.months import Month
from relais.execution.enums import AgreementState, ConsentDecision, ConsentPart
from relais.execution.models.obligations import Debtor, read_whole
from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField
from relais.organisations.enums import Role
from relais.organisations.models import Organisation, Scheme


class PoolingAgreementQuerySet(models.QuerySet["PoolingAgreement"]):
    def visible_to(self, actor: Actor) -> Self:
        """Agreements that the actor's body must accept, or that touch an obligation it reads whole."""
        if actor.role == Role.ELECTED:
            return self.none()
        asked = PoolingConsent.objects.filter(organisation_id=actor.organisation_id)
        read = PoolingPart.objects.filter(debtor__in=Debtor.objects.filter(read_whole(actor)))
        return self.filter(Q(pk__in=asked.values("agreement_id")) | Q(pk__in=read.values("agreement_id")))

    def in_force(self) -> Self:
        return self.filter(state=AgreementState.IN_FORCE)


class PoolingAgreement(models.Model):
    """One job made of hours owed under several contracts; in force once every body has accepted."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    reference = models.CharField(_("reference"), max_length=20)
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("employer"))
    job = models.CharField(_("job"), max_length=120)
    trade = models.CharField(_("trade"), max_length=300)
    department = models.CharField(_("department"), max_length=3)
    starts_on = models.DateField(_("start"))
    ends_on = models.DateField(_("end"))
    state = models.CharField(
        _("state"), max_length=10, choices=AgreementState, default=AgreementState.PROPOSED
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    working = models.JSONField(_("working"), default=dict, blank=True)
    proposer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("body that proposes")
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField(_("proposed on"))
    settled_at = models.DateTimeField(_("in force or refused"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended or withdrawn"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PoolingAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("pooling agreement")
        verbose_name_plural = _("pooling agreements")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "reference"], name="agreement_reference_once"),
            models.CheckConstraint(
                name="agreement_dates_in_order",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The end of the agreement cannot come before its start."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_state(self) -> AgreementState:
        return AgreementState(self.state)


class PoolingPart(models.Model):
    """The hours that one debtor brings; `plan` gives them by month, as {"2026-12": "75.00"}."""

    agreement = models.ForeignKey(PoolingAgreement, models.CASCADE, related_name="parts")
    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="pooling_parts", verbose_name=_("debtor"))
    hours = HundredthsField(_("hours"))
    percent = HundredthsField(_("share (%)"))
    plan = models.JSONField(_("hours by month"), default=dict)

    class Meta:
        verbose_name = _("part of an agreement")
        verbose_name_plural = _("parts of an agreement")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "debtor"], name="pooled_once"),
            models.CheckConstraint(
                name="pooled_hours_positive",
                condition=Q(hours__gt=0),
                violation_error_message=_("A part of an agreement brings hours."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} · {self.debtor} · {self.hours}"

    @property
    def months(self) -> list[Month]:
        return sorted(Month.parse(month) for month in self.plan)


class PoolingConsent(models.Model):
    """What a body answered, as company, as buyer or as employer; no decision while it has not answered."""

    agreement = models.ForeignKey(PoolingAgreement, models.CASCADE, related_name="consents")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("body"))
    part = models.CharField(_("as"), max_length=10, choices=ConsentPart)
    decision = models.CharField(_("decision"), max_length=10, choices=ConsentDecision, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(_("answered on"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("consent to an agreement")
        verbose_name_plural = _("consents to an agreement")
        ordering = ["part", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation", "part"], name="consent_asked_once"),
            models.CheckConstraint(
                name="answered_iff_dated",
                condition=Q(decision="", at=None) | ~Q(decision="") & Q(at__isnull=False),
                violation_error_message=_("An answer has a date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} · {self.organisation}"

    def get_decision(self) -> ConsentDecision | None:
        return ConsentDecision(self.decision) if self.decision else None
