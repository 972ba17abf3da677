"""Exact decimals in both databases: hundredths stored as whole numbers."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ExpressionWrapper
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from relais.core.money import hundredths

LARGEST = Decimal(90000000000000000)
"""What a 64-bit whole number of hundredths can hold, rounded down."""


class HundredthsField(models.Field):  # type: ignore[type-arg]
    """Hours or euros, as `Decimal` with two places in Python and as whole hundredths in the database.

    SQLite adds decimals as binary floats; whole numbers are added exactly by SQLite and PostgreSQL alike,
    so totals agree to the hundredth whatever their size.
    """

    description = _("Exact number with two decimals")

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return hundredths(value)
        except (ValueError, TypeError) as error:
            raise ValidationError(_("“%(value)s” is not a number."), params={"value": value}) from error

    def get_prep_value(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        number = hundredths(value)
        if abs(number) > LARGEST:
            raise ValueError(f"{number} is too large to be stored as hundredths.")
        return int(number.scaleb(2))

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(
            **{
                "form_class": forms.DecimalField,
                "decimal_places": 2,
                "max_digits": 17,
                "localize": True,
                **kwargs,
            }
        )


def plus(name: str, amount: Decimal) -> ExpressionWrapper:
    """The stored value of a `HundredthsField` and more, added by the database where it stands."""
    field = HundredthsField()
    return ExpressionWrapper(models.F(name) + models.Value(amount, output_field=field), output_field=field)


def total(name: str, **kwargs: Any) -> Coalesce:
    """The exact sum of a `HundredthsField`, zero when there is no row."""
    field = HundredthsField()
    return Coalesce(
        models.Sum(name, output_field=field, **kwargs), models.Value(Decimal(0), output_field=field)
    )
