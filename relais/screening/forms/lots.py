"""A lot to come, typed by hand."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from relais.kit.forms import DateField, NumberField
from relais.organisations.models import Scheme
from relais.procurement.enums import LotNature
from relais.procurement.models import Lot
from relais.territories.models import Commune, Department


class LotForm(forms.ModelForm):
    """A lot to come, typed by its buyer."""

    cpv = forms.CharField(label=_("CPV code"), max_length=12, required=False, empty_value="")
    estimated_amount = NumberField(
        label=_("Estimated amount excluding tax"), unit="€", min_value=0, decimal_places=2, required=False
    )
    launched_on = DateField(
        label=_("Launch date"),
        required=False,
        help_text=_("Date when the consultation is launched, even if only expected: it decides the law."),
    )
    commune = forms.ModelChoiceField(
        label=_("Municipality (INSEE code)"),
        queryset=Commune.objects.all(),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid_choice": _("No municipality has this INSEE code.")},
        help_text=_("Five characters, as in 54395 for Nancy."),
    )

    consultation = forms.CharField(
        label=_("Consultation"),
        max_length=300,
        required=False,
        help_text=_("Its title, the same for all its lots: they are then judged together."),
    )
    whole_value = NumberField(
        label=_("Estimated value of the whole consultation excluding tax"),
        unit="€",
        min_value=0,
        decimal_places=2,
        required=False,
        help_text=_("All lots together, renewals included: it decides whether the social duty applies."),
    )

    class Meta:
        model = Lot
        fields = (
            "object",
            "number",
            "cpv",
            "nature",
            "is_concession",
            "estimated_amount",
            "duration_months",
            "launched_on",
            "department",
            "commune",
        )
        widgets = {"object": forms.Textarea(attrs={"rows": 3, "maxlength": 2000})}

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    scheme = forms.ModelChoiceField(label=_("Scheme"), queryset=Scheme.objects.none())

    def __init__(
        self, *args: Any, schemes: QuerySet[Scheme], departments: QuerySet[Department], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        if procedure := self.instance.procedure:
            known = {"consultation": procedure.title, "whole_value": procedure.estimated_value}
            self.initial = {**self.initial, **known}
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]
        self.fields["nature"].choices = [("", _("From the CPV code")), *LotNature.choices]  # type: ignore[attr-defined]
        found = list(schemes[:2])
        if self.instance.pk or len(found) == 1:
            del self.fields["scheme"]
            self.only_scheme = self.instance.scheme if self.instance.pk else found[0]
        else:
            self.only_scheme = None
            self.fields["scheme"].queryset = schemes  # type: ignore[attr-defined]

    def clean_object(self) -> str:
        text = self.cleaned_data["object"].replace("\x00", "").strip()
        if len(text) > 2000:
            raise ValidationError(_("Describe the lot in 2,000 characters at most."))
        return text

    def clean_cpv(self) -> str:
        code = self.cleaned_data["cpv"].split("-")[0].replace(" ", "")
        if code and (len(code) != 8 or not code.isdigit() or not code.isascii()):
            raise ValidationError(
                _("A CPV code has eight digits, as in 45442100. Leave it empty if unknown.")
            )
        return code

    def clean_duration_months(self) -> int | None:
        months = self.cleaned_data["duration_months"]
        if months is not None and not 1 <= months <= 600:
            raise ValidationError(_("A duration lies between 1 and 600 months."))
        return months

    def clean_launched_on(self) -> date | None:
        day = self.cleaned_data["launched_on"]
        if day is not None and not 2006 <= day.year <= 2100:
            raise ValidationError(_("Check the year: a launch date lies between 2006 and 2100."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        commune, department = data.get("commune"), data.get("department")
        if commune and department and commune.department_id != department.pk:
            self.add_error("commune", _("This municipality is not in the department chosen."))
        if commune and not department:
            data["department"] = commune.department
        self._check_consultation(data)
        return data

    def _check_consultation(self, data: dict[str, Any]) -> None:
        whole, own = data.get("whole_value"), data.get("estimated_amount")
        if whole is not None and not data.get("consultation", "").strip():
            self.add_error("consultation", _("Give the title of the consultation that has this value."))
        if whole is not None and own is not None and whole < own:
            self.add_error("whole_value", _("The whole consultation is worth at least this lot."))

    @property
    def chosen_scheme(self) -> Scheme:
        return self.only_scheme or self.cleaned_data["scheme"]
