"""A version of the rules of eligibility, as the coordinator types it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from relais.core.eligibility import CATEGORY_RULES
from relais.execution.enums import Category
from relais.kit.forms import DateField
from relais.organisations.models import Scheme

MONTHS = ("counting_months", "permanent_months", "break_months", "employer_months")
MOST_MONTHS = 120


def months_field(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, required=False, min_value=1, max_value=MOST_MONTHS
    )


class PolicyForm(forms.Form):
    """Rules left empty do not apply; an age left empty is the one of the national table."""

    scheme = forms.ModelChoiceField(Scheme.objects.none(), label=_("Scheme"), empty_label=None)
    starts_on = DateField(label=_("In force from"))
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("Text or decision that sets these rules.")
    )
    verified = forms.BooleanField(label=_("Source verified"), required=False)
    counting_months = months_field(_("Counting period of one person (months)"))
    permanent_months = months_field(_("More months after a permanent hire"))
    break_months = months_field(
        _("Break after which the period starts anew (months)"), _("Without a job under a clause.")
    )
    employer_months = months_field(
        _("Not counted if employed by the company less than (months) before"),
        _("From temp work to hire is allowed."),
    )
    families_combine = forms.BooleanField(
        label=_("The status of a structure and a personal criterion may be combined"),
        required=False,
        initial=True,
    )
    accepted = forms.MultipleChoiceField(
        label=_("Categories counted"),
        choices=Category.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )

    def __init__(self, *args: Any, schemes: QuerySet[Scheme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scheme"].queryset = schemes  # type: ignore[attr-defined]
        for core, rule in CATEGORY_RULES.items():
            if rule.max_age_months is not None:
                label = _("Age of the proof (months): %(category)s") % {
                    "category": Category(core.value).label
                }
                self.fields[f"age_{core.value}"] = months_field(
                    label, _("National table: %(months)s.") % {"months": rule.max_age_months}
                )

    @property
    def policy(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        ages = {
            name.removeprefix("age_"): months
            for name, months in data.items()
            if name.startswith("age_") and months
        }
        terms = {
            **{name: data[name] for name in MONTHS},
            "families_combine": data["families_combine"],
            "accepted": data["accepted"] or None,
            "max_age_months": ages,
        }
        return {
            "starts_on": data["starts_on"],
            "source": data["source"],
            "verified": data["verified"],
            "terms": terms,
        }
