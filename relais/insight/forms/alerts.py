"""The filters of the list of alerts, and what one types to handle one."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relais.insight.models import AlertQuerySet
from relais.insight.models.alerts import EscalatedTo
from relais.kit.forms import DateField, FilterForm
from relais.organisations.alerting import Code, Level

ALL = [("", _("All"))]
AWAKE, ASLEEP, RAISED, MINE = "", "snoozed", "escalated", "mine"
SHOWN = [
    (AWAKE, _("To handle")),
    (MINE, _("Ours to handle")),
    (RAISED, _("Escalated")),
    (ASLEEP, _("Put off")),
]


class AlertFilter(FilterForm):
    level = forms.ChoiceField(label=_("Level"), choices=[*ALL, *Level.choices])
    code = forms.ChoiceField(label=_("Alert"))
    facilitator = forms.TypedChoiceField(label=_("Facilitator"), coerce=int, empty_value=None)
    buyer = forms.TypedChoiceField(label=_("Buyer"), coerce=int, empty_value=None)
    department = forms.ChoiceField(label=_("Territory"))
    shown = forms.ChoiceField(label=_("Show"), choices=SHOWN)

    def __init__(
        self, *args: Any, codes: Iterable[Code], names: Mapping[str, Mapping[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = {"code": [(code.value, f"{code.value} {code.label}") for code in codes]}
        choices |= {name: sorted(found.items(), key=lambda item: item[1]) for name, found in names.items()}
        for name, options in choices.items():
            self.fields[name].choices = [*ALL, *options]  # type: ignore[attr-defined]

    def apply(self, alerts: AlertQuerySet, on: date, body: int) -> AlertQuerySet:
        """Those of the address; what is put off is shown when asked only."""
        chosen = self.chosen
        shown = chosen.get("shown", AWAKE)
        found = alerts.asleep(on) if shown == ASLEEP else alerts.awake(on)
        if shown == MINE:
            found = found.filter(owner_id=body)
        if shown == RAISED:
            found = found.exclude(escalated_on=None)
        paths = {
            "level": "level",
            "code": "code",
            "facilitator": "facilitator_id",
            "buyer": "buyer_id",
            "department": "lot__department_id",
        }
        return found.filter(**{paths[name]: chosen[name] for name in paths if name in chosen})


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was done or learnt. Name no participant: the other bodies of the file read it."),
    )


class SnoozeForm(forms.Form):
    until = DateField(label=_("Until"), help_text=_("It comes back by itself that day."))
    reason = forms.CharField(label=_("Reason"), max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)


class WakeForm(forms.Form):
    version = forms.IntegerField()


class EscalationForm(forms.Form):
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)
    days = forms.IntegerField(
        label=_("Days without an act"),
        min_value=1,
        max_value=365,
        required=False,
        help_text=_("Empty: alerts of this level go no higher."),
    )
    to = forms.ChoiceField(
        label=_("Told to"), choices=[("", _("Nobody")), *EscalatedTo.choices], required=False
    )
    starts_on = DateField(label=_("In force from"))
    source = forms.CharField(label=_("Source"), max_length=300)
