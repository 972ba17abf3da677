"""Filters of the directory of structures."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relais.kit.forms import FilterForm, NumberField
from relais.offer.activities import activities
from relais.offer.models import StructureActivity, StructureQuerySet
from relais.organisations.enums import StructureKind
from relais.territories.models import Commune, Department

FURTHEST = 300


def activity_choices() -> list[tuple[str, Any]]:
    named = sorted((activity.name, activity.code) for activity in activities().by_code.values())
    return [("", _("All activities")), *((code, name) for name, code in named)]


class StructureFilter(FilterForm):
    q = forms.CharField(label=_("Name or SIRET"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All kinds")), *StructureKind.choices])
    activity = forms.ChoiceField(label=_("Activity"), choices=activity_choices)
    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), empty_label=_("All departments")
    )
    near = forms.CharField(
        label=_("Around the commune"),
        max_length=100,
        help_text=_("Name, post code or INSEE code; nearest structures first."),
    )
    km = NumberField(label=_("Within"), unit="km", min_value=1, max_value=FURTHEST, max_digits=4)

    def __init__(self, *args: Any, departments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["department"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = departments
        self._commune: Commune | None = None

    def clean(self) -> dict[str, Any] | None:
        """A place that no commune bears is told at its field, and filters nothing."""
        data = super().clean()
        if data and data.get("near"):
            found = Commune.objects.search(data["near"]).select_related("epci").first()
            self._commune = found
            if found is None:
                self.add_error("near", _("No commune bears this name or this code."))
        return data

    @property
    def commune(self) -> Commune | None:
        """The commune found for the place typed; read `chosen` first."""
        return self._commune

    def apply(self, structures: StructureQuerySet) -> StructureQuerySet:
        """The structures that match every filter understood, distance aside."""
        chosen = self.chosen
        if "q" in chosen:
            structures = structures.search(chosen["q"])
        if "kind" in chosen:
            structures = structures.filter(kind=chosen["kind"])
        if "activity" in chosen:
            doing = StructureActivity.objects.filter(activity=chosen["activity"])
            structures = structures.filter(pk__in=doing.values("structure_id"))
        if "department" in chosen:
            structures = structures.filter(department=chosen["department"])
        return structures

    def within(self, otherwise: Decimal) -> Decimal:
        """The distance asked for, in kilometres."""
        return self.chosen.get("km", otherwise)


class ActivitiesForm(forms.Form):
    activities = forms.MultipleChoiceField(
        label=_("Activities"),
        choices=lambda: activity_choices()[1:],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("What is written here is never replaced by an import."),
    )


class TurnoverForm(forms.Form):
    """The yearly turnover that a structure told: both fields, or neither to forget it."""

    turnover = NumberField(
        label=_("Yearly turnover"),
        unit="€",
        min_value=Decimal("0.01"),
        max_value=Decimal(1_000_000_000),
        decimal_places=2,
        required=False,
    )
    year = forms.IntegerField(
        label=_("Year of the turnover"),
        min_value=2000,
        max_value=2100,
        required=False,
        help_text=_("As the structure told it. No list gives it, so no import replaces it."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and (data.get("turnover") is None) != (data.get("year") is None):
            raise forms.ValidationError(_("Enter a turnover with its year, or empty both."))
        return data
