"""The kick-off of an awarded clause: who to call, the plan of hours, the minutes of the meeting."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from relais.clauses.enums import HOLDING_PARTS, CorrespondentRole, Part
from relais.clauses.models.clauses import Clause, Party
from relais.core.months import Month
from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField
from relais.organisations.models import Organisation, Scheme, in_force


def read_whole(actor: Actor) -> Q:
    """The clauses that the actor reads whole: buyer, coordinator, facilitator."""
    coordinated = Scheme.objects.filter(coordinator_id=actor.organisation_id)
    return (
        Q(clause__buyer_id=actor.organisation_id)
        | Q(clause__scheme__in=coordinated)
        | Q(clause__in=Clause.objects.followed_by(actor.organisation_id, actor.on))
    )


def parts_in_force(actor: Actor, *parts: Part) -> Q:
    """The clauses in which the actor's body takes one of these parts."""
    own = Party.objects.filter(in_force(actor.on), organisation_id=actor.organisation_id, part__in=parts)
    return Q(clause__in=own.values("clause_id"))


class CorrespondentQuerySet(models.QuerySet["Correspondent"]):
    def visible_to(self, actor: Actor) -> Self:
        """All for who reads the whole clause; others those of their body, the buyer and the facilitator."""
        leading = Party.objects.filter(in_force(actor.on), part=Part.FACILITATOR)
        accompanying = Q(organisation__in=leading.filter(clause=OuterRef("clause")).values("organisation_id"))
        own = Q(organisation_id=actor.organisation_id) | Q(organisation_id=models.F("clause__buyer_id"))
        return self.filter(
            read_whole(actor) | own | accompanying, clause__in=Clause.objects.visible_to(actor)
        )

    def named(self) -> Self:
        """Those still in charge."""
        return self.filter(ended_at=None)


class Correspondent(models.Model):
    """Who to call at a body about this clause: professional contact, one clause at a time."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="correspondents")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("body"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    role = models.CharField(_("charge"), max_length=15, choices=CorrespondentRole)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("professional e-mail"), blank=True)
    phone = models.CharField(_("professional telephone"), max_length=30, blank=True)
    named_at = models.DateTimeField(_("named"))
    ended_at = models.DateTimeField(_("in charge until"), null=True, blank=True)

    objects = CorrespondentQuerySet.as_manager()

    class Meta:
        verbose_name = _("correspondent")
        verbose_name_plural = _("correspondents")
        ordering = ["organisation__name", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                name="correspondent_can_be_reached",
                condition=~Q(email="") | ~Q(phone=""),
                violation_error_message=_("Give an e-mail address or a telephone number."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class HoursPlanQuerySet(models.QuerySet["HoursPlan"]):
    def visible_to(self, actor: Actor) -> Self:
        """Who reads the whole clause, and its holders: they agreed on it."""
        return self.filter(
            read_whole(actor) | parts_in_force(actor, *HOLDING_PARTS),
            clause__in=Clause.objects.visible_to(actor),
        )


class HoursPlan(models.Model):
    """The hours owed, month by month and trade by trade; its lines count what was owed when it was kept."""

    clause = models.OneToOneField(Clause, models.CASCADE, related_name="hours_plan")
    written_at = models.DateTimeField(_("plan kept"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = HoursPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan of hours")
        verbose_name_plural = _("plans of hours")

    def __str__(self) -> str:
        return str(self.clause)


class PlannedHours(models.Model):
    """Hours of a trade planned in a month, known by its first day."""

    plan = models.ForeignKey(HoursPlan, models.CASCADE, related_name="lines")
    month = models.DateField(_("month"))
    trade = models.CharField(_("trade"), max_length=120)
    hours = HundredthsField(_("hours"))

    class Meta:
        verbose_name = _("hours planned")
        verbose_name_plural = _("hours planned")
        ordering = ["month", "trade"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "month", "trade"], name="planned_once"),
            models.CheckConstraint(
                name="planned_hours_not_negative",
                condition=Q(hours__gte=0),
                violation_error_message=_("Planned hours cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{Month.of(self.month)} {self.trade}"


def first_month_planned() -> Subquery:
    """The first month with hours in the plan of a clause; annotates whatever has a `clause`."""
    planned = PlannedHours.objects.filter(hours__gt=0, plan__clause=OuterRef("clause_id"))
    return Subquery(planned.order_by("month").values("month")[:1])


class MinutesQuerySet(models.QuerySet["Minutes"]):
    def visible_to(self, actor: Actor) -> Self:
        """Who reads the whole clause, and its holders."""
        return self.filter(
            read_whole(actor) | parts_in_force(actor, *HOLDING_PARTS),
            clause__in=Clause.objects.visible_to(actor),
        )


class Minutes(models.Model):
    """What was said at the kick-off. Never edited: a correction replaces the minutes and keeps them."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="minutes")
    held_on = models.DateField(_("day of the meeting"))
    attendees = models.TextField(_("people present"))
    decisions = models.TextField(_("decisions"))
    next_steps = models.TextField(_("next steps"), blank=True)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = _("minutes of the kick-off")
        verbose_name_plural = _("minutes of kick-offs")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clause"], condition=Q(replaced_at=None), name="minutes_in_force_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.clause} · {self.held_on}"
