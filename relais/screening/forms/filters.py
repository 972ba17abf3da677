"""Filters of the lists: bad input filters nothing."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from relais.core.regime import Modality
from relais.kit.forms import DateField, FilterForm, NumberField
from relais.kit.words import say
from relais.screening.enums import OpportunityState, Sector
from relais.screening.models import ScreeningResult, Trade
from relais.territories.models import Department

ANY = ("", _("All"))


class OpportunityFilter(FilterForm):
    q = forms.CharField(label=_("Search"), max_length=100)
    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=[
            ANY,
            ("coming", _("To come")),
            ("awarded", _("Already awarded")),
            ("cancelled", _("Call cancelled")),
        ],
    )
    state = forms.ChoiceField(label=_("State"), choices=[ANY, *OpportunityState.choices])
    score = forms.IntegerField(label=_("Score from"), min_value=0, max_value=100)
    lever = forms.ChoiceField(label=_("Modality"), choices=[])
    sector = forms.ChoiceField(label=_("Sector"), choices=[ANY, *Sector.choices])
    trade = forms.ModelChoiceField(
        label=_("Trade"), queryset=Trade.objects.none(), to_field_name="code", empty_label=_("All")
    )
    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), empty_label=_("All")
    )
    amount = NumberField(label=_("Amount from"), unit="€", min_value=0)
    amount_to = NumberField(label=_("Amount up to"), unit="€", min_value=0)
    since = DateField(label=_("Launched from"))
    until = DateField(label=_("Launched until"))
    social = forms.ChoiceField(
        label=_("Consideration published"), choices=[ANY, ("yes", _("Yes")), ("no", _("No"))]
    )
    duty = forms.ChoiceField(
        label=_("Social duty"),
        choices=[ANY, ("applies", _("Applies")), ("unmet", _("Applies and is not met"))],
    )

    def __init__(
        self, *args: Any, departments: QuerySet[Department], trades: QuerySet[Trade], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lever"].choices = [  # type: ignore[attr-defined]
            ANY,
            *((m.value, say(m.words)) for m in Modality),
            ("none", _("No modality")),
        ]
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]
        self.fields["trade"].queryset = trades  # type: ignore[attr-defined]

    def apply(self, results: QuerySet[ScreeningResult]) -> QuerySet[ScreeningResult]:
        """The rows that every understood filter keeps; those of cancelled calls are shown only when asked."""
        if self.chosen.get("stage") != "cancelled":
            results = results.filter(lot__cancelled_on=None)
        for name, value in self.chosen.items():
            results = results.filter(FILTERS[name](value))
        return results


def _searched(text: str) -> Q:
    every = Q()
    for word in text.split()[:6]:
        every &= (
            Q(lot__object__icontains=word)
            | Q(lot__buyer__name__icontains=word)
            | Q(lot__contract__source_id__icontains=word)
            | Q(lot__cpv__startswith=word)
        )
    return every


def _at_stage(stage: str) -> Q:
    if stage == "cancelled":
        return ~Q(lot__cancelled_on=None)
    return Q(is_awarded=stage == "awarded")


def _in_state(state: str) -> Q:
    found = Q(lot__opportunity__state=state)
    return found | Q(lot__opportunity=None) if state == OpportunityState.DETECTED else found


FILTERS = {
    "q": _searched,
    "stage": _at_stage,
    "state": _in_state,
    "score": lambda value: Q(score__gte=value),
    "lever": lambda value: Q(lever="" if value == "none" else value),
    "sector": lambda value: Q(trade__sector=value),
    "trade": lambda value: Q(trade=value),
    "department": lambda value: Q(lot__department=value),
    "amount": lambda value: Q(amount__gte=value),
    "amount_to": lambda value: Q(amount__lte=value),
    "since": lambda value: Q(launched_on__gte=value),
    "until": lambda value: Q(launched_on__lte=value),
    "social": lambda value: Q(has_consideration=value == "yes"),
    "duty": lambda value: Q(duty_applies=True) & (Q(duty_satisfied=False) if value == "unmet" else Q()),
}


class SearchForm(FilterForm):
    q = forms.CharField(label=_("Search"), max_length=100)
    sector = forms.ChoiceField(label=_("Sector"), choices=[ANY, *Sector.choices])

    def apply(self, trades: QuerySet[Trade]) -> QuerySet[Trade]:
        if text := self.chosen.get("q"):
            shorter = [text[:length] for length in range(2, min(len(text), 8))] if text.isdigit() else []
            coded = Q(cpvs__prefix__startswith=text) | Q(cpvs__prefix__in=shorter)
            trades = trades.filter(Q(name__icontains=text) | coded).distinct()
        if sector := self.chosen.get("sector"):
            trades = trades.filter(sector=sector)
        return trades
