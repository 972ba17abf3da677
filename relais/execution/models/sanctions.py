"""Breaches of an obligation, each step kept; causes outside the company; terms of the contract; waivers.

A step is never edited: the stage of a breach is what its history leads to.
"""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from relais.execution.enums import (
    INTERNAL_ACTS,
    AnswerState,
    BreachAct,
    BreachKind,
    BreachStage,
    CauseKind,
)
from relais.execution.models.obligations import Debtor, Obligation, read_whole
from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField
from relais.organisations.models import Organisation

ENDED_STAGES = (BreachStage.ACCOUNTED, BreachStage.WAIVED, BreachStage.REGULARISED)
DECIDED_STAGES = (*ENDED_STAGES, BreachStage.PENALTY_DECIDED)


class SanctionTermsQuerySet(models.QuerySet["SanctionTerms"]):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever reads the obligation: it is written in the contract."""
        own = Debtor.objects.filter(organisation_id=actor.organisation_id)
        return self.filter(
            read_whole(actor) | Q(obligation__in=own.values("obligation_id")),
            obligation__in=Obligation.objects.visible_to(actor),
        )


class SanctionTerms(models.Model):
    """What the contract says of penalties beyond the unit penalty of the clause; the latest row holds."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="sanction_terms")
    per_unit = HundredthsField(_("fixed sum per missing document or day late (€)"), null=True, blank=True)
    cap = HundredthsField(_("cap of the penalties of the clause (€)"), null=True, blank=True)
    source = models.CharField(_("article of the contract"), max_length=300)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = SanctionTermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("terms on penalties")
        verbose_name_plural = _("terms on penalties")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="terms_not_negative",
                condition=(Q(per_unit=None) | Q(per_unit__gte=0)) & (Q(cap=None) | Q(cap__gte=0)),
                violation_error_message=_("An amount of the contract cannot be negative."),
            )
        ]

    def __str__(self) -> str:
        return self.source


class BreachQuerySet(models.QuerySet["Breach"]):
    def visible_to(self, actor: Actor) -> Self:
        """The buyer, the coordinator and the facilitator read all; a company its own breaches."""
        return self.filter(
            read_whole(actor) | Q(debtor__organisation_id=actor.organisation_id),
            obligation__in=Obligation.objects.visible_to(actor),
        )

    def running(self) -> Self:
        return self.exclude(stage__in=ENDED_STAGES)

    def undecided(self) -> Self:
        return self.exclude(stage__in=DECIDED_STAGES)

    def with_file(self) -> Self:
        """With what its page and its acts read of the obligation, in one query and one for the parties."""
        return self.select_related(
            "debtor__organisation",
            "obligation__buyer",
            "obligation__scheme__coordinator",
            "obligation__clause__scheme",
            "obligation__clause__buyer",
            "obligation__clause__lot",
            "obligation__clause__contract",
        ).prefetch_related("obligation__clause__parties")


