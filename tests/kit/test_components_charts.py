"""Charts: one image with one name, colours of the theme, every figure in the table beside."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from relais.core.months import Month
from relais.kit import charts
from tests.kit.gallery import burn_up, grouped, ranked, trend

MAKERS = [burn_up, grouped, ranked, trend]


@pytest.mark.parametrize("make", MAKERS)
def test_a_drawing_passes_a_strict_policy(make: Callable[[], charts.Chart]) -> None:
    svg = make().svg
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|href=|<image|foreignObject|\sid=", svg)
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label", "").endswith("?")
    assert [e for e in root.iter() if e.get("aria-label")] == [root]
    assert len(list(root.iter())) < 400


@pytest.mark.parametrize("make", MAKERS)
def test_a_page_takes_the_colours_of_its_theme_and_a_file_keeps_plain_ones(
    make: Callable[[], charts.Chart],
) -> None:
    chart = make()
    assert "var(--series-1,#0b5d66)" in chart.svg
    assert "var(" not in chart.picture
    painted = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{3,6})"', chart.svg))
    assert painted <= {"#fff", "#000"}


@pytest.mark.parametrize("make", [burn_up, grouped, trend])
def test_a_phone_has_a_drawing_of_its_own(make: Callable[[], charts.Chart]) -> None:
    chart = make()
    wide, narrow = ET.fromstring(f"<pair>{chart.drawing}</pair>")
    assert (wide.get("class"), narrow.get("class")) == ("plot wide", "plot narrow")
    assert float(narrow.get("width", "0")) < 360 < float(wide.get("width", "0"))


def test_the_table_tells_what_the_drawing_shows() -> None:
    with override("fr"):
        chart = charts.bars("Où ?", [("Toul", Decimal("1234.5")), ("Nancy", 12)], unit="h")
    assert chart.rows == (("Toul", "1\u202f234,5"), ("Nancy", "12"))
    assert chart.columns == ("Libellé", "Valeur (h)")
    assert "1\u202f234,5\u202fh" in chart.svg


def test_longest_first_when_asked() -> None:
    chart = charts.bars("Where?", [("Toul", 1), ("Nancy", 12)], sort=True)
    assert [row[0] for row in chart.rows] == ["Nancy", "Toul"]


def test_a_long_list_is_whole_in_its_table() -> None:
    chart = charts.bars("Where?", [(f"Town {rank}", rank) for rank in range(60)])
    assert len(chart.rows) == 60
    assert "Town 19" in chart.svg
    assert "Town 20" not in chart.svg


def test_a_series_without_a_figure_has_a_dash() -> None:
    chart = charts.line("Rising?", [("2025", "A", 1), ("2026", "A", 2), ("2026", "B", 3)])
    assert chart.rows == (("2025", "1", "–"), ("2026", "2", "3"))


def test_a_burn_up_names_what_is_owed_and_today() -> None:
    with override("en"):
        chart = burn_up()
    for word in ("Plan", "Forecast", "Validated", "Today", "Owed: 373\u202fh"):
        assert word in chart.svg
    assert [column.split(" (")[0] for column in chart.columns] == ["When", "Plan", "Forecast", "Validated"]
    assert len(chart.rows) == 12


def test_months_of_the_core_are_dates_of_a_chart() -> None:
    with override("fr"):
        chart = charts.line("Et après ?", [(Month(2026, month), "h", month) for month in (1, 2, 3)])
    assert [row[0] for row in chart.rows] == ["janvier 2026", "février 2026", "mars 2026"]
    assert "01/2026" in chart.svg


def test_no_clock_moves_a_date(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [(date(2026, month, 1), "h", month) for month in range(1, 5)]
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    assert "01/2026" in charts.line("When?", points).svg


def test_a_chart_without_figures_draws_nothing() -> None:
    assert charts.bars("Where?", []).svg == ""
    assert charts.burn_up("When?", actual=[]).rows == ()


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><a href="x">', "</text>", "& < >"])
def test_labels_stay_text(hostile: str) -> None:
    root = ET.fromstring(charts.bars(hostile, [(hostile, 1)]).svg)
    assert hostile in {"".join(element.itertext()) for element in root.iter()}
    assert root.get("aria-label") == hostile
