"""Charts drawn on the server: Vega-Lite turned into SVG, direct labels, a question for title, a table beside.

The drawing holds no style attribute and no script, so it passes the content security policy; its colours
follow the theme of the page, with plain values behind them for a file.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

from relais.kit import words

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
WIDTH = 680
LABEL_LENGTH = 34
"""Longer labels are cut in the drawing; the table has them whole."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, its question, and its figures as rows of text, ready for a table."""

    title: str
    picture: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    description: str = ""

    @property
    def svg(self) -> SafeString:
        """For a page: colours follow the theme."""
        themed = self.picture
        for colour, variable in THEME_OF.items():
            themed = themed.replace(f'"{colour}"', f'"var({variable},{colour})"')
        return mark_safe(themed)

    @property
    def drawing(self) -> SafeString:
        return self.svg


type Point = tuple[Any, Any]
type SeriesPoint = tuple[Any, str, Any]


def bars(
    title: Any,
    values: Iterable[Point],
    *,
    unit: str = "",
    description: Any = "",
    sort: bool = False,
    limit: int = 20,
) -> Chart:
    """One horizontal bar by label, its value at its end. Beyond `limit` the table alone goes on."""
    rows = [(str(label), as_number(value)) for label, value in values]
    if sort:
        rows.sort(key=lambda row: row[1], reverse=True)
    data = [
        {
            "key": str(rank),
            "label": shortened(label),
            "value": float(value),
            "text": words.with_unit(value, unit),
        }
        for rank, (label, value) in enumerate(rows[:limit])
    ]
    keys = [row["key"] for row in data]
    place = {"field": "key", "type": "nominal", "sort": keys, "axis": None}
    length = {"field": "value", "type": "quantitative", "axis": None, "scale": stretched(data)}
    spec = {
        "width": WIDTH - 230,
        "height": {"step": 28},
        "encoding": {"y": place, "x": length},
        "layer": [
            {"mark": {"type": "bar", "height": 18, "cornerRadiusEnd": 2, "color": SERIES[0]}},
            {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dx": 6,
                    "fontSize": 13,
                    "fontWeight": 600,
                    "color": INK,
                },
                "encoding": {"text": {"field": "text"}},
            },
            {
                "mark": {"type": "text", "align": "right", "dx": -10, "fontSize": 13, "color": INK},
                "encoding": {"text": {"field": "label"}, "x": {"value": 0}},
            },
        ],
    }
    table = [(label, words.number(value)) for label, value in rows]
    return made(
        title,
        spec,
        data,
        (pgettext("chart", "Label"), headed(pgettext("chart", "Value"), unit)),
        table,
        description,
    )


def grouped_bars(
    title: Any, values: Iterable[SeriesPoint], *, unit: str = "", description: Any = ""
) -> Chart:
    """Bars side by side for each label, one colour by series, named at the head of the drawing."""
    points = [(str(label), str(series), as_number(value)) for label, series, value in values]
    labels, names = distinct(p[0] for p in points), distinct(p[1] for p in points)
    data = [
        {"label": label, "series": series, "value": float(value), "text": words.number(value)}
        for label, series, value in points
    ]
    band = {"field": "label", "type": "nominal", "sort": labels, "title": None, "axis": plain_axis()}
    place = {"field": "series", "sort": names}
    spec = {
        "width": WIDTH - 70,
        "height": 230,
        "encoding": {
            "x": band,
            "xOffset": place,
            "y": {"field": "value", "type": "quantitative", "title": None, "axis": quantity_axis(unit)},
        },
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadiusEnd": 2},
                "encoding": {"color": colour_of(names, legend=True)},
            },
            *(
                [
                    {
                        "mark": {"type": "text", "dy": -7, "fontSize": 11, "color": INK},
                        "encoding": {"text": {"field": "text"}},
                    }
                ]
                if len(points) <= 24
                else []
            ),
        ],
    }
    return made(
        title,
        spec,
        data,
        (pgettext("chart", "Label"), *names),
        crossed(labels, names, points),
        description,
        unit=unit,
    )


def line(title: Any, values: Iterable[SeriesPoint], *, unit: str = "", description: Any = "") -> Chart:
    """One line by series over dates, months, years or words; each line is named at its end."""
    points = [(x, str(series), as_number(value)) for x, series, value in values]
    return lines_chart(title, points, unit=unit, description=description)


def burn_up(
    title: Any,
    *,
    actual: Sequence[Point],
    plan: Sequence[Point] = (),
    forecast: Sequence[Point] = (),
    owed: Any = None,
    today: date | None = None,
    unit: str = "h",
    description: Any = "",
) -> Chart:
    """Running totals by date: what is done, the plan, the forecast from the last point, the ceiling owed."""
    done, planned, coming = (
        pgettext("chart", "Validated"),
        pgettext("chart", "Plan"),
        pgettext("chart", "Forecast"),
    )
    link = [(actual[-1][0], actual[-1][1])] if actual and forecast else []
    points = [
        *((x, planned, as_number(y)) for x, y in plan),
        *((x, coming, as_number(y)) for x, y in chain(link, forecast)),
        *((x, done, as_number(y)) for x, y in actual),
    ]
    shown = [(x, name, y) for x, name, y in points if not (name == coming and link and (x, y) == link[0])]
    style = {planned: (SERIES[5], [2, 3]), coming: (SERIES[0], [6, 4]), done: (SERIES[0], [1, 0])}
    return lines_chart(
        title, points, unit=unit, description=description, style=style, ceiling=owed, today=today, table=shown
    )


