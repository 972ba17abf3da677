"""Who takes part in a clause, and what the parties propose to its buyer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from relais.clauses import actions, queries, rules
from relais.clauses.enums import Part
from relais.clauses.forms import AnswerForm, PartyForm, ProposalForm
from relais.clauses.models import Party, Proposal
from relais.clauses.views.clauses import BODIES, READERS, back_to, clause_asked
from relais.kit.access import concerning, open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.forms import attempt


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def party_add(request: ActorRequest, pk: int) -> HttpResponse:
    clause = clause_asked(request, pk)
    require(rules.can_change_parties(request.actor, clause))
    bodies = queries.possible_parties(clause.scheme_id, request.actor.on)
    form = PartyForm(request.POST or None, bodies=bodies, today=request.actor.on)
    if request.method == "POST" and form.is_valid():
        data, when = form.cleaned_data, timezone.now()
        if attempt(
            form,
            lambda: actions.add_party(
                clause,
                form.body(),
                Part(data["part"]),
                starts_on=data["starts_on"],
                actor=request.actor,
                at=when,
            ),
        ):
            messages.success(request, _("The body takes part in the clause."))
            return back_to(request, clause)
    context = {"clause": clause, "form": form}
    return render(request, "clauses/party_form.html", context, status=422 if form.errors else 200)


@require_POST
@open_to(*READERS, capacity=BODIES)
def party_end(request: ActorRequest, pk: int, party: int) -> HttpResponse:
    clause = clause_asked(request, pk)
    parties = Party.objects.visible_to(request.actor).filter(clause=clause)
    found = concerning(
        request, get_object_or_404(parties.select_related("clause__scheme", "organisation"), pk=party)
    )
    actions.end_party(found, actor=request.actor, at=timezone.now())
    messages.success(request, _("The body no longer reads the clause, from now on."))
    return back_to(request, clause)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def proposal_add(request: ActorRequest, pk: int) -> HttpResponse:
    clause = clause_asked(request, pk)
    require(rules.can_propose(request.actor, clause))
    form = ProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.propose_change(clause, **form.cleaned_data, actor=request.actor, at=timezone.now())
        messages.success(request, _("Your proposal is sent to the buyer."))
        return back_to(request, clause)
    context = {"clause": clause, "form": form}
    return render(request, "clauses/proposal_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def proposal_answer(request: ActorRequest, pk: int, proposal: int) -> HttpResponse:
    clause = clause_asked(request, pk)
    proposals = Proposal.objects.visible_to(request.actor).filter(clause=clause)
    found = concerning(
        request, get_object_or_404(proposals.select_related("clause", "organisation"), pk=proposal)
    )
    require(rules.can_answer_proposal(request.actor, found))
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        when = timezone.now()
        if attempt(
            form,
            lambda: actions.answer_proposal(found, **form.cleaned_data, actor=request.actor, at=when),
        ):
            messages.success(request, _("Your answer is sent."))
            return back_to(request, clause)
    context = {"clause": clause, "proposal": found, "form": form}
    return render(request, "clauses/proposal_answer.html", context, status=422 if form.errors else 200)
