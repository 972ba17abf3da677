"""The figures of the consolidated pages: their words, their definitions, and how they are told."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from relais.clauses.enums import Modality
from relais.execution.enums import Category, JobKind, Mode, Sex
from relais.insight.perimeter import Perimeter
from relais.insight.queries.consolidated import Consolidated
from relais.insight.queries.dimensions import Row
from relais.insight.queries.names import Names
from relais.kit.words import ABSENT, NARROW, hours, month, number, percent
from relais.screening.enums import Sector

type Read = Callable[[Consolidated], Decimal | int | None]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that may be read from any perimeter.

    `unit`: how it is told (hours, number, percent, decimal). `rows`: the name of the rows behind it, empty
    when no list of contracts makes it. `better`: which way is good.
    """

    key: str
    label: Any
    definition: Any
    read: Read
    unit: str = "hours"
    rows: str = ""
    better: str = "up"

    def told(self, value: Decimal | int | None) -> str:
        if value is None:
            return ABSENT
        return {
            "hours": lambda: hours(value, 0),
            "number": lambda: number(value),
            "percent": lambda: percent(value),
            "decimal": lambda: number(value, 1),
        }[self.unit]()


HOURS = (
    Measure(
        "validated",
        gettext_lazy("Hours validated"),
        gettext_lazy(
            "Hours worked in the period and validated by a facilitator, whatever the year of the contract. "
            "The only total to publish."
        ),
        lambda found: found.hours("validated"),
        rows="validated",
    ),
    Measure(
        "owed",
        gettext_lazy("Hours owed, entered in the period"),
        gettext_lazy(
            "Commitments that take effect in the period: signed contracts, amendments, orders, renewals, "
            "less waivers and suspensions."
        ),
        lambda found: found.hours("owed"),
        rows="owed",
    ),
    Measure(
        "waiting",
        gettext_lazy("Hours declared, to validate"),
        gettext_lazy(
            "Hours worked in the period that wait for the facilitator or for an answer to a question."
        ),
        lambda found: None if found.masked else found.totals.declared + found.totals.queried,
        rows="waiting",
        better="down",
    ),
    Measure(
        "rejected",
        gettext_lazy("Hours rejected"),
        gettext_lazy("Hours worked in the period that the facilitator did not count, with the reason."),
        lambda found: found.hours("rejected"),
        rows="rejected",
        better="down",
    ),
    Measure(
        "training",
        gettext_lazy("Of which training"),
        gettext_lazy("Training hours inside the validated hours."),
        lambda found: found.hours("training"),
        rows="validated",
    ),
)
PEOPLE = (
    Measure(
        "people",
        gettext_lazy("People"),
        gettext_lazy(
            "Different people with validated hours in the period: somebody met in several contracts, "
            "territories or bodies counts once, so that years and breakdowns do not add up."
        ),
        lambda found: None if found.masked else found.people,
        "number",
        rows="validated",
    ),
    Measure(
        "women",
        gettext_lazy("Women among people"),
        gettext_lazy("Share of women among the people whose sex is told."),
        lambda found: found.women,
        "percent",
    ),
    Measure(
        "women_hours",
        gettext_lazy("Women in hours"),
        gettext_lazy("Share of the validated hours worked by women, sex told."),
        lambda found: found.women_hours,
        "percent",
    ),
    Measure(
        "mean_hours",
        gettext_lazy("Hours by person"),
        gettext_lazy("Validated hours divided by people. Usually from 100 to 1,000 h in a year."),
        lambda found: found.mean_hours,
    ),
)
CONTRACTS = (
    Measure(
        "started",
        gettext_lazy("Contracts notified in the period"),
        gettext_lazy(
            "New contracts with a clause, by their notification date. Not to be mixed with contracts running."
        ),
        lambda found: found.counts.started,
        "number",
        rows="started",
    ),
    Measure(
        "running",
        gettext_lazy("Contracts running in the period"),
        gettext_lazy(
            "Contracts performed on a day at least of the period: from their start to their closing, or end."
        ),
        lambda found: found.counts.running,
        "number",
        rows="running",
    ),
    Measure(
        "worked",
        gettext_lazy("Contracts with hours"),
        gettext_lazy("Contracts with validated hours worked in the period."),
        lambda found: found.counts.worked,
        "number",
        rows="worked",
    ),
    Measure(
        "coverage",
        gettext_lazy("Coverage"),
        gettext_lazy("Share of the contracts running in the period that have validated hours in it."),
        lambda found: found.counts.coverage,
        "percent",
        rows="covered",
    ),
    Measure(
        "realisation",
        gettext_lazy("Realisation rate"),
        gettext_lazy(
            "Validated hours divided by owed hours, on the contracts closed in the period only. "
            "Usually from 80 to 130 %."
        ),
        lambda found: found.counts.realisation,
        "percent",
        rows="closed",
    ),
    Measure(
        "buyers",
        pgettext_lazy("figure", "Buyers"),
        gettext_lazy("Different buyers with a contract running in the period."),
        lambda found: found.counts.buyers,
        "number",
        rows="running",
    ),
    Measure(
        "companies",
        pgettext_lazy("figure", "Companies"),
        gettext_lazy("Different companies (SIREN) owing hours, with validated hours in the period."),
        lambda found: found.counts.companies,
        "number",
        rows="worked",
    ),
    Measure(
        "diversification",
        gettext_lazy("Diversification"),
        gettext_lazy("Share of the validated hours worked outside construction, sector told."),
        lambda found: found.diversification,
        "percent",
        rows="diverse",
    ),
)


