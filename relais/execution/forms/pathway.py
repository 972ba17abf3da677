"""A step of a pathway, and the filters of what ends soon."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relais.execution.enums import EndKind, StepKind
from relais.execution.rules import pathway as rules
from relais.kit.forms import DateField, FilterForm, NumberField
from relais.kit.words import say

DAYS = ("30", "60", "90")
USUAL_DAYS = 60


class StepForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of step"), choices=StepKind.choices)
    label = forms.CharField(
        label=_("Step"),
        max_length=120,
        required=False,
        help_text=_("Title of the training; nothing private."),
    )
    starts_on = DateField(label=_("Start"))
    ends_on = DateField(label=_("End"), required=False)
    hours = NumberField(
        label=_("Hours of preparation"),
        unit="h",
        required=False,
        min_value=0,
        max_value=9999,
        decimal_places=2,
        help_text=_("Kept apart: they are never hours of a clause."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            verdict = rules.step_verdict(data["kind"], data["starts_on"], data["ends_on"], data["hours"])
            if not verdict:
                self.add_error("ends_on", say(verdict.reason))
        return data


class EndingFilter(FilterForm):
    """What ends within how many days."""

    days = forms.ChoiceField(
        label=_("Within"), choices=[(days, _("%(days)s days") % {"days": days}) for days in DAYS]
    )
    kind = forms.ChoiceField(label=_("What ends"), choices=(("", _("All")), *EndKind.choices))

    @property
    def asked(self) -> tuple[int, str]:
        """The days and the kind that were understood."""
        chosen = self.chosen
        return int(chosen.get("days") or USUAL_DAYS), chosen.get("kind", "")
