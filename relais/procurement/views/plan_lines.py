"""A purchase plan by hand: it is opened, lots are typed one after another, corrected, taken out, added."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from relais.kit.access import open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.forms import attempt
from relais.kit.paging import paginate
from relais.organisations.enums import Capacity
from relais.procurement import plan_rules, planning, queries
from relais.procurement.actions import typed_lines as actions
from relais.procurement.actions.plans import NewPlan
from relais.procurement.models import PlanLine, PurchasePlan
from relais.procurement.plan_line_forms import AddForm, LineForm, PlanForm, initial_of, next_to
from relais.procurement.questions import settled_lots, worked_lots

LAST = 5
"""Lots shown below the form, those typed last."""


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*plan_rules.PLANNERS, capacity=Capacity.BUYER)
def plan_create(request: ActorRequest) -> HttpResponse:
    """A plan without a file: its title and its years, then its lots."""
    schemes = queries.schemes_joined(request.actor)
    if not schemes:
        raise Http404
    form = PlanForm(
        request.POST or None, schemes=schemes, initial={"first_year": timezone.localdate().year + 1}
    )
    if form.is_valid():
        data, made = form.cleaned_data, []
        new = NewPlan(data["title"], data["first_year"], data["last_year"])
        done = attempt(
            form,
            lambda: made.append(
                actions.type_plan(
                    new,
                    scheme=data["scheme"],
                    capacities=request.capacities,
                    actor=request.actor,
                    at=timezone.now(),
                )
            ),
        )
        if done:
            messages.success(request, _("The plan is opened. Type its first lot."))
            return redirect("plan-line-create", organisation=request.organisation.slug, pk=made[0].pk)
    context = {"form": form}
    return render(request, "procurement/plan_create.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*plan_rules.PLANNERS, capacity=Capacity.BUYER)
def plan_line_create(request: ActorRequest, pk: int) -> HttpResponse:
    """Type a lot, then another: what the next one most often shares is kept."""
    plan = plan_written_by(request, pk)
    require(plan_rules.can_import_into(request.actor, plan))
    form = line_form(request, plan, initial=after(request, plan))
    if form.is_valid():
        made: list[PlanLine] = []
        act: dict[str, Any] = {"actor": request.actor, "at": timezone.now()}
        if attempt(form, lambda: made.append(actions.type_line(plan, form.typed, **act))):
            messages.success(request, _("“%(object)s” is in the plan.") % {"object": form.typed.object[:120]})
            if request.POST.get("then") == "close":
                return redirect("plan-detail", organisation=request.organisation.slug, pk=pk)
            return redirect(f"{request.path}?after={made[0].pk}")
    last = planning.lines_typed(request.actor, plan)[:LAST]
    context = {"plan": plan, "line": None, "form": form, "last": last, **suggestions(plan)}
    return render(request, "procurement/plan_line_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*plan_rules.PLANNERS, capacity=Capacity.BUYER)
def plan_line_edit(request: ActorRequest, pk: int, line: int) -> HttpResponse:
    found = line_written_by(request, pk, line)
    settled = found.lot_id in settled_lots([found.lot_id])
    require(plan_rules.can_correct_line(request.actor, found, settled=settled))
    initial = {**initial_of(actions.typed_of(found.lot, found)), "seen": actions.digest(found)}
    form = line_form(request, found.plan, initial=initial)
    if form.is_valid():
        act: dict[str, Any] = {
            "seen": form.cleaned_data["seen"],
            "actor": request.actor,
            "at": timezone.now(),
        }
        if attempt(form, lambda: actions.correct_line(found, form.typed, **act)):
            messages.success(request, _("The lot is corrected and screened again."))
            return redirect("plan-detail", organisation=request.organisation.slug, pk=pk)
    worked = found.lot_id in worked_lots([found.lot_id])
    context = {
        "plan": found.plan,
        "line": found,
        "form": form,
        "last": [],
        "can_remove": plan_rules.can_remove_line(request.actor, found, worked=worked),
        **suggestions(found.plan),
    }
    return render(request, "procurement/plan_line_form.html", context, status=422 if form.errors else 200)


@require_POST
@open_to(*plan_rules.PLANNERS, capacity=Capacity.BUYER)
def plan_line_remove(request: ActorRequest, pk: int, line: int) -> HttpResponse:
    found = line_written_by(request, pk, line)
    actions.remove_line(found, actor=request.actor, at=timezone.now())
    messages.success(request, _("“%(object)s” is out of the plan.") % {"object": found.lot.object[:120]})
    return redirect("plan-detail", organisation=request.organisation.slug, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*plan_rules.PLANNERS, capacity=Capacity.BUYER)
def plan_line_add(request: ActorRequest, pk: int) -> HttpResponse:
    """Bring lots announced one by one into the plan."""
    plan = plan_written_by(request, pk)
    require(plan_rules.can_import_into(request.actor, plan))
    form = AddForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        chosen, made = form.cleaned_data["lot"], []
        act: dict[str, Any] = {"actor": request.actor, "at": timezone.now()}
        if attempt(form, lambda: made.extend(actions.add_lots(plan, chosen, **act))):
            text = ngettext("%(number)s lot joins the plan.", "%(number)s lots join the plan.", len(made))
            messages.success(request, text % {"number": len(made)})
            return redirect("plan-detail", organisation=request.organisation.slug, pk=pk)
    page = paginate(planning.lots_to_add(request.actor, plan), request.GET.get("page"))
    context = {"plan": plan, "page": page, "form": form}
    refused = form is not None and bool(form.errors)
    return render(request, "procurement/plan_add.html", context, status=422 if refused else 200)


def plan_written_by(request: ActorRequest, pk: int) -> PurchasePlan:
    """The plan, among those the actor reads."""
    plans = PurchasePlan.objects.visible_to(request.actor).select_related("scheme__territory", "buyer")
    return get_object_or_404(plans, pk=pk)


def line_written_by(request: ActorRequest, pk: int, line: int) -> PlanLine:
    """A line of the plan, among those the actor reads."""
    lines = PlanLine.objects.visible_to(request.actor).select_related(
        "plan__scheme__territory",
        "plan__buyer",
        "lot__operation",
        "lot__procedure",
        "lot__project_lead",
    )
    return get_object_or_404(lines, pk=line, plan=pk)


def line_form(request: ActorRequest, plan: PurchasePlan, *, initial: dict[str, Any]) -> LineForm:
    leads = planning.leads_of(plan, request.actor.on)
    return LineForm(request.POST or None, plan=plan, leads=leads, initial=initial)


def after(request: ActorRequest, plan: PurchasePlan) -> dict[str, Any]:
    """What the lot typed before proposes to the next one."""
    asked = request.GET.get("after", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return {}
    line = planning.lines_typed(request.actor, plan).filter(pk=int(asked)).first()
    return next_to(actions.typed_of(line.lot, line)) if line else {}


def suggestions(plan: PurchasePlan) -> dict[str, Any]:
    """The operations and kinds of procedure that the buyer already named."""
    return {"operations": planning.operation_names(plan), "procedures": planning.procedure_kinds(plan)}
