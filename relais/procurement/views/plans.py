"""Purchase plans: their list, a file brought in two steps, a plan with its lots, its exports."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from relais.core.words import BadValue
from relais.kit import audit
from relais.kit.access import open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.exports import MOST_ROWS, table_file
from relais.kit.forms import attempt
from relais.kit.models import Outcome
from relais.kit.paging import paginate
from relais.organisations.enums import Capacity, Role
from relais.procurement import plan_exports, plan_rules, planning, queries
from relais.procurement.actions import plans as actions
from relais.procurement.enums import LineEntry, PlanState
from relais.procurement.models import PlanImport, PlanLine, PurchasePlan
from relais.procurement.plan_forms import MappingForm, PlanFileForm, PlanFilter
from relais.procurement.plan_reports import fault_line, faults_of
from relais.procurement.plans import PlanReading
from relais.procurement.questions import settled_lots

READERS = (Role.MANAGER, Role.OFFICER, Role.PROJECT_LEAD, Role.PURCHASER, Role.READER)
READING = (Capacity.COORDINATOR, Capacity.BUYER)
SHOWN_ROWS = 5
SHOWN_FAULTS = 50


@require_safe
@open_to(*READERS, capacity=READING)
def plan_list(request: ActorRequest) -> HttpResponse:
    page = paginate(planning.plans_read_by(request.actor), request.GET.get("page"))
    context = {"page": page, "can_plan": plan_rules.can_plan(request.actor, request.capacities)}
    return render(request, "procurement/plan_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*plan_rules.PLANNERS, capacity=Capacity.BUYER)
def plan_import(request: ActorRequest) -> HttpResponse:
    """First step: the file."""
    schemes = queries.schemes_joined(request.actor)
    if not schemes:
        raise Http404
    plans = PurchasePlan.objects.visible_to(request.actor).written_by(request.actor)
    form = PlanFileForm(
        request.POST or None,
        request.FILES or None,
        schemes=schemes,
        plans=plans.filter(state=PlanState.CURRENT),
        initial={"plan": request.GET.get("plan", "")},
    )
    if form.is_valid():
        data, kept = form.cleaned_data, []
        done = attempt(
            form,
            lambda: kept.append(
                actions.receive_plan(
                    data["file"].read(),
                    name=data["file"].name or "plan",
                    scheme=data["scheme"],
                    plan=data["plan"],
                    capacities=request.capacities,
                    actor=request.actor,
                    at=timezone.now(),
                )
            ),
        )
        if done:
            return redirect("plan-mapping", organisation=request.organisation.slug, pk=kept[0].pk)
    waiting = PlanImport.objects.visible_to(request.actor).waiting().select_related("user").defer("content")
    context = {"form": form, "waiting": waiting[:10], "steps": steps(0)}
    return render(request, "procurement/plan_import.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*plan_rules.PLANNERS, capacity=Capacity.BUYER)
def plan_mapping(request: ActorRequest, pk: int) -> HttpResponse:
    """Second step: what the columns mean, what will happen, then the confirmation."""
    receipts = PlanImport.objects.visible_to(request.actor).select_related("plan", "scheme__territory")
    receipt = get_object_or_404(receipts, pk=pk)
    if receipt.finished_at is not None:
        return redirect("plan-detail", organisation=request.organisation.slug, pk=receipt.plan_id)
    kept = planning.kept_file(receipt)
    proposed = proposed_reading(kept)
    form = MappingForm(
        request.POST or None,
        kept=kept,
        is_new=receipt.plan is None,
        initial=initial_of(receipt, kept, proposed),
    )
    reading = proposed
    if request.method == "POST":
        reading = planning.reading_of(kept, form.chosen) if form.is_valid() else None
        if reading is not None and request.POST.get("act") == "confirm" and confirmed(request, receipt, form):
            return redirect("plan-detail", organisation=request.organisation.slug, pk=receipt.plan_id)
    context = {
        "receipt": receipt,
        "steps": steps(1),
        "kept": kept,
        "form": form,
        "reading": reading,
        **(foreseen(receipt, reading) if reading else {}),
    }
    return render(request, "procurement/plan_mapping.html", context, status=422 if form.errors else 200)


def steps(at: int) -> list[dict[str, Any]]:
    """The two steps of an import, with where one stands."""
    standing = ["done" if place < at else "current" if place == at else "todo" for place in range(2)]
    labels = (_("The file"), _("Meaning of the columns"))
    return [{"label": label, "state": how, "detail": ""} for label, how in zip(labels, standing, strict=True)]


def proposed_reading(kept: planning.KeptFile) -> PlanReading | None:
    """The file under the mapping proposed; None when that mapping is not enough yet."""
    try:
        return planning.reading_of(kept, kept.proposed)
    except BadValue:
        return None


def initial_of(receipt: PlanImport, kept: planning.KeptFile, reading: PlanReading | None) -> dict[str, Any]:
    """The values that the form proposes besides the columns."""
    first = (reading.first_year if reading else None) or receipt.started_at.year
    last = (reading.last_year if reading else None) or first
    stem = receipt.name.rpartition(".")[0] or receipt.name
    title = kept.tables[0].title or stem[:200]
    return {"title": title, "first_year": first, "last_year": last}


def foreseen(receipt: PlanImport, reading: PlanReading) -> dict[str, Any]:
    """What importing would do, with the first rows and the first faults."""
    compared = planning.compared(receipt.plan, reading)
    return {
        "compared": compared,
        "rows": reading.rows[:SHOWN_ROWS],
        "faults": [fault_line(fault) for fault in reading.faults[:SHOWN_FAULTS]],
        "more_faults": max(len(reading.faults) - SHOWN_FAULTS, 0),
    }


def confirmed(request: ActorRequest, receipt: PlanImport, form: MappingForm) -> bool:
    """Import; a refusal is told on the form, where nothing chosen is lost."""
    data = form.cleaned_data
    new = None
    if receipt.plan is None:
        new = actions.NewPlan(data["title"], data["first_year"], data["last_year"])
    done = attempt(
        form,
        lambda: actions.import_plan(receipt, form.chosen, new=new, actor=request.actor, at=timezone.now()),
    )
    if done:
        text = _(
            "The plan is imported: %(added)s added, %(changed)s changed, %(gone)s gone, %(refused)s refused."
        )
        counts = {
            "added": receipt.created,
            "changed": receipt.updated,
            "gone": receipt.gone,
            "refused": receipt.rejected,
        }
        messages.success(request, text % counts)
    return done


@require_POST
@open_to(*plan_rules.PLANNERS, capacity=Capacity.BUYER)
def plan_drop(request: ActorRequest, pk: int) -> HttpResponse:
    receipt = get_object_or_404(PlanImport.objects.visible_to(request.actor), pk=pk)
    actions.drop_plan_file(receipt, actor=request.actor)
    messages.success(request, _("The file is forgotten. Nothing was stored."))
    return redirect("plan-list", organisation=request.organisation.slug)


def shown(request: ActorRequest, plan: PurchasePlan) -> tuple[PlanFilter, Any]:
    """The filters of the address, and the lines they keep."""
    lines = planning.lines_read_by(request.actor, plan)
    services = lines.exclude(service="").order_by("service").values_list("service", flat=True).distinct()
    form = PlanFilter(request.GET, services=list(services))
    return form, form.apply(lines)


@require_safe
@open_to(*READERS, capacity=READING)
def plan_detail(request: ActorRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(planning.plans_read_by(request.actor), pk=pk)
    form, lines = shown(request, plan)
    page = paginate(lines, request.GET.get("page"))
    imports = list(planning.imports_of(request.actor, plan)[:10])
    asked = [line.lot_id for line in page if line.is_disputed or line.entry == LineEntry.TYPED]
    context = {
        "plan": plan,
        "form": form,
        "page": page,
        "imports": imports,
        "can_import": plan_rules.can_import_into(request.actor, plan),
        "can_write": plan_rules.can_write_plan(request.actor, plan),
        "can_sort": plan_rules.can_sort(request.actor, plan),
        "settled": settled_lots(asked),
    }
    return render(request, "procurement/plan_detail.html", context)


@require_safe
@open_to(*READERS, capacity=READING)
def plan_export(request: ActorRequest, pk: int) -> HttpResponseBase:
    plan = get_object_or_404(PurchasePlan.objects.visible_to(request.actor), pk=pk)
    _form, lines = shown(request, plan)
    audit.record(
        "procurement.plan.exported",
        plan,
        actor=request.actor,
        at=timezone.now(),
        owner_id=plan.buyer_id,
        scope_id=plan.scheme_id,
        outcome=Outcome.EXPORTED,
        detail=request.GET.urlencode(),
    )
    return table_file(plan_exports.plan_table(plan, lines[:MOST_ROWS]), request.GET.get("format", ""))


@require_safe
@open_to(*plan_rules.PLANNERS, Role.READER, capacity=Capacity.BUYER)
def plan_faults(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The rows that an import did not take, as a file to correct them."""
    receipt = get_object_or_404(PlanImport.objects.visible_to(request.actor).defer("content"), pk=pk)
    return table_file(plan_exports.faults_table(faults_of(receipt)), request.GET.get("format", ""))


