"""What people type or choose about contracts: files to import, filters, entry and correction."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from relais.kit.forms import DateField, FilterForm, NumberField
from relais.kit.words import number, say
from relais.organisations.forms import SiretField
from relais.organisations.models import Scheme
from relais.procurement.decp import MEANINGS, meaning
from relais.procurement.enums import ContractKind, LotNature, NoticeForm, PlaceType, Social
from relais.procurement.models import ContractFlag, ContractQuerySet, Holder, NoticeQuerySet
from relais.territories.models import Department
from relais.territories.names import fold

MOST_FILES = 10
MEGABYTE = 1024 * 1024


class SeveralFiles(forms.ClearableFileInput):
    """A field of the browser that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once, each cleaned as one; too many or too large are refused before being read."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) and data else [data or None]
        if len(given) > MOST_FILES:
            raise ValidationError(
                _("%(number)s files were given; send %(most)s at most, then the others."),
                params={"number": len(given), "most": MOST_FILES},
            )
        return [self._sized(super(FilesField, self).clean(item, initial)) for item in given]

    def _sized(self, file: UploadedFile) -> UploadedFile:
        most = settings.UPLOAD_MAX_BYTES
        if file.size and file.size > most:
            raise ValidationError(
                _(
                    "“%(name)s” weighs %(size)s MB; a page takes %(most)s MB at most. "
                    "Compress it (gzip or zip), or ask the administrator to import it by command."
                ),
                params={
                    "name": file.name,
                    "size": number(file.size // MEGABYTE),
                    "most": number(most // MEGABYTE),
                },
            )
        return file


class ImportForm(forms.Form):
    documents = FilesField(
        label=_("Files"),
        help_text=_(
            "As they were downloaded: contracts in JSON, JSON Lines, XML, CSV, Excel or ODS, of 2019 or of "
            "2022; notices of TED, in eForms or of BOAMP; alone or in a zip."
        ),
    )
    scheme = forms.ModelChoiceField(label=_("Scheme"), queryset=Scheme.objects.none(), empty_label=None)

    def __init__(self, *args: Any, schemes: list[Scheme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scheme"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Scheme.objects.filter(pk__in=[scheme.pk for scheme in schemes])
        if len(schemes) == 1:
            field.widget = forms.HiddenInput()
            field.initial = schemes[0].pk


SOCIAL_FILTERS = {
    "any": Q(has_social_clause=True) | Q(has_social_criterion=True) | Q(is_reserved=True),
    "clause": Q(has_social_clause=True),
    "criterion": Q(has_social_criterion=True),
    "reserved": Q(is_reserved=True),
    "none": Q(social_published=True, has_social_clause=False, has_social_criterion=False, is_reserved=False),
    "unknown": Q(social_published=False),
}


def flag_choices() -> list[tuple[str, str]]:
    """Flags by their meaning, cut at its first colon: short enough for a list."""
    return [
        ("", "–"),
        *((code.value, say(meaning(code)).split(":")[0].strip(" \u00a0\u202f")) for code in MEANINGS),
    ]


class ContractFilter(FilterForm):
    q = forms.CharField(label=_("Object, buyer, holder or number"), max_length=100)
    social = forms.ChoiceField(
        label=_("Social consideration"),
        choices=[
            ("", _("All contracts")),
            ("any", _("Any consideration")),
            ("clause", _("Social clause")),
            ("criterion", _("Social criterion")),
            ("reserved", _("Reserved contract")),
            ("none", _("None, as published")),
            ("unknown", _("Not published")),
        ],
    )
    nature = forms.ChoiceField(label=_("Nature"), choices=[("", _("All natures")), *LotNature.choices])
    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), empty_label=_("All departments")
    )
    year = forms.IntegerField(
        label=_("Year of notification"), min_value=1990, max_value=2100, widget=forms.TextInput
    )
    least = NumberField(label=_("Amount from"), unit="€", min_value=0, max_digits=15)
    flag = forms.ChoiceField(label=_("Oddity in the data"), choices=flag_choices)

    def __init__(self, *args: Any, departments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["department"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = departments

    def apply(self, contracts: ContractQuerySet) -> ContractQuerySet:
        """The contracts that match every filter understood."""
        chosen = self.chosen
        if "q" in chosen:
            contracts = search(contracts, chosen["q"])
        if "social" in chosen:
            contracts = contracts.filter(SOCIAL_FILTERS[chosen["social"]])
        if "nature" in chosen:
            contracts = contracts.filter(lot__nature=chosen["nature"])
        if "department" in chosen:
            contracts = contracts.filter(lot__department=chosen["department"])
        if "year" in chosen:
            contracts = contracts.filter(notified_on__year=chosen["year"])
        if "least" in chosen:
            contracts = contracts.filter(amount__gte=chosen["least"])
        if "flag" in chosen:
            flagged = ContractFlag.objects.filter(contract=OuterRef("pk"), code=chosen["flag"])
            contracts = contracts.filter(Exists(flagged))
        return contracts


def search(contracts: ContractQuerySet, text: str) -> ContractQuerySet:
    """Contracts whose object or buyer holds every word, or whose number, holder or SIRET was typed."""
    words = Q()
    for word in fold(text).split():
        words &= Q(lot__search_object__contains=word) | Q(buyer__search_name__contains=word)
    typed = text.strip()
    digits = "".join(typed.split())
    holders = Holder.objects.filter(Q(name__icontains=typed) | Q(identifier__startswith=digits))
    own = Q(source_id__iexact=typed) | Q(pk__in=holders.values("contract_id"))
    if digits.isdigit() and len(digits) >= 9:
        own |= Q(buyer__siret__startswith=digits)
    return contracts.filter(words | own) if words else contracts.filter(own)


NOTICE_MARKS = {
    "reserved": Q(is_reserved=True),
    "social": Q(is_social=True),
    "text": Q(has_clause_text=True),
    "none": Q(is_reserved=False, is_social=False, has_clause_text=False),
}


class NoticeFilter(FilterForm):
    q = forms.CharField(label=_("Object, buyer or number"), max_length=100)
    form = forms.ChoiceField(label=_("Kind of notice"), choices=[("", _("All notices")), *NoticeForm.choices])
    mark = forms.ChoiceField(
        label=_("Social side"),
        choices=[
            ("", _("Any")),
            ("reserved", _("Reserved")),
            ("social", _("Social objective coded")),
            ("text", _("A text speaks of insertion")),
            ("none", _("Nothing social")),
        ],
    )

    def apply(self, notices: NoticeQuerySet) -> NoticeQuerySet:
        """The notices that match every filter understood."""
        chosen = self.chosen
        if "q" in chosen:
            words = Q()
            for word in fold(chosen["q"]).split():
                words &= Q(search_title__contains=word) | Q(buyer__search_name__contains=word)
            own = Q(versions__number__iexact=chosen["q"].strip())
            notices = notices.filter(Q(pk__in=notices.filter(own).values("pk")) | words if words else own)
        if "form" in chosen:
            notices = notices.filter(form=chosen["form"])
        if "mark" in chosen:
            notices = notices.filter(NOTICE_MARKS[chosen["mark"]])
        return notices


class ContractForm(forms.Form):
    """A contract typed in, or corrected; amounts exclude tax."""

    source_id = forms.CharField(label=_("Identifier given by the buyer"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=ContractKind.choices)
    object = forms.CharField(label=_("Object"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    cpv = forms.CharField(
        label=_("CPV code"),
        required=False,
        max_length=10,
        validators=[RegexValidator(r"^\d{8}(-\d)?$", _("A CPV code has eight digits: 45214220."))],
    )
    procedure_kind = forms.CharField(label=_("Kind of procedure"), required=False, max_length=120)
    notified_on = DateField(label=_("Notification date"))
    duration_months = forms.IntegerField(
        label=_("Duration (months)"), required=False, min_value=0, max_value=1200
    )
    amount = NumberField(
        label=_("Amount excluding tax"),
        unit="€",
        required=False,
        min_value=0,
        max_digits=15,
        decimal_places=2,
    )
    offers_received = forms.IntegerField(
        label=_("Offers received"), required=False, min_value=0, max_value=10_000
    )
    place_type = forms.ChoiceField(
        label=_("Type of place code"),
        required=False,
        choices=[("", "–"), *((value, label) for value, label in PlaceType.choices if value)],
        help_text=_("54 is a department, or a former region: a code is never read without its type."),
    )
    place_code = forms.CharField(label=_("Place code"), required=False, max_length=20)
    social = forms.MultipleChoiceField(
        label=_("Social considerations"),
        required=False,
        choices=Social.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    holder_siret = SiretField(label=_("SIRET of the holder"), required=False)
    holder_name = forms.CharField(label=_("Name of the holder"), required=False, max_length=200)

    def clean_cpv(self) -> str:
        return str(self.cleaned_data["cpv"])[:8]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("place_code") and not data.get("place_type"):
            self.add_error("place_type", _("Say what kind of code this is."))
        return data


class EntryForm(ContractForm):
    scheme = forms.ModelChoiceField(label=_("Scheme"), queryset=Scheme.objects.none(), empty_label=None)

    def __init__(self, *args: Any, schemes: list[Scheme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scheme"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Scheme.objects.filter(pk__in=[scheme.pk for scheme in schemes])
        if len(schemes) == 1:
            field.widget = forms.HiddenInput()
            field.initial = schemes[0].pk


class CorrectionForm(ContractForm):
    """A correction says why, and remembers what the person saw."""

    reason = forms.CharField(
        label=_("Reason of the correction"),
        max_length=300,
        help_text=_("What was wrong, and the document that shows it."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, holders: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if holders > 1:
            del self.fields["holder_siret"], self.fields["holder_name"]
