"""Dated parameters by trade, the result of the screening of each lot, and the opportunity sheet.

Parameters are never edited: a row is followed by another that starts later. A row without scheme is a
default for all; a row of a scheme comes before the default from its start date.
"""

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from relais.core.calibration import Calibration, Formula, FrameworkCalibration, Rounding
from relais.core.duty import DerogationCase
from relais.core.regime import Modality, Regime
from relais.core.words import Words
from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField
from relais.kit.words import percent, say, with_unit
from relais.organisations.enums import Role
from relais.organisations.models import Organisation, Scheme
from relais.procurement.enums import LotNature
from relais.procurement.models import Lot
from relais.screening.enums import (
    OPEN_STATES,
    OpinionAnswer,
    OpportunityState,
    RejectionCase,
    RuleCode,
    RuleUnit,
    Sector,
)

MODALITIES = [(modality.value, modality.value) for modality in Modality]
DEROGATIONS = [(case.value, case.value) for case in DerogationCase]
FORMULAS = [(formula.value, formula.value) for formula in Formula]
ROUNDINGS = [(rounding.value, rounding.value) for rounding in Rounding]
REGIMES = [(regime.value, regime.value) for regime in Regime]
"""The sentences of these lists belong to the core: screens say them with `.words`."""


class Trade(models.Model):
    """A trade known by its French name; its figures are the dated rows of `TradeProfile`."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("trade"), max_length=120)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector)
    nature = models.CharField(_("nature"), max_length=10, choices=LotNature)
    words = models.JSONField(_("words of the object"), default=list)
    decisive_words = models.JSONField(_("words that win over the CPV code"), default=list)
    is_generic = models.BooleanField(_("too general to decide alone"), default=False)
    takes_over_staff = models.BooleanField(_("staff is often taken over"), default=False)
    is_reservable = models.BooleanField(_("often supplied by insertion structures"), default=False)

    class Meta:
        verbose_name = _("trade")
        verbose_name_plural = _("trades")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class TradeCpv(models.Model):
    """A prefix of CPV codes that means a trade; the longest prefix wins."""

    prefix = models.CharField(_("CPV prefix"), max_length=8, unique=True)
    trade = models.ForeignKey(Trade, models.CASCADE, related_name="cpvs", verbose_name=_("trade"))

    class Meta:
        verbose_name = _("CPV prefix of a trade")
        verbose_name_plural = _("CPV prefixes of trades")
        ordering = ["prefix"]

    def __str__(self) -> str:
        return self.prefix


class DatedRowQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """The default rows and those of the schemes the actor's body takes part in."""
        return self.filter(Q(scheme=None) | Q(scheme__in=Scheme.objects.visible_to(actor)))

    def for_scheme(self, scheme: Scheme) -> Self:
        return self.filter(Q(scheme=None) | Q(scheme=scheme))


class DatedRow(models.Model):
    """What every dated parameter says of itself: from when, from where, checked or not, typed by whom."""

    starts_on = models.DateField(_("in force from"))
    source = models.CharField(_("source"), max_length=300)
    verified = models.BooleanField(_("source verified"), default=False)
    entered_at = models.DateTimeField(_("entered"), default=timezone.now)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("A dated parameter is never edited: add a row that starts later.")
        super().save(*args, **kwargs)


class TradeProfile(DatedRow):
    """The figures of a trade from a date: labour share, cost, effort, openness of its posts."""

    scheme = models.ForeignKey(
        Scheme, models.CASCADE, null=True, blank=True, related_name="trade_profiles", verbose_name=_("scheme")
    )
    trade = models.ForeignKey(Trade, models.CASCADE, related_name="profiles", verbose_name=_("trade"))
    labour_share = models.DecimalField(_("labour share"), max_digits=5, decimal_places=4)
    labour_low = models.DecimalField(_("usual low"), max_digits=5, decimal_places=4, null=True, blank=True)
    labour_high = models.DecimalField(_("usual high"), max_digits=5, decimal_places=4, null=True, blank=True)
    hourly_cost = models.DecimalField(
        _("hourly cost (€/h)"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    effort = models.DecimalField(_("insertion effort"), max_digits=5, decimal_places=4, null=True, blank=True)
    hours_per_10k = models.DecimalField(
        _("hours per 10,000 €"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    openness = models.DecimalField(_("openness of the posts"), max_digits=4, decimal_places=3)

    objects = DatedRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("figures of a trade")
        verbose_name_plural = _("figures of trades")
        ordering = ["trade", "-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="trade_shares_in_bounds",
                condition=Q(labour_share__gte=0, labour_share__lte=1, openness__gte=0, openness__lte=1)
                & (Q(effort=None) | Q(effort__gte=0, effort__lte=1)),
                violation_error_message=_("A share lies between 0 and 100 %."),
            ),
            models.CheckConstraint(
                name="trade_cost_positive",
                condition=Q(hourly_cost=None) | Q(hourly_cost__gt=0),
                violation_error_message=_("An hourly cost is above zero."),
            ),
        ]
        indexes = [models.Index(fields=["trade", "scheme", "starts_on"])]

    def __str__(self) -> str:
        return f"{self.trade} · {self.starts_on}"


class ScreeningRule(DatedRow):
    """A test of the screening from a date: its weight in points, and from where to where it counts."""

    scheme = models.ForeignKey(
        Scheme,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="screening_rules",
        verbose_name=_("scheme"),
    )
    code = models.CharField(_("rule"), max_length=30, choices=RuleCode)
    weight = models.PositiveSmallIntegerField(_("points"), default=0)
    threshold = models.DecimalField(_("from"), max_digits=12, decimal_places=4, null=True, blank=True)
    comfortable = models.DecimalField(_("full at"), max_digits=12, decimal_places=4, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=10, choices=RuleUnit, default=RuleUnit.NONE, blank=True)

    objects = DatedRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of the screening")
        verbose_name_plural = _("rules of the screening")
        ordering = ["code", "-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="rule_ramp_goes_up",
                condition=Q(threshold=None) | Q(comfortable=None) | Q(comfortable__gt=models.F("threshold")),
                violation_error_message=_("The full value comes above the first one."),
            ),
            models.CheckConstraint(
                name="rule_weight_is_a_score",
                condition=Q(weight__lte=100),
                violation_error_message=_("Points lie between 0 and 100."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} · {self.starts_on}"

    @property
    def threshold_shown(self) -> str:
        return self._shown(self.threshold)

    @property
    def comfortable_shown(self) -> str:
        return self._shown(self.comfortable)

    def _shown(self, value: Decimal | None) -> str:
        if value is None or self.unit == RuleUnit.NONE:
            return "–"
        return percent(value) if self.unit == RuleUnit.SHARE else with_unit(value, self.get_unit_display())


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
    derogation_reasons = models.TextField(_("reasons of the derogation"), blank=True)
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
    def derogation_words(self) -> Words | None:
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
