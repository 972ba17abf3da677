"""The file of a clause: read it, print its kit, write it, keep it, abandon it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from relais.clauses import actions, queries, rules, wording
from relais.clauses.enums import RESERVED_MODALITIES, ClauseState
from relais.clauses.forms import ReasonForm, TermsForm, WritingForm, initial_terms
from relais.clauses.models import Clause, HolderCheck
from relais.clauses.views import page
from relais.kit.access import concerning, open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.forms import attempt
from relais.organisations.enums import Capacity, Role
from relais.organisations.policies import policies
from relais.procurement.models import Lot
from relais.screening import guide
from relais.screening.models import Opportunity

READERS = (Role.MANAGER, Role.OFFICER, Role.PURCHASER, Role.PROJECT_LEAD, Role.READER)
"""Everybody but elected members, who read figures only."""
BODIES = (
    Capacity.COORDINATOR,
    Capacity.BUYER,
    Capacity.FACILITATOR,
    Capacity.COMPANY,
    Capacity.STRUCTURE,
)


def clause_asked(request: ActorRequest, pk: int) -> Clause:
    return concerning(
        request, get_object_or_404(queries.with_file(Clause.objects.visible_to(request.actor)), pk=pk)
    )


def back_to(request: ActorRequest, clause: Clause) -> HttpResponse:
    return redirect("clause-detail", request.organisation.slug, clause.pk)


@require_safe
@open_to(*READERS, capacity=BODIES)
def clause_detail(request: ActorRequest, pk: int) -> HttpResponse:
    clause = clause_asked(request, pk)
    stands = queries.stands_of(request.actor, clause)
    whole = bool(stands & queries.WHOLE)
    in_force = policies(clause.scheme, request.actor.on)
    gaps = wording.gaps(clause, in_force) if clause.state == ClauseState.DRAFT else []
    proposals = list(queries.proposals_of(clause, request.actor))
    return render(
        request,
        "clauses/clause_detail.html",
        {
            "clause": clause,
            "whole": whole,
            "is_own": queries.Stand.BUYER in stands,
            "next_act": page.next_act(request, clause, gaps),
            "facts": page.facts_of(clause, whole=whole),
            "events": page.events_of(clause, request.actor),
            "gaps": gaps if whole else [],
            "documents": wording.read(clause, in_force),
            "parties": queries.parties_in_force(clause, request.actor.on),
            "proposals": proposals,
            "holder_checks": checks_kept(request, clause) if whole else [],
            "acts": acts_of(request, clause),
        },
    )


def checks_kept(request: ActorRequest, clause: Clause) -> list[HolderCheck]:
    """What the directory said of the holders of a reserved contract when it was awarded."""
    if clause.contract_id is None or clause.modality not in RESERVED_MODALITIES:
        return []
    return list(
        HolderCheck.objects.visible_to(request.actor).filter(clause=clause).select_related("organisation")
    )


def acts_of(request: ActorRequest, clause: Clause) -> dict[str, Any]:
    """The verdict of each act on the clause."""
    actor = request.actor
    return {
        "amend": rules.can_amend_draft(actor, clause),
        "keep": rules.can_mark_written(actor, clause),
        "reopen": rules.can_return_to_draft(actor, clause),
        "analysis": rules.can_read_analysis(actor, clause),
        "award": rules.can_record_award(actor, clause),
        "abandon": rules.can_abandon(actor, clause),
        "resume": rules.can_resume(actor, clause),
        "join": rules.can_change_parties(actor, clause),
        "propose": rules.can_propose(actor, clause),
    }


@require_safe
@open_to(*READERS, capacity=BODIES)
def clause_print(request: ActorRequest, pk: int) -> HttpResponse:
    clause = clause_asked(request, pk)
    documents = wording.read(clause, policies(clause.scheme, request.actor.on))
    return render(request, "clauses/clause_print.html", {"clause": clause, "documents": documents})


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def clause_create(request: ActorRequest, pk: int) -> HttpResponse:
    sheets = Opportunity.objects.visible_to(request.actor)
    sheet = concerning(
        request,
        get_object_or_404(sheets.select_related("lot__procedure", "lot__buyer", "assumptions"), pk=pk),
    )
    require(rules.can_write_clause(request.actor, sheet))
    bodies = queries.facilitators_of(sheet.lot.scheme_id, request.actor.on)
    form = WritingForm(
        request.POST or None,
        facilitators=bodies,
        concession=sheet.lot.is_concession,
        initial=initial_terms(actions.terms_of(sheet, request.actor.on))
        | {"facilitators": queries.facilitators_proposed(sheet, bodies, request.actor.on)},
    )
    if request.method == "POST" and form.is_valid():
        made: list[Clause] = []
        if attempt(
            form,
            lambda: made.append(
                actions.write_clause(
                    sheet,
                    terms=form.terms(),
                    facilitators=form.chosen_facilitators(),
                    actor=request.actor,
                    at=timezone.now(),
                )
            ),
        ):
            messages.success(request, _("The clause is opened. Read its text before keeping it."))
            return back_to(request, made[0])
    proposed = actions.terms_of(sheet, request.actor.on)
    context = {
        "form": form,
        "advices": advices(sheet.lot, proposed.modality, proposed.launched_on),
        "lot": sheet.lot,
        "calibration": sheet.assumptions and sheet.assumptions.calibration,
    }
    return render(request, "clauses/clause_form.html", context, status=422 if form.errors else 200)


def advices(lot: Lot, chosen: str, launched_on: date) -> list[guide.Entry]:
    """The advice of the guide on every modality of that day, the one in the form first."""
    found = [one for one in guide.entries(launched_on, concession=lot.is_concession) if one.article]
    return sorted(found, key=lambda one: one.modality.value != chosen)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def clause_edit(request: ActorRequest, pk: int) -> HttpResponse:
    clause = clause_asked(request, pk)
    require(rules.can_amend_draft(request.actor, clause))
    form = TermsForm(request.POST or None, concession=clause.lot.is_concession, initial=initial_terms(clause))
    if request.method == "POST" and form.is_valid():
        when = timezone.now()
        if attempt(
            form, lambda: actions.amend_draft(clause, terms=form.terms(), actor=request.actor, at=when)
        ):
            messages.success(request, _("The draft is changed."))
            return back_to(request, clause)
    context = {
        "form": form,
        "advices": advices(clause.lot, clause.modality, clause.launched_on),
        "clause": clause,
        "lot": clause.lot,
        "calibration": clause.calibration,
    }
    return render(request, "clauses/clause_form.html", context, status=422 if form.errors else 200)


@require_POST
@open_to(*READERS, capacity=BODIES)
def clause_keep(request: ActorRequest, pk: int) -> HttpResponse:
    clause = clause_asked(request, pk)
    actions.mark_written(clause, actor=request.actor, at=timezone.now())
    messages.success(request, _("The text is kept as it stands today."))
    return back_to(request, clause)


@require_POST
@open_to(*READERS, capacity=BODIES)
def clause_return(request: ActorRequest, pk: int) -> HttpResponse:
    clause = clause_asked(request, pk)
    actions.return_to_draft(clause, actor=request.actor, at=timezone.now())
    messages.success(request, _("The clause is a draft again."))
    return back_to(request, clause)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def clause_abandon(request: ActorRequest, pk: int) -> HttpResponse:
    clause = clause_asked(request, pk)
    require(rules.can_abandon(request.actor, clause))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.abandon_clause(
            clause, reason=form.cleaned_data["reason"], actor=request.actor, at=timezone.now()
        )
        messages.success(request, _("The clause is abandoned; it can be taken up again."))
        return back_to(request, clause)
    context = {"form": form, "clause": clause}
    return render(request, "clauses/clause_abandon.html", context, status=422 if form.errors else 200)


@require_POST
@open_to(*READERS, capacity=BODIES)
def clause_resume(request: ActorRequest, pk: int) -> HttpResponse:
    clause = clause_asked(request, pk)
    actions.resume_clause(clause, actor=request.actor, at=timezone.now())
    messages.success(request, _("The clause is a draft again."))
    return back_to(request, clause)
