"""The charts of the consolidated pages: each answers a question; what was drawn once is kept a while."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext

from relais.insight.figures import WITH_OWED, Line, lines
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
    "category": gettext_lazy("To whom do the hours go?"),
    "sex": gettext_lazy("What share of the hours do women work?"),
    "job_kind": gettext_lazy("Under which job contracts are the hours worked?"),
    "buyer": gettext_lazy("Which buyers bring the hours?"),
}


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One dimension: its chart, and its lines for the table below."""

    name: str
    chart: Chart
    lines: list[Line]
    with_owed: bool
    filters: bool

    @property
    def masked(self) -> int:
        return sum(line.row.masked for line in self.lines)


FILTERS = ("department", "buyer", "modality", "sector", "mode", "category", "sex")
"""Dimensions that the sentence of the page can be narrowed by."""


def breakdown(found: Consolidated, dimension: str, names: Names) -> Breakdown:
    """The lines of a dimension and their drawing; masked lines are in the table alone."""
    rows = lines(found, dimension, names)
    draw = years if dimension == "year" else bars
    with_owed = dimension in WITH_OWED and not found.perimeter.by_job
    return Breakdown(dimension, draw(dimension, rows), rows, with_owed, dimension in FILTERS)


def bars(dimension: str, rows: Sequence[Line]) -> Chart:
    values = [(line.label, line.row.validated) for line in rows if not line.row.masked and line.row.validated]
    hidden = sum(line.row.masked for line in rows)
    said = ngettext("%(number)s value is masked.", "%(number)s values are masked.", hidden) if hidden else ""
    return kept(
        charts.bars,
        QUESTIONS[dimension],
        values,
        unit="h",
        limit=12,
        description=said % {"number": number(hidden)} if hidden else "",
    )


def years(dimension: str, rows: Sequence[Line]) -> Chart:
    owed, validated = pgettext("hours", "Owed"), pgettext("hours", "Validated")
    values = [
        point
        for line in rows
        for point in ((line.label, owed, line.row.owed), (line.label, validated, line.row.validated))
    ]
    return kept(charts.grouped_bars, QUESTIONS[dimension], rounded(values), unit="h")


def rounded(points: Sequence[tuple[str, str, Decimal]]) -> list[tuple[str, str, Decimal]]:
    """Whole hours: a drawing over ten years has no room for hundredths, the export has them."""
    return [(label, series, value.quantize(Decimal(1))) for label, series, value in points]


def kept(draw: Callable[..., Chart], title: Any, values: Sequence[Any], **options: Any) -> Chart:
    """Draw, or take the same drawing from the cache: the same figures in the same language."""
    said = repr((draw.__name__, str(title), values, sorted(options.items()), get_language()))
    key = f"insight.chart.{sha256(said.encode()).hexdigest()}"
    found = cache.get(key)
    if found is None:
        found = draw(str(title), values, **options)
        cache.set(key, found, DAY)
    return found  # type: ignore[no-any-return]
