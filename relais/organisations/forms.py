"""What people type about bodies, members and schemes."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from relais.core.words import BadValue
from relais.kit.audit import named_verbs
from relais.kit.forms import DateField, FilterForm, NumberField, RowsField
from relais.kit.models import AuditEntry, Outcome
from relais.kit.trail import verbs_of
from relais.kit.words import say
from relais.organisations.enums import BuyerNature, Capacity, PolicyKey, Role, StructureKind
from relais.organisations.identifiers import normal_siret
from relais.organisations.models import OrganisationQuerySet, User
from relais.organisations.rules import policy_value_verdict
from relais.territories.models import Department

OPENABLE = [(value, label) for value, label in Capacity.choices if value != Capacity.COORDINATOR]
"""Capacities that a coordinator may open to a body."""
EMPTY = ("", "–")


class SiretField(forms.CharField):
    """A SIRET with or without spaces; cleaned to its 14 digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("SIRET"), "max_length": 40, **kwargs})

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        try:
            return normal_siret(typed)
        except BadValue as error:
            raise ValidationError(say(error.words)) from error

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "numeric", "autocomplete": "off"}


class BodyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    siret = SiretField(
        required=False,
        help_text=_("14 digits. A body already known by this number joins the scheme as it is."),
    )
    capacities = forms.MultipleChoiceField(
        label=_("What it does"), choices=OPENABLE, widget=forms.CheckboxSelectMultiple
    )
    buyer_nature = forms.ChoiceField(
        label=_("Nature of buyer"),
        choices=[EMPTY, *BuyerNature.choices],
        required=False,
        help_text=_("For a buyer."),
    )
    structure_kind = forms.ChoiceField(
        label=_("Kind of structure"),
        choices=[EMPTY, *StructureKind.choices],
        required=False,
        help_text=_("For an insertion structure."),
    )
    manager_email = forms.EmailField(
        label=_("E-mail address of its first manager"),
        required=False,
        help_text=_("An invitation valid seven days is sent to this address."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        capacities = data.get("capacities", [])
        if Capacity.BUYER in capacities and not data.get("buyer_nature"):
            self.add_error("buyer_nature", _("Say the nature of the buyer: consolidated figures need it."))
        if Capacity.STRUCTURE in capacities and not data.get("structure_kind"):
            self.add_error("structure_kind", _("Say the kind of structure: reservations depend on it."))
        return data


class CapacityForm(forms.Form):
    capacity = forms.ChoiceField(label=_("Capacity to open"), choices=OPENABLE)


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role.value, role.label) for role in roles]
        self.initial.setdefault("role", Role.OFFICER)


class FirstManagerForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address of its first manager"))


class RoleForm(forms.Form):
    """Any role is read: the rule, not the list, says which one may be granted."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class AcceptForm(forms.Form):
    """A new account: the address is that of the invitation and cannot be typed."""

    full_name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text=password_validators_help_text_html,
    )
    again = forms.CharField(
        label=_("Password, once more"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        password = data.get("password")
        if password and data.get("again") and password != data["again"]:
            self.add_error("again", _("The two passwords differ."))
        elif password:
            try:
                validate_password(password, User(email=self.email, full_name=data.get("full_name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return data


class AreasForm(forms.Form):
    departments = RowsField(
        label=_("Departments covered"),
        queryset=Department.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, departments: QuerySet[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["departments"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = departments


class PolicyForm(forms.Form):
    value = NumberField(label=_("New value"), max_digits=12, decimal_places=4)
    starts_on = DateField(label=_("In force from"))
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("The vote, the guide or the text this value comes from."),
    )
    verified = forms.BooleanField(label=_("I have read the source"), required=False)

    def __init__(self, *args: Any, key: PolicyKey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = key

    def clean_value(self) -> Any:
        value = self.cleaned_data["value"]
        verdict = policy_value_verdict(self.key, value)
        if not verdict:
            raise ValidationError(say(verdict.reason))
        return value


class DirectoryFilter(FilterForm):
    q = forms.CharField(label=_("Name or SIRET"), max_length=100)
    capacity = forms.ChoiceField(label=_("Capacity"), choices=[("", _("All")), *Capacity.choices])
    department = forms.ChoiceField(label=_("Department covered"))

    def __init__(self, *args: Any, departments: Sequence[Department], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        field = self.fields["department"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All")), *((department.pk, str(department)) for department in departments)]

    def apply(self, bodies: OrganisationQuerySet) -> OrganisationQuerySet:
        chosen = self.chosen
        if "q" in chosen:
            bodies = bodies.search(chosen["q"])
        if "capacity" in chosen:
            bodies = bodies.with_capacity(Capacity(chosen["capacity"]), self.on)
        if "department" in chosen:
            bodies = bodies.covering(chosen["department"], self.on)
        return bodies


class TrailFilter(FilterForm):
    act = forms.ChoiceField(label=_("Act"))
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", _("All")), *Outcome.choices])
    first = DateField(label=_("From the day"))
    last = DateField(label=_("To"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["act"]
        assert isinstance(field, forms.ChoiceField)
        verbs = sorted(named_verbs().items(), key=lambda pair: pair[1])
        field.choices = [("", _("All")), *verbs]

    def apply(self, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        chosen = self.chosen
        if "act" in chosen:
            entries = entries.filter(verb__in=verbs_of(chosen["act"]))
        if "outcome" in chosen:
            entries = entries.filter(outcome=chosen["outcome"])
        if "first" in chosen:
            entries = entries.filter(at__gte=midnight(chosen["first"]))
        if "last" in chosen:
            entries = entries.filter(at__lt=midnight(chosen["last"] + timedelta(days=1)))
        return entries


def midnight(day: date) -> datetime:
    """The local instant when a day begins."""
    return timezone.make_aware(datetime.combine(day, time.min))
