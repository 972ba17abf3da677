"""A link to send; the statement of who has received one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relais.core.months import Month
from relais.execution.forms.statements import StatementForm
from relais.execution.queries.statements import MonthSheet
from relais.execution.rules.links import MOST_MONTHS
from relais.kit.words import month as month_words


class LinkForm(forms.Form):
    """To whom, for which body, from which month."""

    declarant = forms.ModelChoiceField(
        label=_("Body that declares"),
        queryset=None,
        help_text=_("Bodies for which a job is recorded under this clause."),
    )
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("Who receives it declares for this body, once per month.")
    )
    month = forms.TypedChoiceField(label=_("First month"), coerce=Month.parse)
    count = forms.IntegerField(
        label=_("Number of months"),
        min_value=1,
        max_value=MOST_MONTHS,
        initial=1,
        help_text=_("One link per month, all in the same message."),
    )

    def __init__(self, data: Any = None, *, bodies: Any, months: list[Month], **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["declarant"].queryset = bodies  # type: ignore[attr-defined]
        choices = [(str(month), month_words(month)) for month in months]
        self.fields["month"].choices = choices  # type: ignore[attr-defined]

    @property
    def months(self) -> list[Month]:
        """The months asked, in order."""
        data = self.cleaned_data
        return [data["month"].shifted(step) for step in range(data["count"])]


class LinkStatementForm(StatementForm):
    """The statement of a month, by who signs it without account: name, quality, confirmation."""

    confirmed = forms.BooleanField(label=_("I confirm this declaration"), required=False)

    def __init__(self, data: Any = None, *, sheet: MonthSheet, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, sheet=sheet, initial=initial)
        self.fields["signed_by"].widget.attrs["autocomplete"] = "name"
        self.fields["signed_as"].widget.attrs["autocomplete"] = "organization-title"
        self.order_fields(
            [*(name for name in self.fields if "-" in name), "nothing", "signed_by", "signed_as"]
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.data.get("act") == "submit":
            needed = {
                "signed_by": _("Write your first and last name."),
                "signed_as": _("Write in what quality you sign: manager, accountant..."),
                "confirmed": _("Tick the box to confirm what you sign."),
            }
            for name, words in needed.items():
                if not data.get(name):
                    self.add_error(name, words)
        return data
