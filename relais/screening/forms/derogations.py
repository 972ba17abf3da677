"""The new wording of a derogation case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relais.kit.forms import DateField
from relais.screening.forms.parameters import DatedForm


class DerogationForm(DatedForm):
    wording = forms.CharField(label=_("Wording"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    legal_case = forms.CharField(
        label=_("Article and case of the law"),
        max_length=200,
        help_text=_("As a decision cites it: article, paragraph, number of the case."),
    )
    ends_on = DateField(
        label=_("In force until"),
        required=False,
        help_text=_("Last day on which a decision may use this case; empty as long as the law has it."),
    )
    field_order = ("wording", "legal_case", "starts_on", "ends_on", "source", "verified")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("A case ends on or after the day it starts."))
        return data