def lines_chart(
    title: Any,
    points: list[tuple[Any, str, Decimal]],
    *,
    unit: str,
    description: Any,
    style: dict[str, tuple[str, list[int]]] | None = None,
    ceiling: Any = None,
    today: date | None = None,
    table: list[tuple[Any, str, Decimal]] | None = None,
) -> Chart:
    """Lines with their names at their ends, an optional ceiling and an optional mark for today."""
    names = distinct(p[1] for p in points)
    dated = bool(points) and all(hasattr(p[0], "year") for p in points)
    style = style or {name: (SERIES[rank % len(SERIES)], [1, 0]) for rank, name in enumerate(names)}
    data = [{"x": place_of(x, dated), "series": name, "value": float(y)} for x, name, y in points]
    xs = distinct(str(row["x"]) for row in data)
    x: dict[str, Any] = {"field": "x", "type": "temporal" if dated else "ordinal", "title": None}
    if dated:
        x |= {"axis": time_axis(xs), "scale": {"type": "utc"}}
    else:
        x |= {"axis": plain_axis(), "sort": xs}
    y = {"field": "value", "type": "quantitative", "title": None, "axis": quantity_axis(unit)}
    layers: list[dict[str, Any]] = []
    if ceiling is not None:
        layers.append(ceiling_layer(as_number(ceiling), unit))
    if today is not None and dated:
        layers.append(today_layer(today))
    last = end_points(data)
    if style and len(names) > 1:
        below_when_continued(last, data)
    layers += [line_layer(name, style.get(name, (SERIES[0], [1, 0])), x, y) for name in names]
    layers += [end_label(row, style.get(str(row["series"]), (SERIES[0], [1, 0]))[0], x) for row in last]
    spec = {"width": WIDTH - 160, "height": 250, "layer": layers}
    rows = table if table is not None else points
    cells = [(said_place(a), name, value) for a, name, value in rows]
    places = distinct(c[0] for c in cells)
    columns = (pgettext("chart", "When") if dated else pgettext("chart", "Label"), *names)
    return made(title, spec, data, columns, crossed(places, names, cells), description, unit=unit)


def line_layer(
    name: str, style: tuple[str, list[int]], x: dict[str, Any], y: dict[str, Any]
) -> dict[str, Any]:
    colour, dash = style
    solid = dash == [1, 0]
    mark: dict[str, Any] = {
        "type": "line",
        "color": colour,
        "strokeWidth": 2.5 if solid else 2,
        "strokeJoin": "round",
    }
    if not solid:
        mark["strokeDash"] = dash
    return {
        "transform": [{"filter": {"field": "series", "equal": name}}],
        "mark": mark,
        "encoding": {"x": x, "y": y},
    }


def end_label(row: dict[str, Any], colour: str, x: dict[str, Any]) -> dict[str, Any]:
    """The name of a line at its last point, moved when another line ends near it."""
    return {
        "data": {"values": [row]},
        "mark": {
            "type": "text",
            "align": row.get("side", "left"),
            "dx": 0 if "side" in row else 8,
            "dy": row["shift"],
            "fontSize": 13,
            "fontWeight": 600,
            "color": MUTED if colour == SERIES[5] else colour,
        },
        "encoding": {"x": x, "y": {"field": "value", "type": "quantitative"}, "text": {"field": "series"}},
    }


def ceiling_layer(value: Decimal, unit: str) -> dict[str, Any]:
    text = pgettext("chart", "Owed: %(quantity)s") % {"quantity": words.with_unit(value, unit)}
    return {
        "data": {"values": [{"value": float(value), "text": text}]},
        "encoding": {"y": {"field": "value", "type": "quantitative"}},
        "layer": [
            {"mark": {"type": "rule", "color": INK, "strokeWidth": 1.5}},
            {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dy": -8,
                    "fontSize": 13,
                    "color": INK,
                    "fontWeight": 600,
                },
                "encoding": {"text": {"field": "text"}, "x": {"value": 2}},
            },
        ],
    }


def today_layer(day: date) -> dict[str, Any]:
    return {
        "data": {"values": [{"x": day.isoformat(), "text": pgettext("chart", "Today")}]},
        "encoding": {"x": {"field": "x", "type": "temporal", "scale": {"type": "utc"}}},
        "layer": [
            {"mark": {"type": "rule", "color": MARK, "strokeWidth": 1.5}},
            {
                "mark": {"type": "text", "align": "center", "fontSize": 12, "color": INK},
                "encoding": {"text": {"field": "text"}, "y": {"value": -8}},
            },
        ],
    }


