"""The context of an opportunity: a page of its own, and a part of the sheet."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from relais.insight.queries.context import Context, Saturation, context_of, lots_for_context
from relais.kit import charts
from relais.kit.access import open_to
from relais.kit.actor import ActorRequest
from relais.kit.charts import Chart
from relais.screening.views.listing import READERS, READING


@require_safe
@open_to(*READERS, capacity=READING)
def opportunity_context(request: ActorRequest, lot: int) -> HttpResponse:
    found = context_of(get_object_or_404(lots_for_context(request.actor), pk=lot), request.actor)
    template = "insight/opportunity_context.html"
    return render(request, template + ("#context" if request.htmx else ""), shown(found))


def shown(found: Context) -> dict[str, Any]:
    return {
        "lot": found.lot,
        "context": found,
        "saturation": found.saturation,
        "chart": load_chart(found.saturation) if found.saturation else None,
        "takes_over_staff": bool(found.trade and found.trade.takes_over_staff),
    }


def load_chart(saturation: Saturation) -> Chart:
    """Hours promised in the department and those of the lot, quarter by quarter."""
    promised, own = _("Already promised"), _("This lot")
    points = [
        (str(load.quarter), series, value.quantize(Decimal(1)))
        for load in saturation.loads
        for series, value in ((promised, load.department), (own, load.own))
    ]
    return charts.grouped_bars(
        _("Is there room for these hours in the department?"),
        points,
        unit="h",
        description=_(
            "Hours still owed by the running clauses of the sector, and those of the lot, by quarter."
        ),
    )
