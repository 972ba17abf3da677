"""The charts of the consolidated pages: each answers a question; what was drawn once is kept a while."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext

from relais.insight.figures import WITH_OWED, Line, lines
from relais.insight.perimeter import Perimeter
from relais.insight.queries.consolidated import Consolidated
from relais.insight.queries.names import Names
from relais.kit import charts
from relais.kit.charts import Chart
from relais.kit.words import number

DAY = 24 * 3600
QUESTIONS = {
    "year": gettext_lazy("Do validated hours follow the hours owed, year after year?"),
    "department": gettext_lazy("Where are the hours worked?"),
    "sector": gettext_lazy("Do clauses reach beyond construction?"),
    "modality": gettext_lazy("By which legal modalities are the hours worked?"),
    "mode": gettext_lazy("How do companies perform the hours?"),
    "family": gettext_lazy("Do the hours go through structures, or to people validated one by one?"),
    "category": gettext_lazy("To whom do the hours go?"),
    "sex": gettext_lazy("What share of the hours do women work?"),
    "job_kind": gettext_lazy("Under which job contracts are the hours worked?"),
    "buyer": gettext_lazy("Which buyers bring the hours?"),
}

HEADS = {
    "year": gettext_lazy("Year"),
    "department": gettext_lazy("Department"),
    "sector": gettext_lazy("Sector"),
    "modality": gettext_lazy("Modality"),
    "mode": gettext_lazy("Mode"),
    "family": gettext_lazy("Way in"),
    "category": gettext_lazy("Category"),
    "sex": gettext_lazy("Sex"),
    "job_kind": gettext_lazy("Job contract"),
    "buyer": gettext_lazy("Buyer"),
}
"""What the lines of a breakdown are, at the head of its table."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One dimension: its chart, and its lines for the table below."""

    name: str
    chart: Chart
    lines: list[Line]
    with_owed: bool
    perimeter: Perimeter
    validated: Decimal

    @property
    def head(self) -> str:
        return str(HEADS[self.name])

    @property
    def filters(self) -> bool:
        """Whether the page can be narrowed to one of these values."""
        return self.name in FILTERS

    @property
    def shown(self) -> list[Line]:
        """The lines that have figures, the last year first."""
        lines = [line for line in self.lines if not line.row.masked]
        return lines[::-1] if self.name == "year" else lines

    @property
    def masked(self) -> str:
        """How many values are masked, in words; empty when none is."""
        number_masked = sum(line.row.masked for line in self.lines)
        return masked_values(number_masked) if number_masked else ""

    @property
    def masked_hours(self) -> Decimal:
        """The validated hours of the masked values together: what the others leave of the total."""
        return self.validated - sum((line.row.validated for line in self.shown), Decimal(0))


FILTERS = ("year", "department", "buyer", "modality", "sector", "mode", "category", "sex")
"""Dimensions that the sentence of the page can be narrowed by."""


def breakdown(found: Consolidated, dimension: str, names: Names) -> Breakdown:
    """The lines of a dimension and their drawing; masked lines are in the table alone."""
    rows = lines(found, dimension, names)
    with_owed = dimension in WITH_OWED and not found.perimeter.by_job
    chart = years(rows, with_owed=with_owed) if dimension == "year" else bars(dimension, rows)
    return Breakdown(dimension, chart, rows, with_owed, found.perimeter, found.totals.validated)


def masked_values(number_masked: int) -> str:
    some = ngettext("%(number)s value masked", "%(number)s values masked", number_masked)
    return some % {"number": number(number_masked)}


def bars(dimension: str, rows: Sequence[Line]) -> Chart:
    values = [(line.label, whole(line.row.validated)) for line in rows if line.row.validated]
    hidden = sum(line.row.masked for line in rows)
    said = masked_values(hidden) if hidden else ""
    return kept(charts.bars, QUESTIONS[dimension], values, unit="h", limit=12, description=said)


def years(rows: Sequence[Line], *, with_owed: bool) -> Chart:
    owed, validated = pgettext("hours", "Owed"), pgettext("hours", "Validated")
    values = []
    for line in rows:
        if not line.row.masked:
            values += [(line.label, owed, whole(line.row.owed))] if with_owed else []
            values.append((line.label, validated, whole(line.row.validated)))
    return kept(charts.grouped_bars, QUESTIONS["year"], values, unit="h")


def whole(hours: Decimal) -> Decimal:
    """Whole hours: a drawing has no room for hundredths, the table beside it has them."""
    return hours.quantize(Decimal(1), ROUND_HALF_UP)


def kept(draw: Callable[..., Chart], title: Any, values: Sequence[Any], **options: Any) -> Chart:
    """Draw, or take the same drawing from the cache: the same figures in the same language."""
    said = repr((draw.__name__, str(title), values, sorted(options.items()), get_language()))
    key = f"insight.chart.{sha256(said.encode()).hexdigest()}"
    found = cache.get(key)
    if found is None:
        found = draw(str(title), values, **options)
        cache.set(key, found, DAY)
    return found  # type: ignore[no-any-return]
