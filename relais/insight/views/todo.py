"""The first page of each role: what needs me today."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from relais.core.months import Month
from relais.execution.models import Obligation
from relais.execution.queries.people import ending_soon, obligations_followed
from relais.execution.queries.statements import Duty, duties, obligations_declared
from relais.insight import acts
from relais.insight.alerts import Alert, Running, Thresholds, alerts_of, running, thresholds
from relais.insight.drawings import breakdown
from relais.insight.figures import CONTRACTS, HOURS, PEOPLE, figures, masked_words
from relais.insight.forms import EARLIEST
from relais.insight.perimeter import Perimeter
from relais.insight.queries import desks
from relais.insight.queries.alerts import desk as alerts_desk
from relais.insight.queries.consolidated import consolidate
from relais.insight.queries.dimensions import SUMMARY, Ask
from relais.insight.queries.names import names
from relais.insight.scopes import Scope, scope_of
from relais.kit.access import open_to
from relais.kit.actor import ActorRequest
from relais.kit.words import hours
from relais.organisations.enums import Capacity, Role
from relais.organisations.models import Scheme
from relais.organisations.policies import policies
from relais.screening.enums import OpportunityState

SHOWN = 12
"""Acts shown before "see all"; then as many as a page bears."""
MOST = 200
LOAD_READERS = (Role.MANAGER, Role.OFFICER, Role.READER)

type Seen = list[tuple[Running, tuple[Alert, ...]]]
type Context = dict[str, Any]


def scheme_of(request: ActorRequest) -> Scheme | None:
    """The scheme the body coordinates, or the first one it takes part in."""
    schemes = list(Scheme.objects.visible_to(request.actor).order_by("pk"))
    kept = [scheme for scheme in schemes if scheme.coordinator_id == request.organisation.pk]
    return next(iter([*kept, *schemes]), None)


def limits_of(scheme: Scheme | None, request: ActorRequest) -> Thresholds:
    return thresholds(policies(scheme, request.actor.on)) if scheme else Thresholds()


def seen(rows: list[Running], request: ActorRequest, limits: Thresholds) -> Seen:
    return [(row, alerts_of(row, request.actor.on, limits)) for row in rows]


def of_contracts(rows: Seen, request: ActorRequest, limits: Thresholds) -> list[acts.Act]:
    """The acts of running contracts; those that are only silent make one act, opened by `?seen=silent`."""
    wanted = request.GET.get("seen", "")
    if wanted:
        kept = [(row, alerts) for row, alerts in rows if wanted in alerts]
        return list(acts.of_obligations(kept, request.actor.on, limits))
    silent = [row for row, alerts in rows if alerts and alerts[0] is Alert.SILENT]
    others = [(row, alerts) for row, alerts in rows if alerts and alerts[0] is not Alert.SILENT]
    return [
        *acts.of_silent(silent, request.actor.on, limits),
        *acts.of_obligations(others, request.actor.on, limits),
    ]


def shown(todo: list[acts.Act], request: ActorRequest) -> Context:
    """The acts of the page: a dozen, or all of them when the address asks."""
    narrowed = acts.ALERTS.get(request.GET.get("seen", ""))  # type: ignore[call-overload]
    most = MOST if request.GET.get("all") or narrowed else SHOWN
    late = acts.late_ones(todo, request.actor.on)
    return {
        "acts": todo[:most],
        "more_acts": len(todo) - most if len(todo) > most else 0,
        "late_acts": late,
        "late_words": ngettext("%(number)s late", "%(number)s late", late) % {"number": late},
        "narrowed": narrowed or "",
        "today": request.actor.on,
    }


def officer_desk(request: ActorRequest, scheme: Scheme | None) -> Context:
    """Clause officers of the coordinator and of the buyers."""
    limits = limits_of(scheme, request)
    rows = seen(running(Obligation.objects.visible_to(request.actor), request.actor.on), request, limits)
    sheets = desks.open_sheets(request.actor)
    clauses = desks.unsigned_clauses(request.actor)
    todo = of_contracts(rows, request, limits)
    if not request.GET.get("seen"):
        todo += [*acts.of_sheets(sheets, request.actor), *acts.of_clauses(clauses)]
    strip = None
    if scheme is not None:
        strip = desks.strip(request.actor, scheme.pk, scope_of(request.actor, scheme, request.capacities))
    return {
        "alerts": alerts_desk(request.actor, request.organisation.slug),
        **shown(acts.in_order(todo), request),
        "strip": strip,
        "board": board(sheets, strip),
        "departments": desks.by_department(rows, request.actor.on),
        "running": len(rows),
        "waiting": sum((row.waiting for row, _alerts in rows), start=desks.ZERO),
        "late": sum(Alert.LATE in alerts or Alert.FAILING in alerts for _row, alerts in rows),
        "this_year": request.actor.on.year,
    }


def board(sheets: list[Any], strip: desks.Strip | None) -> list[Context]:
    """One column by state, with its number and its most pressing cards."""
    states = strip.states if strip else {}
    most = desks.MOST_DETECTED
    return [
        {
            "state": state,
            "number": min(states.get(state, 0), most)
            if state == OpportunityState.DETECTED
            else states.get(state, 0),
            "is_more": state == OpportunityState.DETECTED and states.get(state, 0) > most,
            "cards": [sheet for sheet in sheets if sheet.state == state][:3],
        }
        for state in desks.BOARD
    ]


def facilitator_desk(request: ActorRequest, scheme: Scheme | None) -> Context:
    limits = limits_of(scheme, request)
    rows = seen(running(obligations_followed(request.actor), request.actor.on), request, limits)
    only_silent = [row for row, alerts in rows if alerts and alerts[0] is Alert.SILENT]
    others = [(row, alerts) for row, alerts in rows if row not in only_silent]
    todo = acts.in_order(acts.of_obligations(others, request.actor.on, limits))
    waiting = desks.waiting_by_firm(request.actor)
    left = sum((row.left for row, _alerts in rows), start=desks.ZERO)
    return {
        "alerts": alerts_desk(request.actor, request.organisation.slug),
        **shown(todo, request),
        "waiting": [(one, one.age(request.actor.on)) for one in waiting[:SHOWN]],
        "waiting_hours": sum((one.hours for one in waiting), start=desks.ZERO),
        "waiting_firms": len(waiting),
        "silent": only_silent,
        "silent_number": sum(Alert.SILENT in alerts for _row, alerts in rows),
        "not_launched": sum(Alert.NO_KICK_OFF in alerts for _row, alerts in rows),
        "late": sum(Alert.LATE in alerts or Alert.FAILING in alerts for _row, alerts in rows),
        "ending": list(ending_soon(request.actor)[:SHOWN]),
        "opinions": desks.opinions_to_give(request.actor),
        "load": len(rows),
        "left_words": _("%(hours)s left to do") % {"hours": hours(left, 0)},
    }


def company_desk(request: ActorRequest, scheme: Scheme | None) -> Context:
    """Companies and structures: one card by obligation, the month to declare first."""
    obligations = list(obligations_declared(request.actor).running()[: SHOWN + 1])
    limits = limits_of(scheme, request)
    known = desks.facilitators_of(obligations, request.actor)
    found = duties(obligations[:SHOWN], request.actor, limits.declaration_day)
    cards = [{"duty": duty, "contact": known.of(duty.obligation)} for duty in in_order(found)]
    return {
        "cards": cards,
        "more_cards": len(obligations) > SHOWN,
        "can_declare": request.actor.role in (Role.MANAGER, Role.OFFICER),
        "is_structure": Capacity.STRUCTURE in request.capacities,
        "today": request.actor.on,
    }


def in_order(found: list[Duty]) -> list[Duty]:
    """Questions to answer first, then the oldest month to declare."""
    return sorted(found, key=lambda duty: (not duty.queried, duty.due_on or date.max))


def purchase_desk(request: ActorRequest, scheme: Scheme | None) -> Context:
    """Project leads and purchasers: their lots, their clauses, their contracts."""
    limits = limits_of(scheme, request)
    rows = seen(running(Obligation.objects.visible_to(request.actor), request.actor.on), request, limits)
    sheets = desks.open_sheets(request.actor)
    clauses = desks.unsigned_clauses(request.actor)
    todo = of_contracts(rows, request, limits)
    if not request.GET.get("seen"):
        todo += [*acts.of_sheets(sheets, request.actor), *acts.of_clauses(clauses)]
    return {
        "alerts": alerts_desk(request.actor, request.organisation.slug),
        **shown(acts.in_order(todo), request),
        "sheets": sheets[:SHOWN],
        "clauses": clauses,
        "rows": rows[:SHOWN],
        "is_project_lead": request.actor.role == Role.PROJECT_LEAD,
    }


def elected_desk(request: ActorRequest, scheme: Scheme | None) -> Context:
    """Four figures with their meaning, three graphs."""
    if scheme is None:
        return {"figures": []}
    this = Month.of(request.actor.on)
    now = Perimeter(scheme.pk, Month(this.year, 1), this)
    ever = Perimeter(scheme.pk, Month(EARLIEST, 1), Month(this.year, 12))
    scope = scope_of(request.actor, scheme, request.capacities)
    asks = [Ask(now, SUMMARY), Ask(now.before(), SUMMARY), Ask(ever, ("year", "department", "sector"))]
    found, before, whole = consolidate(asks, scope)
    known = names(scheme.pk, scope)
    measures = {measure.key: measure for measure in (*HOURS, *PEOPLE, *CONTRACTS)}
    wanted = [measures[key] for key in ("validated", "people", "running", "diversification")]
    return {
        "figures": figures(wanted, found, before),
        "parts": [breakdown(whole, name, known) for name in ("year", "department", "sector")],
        "coordinates": scope == Scope(),
        "masked": masked_words([found]),
        "first": now.first,
        "last": now.last,
    }


def visitor_desk(request: ActorRequest, scheme: Scheme | None) -> Context:
    preparing = {Capacity.PRESCRIBER, Capacity.TRAINING}
    return {"prepares": bool(preparing & request.capacities)}


DESKS: dict[str, tuple[Callable[[ActorRequest, Scheme | None], Context], str]] = {
    "elected": (elected_desk, "insight/todo_elected.html"),
    "purchase": (purchase_desk, "insight/todo_purchase.html"),
    "officer": (officer_desk, "insight/todo_officer.html"),
    "facilitator": (facilitator_desk, "insight/todo_facilitator.html"),
    "company": (company_desk, "insight/todo_company.html"),
    "visitor": (visitor_desk, "insight/todo_visitor.html"),
}


def desks_of(request: ActorRequest) -> list[str]:
    """The desks of a member, the first one by default: a body may have several capacities."""
    if request.actor.role == Role.ELECTED:
        return ["elected"]
    buying = bool({Capacity.COORDINATOR, Capacity.BUYER} & request.capacities)
    if buying and request.actor.role in (Role.PROJECT_LEAD, Role.PURCHASER):
        return ["purchase"]
    found = ["officer"] if buying else []
    if Capacity.FACILITATOR in request.capacities:
        found.append("facilitator")
    if {Capacity.COMPANY, Capacity.STRUCTURE} & request.capacities:
        found.append("company")
    return found or ["visitor"]


@require_safe
@open_to()
def todo(request: ActorRequest) -> HttpResponse:
    offered = desks_of(request)
    asked = request.GET.get("desk", "")
    desk = asked if asked in offered else offered[0]
    read, template = DESKS[desk]
    scheme = scheme_of(request)
    context = {
        "desk": desk,
        "offered": offered if len(offered) > 1 else [],
        "scheme": scheme,
        "scheme_name": scheme.name if scheme else "",
        "alerts_load": request.actor.role in LOAD_READERS
        and bool({Capacity.COORDINATOR, Capacity.FACILITATOR} & request.capacities),
        **read(request, scheme),
    }
    return render(request, template, context)
