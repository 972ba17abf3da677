"""What people type about clauses; the rules answer, these forms only turn text into values."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from relais.clauses.actions import Terms
from relais.clauses.enums import Ccag, KitDocument, Modality, Part, Regime, TextState
from relais.clauses.models import Clause, LibraryText
from relais.core.regime import modalities_on
from relais.core.words import NotInForce
from relais.kit.forms import DateField, FilterForm, NumberField
from relais.kit.words import say
from relais.organisations.models import Organisation


class TermsForm(forms.Form):
    """The terms of a clause: by which modality, how many hours, with what penalty and for whom."""

    modality = forms.ChoiceField(label=_("Modality"), choices=Modality.choices)
    launched_on = DateField(
        label=_("Launch date"),
        help_text=_("Date when the consultation is launched: it decides the regime and the article."),
    )
    hours = NumberField(label=_("Hours asked"), unit="h", min_value=0, max_digits=12, decimal_places=2)
    hours_reason = forms.CharField(
        label=_("Why these hours"),
        required=False,
        max_length=300,
        help_text=_("Needed when they are not those of the calculation."),
    )
    unit_penalty = NumberField(
        label=_("Penalty per missing hour"),
        unit="€",
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        help_text=_("Usually 20 to 60 €; it belongs to each contract."),
    )
    criterion_weight = NumberField(
        label=_("Weight of the criterion"),
        unit="%",
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text=_("For an award criterion only."),
    )
    ccag = forms.ChoiceField(
        label=_("General conditions"),
        required=False,
        choices=[("", _("By the nature of the lot")), *Ccag.choices],
        help_text=_("The CCAG that the contract refers to; its insertion article exists since 1 April 2021."),
    )
    facilitator_contact = forms.CharField(
        label=_("Contact of the facilitator"),
        required=False,
        max_length=300,
        help_text=_("Telephone and e-mail address, as the tender documents will print them."),
    )
    eligible_note = forms.CharField(
        label=_("People eligible, details"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Added to the list of the texts: a district, a public to favour."),
    )
    particulars = forms.CharField(
        label=_("Particular provisions"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, concession: bool = False, **kwargs: Any) -> None:
        self.concession = concession
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        launched_on, modality = data.get("launched_on"), data.get("modality")
        if launched_on and modality:
            try:
                open_ones = modalities_on(launched_on, concession=self.concession)
            except NotInForce as error:
                self.add_error("launched_on", say(error.words))
            else:
                if modality not in open_ones:
                    self.add_error(
                        "modality", _("This modality did not exist for a consultation launched on that day.")
                    )
        return data

    def terms(self) -> Terms:
        names = [name for name in Terms.__dataclass_fields__ if name in self.cleaned_data]
        return Terms(**{name: self.cleaned_data[name] for name in names})


class WritingForm(TermsForm):
    """The terms, and the facilitator bodies that will follow the clause."""

    def __init__(self, *args: Any, facilitators: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = {str(body.pk): body for body in facilitators}
        self.fields["facilitators"] = forms.MultipleChoiceField(
            label=_("Facilitator bodies"),
            required=False,
            choices=[(key, body.name) for key, body in self.bodies.items()],
            widget=forms.CheckboxSelectMultiple,
            help_text=_("They read the clause, follow its people and validate its hours."),
        )

    def chosen_facilitators(self) -> list[Organisation]:
        return [self.bodies[key] for key in self.cleaned_data["facilitators"]]


def initial_terms(terms: Terms | Clause) -> dict[str, Any]:
    """What a form of terms shows first."""
    return {name: getattr(terms, name) for name in Terms.__dataclass_fields__}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


JOINING = (Part.FACILITATOR, Part.SUBCONTRACTOR, Part.STRUCTURE)


class PartyForm(forms.Form):
    """A body that joins the clause."""

    part = forms.ChoiceField(
        label=pgettext_lazy("party", "Part"), choices=[(part.value, part.label) for part in JOINING]
    )
    organisation = forms.ChoiceField(label=_("Body"))
    starts_on = DateField(
        label=pgettext_lazy("party", "From"),
        help_text=_("From that day the body reads its part of the clause."),
    )

    def __init__(self, *args: Any, bodies: Iterable[Organisation], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"starts_on": today}, **kwargs})
        self.bodies = {str(body.pk): body for body in bodies}
        self.fields["organisation"].choices = [("", "–")] + [  # type: ignore[attr-defined]
            (key, body.name) for key, body in self.bodies.items()
        ]

    def body(self) -> Organisation:
        return self.bodies[self.cleaned_data["organisation"]]


class ProposalForm(forms.Form):
    text = forms.CharField(
        label=_("Change proposed"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    hours = NumberField(
        label=_("Hours, more or less"),
        unit="h",
        required=False,
        max_digits=12,
        decimal_places=2,
        help_text=_("With a minus sign to take hours away; leave empty when hours do not change."),
    )


class AnswerForm(forms.Form):
    taken = forms.TypedChoiceField(
        label=_("Answer given"),
        choices=[("yes", _("Take it up")), ("no", _("Decline"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Grounds"), required=False, max_length=300, help_text=_("Needed to decline.")
    )


ANY = [("", _("All"))]


class TextFilterForm(FilterForm):
    """Which texts of the library to show."""

    document = forms.ChoiceField(label=_("Document"), choices=[*ANY, *KitDocument.choices])
    modality = forms.ChoiceField(label=_("Modality"), choices=[*ANY, *Modality.choices])
    regime = forms.ChoiceField(label=_("Legal regime"), choices=[*ANY, *Regime.choices])
    state = forms.ChoiceField(label=_("State"), choices=[*ANY, *TextState.choices])

    def keeps(self, text: LibraryText, states: Iterable[str]) -> bool:
        """Whether the text passes the filters; `states` are those of its versions."""
        chosen = self.chosen
        return (
            text.document == chosen.get("document", text.document)
            and _serves(text.modalities, chosen.get("modality"))
            and _serves(text.regimes, chosen.get("regime"))
            and ("state" not in chosen or chosen["state"] in states)
        )


def _serves(codes: str, wanted: str | None) -> bool:
    return not wanted or not codes or wanted in codes.split()
