"""Amendments proposed by one side and answered by the other; the liability of a consortium."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from relais.clauses.enums import Part
from relais.clauses.views.clauses import BODIES, READERS
from relais.execution.actions import amendments as actions
from relais.execution.forms.amendments import AmendmentForm, AnswerForm, LiabilityForm
from relais.execution.models import AmendmentProposal, Debtor, Obligation
from relais.execution.owing_enums import Liability
from relais.execution.queries.amendments import Amendments, ProposalRow, proposals_of
from relais.execution.rules import amendments as rules
from relais.execution.views.follow_up import Share
from relais.execution.views.owing import act_page, owing_asked
from relais.kit.access import concerning, open_to, require
from relais.kit.actor import ActorRequest


def agreed(request: ActorRequest, obligation: Obligation, shares: Sequence[Share]) -> dict[str, Any]:
    """What the follow-up shows of amendments and of the liability, in one query; `shares` are those read."""
    actor = request.actor
    if not rules.reads_amendments(actor, obligation):
        return {"amendments": Amendments((), False), "liability": None, "may_set_liability": False}
    is_lead = actor.organisation_id != obligation.buyer_id and any(share.is_lead for share in shares)
    is_lead = is_lead and rules.is_holder(actor, obligation)
    rows = tuple(
        ProposalRow(
            proposal,
            bool(rules.can_answer(actor, proposal, is_lead)),
            bool(rules.can_withdraw(actor, proposal, is_lead)),
        )
        for proposal in proposals_of(obligation, actor)
    )
    parties = obligation.clause.parties.all()
    lead = next((party.organisation.name for party in parties if party.part == Part.HOLDER), "")
    return {
        "amendments": Amendments(rows, bool(rules.can_propose(actor, obligation, is_lead))),
        "liability": rules.liability_sentence(obligation, lead),
        "may_set_liability": bool(rules.can_set_liability(actor, obligation, len(shares))),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def amendment_add(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = owing_asked(request, pk)
    require(rules.can_propose(request.actor, obligation))
    form = AmendmentForm(request.POST or None, initial={"effective_on": request.actor.on})
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.propose_amendment(obligation, form.wanted(), actor=request.actor, at=timezone.now()),
        template="execution/amendment_form.html",
        done=_("Proposed: nothing changes before the other side accepts."),
        back="obligation-detail",
    )


def proposal_asked(request: ActorRequest, obligation: Obligation, pk: int) -> AmendmentProposal:
    own = AmendmentProposal.objects.visible_to(request.actor).filter(obligation=obligation)
    proposal = concerning(
        request, get_object_or_404(own.select_related("organisation", "proposed_by"), pk=pk)
    )
    proposal.obligation = obligation
    return proposal


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def amendment_answer(request: ActorRequest, pk: int, proposal: int) -> HttpResponse:
    obligation = owing_asked(request, pk)
    found = proposal_asked(request, obligation, proposal)
    require(rules.can_answer(request.actor, found))
    form = AnswerForm(request.POST or None)

    def act() -> None:
        terms: dict[str, Any] = {"actor": request.actor, "at": timezone.now()}
        if form.cleaned_data["answer"] == "yes":
            actions.accept_amendment(found, **terms)
        else:
            actions.refuse_amendment(found, reason=form.cleaned_data["reason"], **terms)

    return act_page(
        request,
        obligation,
        form,
        act,
        template="execution/amendment_answer.html",
        done=_("The answer is recorded."),
        back="obligation-detail",
        proposal=found,
    )


@require_POST
@open_to(*READERS, capacity=BODIES)
def amendment_withdraw(request: ActorRequest, pk: int, proposal: int) -> HttpResponse:
    obligation = owing_asked(request, pk)
    found = proposal_asked(request, obligation, proposal)
    actions.withdraw_amendment(found, actor=request.actor, at=timezone.now())
    messages.success(request, _("The proposal is withdrawn."))
    return redirect("obligation-detail", request.organisation.slug, obligation.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def liability_set(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = owing_asked(request, pk)
    companies = Debtor.objects.visible_to(request.actor).filter(obligation=obligation).count()
    require(rules.can_set_liability(request.actor, obligation, companies))
    form = LiabilityForm(request.POST or None, initial={"liability": rules.liability_of(obligation)})
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.set_liability(
            obligation, Liability(form.cleaned_data["liability"]), actor=request.actor, at=timezone.now()
        ),
        template="execution/liability_form.html",
        done=_("Written down: the follow-up says who answers for whom."),
        back="obligation-detail",
    )
