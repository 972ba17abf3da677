"""The operations of a plan: proposed from the names of lots, merged, split, and the last act undone."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from relais.kit.access import Refused, open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.words import say
from relais.procurement import plan_rules, planning
from relais.procurement.actions import operations as actions
from relais.procurement.models import Operation, PurchasePlan
from relais.procurement.plan_forms import GroupingForm
from relais.procurement.views.plans import READERS, READING

UNDO = "plan_grouping"


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=READING)
def plan_operations(request: ActorRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(PurchasePlan.objects.visible_to(request.actor).select_related("buyer"), pk=pk)
    if request.method == "POST":
        require(plan_rules.can_group(request.actor, plan))
        act(request, plan)
        return redirect("plan-operations", organisation=request.organisation.slug, pk=pk)
    found = planning.operations_of(request.actor, plan)
    lines = planning.lines_read_by(request.actor, plan).filter(gone_at=None, lot__operation=None)
    can_group = plan_rules.can_group(request.actor, plan)
    context = {
        "plan": plan,
        "operations": found,
        "alone": list(lines),
        "proposed": actions.proposed(plan) if can_group else [],
        "can_group": can_group,
        "can_undo": request.session.get(UNDO, {}).get("plan") == pk,
    }
    return render(request, "procurement/plan_operations.html", context)


def act(request: ActorRequest, plan: PurchasePlan) -> None:
    """Do what was asked; where lots stood before is kept, so that the last act can be undone."""
    form = GroupingForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This act is not known. Open the page again."))
        return
    data = form.cleaned_data
    before = actions.grouping_of(plan, data["lot"], data["operation"])
    if data["act"] == "rebuild":
        lots = [lot for group in actions.proposed(plan) for lot in group.keys]
        before = actions.grouping_of(plan, lots)
    try:
        said = ACTS[data["act"]](request, plan, data)
    except Refused as refusal:
        messages.error(request, say(refusal.verdict.reason))
        return
    if data["act"] == "undo":
        request.session.pop(UNDO, None)
    else:
        request.session[UNDO] = {"plan": plan.pk, "before": before}
    messages.success(request, said)


def rebuild(request: ActorRequest, plan: PurchasePlan, data: dict[str, Any]) -> str:
    made = actions.rebuild_operations(plan, actor=request.actor, at=timezone.now())
    text = ngettext("%(number)s operation made.", "%(number)s operations made.", len(made))
    return text % {"number": len(made)}


def group(request: ActorRequest, plan: PurchasePlan, data: dict[str, Any]) -> str:
    made = actions.group_lots(plan, data["lot"], name=data["name"], actor=request.actor, at=timezone.now())
    return _("The operation “%(name)s” is made.") % {"name": made.name}


def add(request: ActorRequest, plan: PurchasePlan, data: dict[str, Any]) -> str:
    into = chosen(plan, [data["into"] or 0])
    actions.add_to_operation(plan, into[0], data["lot"], actor=request.actor, at=timezone.now())
    return _("The lots join the operation “%(name)s”.") % {"name": into[0].name}


def merge(request: ActorRequest, plan: PurchasePlan, data: dict[str, Any]) -> str:
    operations = chosen(plan, data["operation"])
    kept = actions.merge_operations(plan, operations, actor=request.actor, at=timezone.now())
    return _("The operations are merged into “%(name)s”.") % {"name": kept.name}


def split(request: ActorRequest, plan: PurchasePlan, data: dict[str, Any]) -> str:
    out = actions.ungroup_lots(plan, data["lot"], actor=request.actor, at=timezone.now())
    text = ngettext("%(number)s lot left its operation.", "%(number)s lots left their operation.", out)
    return text % {"number": out}


def undo(request: ActorRequest, plan: PurchasePlan, data: dict[str, Any]) -> str:
    kept = request.session.get(UNDO, {})
    if kept.get("plan") != plan.pk:
        raise Refused(actions.NOTHING_TO_UNDO)
    before = [(lot, operation, name) for lot, operation, name in kept["before"]]
    actions.regroup(plan, before, actor=request.actor, at=timezone.now())
    return _("The last act is undone.")


ACTS: dict[str, Callable[[ActorRequest, PurchasePlan, dict[str, Any]], str]] = {
    "rebuild": rebuild,
    "group": group,
    "add": add,
    "merge": merge,
    "split": split,
    "undo": undo,
}


def chosen(plan: PurchasePlan, pks: list[int]) -> list[Operation]:
    """The operations named, in the order they were ticked."""
    return actions.operations_named(plan, pks)
