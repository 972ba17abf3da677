"""What a person decides or asks about an opportunity."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from relais.core.regime import Modality
from relais.kit.forms import DateField, NumberField, RowsField
from relais.kit.words import say
from relais.organisations.models import Organisation
from relais.screening.enums import OpinionAnswer, OpportunityState, RejectionCase
from relais.screening.queries.derogations import WordedCase


class VersionForm(forms.Form):
    """The version of the sheet that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class NextActForm(VersionForm):
    what = forms.CharField(label=_("Next act"), max_length=200, required=False)
    due_on = DateField(label=_("Due"), required=False)


class MoveForm(VersionForm):
    state = forms.ChoiceField(
        choices=[(s.value, s.label) for s in (OpportunityState.LAUNCHED, OpportunityState.AWARDED)]
        + [(OpportunityState.UNSUCCESSFUL.value, OpportunityState.UNSUCCESSFUL.label)]
    )
    day = DateField(label=_("Launch date"))


class DecisionForm(VersionForm):
    """One decision among three; each asks for what the law or the committee needs."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("retain", _("Retain: the lot will carry a clause")),
            ("reject", _("Reject: no clause in this lot")),
            ("derogate", _("Derogate from the social duty")),
        ],
        widget=forms.RadioSelect,
    )
    modality = forms.ChoiceField(label=_("To retain: the modality"), choices=[], required=False)
    case = forms.ChoiceField(
        label=_("To reject: the reason"), choices=[("", "–"), *RejectionCase.choices], required=False
    )
    derogation = forms.ChoiceField(label=_("To derogate: the case of the law"), choices=[], required=False)
    reason = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Reasons of a derogation are kept in the file of the consultation."),
    )
    evidence = forms.CharField(
        label=_("To derogate: the evidence"),
        required=False,
        max_length=500,
        help_text=_("The study, market sounding or document that shows it, and where it is kept."),
    )

    def __init__(
        self, *args: Any, modalities: tuple[Modality, ...], cases: tuple[WordedCase, ...], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        none = ("", "–")
        self.fields["modality"].choices = [none, *((m.value, say(m.words)) for m in modalities)]  # type: ignore[attr-defined]
        self.fields["derogation"].choices = [none, *((c.case.value, c.full) for c in cases)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        needed = {"retain": "modality", "reject": "case", "derogate": "derogation"}.get(
            data.get("decision", "")
        )
        if needed and not data.get(needed) and needed not in self.errors:
            self.add_error(needed, _("Choose one."))
        if data.get("decision") == "derogate" and not data.get("reason", "").strip():
            self.add_error("reason", _("Write the reasons of the derogation."))
        if data.get("decision") == "derogate" and not data.get("evidence", "").strip():
            self.add_error("evidence", _("Name the evidence of the derogation."))
        if data.get("case") == RejectionCase.OTHER and not data.get("reason", "").strip():
            self.add_error("reason", _("Write the reason of the rejection."))
        return data


class BatchForm(forms.Form):
    MOST_LOTS = 200
    act = forms.ChoiceField(
        label=_("With the lots ticked"),
        choices=[
            ("study", _("Put under analysis")),
            ("retain", _("Retain with the modality proposed")),
            ("reject", _("Reject")),
        ],
    )
    case = forms.ChoiceField(
        label=_("Reason of the rejection"), choices=[("", "–"), *RejectionCase.choices], required=False
    )
    reason = forms.CharField(label=_("In your words"), required=False, max_length=1000)
    lot = forms.TypedMultipleChoiceField(coerce=int, choices=[], required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticked = self.data.getlist("lot") if self.is_bound else []  # type: ignore[attr-defined]
        shown = [
            value
            for value in ticked[: self.MOST_LOTS]
            if value.isascii() and value.isdigit() and len(value) < 19
        ]
        self.fields["lot"].choices = [(int(value), value) for value in shown]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("act") == "reject" and not data.get("case"):
            self.add_error("case", _("Say why these lots are left without a clause."))
        return data


class OpinionAskForm(VersionForm):
    facilitators = RowsField(
        label=_("Facilitator bodies"),
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Several when the lot covers several territories; those of its department are ticked."),
    )
    question = forms.CharField(
        label=_("Question"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, facilitators: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["facilitators"].queryset = facilitators  # type: ignore[attr-defined]


class OpinionForm(forms.Form):
    answer = forms.ChoiceField(label=_("Opinion"), choices=OpinionAnswer.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Grounds"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Insertion supply of the territory, candidates, trades already short of people."),
    )
    people_available = forms.IntegerField(
        label=_("People available in this trade"), required=False, min_value=0, max_value=10_000
    )
    hours_feasible = NumberField(
        label=_("Hours feasible on this lot"), unit="h", required=False, min_value=0, max_value=1_000_000
    )
    structures = forms.CharField(
        label=_("Structures that could take part"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Names of bodies, never of people."),
    )
    conditions = forms.CharField(
        label=_("Conditions"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Season, access to the site, training needed before, lots to group."),
    )


class MessageForm(forms.Form):
    text = forms.CharField(
        label=_("Message"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Read by the people of the buyer and by the facilitator bodies asked. No name of person."
        ),
    )
