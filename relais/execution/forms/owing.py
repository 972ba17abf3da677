"""What people type about the rules of owing and what they count."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from relais.core.calibration import Rounding
from relais.core.owing import BASES, Rule
from relais.core.owing import Basis as CoreBasis
from relais.core.owing import RuleKind as CoreRuleKind
from relais.core.words import BadValue
from relais.execution.actions.options import NewOption
from relais.execution.actions.owing import NewCall
from relais.execution.models import Call, Debtor
from relais.execution.owing_enums import Basis, CallKind, OptionKind, RuleKind
from relais.kit.forms import DateField, FilterForm, NumberField
from relais.kit.words import say

HUNDRED = Decimal(100)


def amount_field(label: Any, **kwargs: Any) -> NumberField:
    return NumberField(label=label, unit="€", max_digits=14, decimal_places=2, **kwargs)


def percent_field(label: Any, **kwargs: Any) -> NumberField:
    return NumberField(
        label=label, unit="%", max_digits=7, decimal_places=4, min_value=0, max_value=100, **kwargs
    )


class RuleForm(forms.Form):
    """A rule of owing: its kind, what it is counted on, and the figures of that kind."""

    kind = forms.ChoiceField(label=_("Rule"), choices=RuleKind.choices, initial=RuleKind.PER_AMOUNT)
    basis = forms.ChoiceField(
        label=_("Counted on"),
        choices=[("", "–"), *Basis.choices],
        required=False,
        help_text=_("Orders or invoices for a framework; the contract as signed for a lump."),
    )
    starts_on = DateField(label=_("In force from"))
    euros_per_hour = amount_field(
        _("Amount that brings one hour"),
        required=False,
        help_text=_("2 000 for one hour per 2,000 € excluding tax."),
    )
    labour_share = percent_field(_("Labour share"), required=False)
    insertion_rate = percent_field(
        _("Insertion effort"), required=False, help_text=_("Share of the hours that is asked for insertion.")
    )
    hourly_cost = amount_field(_("Hourly cost"), required=False)
    amount = amount_field(
        _("Amount of the contract excluding tax"),
        required=False,
        help_text=_("For a share of the labour of the contract as signed."),
    )
    hours = NumberField(
        label=_("Hours"),
        unit="h",
        required=False,
        max_digits=12,
        decimal_places=2,
        help_text=_("For fixed hours."),
    )
    rounding = forms.ChoiceField(label=_("Rounding of the true-up"), initial=Rounding.UNIT.value)
    document = forms.CharField(
        label=_("Document"), max_length=200, help_text=_("Clause, amendment… that words this rule.")
    )
    replaces_initial = forms.BooleanField(
        label=_("The hours of the award were an estimate: this rule takes their place"),
        required=False,
        help_text=_("Left unticked, the hours of the award stay owed and the rule adds to them."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = [(step.value, say(step.words)) for step in Rounding]
        self.fields["rounding"].choices = steps  # type: ignore[attr-defined]
        self.rule: Rule | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        kind = CoreRuleKind(data["kind"])
        possible = BASES[kind]
        chosen = data.get("basis")
        if not chosen and len(possible) > 1:
            self.add_error("basis", _("Say what this rule is counted on."))
            return data
        figures = {
            name: data.get(name) or Decimal(0)
            for name in ("hours", "amount", "hourly_cost", "euros_per_hour")
        }
        shares = {
            name: (data.get(name) or Decimal(0)) / HUNDRED for name in ("labour_share", "insertion_rate")
        }
        try:
            self.rule = Rule(
                kind,
                CoreBasis(str(chosen)) if len(possible) > 1 else possible[0],
                data["starts_on"],
                Rounding(data["rounding"]),
                **figures,
                **shares,
            )
        except BadValue as error:
            self.add_error(None, say(error.words))
        return data

    def wanted(self) -> tuple[Rule, dict[str, Any]]:
        """The rule, and the terms of its recording."""
        assert self.rule is not None, "a valid form has its rule"
        names = ("document", "replaces_initial")
        return self.rule, {name: self.cleaned_data[name] for name in names}


class CallForm(forms.Form):
    """An order or an invoice."""

    kind = forms.ChoiceField(label=_("Kind"), choices=CallKind.choices)
    number = forms.CharField(label=_("Number"), max_length=60)
    on = DateField(label=_("Date"))
    amount = amount_field(
        _("Amount excluding tax"), help_text=_("Below zero for a credit note, which is an invoice.")
    )
    label = forms.CharField(label=_("Object"), required=False, max_length=200)
    debtor = forms.ChoiceField(
        label=_("Company"), required=False, help_text=_("Empty: shared out by the shares of the contract.")
    )

    def __init__(self, *args: Any, debtors: Iterable[Debtor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.debtors = {str(debtor.pk): debtor for debtor in debtors}
        if len(self.debtors) < 2:
            del self.fields["debtor"]
            return
        self.fields["debtor"].choices = [("", "–")] + [  # type: ignore[attr-defined]
            (key, debtor.organisation.name) for key, debtor in self.debtors.items()
        ]

    def wanted(self) -> NewCall:
        data = dict(self.cleaned_data)
        debtor = self.debtors.get(data.pop("debtor", ""))
        return NewCall(CallKind(data.pop("kind")), debtor=debtor, **data)


class CallCorrectionForm(forms.Form):
    """The right figures of an order or of an invoice."""

    on = DateField(label=_("Date"))
    amount = amount_field(_("Amount excluding tax"))
    label = forms.CharField(label=_("Object"), required=False, max_length=200)
    reason = forms.CharField(label=_("Reason"), max_length=300)

    @classmethod
    def figures_of(cls, call: Call) -> dict[str, Any]:
        return {"on": call.on, "amount": call.amount, "label": call.label}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class CallFileForm(forms.Form):
    """A table of orders or of invoices."""

    file = forms.FileField(
        label=_("File of orders or invoices"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.ods,.xls"}),
        help_text=_("CSV, .xlsx or .ods, 5 MB at most."),
    )


class YearFilter(FilterForm):
    """The year of the orders and invoices shown."""

    annee = forms.TypedChoiceField(label=_("Year"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["annee"].choices = [("", _("All years"))] + [  # type: ignore[attr-defined]
            (str(year), str(year)) for year in years
        ]


class WorkedForm(forms.Form):
    """All hours worked on the contract over a period."""

    starts_on = DateField(label=_("First day"))
    ends_on = DateField(label=_("Last day"))
    hours = NumberField(
        label=_("Hours worked"),
        unit="h",
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("By everybody, insertion or not, temps and subcontractors included."),
    )
    document = forms.CharField(label=_("Document"), required=False, max_length=200)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=300,
        help_text=_("Needed to correct a period declared already."),
    )


class TrueUpForm(forms.Form):
    """The year to settle."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]


class OptionForm(forms.Form):
    """A tranche or a renewal as the contract words it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=OptionKind.choices)
    label = forms.CharField(label=pgettext_lazy("option", "Name"), max_length=120)
    hours = NumberField(
        label=_("Hours it adds"), unit="h", min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
    due_on = DateField(label=_("To be decided before"), required=False)
    new_end = DateField(
        label=_("New end of performance"), required=False, help_text=_("For a renewal, the end it brings.")
    )

    def wanted(self) -> NewOption:
        data = dict(self.cleaned_data)
        return NewOption(OptionKind(data.pop("kind")), **data)


class TakingForm(forms.Form):
    """The decision to take up a tranche or a renewal."""

    decided_on = DateField(label=_("Decided on"))
    document = forms.CharField(
        label=_("Document"), max_length=200, help_text=_("Service order, letter of renewal…")
    )


class LeavingForm(forms.Form):
    """The decision to leave a tranche or a renewal aside."""

    decided_on = DateField(label=_("Decided on"))
    reason = forms.CharField(label=_("Reason"), max_length=300)


def years_until(start: date, today: date) -> list[int]:
    """The years of performance begun, last first."""
    return list(range(today.year, start.year - 1, -1))
