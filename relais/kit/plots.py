"""Vega-Lite specifications drawn on the server as SVG that a strict content security policy accepts."""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from relais.kit import words

type Spec = dict[str, Any]

INK, MUTED, GRID, PAPER = "#17282b", "#4c6165", "#d5dfe0", "#ffffff"
SERIES = ("#0b5d66", "#96600f", "#5b4a94", "#1d4f91", "#a44312", "#75898d")
MARK = "#c2541b"
"""The theme's own: a drawing put in a page takes the variable, a drawing put in a file keeps the value."""
THEME_OF = {
    INK: "--ink",
    MUTED: "--muted",
    GRID: "--line",
    PAPER: "--surface",
    MARK: "--accent",
    **{colour: f"--series-{rank}" for rank, colour in enumerate(SERIES, 1)},
}
FONT = "Segoe UI, Roboto, Noto Sans, Liberation Sans, Arial, sans-serif"


def themed(picture: str) -> SafeString:
    for colour, variable in THEME_OF.items():
        picture = picture.replace(f'"{colour}"', f'"var({variable},{colour})"')
    return mark_safe(picture)


def drawn(spec: Spec) -> str:
    """SVG of a Vega-Lite specification, in the formats of the reader's language."""
    return _drawn(json.dumps(spec), words.in_french())


@lru_cache(maxsize=256)
def _drawn(text: str, french: bool) -> str:
    """The same figures are drawn once: a drawing takes some tens of milliseconds."""
    import vl_convert  # slow to load: only pages with a chart pay for it

    return str(
        vl_convert.vegalite_to_svg(
            {**json.loads(text), "config": CONFIG, "background": None},
            vl_version="6.4",
            format_locale=number_locale(french),
            time_format_locale="fr-FR" if french else "en-GB",
        )
    )


@lru_cache(maxsize=2)
def number_locale(french: bool) -> Spec:
    if french:
        return {
            "decimal": ",",
            "thousands": words.NARROW,
            "grouping": [3],
            "currency": ["", f"{words.NARROW}€"],
        }
    return {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]}


CONFIG: Spec = {
    "font": FONT,
    "view": {"stroke": None},
    "padding": 4,
    "axis": {
        "labelColor": MUTED,
        "labelFontSize": 12,
        "domainColor": MUTED,
        "tickColor": GRID,
        "gridColor": GRID,
        "labelFont": FONT,
    },
    "legend": {
        "labelColor": INK,
        "labelFontSize": 13,
        "title": None,
        "orient": "top",
        "symbolType": "square",
    },
    "text": {"font": FONT},
}


TAG = re.compile(r"<[a-zA-Z][^<>]*>")
DROPPED = re.compile(r'\s(?:aria-[a-z]+|role|style|class|clip-path|id)="[^"]*"')
"""Inner labels, which the table replaces, and identifiers, which would meet those of the next chart."""
FORBIDDEN = re.compile(r"<script|<style|<foreignObject|<image|<[a-zA-Z][^<>]*\s(?:on\w+|[\w:]*href)=")


class UnsafeDrawing(Exception):
    """A drawing that a strict content security policy would refuse."""


def cleaned(svg: str, title: str) -> str:
    """One image with one name: no inner label, no style attribute, no fixed size on the page."""
    svg = re.sub(r"<defs>(?:<clipPath.*?</clipPath>)*</defs>", "", svg, flags=re.DOTALL)
    svg = TAG.sub(lambda tag: DROPPED.sub("", tag[0]), svg)
    if FORBIDDEN.search(svg):
        raise UnsafeDrawing("The drawing holds script, style or links.")
    return svg.replace("<svg", f'<svg class="plot" role="img" aria-label="{escape(title)}"', 1)


def quantity_axis(unit: str) -> Spec:
    return {
        "format": ",~f",
        "tickCount": 5,
        "domain": False,
        "ticks": False,
        "labelPadding": 8,
        **unit_title(unit),
    }


def unit_title(unit: str) -> Spec:
    if not unit:
        return {"title": None}
    return {
        "title": unit,
        "titleAngle": 0,
        "titleAlign": "right",
        "titleAnchor": "end",
        "titleX": -8,
        "titleY": -12,
        "titleColor": MUTED,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }


def time_axis(days: Sequence[str], marks: int = 8) -> Spec:
    """A few marks at most, each on a day of the data, in universal time so that no clock moves them."""
    ordered = sorted(days)
    kept = ordered[:: max(1, -(-len(ordered) // marks))]
    values = [
        dict(zip(("year", "month", "date"), map(int, day.split("-")), strict=True)) | {"utc": True}
        for day in kept
    ]
    return {
        "format": "%m/%Y",
        "grid": False,
        "values": values,
        "labelFlush": False,
        "labelPadding": 6,
        "title": None,
    }


def plain_axis() -> Spec:
    return {
        "grid": False,
        "labelAngle": 0,
        "ticks": False,
        "labelPadding": 8,
        "labelLimit": 110,
        "labelOverlap": "greedy",
    }
