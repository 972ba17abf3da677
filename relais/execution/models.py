"""The ledger of obligations: what is owed, by whom; who works; what is declared, queried, validated.

What is owed is a list of dated, signed entries, never an edited number. What is done is a list of lines
whose every move is kept, so that a balance can be replayed at any past date. The totals stored on
obligations and debtors are written in the same transaction as the moves; `relais check-ledger` recounts them.
"""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from relais.clauses.models import Clause
from relais.execution.enums import (
    CLOSED_STATES,
    Category,
    EligibilityState,
    EntryKind,
    JobKind,
    LineState,
    Mode,
    ObligationState,
    Sex,
    StatementOrigin,
    StatementState,
)
from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField
from relais.organisations.enums import Role
from relais.organisations.models import Organisation, Scheme
from relais.territories.models import Commune


class Totals(models.Model):
    """Hours in each state, kept in the same transaction as the moves they sum up."""

    owed = HundredthsField(_("hours owed"), default=0)
    declared = HundredthsField(_("hours declared, not decided"), default=0)
    queried = HundredthsField(_("hours queried"), default=0)
    validated = HundredthsField(_("hours validated"), default=0)
    rejected = HundredthsField(_("hours rejected"), default=0)

    class Meta:
        abstract = True


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(clause__in=Clause.objects.visible_to(actor))

    def running(self) -> Self:
        return self.exclude(state__in=CLOSED_STATES)

    def late(self, today: date) -> Self:
        """Running after their end with hours left."""
        return self.running().filter(ends_on__lt=today, validated__lt=F("owed"))


class Obligation(Totals):
    """The hours a contract owes under its clause."""

    clause = models.OneToOneField(
        Clause, models.PROTECT, related_name="obligation", verbose_name=_("clause")
    )
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="obligations", verbose_name=_("scheme"))
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("buyer"))
    starts_on = models.DateField(_("start of performance"))
    ends_on = models.DateField(_("end of performance"))
    state = models.CharField(
        _("state"), max_length=15, choices=ObligationState, default=ObligationState.ACTIVE
    )
    kicked_off_on = models.DateField(_("kick-off meeting"), null=True, blank=True)
    contact_name = models.CharField(_("correspondent named by the holder"), max_length=120, blank=True)
    contact_email = models.EmailField(_("e-mail of the correspondent"), blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        constraints = [
            models.CheckConstraint(
                name="obligation_dates_in_order",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The end of performance cannot come before its start."),
            )
        ]
        indexes = [models.Index(fields=["scheme", "state"])]

    def __str__(self) -> str:
        return str(self.clause)


class Debtor(Totals):
    """A company that owes a part of the obligation; the parts add up to the whole."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="debtors")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="debts", verbose_name=_("company")
    )
    share = models.DecimalField(_("share"), max_digits=7, decimal_places=6, default=1)
    is_lead = models.BooleanField(_("lead partner"), default=False)

    class Meta:
        verbose_name = _("debtor")
        verbose_name_plural = _("debtors")
        ordering = ["-is_lead", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["obligation", "organisation"], name="debtor_once"),
            models.CheckConstraint(
                name="debtor_share_in_bounds",
                condition=Q(share__gte=0, share__lte=1),
                violation_error_message=_("A share lies between 0 and 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}"


class Entry(models.Model):
    """A dated, signed line of what is owed. Never edited: another entry corrects it."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="entries")
    debtor = models.ForeignKey(Debtor, models.CASCADE, related_name="entries")
    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind)
    effective_on = models.DateField(_("effective on"))
    hours = HundredthsField(_("hours"))
    wording = models.CharField(_("wording"), max_length=300)
    document = models.CharField(_("document"), max_length=200, blank=True)
    working = models.JSONField(_("working"), default=dict, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("entry of the ledger")
        verbose_name_plural = _("entries of the ledger")
        ordering = ["effective_on", "pk"]

    def __str__(self) -> str:
        return f"{self.effective_on} {self.wording} {self.hours}"


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, actor: Actor) -> Self:
        """People whose identity the actor may read: those its body follows, and those it employs.

        A buyer, a coordinator and elected members never read an identity.
        """
        if actor.role == Role.ELECTED:
            return self.none()
        employed = JobContract.objects.filter(
            Q(employer_id=actor.organisation_id) | Q(declared_by_id=actor.organisation_id)
        )
        return self.filter(Q(body_id=actor.organisation_id) | Q(pk__in=employed.values("person_id")))

    def followed_by(self, organisation_id: int) -> Self:
        return self.filter(body_id=organisation_id)


