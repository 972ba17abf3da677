"""The numbers of a sheet, as the address and a person write them."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from relais.core.calibration import YEAR, Formula, Order, Rounding
from relais.core.money import parse_decimal
from relais.core.regime import Modality
from relais.core.words import BadValue
from relais.kit.forms import NumberField
from relais.kit.words import number, say
from relais.screening.facts import Assumptions

HUNDRED = Decimal(100)
MOST_ORDERS = 200


class PercentField(NumberField):
    """A share typed in percent, from 0 to 100; cleaned to a share of one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"unit": "%", "min_value": 0, "max_value": 100, "decimal_places": 2, **kwargs})

    def clean(self, value: Any) -> Any:
        percent = super().clean(value)
        return None if percent is None else percent / HUNDRED


class NumbersForm(forms.Form):
    """The calculation as a sentence: bound to the address, completed by the numbers of the sheet."""

    formula = forms.ChoiceField(label=_("Formula"), choices=[])
    amount = NumberField(
        label=_("Amount excluding tax"), unit="€", min_value=0, decimal_places=2, required=False
    )
    labour = PercentField(label=_("Labour share"), required=False)
    effort = PercentField(label=_("Insertion effort"), required=False)
    cost = NumberField(
        label=_("Hourly cost"), unit="€/h", min_value=Decimal("0.01"), decimal_places=2, required=False
    )
    worked = NumberField(label=_("Labour hours"), unit="h", min_value=0, decimal_places=2, required=False)
    coefficient = NumberField(
        label=_("Hours per 10,000 €"), unit="h", min_value=0, decimal_places=2, required=False
    )
    orders = forms.CharField(
        label=_("Orders"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One order a line: the day and the amount excluding tax, as in “2026-03-01 40 000”."),
    )
    transferred = PercentField(label=_("Labour of staff taken over"), required=False)
    season = forms.IntegerField(
        label=_("Months of season in a year"),
        min_value=1,
        max_value=YEAR,
        required=False,
        help_text=_("12 when the work lasts all year, or when this lot falls wholly in season."),
    )
    months = forms.IntegerField(label=_("Duration (months)"), min_value=0, max_value=600, required=False)
    rounding = forms.ChoiceField(label=_("Rounding"), choices=[])
    modality = forms.ChoiceField(label=_("Modality"), choices=[], required=False)

    def __init__(self, address: Any, base: Assumptions, *, modalities: tuple[Modality, ...]) -> None:
        known = {name: address[name] for name in self.base_fields if name in address}
        super().__init__({**texts_of(base), **known}, auto_id="n_%s")
        self.is_changed = bool(known)
        self.fields["formula"].choices = [(f.value, say(f.words)) for f in Formula]  # type: ignore[attr-defined]
        self.fields["rounding"].choices = [(r.value, say(r.words)) for r in Rounding]  # type: ignore[attr-defined]
        self.fields["modality"].choices = [  # type: ignore[attr-defined]
            ("", _("As proposed")),
            *((m.value, say(m.words)) for m in modalities),
        ]

    def clean_orders(self) -> tuple[Order, ...]:
        lines = [line for line in self.cleaned_data["orders"].splitlines() if line.strip()]
        if len(lines) > MOST_ORDERS:
            raise ValidationError(_("Give at most %(most)s orders.") % {"most": MOST_ORDERS})
        return tuple(_order(line) for line in lines)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in NEEDED.get(data.get("formula", ""), ()):
            if name in data and data[name] in (None, ""):
                self.add_error(name, _("This formula needs this number."))
        return data

    @property
    def faulty(self) -> list[tuple[forms.BoundField, Any]]:
        """The fields in error, for the summary."""
        return [(field, field.errors) for field in self if field.errors]

    def numbers(self) -> Assumptions:
        """The numbers typed. Only for a valid form."""
        data, zero = self.cleaned_data, Decimal(0)
        return Assumptions(
            formula=Formula(data["formula"]),
            amount=data["amount"],
            labour_share=data["labour"] or zero,
            effort=data["effort"] or zero,
            hourly_cost=data["cost"] or Decimal(1),
            duration_months=data["months"],
            transferred_staff_share=data["transferred"] or zero,
            season_months=data["season"] or YEAR,
            labour_hours=data["worked"],
            hours_per_10k=data["coefficient"] or zero,
            orders=data["orders"],
            rounding=Rounding(data["rounding"]),
            modality=Modality(data["modality"]) if data["modality"] else None,
        )


NEEDED = {
    Formula.FINANCIAL: ("labour", "effort", "cost"),
    Formula.LABOUR_HOURS: ("worked", "effort"),
    Formula.COEFFICIENT: ("coefficient",),
    Formula.FRAMEWORK: ("coefficient",),
}
"""Numbers without which a formula says nothing. The amount may be missing: the sheet then says so."""


def texts_of(base: Assumptions) -> dict[str, str]:
    """Numbers as the fields of the sentence show them."""

    def shown(value: Decimal | None, times: Decimal = Decimal(1)) -> str:
        return "" if value is None else number(value * times)

    return {
        "formula": base.formula.value,
        "amount": shown(base.amount),
        "labour": shown(base.labour_share, HUNDRED),
        "effort": shown(base.effort, HUNDRED),
        "cost": shown(base.hourly_cost),
        "worked": shown(base.labour_hours),
        "coefficient": shown(base.hours_per_10k),
        "orders": "\n".join(f"{order.on.isoformat()} {number(order.amount)}" for order in base.orders),
        "transferred": shown(base.transferred_staff_share, HUNDRED),
        "season": str(base.season_months),
        "months": "" if base.duration_months is None else str(base.duration_months),
        "rounding": base.rounding.value,
        "modality": base.modality.value if base.modality else "",
    }


def _order(line: str) -> Order:
    day, _space, amount = line.strip().replace(";", " ", 1).partition(" ")
    try:
        return Order(date.fromisoformat(day), parse_decimal(amount))
    except BadValue as error:
        raise ValidationError(say(error.words)) from error
    except ValueError as error:
        text = _("“%(line)s” is not an order. Write the day, a space, the amount: 2026-03-01 40 000.")
        raise ValidationError(text % {"line": line[:60]}) from error
