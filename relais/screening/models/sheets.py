"""The result of the screening of each lot, the opportunity sheet, the opinions and the thread around it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relais.core.calibration import YEAR, Calibration, Formula, FrameworkCalibration, Rounding
from relais.core.duty import DerogationCase
from relais.core.regime import Modality, Regime
from relais.core.words import Words
from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField
from relais.kit.words import say
from relais.organisations.enums import Role
from relais.organisations.models import Organisation, Scheme
from relais.procurement.models import Lot
from relais.screening.enums import (
    OPEN_STATES,
    OpinionAnswer,
    OpportunityState,
    RejectionCase,
)
from relais.screening.models.derogations import DEROGATIONS
from relais.screening.models.parameters import Trade

MODALITIES = [(modality.value, modality.value) for modality in Modality]
FORMULAS = [(formula.value, formula.value) for formula in Formula]
ROUNDINGS = [(rounding.value, rounding.value) for rounding in Rounding]
REGIMES = [(regime.value, regime.value) for regime in Regime]
"""The sentences of these lists belong to the core: screens say them with `.words`."""


def asked_lots(actor: Actor) -> models.QuerySet[Lot]:
    """Lots on which the actor's facilitator body was asked an opinion."""
    asked = OpinionRequest.objects.filter(facilitator_id=actor.organisation_id)
    return Lot.objects.filter(pk__in=asked.values("opportunity__lot_id"))


def lots_open_to(actor: Actor) -> models.QuerySet[Lot]:
    """The lots whose sheet an actor reads: those of the purchases he reads, those he was asked about."""
    if actor.role == Role.ELECTED:
        return Lot.objects.none()
    visible = Lot.objects.visible_to(actor)
    return Lot.objects.filter(Q(pk__in=visible.values("pk")) | Q(pk__in=asked_lots(actor).values("pk")))


class OfLotQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the lots the actor reads, and those on which he was asked an opinion."""
        return self.filter(lot__in=lots_open_to(actor))


class ScreeningResult(models.Model):
    """What the screening says of a lot: recomputed whenever its facts or the parameters change."""

    lot = models.OneToOneField(Lot, models.CASCADE, related_name="screening", verbose_name=_("lot"))
    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="+", verbose_name=_("scheme"))
    trade = models.ForeignKey(
        Trade, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("trade")
    )
    score = models.PositiveSmallIntegerField(_("score"))
    lever = models.CharField(_("modality proposed"), max_length=30, choices=MODALITIES, blank=True)
    article = models.CharField(_("article"), max_length=200, blank=True)
    regime = models.CharField(_("legal regime"), max_length=10, choices=REGIMES, blank=True)
    hours = HundredthsField(_("hours that can be asked"), null=True, blank=True)
    amount = HundredthsField(_("amount excluding tax (€)"), null=True, blank=True)
    structures = models.PositiveIntegerField(
        _("structures around that may answer"),
        null=True,
        blank=True,
        help_text=_("Empty when the offer around is not known."),
    )
    launched_on = models.DateField(_("launch date used"), null=True, blank=True)
    is_awarded = models.BooleanField(_("already awarded"), default=False)
    has_consideration = models.BooleanField(_("social consideration published"), default=False)
    duty_applies = models.BooleanField(_("social duty applies"), default=False)
    duty_satisfied = models.BooleanField(_("social duty met"), default=True)
    reasons = models.JSONField(default=list)
    working = models.JSONField(null=True, blank=True)
    fingerprint = models.CharField(max_length=64)
    as_of = models.DateField(_("parameters of"))
    computed_at = models.DateTimeField(_("computed"))

    objects = OfLotQuerySet.as_manager()

    class Meta:
        verbose_name = _("screening of a lot")
        verbose_name_plural = _("screenings of lots")
        ordering = ["-score", "pk"]
        indexes = [
            models.Index(fields=["scheme", "-score", "lot"], name="screening_best_first"),
            models.Index(fields=["scheme", "trade"], name="screening_by_trade"),
        ]

    def __str__(self) -> str:
        return f"{self.score} · {self.lot}"

    @property
    def opportunity(self) -> "Opportunity | None":
        """The sheet of the lot, if somebody opened it."""
        return getattr(self.lot, "opportunity", None)

    @property
    def state(self) -> OpportunityState:
        """Detected as long as nobody opened the sheet."""
        return OpportunityState(self.opportunity.state) if self.opportunity else OpportunityState.DETECTED

    @property
    def known_hours(self) -> Decimal | None:
        """The hours saved on the sheet, else those the screening proposes."""
        saved = self.opportunity.assumptions if self.opportunity else None
        return saved.hours if saved else self.hours

    @property
    def contract_id_given(self) -> str:
        contract = getattr(self.lot, "contract", None)
        return contract.source_id if contract else ""

    @property
    def lever_words(self) -> Words | None:
        return Modality(self.lever).words if self.lever else None

    @property
    def regime_words(self) -> Words | None:
        return Regime(self.regime).words if self.regime else None

    @property
    def sentences(self) -> list[str]:
        """The reasons in the reader's language, those with points first told with their points."""
        return [say(Words.from_dict(reason)) for reason in self.reasons]

    @property
    def calibration(self) -> Calibration | FrameworkCalibration | None:
        return calibration_from(self.working)


