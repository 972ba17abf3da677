"""Records that may be one person: proposed side by side, decided by people, undone by people."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from relais.execution.actions import duplicates as actions
from relais.execution.forms.duplicates import PairForm
from relais.execution.models import PairDecision, Person
from relais.execution.queries import duplicates as queries
from relais.execution.rules import people as rules
from relais.execution.views.people import READERS, WRITERS
from relais.kit.access import Refused, concerning, open_to
from relais.kit.actor import ActorRequest
from relais.kit.paging import paginate
from relais.kit.words import say
from relais.organisations.enums import Capacity


@require_safe
@open_to(*READERS, capacity=Capacity.FACILITATOR)
def duplicate_list(request: ActorRequest) -> HttpResponse:
    keys = paginate(queries.proposed_keys(request.actor), request.GET.get("page"), size=queries.PAIRS_AT_ONCE)
    context = {
        "page": keys,
        "proposed": queries.side_by_side(request.actor, keys.items),
        "settled": queries.settled_pairs(request.actor),
        "elsewhere": queries.shared_elsewhere(request.actor),
        "can_write": rules.writes(request.actor),
    }
    return render(request, "execution/duplicate_list.html", context)


def back(request: ActorRequest) -> HttpResponse:
    return redirect("duplicate-list", organisation=request.organisation.slug)


@require_POST
@open_to(*WRITERS, capacity=Capacity.FACILITATOR)
def pair_settle(request: ActorRequest, first: int, second: int) -> HttpResponse:
    mine = Person.objects.visible_to(request.actor).followed_by(request.actor.organisation_id)
    one = concerning(request, get_object_or_404(mine, pk=first))
    other = get_object_or_404(mine, pk=second)
    form = PairForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say whether the two records are one person or two."))
        return back(request)
    try:
        actions.settle_pair(one, other, same=form.is_same, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, say(refusal.verdict.reason))
    else:
        told = {"first": one.number, "second": other.number}
        if form.is_same:
            messages.success(request, _("%(first)s and %(second)s now count as one person.") % told)
        else:
            messages.success(request, _("%(first)s and %(second)s stay two people.") % told)
    return back(request)


@require_POST
@open_to(*WRITERS, capacity=Capacity.FACILITATOR)
def pair_undo(request: ActorRequest, pk: int) -> HttpResponse:
    decisions = PairDecision.objects.visible_to(request.actor).select_related("first", "second")
    decision = concerning(request, get_object_or_404(decisions, pk=pk))
    try:
        actions.undo_pair(decision, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, say(refusal.verdict.reason))
    else:
        messages.success(request, _("The decision is undone: the pair is proposed again."))
    return back(request)
