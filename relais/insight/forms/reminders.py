"""What a person chooses for the mails of the site."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from relais.insight.models import Rhythm


class DigestForm(forms.Form):
    rhythm = forms.ChoiceField(label=_("Mail of what is to do"), choices=Rhythm.choices)
    language = forms.ChoiceField(label=_("Language of the mails"), choices=settings.LANGUAGES)
