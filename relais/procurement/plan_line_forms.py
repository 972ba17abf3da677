"""A plan opened without a file, and the lots typed into it."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from relais.kit.forms import DateField, NumberField
from relais.organisations.models import Scheme, User
from relais.procurement.actions.typed_lines import TypedLot, place_named
from relais.procurement.enums import LotNature
from relais.procurement.models import PurchasePlan
from relais.procurement.plans.values import FIRST_YEAR, LARGEST_AMOUNT, LAST_YEAR, LONGEST_MONTHS

KEPT = (
    "consultation",
    "whole_value",
    "procedure_kind",
    "operation",
    "service",
    "launched_on",
    "place",
    "lead",
)
"""What the next lot most often shares with the one just typed."""


class PlanForm(forms.Form):
    title = forms.CharField(
        label=_("Title of the plan"),
        max_length=200,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    first_year = forms.IntegerField(label=_("First year"), min_value=FIRST_YEAR, max_value=LAST_YEAR - 1)
    last_year = forms.IntegerField(
        label=_("Last year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR - 1,
        required=False,
        help_text=_("Empty for a plan of one year."),
    )
    scheme = forms.ModelChoiceField(label=_("Scheme"), queryset=Scheme.objects.none(), empty_label=None)

    def __init__(self, *args: Any, schemes: list[Scheme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scheme"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Scheme.objects.filter(pk__in=[scheme.pk for scheme in schemes])
        if len(schemes) == 1:
            field.widget = forms.HiddenInput()
            field.initial = schemes[0].pk

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first = data.get("first_year")
        if "last_year" in data:
            data["last_year"] = data["last_year"] or first
        if first and data.get("last_year") and data["last_year"] < first:
            self.add_error("last_year", _("The last year comes after the first one."))
        return data


class PersonField(forms.ModelChoiceField):
    """Somebody, told by name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name)


