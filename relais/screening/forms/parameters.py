"""New dated values of the parameters."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relais.core.calibration import YEAR
from relais.kit.forms import DateField, NumberField
from relais.screening.enums import RuleUnit
from relais.screening.forms.numbers import PercentField
from relais.screening.models import ScreeningRule


class DatedForm(forms.Form):
    """What every new dated value says of itself."""

    starts_on = DateField(label=_("In force from"))
    source = forms.CharField(label=_("Source"), max_length=300)
    verified = forms.BooleanField(label=_("I checked the source"), required=False)


class ProfileForm(DatedForm):
    labour_share = PercentField(label=_("Labour share"))
    effort = PercentField(
        label=_("Insertion effort"), required=False, help_text=_("Empty: that of the scheme.")
    )
    hourly_cost = NumberField(
        label=_("Hourly cost"),
        unit="€/h",
        min_value=Decimal("0.01"),
        max_value=Decimal(1000),
        decimal_places=2,
        required=False,
        help_text=_("Empty: that of the scheme."),
    )
    hours_per_10k = NumberField(
        label=_("Hours per 10,000 €"),
        unit="h",
        min_value=0,
        max_value=Decimal(1000),
        decimal_places=2,
        required=False,
        help_text=_("Empty: computed from the other figures."),
    )
    season_months = forms.IntegerField(
        label=_("Months of season in a year"),
        min_value=1,
        max_value=YEAR,
        required=False,
        help_text=_("Months a year in which this trade hires; empty when it works all year."),
    )
    openness = PercentField(label=_("Posts open to low qualification"))
    field_order = ("labour_share", "effort", "hourly_cost", "hours_per_10k", "season_months", "openness")


class RuleForm(DatedForm):
    weight = forms.IntegerField(label=_("Points"), min_value=0, max_value=100)
    threshold = NumberField(label=_("From"), min_value=0, max_value=Decimal(10_000_000), required=False)
    comfortable = NumberField(label=_("Full at"), min_value=0, max_value=Decimal(10_000_000), required=False)
    field_order = ("weight", "threshold", "comfortable")

    def __init__(self, *args: Any, former: ScreeningRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("threshold", "comfortable"):
            if getattr(former, name) is None:
                del self.fields[name]
            elif former.unit == RuleUnit.SHARE:
                self.fields[name] = PercentField(label=self.fields[name].label)
            else:
                self.fields[name].unit = former.get_unit_display()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        low, high = data.get("threshold"), data.get("comfortable")
        if low is not None and high is not None and high <= low:
            self.add_error("comfortable", _("The full value comes above the first one."))
        return data
