import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.identity import clean_name, normalise, pseudonym
from relais.core.words import BadValue

BORN = date(1990, 4, 12)
KEY = "5f" * 32
words = st.text(alphabet=st.characters(categories=["L"], max_codepoint=0x17F), min_size=1, max_size=12)
names = st.lists(words, min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("JOSÉ", "DA SILVA"), ("Da Silva", "Jose")),
        (("Éloïse",), (unicodedata.normalize("NFD", "Éloïse"),)),
        (("Jean-Pierre", "D'Almeida"), ("D\u2019ALMEIDA", "JEAN PIERRE")),
        (("Cœur",), ("COEUR",)),
        (("  Anne ", "Le\u00a0Goff"), ("LE GOFF", "anne")),
        (("Ma\u200brie", "Rey"), ("Marie", "Rey")),
    ],
)
def test_the_same_person_written_twice_is_recognised(one, other):
    assert pseudonym(KEY, one, BORN) == pseudonym(KEY, other, BORN)


def test_a_pseudonym_is_a_plain_sha256_in_hexadecimal():
    assert len(pseudonym(KEY, ["Marie", "Rey"], BORN)) == 64
    assert int(pseudonym(KEY, ["Marie", "Rey"], BORN), 16)


def test_another_birth_date_another_name_another_scheme_is_another_person():
    reference = pseudonym(KEY, ["Marie", "Rey"], BORN)
    assert pseudonym(KEY, ["Marie", "Rey"], date(1990, 12, 4)) != reference
    assert pseudonym(KEY, ["Maria", "Rey"], BORN) != reference
    assert pseudonym("6a" * 32, ["Marie", "Rey"], BORN) != reference


@pytest.mark.parametrize("empty", [[], [""], ["  ", "-'"], ["\u200b"]])
def test_nobody_has_an_empty_name(empty):
    with pytest.raises(BadValue):
        pseudonym(KEY, empty, BORN)


def test_without_the_key_of_the_scheme_nobody_is_recognised():
    with pytest.raises(BadValue, match="secret key"):
        pseudonym("", ["Marie"], BORN)


@given(names, st.randoms())
def test_the_order_of_words_changes_nothing(parts, random):
    assert normalise(random.sample(parts, len(parts))) == normalise(parts)


@given(names)
def test_case_and_composition_change_nothing(parts):
    louder = [part.upper().lower() for part in parts]
    assert normalise(louder) == normalise(part.lower().upper() for part in parts)
    assert normalise(unicodedata.normalize("NFD", part) for part in parts) == normalise(parts)


@given(names)
def test_a_name_normalised_twice_stays_the_same(parts):
    once = normalise(parts)
    assert normalise([once]) == once


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Le   Goff ", "Le Goff"),
        (unicodedata.normalize("NFD", "Éloïse"), "Éloïse"),
        ("D'Almeida", "D'Almeida"),
        ("Jean\u2010Pierre", "Jean\u2010Pierre"),
        ("Nguyễn", "Nguyễn"),
        ("Мария", "Мария"),
    ],
)
def test_a_name_is_kept_as_typed(typed, kept):
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "-",
        "A" * 81,
        "Ma\u200brie",
        "\u202eeiraM",
        "Marie\x00",
        "Marie \U0001f600",
        "<script>",
        "{{7*7}}",
        "\ud800",
    ],
)
def test_what_is_not_a_name_is_refused(typed):
    with pytest.raises(BadValue):
        clean_name(typed)


@given(st.text(max_size=200))
def test_any_text_is_either_refused_or_kept_whole(typed):
    try:
        kept = clean_name(typed)
    except BadValue:
        return
    assert clean_name(kept) == kept
    assert normalise([kept]) == normalise([typed])
