"""A file of hours sent, what its columns mean, what was chosen before it is stored."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relais.core.months import Month
from relais.core.words import BadValue, Words
from relais.execution.forms.statements import FileForm
from relais.execution.layouts import Column, Frame, Layout, Role
from relais.execution.layouts.roles import LABELS
from relais.execution.models import HoursFile, JobContract, Obligation
from relais.execution.queries.hours_files import FileRead, Part, obligations_of
from relais.kit.words import day, say

FIRST_YEAR, LAST_YEAR = 2000, 2100


class ClauseField(forms.ModelChoiceField):
    """The clause of the rows that name none, among those under which the body declares."""

    def __init__(self, **kwargs: Any) -> None:
        text = _("Leave empty when a column of the file gives the reference of the clause.")
        super().__init__(
            Obligation.objects.none(),
            **{"label": _("Clause of these hours"), "required": False, "help_text": text, **kwargs},
        )

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.clause.reference} · {obj.buyer}"

    def among(self, obligations: Sequence[Obligation]) -> None:
        """Offer these, already read."""
        self.known = {str(one.pk): one for one in obligations}
        self.choices = [("", "–"), *((key, self.label_from_instance(one)) for key, one in self.known.items())]

    def to_python(self, value: Any) -> Obligation | None:
        if value in self.empty_values:
            return None
        found = self.known.get(str(value))
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)


class PeriodField(forms.CharField):
    """A month or a year, for a file that does not say them."""

    def __init__(self, **kwargs: Any) -> None:
        text = _("Only when the file does not say it: 2026-03, or 2026 when it names the months.")
        super().__init__(
            **{
                "label": _("Month or year of the file"),
                "required": False,
                "max_length": 7,
                "help_text": text,
                **kwargs,
            }
        )

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value) or "").strip()
        if not typed:
            return ""
        try:
            year = Month.parse(typed).year if "-" in typed else int(typed)
        except BadValue as error:
            raise forms.ValidationError(say(error.words)) from error
        except ValueError as error:
            raise forms.ValidationError(_("Write a month, 2026-03, or a year, 2026.")) from error
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise forms.ValidationError(_("Write a month, 2026-03, or a year, 2026."))
        return typed


class SendFileForm(FileForm):
    """A file of hours in any layout."""

    obligation = ClauseField()
    period = PeriodField()

    def __init__(self, *args: Any, obligations: Sequence[Obligation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["obligation"]
        assert isinstance(field, ClauseField)
        field.among(obligations)
        if len(obligations) == 1:
            field.initial = obligations[0].pk


class FrameForm(forms.Form):
    """Where the table is in its sheet."""

    header_row = forms.IntegerField(label=_("Row that names the columns"), min_value=1, max_value=1_048_576)
    height = forms.TypedChoiceField(
        label=_("Rows of this heading"),
        choices=[(1, "1"), (2, "2"), (3, "3")],
        coerce=int,
        help_text=_("Two when months are written above hours and training."),
    )
    last_row = forms.IntegerField(
        label=_("Last row of the table"),
        required=False,
        min_value=1,
        max_value=1_048_576,
        help_text=_("Empty: to the end of the sheet."),
    )

    @property
    def frame(self) -> Frame:
        data = self.cleaned_data
        return Frame(data["header_row"], data["height"], data["last_row"] or 0)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("last_row") and data.get("header_row") and data["last_row"] <= data["header_row"]:
            self.add_error("last_row", _("The last row comes after the heading."))
        return data


class TeachForm(forms.Form):
    """The role of each column of a table."""

    def __init__(self, *args: Any, part: Part, proposed: Layout, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part = part
        choices = [("", _("Choose…")), *((role.value, say(Words(LABELS[role]))) for role in Role)]
        for column in self.columns:
            role = proposed.of(column)
            self.fields[f"role-{column.at}"] = forms.ChoiceField(
                label=_("Meaning of column %(letters)s") % {"letters": column.place},
                choices=choices,
                required=False,
                initial=role.value if role else "",
            )

    @property
    def columns(self) -> Sequence[Column]:
        return self.part.table.columns if self.part.table else ()

    @property
    def rows(self) -> list[tuple[Column, forms.BoundField, list[Any]]]:
        """Each column, its field and its first values."""
        return [(column, self[f"role-{column.at}"], self._values(column)) for column in self.columns]

    def _values(self, column: Column) -> list[Any]:
        found: dict[str, None] = {}
        for row in self.part.table.rows[:200] if self.part.table else ():
            cell = row.cells[column.at] if column.at < len(row.cells) else None
            if cell not in (None, ""):
                found[str(cell)[:40]] = None
            if len(found) == 3:
                break
        return list(found)

    @property
    def layout(self) -> Layout:
        data = self.cleaned_data
        chosen = {column.key: data.get(f"role-{column.at}") for column in self.columns}
        return Layout({key: Role(value) for key, value in chosen.items() if value})


class CheckForm(forms.Form):
    """Before the hours of a file are stored: its clause, its period, people to recognise, who signs."""

    obligation = ClauseField()
    period = PeriodField()
    aside = forms.MultipleChoiceField(
        label=_("Totals to set aside"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They differ from their lines; once you have checked the lines, they are not read."),
    )
    signed_by = forms.CharField(
        label=_("Signed by"), max_length=120, required=False, help_text=_("First and last name, to send.")
    )

    def __init__(self, data: Any = None, *, file: HoursFile, read: FileRead) -> None:
        kept = file.choices
        super().__init__(
            data,
            initial={
                "obligation": file.obligation_id,
                "period": kept.get("period", ""),
                "aside": kept.get("aside", []),
            },
        )
        self.kept: Mapping[str, Any] = kept
        clause = self.fields["obligation"]
        assert isinstance(clause, ClauseField)
        clause.among(obligations_of(read.jobs))
        aside = self.fields["aside"]
        assert isinstance(aside, forms.MultipleChoiceField)
        aside.choices = [
            (key, _place_of(key)) for key in dict.fromkeys([*kept.get("aside", []), *read.differing])
        ]
        if not aside.choices:
            del self.fields["aside"]
        self.who = {**dict.fromkeys(kept.get("people", {})), **read.unknown}
        jobs = [("", _("Choose…")), *((str(job.pk), _job_label(job)) for job in read.jobs)]
        for key in self.who:
            self.fields[field_of(key)] = forms.ChoiceField(
                label=" ".join(part for part in key.split("|") if part) or "–",
                choices=jobs,
                required=False,
                initial=kept.get("people", {}).get(key, ""),
            )

    @property
    def people(self) -> list[forms.BoundField]:
        return [self[field_of(key)] for key in self.who]

    @property
    def choices(self) -> dict[str, Any]:
        """What is remembered of the file."""
        data = self.cleaned_data
        people = {key: int(data[field_of(key)]) for key in self.who if data.get(field_of(key))}
        kept = {"period": data["period"], "aside": data.get("aside", []), "people": people}
        return {**self.kept, **kept}


def field_of(key: str) -> str:
    """The name of the field of a person."""
    return f"who-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def _place_of(key: str) -> str:
    parts = [part for part in key.split("!") if part]
    return " · ".join([*parts[:-1], _("line %(row)s") % {"row": parts[-1]}])


def _job_label(job: JobContract) -> str:
    return f"{job.person.full_name} · {job.person.number} · {job.job} · {day(job.starts_on)}"