def calibration_from(kept: dict[str, Any] | None) -> Calibration | FrameworkCalibration | None:
    """The calibration kept as JSON, with its working."""
    if not kept:
        return None
    if kept["formula"] == Formula.FRAMEWORK:
        return FrameworkCalibration.from_dict(kept)
    return Calibration.from_dict(kept)


class OpportunityQuerySet(OfLotQuerySet):
    def awaiting_decision(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def retained(self) -> Self:
        return self.filter(state__in=[OpportunityState.RETAINED, OpportunityState.DRAFTED])


class Opportunity(models.Model):
    """The sheet of a lot from the day somebody works on it. A lot without a sheet is only detected.

    `version` grows with every change: an act on a former version is refused as stale.
    """

    lot = models.OneToOneField(Lot, models.PROTECT, related_name="opportunity", verbose_name=_("lot"))
    state = models.CharField(
        _("state"), max_length=20, choices=OpportunityState, default=OpportunityState.DETECTED
    )
    version = models.PositiveIntegerField(default=1)
    assumptions = models.ForeignKey(
        "SavedAssumptions",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assumptions"),
    )
    modality = models.CharField(_("modality retained"), max_length=30, choices=MODALITIES, blank=True)
    rejection = models.CharField(_("reason of rejection"), max_length=20, choices=RejectionCase, blank=True)
    decision_reason = models.TextField(_("reason of the decision"), blank=True)
    derogation_case = models.CharField(_("derogation case"), max_length=30, choices=DEROGATIONS, blank=True)
    derogation_wording = models.TextField(
        _("wording of the derogation case"),
        blank=True,
        help_text=_("As the scheme worded it on the day of the decision; empty for the table of the law."),
    )
    derogation_reasons = models.TextField(_("reasons of the derogation"), blank=True)
    derogation_evidence = models.CharField(
        _("evidence of the derogation"),
        max_length=500,
        blank=True,
        help_text=_("The study, market sounding or document that shows it, and where it is kept."),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    next_act = models.CharField(_("next act"), max_length=200, blank=True)
    next_act_on = models.DateField(_("due"), null=True, blank=True)
    created_at = models.DateTimeField(_("opened"))

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        constraints = [
            models.CheckConstraint(
                name="open_sheet_has_no_decision",
                condition=~Q(state__in=[state.value for state in OPEN_STATES]) | Q(decided_at=None),
                violation_error_message=_("An opportunity under analysis has no decision yet."),
            ),
            models.CheckConstraint(
                name="rejection_says_why",
                condition=~Q(state=OpportunityState.REJECTED) | ~Q(rejection=""),
                violation_error_message=_("Say why the lot is left without a clause."),
            ),
            models.CheckConstraint(
                name="derogation_names_case_and_reasons",
                condition=~Q(state=OpportunityState.DEROGATED)
                | (~Q(derogation_case="") & ~Q(derogation_reasons="")),
                violation_error_message=_("A derogation names its case and its reasons."),
            ),
            models.CheckConstraint(
                name="retained_with_a_modality",
                condition=~Q(state=OpportunityState.RETAINED) | ~Q(modality=""),
                violation_error_message=_("A retained opportunity has a modality."),
            ),
        ]
        indexes = [models.Index(fields=["state", "lot"])]

    def __str__(self) -> str:
        return str(self.lot)

    def get_state(self) -> OpportunityState:
        return OpportunityState(self.state)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def modality_words(self) -> Words | None:
        return Modality(self.modality).words if self.modality else None

    @property
    def derogation_words(self) -> Words | str | None:
        """The case invoked, in the wording of the day of the decision."""
        if self.derogation_wording:
            return self.derogation_wording
        return DerogationCase(self.derogation_case).words if self.derogation_case else None


class SavedAssumptionsQuerySet(models.QuerySet["SavedAssumptions"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(opportunity__lot__in=lots_open_to(actor))


class SavedAssumptions(models.Model):
    """The numbers of a sheet as saved one day. Going back points at a former row; no row is edited."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="saved_assumptions")
    former = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    formula = models.CharField(_("formula"), max_length=20, choices=FORMULAS)
    amount = HundredthsField(_("amount excluding tax (€)"), null=True, blank=True)
    labour_share = models.DecimalField(
        _("labour share"), max_digits=7, decimal_places=6, null=True, blank=True
    )
    effort = models.DecimalField(_("insertion effort"), max_digits=7, decimal_places=6, null=True, blank=True)
    hourly_cost = HundredthsField(_("hourly cost (€/h)"), null=True, blank=True)
    duration_months = models.PositiveIntegerField(_("duration (months)"), null=True, blank=True)
    transferred_staff_share = models.DecimalField(
        _("share of staff taken over"), max_digits=7, decimal_places=6, default=Decimal(0)
    )
    season_months = models.PositiveSmallIntegerField(_("months of season in a year"), default=YEAR)
    labour_hours = HundredthsField(_("labour hours"), null=True, blank=True)
    hours_per_10k = HundredthsField(_("hours per 10,000 €"), null=True, blank=True)
    orders = models.JSONField(_("orders"), default=list, blank=True)
    rounding = models.CharField(_("rounding"), max_length=10, choices=ROUNDINGS, default=Rounding.UNIT)
    modality = models.CharField(_("modality"), max_length=30, choices=MODALITIES, blank=True)
    hours = HundredthsField(_("hours asked"), null=True, blank=True)
    working = models.JSONField(null=True, blank=True)
    saved_at = models.DateTimeField(_("saved"))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = SavedAssumptionsQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved assumptions")
        verbose_name_plural = _("saved assumptions")
        ordering = ["-saved_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.opportunity} · {self.saved_at:%Y-%m-%d %H:%M}"

    @property
    def calibration(self) -> Calibration | FrameworkCalibration | None:
        return calibration_from(self.working)


class OpinionRequestQuerySet(models.QuerySet["OpinionRequest"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those asked to the actor's body, and those of the opportunities it reads."""
        lots = Lot.objects.visible_to(actor)
        return self.filter(Q(facilitator_id=actor.organisation_id) | Q(opportunity__lot__in=lots))

    def unanswered(self) -> Self:
        return self.filter(answered_at=None)

    def to_remind(self, on: date, days: int) -> Self:
        """Those expected within so many days, or late, that nobody was reminded of."""
        return self.unanswered().filter(reminded_at=None, due_on__lte=on + timedelta(days=days))

    def to_escalate(self, on: date, days: int) -> Self:
        """Those late by so many days whose managers were not told."""
        return self.unanswered().filter(escalated_at=None, due_on__lte=on - timedelta(days=days))


class OpinionRequest(models.Model):
    """An opinion asked of a facilitator body on what the territory can offer, with its clock."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="opinions")
    facilitator = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("facilitator body")
    )
    question = models.TextField(_("question"), blank=True)
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField(_("expected by"))
    answer = models.CharField(_("opinion"), max_length=15, choices=OpinionAnswer, blank=True)
    text = models.TextField(_("grounds"), blank=True)
    people_available = models.PositiveSmallIntegerField(_("people available"), null=True, blank=True)
    hours_feasible = HundredthsField(_("hours feasible"), null=True, blank=True)
    structures = models.TextField(_("structures that could take part"), blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("told to the managers"), null=True, blank=True)
    answered_at = models.DateTimeField(_("given"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = OpinionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for an opinion")
        verbose_name_plural = _("requests for opinions")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "facilitator"],
                name="opinion_asked_once",
                violation_error_message=_("This body was already asked for its opinion."),
            ),
            models.CheckConstraint(
                name="opinion_given_iff_dated",
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                violation_error_message=_("An opinion that is given has its date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facilitator} · {self.opportunity}"


class SheetMessageQuerySet(models.QuerySet["SheetMessage"]):
    def visible_to(self, actor: Actor) -> Self:
        """The messages of the sheets one reads."""
        return self.filter(opportunity__lot__in=lots_open_to(actor))


class SheetMessage(models.Model):
    """A message of the thread of a sheet, between the people of the buyer and the facilitators asked."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="messages")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("body"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("message"))
    written_at = models.DateTimeField(_("written"))

    objects = SheetMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message of a sheet")
        verbose_name_plural = _("messages of sheets")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.opportunity} · {self.written_at:%Y-%m-%d %H:%M}"
