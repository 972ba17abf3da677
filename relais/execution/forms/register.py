"""The filters of the register of clauses."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relais.clauses.enums import ClauseState, Modality, Regime
from relais.clauses.models import ClauseQuerySet
from relais.execution.queries.register import late
from relais.kit.actor import Actor
from relais.kit.forms import FilterForm
from relais.organisations.models import Organisation
from relais.territories.names import fold

ALL = [("", _("All"))]
FIRST_YEAR = 2006


class RegisterFilter(FilterForm):
    q = forms.CharField(label=_("Search"), max_length=100)
    state = forms.ChoiceField(label=_("State"), choices=[*ALL, *ClauseState.choices])
    modality = forms.ChoiceField(label=_("Modality"), choices=[*ALL, *Modality.choices])
    regime = forms.ChoiceField(label=_("Legal regime"), choices=[*ALL, *Regime.choices])
    buyer = forms.ChoiceField(label=_("Buyer"))
    year = forms.TypedChoiceField(label=_("Launch year"), coerce=int, empty_value=None)
    late = forms.BooleanField(label=_("Late only"))

    def __init__(self, *args: Any, buyers: Iterable[Organisation], actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        years = range(actor.on.year + 1, FIRST_YEAR - 1, -1)
        self.fields["buyer"].choices = [*ALL, *((str(body.pk), body.name) for body in buyers)]  # type: ignore[attr-defined]
        self.fields["year"].choices = [*ALL, *((str(year), str(year)) for year in years)]  # type: ignore[attr-defined]

    def apply(self, clauses: ClauseQuerySet) -> ClauseQuerySet:
        chosen = self.chosen
        for name in ("state", "modality", "regime"):
            if name in chosen:
                clauses = clauses.filter(**{name: chosen[name]})
        if "buyer" in chosen:
            clauses = clauses.filter(buyer_id=chosen["buyer"])
        if "year" in chosen:
            clauses = clauses.filter(launched_on__year=chosen["year"])
        if chosen.get("late"):
            clauses = late(clauses, self.actor)
        return searched(clauses, chosen.get("q", ""))


def searched(clauses: ClauseQuerySet, text: str) -> ClauseQuerySet:
    """Clauses whose reference, object or buyer holds every word typed."""
    for word in text.split():
        clauses = clauses.matching(word, fold(word))
    return clauses
