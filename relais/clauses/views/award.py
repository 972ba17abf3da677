"""Record the award of a clause: the contract and its holders."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from relais.clauses import actions, queries, rules
from relais.clauses.actions.retained import promised_by
from relais.clauses.enums import CRITERION_MODALITIES, RESERVED_MODALITIES
from relais.clauses.forms.award import AwardForm, holder_rows, initial_award
from relais.clauses.holders import checked, reservation_of
from relais.clauses.models import Clause, Tender
from relais.clauses.views.clauses import BODIES, READERS, clause_asked
from relais.kit.access import open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.forms import attempt

CHOSEN = "offre"
"""What the address names for the offer retained."""


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def clause_award(request: ActorRequest, pk: int) -> HttpResponse:
    clause = clause_asked(request, pk)
    require(rules.can_record_award(request.actor, clause))
    tenders = standing_offers(request, clause)
    chosen = tenders.get(request.GET.get(CHOSEN, ""))
    if tenders and chosen is None:
        messages.info(request, _("Choose the offer retained: the award is filled from what it promises."))
        return redirect("clause-analysis", request.organisation.slug, clause.pk)
    contract = queries.contract_of_lot(clause)
    reserved = clause.modality in RESERVED_MODALITIES
    form = AwardForm(request.POST or None, reserved=reserved, initial=initial_award(clause, contract, chosen))
    bodies = queries.possible_holders(clause.scheme_id, request.actor.on)
    rows = holder_rows(bodies, contract, request.POST or None, tender=chosen)
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        when = timezone.now()
        award = form.award(rows.holders(), chosen)
        if attempt(form, lambda: actions.record_award(clause, award, actor=request.actor, at=when)):
            messages.success(request, _("The award is recorded: the hours are owed from now on."))
            return redirect("clause-follow", request.organisation.slug, clause.pk)
    wrong = bool(form.errors) or (rows.is_bound and not rows.is_valid())
    several = rows.is_bound or rows.initial_form_count() > 1
    context: dict[str, Any] = {
        "clause": clause,
        "form": form,
        "rows": rows,
        "several": several,
        "tender": chosen,
        "promise": promised_by(clause, chosen)[1] if chosen else (),
        "reserved": reserved,
    }
    if reserved:
        context["reservation"] = asked = reservation_of(clause)
        context["kinds"] = ", ".join(sorted(asked.kinds)) if asked else ""
        context["checks"] = checked(clause, rows.candidates(), request.actor.on)
    return render(request, "clauses/clause_award.html", context, status=422 if wrong else 200)


def standing_offers(request: ActorRequest, clause: Clause) -> dict[str, Tender]:
    """The offers that may be retained, by their number; none is asked for where there is no criterion."""
    if clause.modality not in CRITERION_MODALITIES:
        return {}
    found = Tender.objects.visible_to(request.actor).filter(clause=clause).standing()
    return {str(tender.pk): tender for tender in found}
