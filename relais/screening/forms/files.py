"""A file to put on a sheet, and the reason to withdraw one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from relais.kit.uploads import ACCEPTED


class SheetFileForm(forms.Form):
    document = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        max_length=300,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_(
            "PDF, Word (docx), Excel (xlsx), OpenDocument (odt, ods), CSV, PNG or JPEG, 10 MB at most. "
            "No list of people."
        ),
    )
    about = forms.CharField(label=_("What it is"), max_length=200, required=False)


class WithdrawalForm(forms.Form):
    reason = forms.CharField(label=_("Reason of the withdrawal"), max_length=300)
