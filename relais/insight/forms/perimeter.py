"""The sentence of the consolidated page, as a form: nothing is required, and bad input filters nothing."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from relais.clauses.enums import Modality
from relais.core.months import Month
from relais.core.words import BadValue
from relais.execution.enums import Category, Mode, Sex
from relais.insight.perimeter import Perimeter
from relais.kit.forms import FilterForm
from relais.kit.words import say
from relais.organisations.models import Scheme
from relais.screening.enums import Sector

EARLIEST, LATEST = 2000, 2100
"""Years outside are typing mistakes."""


class MonthInput(forms.DateInput):
    """The month picker of the browser; where there is none, a text field that takes 2015-01 or 01/2015."""

    input_type = "month"

    def format_value(self, value: Any) -> str:
        return str(value) if value else ""


class MonthField(forms.Field):
    widget = MonthInput

    def to_python(self, value: Any) -> Month | None:
        text = str(value or "").strip()
        if not text:
            return None
        number, _slash, year = text.partition("/")
        try:
            month = Month.parse(f"{year}-{number:0>2}" if year else text)
        except BadValue as error:
            raise ValidationError(say(error.words)) from error
        if not EARLIEST <= month.year <= LATEST:
            raise ValidationError(_("This year cannot be: check it."))
        return month


def options(every: Any, choices: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    return [("", every), *choices]


class PerimeterForm(FilterForm):
    """From which month to which, where, for whom, by which means."""

    first = MonthField(label=pgettext_lazy("period", "From"))
    last = MonthField(label=pgettext_lazy("period", "to"))
    scheme = forms.ChoiceField(label=_("Scheme"))
    department = forms.ChoiceField(label=_("Territory"))
    buyer = forms.TypedChoiceField(label=_("Buyer"), coerce=int, empty_value=None)
    modality = forms.ChoiceField(label=_("Modality"), choices=options(_("all modalities"), Modality.choices))
    sector = forms.ChoiceField(label=_("Sector"), choices=options(_("all sectors"), Sector.choices))
    mode = forms.ChoiceField(label=_("Mode"), choices=options(_("all modes"), Mode.choices))
    category = forms.ChoiceField(
        label=_("Category of public"), choices=options(_("all categories"), Category.choices)
    )
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=options(_("women and men"), [(Sex.WOMAN.value, _("women")), (Sex.MAN.value, _("men"))]),
    )

    def __init__(
        self,
        *args: Any,
        schemes: Sequence[Scheme],
        departments: Mapping[str, str],
        buyers: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        territories = options(_("whole territory"), list(departments.items()))
        self.choices("department").choices = territories
        self.choices("buyer").choices = options(_("all buyers"), list(buyers.items()))
        self.choices("scheme").choices = [(scheme.slug, scheme.name) for scheme in schemes]
        if len(schemes) < 2:
            del self.fields["scheme"]
        if len(buyers) < 2:
            del self.fields["buyer"]
        if len(departments) < 2:
            del self.fields["department"]

    def choices(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The period ends before it starts: it was not taken."))
            cleaned.pop("first", None)
        return cleaned

    def perimeter(self, scheme: Scheme, today: date) -> Perimeter:
        """What the sentence says; without months, the current year until this month."""
        chosen = {name: value for name, value in self.chosen.items() if name != "scheme"}
        first, last = chosen.pop("first", None), chosen.pop("last", None)
        this = Month.of(today)
        if last is None:
            last = max(this, first) if first else this
        if first is None:
            first = Month(last.year, 1)
        return Perimeter(scheme.pk, first, last, **chosen)

    def show(self, perimeter: Perimeter) -> None:
        """Write in the fields of months what applies when they were left empty."""
        data = {name: self.data.get(name) for name in self.data}
        for name, month in (("first", perimeter.first), ("last", perimeter.last)):
            data[name] = data.get(name) or str(month)
        self.data = data

    @property
    def more(self) -> list[Any]:
        """The fields of the second line."""
        return [self[name] for name in ("mode", "category", "sex")]

    @property
    def is_narrow(self) -> bool:
        """Whether the second line holds something."""
        return any(name in self.chosen for name in ("mode", "category", "sex"))


class YearForm(FilterForm):
    """The year of the committee's sheet; what is not a year means the last one that is over."""

    year = forms.IntegerField(label=_("Year"), min_value=EARLIEST, max_value=LATEST)

    def asked(self, today: date) -> int:
        return int(self.chosen.get("year", today.year - 1))
