"""The facilitator's queue, the acts on each line, the months of an obligation and their closing."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from relais.clauses.queries import Stand, stands_of
from relais.core.months import Month
from relais.execution.actions import validation as actions
from relais.execution.forms.validation import LineForm, QueueFilter, ReasonForm, lines_chosen
from relais.execution.models import Obligation, Statement, StatementLine
from relais.execution.queries import validation as queries
from relais.execution.queries.people import is_assigned
from relais.execution.rules import validation as rules
from relais.execution.rules.people import writes
from relais.kit.access import Refused, Stale, concerning, open_to
from relais.kit.actor import ActorRequest
from relais.kit.paging import paginate
from relais.kit.words import say
from relais.organisations.enums import Capacity, Role

READERS = (Role.MANAGER, Role.OFFICER, Role.READER)
WRITERS = (Role.MANAGER, Role.OFFICER)
BUYERS = (Role.PURCHASER, Role.PROJECT_LEAD)
PARTIES = (
    Capacity.FACILITATOR,
    Capacity.COMPANY,
    Capacity.STRUCTURE,
    Capacity.BUYER,
    Capacity.COORDINATOR,
)
GROUPS = 8
"""Statements on one page of the queue."""


@require_safe
@open_to(*READERS, capacity=(Capacity.FACILITATOR, Capacity.COMPANY, Capacity.STRUCTURE))
def hours_home(request: ActorRequest) -> HttpResponse:
    """The room of hours: the queue for who validates, the statements for who declares."""
    name = "validation-queue" if Capacity.FACILITATOR in request.capacities else "statement-list"
    return redirect(name, organisation=request.organisation.slug)


@require_safe
@open_to(*READERS, capacity=Capacity.FACILITATOR)
def validation_queue(request: ActorRequest) -> HttpResponse:
    filters = QueueFilter(request.GET)
    waiting = filters.apply(queries.statements_waiting(request.actor))
    page = paginate(waiting, request.GET.get("page"), size=GROUPS)
    context = {
        "filters": filters,
        "page": page,
        "groups": queries.groups_of(page.items, request.actor),
        "can_decide": writes(request.actor),
    }
    return render(request, "execution/validation_queue.html" + ("#groups" if request.htmx else ""), context)


def line_of(request: ActorRequest, pk: int) -> StatementLine:
    """A line with its evidence, in the state and version the page showed."""
    lines = queries.with_evidence(StatementLine.objects.visible_to(request.actor))
    line = concerning(request, get_object_or_404(lines, pk=pk))
    form = LineForm(request.POST)
    if not form.is_valid() or form.cleaned_data["version"] != line.version:
        raise Stale(line)
    return line


def answer(request: ActorRequest, line: StatementLine, error: str = "") -> HttpResponse:
    """The row alone for htmx, the queue as it was filtered otherwise."""
    if request.htmx:
        context = {"item": queries.line_files([line])[0], "error": error, "can_decide": writes(request.actor)}
        return render(request, "execution/validation_queue.html#line", context)
    if error:
        messages.error(request, error)
    return back(request)


def back(request: ActorRequest) -> HttpResponse:
    """The page the act comes from: the queue as it was filtered, or the month of the obligation."""
    obligation, month = request.POST.get("obligation", ""), request.POST.get("month", "")
    with suppress(NoReverseMatch):  # what is not a month leads to the queue
        if obligation.isdecimal() and month:
            slug = request.organisation.slug
            return redirect("month-detail", organisation=slug, pk=int(obligation), month=month)
    queue = reverse("validation-queue", kwargs={"organisation": request.organisation.slug})
    filters = request.POST.get("filters", "")
    return redirect(f"{queue}?{filters}" if filters else queue)


@require_POST
@open_to(*WRITERS, capacity=Capacity.FACILITATOR)
def line_validate(request: ActorRequest, pk: int) -> HttpResponse:
    line = line_of(request, pk)
    actions.validate_lines([line], actor=request.actor, at=timezone.now())
    return answer(request, line)


@require_POST
@open_to(*WRITERS, capacity=Capacity.FACILITATOR)
def line_query(request: ActorRequest, pk: int) -> HttpResponse:
    return with_reason(request, pk, actions.query_lines)


@require_POST
@open_to(*WRITERS, capacity=Capacity.FACILITATOR)
def line_reject(request: ActorRequest, pk: int) -> HttpResponse:
    return with_reason(request, pk, actions.reject_lines)


def with_reason(request: ActorRequest, pk: int, act: Callable[..., None]) -> HttpResponse:
    line, form = line_of(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return answer(request, line, error=_("Write the reason: who declared the hours reads it."))
    act([line], note=form.cleaned_data["reason"], actor=request.actor, at=timezone.now())
    return answer(request, line)


@require_POST
@open_to(*WRITERS, capacity=Capacity.FACILITATOR)
def statement_validate(request: ActorRequest, pk: int) -> HttpResponse:
    """Accept together the lines without anomaly that the page showed."""
    statement = concerning(request, get_object_or_404(Statement.objects.visible_to(request.actor), pk=pk))
    chosen = lines_chosen(request.POST.getlist("line"))
    lines = StatementLine.objects.visible_to(request.actor).to_validate(request.actor)
    found = list(
        lines.filter(statement=statement, pk__in=chosen, is_flagged=False).select_related(*actions.NEEDED)
    )
    if len(found) != len(chosen) or any(chosen[line.pk] != line.version for line in found):
        raise Stale(statement)
    actions.validate_lines(found, actor=request.actor, at=timezone.now())
    text = ngettext("%(count)s line validated.", "%(count)s lines validated.", len(found))
    messages.success(request, text % {"count": len(found)})
    return back(request)


def obligation_of(request: ActorRequest, pk: int) -> Obligation:
    visible = Obligation.objects.visible_to(request.actor)
    return concerning(
        request,
        get_object_or_404(
            visible.select_related("clause__lot", "clause__scheme", "buyer").prefetch_related(
                "clause__parties"
            ),
            pk=pk,
        ),
    )


@require_safe
@open_to(*READERS, *BUYERS, capacity=PARTIES)
def month_list(request: ActorRequest, pk: int) -> HttpResponse:
    """The months of an obligation: hours by state, closed or not."""
    obligation = obligation_of(request, pk)
    context = {"obligation": obligation, "months": queries.months_of(obligation, request.actor)}
    return render(request, "execution/month_list.html", context)


@require_safe
@open_to(*READERS, *BUYERS, capacity=PARTIES)
def month_detail(request: ActorRequest, pk: int, month: Month) -> HttpResponse:
    """Every line of a month; names for who validates, numbers for the buyer, own people for a company."""
    obligation = obligation_of(request, pk)
    lines = queries.lines_of_month(obligation, month, request.actor)
    page = paginate(lines, request.GET.get("page"))
    assigned = Stand.FACILITATOR in stands_of(request.actor, obligation.clause)
    context: dict[str, Any] = {
        "obligation": obligation,
        "month": month,
        "page": page,
        "items": queries.line_files(page.items),
        "assigned": assigned,
        "own": request.actor.organisation_id,
        "can_close": rules.can_close_month(
            request.actor, obligation, month, on=request.actor.on, assigned=assigned
        ),
    }
    return render(request, "execution/month_detail.html", context)


@require_POST
@open_to(*WRITERS, capacity=Capacity.FACILITATOR)
def month_close(request: ActorRequest, pk: int, month: Month) -> HttpResponse:
    obligation = obligation_of(request, pk)
    try:
        actions.close_month(obligation, month=month, actor=request.actor, at=timezone.now())
        messages.success(request, _("The month is closed: its validated lines are locked."))
    except Refused as refusal:
        if not is_assigned(request.actor, obligation.clause_id):
            raise
        messages.error(request, say(refusal.verdict.reason))
    return redirect("month-detail", organisation=request.organisation.slug, pk=pk, month=month)