def end_points(data: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last point of each series; labels that would touch are pushed apart, the upper one upwards."""
    last = list({row["series"]: dict(row) for row in data}.values())
    top = max((row["value"] for row in data), default=0) or 1
    last.sort(key=lambda row: -row["value"])
    lowest = -1000.0
    for row in last:
        wanted = 250 * (1 - row["value"] / top)
        put = max(wanted, lowest + 16)
        row["shift"] = round(put - wanted)
        lowest = put
    return last


def below_when_continued(last: list[dict[str, Any]], data: list[dict[str, Any]]) -> None:
    """A line that another continues has its name under its end, or above it near the axis, out of its way."""
    top = max((row["value"] for row in data), default=0)
    for row in last:
        if any(other["x"] > row["x"] for other in data):
            row |= {"shift": 26 if row["value"] > top / 5 else -14, "side": "right"}


def made(
    title: Any,
    spec: dict[str, Any],
    data: list[dict[str, Any]],
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    description: Any,
    *,
    unit: str = "",
) -> Chart:
    """Draw, clean and pair with the table."""
    if unit:
        columns = (columns[0], *(headed(column, unit) for column in columns[1:]))
    asked = words.say(title)
    table = tuple(tuple(row) for row in rows)
    picture = cleaned(drawn({**spec, "data": {"values": data}}), asked) if data else ""
    return Chart(asked, picture, tuple(columns), table, words.say(description))


def drawn(spec: dict[str, Any]) -> str:
    """SVG of a Vega-Lite specification, in the formats of the reader's language."""
    import vl_convert  # slow to load: only pages with a chart pay for it

    french = words.in_french()
    return str(
        vl_convert.vegalite_to_svg(
            {**spec, "config": CONFIG, "background": None},
            vl_version="6.4",
            format_locale=number_locale(french),
            time_format_locale="fr-FR" if french else "en-GB",
        )
    )


@lru_cache(maxsize=2)
def number_locale(french: bool) -> dict[str, Any]:
    if french:
        return {
            "decimal": ",",
            "thousands": words.NARROW,
            "grouping": [3],
            "currency": ["", f"{words.NARROW}€"],
        }
    return {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]}


CONFIG: dict[str, Any] = {
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


def quantity_axis(unit: str) -> dict[str, Any]:
    return {
        "format": ",~f",
        "tickCount": 5,
        "domain": False,
        "ticks": False,
        "labelPadding": 8,
        **unit_title(unit),
    }


def unit_title(unit: str) -> dict[str, Any]:
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


def time_axis(days: Sequence[str]) -> dict[str, Any]:
    """Eight marks at most, each on a day of the data, in universal time so that no clock moves them."""
    ordered = sorted(days)
    kept = ordered[:: max(1, -(-len(ordered) // 8))]
    marks = [
        dict(zip(("year", "month", "date"), map(int, day.split("-")), strict=True)) | {"utc": True}
        for day in kept
    ]
    return {
        "format": "%m/%Y",
        "grid": False,
        "values": marks,
        "labelFlush": False,
        "labelPadding": 6,
        "title": None,
    }


def plain_axis() -> dict[str, Any]:
    return {
        "grid": False,
        "labelAngle": 0,
        "ticks": False,
        "labelPadding": 8,
        "labelLimit": 110,
        "labelOverlap": "greedy",
    }


def colour_of(names: Sequence[str], *, legend: bool) -> dict[str, Any]:
    shown: Any = (
        {"title": None, "orient": "top", "direction": "horizontal"} if legend and len(names) > 1 else None
    )
    colours = [SERIES[rank % len(SERIES)] for rank in range(len(names))]
    return {"field": "series", "scale": {"domain": list(names), "range": colours}, "legend": shown}


def stretched(data: list[dict[str, Any]]) -> dict[str, Any]:
    """From zero to a little beyond the longest bar, so that its value fits behind it."""
    longest = max((row["value"] for row in data), default=0)
    shortest = min((row["value"] for row in data), default=0)
    return {"domain": [min(shortest, 0), (longest or 1) * 1.22]}


def as_number(value: Any) -> Decimal:
    return Decimal(0) if value is None else Decimal(str(value))


def shortened(label: str) -> str:
    return label if len(label) <= LABEL_LENGTH else label[: LABEL_LENGTH - 1].rstrip() + "…"


def distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def headed(column: str, unit: str) -> str:
    return f"{column} ({unit})" if unit else column


def place_of(x: Any, dated: bool) -> str:
    if not dated:
        return str(x)
    return date(x.year, x.month, getattr(x, "day", 1)).isoformat()


def said_place(x: Any) -> str:
    if isinstance(x, int):
        return str(x)
    return str(words.spoken(x))


def crossed(
    labels: Sequence[str], names: Sequence[str], points: Iterable[tuple[str, str, Decimal]]
) -> list[tuple[str, ...]]:
    """One row by label, one cell by series; a cell without a figure is a dash."""
    cells = {(label, name): value for label, name, value in points}
    number: Callable[[Any], str] = words.number
    return [(label, *(number(cells.get((label, name))) for name in names)) for label in labels]
