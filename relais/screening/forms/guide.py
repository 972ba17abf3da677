"""The day and the kind of contract the guide speaks of."""

from django import forms
from django.utils.translation import gettext_lazy as _

from relais.kit.forms import DateField, FilterForm


class GuideFilter(FilterForm):
    launched = DateField(label=_("Consultation launched on"))
    concession = forms.BooleanField(label=_("Concession"))
