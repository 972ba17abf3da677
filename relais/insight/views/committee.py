"""The sheet of the steering committee, in the order of the meeting."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from relais.core.months import Month
from relais.insight.alerts import thresholds
from relais.insight.drawings import Breakdown, breakdown
from relais.insight.figures import (
    CONTRACTS,
    HOURS,
    PEOPLE,
    Line,
    fte_measure,
    lines,
    masked_words,
    three_columns,
    with_former,
)
from relais.insight.forms import EARLIEST, YearForm
from relais.insight.perimeter import YEAR, Perimeter
from relais.insight.queries.committee import trouble
from relais.insight.queries.consolidated import Consolidated, consolidate
from relais.insight.queries.dimensions import BREAKDOWNS, SUMMARY, Ask, Row
from relais.insight.queries.names import Names, names
from relais.insight.scopes import Scope
from relais.insight.views.consolidated import place_of
from relais.kit.access import open_to
from relais.kit.actor import ActorRequest
from relais.organisations.enums import Capacity, PolicyKey, Role
from relais.organisations.models import Scheme
from relais.organisations.policies import policies

PARTS = ("department", "sector", "modality", "mode", "family", "category", "sex")
DRAWN = ("department", "sector")


@dataclass(frozen=True, slots=True)
class Part:
    """One breakdown of the sheet: the lines of the year, each beside the year before."""

    breakdown: Breakdown
    pairs: list[tuple[Line, Row | None]]
    is_drawn: bool


def part(name: str, now: Consolidated, before: Consolidated, known: Names) -> Part:
    shown = breakdown(now, name, known)
    return Part(shown, with_former(shown.lines, lines(before, name, known)), name in DRAWN)


def years(whole: Consolidated, year: int, today: date) -> list[int]:
    """The years one may ask, newest first: from the first with hours to this one."""
    known = [int(row.key) for row in whole.breakdowns["year"]]
    return sorted({*range(min(known, default=year), today.year + 1), year}, reverse=True)


@require_safe
@open_to(Role.MANAGER, Role.OFFICER, Role.ELECTED, Role.READER, capacity=Capacity.COORDINATOR)
def committee(request: ActorRequest) -> HttpResponse:
    kept = Scheme.objects.visible_to(request.actor).filter(coordinator_id=request.actor.organisation_id)
    scheme = kept.select_related("territory").order_by("pk").first()
    if scheme is None:
        raise Http404
    form = YearForm(request.GET)
    today = request.actor.on
    year = form.asked(today)
    this = Perimeter(scheme.pk, Month(year, 1), Month(year, YEAR))
    ever = Perimeter(scheme.pk, Month(EARLIEST, 1), this.last)
    asks = [Ask(this), Ask(this.before(), BREAKDOWNS), Ask(ever, SUMMARY)]
    now, before, whole = consolidate(asks, Scope())
    chosen = policies(scheme, today)
    divisor = chosen.get(PolicyKey.FTE_DIVISOR)
    known = names(scheme.pk, Scope())
    measures = (*HOURS, *PEOPLE, fte_measure(divisor.value if divisor else None), *CONTRACTS)
    return render(
        request,
        "insight/committee.html",
        {
            "scheme": scheme,
            "scheme_name": scheme.name,
            "place": place_of(scheme),
            "year": year,
            "years": years(whole, year, today),
            "figures": three_columns(measures, now, before, whole),
            "by_year": breakdown(whole, "year", known),
            "parts": [part(name, now, before, known) for name in PARTS],
            "now": now,
            "before": before,
            "trouble": trouble(scheme.pk, year, today, thresholds(chosen)),
            "masked": masked_words([now, before, whole]),
            "divisor": divisor,
            "frozen_at": timezone.now(),
            "is_over": this.ends_on < today,
        },
    )
