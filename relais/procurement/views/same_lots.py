"""Lots of calls and the contracts they seem to have become: pairs to settle, pairs settled, the act."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from relais.kit.access import open_to
from relais.kit.actor import ActorRequest
from relais.kit.paging import paginate
from relais.procurement import rules
from relais.procurement.actions import same_lots as actions
from relais.procurement.enums import SameState
from relais.procurement.models import SameLot
from relais.procurement.views.notices import BUYING, READERS

SETTLED = 20
"""Pairs settled that the page shows, those settled last."""


@require_safe
@open_to(*READERS, capacity=BUYING)
def same_lot_list(request: ActorRequest) -> HttpResponse:
    pairs = SameLot.objects.visible_to(request.actor).select_related(
        "call_lot__buyer", "call_lot__scheme", "contract", "awarded_lot", "decided_by"
    )
    page = paginate(pairs.filter(state=SameState.PROPOSED), request.GET.get("page"))
    settled = pairs.exclude(state=SameState.PROPOSED).order_by("-decided_at", "-pk")[:SETTLED]
    context = {
        "page": page,
        "rows": [(pair, rules.can_refuse_match(request.actor, pair)) for pair in page],
        "settled": [(pair, rules.can_undo_match(request.actor, pair)) for pair in settled],
    }
    return render(request, "procurement/same_lot_list.html", context)


@require_POST
@open_to(*READERS, capacity=BUYING)
def same_lot_settle(request: ActorRequest, pk: int) -> HttpResponse:
    """Merge, refuse, or take one of the two back."""
    pairs = SameLot.objects.visible_to(request.actor).select_related("call_lot__scheme", "contract")
    pair = get_object_or_404(pairs, pk=pk)
    acts = {
        "merge": (actions.merge_lots, _("The contract joins the lot of the call, with its sheet.")),
        "refuse": (actions.refuse_match, _("They are kept as two purchases.")),
        "undo": (actions.undo_match, _("The last choice is taken back.")),
    }
    act, said = acts.get(request.POST.get("act", ""), (None, ""))
    if act is None:
        messages.error(request, _("This act is not known. Open the page again."))
    else:
        act(pair, actor=request.actor, at=timezone.now())
        messages.success(request, said)
    return redirect("same-lot-list", organisation=request.organisation.slug)
