"""What people type about offers and their scores."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import ceil
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from relais.clauses.actions.scoring import Line, Mark, Promise, Scoring
from relais.clauses.analysis import Published, Row
from relais.clauses.enums import ScoringMethod
from relais.clauses.models import Clause, GridLine, ScoringGrid, Tender
from relais.core.words import BadValue
from relais.kit.forms import NumberField
from relais.kit.words import number, say
from relais.organisations.identifiers import SEPARATORS, normal_siren, normal_siret

GRID_ROWS, MOST_LINES = 2, 20
"""Empty rows shown below those known, and the most lines of a grid."""
MOST_YEARS = 6
SIREN_DIGITS = 9
MONTHS = 12


class GridForm(forms.Form):
    """How the points of the grid are rounded, and where it was published."""

    decimals = forms.TypedChoiceField(
        label=_("Points are rounded"),
        choices=[(0, _("to the unit")), (1, _("to the tenth")), (2, _("to the hundredth"))],
        coerce=int,
        help_text=_("As the tender rules say."),
    )
    source = forms.CharField(
        label=_("Document that publishes the grid"),
        max_length=200,
        help_text=_("For example: tender rules, article 8, version of 3 March."),
    )


class LineForm(forms.Form):
    """A sub-criterion of the grid."""

    title = forms.CharField(label=_("Sub-criterion"), required=False, max_length=120)
    points = NumberField(
        label=_("Points"), required=False, min_value=Decimal("0.01"), max_digits=6, decimal_places=2
    )
    method = forms.ChoiceField(label=_("Way of scoring"), choices=ScoringMethod.choices, required=False)
    wording = forms.CharField(
        label=_("What is appreciated"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("title") and data.get("points") is None and "points" not in self.errors:
            self.add_error("points", _("Give the points of this sub-criterion."))
        if not data.get("title") and data.get("points") is not None:
            self.add_error("title", _("Name the sub-criterion that these points belong to."))
        return data


class BaseLines(BaseFormSet):  # type: ignore[type-arg]
    def lines(self) -> list[Line]:
        """The rows filled in, in their order; a row emptied is a line taken away."""
        return [
            Line(
                title=form.cleaned_data["title"].strip(),
                points=form.cleaned_data["points"],
                wording=form.cleaned_data["wording"],
                method=form.cleaned_data["method"] or ScoringMethod.JUDGED,
            )
            for form in self.forms
            if form.cleaned_data.get("title")
        ]


LineFormSet = forms.formset_factory(LineForm, formset=BaseLines, extra=GRID_ROWS, max_num=MOST_LINES)


def line_rows(known: Iterable[GridLine | Published], data: Any = None) -> Any:
    """The rows of the grid form, filled from the grid kept or from the one published in the kit."""
    initial = [
        {"title": line.title, "points": line.points, "method": line.method, "wording": line.wording}
        for line in known
    ]
    return LineFormSet(data, initial=initial, prefix="lines")


def initial_grid(grid: ScoringGrid | None, published: Sequence[Published]) -> dict[str, Any]:
    """What the grid form shows first."""
    if grid is not None:
        return {"decimals": grid.decimals, "source": grid.source}
    return {"decimals": 1, "source": _("Scoring grid of the file of texts") if published else ""}


class TenderForm(forms.Form):
    """An offer: who makes it and what it promises, by year when the offer says it."""

    name = forms.CharField(label=_("Tenderer"), max_length=200, help_text=_("For a consortium, its lead."))
    identifier = forms.CharField(
        label=_("SIREN or SIRET"),
        required=False,
        max_length=20,
        help_text=_("Its key is checked; the body is then recognised in the directory."),
    )
    hours = NumberField(
        label=_("Hours promised"),
        unit="h",
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("All the hours of insertion of the offer. Leave empty when it gives no figure."),
    )
    commitments = forms.CharField(
        label=_("Other commitments"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Tutor, training, length of the jobs: what the offer binds itself to."),
    )

    def __init__(self, *args: Any, clause: Clause, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rank_of_years = range(1, years_of(clause) + 1)
        for year in self.rank_of_years:
            self.fields[f"year_{year}"] = NumberField(
                label=_("Hours of year %(year)s") % {"year": year},
                unit="h",
                required=False,
                min_value=0,
                max_digits=12,
                decimal_places=2,
            )

    def clean_identifier(self) -> str:
        text = self.cleaned_data["identifier"]
        if not text.strip():
            return ""
        read = normal_siren if len(SEPARATORS.sub("", text)) == SIREN_DIGITS else normal_siret
        try:
            return read(text)
        except BadValue as error:
            raise forms.ValidationError(say(error.words)) from error

    def promise(self) -> Promise:
        data = self.cleaned_data
        years = [data[f"year_{year}"] for year in self.rank_of_years]
        told = any(hours is not None for hours in years)
        return Promise(
            name=data["name"],
            identifier=data["identifier"],
            hours=data["hours"],
            years=tuple(hours or Decimal(0) for hours in years) if told else (),
            commitments=data["commitments"],
        )


class CorrectionForm(TenderForm):
    """An offer recorded wrongly, and why it changes."""

    reason = forms.CharField(
        label=_("Why it changes"),
        max_length=300,
        help_text=_("A slip of the pen, an answer of the tenderer to your question. It stays on the page."),
    )


def years_of(clause: Clause) -> int:
    """How many years the lot lasts, from one to six; one when it does not say."""
    return min(MOST_YEARS, max(1, ceil((clause.lot.duration_months or MONTHS) / MONTHS)))


def initial_tender(tender: Tender) -> dict[str, Any]:
    known = {"name": tender.name, "identifier": tender.identifier, "hours": tender.hours}
    years = {f"year_{rank}": hours for rank, hours in enumerate(tender.years, 1)}
    return known | years | {"commitments": tender.commitments}


class AsideForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Irregular, withdrawn, abnormally low: as the report of the analysis will say it."),
    )


class ScoringForm(forms.Form):
    """The marks of an offer, a pair of fields by line of the grid."""

    def __init__(self, *args: Any, row: Row, decimals: int, **kwargs: Any) -> None:
        known: dict[str, Any] = {}
        for cell in row.cells:
            if cell.score is not None:
                known[f"points_{cell.line.pk}"] = cell.score.points
                known[f"rationale_{cell.line.pk}"] = cell.score.rationale
        super().__init__(*args, **{"initial": known, **kwargs})
        self.row = row
        for cell in row.cells:
            line = cell.line
            if not line.follows_volume:
                self.fields[f"points_{line.pk}"] = NumberField(
                    label=pgettext_lazy("score", "Points"),
                    unit=f"/ {number(line.points)}",
                    required=False,
                    min_value=0,
                    max_value=line.points,
                    max_digits=6,
                    decimal_places=decimals,
                )
            self.fields[f"rationale_{line.pk}"] = forms.CharField(
                label=_("Rationale"),
                required=False,
                max_length=3000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        if known:
            self.fields["reason"] = forms.CharField(
                label=_("Why a score already given changes"),
                required=False,
                max_length=300,
                help_text=_("Needed to change a score. The former score and its rationale stay visible."),
            )

    @property
    def faulty(self) -> list[tuple[forms.BoundField, Any]]:
        """The fields in error, for the summary."""
        return [(field, field.errors) for field in self if field.errors]

    def groups(self) -> list[dict[str, Any]]:
        """Each line with its own fields, as the page lays them out."""
        return [
            {
                "cell": cell,
                "points": None if cell.line.follows_volume else self[f"points_{cell.line.pk}"],
                "rationale": self[f"rationale_{cell.line.pk}"],
            }
            for cell in self.row.cells
        ]

    def scoring(self) -> Scoring:
        data = self.cleaned_data
        marks = {
            cell.line.pk: Mark(data[f"rationale_{cell.line.pk}"], data.get(f"points_{cell.line.pk}"))
            for cell in self.row.cells
        }
        return Scoring(marks, data.get("reason", ""))
