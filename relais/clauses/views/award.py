"""Record the award of a clause: the contract and its holders."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from relais.clauses import actions, queries, rules
from relais.clauses.forms import AwardForm, holder_rows, initial_award
from relais.clauses.views.clauses import BODIES, READERS, clause_asked
from relais.kit.access import open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.forms import attempt


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def clause_award(request: ActorRequest, pk: int) -> HttpResponse:
    clause = clause_asked(request, pk)
    require(rules.can_record_award(request.actor, clause))
    contract = queries.contract_of_lot(clause)
    form = AwardForm(request.POST or None, initial=initial_award(clause, contract))
    bodies = queries.possible_holders(clause.scheme_id, request.actor.on)
    rows = holder_rows(bodies, contract, request.POST or None)
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        when = timezone.now()
        award = form.award(rows.holders())
        if attempt(form, lambda: actions.record_award(clause, award, actor=request.actor, at=when)):
            messages.success(request, _("The award is recorded: the hours are owed from now on."))
            return redirect("clause-follow", request.organisation.slug, clause.pk)
    wrong = bool(form.errors) or (rows.is_bound and not rows.is_valid())
    several = rows.is_bound or rows.initial_form_count() > 1
    context = {"clause": clause, "form": form, "rows": rows, "several": several}
    return render(request, "clauses/clause_award.html", context, status=422 if wrong else 200)
