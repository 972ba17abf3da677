"""The words, figures and components of pages, as their reader meets them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from relais.core.months import Month
from relais.core.verdict import YES, no
from relais.core.words import Words
from relais.kit import words
from relais.kit.components import Bar, Tone, WorkingStep, working_steps
from relais.kit.icons import PATHS, icon
from relais.kit.paging import paginate
from tests.kit.gallery import SampleState

NARROW = "\u202f"


def rendered(source: str, *, query: str = "", **context: Any) -> BeautifulSoup:
    """What a page shows of these components, for a reader at `/list/?query`."""
    request = RequestFactory().get(f"/list/{query}")
    html = engines["django"].from_string("{% load relais %}" + source).render(context, request)
    return BeautifulSoup(html, "html.parser")


@pytest.mark.parametrize(
    ("language", "said", "expected"),
    [
        ("fr", lambda: words.hours(Decimal("1234.50")), "1 234,5 h"),
        ("en", lambda: words.hours(Decimal("1234.50")), "1,234.5 h"),
        ("fr", lambda: words.euros(Decimal(12345)), "12 345 €"),
        ("fr", lambda: words.euros(Decimal("12345.5")), "12 345,50 €"),
        ("en", lambda: words.euros(Decimal(-12)), "−€12"),
        ("fr", lambda: words.percent(Decimal("0.075")), "7,5 %"),
        ("en", lambda: words.percent(Decimal("0.075")), "7.5%"),
        ("fr", lambda: words.signed(Decimal("-3.5")), "−3,5"),
        ("fr", lambda: words.signed(12), "+12"),
        ("fr", lambda: words.day(date(2026, 3, 12)), "12/03/2026"),
        ("en", lambda: words.day(date(2026, 3, 12)), "12 Mar 2026"),
        ("fr", lambda: words.month(Month(2026, 3)), "mars 2026"),
        ("en", lambda: words.month(date(2026, 3, 1)), "March 2026"),
        ("fr", lambda: words.moment(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)), "02/07/2026 à 00:30"),
        ("fr", lambda: words.hours(None), "–"),
        ("fr", lambda: words.number(Decimal("-0.001")), "0"),
        ("fr", lambda: words.number(Decimal("NaN")), "–"),
        ("fr", lambda: words.number(7, 2), "7,00"),
    ],
)
def test_figures_are_said_in_the_readers_language(language: str, said: Any, expected: str) -> None:
    with override(language):
        assert said().replace(NARROW, " ") == expected


def test_french_units_never_part_from_their_number() -> None:
    with override("fr"):
        assert words.hours(1234) == f"1{NARROW}234{NARROW}h"


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_a_french_number_reads_back_to_itself(value: Decimal) -> None:
    with override("fr"):
        typed = words.number(value).replace(NARROW, "").replace("−", "-").replace(",", ".")
    assert Decimal(typed) == value


def test_a_sentence_of_the_core_takes_the_formats_of_the_language() -> None:
    sentence = Words(
        "%(hours)s h before %(day)s, in %(year)s, for %(who)s",
        {"hours": Decimal("1234.5"), "day": date(2026, 3, 12), "year": 2026, "who": Words("Fanny")},
    )
    with override("fr"):
        assert words.say(sentence).replace(NARROW, " ") == "1 234,5 h before 12/03/2026, in 2026, for Fanny"


def test_a_percent_sign_in_a_sentence_without_values_stays() -> None:
    assert words.say(Words("7 % of the hours")) == "7 % of the hours"


amounts = st.decimals(min_value=0, max_value=10**6, places=2)


@given(owed=amounts, validated=amounts, declared=amounts, expected=st.none() | amounts)
def test_nothing_of_a_bar_leaves_its_scale(
    owed: Decimal, validated: Decimal, declared: Decimal, expected: Decimal | None
) -> None:
    bar = Bar(owed, validated, declared, expected)
    ends = [bar.validated_width, bar.declared_width, bar.expected_at, bar.owed_at]
    places = [Decimal(end.removesuffix("%")) for end in ends if end]
    assert all(0 <= place <= 100 for place in places)
    drawn = Decimal(bar.validated_width[:-1]) + Decimal((bar.declared_width or "0%")[:-1])
    assert drawn <= Decimal("100.01")


def test_a_late_firm_reads_what_it_lacks() -> None:
    with override("en"):
        page = rendered("{% bar owed=373 validated=186.5 declared=24 expected=210 %}")
    assert page.svg is not None
    label = page.svg["aria-label"]
    assert label.replace(NARROW, " ") == (
        "186.5 h validated of 373 h owed (50%), 24 h declared, to validate, 210 h expected today"
    )
    assert page.select_one(".late").get_text().replace(NARROW, " ") == "24 h behind"
    assert page.select_one("rect.bar-validated")["width"] == "50.00%"
    assert page.select_one("line.bar-expected")["x1"] == "56.30%"


def test_an_overrun_marks_the_end_of_the_obligation() -> None:
    page = rendered("{% bar owed=120 validated=150 %}")
    assert page.select_one("line.bar-owed")["x1"] == "80.00%"
    assert page.select_one(".bar-expected") is None


def test_a_bar_without_obligation_does_not_divide_by_zero() -> None:
    assert rendered("{% bar owed=0 validated=0 %}").select_one("rect.bar-validated")["width"] == "0.00%"


def test_a_state_is_a_word_with_a_drawing() -> None:
    badge = rendered("{% state given %}", given=SampleState(Tone.BAD, "En retard")).span
    assert badge is not None
    assert badge.get_text() == "En retard"
    assert badge.svg["aria-hidden"] == "true"
    assert "bad" in badge["class"]


def test_an_icon_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        icon("unicorn")
    assert all(path.lower().startswith("m") for path in PATHS.values())


def test_fewer_late_statements_are_good_news() -> None:
    source = '{% figure "Late" 5 trend=trend better="down" %}'
    assert rendered(source, trend=Decimal("0.1")).select_one(".figure-trend.bad")
    assert rendered(source, trend=Decimal("-0.1")).select_one(".figure-trend.good")
    assert rendered(source, trend=Decimal(0)).select_one(".figure-trend.neutral")


def test_a_column_sorts_through_the_address_and_keeps_the_filters() -> None:
    head = rendered('{% column "hours" "Hours" unit="h" numeric=True %}', query="?state=late&page=3").th
    assert head is not None
    assert head.a["href"] == "/list/?state=late&sort=-hours" or head.a["href"] == "?state=late&sort=-hours"
    assert "aria-sort" not in head.attrs
    sorted_head = rendered('{% column "hours" "Hours" %}', query="?sort=-hours").th
    assert sorted_head["aria-sort"] == "descending"
    assert sorted_head.a["href"].endswith("sort=hours")


def test_the_pager_never_counts() -> None:
    page = rendered("{% pager page %}", page=paginate(range(120), 2), query="?q=a&page=2")
    before, after = page.select("a")
    assert before["href"].endswith("q=a&page=1")
    assert after["href"].endswith("q=a&page=3")
    assert rendered("{% pager page %}", page=paginate(range(3), 1)).nav is None


def test_an_export_keeps_the_filters_of_the_page() -> None:
    link = rendered('{% export_links "/export/" "csv" %}', query="?q=a%26b&page=2").a
    assert link["href"] == "/export/?q=a%26b&format=csv"


def test_a_refused_act_gives_its_reason_and_no_button() -> None:
    page = rendered('{% verdict_button v "Validate" "/x/" %}', v=no("You declared these hours yourself."))
    assert page.form is None
    assert page.button is None
    assert "You declared these hours yourself." in page.get_text() or "vous-même" in page.get_text()


def test_an_allowed_act_is_sent_by_post_with_its_token() -> None:
    source = '{% verdict_button v "Validate" "/x/" name="a" value="1" confirm="Sure." %}'
    form = rendered(source, v=YES).form
    assert form["method"] == "post"
    assert form.select_one("input[name=csrfmiddlewaretoken]")
    assert form.button["name"] == "a"
    assert form.details.p.get_text() == "Sure."


def test_a_kept_working_reads_like_a_live_one() -> None:
    kept = {"label": {"text": "Labour share", "params": {}}, "value": "40", "unit": "%"}
    with override("en"):
        assert working_steps([kept]) == [WorkingStep("Labour share", f"40{NARROW}%")]


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '" onload="x', "{{ 7|add:7 }}", "%(a)s"])
def test_what_people_type_stays_text(hostile: str) -> None:
    source = (
        "{% state 'good' text %}{% figure text text note=text %}"
        "{% notice 'info' text %}{{ text }}{% endnotice %}"
        "{% bar owed=1 validated=1 label=text %}{% empty_state text text url='/x/' action=text %}"
        "{% crumbs text '/x/' %}{% disclosure text %}{{ text }}{% enddisclosure %}"
    )
    page = rendered(source, text=hostile)
    assert page.script is None
    assert not page.select("[onload]")
    assert hostile in page.get_text()
