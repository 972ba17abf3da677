"""Dated parameters by trade, and the rules of the screening.

Parameters are never edited: a row is followed by another that starts later. A row without scheme is a
default for all; a row of a scheme comes before the default from its start date.
"""

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from relais.core.calibration import YEAR
from relais.kit.actor import Actor
from relais.kit.words import percent, with_unit
from relais.organisations.models import Scheme
from relais.procurement.enums import LotNature
from relais.screening.enums import (
    RuleCode,
    RuleUnit,
    Sector,
)


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

    def for_scheme(self, scheme: Scheme | OuterRef) -> Self:
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
    season_months = models.PositiveSmallIntegerField(
        _("months of season in a year"),
        null=True,
        blank=True,
        help_text=_("Months a year in which this trade hires; empty when it works all year."),
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
                name="trade_season_in_a_year",
                condition=Q(season_months=None) | Q(season_months__gte=1, season_months__lte=YEAR),
                violation_error_message=_("A season lasts 1 to 12 months a year."),
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
