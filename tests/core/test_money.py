from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.money import AmbiguousNumber, NotANumber, exact, hundredths, parse_decimal, parse_hours
from relais.core.words import BadValue

cents = st.integers(-(10**12), 10**12).map(lambda n: Decimal(n).scaleb(-2))
SPACES = [" ", "\u00a0", "\u202f", "\u2009"]


def french(value: Decimal, space: str) -> str:
    return f"{value:,.2f}".replace(",", space).replace(".", ",")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7,5", "7.5"),
        ("7.5", "7.5"),
        ("1 607,00", "1607.00"),
        ("1\u00a0607,00", "1607.00"),
        ("1\u202f607", "1607"),
        ("14 700,00 €", "14700.00"),
        ("1.607,00", "1607.00"),
        ("1,607.00", "1607.00"),
        ("1.607.000", "1607000"),
        ("1,607,000", "1607000"),
        ("0,607", "0.607"),
        ("1607,123", "1607.123"),
        ("1 607,123", "1607.123"),
        ("-12", "-12"),
        ("\u221212,5", "-12.5"),
        ("- 3", "-3"),
        ("+3", "3"),
        (" 42 ", "42"),
        ("-0", "0"),
        ("007", "7"),
    ],
)
def test_french_numbers_are_read(text, value):
    assert str(parse_decimal(text)) == value


@pytest.mark.parametrize("text", ["1,607", "1.607", "12,500", "-1,607", "999.999"])
def test_two_readings_become_a_question(text):
    with pytest.raises(AmbiguousNumber) as caught:
        parse_decimal(text)
    small, large = caught.value.readings
    assert small < large
    assert {small / large, large / small} >= {Decimal("0.001")}
    assert "can be read" in str(caught.value.words)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "abc", "NaN", "Infinity", "1e308", "1e5", "12 34", "1 60", "0 7,5", "0\u00a07,5",
        "1,2,3", "--1", "1-", "7,", ",5", "1'607", "\uff11\uff12", "\u0663", "1\x000", "9" * 41,
        "1 607,00 $", "7h30", "€", "1.607,00,0", "=1+1",
    ],
)  # fmt: skip
def test_what_is_not_a_number_is_refused_with_a_sentence(text):
    with pytest.raises(NotANumber, match="Write it with figures"):
        parse_decimal(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7h30", "7.50"),
        ("7:30", "7.50"),
        ("7 h 30", "7.50"),
        ("7\u00a0h\u00a030", "7.50"),
        ("7H05", "7.08"),
        ("7h20", "7.33"),
        ("7:30:00", "7.50"),
        ("7h", "7.00"),
        ("7,5 h", "7.50"),
        ("7.5", "7.50"),
        ("151,67", "151.67"),
        ("-7h30", "-7.50"),
        ("0h00", "0.00"),
        ("1 607 heures", "1607.00"),
    ],
)
def test_hours_are_read_as_people_write_them(text, value):
    assert str(parse_hours(text)) == value


@pytest.mark.parametrize(
    "text", ["7h60", "7h5", "7:5", "25:99", "7h30h", "h30", "7h-30", "NaN", "1e308", "7:30:15"]
)
def test_odd_hours_are_refused(text):
    with pytest.raises(NotANumber):
        parse_hours(text)


@given(cents, st.sampled_from(SPACES))
def test_what_french_people_write_is_read_back(value, space):
    assert parse_decimal(french(value, space)) == value
    assert parse_hours(french(value, space)) == value


@given(st.integers(0, 9999), st.integers(0, 59))
def test_clock_and_decimal_hours_agree(hours, minutes):
    read = parse_hours(f"{hours}h{minutes:02d}")
    assert abs(read - hours - Decimal(minutes) / 60) <= Decimal("0.005")
    assert read == parse_hours(f"{hours}:{minutes:02d}")


@given(st.text(max_size=12))
def test_any_text_gives_a_number_or_a_sentence(text):
    try:
        value = parse_hours(text)
    except BadValue as error:
        said = str(error.words)
    else:
        said = "" if value != hundredths(value) else "a number"
    assert said


@given(st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False))
def test_rounding_moves_a_value_by_half_a_hundredth_at_most(value):
    rounded = hundredths(value)
    assert abs(rounded - value) <= Decimal("0.005")
    assert hundredths(rounded) == rounded
    assert hundredths(-value) == -rounded


def test_halves_go_away_from_zero():
    assert hundredths(Decimal("0.005")) == Decimal("0.01")
    assert hundredths(Decimal("-0.005")) == Decimal("-0.01")
    assert str(hundredths(Decimal("-0.001"))) == "0.00"


def test_the_callers_context_changes_nothing():
    with localcontext(prec=3):
        assert hundredths(Decimal("123456.789")) == Decimal("123456.79")


@pytest.mark.parametrize(
    "value", [7.5, True, None, Decimal("NaN"), Decimal("Infinity"), "1e400", 10**16, "abc"]
)
def test_inexact_and_endless_values_are_refused(value):
    with pytest.raises(NotANumber):
        exact(value)