class LineForm(forms.Form):
    """A lot to come, typed into a plan; only its object is needed."""

    object = forms.CharField(
        label=_("Object"), max_length=2000, widget=forms.TextInput(attrs={"autofocus": True})
    )
    amount = NumberField(
        label=_("Estimated amount excluding tax"),
        unit="€",
        required=False,
        min_value=0,
        max_value=LARGEST_AMOUNT,
        decimal_places=2,
    )
    months = forms.IntegerField(
        label=_("Duration in months, renewals included"),
        required=False,
        min_value=1,
        max_value=LONGEST_MONTHS,
    )
    cpv = forms.CharField(label=_("CPV code"), max_length=12, required=False)
    nature = forms.ChoiceField(
        label=_("Nature"), required=False, choices=[("", _("From the CPV code")), *LotNature.choices]
    )
    launched_on = DateField(
        label=_("Launch date"),
        required=False,
        help_text=_("Expected is enough: it decides the law that applies."),
    )
    notified_on = DateField(label=_("Notification planned"), required=False)
    place = forms.CharField(
        label=_("Place of performance"),
        required=False,
        max_length=200,
        help_text=_("A municipality, its post code, or a department: Valclair, 54000, 54."),
    )
    consultation = forms.CharField(
        label=_("Consultation"),
        max_length=300,
        required=False,
        help_text=_("Its title, the same for all its lots: they are then judged together."),
    )
    number = forms.CharField(label=_("Lot number"), max_length=20, required=False)
    procedure_kind = forms.CharField(
        label=_("Kind of procedure"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "procedures"}),
    )
    whole_value = NumberField(
        label=_("Estimated value of the whole consultation excluding tax"),
        unit="€",
        required=False,
        min_value=0,
        max_value=LARGEST_AMOUNT,
        decimal_places=2,
        help_text=_("All lots together, renewals included: it decides whether the social duty applies."),
    )
    operation = forms.CharField(
        label=_("Operation"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"list": "operations", "autocomplete": "off"}),
        help_text=_("The project or the programme that the lot is part of, by its name."),
    )
    service = forms.CharField(label=_("Department of the buyer"), max_length=200, required=False)
    lead = PersonField(
        label=_("Project lead"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )
    reference = forms.CharField(label=_("Reference of the buyer"), max_length=100, required=False)
    is_concession = forms.BooleanField(label=_("Concession"), required=False)
    remark = forms.CharField(
        label=_("Remark"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, plan: PurchasePlan, leads: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.located: dict[str, Any] = {}
        field = self.fields["lead"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = leads

    def clean_object(self) -> str:
        return " ".join(str(self.cleaned_data["object"]).split())

    def clean_operation(self) -> str:
        return " ".join(str(self.cleaned_data["operation"]).split())

    def clean_consultation(self) -> str:
        return " ".join(str(self.cleaned_data["consultation"]).split())

    def clean_cpv(self) -> str:
        code: str = self.cleaned_data["cpv"].split("-")[0].replace(" ", "")
        if code and (len(code) != 8 or not code.isdigit() or not code.isascii()):
            raise ValidationError(
                _("A CPV code has eight digits, as in 45442100. Leave it empty if unknown.")
            )
        return code

    def clean_launched_on(self) -> date | None:
        return self._in_years("launched_on")

    def clean_notified_on(self) -> date | None:
        return self._in_years("notified_on")

    def _in_years(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day is not None and not FIRST_YEAR <= day.year < LAST_YEAR:
            raise ValidationError(
                _("Check the year: this date lies between %(first)s and %(last)s."),
                params={"first": str(FIRST_YEAR), "last": str(LAST_YEAR - 1)},
            )
        return day

    def clean_place(self) -> str:
        text: str = self.cleaned_data["place"]
        found = place_named(self.plan.scheme, text) if text else {}
        if found is None:
            raise ValidationError(
                _("“%(place)s” names no place for sure. Write a post code or the number of a department."),
                params={"place": text},
            )
        self.located = found
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        whole, own = data.get("whole_value"), data.get("amount")
        if (whole is not None or data.get("procedure_kind")) and not data.get("consultation"):
            self.add_error("consultation", _("Give the title of the consultation that this belongs to."))
        if whole is not None and own is not None and whole < own:
            self.add_error("whole_value", _("The whole consultation is worth at least this lot."))
        return data

    MAIN = ("amount", "months", "cpv", "nature", "launched_on", "notified_on", "place", "operation")
    AROUND = ("consultation", "number", "procedure_kind", "whole_value", "is_concession")
    INSIDE = ("service", "lead", "reference", "remark")

    @property
    def main(self) -> list[forms.BoundField]:
        """What the screening reads."""
        return [self[name] for name in self.MAIN]

    @property
    def around(self) -> list[forms.BoundField]:
        """The competition the lot belongs to."""
        return [self[name] for name in self.AROUND]

    @property
    def inside(self) -> list[forms.BoundField]:
        """What serves the buyer alone."""
        return [self[name] for name in self.INSIDE]

    @property
    def faulty(self) -> list[tuple[forms.BoundField, Any]]:
        """The fields in error, for the summary."""
        return [(field, field.errors) for field in self if field.errors]

    @property
    def typed(self) -> TypedLot:
        """What was typed, for the act."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        person = data.pop("lead")
        if self.located:
            data["located"] = self.located
        return TypedLot(
            **data, lead_id=person.pk if person else None, lead=person.full_name if person else ""
        )


def initial_of(typed: TypedLot) -> dict[str, Any]:
    """The values of the form that say this lot."""
    values = asdict(typed)
    del values["located"]
    return {**values, "lead": values.pop("lead_id")}


def next_to(typed: TypedLot) -> dict[str, Any]:
    """The values that the next lot is proposed: those it shares with the one just typed."""
    return {name: value for name, value in initial_of(typed).items() if name in KEPT}


class AddForm(forms.Form):
    """Lots already announced, ticked to join a plan."""

    MOST_LOTS = 500
    lot = forms.TypedMultipleChoiceField(coerce=int, choices=[], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.data.getlist("lot")[: self.MOST_LOTS]  # type: ignore[attr-defined]
        known = [value for value in given if value.isascii() and value.isdigit() and len(value) < 19]
        self.fields["lot"].choices = [(int(value), value) for value in known]  # type: ignore[attr-defined]
