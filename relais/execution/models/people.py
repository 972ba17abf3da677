"""Who works: people known by a number, their eligibility, their jobs."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from relais.clauses.models import Clause
from relais.core.identity import normalise
from relais.execution.enums import Category, EligibilityState, JobKind, LineState, Mode, Sex
from relais.execution.models.obligations import Debtor, Obligation
from relais.kit.actor import Actor
from relais.kit.fields import total
from relais.organisations.enums import Role
from relais.organisations.models import Organisation, Scheme
from relais.territories.models import Commune


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, actor: Actor) -> Self:
        """People whose identity the actor may read: followed by its body, validated by it, or employed by it.

        A buyer, a coordinator and elected members never read an identity.
        """
        if actor.role == Role.ELECTED:
            return self.none()
        jobs = JobContract.objects.visible_to(actor)
        return self.filter(Q(body_id=actor.organisation_id) | Q(pk__in=jobs.values("person_id")))

    def followed_by(self, organisation_id: int) -> Self:
        return self.filter(body_id=organisation_id)

    def in_use(self) -> Self:
        """People whose file serves every day: neither archived nor made anonymous."""
        return self.filter(archived_on=None, anonymised_on=None)

    def search(self, text: str) -> Self:
        """People whose name holds every word typed, accents and case apart, or whose number is typed."""
        found = self
        for word in normalise([text]).split():
            found = found.filter(Q(search_name__contains=word) | Q(number__icontains=word))
        return found

    def with_eligibility(self) -> Self:
        """The last decision of each person, ready to be read."""
        last = Eligibility.objects.filter(person=models.OuterRef("pk")).order_by("-decided_at", "-pk")
        return self.annotate(
            last_state=models.Subquery(last.values("state")[:1]),
            last_category=models.Subquery(last.values("category")[:1]),
            eligible_until=models.Subquery(last.values("ends_on")[:1]),
        )


class PersonSeries(models.Model):
    """The last number given to a person in a scheme."""

    scheme = models.OneToOneField(Scheme, models.CASCADE, related_name="person_series")
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.scheme_id}: {self.last}"


class Person(models.Model):
    """A participant: the least data, kept by the body that follows the person.

    The pseudonym is the same for the same name and birth date anywhere in the scheme; the number is what
    other bodies read instead of the name. A record decided to be the same person as another counts under the
    pseudonym of that one, and keeps its own in `own_key` so that the decision can be undone.
    """

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+")
    body = models.ForeignKey(
        Organisation, models.PROTECT, related_name="people", verbose_name=_("body following the person")
    )
    number = models.CharField(_("number"), max_length=20)
    pseudonym = models.CharField(max_length=64, db_index=True, editable=False)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    search_name = models.CharField(max_length=400, db_index=True, editable=False, default="")
    birth_date = models.DateField(_("birth date"))
    sex = models.CharField(_("sex"), max_length=1, choices=Sex, blank=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    created_at = models.DateTimeField(_("created"))
    same_as = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="twins", verbose_name=_("same person as")
    )
    own_key = models.CharField(max_length=64, db_index=True, blank=True, default="", editable=False)
    archived_on = models.DateField(_("archived"), null=True, blank=True)
    anonymised_on = models.DateField(_("made anonymous"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="anonymous_left_use", condition=Q(anonymised_on=None) | Q(archived_on__isnull=False)
            ),
            models.UniqueConstraint(fields=["scheme", "number"], name="person_number_once"),
            models.UniqueConstraint(
                fields=["body", "pseudonym"],
                condition=Q(same_as=None),
                name="person_once_per_body",
                violation_error_message=_("This person is already known to your body."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def full_name(self) -> str:
        """The name as on the identity document; the number once the file left use."""
        return self.number if self.archived_on else f"{self.first_name} {self.last_name}"

    @property
    def category_label(self) -> str:
        """The category of the last decision, when read by `with_eligibility`."""
        category = getattr(self, "last_category", None)
        return str(Category(category).label) if category else ""


class EligibilityQuerySet(models.QuerySet["Eligibility"]):
    def visible_to(self, actor: Actor) -> Self:
        """Categories and proofs: for the body that follows the person, and the facilitators who validate."""
        followed = Clause.objects.followed_by(actor.organisation_id, actor.on)
        validated = JobContract.objects.filter(obligation__clause__in=followed)
        if actor.role == Role.ELECTED:
            return self.none()
        return self.filter(
            Q(person__body_id=actor.organisation_id) | Q(person_id__in=validated.values("person_id"))
        )

    def valid_on(self, day: date) -> Self:
        """Positive decisions that hold that day."""
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day, state=EligibilityState.VALIDATED
        )


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

    objects = EligibilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("eligibility")
        verbose_name_plural = _("eligibilities")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="eligibility_dates_in_order",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The end of the eligibility cannot come before its start."),
            ),
            models.CheckConstraint(
                name="refused_says_why",
                condition=Q(state="validated") | ~Q(reason=""),
                violation_error_message=_("Say why the person is not eligible."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_category_display()}"

    @property
    def working(self) -> Any:
        """How it was decided, kept with the decision; None for those older than the dated rules."""
        return getattr(self, "assessment", None)

    @property
    def is_positive(self) -> bool:
        return self.state == EligibilityState.VALIDATED

    def is_valid_on(self, day: date) -> bool:
        """Whether this decision makes the person eligible that day."""
        return self.is_positive and self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class JobContractQuerySet(models.QuerySet["JobContract"]):
    def visible_to(self, actor: Actor) -> Self:
        """Job contracts of the people whose identity one may read, in obligations one sees.

        The facilitator assigned reads them all; another body those of its own people or employees.
        """
        followed = Clause.objects.followed_by(actor.organisation_id, actor.on)
        return self.filter(
            Q(person__body_id=actor.organisation_id)
            | Q(employer_id=actor.organisation_id)
            | Q(declared_by_id=actor.organisation_id)
            | Q(obligation__clause__in=followed),
            obligation__in=Obligation.objects.visible_to(actor),
        )

    def running_in(self, first_day: date, last_day: date) -> Self:
        """Jobs that have a day at least between these two, both included."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=first_day), starts_on__lte=last_day)

    def with_hours(self) -> Self:
        """The hours of each job, validated and waiting."""
        lines = "lines__counted_hours"
        return self.annotate(
            validated_hours=total(lines, filter=Q(lines__state__in=(LineState.VALIDATED, LineState.LOCKED))),
            waiting_hours=total(lines, filter=Q(lines__state__in=(LineState.DECLARED, LineState.QUERIED))),
        )

    def outliving_eligibility(self) -> Self:
        """Jobs that go on after the eligibility they were opened with, which no later decision prolongs."""
        later = Eligibility.objects.filter(
            Q(ends_on=None) | Q(ends_on__gt=models.OuterRef("eligibility__ends_on")),
            person=models.OuterRef("person"),
            state=EligibilityState.VALIDATED,
        )
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=F("eligibility__ends_on")), ~models.Exists(later))


class JobContract(models.Model):
    """One job of one person for one obligation: employer, kind, mode, dates."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="job_contracts")
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="job_contracts")
    eligibility = models.ForeignKey(
        Eligibility, models.PROTECT, related_name="job_contracts", verbose_name=_("eligibility")
    )
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("employer"))
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