class Person(models.Model):
    """A participant: the least data, kept by the body that follows the person.

    The pseudonym is the same for the same name and birth date anywhere in the scheme; the number is what
    other bodies read instead of the name.
    """

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+")
    body = models.ForeignKey(
        Organisation, models.PROTECT, related_name="people", verbose_name=_("body following the person")
    )
    number = models.CharField(_("number"), max_length=20)
    pseudonym = models.CharField(max_length=64, db_index=True, editable=False)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    birth_date = models.DateField(_("birth date"))
    sex = models.CharField(_("sex"), max_length=1, choices=Sex, blank=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    created_at = models.DateTimeField(_("created"))

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="person_number_once"),
            models.UniqueConstraint(
                fields=["body", "pseudonym"],
                name="person_once_per_body",
                violation_error_message=_("This person is already known to your body."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Eligibility(models.Model):
    """The facilitator's decision on a person: category, proof seen, certifier, dates. No scan is kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="eligibilities")
    category = models.CharField(_("category"), max_length=30, choices=Category)
    proof = models.CharField(_("proof seen"), max_length=200)
    proof_on = models.DateField(_("date of the proof"))
    proof_valid_until = models.DateField(_("proof valid until"), null=True, blank=True)
    certifier = models.CharField(_("certifier"), max_length=200)
    state = models.CharField(_("decision"), max_length=10, choices=EligibilityState)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    starts_on = models.DateField(_("eligible from"))
    ends_on = models.DateField(_("eligible until"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("eligibility")
        verbose_name_plural = _("eligibilities")
        ordering = ["-decided_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_category_display()}"


class JobContractQuerySet(models.QuerySet["JobContract"]):
    def visible_to(self, actor: Actor) -> Self:
        """Job contracts of the people whose identity one may read, in obligations one sees."""
        return self.filter(
            Q(person__body_id=actor.organisation_id)
            | Q(employer_id=actor.organisation_id)
            | Q(declared_by_id=actor.organisation_id),
            obligation__in=Obligation.objects.visible_to(actor),
        )

    def running_in(self, first_day: date, last_day: date) -> Self:
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=first_day), starts_on__lte=last_day)


class JobContract(models.Model):
    """One job of one person for one obligation: employer, kind, mode, dates."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="job_contracts")
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="job_contracts")
    eligibility = models.ForeignKey(
        Eligibility, models.PROTECT, related_name="job_contracts", verbose_name=_("eligibility")
    )
    employer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("employer")
    )
    declared_by = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("body declaring the hours")
    )
    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="job_contracts", verbose_name=_("debtor"))
    kind = models.CharField(_("kind of job contract"), max_length=10, choices=JobKind)
    mode = models.CharField(_("mode"), max_length=15, choices=Mode)
    job = models.CharField(_("job"), max_length=120)
    starts_on = models.DateField(_("start"))
    ends_on = models.DateField(_("end"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))

    objects = JobContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("job contract")
        verbose_name_plural = _("job contracts")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="job_dates_in_order",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The end of the job cannot come before its start."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.job}"


class StatementQuerySet(models.QuerySet["Statement"]):
    def visible_to(self, actor: Actor) -> Self:
        """Own statements for who declares; sent ones for the other parties of the clause."""
        return self.filter(
            Q(declarant_id=actor.organisation_id)
            | Q(state=StatementState.SUBMITTED, obligation__clause__parties__organisation_id=actor.organisation_id,
                obligation__clause__parties__part="facilitator", obligation__clause__parties__ends_on=None),
            obligation__in=Obligation.objects.visible_to(actor),
        ).distinct()


class Statement(models.Model):
    """The hours of one month, declared by one body for one obligation."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="statements")
    declarant = models.ForeignKey(
        Organisation, models.PROTECT, related_name="statements", verbose_name=_("declared by")
    )
    month = models.DateField(_("month"), help_text=_("First day of the month."))
    origin = models.CharField(_("origin"), max_length=10, choices=StatementOrigin)
    state = models.CharField(
        _("state"), max_length=10, choices=StatementState, default=StatementState.DRAFT
    )
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


class StatementLineQuerySet(models.QuerySet["StatementLine"]):
    def visible_to(self, actor: Actor) -> Self:
        """Lines of the obligations one sees; drafts for their author only."""
        return self.filter(
            Q(statement__declarant_id=actor.organisation_id) | ~Q(state=LineState.DRAFT),
            obligation__in=Obligation.objects.visible_to(actor),
        )

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
    note = models.CharField(_("note"), max_length=300, blank=True)
    declared_at = models.DateTimeField(_("declared"), null=True, blank=True)
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
                condition=Q(corrects=None) & ~Q(state="rejected"),
                name="line_once",
                violation_error_message=_("The hours of this person are already declared for this period."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_contract_id} · {self.month:%Y-%m} · {self.hours}"


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
