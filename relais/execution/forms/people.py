"""What is typed about people, their eligibility and their jobs."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from relais.core.eligibility import Category as CoreCategory
from relais.core.eligibility_policy import Terms
from relais.core.identity import LONGEST, clean_name
from relais.core.words import BadValue
from relais.execution.enums import Category, EligibilityState, JobKind, Mode, Sex
from relais.execution.models import Debtor, Obligation, ObligationQuerySet, Person, PersonQuerySet
from relais.execution.rules import people as rules
from relais.kit.forms import DateField, FilterForm
from relais.kit.words import say
from relais.organisations.models import Organisation, Scheme

YES, NO = "yes", "no"


class NameField(forms.CharField):
    """A first or last name as on the identity document."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONGEST, **kwargs})

    def clean(self, value: Any) -> str:
        try:
            return clean_name(super().clean(value))
        except BadValue as error:
            raise ValidationError(say(error.words)) from error

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "autocomplete": "off", "spellcheck": "false"}


class PersonForm(forms.Form):
    """An identity: what recognises a person, and no more. No social-security number is ever asked."""

    last_name = NameField(label=_("Last name"))
    first_name = NameField(label=_("First name"))
    birth_date = DateField(label=_("Birth date"))
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=Sex.choices,
        required=False,
        help_text=_("For the indicators of equality; it may stay untold."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        verdict = rules.birth_verdict(born, self.today)
        if not verdict:
            raise ValidationError(say(verdict.reason))
        return born

    @property
    def identity(self) -> dict[str, Any]:
        """What the actions take."""
        return {name: self.cleaned_data[name] for name in ("first_name", "last_name", "birth_date", "sex")}


class SchemeForm(forms.Form):
    """The scheme a person is followed in, asked only when the body takes part in several."""

    scheme = forms.ModelChoiceField(Scheme.objects.none(), label=_("Scheme"), empty_label=None)

    def __init__(self, *args: Any, schemes: QuerySet[Scheme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scheme"].queryset = schemes  # type: ignore[attr-defined]


class EligibilityForm(forms.Form):
    """A decision: category, proof seen, dates. The proof itself is never kept."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=((YES, _("Eligible")), (NO, _("Not eligible"))),
        widget=forms.RadioSelect,
        initial=YES,
    )
    category = forms.ChoiceField(label=_("Main category"), choices=(("", "–"), *Category.choices))
    proof = forms.CharField(
        label=_("Proof seen"), max_length=200, help_text=_("Kind of document. No copy is kept.")
    )
    proof_on = DateField(label=_("Date of the proof"))
    proof_valid_until = DateField(label=_("Proof valid until"), required=False)
    certifier = forms.CharField(
        label=_("Certifier"), max_length=200, help_text=_("Body that certifies the situation.")
    )
    also = forms.ChoiceField(
        label=_("Second category"), choices=(("", "–"), *Category.choices), required=False
    )
    employed_until = DateField(
        label=_("In the hiring company until"),
        required=False,
        help_text=_("Last day of a former job there, if there was one."),
    )
    from_temp = forms.BooleanField(label=_("As a temp: from temp work to hire"), required=False)
    starts_on = DateField(
        label=_("Eligible from"), help_text=_("Today at the earliest: no hour counts before the decision.")
    )
    ends_on = DateField(label=_("Eligible until"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Needed when the person is not eligible: they may ask you."),
    )

    def __init__(self, *args: Any, today: date, terms: Terms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.terms = today, terms

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        if data["decision"] == NO:
            verdict, field = rules.says_why(data["reason"]), "reason"
        else:
            field = "starts_on" if data["starts_on"] < self.today else "proof_on"
            verdict = rules.eligibility_verdict(
                CoreCategory(data["category"]),
                proof_on=data["proof_on"],
                valid_until=data["proof_valid_until"],
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                decided_on=self.today,
                table=self.terms.rules(),
            )
        if not verdict:
            self.add_error(field, say(verdict.reason))
        return data

    @property
    def decided(self) -> dict[str, Any]:
        """What the action takes."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "decision"}
        return {**data, "eligible": self.cleaned_data["decision"] == YES}


def proofs_expected(terms: Terms) -> list[tuple[str, str, str, int | None]]:
    """For each category: its words, the proof, the certifier, the greatest age of the proof in the scheme."""
    return [
        (str(Category(core.value).label), say(rule.proof), say(rule.certifier), rule.max_age_months)
        for core, rule in terms.rules().items()
    ]


class JobForm(forms.Form):
    """A job of a person for one obligation."""

    employer = forms.ModelChoiceField(Organisation.objects.none(), label=_("Employer"))
    declared_by = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Body declaring the hours"),
        help_text=_("One body only: an hour is declared once."),
    )
    debtor = forms.ModelChoiceField(Debtor.objects.none(), label=_("Company whose hours they reduce"))
    job = forms.CharField(label=_("Job"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind of job contract"), choices=JobKind.choices)
    mode = forms.ChoiceField(label=_("Mode"), choices=Mode.choices)
    starts_on = DateField(label=_("Start"))
    ends_on = DateField(
        label=_("End"), required=False, help_text=_("Empty when the job goes on after the contract.")
    )

    def __init__(
        self,
        *args: Any,
        obligation: Obligation,
        bodies: QuerySet[Organisation],
        debtors: QuerySet[Debtor],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.obligation = obligation
        for name in ("employer", "declared_by"):
            self.fields[name].queryset = bodies  # type: ignore[attr-defined]
        self.fields["debtor"].queryset = debtors  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            verdict = rules.job_dates_verdict(
                self.obligation, starts_on=data["starts_on"], ends_on=data["ends_on"]
            )
            if not verdict:
                self.add_error("starts_on", say(verdict.reason))
        return data


class ClauseField(forms.ModelChoiceField):
    """A clause by its reference, its buyer and its object: two buyers may give the same reference."""

    def label_from_instance(self, obligation: Any) -> str:
        told = f"{obligation.clause.reference}, {obligation.buyer.name}"
        return f"{told} – {Truncator(obligation.clause.lot.object).chars(70)}"


class ObligationChoice(forms.Form):
    """Under which clause the person works."""

    obligation = ClauseField(Obligation.objects.none(), label=_("Clause"))

    def __init__(self, *args: Any, obligations: ObligationQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["obligation"].queryset = obligations.select_related("clause__lot", "buyer")  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Obligation | None:
        return self.cleaned_data["obligation"] if self.is_bound and self.is_valid() else None


class JobEndForm(forms.Form):
    ends_on = DateField(label=_("Last day of the job"))


class PeopleFilter(FilterForm):
    """Filters of the list of people."""

    q = forms.CharField(label=_("Name or number"), max_length=80)
    state = forms.ChoiceField(
        label=_("Eligibility"),
        choices=(("", _("All")), *EligibilityState.choices, ("none", _("Not decided"))),
    )

    def apply(self, people: Any) -> PersonQuerySet:
        """People of `people_of`, narrowed."""
        chosen = self.chosen
        if text := chosen.get("q"):
            people = people.search(text)
        if state := chosen.get("state"):
            people = people.filter(last_state=None if state == "none" else state)
        return people  # type: ignore[no-any-return]


def sorted_people(people: PersonQuerySet, sort: str) -> PersonQuerySet:
    """The order asked by the head of a column; by name when it is not one of ours."""
    orders = {
        "number": ("number",),
        "-number": ("-number",),
        "-name": ("-last_name", "-first_name", "-pk"),
        "until": ("eligible_until", "pk"),
        "-until": ("-eligible_until", "-pk"),
    }
    return people.order_by(*orders.get(sort, ("last_name", "first_name", "pk")))


def identity_of(person: Person) -> dict[str, Any]:
    """What the form of an identity shows first."""
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "version": person.version,
    }
