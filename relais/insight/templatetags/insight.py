"""`{% load insight %}`: the tiles of figures and the addresses that open their rows."""

from decimal import Decimal
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import gettext as _

from relais.insight.acts import Act
from relais.insight.drawings import Breakdown
from relais.insight.figures import Figure
from relais.kit.addresses import address_with
from relais.kit.templatetags.relais import figure as tile

register = template.Library()


@register.inclusion_tag("components/figure.html", takes_context=True)
def figure_tile(context: Context, figure: Figure, opens_rows: bool) -> dict[str, Any]:
    """A figure with its movement since the same months before, and the rows behind it."""
    measure = figure.measure
    former = figure.former_text if figure.former is not None else ""
    return tile(
        measure.label,
        figure.text,
        trend=figure.trend,
        trend_text=_("on the same months before (%(value)s)") % {"value": former},
        note=""
        if figure.trend is not None or not former
        else _("same months before: %(value)s") % {"value": former},
        better=measure.better,
        url=rows_url(context, measure.rows) if opens_rows and measure.rows else "",
    )


@register.simple_tag(takes_context=True)
def rows_url(context: Context, figure: str) -> str:
    """The contracts behind a figure, with the filters of the page."""
    request = context["request"]
    path = reverse("consolidated-rows", kwargs={"organisation": request.organisation.slug})
    return address_with(request, path=path, figure=figure, page=None)


@register.simple_tag(takes_context=True)
def narrowed_url(context: Context, part: Breakdown, key: str) -> str:
    """The consolidated page for one value of a breakdown, over the same months."""
    request = context["request"]
    path = reverse("consolidated", kwargs={"organisation": request.organisation.slug})
    if part.name == "year":
        return address_with(request, path=path, first=f"{key}-01", last=f"{key}-12")
    months = {"first": str(part.perimeter.first), "last": str(part.perimeter.last)}
    return address_with(request, path=path, **months, **{part.name: key})


@register.simple_tag(takes_context=True)
def act_url(context: Context, act: Act) -> str:
    """Where an act of the first page is done."""
    slug = context["request"].organisation.slug
    return reverse(act.url_name, kwargs={"organisation": slug, **act.url_kwargs}) + act.query


@register.simple_tag
def movement(now: Decimal, before: Decimal) -> Decimal | None:
    """The movement from one figure to another, as a share of the former; none without a former."""
    return ((now - before) / before).quantize(Decimal("0.001")) if before else None