OF_JOBS = ("worked", "companies", "diversification")
"""Figures of contracts that still mean something under a filter on jobs."""


def measures_for(perimeter: Perimeter, divisor: Decimal | None, *, own: bool) -> dict[str, list[Measure]]:
    """The figures that make sense in a perimeter, by section; `own`: of one company or structure alone."""
    by_job = perimeter.by_job
    people = [one for one in PEOPLE if not (perimeter.sex and one.key.startswith("women"))]
    contracts = [one for one in CONTRACTS if one.key in OF_JOBS] if by_job else list(CONTRACTS)
    return {
        "hours": [one for one in HOURS if not (by_job and one.key == "owed")],
        "people": [*people, fte_measure(divisor)],
        "contracts": [one for one in contracts if not (own and one.key == "companies")],
    }


def fte_measure(divisor: Decimal | None) -> Measure:
    if divisor is None:
        text = _("The scheme has not chosen the hours of a full-time equivalent.")
    else:
        text = _(
            "Validated hours divided by %(hours)s, the hours of a full-time year chosen by the scheme."
        ) % {"hours": number(divisor)}
    return Measure("fte", gettext_lazy("Full-time equivalents"), text, lambda f: f.fte(divisor), "decimal")


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure read from a perimeter, ready to be shown; `trend` is a share of the figure before."""

    measure: Measure
    value: Decimal | int | None
    former: Decimal | int | None = None

    @property
    def text(self) -> str:
        return self.measure.told(self.value)

    @property
    def former_text(self) -> str:
        return self.measure.told(self.former)

    @property
    def trend(self) -> Decimal | None:
        """The movement, as a share of the former figure; shares are compared by reading both."""
        if self.value is None or not self.former or self.measure.unit == "percent":
            return None
        return ((Decimal(self.value) - self.former) / Decimal(self.former)).quantize(Decimal("0.001"))


def figures(
    chosen: Sequence[Measure], found: Consolidated, before: Consolidated | None = None
) -> list[Figure]:
    return [Figure(one, one.read(found), one.read(before) if before else None) for one in chosen]


LABELS: dict[str, Any] = {
    "family": {
        "A": gettext_lazy("Taken on by a recognised structure (family A)"),
        "B": gettext_lazy("Validated person by person (family B)"),
    },
    "sex": {Sex.WOMAN.value: gettext_lazy("Women"), Sex.MAN.value: gettext_lazy("Men")},
    "category": dict(Category.choices),
    "mode": dict(Mode.choices),
    "job_kind": dict(JobKind.choices),
    "modality": dict(Modality.choices),
    "sector": dict(Sector.choices),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a breakdown with its name and its share of the validated hours shown."""

    key: str
    label: str
    row: Row
    share: Decimal | None
    fewest: int = 0

    @property
    def people(self) -> str:
        """How many people, in words."""
        if self.row.masked:
            return ABSENT
        return f"<{NARROW}{number(self.fewest)}" if self.row.few else number(self.row.people)


