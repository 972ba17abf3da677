"""The weights of the load, and what one types to hand cases over."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relais.core.workload import Weights
from relais.kit.forms import DateField, FilterForm, NumberField
from relais.organisations.models import Organisation, Scheme

NAMES = ("cases", "hundred_hours", "alerts", "dues")


def weight(label: Any) -> NumberField:
    return NumberField(label=label, min_value=0, max_value=100, decimal_places=2)


class LoadFilter(FilterForm):
    """The weights of the address; the usual ones where it has none."""

    scheme = forms.ChoiceField(label=_("Scheme"))
    cases = weight(_("Weight of a case"))
    hundred_hours = weight(_("Of 100 hours left"))
    alerts = weight(_("Of an alert"))
    dues = weight(_("Of a date of the month"))

    def __init__(self, data: Any, *, schemes: Iterable[Scheme], usual: Weights) -> None:
        typed = data.copy()
        for name in NAMES:
            if not typed.get(name):
                typed[name] = str(getattr(usual, name)).replace(".", ",")
        super().__init__(typed)
        choices = [(scheme.slug, scheme.name) for scheme in schemes]
        if len(choices) > 1:
            self.fields["scheme"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["scheme"]
        self.usual = usual

    def weights(self) -> Weights:
        """What was understood; a weight that cannot be read is the usual one."""
        chosen: dict[str, Decimal] = {
            name: self.chosen.get(name, getattr(self.usual, name)) for name in NAMES
        }
        return Weights(**chosen, source=self.usual.source)


class HandOverForm(forms.Form):
    to_body = forms.ModelChoiceField(Organisation.objects.none(), label=_("To the body"))
    starts_on = DateField(
        label=_("In force from"), help_text=_("From tomorrow on; the hand-over can be undone until its eve.")
    )
    note = forms.CharField(
        label=_("Note for the next body"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Where each case stands, what is promised. Name no participant."),
    )

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_body"].queryset = bodies  # type: ignore[attr-defined]
