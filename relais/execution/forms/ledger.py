"""What people type about the ledger of an obligation."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from relais.core.calibration import from_coefficient
from relais.execution.actions.ledger import Wanted
from relais.execution.enums import EntryKind, ObligationState
from relais.execution.models import Debtor
from relais.execution.rules.ledger import CLOSING_OUTCOMES, TYPED_KINDS
from relais.kit.forms import DateField, NumberField


class AsOfForm(forms.Form):
    """The day at which the account is read again; nothing typed means today."""

    au = DateField(label=_("As it was known on"), required=False)

    def day(self, today: date) -> date:
        chosen = self.cleaned_data.get("au") if self.is_bound and self.is_valid() else None
        return min(chosen, today) if chosen else today


class EntryForm(forms.Form):
    """Hours owed, more or less, with what explains them."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in TYPED_KINDS])
    effective_on = DateField(label=_("Effective on"), help_text=_("Day of the amendment, of the order…"))
    hours = NumberField(
        label=_("Hours"),
        unit="h",
        required=False,
        max_digits=12,
        decimal_places=2,
        help_text=_("With a minus sign to take hours away. Leave empty to compute them from an amount."),
    )
    amount = NumberField(
        label=_("Amount excluding tax"),
        unit="€",
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        help_text=_("Of the order or of the invoice, when hours follow the amount."),
    )
    hours_per_10k = NumberField(
        label=_("Hours per 10,000 €"), required=False, min_value=0, max_digits=8, decimal_places=2
    )
    debtor = forms.ChoiceField(
        label=_("Company"), required=False, help_text=_("Empty: shared out by the shares of the contract.")
    )
    wording = forms.CharField(label=_("Wording"), required=False, max_length=300)
    document = forms.CharField(
        label=_("Document"), required=False, max_length=200, help_text=_("Amendment no. 2, order 2026-118…")
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=300,
        help_text=_("Needed for a suspension or a correction."),
    )
    corrected_number = forms.IntegerField(
        label=_("Entry corrected"), required=False, min_value=1, help_text=_("Its number in the ledger.")
    )
    new_end = DateField(
        label=_("New end of performance"), required=False, help_text=_("When the entry moves it.")
    )

    def __init__(self, *args: Any, debtors: Iterable[Debtor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.debtors = {str(debtor.pk): debtor for debtor in debtors}
        self.fields["debtor"].choices = [("", "–")] + [  # type: ignore[attr-defined]
            (key, debtor.organisation.name) for key, debtor in self.debtors.items()
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("hours") is None and "hours" not in self.errors:
            if data.get("amount") is None or data.get("hours_per_10k") is None:
                self.add_error(
                    "hours", _("Enter the hours, or an amount and the hours per 10,000 € that give them.")
                )
        elif data.get("amount") is not None and data.get("hours_per_10k") is not None:
            self.add_error(
                "hours", _("Enter the hours or an amount, not both: one of them would be ignored.")
            )
        return data

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        hours = data["hours"]
        steps: tuple[dict[str, Any], ...] = ()
        if hours is None:
            found = from_coefficient(amount=data["amount"], hours_per_10k=data["hours_per_10k"])
            hours, steps = found.hours, tuple(step.as_dict() for step in found.steps)
        return Wanted(
            kind=EntryKind(data["kind"]),
            hours=hours,
            effective_on=data["effective_on"],
            wording=data["wording"],
            document=data["document"],
            reason=data["reason"],
            steps=steps,
            debtor=self.debtors.get(data["debtor"]),
            new_end=data["new_end"],
            corrected_number=data["corrected_number"],
        )


class TransferForm(forms.Form):
    """Hours that go from a partner to another."""

    giver = forms.ChoiceField(label=pgettext_lazy("transfer", "From"))
    taker = forms.ChoiceField(label=pgettext_lazy("transfer", "To"))
    hours = NumberField(label=_("Hours"), unit="h", max_digits=12, decimal_places=2)
    effective_on = DateField(label=_("Effective on"))
    reason = forms.CharField(label=_("Reason"), max_length=300)
    document = forms.CharField(label=_("Document"), required=False, max_length=200)

    def __init__(self, *args: Any, debtors: Iterable[Debtor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.debtors = {str(debtor.pk): debtor for debtor in debtors}
        choices = [(key, debtor.organisation.name) for key, debtor in self.debtors.items()]
        for name in ("giver", "taker"):
            self.fields[name].choices = [("", "–"), *choices]  # type: ignore[attr-defined]

    def transfer(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        giver, taker = self.debtors[data.pop("giver")], self.debtors[data.pop("taker")]
        return {"giver": giver, "taker": taker, **data}


class KickOffForm(forms.Form):
    held_on = DateField(label=_("Day of the kick-off meeting"))


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Name of the correspondent"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), required=False)


class ClosingForm(forms.Form):
    """How an obligation ends."""

    outcome = forms.ChoiceField(
        label=pgettext_lazy("obligation", "Outcome"),
        choices=[(state.value, state.label) for state in CLOSING_OUTCOMES],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed unless all hours are done."),
    )

    def ending(self) -> dict[str, Any]:
        return {
            "outcome": ObligationState(self.cleaned_data["outcome"]),
            "reason": self.cleaned_data["reason"],
        }


class ReopeningForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ResumingForm(forms.Form):
    ends_on = DateField(label=_("New end of performance"), required=False, help_text=_("When it moves."))
