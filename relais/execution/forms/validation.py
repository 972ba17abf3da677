"""Filters of the queue, the reason of a question or of a rejection, lines accepted together."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relais.core.months import Month
from relais.core.words import BadValue
from relais.kit.forms import FilterForm
from relais.organisations.models import Organisation


class QueueFilter(FilterForm):
    """Narrow the queue to a firm, a clause, a month, or to what has anomalies."""

    q = forms.CharField(label=_("Company or clause"), max_length=80)
    month = forms.CharField(label=_("Month"), max_length=7, widget=forms.TextInput(attrs={"type": "month"}))
    flagged = forms.BooleanField(label=_("With anomalies only"))

    def clean_month(self) -> Any:
        try:
            return Month.parse(self.cleaned_data["month"]) if self.cleaned_data["month"] else None
        except BadValue:
            return None

    def apply(self, statements: Any) -> Any:
        """Statements of `statements_waiting`, narrowed."""
        chosen = self.chosen
        if month := chosen.get("month"):
            statements = statements.filter(month=month.first_day)
        if text := chosen.get("q"):
            firms = Organisation.objects.search(text)
            statements = statements.filter(
                Q(declarant__in=firms) | Q(obligation__clause__reference__icontains=text)
            )
        if chosen.get("flagged"):
            statements = statements.filter(is_flagged=True)
        return statements


class LineForm(forms.Form):
    """The line as the page showed it."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(LineForm):
    """Why a line is questioned or rejected."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


def lines_chosen(values: list[str]) -> dict[int, int]:
    """Lines of a batch with the version seen; what is not `id:version` is left out."""
    found = {}
    for value in values:
        line, _separator, version = value.partition(":")
        if line.isdecimal() and version.isdecimal() and len(line) < 19 and len(version) < 10:
            found[int(line)] = int(version)
    return found
