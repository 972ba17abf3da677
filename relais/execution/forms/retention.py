"""Why the file of a person is kept longer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relais.execution.rules import retention as rules
from relais.kit.forms import DateField
from relais.kit.words import say


class ExtensionForm(forms.Form):
    until = DateField(label=_("Keep until"))
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("No name, no health nor family matter.")
    )

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            verdict = rules.extension_verdict(data["until"], data["reason"], self.today)
            if not verdict:
                self.add_error("until", say(verdict.reason))
        return data