def lines(found: Consolidated, dimension: str, names: Names) -> list[Line]:
    """The rows of a breakdown with their names; hours owed alone make no row of a breakdown by job."""
    known = {**LABELS.get(dimension, {}), **names.of(dimension)}
    rows = [row for row in found.breakdowns.get(dimension, ()) if row.masked or _counts(row, dimension)]
    whole = found.totals.validated
    return [
        Line(row.key, label_of(row.key, dimension, known), row, _share(row, whole), found.fewest)
        for row in rows
    ]


def _counts(row: Row, dimension: str) -> bool:
    hours = (row.validated, row.declared, row.queried, row.rejected)
    return any(hours) or (dimension in WITH_OWED and bool(row.owed))


WITH_OWED = ("year", "modality", "sector", "department", "buyer")
"""Dimensions of contracts: what is owed has them too."""


def label_of(key: str, dimension: str, known: dict[str, Any]) -> str:
    if not key:
        return _("Not told")
    return str(known.get(key, key))


def _share(row: Row, whole: Decimal) -> Decimal | None:
    return None if row.masked or not whole else (row.validated / whole).quantize(Decimal("0.001"))


def masked_words(found: Iterable[Consolidated]) -> str:
    """What is hidden and why, in words; empty when nothing is."""
    results = list(found)
    fewest = max((one.fewest for one in results), default=0)
    if any(one.masked for one in results):
        return _(
            "These filters keep fewer than %(fewest)s people, or leave fewer than that out: nothing is "
            "shown, so that nobody can be recognised. Widen the period or remove a filter."
        ) % {"fewest": number(fewest)}
    if any(one.masked_rows for one in results):
        return _(
            "Groups of fewer than %(fewest)s people are masked in the breakdowns by sex and category, and "
            "enough others with them that no subtraction reveals one."
        ) % {"fewest": number(fewest)}
    return ""


def sentence(perimeter: Perimeter, place: str, names: Names) -> str:
    """The perimeter in one sentence: months, place, buyers, and the filters that are set."""
    department = names.departments.get(perimeter.department, perimeter.department)
    parts = [
        _("from %(first)s to %(last)s") % {"first": month(perimeter.first), "last": month(perimeter.last)},
        department or place,
        names.buyers.get(str(perimeter.buyer), "") if perimeter.buyer else _("all buyers"),
    ]
    parts += [
        label_of(key, dimension, LABELS[dimension]).lower()
        for dimension in ("sector", "modality", "mode", "category", "sex")
        if (key := getattr(perimeter, dimension))
    ]
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Compared:
    """A measure told for a year, the year before, and since the beginning."""

    measure: Measure
    now: str
    before: str
    whole: str
    trend: Decimal | None


def three_columns(
    chosen: Sequence[Measure], now: Consolidated, before: Consolidated, whole: Consolidated
) -> list[Compared]:
    pairs = zip(figures(chosen, now, before), figures(chosen, whole), strict=True)
    return [Compared(one.measure, one.text, one.former_text, ever.text, one.trend) for one, ever in pairs]


def with_former(found: list[Line], former: list[Line]) -> list[tuple[Line, Row | None]]:
    """Each line shown with the row of the same value a year before; values that are gone come last."""
    rows = {line.key: line.row for line in former}
    known = {line.key for line in found}
    pairs: list[tuple[Line, Row | None]] = [
        (line, rows.get(line.key)) for line in found if not line.row.masked
    ]
    gone = [line for line in former if line.key not in known and not line.row.masked]
    return pairs + [(Line(line.key, line.label, Row(line.key), None), line.row) for line in gone]
