"""The offers of a consultation, scored on the social criterion by the published grid. Confidential."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relais.clauses.enums import ScoringMethod, TenderState
from relais.clauses.models.clauses import Clause
from relais.core.scoring_grid import Grid, Method, SubCriterion
from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField
from relais.organisations.enums import Role
from relais.organisations.identifiers import shown_siret
from relais.organisations.models import Organisation, Scheme

ANALYSTS = (Role.OFFICER, Role.PURCHASER, Role.MANAGER)
"""Roles that read offers, at the buyer and at the coordinator of its scheme."""


def offers_read_by(actor: Actor) -> Q:
    """The clauses whose offers the actor reads: officers and purchasers of the buyer and of its scheme.

    A body that made an offer reads none, whatever else it does in the scheme.
    """
    if actor.role not in ANALYSTS:
        return Q(pk__in=[])
    coordinated = Scheme.objects.filter(coordinator_id=actor.organisation_id)
    own = Tender.objects.filter(organisation_id=actor.organisation_id)
    clauses = Clause.objects.filter(Q(buyer_id=actor.organisation_id) | Q(scheme__in=coordinated))
    return Q(clause__in=clauses.exclude(pk__in=own.values("clause_id")))


class ScoringGridQuerySet(models.QuerySet["ScoringGrid"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(offers_read_by(actor))


class ScoringGrid(models.Model):
    """The grid of the award criterion, as published. Frozen by the first score: it then changes no more.

    `asked` are the hours that every offer owes anyway, kept when the grid freezes: only those beyond count
    for the volume. Zero where the criterion stands alone.
    """

    clause = models.OneToOneField(
        Clause, models.CASCADE, related_name="scoring_grid", verbose_name=_("clause")
    )
    decimals = models.PositiveSmallIntegerField(_("decimals of the points"), default=1)
    source = models.CharField(_("where the grid comes from"), max_length=200, blank=True)
    asked = HundredthsField(_("hours asked of every offer"), default=0)
    written_at = models.DateTimeField(_("grid written"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    frozen_at = models.DateTimeField(_("grid frozen"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScoringGridQuerySet.as_manager()

    class Meta:
        verbose_name = _("scoring grid")
        verbose_name_plural = _("scoring grids")

    def __str__(self) -> str:
        return str(self.clause)

    def as_grid(self, weight: Decimal | None) -> Grid:
        """The grid as the calculation reads it; its lines are known by their number."""
        lines = tuple(
            SubCriterion(str(line.pk), line.title, line.points, Method(line.method))
            for line in self.lines.all()
        )
        return Grid(lines, weight, self.decimals)


class GridLine(models.Model):
    """A sub-criterion: what is appreciated, and the points it is worth."""

    grid = models.ForeignKey(ScoringGrid, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(_("rank"))
    title = models.CharField(_("sub-criterion"), max_length=120)
    wording = models.CharField(_("what is appreciated"), max_length=500, blank=True)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2)
    method = models.CharField(
        _("way of scoring"), max_length=10, choices=ScoringMethod, default=ScoringMethod.JUDGED
    )

    class Meta:
        verbose_name = _("sub-criterion")
        verbose_name_plural = _("sub-criteria")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["grid", "title"], name="sub_criterion_once"),
            models.CheckConstraint(
                name="sub_criterion_is_worth_points",
                condition=Q(points__gt=0),
                violation_error_message=_("A sub-criterion is worth points."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def follows_volume(self) -> bool:
        return self.method == ScoringMethod.VOLUME


class TenderQuerySet(models.QuerySet["Tender"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(offers_read_by(actor))

    def standing(self) -> Self:
        """Those that the analysis ranks."""
        return self.exclude(state=TenderState.ASIDE)


class Tender(models.Model):
    """An offer received: who makes it, and what it promises of insertion. `hours` are all those promised."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="tenders", verbose_name=_("clause"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("body")
    )
    name = models.CharField(_("tenderer"), max_length=200)
    identifier = models.CharField(_("SIREN or SIRET"), max_length=14, blank=True)
    hours = HundredthsField(_("hours promised"), null=True, blank=True)
    by_year = models.JSONField(_("hours by year"), default=list, blank=True)
    commitments = models.TextField(_("other commitments"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=TenderState, default=TenderState.RECEIVED)
    aside_reason = models.CharField(_("reason for setting aside"), max_length=300, blank=True)
    former_hours = HundredthsField(_("hours before the correction"), null=True, blank=True)
    correction = models.CharField(_("reason of the correction"), max_length=300, blank=True)
    corrected_at = models.DateTimeField(_("corrected"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TenderQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer received")
        verbose_name_plural = _("offers received")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "name"], name="tenderer_once"),
            models.UniqueConstraint(
                fields=["clause", "identifier"], condition=~Q(identifier=""), name="tenderer_number_once"
            ),
            models.UniqueConstraint(
                fields=["clause"], condition=Q(state="retained"), name="one_offer_retained"
            ),
            models.CheckConstraint(
                name="promise_not_negative",
                condition=Q(hours=None) | Q(hours__gte=0),
                violation_error_message=_("Hours promised cannot be negative."),
            ),
            models.CheckConstraint(
                name="aside_says_why",
                condition=~Q(state="aside") | ~Q(aside_reason=""),
                violation_error_message=_("Say why the offer is set aside."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_state(self) -> TenderState:
        return TenderState(self.state)

    @property
    def is_aside(self) -> bool:
        return self.state == TenderState.ASIDE

    @property
    def number_said(self) -> str:
        return shown_siret(self.identifier) if len(self.identifier) == 14 else self.identifier

    @property
    def years(self) -> list[Decimal]:
        """Hours promised year by year from the start; empty when the offer does not say."""
        return [Decimal(hours) for hours in self.by_year]


class ScoreQuerySet(models.QuerySet["Score"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(tender__in=Tender.objects.visible_to(actor))


class Score(models.Model):
    """What an offer receives for a sub-criterion, and why. Never edited: a correction replaces it and stays.

    `points` are empty when they follow the volume. `correction` says why it replaces the former one.
    """

    tender = models.ForeignKey(Tender, models.CASCADE, related_name="scores")
    line = models.ForeignKey(GridLine, models.PROTECT, related_name="scores")
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, null=True, blank=True)
    rationale = models.TextField(_("rationale"))
    correction = models.CharField(_("reason of the correction"), max_length=300, blank=True)
    scored_at = models.DateTimeField(_("scored"))
    scored_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["line__position", "scored_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tender", "line"], condition=Q(replaced_at=None), name="score_in_force_once"
            ),
            models.CheckConstraint(
                name="score_says_why",
                condition=~Q(rationale=""),
                violation_error_message=_("A score has its rationale."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tender} · {self.line}"
