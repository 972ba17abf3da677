"""What deserves a look, kept from the day it is seen to the day its cause is gone.

`relais compute-alerts` opens and closes these rows; people only write notes and put off. An alert names no
person: `working` holds the figures that make it true, `words` and `act` the sentences.
"""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relais.clauses.enums import HOLDING_PARTS
from relais.clauses.models import Clause, Party
from relais.core.months import Month
from relais.core.words import Words
from relais.execution.models import Obligation
from relais.kit.actor import Actor
from relais.kit.words import say, spoken
from relais.organisations.alerting import Code, Level, Recipient, told_to
from relais.organisations.enums import Role
from relais.organisations.models import Organisation, Scheme, in_force
from relais.procurement.models import Lot

OFFICE = {
    Role.MANAGER: (Recipient.OFFICER, Recipient.PURCHASER, Recipient.MANAGER),
    Role.OFFICER: (Recipient.OFFICER, Recipient.PURCHASER),
    Role.READER: (Recipient.OFFICER,),
    Role.PURCHASER: (Recipient.PURCHASER,),
    Role.PROJECT_LEAD: (Recipient.PROJECT_LEAD,),
}
"""What each role reads inside a buyer or a coordinator."""


def told(*recipients: Recipient) -> Q:
    """The alerts that one of these recipients is told of, by code and level."""
    pairs = {pair for recipient in recipients for pair in told_to(recipient)}
    return Q(*(Q(code=code, level=level) for code, level in sorted(pairs)), _connector=Q.OR)


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those told to the actor: by the office of a buyer, by the part its body takes in the clause.

        The body that has to act reads it, and the body of a manager to whom it was escalated. Elected members
        read figures only; a project lead the lots he originates.
        """
        if actor.role == Role.ELECTED:
            return self.none()
        body = actor.organisation_id
        office = told(*OFFICE[Role(actor.role)])
        if actor.role == Role.PROJECT_LEAD:
            return self.filter(office, buyer_id=body, lot__project_lead_id=actor.user_id)
        raised = Q(escalated_to__in=RAISED_TO_BUYER)
        coordinated = Q(scheme__coordinator_id=body) & (
            Q(obligation__isnull=False) | Q(lot__in=Lot.objects.visible_to(actor))
        )
        parts = Party.objects.filter(in_force(actor.on), organisation_id=body)
        held = parts.filter(part__in=HOLDING_PARTS).values("clause_id")
        followed = Clause.objects.followed_by(body, actor.on)
        return self.filter(
            (office | raised) & (Q(buyer_id=body) | coordinated)
            | Q(owner_id=body)
            | told(Recipient.FACILITATOR) & Q(obligation__clause__in=followed)
            | told(Recipient.HOLDER) & Q(obligation__clause__in=held, concerned_id=body)
            | told(Recipient.STRUCTURE) & Q(concerned_id=body)
        )

    def open(self) -> Self:
        return self.filter(closed_on=None)

    def awake(self, on: date) -> Self:
        """Open and not put off: what lists show."""
        return self.open().filter(Q(snoozed_until=None) | Q(snoozed_until__lte=on))

    def asleep(self, on: date) -> Self:
        """Open and put off until a day to come."""
        return self.open().filter(snoozed_until__gt=on)

    def with_bodies(self) -> Self:
        return self.select_related(
            "buyer",
            "facilitator",
            "owner",
            "concerned",
            "obligation__clause",
            "lot__department",
            "snoozed_by",
        )


class EscalatedTo(models.TextChoices):
    """To whom an alert goes when nothing is done."""

    OWNER_MANAGER = "owner_manager", _("Manager of the body that has to act")
    BUYER_OFFICER = "buyer_officer", _("Clause officer of the buyer")
    BUYER_MANAGER = "buyer_manager", _("Manager of the buyer")
    COORDINATOR = "coordinator", _("Coordinator of the scheme")


RAISED_TO_BUYER = (EscalatedTo.BUYER_OFFICER, EscalatedTo.BUYER_MANAGER, EscalatedTo.COORDINATOR)


class Alert(models.Model):
    """One thing to look at. It closes by itself when the cause is gone; the next one is another row."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="alerts", verbose_name=_("scheme"))
    code = models.CharField(_("code"), max_length=4, choices=Code)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    rank = models.PositiveSmallIntegerField(editable=False, default=0)
    key = models.CharField(max_length=60, editable=False)
    obligation = models.ForeignKey(Obligation, models.CASCADE, null=True, related_name="alerts")
    lot = models.ForeignKey(Lot, models.CASCADE, null=True, related_name="+")
    buyer = models.ForeignKey(
        Organisation, models.CASCADE, null=True, related_name="+", verbose_name=_("buyer")
    )
    facilitator = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, related_name="+", verbose_name=_("facilitator body")
    )
    owner = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", verbose_name=_("body that has to act")
    )
    concerned = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    words = models.JSONField(_("what is seen"))
    act = models.JSONField(_("next act"))
    working = models.JSONField(_("working"), default=list)
    page = models.CharField(max_length=60)
    place = models.JSONField(default=dict)
    due_on = models.DateField(_("due"), null=True)
    opened_on = models.DateField(_("since"))
    closed_on = models.DateField(_("closed"), null=True)
    acted_on = models.DateField(_("last act"))
    escalates_on = models.DateField(_("escalates"), null=True)
    escalates_to = models.CharField(_("escalates to"), max_length=15, choices=EscalatedTo, blank=True)
    escalated_on = models.DateField(_("escalated"), null=True)
    escalated_to = models.CharField(_("escalated to"), max_length=15, choices=EscalatedTo, blank=True)
    snoozed_until = models.DateField(_("put off until"), null=True)
    snooze_reason = models.CharField(_("reason"), max_length=300, blank=True)
    snoozed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    snoozed_at = models.DateTimeField(_("put off on"), null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "code", "key"], condition=Q(closed_on=None), name="alert_open_once"
            ),
            models.CheckConstraint(
                name="snooze_says_why",
                condition=Q(snoozed_until=None) | ~Q(snooze_reason=""),
                violation_error_message=_("Say why the alert is put off."),
            ),
        ]
        indexes = [
            models.Index(fields=["scheme", "closed_on"]),
            models.Index(fields=["owner", "closed_on"]),
            models.Index(fields=["buyer", "closed_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.key}"

    def get_level(self) -> Level:
        return Level(self.level)

    @property
    def sentence(self) -> str:
        """What is seen; a kept month is a month again."""
        words = Words.from_dict(self.words)
        month = words.params.get("month")
        if isinstance(month, date):
            words = Words(words.text, {**words.params, "month": Month.of(month)})
        return say(words)

    @property
    def act_words(self) -> str:
        return say(Words.from_dict(self.act))

    @property
    def figures(self) -> list[tuple[str, str]]:
        """The figures that make it true: label and value, in the reader's language."""
        found = []
        for row in self.working:
            kept = Words.from_dict({"text": row["text"], "params": dict(enumerate(row["values"]))})
            found.append(
                (say(Words(row["text"])), " – ".join(spoken(value) for value in kept.params.values()))
            )
        return found

    def is_late(self, on: date) -> bool:
        return self.due_on is not None and self.due_on < on

    def is_asleep(self, on: date) -> bool:
        return self.snoozed_until is not None and self.snoozed_until > on

    @property
    def reference(self) -> str:
        """The clause, or the lot, it is about."""
        if self.obligation is not None:
            return self.obligation.clause.reference
        return str(self.lot) if self.lot is not None else ""

    @property
    def facilitates(self) -> bool:
        """Whether somebody of a facilitator body has to act."""
        return self.owner_id == self.facilitator_id


class AlertNoteQuerySet(models.QuerySet["AlertNote"]):
    def visible_to(self, actor: Actor) -> Self:
        """The notes of one's own body, and those of the bodies that follow the clause among themselves."""
        return self.filter(alert__in=Alert.objects.visible_to(actor)).filter(
            Q(organisation_id=actor.organisation_id)
            | Q(alert__buyer_id=actor.organisation_id)
            | Q(alert__facilitator_id=actor.organisation_id)
            | Q(alert__scheme__coordinator_id=actor.organisation_id)
        )


class AlertNote(models.Model):
    """What somebody did or learnt about an alert; a note is an act, it puts the escalation off."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="notes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("body"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.CharField(_("note"), max_length=500)
    written_at = models.DateTimeField(_("written"))

    objects = AlertNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on an alert")
        verbose_name_plural = _("notes on alerts")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.written_at:%Y-%m-%d}"


class EscalationRuleQuerySet(models.QuerySet["EscalationRule"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(scheme__in=Scheme.objects.visible_to(actor))


class EscalationRule(models.Model):
    """After so many days without an act, an alert of this level is told to somebody else.

    Dated, never edited. No day means that it stays where it is.
    """

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="+", verbose_name=_("scheme"))
    level = models.CharField(_("level"), max_length=10, choices=Level)
    days = models.PositiveSmallIntegerField(_("days without an act"), null=True, blank=True)
    to = models.CharField(_("told to"), max_length=15, choices=EscalatedTo, blank=True)
    starts_on = models.DateField(_("in force from"))
    source = models.CharField(_("source"), max_length=300)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    entered_at = models.DateTimeField(_("entered"))

    objects = EscalationRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of escalation")
        verbose_name_plural = _("rules of escalation")
        ordering = ["level", "-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="escalation_has_days_and_recipient",
                condition=Q(days=None, to="") | (Q(days__gt=0) & ~Q(to="")),
                violation_error_message=_("Give the days and to whom it is told, or neither."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.days} {self.to}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("A rule is never edited: add one that starts later.")
        super().save(*args, **kwargs)
