"""Forms: what is asked, what is wrong and where, what is read from what people type."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.utils.translation import override

from relais.kit.forms import DateField, FilterForm, NumberField
from tests.kit.gallery import SampleFilter, SampleForm


def drawn(form: forms.BaseForm) -> BeautifulSoup:
    return BeautifulSoup(form.render(), "html.parser")


def test_a_form_without_error_has_no_summary() -> None:
    page = drawn(SampleForm())
    assert page.select_one(".error-summary") is None
    assert page.select_one("[aria-invalid]") is None


def test_each_field_has_its_label_and_its_help() -> None:
    page = drawn(SampleForm())
    share = page.select_one("[name=share]")
    assert page.select_one(f'label[for="{share["id"]}"]').get_text(strip=True) == "Part de main-d’œuvre"
    assert page.select_one(f"#{share['aria-describedby']}").get_text(strip=True) == "Entre 0 et 100."
    assert share["inputmode"] == "decimal"
    assert page.select_one("fieldset legend").get_text(strip=True) == "Procédure"


def test_an_error_is_said_at_the_field_and_in_the_summary_with_a_link() -> None:
    page = drawn(SampleForm({"object": "x" * 30, "amount": "beaucoup"}))
    amount = page.select_one("[name=amount]")
    assert amount["aria-invalid"] == "true"
    assert amount["value"] == "beaucoup"
    described = amount["aria-describedby"].split()
    assert "id_amount_error" in described
    summary = page.select_one(".error-summary")
    assert summary["tabindex"] == "-1"
    targets = {link["href"].lstrip("#") for link in summary.select("a")}
    assert {"id_object", "id_amount", "id_kind_0", "id_agreed"} <= targets
    assert all(page.find(id=target) is not None for target in targets)


def test_an_optional_field_says_so() -> None:
    with override("fr"):
        page = drawn(SampleForm())
    assert "(facultatif)" in page.select_one('label[for="id_launch"]').get_text()
    assert page.select_one("#id_launch")["type"] == "date"


class OneNumber(forms.Form):
    value = NumberField(max_digits=12, decimal_places=2, unit="h")


@pytest.mark.parametrize(
    ("language", "typed", "read"),
    [
        ("fr", "7,5", "7.5"),
        ("fr", "7.5", "7.5"),
        ("fr", "1 607,00", "1607.00"),
        ("fr", "1\u00a0607,00", "1607.00"),
        ("fr", "1\u202f234,5", "1234.5"),
        ("fr", "1.607,50", "1607.50"),
        ("fr", "−3,5", "-3.5"),
        ("en", "1,234.5", "1234.5"),
        ("en", "1,234", "1234"),
        ("en", "7,5", "7.5"),
    ],
)
def test_a_number_is_read_as_people_write_it(language: str, typed: str, read: str) -> None:
    with override(language):
        form = OneNumber({"value": typed})
        assert form.is_valid(), form.errors
        assert form.cleaned_data["value"] == Decimal(read)


@pytest.mark.parametrize(
    "typed", ["1,2,3", "sept", "NaN", "Infinity", "1e308", "1.234", "7,555", "--2", "1,5.2"]
)
def test_what_is_not_clear_is_refused_and_kept(typed: str) -> None:
    with override("fr"):
        form = OneNumber({"value": typed})
        assert not form.is_valid()
        assert drawn(form).select_one("input")["value"] == typed


class Anything(forms.Form):
    value = NumberField(required=False)
    day = DateField(required=False)


@pytest.mark.parametrize("typed", ["1e400", "-1e400", "9" * 17, "999999999999999999999"])
def test_a_number_that_no_register_keeps_is_refused_at_its_field(typed: str) -> None:
    form = Anything({"value": typed})
    assert list(form.errors) == ["value"]


@pytest.mark.parametrize("typed", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31", "31/02/2026"])
def test_a_day_no_month_can_be_counted_around_is_refused(typed: str) -> None:
    form = Anything({"day": typed})
    assert list(form.errors) == ["day"]


def test_bad_input_filters_nothing() -> None:
    form = SampleFilter({"q": "", "state": "unknown", "late": "on"})
    assert form.chosen == {"late": True}
    assert SampleFilter().chosen == {}


def test_a_filter_is_never_required() -> None:
    class Named(FilterForm):
        name = forms.CharField(required=True)

    assert Named({}).is_valid()
