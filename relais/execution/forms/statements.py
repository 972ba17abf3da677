"""Hours as they are typed: 7,5 or 7h30, one field per job; a file of hours; an answer, a correction."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from relais.core.money import parse_hours
from relais.core.words import BadValue
from relais.execution.enums import StatementOrigin
from relais.execution.queries.claims import Checked, Worked
from relais.execution.queries.statements import MonthSheet, Period, Row
from relais.kit.forms import RelaisBoundField
from relais.kit.words import number, say

KEY_BYTES = 16
FILE_KINDS = ".csv,.xlsx,.ods,.xls,.txt"


class HoursField(forms.CharField):
    """Hours as people write them: 7,5, 7.5, 7h30, 7:30, 1 607,00; empty is nothing."""

    unit = "h"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 40, "required": False, **kwargs})

    def clean(self, value: Any) -> Decimal | None:  # type: ignore[override]
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return parse_hours(typed)
        except BadValue as error:
            raise ValidationError(say(error.words)) from error

    def prepare_value(self, value: Any) -> Any:
        return number(value).replace("\u202f", " ") if isinstance(value, Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "decimal", "autocomplete": "off"}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the page: the job, its two fields, what the checks found in it."""

    row: Row
    hours: RelaisBoundField
    training: RelaisBoundField
    checked: Checked | None


class StatementForm(forms.Form):
    """The hours of a month, one row per job of the sheet."""

    signed_by = forms.CharField(
        label=_("Signed by"), max_length=120, required=False, help_text=_("First and last name.")
    )
    signed_as = forms.CharField(
        label=_("In the quality of"),
        max_length=120,
        required=False,
        help_text=_("Your position: manager, accountant, site manager."),
    )
    nothing = forms.BooleanField(label=_("Nobody worked for this clause this month"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    origin = forms.ChoiceField(
        choices=StatementOrigin.choices, widget=forms.HiddenInput, initial=StatementOrigin.FORM
    )

    def __init__(self, data: Any = None, *, sheet: MonthSheet, initial: dict[str, Any] | None = None) -> None:
        first = {"version": sheet.version, "key": secrets.token_urlsafe(KEY_BYTES)}
        super().__init__(data, initial=first | (initial or {}))
        self.sheet = sheet
        self.checks: Mapping[str, Checked] = {}
        for row in sheet.rows:
            who = {"person": row.job.person.full_name}
            self.fields[f"hours-{row.key}"] = HoursField(
                label=_("Hours of %(person)s") % who, initial=row.hours
            )
            self.fields[f"training-{row.key}"] = HoursField(
                label=_("Training of %(person)s") % who, initial=row.training_hours
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for row in self.sheet.rows:
            hours, training = data.get(f"hours-{row.key}"), data.get(f"training-{row.key}")
            if training and not 0 <= training <= (hours or 0):
                self.add_error(
                    f"training-{row.key}", _("Training is part of the hours: it cannot exceed them.")
                )
            if hours is not None and hours < 0:
                self.add_error(f"hours-{row.key}", _("Hours are above zero."))
        return data

    @property
    def worked(self) -> list[Worked]:
        """The rows with hours that were understood."""
        data = getattr(self, "cleaned_data", {})
        return [
            Worked(
                row.job,
                data[f"hours-{row.key}"],
                data.get(f"training-{row.key}") or Decimal(0),
                row.starts_on,
                row.ends_on,
            )
            for row in self.sheet.rows
            if data.get(f"hours-{row.key}")
        ]

    @property
    def typed(self) -> Decimal:
        """All the hours typed, as far as they are understood; those first shown before anything is sent."""
        if self.is_bound:
            return sum((line.hours for line in self.worked), Decimal(0))
        shown = (self.get_initial_for_field(self.fields[name], name) for name in self.hours_names)
        return sum((hours for hours in shown if hours), Decimal(0))

    @property
    def hours_names(self) -> list[str]:
        return [f"hours-{row.key}" for row in self.sheet.rows]

    def keep_checks(self, checks: Sequence[Checked]) -> bool:
        """Show what the checks found, refusals as errors of fields; tells whether nothing is refused."""
        keys = {(row.job.pk, row.starts_on, row.ends_on): row.key for row in self.sheet.rows}
        self.checks = {keys[item.worked.job.pk, item.starts_on, item.ends_on]: item for item in checks}
        refused = False
        for key, item in self.checks.items():
            for finding in item.refusals:
                refused = True
                self.add_error(f"hours-{key}", say(finding.words))
        return not refused

    def lines(self) -> Iterator[Line]:
        for row in self.sheet.rows:
            hours, training = self[f"hours-{row.key}"], self[f"training-{row.key}"]
            yield Line(row, hours, training, self.checks.get(row.key))  # type: ignore[arg-type]

    @property
    def shown_errors(self) -> list[tuple[Any, Any]]:
        """Fields in error, for the summary."""
        return [(self[name], errors) for name, errors in self.errors.items() if name in self.fields]

    @property
    def questioned(self) -> list[Checked]:
        """Lines that may be sent, and that the facilitator will look at."""
        return [item for item in self.checks.values() if item.queries]


def periods_of(values: Sequence[str]) -> list[Period]:
    """The rows a page sends back; what is not one of ours is left out."""
    found = []
    for value in values[:1000]:
        parts = value.split(":")
        try:
            job, first, last = parts
            found.append(Period(int(job), date.fromisoformat(first), date.fromisoformat(last)))
        except ValueError:
            continue
    return found


class FileForm(forms.Form):
    """A spreadsheet of the hours of the month."""

    file = forms.FileField(
        label=_("File of hours"),
        widget=forms.ClearableFileInput(attrs={"accept": FILE_KINDS}),
        help_text=_("CSV, .xlsx or .ods, 5 MB at most."),
    )


class AnswerForm(forms.Form):
    """The answer to a question of the facilitator."""

    hours = HoursField(label=_("Hours worked"), required=True)
    training_hours = HoursField(label=_("Of which training"))
    note = forms.CharField(label=_("Your answer"), max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)


class CorrectionForm(forms.Form):
    """Signed hours that correct a validated line."""

    hours = HoursField(
        label=_("Hours to add or take away"),
        required=True,
        help_text=_("-7 takes seven hours away, +7 adds them."),
    )
    training_hours = HoursField(label=_("Of which training"), help_text=_("With the same sign as the hours."))
    note = forms.CharField(label=_("Reason"), max_length=300)