@require_POST
@open_to(*plan_rules.PLANNERS, capacity=Capacity.BUYER)
def plan_state(request: ActorRequest, pk: int) -> HttpResponse:
    """Put the plan away, or bring it back."""
    plan = get_object_or_404(PurchasePlan.objects.visible_to(request.actor), pk=pk)
    act = actions.put_away if plan.state == PlanState.CURRENT else actions.bring_back
    act(plan, actor=request.actor, at=timezone.now())
    said = _("The plan is put away.") if plan.state == PlanState.CLOSED else _("The plan is brought back.")
    messages.success(request, said)
    return redirect("plan-detail", organisation=request.organisation.slug, pk=pk)


@require_POST
@open_to(*plan_rules.PLANNERS, capacity=Capacity.BUYER)
def plan_settle(request: ActorRequest, pk: int, line: int) -> HttpResponse:
    """Say which value is right: that of the file, or that of the lot."""
    lines = PlanLine.objects.visible_to(request.actor).select_related("plan__scheme__territory", "lot")
    found = get_object_or_404(lines, pk=line, plan=pk)
    require(plan_rules.can_settle(request.actor, found))
    take = request.POST.get("take") == "file"
    actions.settle_line(found, take=take, actor=request.actor, at=timezone.now())
    said = _("The lot follows the file.") if take else _("The lot stays as it is.")
    messages.success(request, said)
    return redirect("plan-detail", organisation=request.organisation.slug, pk=pk)
