"""The clause: what a contract asks, by which article, how its hours were sized, and who takes part."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relais.clauses.enums import ClauseState, Modality, Part, Regime
from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField
from relais.organisations.enums import Role
from relais.organisations.models import DatedRelation, Organisation, Scheme, in_force
from relais.procurement.models import Contract, Lot


class ClauseQuerySet(models.QuerySet["Clause"]):
    def visible_to(self, actor: Actor) -> Self:
        """Own clauses of a buyer, those of a coordinated scheme, and those one's body takes part in.

        A project lead reads those of the lots he originates; elected members read figures only.
        """
        if actor.role == Role.ELECTED:
            return self.none()
        own = Q(buyer_id=actor.organisation_id)
        if actor.role == Role.PROJECT_LEAD:
            return self.filter(own, lot__project_lead_id=actor.user_id)
        parts = Party.objects.filter(in_force(actor.on), organisation_id=actor.organisation_id)
        coordinated = Scheme.objects.filter(coordinator_id=actor.organisation_id)
        return self.filter(own | Q(scheme__in=coordinated) | Q(pk__in=parts.values("clause_id")))

    def followed_by(self, organisation_id: int, on: object) -> Self:
        """Clauses assigned to a facilitator body that day."""
        parts = Party.objects.filter(in_force(on), organisation_id=organisation_id, part=Part.FACILITATOR)  # type: ignore[arg-type]
        return self.filter(pk__in=parts.values("clause_id"))


class Clause(models.Model):
    """The insertion clause of one lot, with the calculation that sized it."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="clauses", verbose_name=_("scheme"))
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="clauses", verbose_name=_("buyer"))
    lot = models.OneToOneField(Lot, models.PROTECT, related_name="clause", verbose_name=_("lot"))
    contract = models.OneToOneField(
        Contract, models.PROTECT, null=True, blank=True, related_name="clause", verbose_name=_("contract")
    )
    reference = models.CharField(_("reference"), max_length=40)
    modality = models.CharField(_("modality"), max_length=30, choices=Modality)
    regime = models.CharField(_("legal regime"), max_length=10, choices=Regime)
    launched_on = models.DateField(_("launch date"))
    article = models.CharField(_("article"), max_length=200)
    hours = HundredthsField(_("hours committed"))
    working = models.JSONField(_("working of the hours"), default=dict, blank=True)
    trade = models.CharField(_("trade"), max_length=120, blank=True)
    sector = models.CharField(_("sector"), max_length=30, blank=True, db_index=True)
    unit_penalty = HundredthsField(_("penalty per missing hour (€)"), null=True, blank=True)
    wording = models.TextField(_("text of the clause"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ClauseState, default=ClauseState.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("written by")
    )
    created_at = models.DateTimeField(_("created"))

    objects = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        constraints = [
            models.UniqueConstraint(fields=["buyer", "reference"], name="clause_reference_once"),
            models.CheckConstraint(
                name="clause_hours_not_negative",
                condition=Q(hours__gte=0),
                violation_error_message=_("Hours committed cannot be negative."),
            ),
        ]
        indexes = [models.Index(fields=["scheme", "state"])]

    def __str__(self) -> str:
        return self.reference


class PartyQuerySet(models.QuerySet["Party"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(clause__in=Clause.objects.visible_to(actor))


class Party(DatedRelation):
    """A body takes part in a clause, from a day to another: the relation that opens the file to it."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="parts")
    part = models.CharField(_("part"), max_length=15, choices=Part)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.UniqueConstraint(
                fields=["clause", "organisation", "part"], condition=Q(ends_on=None), name="open_party_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_part_display()}"
