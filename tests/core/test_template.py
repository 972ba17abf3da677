from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.general_conditions import Ccag, edition_on
from relais.core.template import Signs, read_template
from relais.core.words import BadValue

KNOWN = {"heures", "critere"}


def filled(text, **values):
    return read_template(text, KNOWN).fill({"heures": "373 h", "critere": "", **values})


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("Réserver {{ heures }} de travail", {}, "Réserver 373 h de travail"),
        ("A{% si critere %}B{% sinon %}C{% fin %}D", {}, "ACD"),
        ("A{% si critere %}B{% sinon %}C{% fin %}D", {"critere": "oui"}, "ABD"),
        ("A{% sauf critere %}B{% fin %}", {}, "AB"),
        ("un\n{% si critere %}\ndeux\n{% fin %}\ntrois", {}, "un\ntrois"),
        ("un\n{% si critere %}\ndeux\n{% fin %}\ntrois", {"critere": "x"}, "un\ndeux\ntrois"),
        ("{% si heures %}a{% si critere %}b{% fin %}c{% fin %}", {}, "ac"),
        ("une accolade { seule } et 50 %", {}, "une accolade { seule } et 50 %"),
    ],
)
def test_a_text_is_filled(text, values, expected):
    assert filled(text, **values) == expected


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a\n{{ heure }}", "2", "heure"),
        ("{% si heurs %}x{% fin %}", "1", "heurs"),
        ("a\n\n{% si critere %}x", "3", "not closed"),
        ("{% fin %}", "1", "without the condition"),
        ("{% si critere %}a{% sinon %}b{% sinon %}c{% fin %}", "1", "without the condition"),
        ("{% for x in y %}", "1", "not understood"),
        ("{{ heures.__class__ }}", "1", "no value is called"),
        ("a }} b", "1", "stands alone"),
        ("{{ heures", "1", "stands alone"),
        ("{% si critere %}" * 6 + "{% fin %}" * 6, "1", "inside each other"),
    ],
)
def test_a_fault_is_told_with_its_line(text, line, said):
    with pytest.raises(BadValue) as error:
        read_template(text, KNOWN)
    assert str(error.value).startswith((f"Line {line}:", f"Line {line}, sign "))
    assert said in str(error.value)


def test_every_unknown_name_is_told_with_its_line_and_sign():
    with pytest.raises(BadValue) as error:
        read_template("Un {{ heure }}\n{{ heures }} et {% si prix %}x{% sinon %}{{ lieu }}{% fin %}", KNOWN)
    assert "heure (1, 4), prix (2, 17), lieu (2, 42)" in str(error.value)
    with pytest.raises(BadValue) as one:
        read_template("a\nb {{ heure }}", KNOWN)
    assert str(one.value).startswith("Line 2, sign 3: no value is called “heure”.")


SIGNS = Signs(lambda name: f"[{name}]", lambda name, wanted: f"[{name}?{wanted:d}]", "[else]", "[end]")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {{ heures }} b", "a [heures] b"),
        ("a{% si critere %}b{% sinon %}c{% fin %}d", "a[critere?1]b[else]c[end]d"),
        ("a\n{% sauf critere %}\nb\n{% fin %}\nc", "a\n\n\n[critere?0]\n\nb\n\n\n[end]\n\nc"),
    ],
)
def test_an_outline_shows_every_branch(text, expected):
    assert read_template(text, KNOWN).outline(SIGNS) == expected


@given(st.text(st.sampled_from("ab{}% \nsifnheurc"), max_size=60))
def test_an_outline_loses_no_sign_that_a_filled_text_may_show(text):
    with suppress(BadValue):
        read = read_template(text, KNOWN)
        for values in ({"heures": "", "critere": ""}, {"heures": "", "critere": "1"}):
            rest = iter(read.outline(Signs(str, lambda name, wanted: "", "", "")))
            assert all(sign in rest for sign in "".join(read.fill(values).split()))


@given(st.text())
def test_a_value_is_never_read_as_a_text(value):
    assert filled("<{{ heures }}>", heures=value) == f"<{value}>"


def test_the_names_of_a_text_are_known():
    found = read_template("{{ heures }}{% si critere %}x{% sinon %}{{ heures }}{% fin %}", KNOWN)
    assert found.names() == KNOWN


@pytest.mark.parametrize(
    ("code", "day", "article"),
    [
        (Ccag.WORKS, date(2026, 9, 1), "20.1"),
        (Ccag.FCS, date(2021, 4, 1), "16.1"),
        (Ccag.WORKS, date(2021, 3, 31), ""),
    ],
)
def test_the_article_of_insertion_came_with_the_editions_of_2021(code, day, article):
    found = edition_on(code, day)
    assert found
    assert found.article == article
    assert found.insertion is (day >= date(2021, 4, 1))


def test_no_edition_is_invented_before_the_first_one_known():
    assert edition_on(Ccag.WORKS, date(2007, 1, 1)) is None
    assert edition_on(Ccag.MOE, date(2019, 1, 1)) is None
    assert edition_on(Ccag.NONE, date(2026, 1, 1)) is None