class Breach(models.Model):
    """What a company did not do of its obligation, followed from the gap observed to its end.

    `expected`, `validated` and `missing` are the figures of the day it was observed.
    """

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="breaches")
    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="breaches", verbose_name=_("company"))
    kind = models.CharField(_("kind"), max_length=10, choices=BreachKind)
    stage = models.CharField(_("stage"), max_length=20, choices=BreachStage, default=BreachStage.OBSERVED)
    observed_on = models.DateField(_("observed on"))
    expected = HundredthsField(_("hours expected that day"))
    validated = HundredthsField(_("hours validated that day"))
    missing = HundredthsField(_("hours missing that day"))
    since = models.DateField(_("in this stage since"))
    due_on = models.DateField(_("next date"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    opened_at = models.DateTimeField(_("followed since"))

    objects = BreachQuerySet.as_manager()

    class Meta:
        verbose_name = _("breach")
        verbose_name_plural = _("breaches")
        ordering = ["-observed_on", "-pk"]
        indexes = [models.Index(fields=["stage", "due_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["debtor", "kind"],
                condition=~Q(stage__in=ENDED_STAGES),
                name="one_breach_runs_per_kind",
                violation_error_message=_("A breach of this kind is already followed for this company."),
            ),
            models.CheckConstraint(
                name="breach_missing_not_negative",
                condition=Q(missing__gte=0, missing__lte=F("expected")),
                violation_error_message=_("Hours missing lie between zero and the hours expected."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """How letters name it."""
        return f"M-{self.observed_on:%Y}-{self.pk:05d}"

    def get_stage(self) -> BreachStage:
        return BreachStage(self.stage)

    @property
    def is_ended(self) -> bool:
        return self.stage in ENDED_STAGES

    @property
    def deadline(self) -> date | None:
        """The day until which the company is waited for; none once it was heard."""
        return self.due_on if self.stage in (BreachStage.REMINDER, BreachStage.NOTICE) else None


class BreachStepQuerySet(models.QuerySet["BreachStep"]):
    def visible_to(self, actor: Actor) -> Self:
        """The company reads what is addressed to it, not what the buyer still weighs."""
        return self.filter(
            read_whole_of_breach(actor) | ~Q(act__in=INTERNAL_ACTS),
            breach__in=Breach.objects.visible_to(actor),
        )

    def update(self, **kwargs: Any) -> int:
        raise TypeError("A step is never edited: another step follows it.")


def read_whole_of_breach(actor: Actor) -> Q:
    whole = Breach.objects.filter(read_whole(actor))
    return Q(breach__in=whole)


class BreachStep(models.Model):
    """One step: who, when, what was written, until when, with which figures. Never edited."""

    breach = models.ForeignKey(Breach, models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField(_("number"))
    act = models.CharField(_("step"), max_length=20, choices=BreachAct)
    stage_before = models.CharField(max_length=20, choices=BreachStage, blank=True)
    on = models.DateField(_("date"))
    due_on = models.DateField(_("until"), null=True, blank=True)
    text = models.TextField(_("text"), blank=True)
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    missing = HundredthsField(_("hours missing"), null=True, blank=True)
    amount = HundredthsField(_("amount (€)"), null=True, blank=True)
    working = models.JSONField(_("working"), default=dict, blank=True)
    at = models.DateTimeField(_("recorded"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    role = models.CharField(_("role"), max_length=20)
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("body"))

    objects = BreachStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a breach")
        verbose_name_plural = _("steps of a breach")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["breach", "number"], name="step_once")]

    def __str__(self) -> str:
        return f"{self.breach_id} · {self.number} · {self.act}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("A step is never edited: another step follows it.")
        super().save(*args, **kwargs)

    def get_act(self) -> BreachAct:
        return BreachAct(self.act)


class CauseQuerySet(models.QuerySet["Cause"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(breach__in=Breach.objects.visible_to(actor))


class Cause(models.Model):
    """Hours missing for a cause that the company does not answer for; the facilitator accepts it or not."""

    breach = models.ForeignKey(Breach, models.CASCADE, related_name="causes")
    kind = models.CharField(_("cause"), max_length=15, choices=CauseKind)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    hours = HundredthsField(_("hours"))
    evidence = models.CharField(_("reference of the evidence"), max_length=300)
    text = models.TextField(_("explanation"), blank=True)
    state = models.CharField(max_length=10, choices=AnswerState, default=AnswerState.WAITING)
    told_at = models.DateTimeField(_("recorded"))
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("body"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answer = models.CharField(_("reason of the answer"), max_length=300, blank=True)

    objects = CauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("cause outside the company")
        verbose_name_plural = _("causes outside the company")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="cause_dates_in_order",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day cannot come before the first one."),
            ),
            models.CheckConstraint(
                name="cause_has_hours",
                condition=Q(hours__gt=0),
                violation_error_message=_("Give the hours that this cause took away, above zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.breach_id} · {self.kind} · {self.hours}"

    def get_state(self) -> AnswerState:
        return AnswerState(self.state)


class HoursWaiverQuerySet(models.QuerySet["HoursWaiver"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those who read the whole obligation; a company reads the entry, once decided."""
        return self.filter(read_whole(actor), obligation__in=Obligation.objects.visible_to(actor))


class HoursWaiver(models.Model):
    """Hours owed that somebody proposes to give up; a second person decides, and the ledger gets an entry."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="waivers")
    debtor = models.ForeignKey(
        Debtor, models.CASCADE, null=True, blank=True, related_name="waivers", verbose_name=_("company")
    )
    hours = HundredthsField(_("hours given up"))
    effective_on = models.DateField(_("effective on"))
    reason = models.TextField(_("reason"))
    document = models.CharField(_("document"), max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=AnswerState, default=AnswerState.WAITING)
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answer = models.CharField(_("reason of the decision"), max_length=300, blank=True)
    entry_number = models.PositiveIntegerField(_("number in the ledger"), null=True, blank=True)

    objects = HoursWaiverQuerySet.as_manager()

    class Meta:
        verbose_name = _("waiver of hours")
        verbose_name_plural = _("waivers of hours")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="waiver_has_hours",
                condition=Q(hours__gt=0),
                violation_error_message=_("Give the hours given up, above zero."),
            ),
            models.CheckConstraint(
                name="waiver_written_iff_accepted",
                condition=Q(state=AnswerState.ACCEPTED, entry_number__isnull=False)
                | ~Q(state=AnswerState.ACCEPTED) & Q(entry_number=None),
                violation_error_message=_("A waiver accepted has its entry in the ledger."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} · {self.hours}"

    def get_state(self) -> AnswerState:
        return AnswerState(self.state)
