"""Totals that pages read instead of lines: written in the transaction of the act that changes them.

`HoursCell` adds up hours by month and by the dimensions of the consolidated page; `DebtMonth` tells which
obligations and companies stand behind a figure; `PersonYear` lets people be counted once. `HoursMargin` and
`HeadMargin` hold what a page of whole years shows (see `margins`).
`relais check-ledger` recounts them all from the entries and the lines.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from relais.execution.models import Debtor, Obligation
from relais.kit.fields import HundredthsField
from relais.organisations.models import Organisation, Scheme


class HoursByState(models.Model):
    """Hours of one cell, in each state."""

    declared = HundredthsField(default=0)
    queried = HundredthsField(default=0)
    validated = HundredthsField(default=0)
    rejected = HundredthsField(default=0)

    class Meta:
        abstract = True


class HoursCell(HoursByState):
    """Hours of a month in one combination of dimensions. What is owed has no mode, category, sex nor kind."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="+")
    month = models.DateField()
    buyer = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    department = models.CharField(max_length=3, blank=True)
    modality = models.CharField(max_length=30, blank=True)
    sector = models.CharField(max_length=30, blank=True)
    mode = models.CharField(max_length=15, blank=True)
    category = models.CharField(max_length=30, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    job_kind = models.CharField(max_length=10, blank=True)
    owed = HundredthsField(default=0)
    training = HundredthsField(default=0)

    class Meta:
        verbose_name = _("cell of hours")
        verbose_name_plural = _("cells of hours")
        constraints = [
            models.UniqueConstraint(
                fields=[
                    *("scheme", "month", "buyer", "department", "modality", "sector"),
                    *("mode", "category", "sex", "job_kind"),
                ],
                name="hours_cell_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.validated} h"


class DebtMonth(HoursByState):
    """Hours of a month for one debtor of one obligation: the rows behind a figure.

    `department` is the one under which `HoursCell` counts them: when the lot moves, it tells from where.
    """

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="+")
    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="+")
    debtor = models.ForeignKey(Debtor, models.CASCADE, related_name="+")
    month = models.DateField()
    department = models.CharField(max_length=3, blank=True)
    owed = HundredthsField(default=0)

    class Meta:
        verbose_name = _("month of a debtor")
        verbose_name_plural = _("months of debtors")
        constraints = [models.UniqueConstraint(fields=["debtor", "month"], name="debt_month_once")]
        indexes = [
            models.Index(fields=["scheme", "month"]),
            models.Index(fields=["obligation", "month"]),
        ]

    def __str__(self) -> str:
        return f"{self.debtor_id} {self.month:%Y-%m} {self.validated} h"


class PersonYear(models.Model):
    """Validated hours of one pseudonym in one year for one obligation, by category, mode and kind of job."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="+")
    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    pseudonym = models.CharField(max_length=64)
    sex = models.CharField(max_length=1, blank=True)
    category = models.CharField(max_length=30, blank=True)
    mode = models.CharField(max_length=15, blank=True)
    job_kind = models.CharField(max_length=10, blank=True)
    validated = HundredthsField(default=0)

    class Meta:
        verbose_name = _("year of a person")
        verbose_name_plural = _("years of people")
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "year", "pseudonym", "category", "mode", "job_kind"],
                name="person_year_once",
            )
        ]
        indexes = [
            models.Index(fields=["scheme", "year", "pseudonym"]),
            models.Index(fields=["scheme", "pseudonym"]),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.validated} h"


class Margin(models.Model):
    """A year of one value of one dimension, under one filter or none ("")."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="+", db_index=False)
    filter = models.CharField(max_length=10)
    value = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    dimension = models.CharField(max_length=10)
    key = models.CharField(max_length=30)

    class Meta:
        abstract = True


class HoursMargin(Margin, HoursByState):
    """The hours of that year, value and filter."""

    owed = HundredthsField(default=0)
    training = HundredthsField(default=0)

    class Meta:
        verbose_name = _("margin of hours")
        verbose_name_plural = _("margins of hours")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "filter", "value", "year", "dimension", "key"], name="hours_margin_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.dimension}={self.key} {self.validated} h"


class HeadMargin(Margin):
    """How many people that year had there, whom the same group last had in `former_year` (0: never)."""

    former_year = models.PositiveSmallIntegerField()
    number = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("margin of people")
        verbose_name_plural = _("margins of people")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "filter", "value", "year", "dimension", "key", "former_year"],
                name="head_margin_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.dimension}={self.key} {self.number}"
