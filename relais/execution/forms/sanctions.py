"""What people type about a breach: each step has its form, a waiver and the terms of the contract theirs."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from relais.core.months import Month, months_between
from relais.execution.actions.sanctions import Doing
from relais.execution.actions.waivers import Waiving
from relais.execution.enums import BreachAct, BreachKind, BreachStage, CauseKind
from relais.execution.models import Breach, Cause, Debtor
from relais.execution.queries.sanctions import Gap
from relais.kit.forms import DateField, FilterForm, NumberField
from relais.kit.words import month as said_month

LONG = 5000
MOST_MONTHS = 12
"""Months that a catch-up plan spreads over, at most."""
CENT = Decimal("0.01")


def text_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=help_text,
    )


class ObservationForm(forms.Form):
    """The gap to follow: whose, of which kind."""

    debtor = forms.ChoiceField(label=_("Company"))
    kind = forms.ChoiceField(label=_("Kind"), choices=BreachKind.choices)
    on = DateField(label=_("Observed on"))
    text = text_field(
        _("What is observed"), help_text=_("Facts and dates; the figures of the day are added by themselves.")
    )

    def __init__(self, *args: Any, debtors: Iterable[Debtor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.debtors = {str(debtor.pk): debtor for debtor in debtors}
        self.fields["debtor"].choices = [  # type: ignore[attr-defined]
            (key, debtor.organisation.name) for key, debtor in self.debtors.items()
        ]

    def observation(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return {
            "debtor": self.debtors[data.pop("debtor")],
            "kind": BreachKind(data.pop("kind")),
            **data,
        }


class StepForm(forms.Form):
    """A step: its day and its text; each kind of step adds its own fields."""

    act = BreachAct.ADVICE
    on = DateField(label=_("Date"))
    text = text_field(pgettext_lazy("step", "Text"))

    def doing(self) -> Doing:
        return Doing(self.act, **self.cleaned_data)


class ReminderForm(StepForm):
    """The reminder and its catch-up plan: one field of hours for each month left."""

    act = BreachAct.REMINDER
    due_on = DateField(label=_("Answer before"))
    field_order = ("on", "text", "due_on")

    def __init__(self, *args: Any, breach: Breach, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.months = self.months_left(breach, today)
        parts = spread(breach.missing, len(self.months))
        for month, hours in zip(self.months, parts, strict=True):
            self.fields[f"h_{month.year}_{month.number:02d}"] = NumberField(
                label=_("Hours asked in %(month)s") % {"month": said_month(month)},
                unit="h",
                required=False,
                initial=hours,
                max_digits=12,
                decimal_places=2,
            )

    @staticmethod
    def months_left(breach: Breach, today: date) -> list[Month]:
        if breach.kind != BreachKind.HOURS or today > breach.obligation.ends_on:
            return []
        return list(months_between(Month.of(today), Month.of(breach.obligation.ends_on)))[:MOST_MONTHS]

    def doing(self) -> Doing:
        data = self.cleaned_data
        plan = {month: data[f"h_{month.year}_{month.number:02d}"] or Decimal(0) for month in self.months}
        return Doing(self.act, data["on"], data["text"], data["due_on"], plan=plan)


def spread(hours: Decimal, months: int) -> list[Decimal]:
    """The hours in equal parts; the last one takes what the rounding leaves."""
    if not months:
        return []
    part = (hours / months).quantize(CENT, ROUND_DOWN)
    return [part] * (months - 1) + [hours - part * (months - 1)]


class MeetingForm(StepForm):
    act = BreachAct.MEETING
    text = text_field(
        _("Minutes"), help_text=_("Who came, what the company explained, what was agreed; its absence if so.")
    )


class RegularisedForm(StepForm):
    act = BreachAct.REGULARISED
    text = text_field(_("How it was put right"))


class AdviceForm(StepForm):
    act = BreachAct.ADVICE
    text = text_field(_("Opinion"), help_text=_("Read by the buyer and the coordinator, not by the company."))


class NoReplyForm(StepForm):
    act = BreachAct.NO_REPLY
    text = text_field(pgettext_lazy("step", "Text"), required=False)


class ReplyForm(StepForm):
    act = BreachAct.REPLY
    text = text_field(
        _("Reply"), help_text=_("What you answer: it is kept as it is and read before any decision.")
    )


class NoticeProposalForm(StepForm):
    act = BreachAct.NOTICE_PROPOSED
    text = text_field(_("What is asked of the company"), help_text=_("It becomes the text of the letter."))


class PenaltyForm(StepForm):
    """What the penalty counts; the amount is computed from the signed terms."""

    act = BreachAct.PENALTY_PROPOSED
    text = text_field(_("Reasons"))
    hours = NumberField(
        label=_("Missing hours counted"), unit="h", min_value=0, max_digits=12, decimal_places=2
    )
    units = forms.IntegerField(
        label=_("Documents missing, or days late"), min_value=0, max_value=10_000, required=False
    )
    field_order = ("on", "hours", "units", "text")

    def doing(self) -> Doing:
        data = dict(self.cleaned_data)
        return Doing(self.act, **{**data, "units": data["units"] or 0})


class WaiverOfPenaltyForm(StepForm):
    act = BreachAct.WAIVER_PROPOSED
    text = text_field(_("Reasons"))


class DecisionForm(forms.Form):
    """The second person accepts what is proposed or sends it back."""

    choice = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    on = DateField(label=_("Date"))
    text = text_field(_("Reasons"), required=False, help_text=_("Needed, but for a formal notice signed."))
    reference = forms.CharField(
        label=_("Reference"),
        max_length=200,
        required=False,
        help_text=_("Of the registered letter or of the electronic means, for a formal notice."),
    )
    due_on = DateField(
        label=_("Last day of the deadline"), required=False, help_text=_("For a formal notice.")
    )

    def __init__(self, *args: Any, breach: Breach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accepting = ACCEPTING.get(breach.get_stage())
        accept = [(self.accepting.value, self.accepting.label)] if self.accepting else []
        sent_back = (BreachAct.RETURNED.value, BreachAct.RETURNED.label)
        self.fields["choice"].choices = [*accept, sent_back]  # type: ignore[attr-defined]
        if self.accepting != BreachAct.NOTICE:
            del self.fields["reference"], self.fields["due_on"]

    def doing(self) -> Doing:
        data = dict(self.cleaned_data)
        act = BreachAct(data.pop("choice"))
        if act == BreachAct.RETURNED:
            data["due_on"] = None
        return Doing(act, **data)


ACCEPTING = {
    BreachStage.NOTICE_PROPOSED: BreachAct.NOTICE,
    BreachStage.PENALTY_PROPOSED: BreachAct.PENALTY_DECIDED,
    BreachStage.WAIVER_PROPOSED: BreachAct.WAIVED,
}


class AccountForm(StepForm):
    act = BreachAct.ACCOUNTED
    reference = forms.CharField(
        label=_("Payment account or revenue order"), max_length=200, help_text=_("Its number and its date.")
    )
    text = text_field(pgettext_lazy("step", "Text"), required=False)
    field_order = ("on", "reference", "text")


WARNING_FORMS: dict[str, type[StepForm]] = {
    "rappel": ReminderForm,
    "reunion": MeetingForm,
    "regularisation": RegularisedForm,
    "avis": AdviceForm,
    "silence": NoReplyForm,
}
"""The steps of the follow-up, by their name in the address."""
PROPOSAL_FORMS: dict[str, type[StepForm]] = {
    "mise-en-demeure": NoticeProposalForm,
    "penalite": PenaltyForm,
    "renonciation": WaiverOfPenaltyForm,
}


class CauseForm(forms.Form):
    """A cause that the company does not answer for."""

    kind = forms.ChoiceField(label=_("Cause"), choices=CauseKind.choices)
    starts_on = DateField(label=_("First day"))
    ends_on = DateField(label=_("Last day"))
    hours = NumberField(label=_("Hours it took away"), unit="h", min_value=0, max_digits=12, decimal_places=2)
    evidence = forms.CharField(
        label=_("Reference of the evidence"),
        max_length=300,
        help_text=_("Letter, order, minutes of a meeting."),
    )
    text = text_field(_("Explanation"), required=False)

    def cause(self, breach: Breach) -> Cause:
        return Cause(breach=breach, **self.cleaned_data)


class AnswerForm(forms.Form):
    """Accept or refuse, with the reason."""

    choice = forms.ChoiceField(
        label=_("Answer"),
        choices=[("accept", pgettext_lazy("act", "Accept")), ("refuse", pgettext_lazy("act", "Refuse"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def reply(self) -> dict[str, Any]:
        return {
            "accepted": self.cleaned_data["choice"] == "accept",
            "answer": self.cleaned_data["answer"],
        }


class TermsForm(forms.Form):
    """What the contract sets beside the unit penalty of the clause."""

    per_unit = NumberField(
        label=_("Fixed sum per missing document or day late"),
        unit="€",
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
    )
    cap = NumberField(
        label=_("Cap of the penalties of the clause"),
        unit="€",
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        help_text=_("Empty when the contract sets none."),
    )
    source = forms.CharField(label=_("Article of the contract"), max_length=300)


class WaiverForm(forms.Form):
    """Hours to give up, for one company or for all."""

    hours = NumberField(label=_("Hours given up"), unit="h", min_value=0, max_digits=12, decimal_places=2)
    debtor = forms.ChoiceField(
        label=_("Company"), required=False, help_text=_("Empty: shared out by the shares of the contract.")
    )
    effective_on = DateField(label=_("Effective on"))
    reason = text_field(_("Reason"))
    document = forms.CharField(label=_("Document"), required=False, max_length=200)

    def __init__(self, *args: Any, debtors: Iterable[Debtor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.debtors = {str(debtor.pk): debtor for debtor in debtors}
        self.fields["debtor"].choices = [("", "–")] + [  # type: ignore[attr-defined]
            (key, debtor.organisation.name) for key, debtor in self.debtors.items()
        ]

    def waiving(self) -> Waiving:
        data = dict(self.cleaned_data)
        return Waiving(**{**data, "debtor": self.debtors.get(data["debtor"])})


class BreachFilter(FilterForm):
    """The filters of the page of equal treatment."""

    buyer = forms.ChoiceField(label=_("Buyer"))
    stage = forms.ChoiceField(label=_("Step"))

    def __init__(self, *args: Any, buyers: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", _("All"))
        self.fields["buyer"].choices = [everything, *((str(key), name) for key, name in buyers)]  # type: ignore[attr-defined]
        self.fields["stage"].choices = [everything, (NO_STEP, _("No step yet")), *BreachStage.choices]  # type: ignore[attr-defined]


NO_STEP = "none"


def initial_penalty(gap: Gap) -> dict[str, Any]:
    return {"hours": gap.missing, "units": 0}
