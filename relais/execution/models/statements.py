"""What is done: monthly statements, their lines, each move of each line, the months closed."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relais.clauses.models import Clause
from relais.core.months import Month
from relais.core.words import Words
from relais.execution.enums import LineState, StatementOrigin, StatementState
from relais.execution.models.obligations import Obligation
from relais.execution.models.people import JobContract
from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField
from relais.organisations.models import Organisation


class StatementQuerySet(models.QuerySet["Statement"]):
    def visible_to(self, actor: Actor) -> Self:
        """Own statements for who declares; those sent for the facilitator assigned and the buyer."""
        followed = Clause.objects.followed_by(actor.organisation_id, actor.on)
        return self.filter(
            Q(declarant_id=actor.organisation_id)
            | Q(state=StatementState.SUBMITTED)
            & (Q(obligation__clause__in=followed) | Q(obligation__buyer_id=actor.organisation_id)),
            obligation__in=Obligation.objects.visible_to(actor),
        )

    def declared_by(self, organisation_id: int) -> Self:
        return self.filter(declarant_id=organisation_id)


class Statement(models.Model):
    """The hours of one month, declared by one body for one obligation."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="statements")
    declarant = models.ForeignKey(
        Organisation, models.PROTECT, related_name="statements", verbose_name=_("declared by")
    )
    month = models.DateField(_("month"), help_text=_("First day of the month."))
    origin = models.CharField(_("origin"), max_length=10, choices=StatementOrigin)
    state = models.CharField(_("state"), max_length=10, choices=StatementState, default=StatementState.DRAFT)
    signed_by = models.CharField(_("signed by"), max_length=120, blank=True)
    submitted_at = models.DateTimeField(_("sent"), null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("monthly statement")
        verbose_name_plural = _("monthly statements")
        ordering = ["-month", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["obligation", "declarant", "month"], name="statement_once"),
            models.CheckConstraint(
                name="submitted_iff_dated",
                condition=Q(state="submitted", submitted_at__isnull=False) | ~Q(state="submitted"),
                violation_error_message=_("A statement sent has a date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation} · {self.month:%Y-%m}"

    @property
    def is_sent(self) -> bool:
        return self.state == StatementState.SUBMITTED

    @property
    def number(self) -> str:
        """The number written on the receipt."""
        return f"R-{self.month:%Y%m}-{self.pk:06d}"


class StatementLineQuerySet(models.QuerySet["StatementLine"]):
    def visible_to(self, actor: Actor) -> Self:
        """Own lines for who declares; those sent for the buyer, the facilitator assigned and the employer.

        Reading a line is not reading a name: names go through `Person.objects.visible_to`.
        """
        followed = Clause.objects.followed_by(actor.organisation_id, actor.on)
        return self.filter(
            Q(statement__declarant_id=actor.organisation_id)
            | ~Q(state=LineState.DRAFT)
            & (
                Q(obligation__clause__in=followed)
                | Q(obligation__buyer_id=actor.organisation_id)
                | Q(job_contract__employer_id=actor.organisation_id)
            ),
            obligation__in=Obligation.objects.visible_to(actor),
        )

    def to_validate(self, actor: Actor) -> Self:
        """Lines that wait for the actor's body: in clauses assigned to it, never those it declared itself."""
        followed = Clause.objects.followed_by(actor.organisation_id, actor.on)
        return self.filter(state=LineState.DECLARED, obligation__clause__in=followed).exclude(
            statement__declarant_id=actor.organisation_id
        )

    def sent(self) -> Self:
        return self.exclude(state=LineState.DRAFT)

    def live(self) -> Self:
        """Lines whose hours are claimed: neither drafts nor rejected."""
        return self.exclude(state__in=(LineState.DRAFT, LineState.REJECTED))

    def counted(self) -> Self:
        return self.filter(state__in=(LineState.VALIDATED, LineState.LOCKED))

    def waiting(self) -> Self:
        return self.filter(state__in=(LineState.DECLARED, LineState.QUERIED))


class StatementLine(models.Model):
    """The hours of one person in one job for one month. Locked, it is only corrected by a dated line."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines")
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="lines")
    job_contract = models.ForeignKey(JobContract, models.PROTECT, related_name="lines")
    month = models.DateField(_("month"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    hours = HundredthsField(_("hours worked"))
    training_hours = HundredthsField(_("of which training"), default=0)
    counted_hours = HundredthsField(_("hours counted"))
    state = models.CharField(_("state"), max_length=10, choices=LineState, default=LineState.DRAFT)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("corrects")
    )
    findings = models.JSONField(_("anomalies"), default=list, blank=True)
    is_flagged = models.BooleanField(_("has anomalies"), default=False, editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    declared_at = models.DateTimeField(_("declared"), null=True, blank=True)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = StatementLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of statement")
        verbose_name_plural = _("lines of statement")
        ordering = ["month", "pk"]
        indexes = [models.Index(fields=["obligation", "month"]), models.Index(fields=["state", "obligation"])]
        constraints = [
            models.UniqueConstraint(
                fields=["job_contract", "month", "starts_on"],
                condition=Q(corrects=None) & ~Q(state=LineState.REJECTED),
                name="line_once",
                violation_error_message=_("The hours of this person are already declared for this period."),
            ),
            models.CheckConstraint(
                name="only_corrections_are_negative",
                condition=Q(hours__gt=0) | Q(corrects__isnull=False),
                violation_error_message=_("Only a correction takes hours away."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_contract_id} · {self.month:%Y-%m} · {self.hours}"

    def get_state(self) -> LineState:
        return LineState(self.state)

    @property
    def is_correctable(self) -> bool:
        """Whether this line may be corrected by another one."""
        return self.corrects_id is None and self.state in (LineState.VALIDATED, LineState.LOCKED)

    @property
    def anomalies(self) -> list[Words]:
        """What the checks found when the line was declared; a kept month is a month again."""
        found = [Words.from_dict(finding["words"]) for finding in self.findings]
        return [
            Words(words.text, {**words.params, "month": Month.of(self.month)})
            if "month" in words.params
            else words
            for words in found
        ]


class LineMove(models.Model):
    """One change of state of a line: what makes the balance of any past day replayable."""

    line = models.ForeignKey(StatementLine, models.CASCADE, related_name="moves")
    state_before = models.CharField(max_length=10, choices=LineState, blank=True)
    state = models.CharField(max_length=10, choices=LineState)
    hours = HundredthsField(_("hours counted"))
    at = models.DateTimeField(_("when"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["line", "at"])]

    def __str__(self) -> str:
        return f"{self.line_id} {self.state_before} → {self.state}"


class ClosedMonth(models.Model):
    """A month closed by the facilitator: its validated lines are locked, no statement is taken any more."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="closed_months")
    month = models.DateField(_("month"))
    closed_at = models.DateTimeField(_("closed"))
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("closed month")
        verbose_name_plural = _("closed months")
        constraints = [models.UniqueConstraint(fields=["obligation", "month"], name="month_closed_once")]

    def __str__(self) -> str:
        return f"{self.obligation_id} · {self.month:%Y-%m}"
