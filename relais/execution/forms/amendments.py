"""What people type about a proposed amendment, its answer, and the liability of a consortium."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from relais.execution.actions.amendments import NewAmendment
from relais.execution.owing_enums import Liability
from relais.kit.forms import DateField, NumberField


class AmendmentForm(forms.Form):
    """An amendment as one side asks it."""

    document = forms.CharField(label=_("Document"), max_length=200, help_text=_("Amendment no. 2…"))
    reason = forms.CharField(label=_("Reason"), max_length=300)
    effective_on = DateField(label=_("Effective on"))
    hours = NumberField(
        label=_("Hours"),
        unit="h",
        required=False,
        max_digits=12,
        decimal_places=2,
        help_text=_("With a minus sign to take hours away. Leave empty to find them from an amount."),
    )
    amount = NumberField(
        label=_("Amount excluding tax, more or less"),
        unit="€",
        required=False,
        max_digits=14,
        decimal_places=2,
        help_text=_("The hours follow the rule of the contract, or its amount in proportion."),
    )
    new_end = DateField(
        label=_("New end of performance"), required=False, help_text=_("When the amendment moves it.")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("hours") is not None and data.get("amount") is not None:
            self.add_error(
                "hours", _("Enter the hours or an amount, not both: one of them would be ignored.")
            )
        return data

    def wanted(self) -> NewAmendment:
        return NewAmendment(**self.cleaned_data)


class AnswerForm(forms.Form):
    """The answer of the other side."""

    answer = forms.ChoiceField(
        label=pgettext_lazy("amendment", "Your answer"),
        choices=[
            ("yes", pgettext_lazy("amendment", "Accept: the entry is written")),
            ("no", pgettext_lazy("amendment", "Refuse")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=300, help_text=_("Needed for a refusal.")
    )


class LiabilityForm(forms.Form):
    """Who answers for whom."""

    liability = forms.ChoiceField(
        label=_("Who answers for the hours"), choices=Liability.choices, widget=forms.RadioSelect
    )
