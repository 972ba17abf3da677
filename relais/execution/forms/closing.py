"""What is typed at the end of a contract."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relais.execution.enums import Mark
from relais.execution.models.closing import QUESTIONS
from relais.kit.forms import DateField


class AccountDayForm(forms.Form):
    day = DateField(
        label=_("Day of the final account"),
        help_text=_("Known or foreseen: penalties are decided and deducted before it."),
    )


class EvaluationForm(forms.Form):
    """The same questions to each side."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in QUESTIONS.items():
            self.fields[name] = forms.TypedChoiceField(
                label=label, choices=Mark.choices, coerce=int, widget=forms.RadioSelect
            )
        for name, text in (("kept", _("What to keep")), ("changed", _("What to change next time"))):
            self.fields[name] = forms.CharField(
                label=text, required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 4})
            )
