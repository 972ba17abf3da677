"""What people type of an award: the contract as signed, and who holds it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext_lazy as _

from relais.clauses.actions import Award, Held
from relais.clauses.actions.retained import promised_by
from relais.clauses.enums import Consortium
from relais.clauses.holders import Candidate
from relais.clauses.models import Clause, Tender
from relais.core.words import BadValue
from relais.kit.forms import DateField, NumberField
from relais.kit.words import say
from relais.organisations.identifiers import normal_siret
from relais.organisations.models import Organisation
from relais.procurement.models import Contract

HOLDER_ROWS = 4
HUNDRED = Decimal(100)
SIRET_DIGITS = 14


class AwardForm(forms.Form):
    """The contract as signed."""

    source_id = forms.CharField(
        label=_("Identifier of the contract"),
        max_length=100,
        help_text=_("The one given by the buyer; a contract already published under it is linked."),
    )
    notified_on = DateField(label=_("Notification date"))
    amount = NumberField(
        label=_("Amount excluding tax"),
        unit="€",
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
    )
    starts_on = DateField(label=_("Start of performance"))
    ends_on = DateField(label=_("End of performance"))
    hours = NumberField(
        label=_("Hours committed"),
        unit="h",
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("As in the commitment signed by the holder."),
    )
    consortium = forms.ChoiceField(label=_("Holders"), choices=Consortium.choices)

    justification = forms.CharField(
        label=_("Why a holder not eligible may hold this contract"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Only when the check above says so: an agreement newer than the list, an equivalent structure. "
            "It is kept with the award."
        ),
    )

    def __init__(self, *args: Any, reserved: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not reserved:
            del self.fields["justification"]

    def award(self, holders: Sequence[Held], tender: Tender | None = None) -> Award:
        data = self.cleaned_data
        return Award(
            **{
                name: data[name]
                for name in ("source_id", "notified_on", "amount", "starts_on", "ends_on", "hours")
            },
            consortium=Consortium(data["consortium"]),
            holders=tuple(holders),
            tender=tender,
            justification=data.get("justification", ""),
        )


def initial_award(clause: Clause, contract: Contract | None, tender: Tender | None = None) -> dict[str, Any]:
    """What the award form shows first: what the contract published and the offer retained already say."""
    owed = promised_by(clause, tender)[0] if tender else clause.hours
    known = {"hours": owed, "consortium": Consortium.ALONE}
    if contract is None:
        return known
    return known | {
        "source_id": contract.source_id,
        "notified_on": contract.notified_on,
        "amount": contract.amount,
        "starts_on": contract.notified_on,
    }


class HolderForm(forms.Form):
    """One holder: a body of the directory, or a company named for the first time."""

    organisation = forms.ChoiceField(label=_("Company of the directory"), required=False)
    name = forms.CharField(label=_("Or new company: name"), required=False, max_length=200)
    siret = forms.CharField(label=_("SIRET of the new company"), required=False, max_length=20)
    share = NumberField(
        label=_("Share"), unit="%", required=False, min_value=0, max_value=100, max_digits=7, decimal_places=4
    )
    is_lead = forms.BooleanField(label=_("Leads the consortium"), required=False)

    def __init__(self, *args: Any, bodies: dict[str, Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = bodies
        self.fields["organisation"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            *((key, body.name) for key, body in bodies.items()),
        ]

    def clean_siret(self) -> str:
        text = self.cleaned_data["siret"]
        if not text.strip():
            return ""
        try:
            return normal_siret(text)
        except BadValue as error:
            raise forms.ValidationError(say(error.words)) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("organisation") and data.get("name"):
            self.add_error("name", _("Choose a company of the directory or name a new one, not both."))
        elif not (data.get("organisation") or data.get("name")) and data.get("share") is not None:
            self.add_error("organisation", _("Say which company holds this share."))
        return data

    @property
    def is_filled(self) -> bool:
        return bool(self.cleaned_data.get("organisation") or self.cleaned_data.get("name"))

    def held(self) -> Held:
        data = self.cleaned_data
        share = data["share"]
        return Held(
            organisation=self.bodies.get(data["organisation"]),
            name=data["name"],
            siret=data.get("siret", ""),
            share=Decimal(1) if share is None else share / HUNDRED,
            is_lead=data["is_lead"],
        )


class BaseHolders(BaseFormSet):  # type: ignore[type-arg]
    def candidates(self) -> list[Candidate]:
        """The holders named so far, to be looked up in the directory: those typed, or those proposed."""
        if not self.is_bound:
            return [found for form in self.initial_forms if (found := _candidate(form, form.initial))]
        read = [form for form in self.forms if form.is_valid()]
        return [found for form in read if (found := _candidate(form, form.cleaned_data))]

    def holders(self) -> list[Held]:
        """The rows filled in; alone, a holder leads and owes the whole."""
        held = [form.held() for form in self.forms if form.is_filled]
        if len(held) == 1 and not held[0].is_lead:
            return [replace(held[0], is_lead=True)]
        return held


def _candidate(form: HolderForm, told: dict[str, Any]) -> Candidate | None:
    body = form.bodies.get(str(told.get("organisation", "")))
    if body is not None:
        return Candidate(body.name, body.siret, body)
    return Candidate(told["name"], told.get("siret", "")) if told.get("name") else None


HolderFormSet = forms.formset_factory(HolderForm, formset=BaseHolders, extra=HOLDER_ROWS, max_num=20)


def holder_rows(
    bodies: Iterable[Organisation],
    contract: Contract | None,
    data: Any = None,
    *,
    tender: Tender | None = None,
) -> Any:
    """The rows of the award form, filled from the holders published, or else from the offer retained."""
    known = {str(body.pk): body for body in bodies}
    published = list(contract.holders.all()) if contract else []
    initial = []
    for holder in published:
        key = str(holder.organisation_id or "")
        row: dict[str, Any] = {"is_lead": holder.is_lead or len(published) == 1}
        if key in known:
            row["organisation"] = key
        else:
            row |= {
                "name": holder.name,
                "siret": holder.identifier if len(holder.identifier) == SIRET_DIGITS else "",
            }
        if holder.share is not None:
            row["share"] = holder.share * HUNDRED
        initial.append(row)
    if tender is not None and not initial:
        initial.append(_row_of(tender, known))
    return HolderFormSet(data, initial=initial, form_kwargs={"bodies": known}, prefix="holders")


def _row_of(tender: Tender, known: dict[str, Organisation]) -> dict[str, Any]:
    """The tenderer as a holder: its body when the directory knows it, otherwise its name and its SIRET."""
    key = str(tender.organisation_id or "")
    if key in known:
        return {"organisation": key, "is_lead": True}
    siret = tender.identifier if len(tender.identifier) == SIRET_DIGITS else ""
    return {"name": tender.name, "siret": siret, "is_lead": True}
