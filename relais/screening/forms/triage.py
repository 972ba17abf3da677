"""What is chosen on the page of triage: which lots, and what becomes of those ticked."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from relais.kit.forms import FilterForm
from relais.organisations.models import Organisation
from relais.procurement.models import PurchasePlan
from relais.screening.enums import Sector
from relais.screening.forms.decisions import BatchForm
from relais.screening.models import ScreeningResult
from relais.screening.queries.triage import OPEN

ANY = ("", _("All"))
ROWS, MOST_ROWS = 50, 100
"""Lots of one page, and the most that can be asked for."""


class TriageFilter(FilterForm):
    plan = forms.ModelChoiceField(
        label=_("Plan"), queryset=PurchasePlan.objects.none(), empty_label=_("All my lots to come")
    )
    show = forms.ChoiceField(label=_("Show"), choices=[("", _("Lots to sort")), ("all", _("All the lots"))])
    q = forms.CharField(label=_("Search"), max_length=100)
    score = forms.IntegerField(label=_("Score from"), min_value=0, max_value=100)
    sector = forms.ChoiceField(label=_("Sector"), choices=[ANY, *Sector.choices])
    duty = forms.ChoiceField(label=_("Social duty"), choices=[ANY, ("applies", _("Applies"))])
    rows = forms.ChoiceField(
        label=_("Rows a page"), choices=[("", str(ROWS)), (str(MOST_ROWS), str(MOST_ROWS))]
    )

    def __init__(self, *args: Any, plans: QuerySet[PurchasePlan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans  # type: ignore[attr-defined]

    @property
    def size(self) -> int:
        """Lots of one page."""
        return int(self.chosen.get("rows") or ROWS)

    def apply(self, results: QuerySet[ScreeningResult]) -> QuerySet[ScreeningResult]:
        """The rows that the filters keep; sorted lots are shown only when asked."""
        chosen = self.chosen
        if chosen.get("show") != "all":
            results = results.filter(OPEN)
        for word in chosen.get("q", "").split()[:6]:
            results = results.filter(Q(lot__object__icontains=word) | Q(lot__cpv__startswith=word))
        if "score" in chosen:
            results = results.filter(score__gte=chosen["score"])
        if sector := chosen.get("sector"):
            results = results.filter(trade__sector=sector)
        return results.filter(duty_applies=True) if chosen.get("duty") else results


class TriageForm(BatchForm):
    """The acts of the list, and the opinion asked of a facilitator body."""

    MOST_LOTS = 500
    facilitator = forms.ModelChoiceField(
        label=_("Facilitator body"), queryset=Organisation.objects.none(), required=False
    )

    def __init__(self, *args: Any, facilitators: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["facilitator"].queryset = facilitators  # type: ignore[attr-defined]
        acts = self.fields["act"]
        acts.choices = [*acts.choices, ("ask", _("Ask for an opinion"))]  # type: ignore[attr-defined]

    @property
    def shown(self) -> list[int]:
        """The lots that the page shows, as it tells them: numbers with commas between."""
        told = str(self.data.get("shown", "")).split(",")[: self.MOST_LOTS]
        return [int(value) for value in told if value.isascii() and value.isdigit() and len(value) < 19]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("act") == "ask" and not data.get("facilitator"):
            self.add_error("facilitator", _("Choose the body whose opinion is asked."))
        return data
