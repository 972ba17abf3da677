"""What people choose about purchase plans: a file, the meaning of its columns, filters, operations."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from relais.core.words import BadValue, Words
from relais.kit.forms import FilterForm, NumberField
from relais.kit.words import number, say
from relais.organisations.models import Scheme
from relais.procurement.models import PlanLine, PurchasePlan
from relais.procurement.planning import Chosen, KeptFile, Shape
from relais.procurement.plans import LABELS, ColumnMapping, Field, Proposal, check_mapping
from relais.procurement.plans.sheets import LARGEST
from relais.procurement.plans.values import FIRST_YEAR, LAST_YEAR
from relais.territories.names import fold

MEGABYTE = 1024 * 1024
UNITS = [("1", _("euros")), ("1000", _("thousands of euros (k€)")), ("1000000", _("millions of euros (M€)"))]


class PlanFileForm(forms.Form):
    file = forms.FileField(
        label=_("File of the plan"),
        help_text=_("Excel, ODS or CSV, as you keep it: titles, merged headings and sub-totals may stay."),
    )
    plan = forms.ModelChoiceField(
        label=_("Plan"),
        queryset=PurchasePlan.objects.none(),
        required=False,
        empty_label=_("A new plan"),
        help_text=_("Choose a plan to bring a new version of its file."),
    )
    scheme = forms.ModelChoiceField(label=_("Scheme"), queryset=Scheme.objects.none(), empty_label=None)

    def __init__(
        self, *args: Any, schemes: list[Scheme], plans: QuerySet[PurchasePlan], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans  # type: ignore[attr-defined]
        field = self.fields["scheme"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Scheme.objects.filter(pk__in=[scheme.pk for scheme in schemes])
        if len(schemes) == 1:
            field.widget = forms.HiddenInput()
            field.initial = schemes[0].pk

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        most = min(LARGEST, settings.UPLOAD_MAX_BYTES)
        if file.size and file.size > most:
            raise ValidationError(
                _("“%(name)s” weighs %(size)s MB; a plan takes %(most)s MB at most. Keep only its table."),
                params={
                    "name": file.name,
                    "size": number(file.size // MEGABYTE),
                    "most": number(most // MEGABYTE),
                },
            )
        return file


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of one shape on the page: their names, their columns, the fields of their amounts."""

    names: str
    rows: list[tuple[Proposal, forms.BoundField]]
    amounts: list[forms.BoundField]


