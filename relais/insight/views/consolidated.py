"""The consolidated page, the rows behind its figures, and its files."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from relais.core.months import Month
from relais.insight import exports
from relais.insight.drawings import breakdown
from relais.insight.figures import (
    CONTRACTS,
    HOURS,
    Figure,
    figures,
    masked_words,
    measures_for,
    sentence,
)
from relais.insight.forms import EARLIEST, PerimeterForm
from relais.insight.perimeter import YEAR, Perimeter
from relais.insight.queries.consolidated import Consolidated, consolidate
from relais.insight.queries.dimensions import BREAKDOWNS, SUMMARY, Ask
from relais.insight.queries.names import Names, names
from relais.insight.queries.rows import contracts_behind, others_behind
from relais.insight.scopes import Scope, scope_of
from relais.kit import audit
from relais.kit.access import open_to
from relais.kit.actor import ActorRequest
from relais.kit.addresses import address_with
from relais.kit.exports import table_file
from relais.kit.models import Outcome
from relais.kit.paging import paginate
from relais.organisations.enums import PolicyKey, Role
from relais.organisations.models import Scheme
from relais.organisations.policies import policies

ROLES = (Role.MANAGER, Role.OFFICER, Role.PROJECT_LEAD, Role.PURCHASER, Role.READER)
"""Who opens rows: elected members read figures only."""
DRAWN = ("department", "sector", "modality", "mode", "family", "category")
TOLD = ("sex", "job_kind", "buyer")
"""Dimensions told by a table alone."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the sentence of the page asks, and for whom."""

    scheme: Scheme
    scope: Scope
    names: Names
    form: PerimeterForm
    perimeter: Perimeter

    @property
    def sentence(self) -> str:
        return sentence(self.perimeter, place_of(self.scheme), self.names)

    @property
    def line(self) -> list[Any]:
        """The fields of the first line of the sentence, after the months."""
        wanted = ("department", "buyer", "modality", "sector")
        return [self.form[name] for name in wanted if name in self.form.fields]


def asked(request: ActorRequest) -> Asked:
    """Read the address; a body outside any scheme finds nothing here."""
    schemes = list(Scheme.objects.visible_to(request.actor).select_related("territory"))
    if not schemes:
        raise Http404
    scheme = next((one for one in schemes if one.slug == request.GET.get("scheme")), schemes[0])
    scope = scope_of(request.actor, scheme, request.capacities)
    known = names(scheme.pk, scope)
    form = PerimeterForm(request.GET, schemes=schemes, departments=known.departments, buyers=known.buyers)
    perimeter = form.perimeter(scheme, request.actor.on)
    form.show(perimeter)
    return Asked(scheme, scope, known, form, perimeter)


def place_of(scheme: Scheme) -> str:
    return scheme.territory.name if scheme.territory else scheme.name


def two_periods(asked: Asked) -> tuple[Consolidated, Consolidated]:
    """The figures asked, and those of the same months before."""
    now, before = Ask(asked.perimeter), Ask(asked.perimeter.before(), SUMMARY)
    found, former = consolidate([now, before], asked.scope)
    return found, former


def with_history(asked: Asked) -> tuple[Consolidated, Consolidated, Consolidated]:
    """The same, and all the years until the last one with the same filters."""
    now, before = Ask(asked.perimeter), Ask(asked.perimeter.before(), SUMMARY)
    first, last = Month(EARLIEST, 1), Month(asked.perimeter.last.year, YEAR)
    ever = Ask(replace(asked.perimeter, first=first, last=last), ("year",))
    found, former, history = consolidate([now, before, ever], asked.scope)
    return found, former, history


def sections(asked: Asked, found: Consolidated, former: Consolidated) -> dict[str, list[Figure]]:
    divisor = policies(asked.scheme, asked.perimeter.ends_on).get(PolicyKey.FTE_DIVISOR)
    chosen = measures_for(
        asked.perimeter, divisor.value if divisor else None, own=asked.scope.own is not None
    )
    return {name: figures(group, found, former) for name, group in chosen.items()}


@require_safe
@open_to()
def consolidated(request: ActorRequest) -> HttpResponse:
    ask = asked(request)
    found, former, history = with_history(ask)
    context: dict[str, Any] = {
        "asked": ask,
        "form": ask.form,
        "scheme_name": ask.scheme.name,
        "found": found,
        "former": former,
        "sections": sections(ask, found, former),
        "drawn": [
            breakdown(history, "year", ask.names),
            *(breakdown(found, name, ask.names) for name in DRAWN),
        ],
        "told": [breakdown(found, name, ask.names) for name in TOLD],
        "masked": masked_words([found, former]),
        "opens_rows": request.actor.role != Role.ELECTED,
        "is_elected": request.actor.role == Role.ELECTED,
        "coordinates": ask.scheme.coordinator_id == request.actor.organisation_id,
        "computed_at": timezone.now(),
    }
    part = "#results" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"insight/consolidated.html{part}", context)


@require_safe
@open_to(*ROLES)
def consolidated_rows(request: ActorRequest) -> HttpResponse:
    ask = asked(request)
    perimeter = replace(ask.perimeter, category="", sex="")
    figure = request.GET.get("figure", "")
    rows = contracts_behind(perimeter, ask.scope, request.actor, figure)
    context = {
        "asked": ask,
        "form": ask.form,
        "scheme_name": ask.scheme.name,
        "figure": next((one for one in (*HOURS, *CONTRACTS) if one.rows == figure), HOURS[0]),
        "page": paginate(rows, request.GET.get("page")),
        "others": others_behind(perimeter, ask.scope, request.actor),
        "without_people": perimeter != ask.perimeter,
        "with_owed": not perimeter.by_job,
        "results_url": address_with(request, path=url_of(request, "consolidated"), figure=None, page=None),
    }
    return render(request, "insight/consolidated_rows.html", context)


@require_safe
@open_to()
def consolidated_export(request: ActorRequest) -> HttpResponseBase:
    ask = asked(request)
    found, former = two_periods(ask)
    trace(request, ask, "insight.consolidated.exported")
    told = [figure for group in sections(ask, found, former).values() for figure in group]
    table = exports.consolidated_table(ask.perimeter, told, found, ask.names, (*BREAKDOWNS, "family"))
    return table_file(table, request.GET.get("format", ""))


@require_safe
@open_to(*ROLES)
def rows_export(request: ActorRequest) -> HttpResponseBase:
    ask = asked(request)
    perimeter = replace(ask.perimeter, category="", sex="")
    rows = contracts_behind(perimeter, ask.scope, request.actor, request.GET.get("figure", ""))
    trace(request, ask, "insight.rows.exported")
    return table_file(exports.rows_table(rows[: exports.MOST_ROWS]), request.GET.get("format", ""))


def url_of(request: ActorRequest, name: str) -> str:
    return reverse(name, kwargs={"organisation": request.organisation.slug})


def trace(request: ActorRequest, ask: Asked, verb: str) -> None:
    audit.record(
        verb,
        ask.scheme,
        actor=request.actor,
        at=timezone.now(),
        scope_id=ask.scheme.pk,
        outcome=Outcome.EXPORTED,
        detail=request.GET.urlencode(),
    )
