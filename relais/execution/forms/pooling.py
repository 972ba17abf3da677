"""The sentence that asks for jobs made of small obligations."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from relais.core.pooling import PoolingRules
from relais.execution.queries.pooling import Asked
from relais.kit.forms import NumberField
from relais.organisations.models import Organisation, Scheme

DEFAULTS = PoolingRules()
ASKED = "most_hours"
"""The field whose presence in an address tells that the sentence was sent."""


class PoolingForm(forms.Form):
    """Which contracts, how near, how long: every word of the sentence may be changed."""

    scheme = forms.ChoiceField(label=_("Scheme"), required=False)
    most_hours = NumberField(
        label=_("Hours left at most"), unit="h", min_value=1, max_value=5000, decimal_places=2
    )
    department = forms.ChoiceField(label=_("Department"), required=False)
    radius = NumberField(label=_("Distance at most"), unit="km", min_value=0, max_value=500, decimal_places=0)
    trades = forms.TypedChoiceField(
        label=_("Trades"),
        choices=(("", _("of the same trade")), ("1", _("whatever the trade"))),
        coerce=bool,
        required=False,
        empty_value=False,  # type: ignore[arg-type]
    )
    least_months = forms.IntegerField(label=_("Months at least"), min_value=1, max_value=36)
    least_month = NumberField(
        label=_("Hours a month at least"), unit="h", min_value=1, max_value=220, decimal_places=2
    )
    full_month = NumberField(
        label=_("Hours of a full month"), unit="h", min_value=1, max_value=220, decimal_places=2
    )
    most_parts = forms.IntegerField(label=_("Contracts of a job at most"), min_value=2, max_value=12)

    def __init__(
        self,
        *args: Any,
        schemes: Iterable[Scheme],
        departments: Iterable[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"initial": initial(), **kwargs})
        self.schemes = list(schemes)
        self.fields["scheme"].choices = [(str(one.pk), one.name) for one in self.schemes]  # type: ignore[attr-defined]
        if len(self.schemes) < 2:
            del self.fields["scheme"]
        self.name_departments(departments)

    def name_departments(self, departments: Iterable[tuple[str, str]]) -> None:
        named = [(code, f"{code} {name}") for code, name in departments]
        self.fields["department"].choices = [("", _("everywhere")), *named]  # type: ignore[attr-defined]

    @property
    def scheme_asked(self) -> Scheme | None:
        """The scheme of the address, the first one otherwise; read before the form is checked."""
        wanted = self.data.get("scheme", "")
        return next((one for one in self.schemes if str(one.pk) == wanted), next(iter(self.schemes), None))

    @property
    def most_asked(self) -> Decimal:
        """The hours of the address when they are understood, those of the sentence otherwise."""
        try:
            return Decimal(self.fields[ASKED].clean(self.data.get(ASKED)))
        except forms.ValidationError:
            return Asked().most_hours

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        least, full = data.get("least_month"), data.get("full_month")
        if least and full and least > full:
            self.add_error("least_month", _("The least month cannot be above the full month."))
        return data

    def rules(self) -> PoolingRules:
        data = self.cleaned_data
        return PoolingRules(
            full_month=data["full_month"],
            least_month=data["least_month"],
            least_months=data["least_months"],
            most_parts=data["most_parts"],
            radius=float(data["radius"]),
            trades=data["trades"],
        )

    def asked(self) -> Asked:
        return Asked(self.cleaned_data["most_hours"], self.cleaned_data["department"])


class JobTermsForm(forms.Form):
    """The job to propose: who employs, and what the job is called."""

    employer = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Employer"),
        help_text=_("One employer for the whole job: it declares the hours, each contract counts its share."),
    )
    job = forms.CharField(label=_("Job"), max_length=120)

    def __init__(self, *args: Any, bodies: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].queryset = bodies  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """Yes or no, for the whole body; a refusal says why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label=_("Answer of your body"),
        choices=[("accepted", _("Accept")), ("refused", _("Refuse"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason, if you refuse"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == "refused" and not (data.get("reason") or "").strip():
            self.add_error("reason", _("Say why: every body of the agreement reads it."))
        return data


class StopForm(forms.Form):
    """Why an agreement is withdrawn or ended."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 2}))


def initial() -> dict[str, Any]:
    return {
        "most_hours": Asked().most_hours,
        "radius": round(DEFAULTS.radius),
        "least_months": DEFAULTS.least_months,
        "least_month": DEFAULTS.least_month,
        "full_month": DEFAULTS.full_month,
        "most_parts": DEFAULTS.most_parts,
    }


def sentence_in(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The sentence of an address, or the one the page shows first when the address has none."""
    return data if ASKED in data else {name: str(value) for name, value in initial().items()}