class MappingForm(forms.Form):
    """The sheets to read, the meaning of each column, the unit of amounts; title and years of a new plan."""

    title = forms.CharField(label=_("Title of the plan"), max_length=200)
    first_year = forms.IntegerField(label=_("First year"), min_value=FIRST_YEAR, max_value=LAST_YEAR - 1)
    last_year = forms.IntegerField(label=_("Last year"), min_value=FIRST_YEAR, max_value=LAST_YEAR - 1)

    def __init__(self, *args: Any, kept: KeptFile, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        if not is_new:
            for name in ("title", "first_year", "last_year"):
                del self.fields[name]
        tables = kept.tables
        if len(tables) > 1:
            left_out = kept.proposed.left_out
            self.fields["sheets"] = forms.MultipleChoiceField(
                label=_("Sheets to read"),
                choices=[(str(at), table.sheet.name) for at, table in enumerate(tables)],
                initial=[str(at) for at, table in enumerate(tables) if table.sheet.name not in left_out],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": _("Every sheet is left out. Keep at least one to read.")},
                help_text=_("A sheet that is not ticked is left out, and so the next time."),
            )
        for at, shape in enumerate(kept.shapes):
            self._lay(at, shape)

    def _lay(self, at: int, shape: Shape) -> None:
        """The fields of one shape."""
        choices = [("", _("Leave aside")), *((field.value, say(Words(LABELS[field]))) for field in Field)]
        for proposal in shape.proposals:
            column = proposal.column
            self.fields[column_name(at, column.at)] = forms.ChoiceField(
                label=_("Meaning of column %(letters)s") % {"letters": column.letters},
                choices=choices,
                required=False,
                initial=proposal.field.value if proposal.field else "",
            )
        self.fields[of_shape(at, "unit")] = forms.ChoiceField(
            label=_("Amounts are in"), choices=UNITS, initial=str(shape.mapping.unit)
        )
        self.fields[of_shape(at, "vat")] = NumberField(
            label=_("Rate of tax to take out"),
            unit="%",
            required=False,
            min_value=0,
            max_value=100,
            initial=shape.mapping.vat,
            help_text=_("Only for a column that includes tax."),
        )

    @property
    def shapes(self) -> list[Sheets]:
        """The sheets by shape, each column with its field."""
        return [
            Sheets(
                ", ".join(name for name in shape.names if name),
                [(one, self[column_name(at, one.column.at)]) for one in shape.proposals],
                [self[of_shape(at, "unit")], self[of_shape(at, "vat")]],
            )
            for at, shape in enumerate(self.kept.shapes)
        ]

    @property
    def faulty(self) -> list[tuple[forms.BoundField, Any]]:
        """The fields in error, for the summary."""
        return [(field, field.errors) for field in self if field.errors]

    @property
    def around(self) -> list[forms.BoundField]:
        """The fields of the plan itself."""
        return [self[name] for name in ("title", "first_year", "last_year") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        left_out = self._left_out(data)
        for at, shape in enumerate(self.kept.shapes):
            if not left_out.issuperset(shape.names):
                self._check(at, shape, data)
        first, last = data.get("first_year"), data.get("last_year")
        if first and last and last < first:
            self.add_error("last_year", _("The last year comes after the first one."))
        return data

    def _check(self, at: int, shape: Shape, data: dict[str, Any]) -> None:
        """A field goes to one column of a shape, and the shape gives purchases."""
        seen: dict[str, str] = {}
        for proposal in shape.proposals:
            name = column_name(at, proposal.column.at)
            meaning = data.get(name, "")
            if meaning and meaning in seen:
                params = {"letters": seen[meaning]}
                self.add_error(
                    name, ValidationError(_("Column %(letters)s already means this."), params=params)
                )
            seen.setdefault(meaning, proposal.column.letters)
        if self.errors:
            return
        try:
            check_mapping(self._mapping(at, shape, data))
        except BadValue as error:
            told = say(error.words)
            names = ", ".join(shape.names)
            self.add_error(None, f"{names}\u00a0: {told}" if len(self.kept.shapes) > 1 else told)

    def _left_out(self, data: dict[str, Any]) -> frozenset[str]:
        if "sheets" not in self.fields:
            return frozenset()
        kept = set(data.get("sheets", ()))
        return frozenset(table.sheet.name for at, table in enumerate(self.kept.tables) if str(at) not in kept)

    @staticmethod
    def _mapping(at: int, shape: Shape, data: dict[str, Any]) -> ColumnMapping:
        fields = {
            one.column.at: Field(data[column_name(at, one.column.at)])
            for one in shape.proposals
            if data.get(column_name(at, one.column.at))
        }
        vat: Decimal | None = data.get(of_shape(at, "vat"))
        return ColumnMapping(fields, int(data.get(of_shape(at, "unit")) or 1), vat)

    @property
    def chosen(self) -> Chosen:
        """What was chosen."""
        data = self.cleaned_data
        mappings = tuple(self._mapping(at, shape, data) for at, shape in enumerate(self.kept.shapes))
        return Chosen(mappings, self._left_out(data))


def of_shape(at: int, name: str) -> str:
    """The name of a field of a shape: those of the first one are bare."""
    return f"shape{at}_{name}" if at else name


def column_name(at: int, column: int) -> str:
    """The name of the field of a column."""
    return of_shape(at, f"column_{column}")


class PlanFilter(FilterForm):
    q = forms.CharField(label=_("Object, reference or project lead"), max_length=100)
    service = forms.ChoiceField(label=_("Department of the buyer"), choices=[])
    show = forms.ChoiceField(
        label=_("Show"),
        choices=[
            ("", _("Lots of the plan")),
            ("disputed", _("Differences to settle")),
            ("noted", _("Values read with a remark")),
            ("gone", _("Gone from the plan")),
        ],
    )

    def __init__(self, *args: Any, services: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = [("", _("All")), *((name, name) for name in services)]  # type: ignore[attr-defined]

    def apply(self, lines: QuerySet[PlanLine]) -> QuerySet[PlanLine]:
        """The lines that every understood filter keeps; those gone are shown only when asked."""
        chosen = self.chosen
        show = chosen.get("show")
        lines = lines.exclude(gone_at=None) if show == "gone" else lines.filter(gone_at=None)
        if show == "disputed":
            lines = lines.filter(is_disputed=True)
        if show == "noted":
            lines = lines.exclude(notes=[])
        if service := chosen.get("service"):
            lines = lines.filter(service=service)
        for word in chosen.get("q", "").split()[:6]:
            own = Q(reference__icontains=word) | Q(lead__icontains=word)
            lines = lines.filter(own | Q(lot__search_object__contains=fold(word)))
        return lines


class GroupingForm(forms.Form):
    """Lots and operations ticked, and what to do with them."""

    ACTS = ("rebuild", "group", "add", "merge", "split", "undo")
    act = forms.ChoiceField(choices=[(act, act) for act in ACTS])
    name = forms.CharField(required=False, max_length=300)
    into = forms.IntegerField(required=False, min_value=1)
    lot = forms.TypedMultipleChoiceField(coerce=int, choices=[], required=False)
    operation = forms.TypedMultipleChoiceField(coerce=int, choices=[], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lot", "operation"):
            given = self.data.getlist(name)[:2000]  # type: ignore[attr-defined]
            known = [value for value in given if value.isascii() and value.isdigit() and len(value) < 19]
            self.fields[name].choices = [(int(value), value) for value in known]  # type: ignore[attr-defined]
