"""Which register is shown: one buyer, one year, one kind of answer."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from relais.kit.forms import FilterForm
from relais.organisations.models import Organisation
from relais.screening.models import ScreeningResult
from relais.screening.queries import register

FIRST_YEAR, LAST_YEAR = 2006, 2099


class RegisterFilter(FilterForm):
    buyer = forms.ChoiceField(label=_("Buyer"), choices=[])
    year = forms.IntegerField(label=_("Year of launch"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    lots = forms.ChoiceField(
        label=_("Lots"), choices=[("", _("Those under the social duty")), ("all", _("All lots launched"))]
    )
    answer = forms.ChoiceField(label=_("Answer to the duty"), choices=[("", _("All")), *register.ANSWERS])

    def __init__(self, *args: Any, buyers: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["buyer"].choices = [(body.slug, body.name) for body in buyers]  # type: ignore[attr-defined]

    def apply(self, results: QuerySet[ScreeningResult]) -> QuerySet[ScreeningResult]:
        """The lots that every understood filter keeps."""
        if self.chosen.get("lots") != "all":
            results = register.under_duty(results)
        if answer := self.chosen.get("answer"):
            results = results.filter(register.answered_by(answer))
        return results
