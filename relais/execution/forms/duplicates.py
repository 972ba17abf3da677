"""What is said of two records."""

from django import forms
from django.utils.translation import gettext_lazy as _

SAME, TWO = "same", "two"


class PairForm(forms.Form):
    """One button of two: the same person, or two persons."""

    answer = forms.ChoiceField(choices=((SAME, _("Same person")), (TWO, _("Two persons"))))

    @property
    def is_same(self) -> bool:
        return bool(self.cleaned_data["answer"] == SAME)
