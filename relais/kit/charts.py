"""Charts drawn on the server: Vega-Lite turned into SVG, direct labels, a question for title, a table beside.

The drawing holds no style attribute and no script, so it passes the content security policy; its colours
follow the theme of the page, with plain values behind them for a file.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from relais.kit import words
from relais.kit.plots import (
    INK,
    MARK,
    MUTED,
    SERIES,
    Spec,
    cleaned,
    drawn,
    plain_axis,
    quantity_axis,
    themed,
    time_axis,
)

WIDTH = 680
NARROW_WIDTH = 330
"""Of the drawing made for a phone, which the theme shows in place of the wide one."""
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
    narrow_picture: str = ""

    @property
    def svg(self) -> SafeString:
        """For a page: colours follow the theme."""
        return themed(self.picture)

    @property
    def drawing(self) -> SafeString:
        """The drawing of each width; the theme shows the one that fits."""
        if not self.narrow_picture:
            return self.svg
        wide, narrow = (
            themed(picture.replace('class="plot"', f'class="plot {kind}"', 1))
            for picture, kind in ((self.picture, "wide"), (self.narrow_picture, "narrow"))
        )
        return wide + narrow


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
    spec: Spec = {
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
        narrow={**spec, "width": NARROW_WIDTH - 70, "layer": spec["layer"][:1]},
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
    band: Sequence[tuple[Any, Any, Any]] = (),
    owed: Any = None,
    today: date | None = None,
    unit: str = "h",
    description: Any = "",
) -> Chart:
    """Running totals by date: what is done, the plan, the forecast from the last point, the ceiling owed.

    `band` holds the low and the high of the forecast by date, drawn as an area from the last point.
    """
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
    low, high = pgettext("chart", "Low"), pgettext("chart", "High")
    limits = [(x, name, as_number(y)) for x, least, most in band for name, y in ((low, least), (high, most))]
    return lines_chart(
        title,
        points,
        unit=unit,
        description=description,
        style=style,
        ceiling=owed,
        today=today,
        table=[*shown, *limits],
        band=[*((x, y, y) for x, y in link if band), *band],
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
    band: Sequence[tuple[Any, Any, Any]] = (),
) -> Chart:
    """Lines with their names at their ends, an optional ceiling, mark for today and band."""
    names = distinct(p[1] for p in points)
    dated = bool(points) and all(hasattr(p[0], "year") for p in points)
    style = style or {name: (SERIES[rank % len(SERIES)], [1, 0]) for rank, name in enumerate(names)}
    data = [{"x": place_of(x, dated), "series": name, "value": float(y)} for x, name, y in points]
    xs = distinct(str(row["x"]) for row in data)
    x: Spec = {"field": "x", "type": "temporal" if dated else "ordinal", "title": None}
    if dated:
        x |= {"axis": time_axis(xs), "scale": {"type": "utc"}}
    else:
        x |= {"axis": plain_axis(), "sort": xs}
    y = {"field": "value", "type": "quantitative", "title": None, "axis": quantity_axis(unit)}
    layers: list[Spec] = [band_layer(band, dated, x, y)] if band else []
    if ceiling is not None:
        layers.append(ceiling_layer(as_number(ceiling), unit))
    if today is not None and dated:
        layers.append(today_layer(today))
    last = end_points(data)
    if style and len(names) > 1:
        below_when_continued(last, data)
    layers += [line_layer(name, style.get(name, (SERIES[0], [1, 0])), x, y) for name in names]
    layers += [end_label(row, style.get(str(row["series"]), (SERIES[0], [1, 0]))[0], x) for row in last]
    spec: Spec = {"width": WIDTH - 160, "height": 250, "layer": layers}
    rows = table if table is not None else points
    cells = [(said_place(a), name, value) for a, name, value in rows]
    places = distinct(c[0] for c in cells)
    heads = distinct([*names, *(c[1] for c in cells)])
    columns = (pgettext("chart", "When") if dated else pgettext("chart", "Label"), *heads)
    narrow = {**spec, "width": NARROW_WIDTH - 130, "layer": fewer_marks(layers, x, xs) if dated else layers}
    return made(
        title, spec, data, columns, crossed(places, heads, cells), description, unit=unit, narrow=narrow
    )


def fewer_marks(layers: list[Spec], x: Spec, days: Sequence[str]) -> list[Spec]:
    """The same layers with three dates on their axis."""
    sparse = {**x, "axis": time_axis(days, marks=3)}
    return [
        {**layer, "encoding": {**layer["encoding"], "x": sparse}}
        if layer.get("encoding", {}).get("x") is x
        else layer
        for layer in layers
    ]


def band_layer(band: Sequence[tuple[Any, Any, Any]], dated: bool, x: Spec, y: Spec) -> Spec:
    """A light area between a low and a high."""
    rows = [{"x": place_of(at, dated), "low": float(low), "value": float(high)} for at, low, high in band]
    return {
        "data": {"values": rows},
        "mark": {"type": "area", "color": SERIES[0], "opacity": 0.16},
        "encoding": {"x": x, "y": y, "y2": {"field": "low"}},
    }


def line_layer(name: str, style: tuple[str, list[int]], x: Spec, y: Spec) -> Spec:
    colour, dash = style
    solid = dash == [1, 0]
    mark: Spec = {
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


def end_label(row: Spec, colour: str, x: Spec) -> Spec:
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


def ceiling_layer(value: Decimal, unit: str) -> Spec:
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


def today_layer(day: date) -> Spec:
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


def end_points(data: list[Spec]) -> list[Spec]:
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


def below_when_continued(last: list[Spec], data: list[Spec]) -> None:
    """A line that another continues has its name under its end, or above it near the axis, out of its way."""
    top = max((row["value"] for row in data), default=0)
    for row in last:
        if any(other["x"] > row["x"] for other in data):
            row |= {"shift": 26 if row["value"] > top / 5 else -14, "side": "right"}


def made(
    title: Any,
    spec: Spec,
    data: list[Spec],
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    description: Any,
    *,
    unit: str = "",
    narrow: Spec | None = None,
) -> Chart:
    """Draw, clean and pair with the table."""
    if unit:
        columns = (columns[0], *(headed(column, unit) for column in columns[1:]))
    asked = words.say(title)
    table = tuple(tuple(row) for row in rows)
    picture, narrow_picture = (
        cleaned(drawn({**one, "data": {"values": data}}), asked) if one and data else ""
        for one in (spec, narrow)
    )
    return Chart(asked, picture, tuple(columns), table, words.say(description), narrow_picture)


def colour_of(names: Sequence[str], *, legend: bool) -> Spec:
    shown: Any = (
        {"title": None, "orient": "top", "direction": "horizontal"} if legend and len(names) > 1 else None
    )
    colours = [SERIES[rank % len(SERIES)] for rank in range(len(names))]
    return {"field": "series", "scale": {"domain": list(names), "range": colours}, "legend": shown}


def stretched(data: list[Spec]) -> Spec:
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
