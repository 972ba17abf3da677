"""How every form is drawn and read: label, help, error at the field, summary of errors with links."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _

from relais.core.money import NotANumber, exact
from relais.core.words import Unsaid
from relais.kit.access import Refused
from relais.kit.refusals import tell
from relais.kit.words import in_french, say

SPACES = re.compile(r"[\s\u00a0\u202f\u2009']")
"""What people put between thousands; a spreadsheet puts the no-break ones."""

GROUPED_BY_COMMAS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
GROUPED_BY_POINTS = re.compile(r"-?\d{1,3}(\.\d{3})+,\d+")

LONGEST_KEY = 18
"""Digits that fit the key of a row: a database refuses to compare a longer number."""

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
FAR_DAY = _("Give a day between 1900 and 2199.")


class RelaisBoundField(BoundField):
    """A field on a page: knows its shape, its unit, and where a link to it must lead."""

    @property
    def kind(self) -> str:
        """Shape for the layout: `checkbox`, `choices`, `textarea`, `file`, `select` or `text`."""
        widget = self.field.widget
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            return "choices"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        for shape, kind in (
            (forms.Textarea, "textarea"),
            (forms.FileInput, "file"),
            (forms.Select, "select"),
        ):
            if isinstance(widget, shape):
                return kind
        return "text"

    @property
    def unit(self) -> str:
        return str(getattr(self.field, "unit", ""))

    @property
    def is_optional(self) -> bool:
        return not self.field.required and not self.is_hidden

    @property
    def anchor(self) -> str:
        """Identifier of the element a link of the error summary leads to."""
        if self.kind == "choices":
            return f"{self.auto_id}_0"
        return self.id_for_label or str(self.auto_id)


class Renderer(DjangoTemplates):
    """The templates of `kit/forms/`; the widgets stay Django's."""

    form_template_name = "kit/forms/form.html"
    formset_template_name = "kit/forms/formset.html"
    field_template_name = "kit/forms/field.html"
    bound_field_class = RelaisBoundField


def plain_number(text: str) -> str:
    """What was typed, with a point and nothing between thousands; what is not clear stays, and is refused."""
    text = SPACES.sub("", text).replace("\u2212", "-")
    if GROUPED_BY_COMMAS.fullmatch(text) and ("." in text or not in_french()):
        return text.replace(",", "")
    if GROUPED_BY_POINTS.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


class NumberField(forms.DecimalField):
    """A number as people write it: comma or point, any space between thousands; `unit` is shown beside it."""

    widget = forms.TextInput

    def __init__(self, *, unit: str = "", **kwargs: Any) -> None:
        self.unit = unit
        super().__init__(**{"localize": True, **kwargs})

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain_number(value) if isinstance(value, str) else value)

    def validate(self, value: Any) -> None:
        """A number that the registers could not keep is refused at its field."""
        super().validate(value)
        try:
            exact(0 if value is None else value)
        except NotANumber as error:
            raise ValidationError(say(error.words)) from error

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "decimal", "autocomplete": "off"}


class DateInput(forms.DateInput):
    """The day picker of the browser: always the international form in the address and in the page's code."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class DateField(forms.DateField):
    """A day chosen in the browser's picker, or typed, near enough for one to count months around it."""

    widget = DateInput
    default_validators = [
        MinValueValidator(FIRST_DAY, FAR_DAY),
        MaxValueValidator(LAST_DAY, FAR_DAY),
    ]


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows by their key; a number that no row can have is an error of the form."""

    def clean(self, value: Any) -> Any:
        for key in value if isinstance(value, list | tuple) else ():
            if len(str(key)) > LONGEST_KEY:
                raise ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": key}
                )
        return super().clean(value)


class FilterForm(forms.Form):
    """A form of filters: nothing is required, and bad input filters nothing.

    A room's filter form adds `apply(queryset)`, reading only `chosen`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    @property
    def chosen(self) -> dict[str, Any]:
        """Values of the filters that were understood, without the empty ones."""
        if not self.is_bound:
            return {}
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [], ())}


def attempt(form: forms.BaseForm, act: Callable[[], object]) -> bool:
    """Do what the form asks; a refusal is told on the form, where nothing that was typed is lost.

    The refusal is a line of the trail, written when the answer is ready.
    """
    try:
        act()
    except Refused as refusal:
        form.add_error(None, say(refusal.verdict.reason))
        return False
    except Unsaid as error:
        tell(error.words)
        form.add_error(None, say(error.words))
        return False
    return True
