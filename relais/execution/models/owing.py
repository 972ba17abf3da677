"""By what rule hours are owed, and what the rule is counted on: orders, invoices, hours worked, options.

None of these rows is the truth of the balance: each act on them writes an entry of the ledger.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from relais.core import owing as core
from relais.core.calibration import Rounding
from relais.execution.models.obligations import Debtor, Obligation, read_whole
from relais.execution.owing_enums import Basis, CallKind, OptionKind, OptionState, RuleKind
from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField
from relais.organisations.models import Organisation


def held_by(actor: Actor) -> Q:
    """The obligations of which the actor's body owes a part."""
    held = Debtor.objects.filter(organisation_id=actor.organisation_id)
    return Q(obligation__in=held.values("obligation_id"))


class OwingQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, actor: Actor) -> Self:
        """For who reads the whole obligation, and for all its holders: they signed the same rule."""
        return self.filter(
            read_whole(actor) | held_by(actor), obligation__in=Obligation.objects.visible_to(actor)
        )


class OwingRule(models.Model):
    """How the hours of an obligation are found from `starts_on` on; another rule follows or replaces it."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="rules")
    kind = models.CharField(_("kind of rule"), max_length=15, choices=RuleKind)
    basis = models.CharField(_("counted on"), max_length=10, choices=Basis)
    starts_on = models.DateField(_("in force from"))
    rounding = models.CharField(
        _("rounding of the true-up"),
        max_length=10,
        choices=[(step.value, step.value) for step in Rounding],
        default=Rounding.UNIT.value,
    )
    hours = HundredthsField(_("hours"), default=0)
    amount = HundredthsField(_("amount of the contract excluding tax"), default=0)
    labour_share = models.DecimalField(_("labour share"), max_digits=7, decimal_places=6, default=0)
    insertion_rate = models.DecimalField(_("insertion effort"), max_digits=7, decimal_places=6, default=0)
    hourly_cost = HundredthsField(_("hourly cost"), default=0)
    euros_per_hour = HundredthsField(_("amount that brings one hour"), default=0)
    document = models.CharField(_("document"), max_length=200)
    replaced_hours = HundredthsField(_("hours of the initial commitment it replaced"), default=0)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    objects = OwingQuerySet["OwingRule"].as_manager()

    class Meta:
        verbose_name = _("rule of owing")
        verbose_name_plural = _("rules of owing")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "starts_on"],
                condition=Q(replaced_at=None),
                name="one_rule_of_owing_a_day",
                violation_error_message=_("A rule starts on that day already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.as_rule().sentence())

    def as_rule(self) -> core.Rule:
        """The rule of the core that it keeps."""
        return core.Rule(
            kind=core.RuleKind(self.kind),
            basis=core.Basis(self.basis),
            starts_on=self.starts_on,
            rounding=Rounding(self.rounding),
            hours=self.hours,
            amount=self.amount,
            labour_share=self.labour_share,
            insertion_rate=self.insertion_rate,
            hourly_cost=self.hourly_cost,
            euros_per_hour=self.euros_per_hour,
        )


class CallQuerySet(OwingQuerySet["Call"]):
    def visible_to(self, actor: Actor) -> Self:
        """All for who reads the whole; a holder does not read those of another partner alone."""
        own = Q(debtor=None) | Q(debtor__organisation_id=actor.organisation_id)
        return self.filter(
            read_whole(actor) | held_by(actor) & own, obligation__in=Obligation.objects.visible_to(actor)
        )

    def live(self) -> Self:
        return self.filter(ended_at=None)


class Call(models.Model):
    """An order or an invoice of a contract. Never edited: corrected, another one replaces it."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="calls")
    kind = models.CharField(_("kind"), max_length=10, choices=CallKind)
    number = models.CharField(_("number"), max_length=60)
    on = models.DateField(_("date"))
    amount = HundredthsField(_("amount excluding tax"))
    label = models.CharField(_("object"), max_length=200, blank=True)
    debtor = models.ForeignKey(
        Debtor, models.CASCADE, null=True, blank=True, related_name="calls", verbose_name=_("company")
    )
    source_file = models.CharField(_("file it comes from"), max_length=200, blank=True)
    entry_number = models.PositiveIntegerField(_("number of its entry"))
    replaces = models.OneToOneField("self", models.CASCADE, null=True, blank=True, related_name="replaced_by")
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(_("cancelled or replaced"), null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ending_reason = models.CharField(_("reason"), max_length=300, blank=True)
    ending_number = models.PositiveIntegerField(_("number of the entry that ends it"), null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("order or invoice")
        verbose_name_plural = _("orders and invoices")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["obligation", "on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "kind", "number"],
                condition=Q(ended_at=None),
                name="call_once",
                violation_error_message=_("This number is recorded already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def as_item(self) -> core.Item:
        return core.Item(self.on, core.Basis(self.kind), self.amount)


class WorkedHours(models.Model):
    """All hours worked on the contract over a period, whoever worked them; corrected, another replaces it."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="worked")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    hours = HundredthsField(_("hours worked"))
    document = models.CharField(_("document"), max_length=200, blank=True)
    declared_by = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("declared by")
    )
    entry_number = models.PositiveIntegerField(_("number of its entry"))
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(_("replaced"), null=True, blank=True)
    ending_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = OwingQuerySet["WorkedHours"].as_manager()

    class Meta:
        verbose_name = _("hours worked on the contract")
        verbose_name_plural = _("hours worked on the contract")
        ordering = ["-ends_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "starts_on"], condition=Q(ended_at=None), name="worked_hours_once"
            ),
            models.CheckConstraint(
                name="worked_hours_in_order",
                condition=Q(ends_on__gte=F("starts_on"), hours__gte=0),
                violation_error_message=_("The period ends after it starts, and hours are not negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}: {self.hours}"

    def as_item(self) -> core.Item:
        return core.Item(self.ends_on, core.Basis.WORKED, self.hours)


class TrueUp(models.Model):
    """The entries of a rule compared with the rule, once for all that came until `settled_on`."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="true_ups")
    year = models.PositiveSmallIntegerField(_("year"))
    settled_on = models.DateField(_("counted until"))
    target = HundredthsField(_("hours by the rule"))
    written = HundredthsField(_("hours of the entries before"))
    entry_number = models.PositiveIntegerField(_("number of its entry"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = OwingQuerySet["TrueUp"].as_manager()

    class Meta:
        verbose_name = _("yearly true-up")
        verbose_name_plural = _("yearly true-ups")
        ordering = ["-settled_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.year}: {self.target}"


class ContractOption(models.Model):
    """An optional tranche or a renewal: its hours are owed once the buyer takes it up."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="options")
    kind = models.CharField(_("kind"), max_length=10, choices=OptionKind)
    label = models.CharField(_("name"), max_length=120)
    hours = HundredthsField(_("hours"))
    due_on = models.DateField(_("to be decided before"), null=True, blank=True)
    new_end = models.DateField(_("new end of performance"), null=True, blank=True)
    state = models.CharField(
        pgettext_lazy("option", "state"), max_length=10, choices=OptionState, default=OptionState.PLANNED
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    document = models.CharField(_("document"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    entry_number = models.PositiveIntegerField(_("number of its entry"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = OwingQuerySet["ContractOption"].as_manager()

    class Meta:
        verbose_name = _("tranche or renewal")
        verbose_name_plural = _("tranches and renewals")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["obligation", "kind", "label"], name="option_once"),
            models.CheckConstraint(
                name="option_adds_hours",
                condition=Q(hours__gt=0),
                violation_error_message=_("A tranche or a renewal adds hours: enter a number above zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.label}"

    def get_state(self) -> OptionState:
        return OptionState(self.state)
