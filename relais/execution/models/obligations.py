"""What is owed, by whom: dated, signed entries, never an edited number."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from relais.clauses.models import Clause, Party, first_month_planned
from relais.execution.enums import CLOSED_STATES, EntryKind, ObligationState
from relais.execution.owing_enums import Liability
from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField
from relais.organisations.models import Organisation, Scheme


def read_whole(actor: Actor) -> Q:
    """The obligations an actor reads whole: buyer, coordinator, facilitator. Others read their own share."""
    return (
        Q(obligation__buyer_id=actor.organisation_id)
        | Q(obligation__scheme__coordinator_id=actor.organisation_id)
        | Q(obligation__clause__in=Clause.objects.followed_by(actor.organisation_id, actor.on))
    )


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

    def with_file(self) -> Self:
        """With what its page and its acts read of the clause and of its plan, in one query."""
        return self.annotate(planned_from=first_month_planned()).select_related(
            "buyer",
            "scheme__coordinator",
            "clause__scheme",
            "clause__buyer",
            "clause__lot",
            "clause__contract",
        )

    def with_parties(self) -> Self:
        """With the bodies that take part in the clause, in one query more."""
        parties = Party.objects.select_related("organisation")
        return self.prefetch_related(Prefetch("clause__parties", parties))

    def late(self, today: date) -> Self:
        """Running after their end with hours left."""
        return self.running().filter(ends_on__lt=today, validated__lt=F("owed"))


class Obligation(Totals):
    """The hours a contract owes under its clause."""

    clause = models.OneToOneField(Clause, models.PROTECT, related_name="obligation", verbose_name=_("clause"))
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
    final_account_on = models.DateField(_("final account"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    closing_reason = models.CharField(_("reason of the closing"), max_length=300, blank=True)
    reopening_reason = models.CharField(_("reason of the reopening"), max_length=300, blank=True)
    liability = models.CharField(
        _("who answers for the hours"), max_length=10, choices=Liability, blank=True, default=""
    )
    last_entry = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    planned_from: date | None
    """First month with hours in the plan of the kick-off, read by `with_file`."""

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

    def get_state(self) -> ObligationState:
        return ObligationState(self.state)

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED_STATES


class DebtorQuerySet(models.QuerySet["Debtor"]):
    def visible_to(self, actor: Actor) -> Self:
        """All debtors for who reads the whole obligation, one's own share otherwise."""
        return self.filter(
            read_whole(actor) | Q(organisation_id=actor.organisation_id),
            obligation__in=Obligation.objects.visible_to(actor),
        )


class Debtor(Totals):
    """A company that owes a part of the obligation; the parts add up to the whole."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="debtors")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="debts", verbose_name=_("company")
    )
    share = models.DecimalField(_("share"), max_digits=7, decimal_places=6, default=1)
    is_lead = models.BooleanField(_("lead partner"), default=False)

    objects = DebtorQuerySet.as_manager()

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


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, actor: Actor) -> Self:
        """All entries for who reads the whole obligation, those of one's own share otherwise."""
        return self.filter(
            read_whole(actor) | Q(debtor__organisation_id=actor.organisation_id),
            obligation__in=Obligation.objects.visible_to(actor),
        )

    def update(self, **kwargs: Any) -> int:
        raise TypeError("An entry is never edited: record another one that corrects it.")


class Entry(models.Model):
    """A dated, signed line of what is owed. Never edited: another entry corrects it.

    One act may write several rows, one per debtor: they share the `number` of the act in the obligation.
    """

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="entries")
    debtor = models.ForeignKey(Debtor, models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind)
    effective_on = models.DateField(_("effective on"))
    hours = HundredthsField(_("hours"))
    wording = models.CharField(_("wording"), max_length=300, blank=True)
    document = models.CharField(_("document"), max_length=200, blank=True)
    working = models.JSONField(_("working"), default=dict, blank=True)
    new_end = models.DateField(_("new end of performance"), null=True, blank=True)
    corrected_number = models.PositiveIntegerField(_("number of the entry corrected"), null=True, blank=True)
    under_rule = models.BooleanField(_("written under a rule of owing"), default=False)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the ledger")
        verbose_name_plural = _("entries of the ledger")
        ordering = ["effective_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["obligation", "number", "debtor"], name="entry_once_per_debtor"),
        ]

    def __str__(self) -> str:
        return f"{self.effective_on} {self.wording} {self.hours}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("An entry is never edited: record another one that corrects it.")
        super().save(*args, **kwargs)
