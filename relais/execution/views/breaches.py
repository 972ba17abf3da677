"""Breaches as lists: equal treatment, those of an obligation; terms of the contract, waivers of hours."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from relais.clauses.queries import WHOLE, stands_of
from relais.clauses.views.clauses import BODIES, READERS
from relais.execution.actions import sanctions as actions
from relais.execution.actions import waivers as waiver_actions
from relais.execution.exports.sanctions import watched_table
from relais.execution.forms.sanctions import (
    NO_STEP,
    AnswerForm,
    BreachFilter,
    ObservationForm,
    TermsForm,
    WaiverForm,
)
from relais.execution.models import HoursWaiver, Obligation
from relais.execution.queries.equal_treatment import Watched, bands, watched
from relais.execution.queries.sanctions import breaches_of, gap_of, terms_of, waivers_of
from relais.execution.rules import sanctions as rules
from relais.execution.views.ledger import debtors_of, obligation_asked
from relais.kit import audit
from relais.kit.access import concerning, open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.exports import MOST_ROWS, table_file
from relais.kit.forms import attempt
from relais.kit.models import Outcome
from relais.kit.paging import paginate

EDIT = ["GET", "HEAD", "POST"]


def shown(request: ActorRequest) -> tuple[BreachFilter, list[Watched]]:
    """The filters of the address and the companies they keep."""
    rows = watched(request.actor, request.actor.on)
    buyers = sorted({(row.debtor.obligation.buyer_id, row.debtor.obligation.buyer.name) for row in rows})
    form = BreachFilter(request.GET, buyers=buyers)
    chosen = form.chosen
    if "buyer" in chosen:
        rows = [row for row in rows if str(row.debtor.obligation.buyer_id) == chosen["buyer"]]
    if "stage" in chosen:
        rows = [row for row in rows if (row.stage or NO_STEP) == chosen["stage"]]
    return form, rows


@require_safe
@open_to(*READERS, capacity=BODIES)
def breach_list(request: ActorRequest) -> HttpResponse:
    """Same gap, same step: everybody with a gap, whoever the company is."""
    form, rows = shown(request)
    context = {"form": form, "bands": bands(rows), "page": paginate(rows, request.GET.get("page"))}
    return render(request, "execution/breach_list.html" + ("#rows" if request.htmx else ""), context)


@require_safe
@open_to(*READERS, capacity=BODIES)
def breach_export(request: ActorRequest) -> HttpResponseBase:
    _form, rows = shown(request)
    kind = request.GET.get("format", "csv")
    audit.record(
        "execution.breaches.exported",
        None,
        actor=request.actor,
        at=timezone.now(),
        outcome=Outcome.EXPORTED,
        detail=f"{kind} rows={len(rows)}",
    )
    return table_file(watched_table(rows[:MOST_ROWS]), kind)


@require_safe
@open_to(*READERS, capacity=BODIES)
def obligation_breaches(request: ActorRequest, pk: int) -> HttpResponse:
    """The breaches of an obligation, what the contract sets, the hours given up."""
    obligation = obligation_asked(request, pk=pk)
    terms, row = terms_of(obligation)
    actor = request.actor
    waivers = waivers_of(obligation, actor)
    for waiver in waivers:
        waiver.obligation = obligation
    context = {
        **framed(obligation),
        "whole": bool(stands_of(actor, obligation.clause) & WHOLE),
        "breaches": breaches_of(obligation, actor),
        "gaps": [
            (debtor, gap_of(debtor, obligation, actor.on)) for debtor in debtors_of(request, obligation)
        ],
        "terms": terms,
        "terms_row": row,
        "waivers": [(waiver, rules.can_decide_waiver(actor, waiver)) for waiver in waivers],
        "observe": rules.can_observe(actor, obligation),
        "record_terms": rules.can_record_terms(actor, obligation),
        "propose_waiver": rules.can_propose_waiver(actor, obligation),
    }
    return render(request, "execution/obligation_breaches.html", context)


def framed(obligation: Obligation) -> dict[str, Any]:
    return {"obligation": obligation, "clause": obligation.clause}


def act_page(
    request: ActorRequest,
    obligation: Obligation,
    form: forms.Form,
    act: Callable[[], object],
    *,
    heading: str,
    lead: str,
    done: str,
) -> HttpResponse:
    """Show the form of an act, or do it and go back to the breaches of the obligation."""
    if request.method == "POST" and form.is_valid() and attempt(form, act):
        messages.success(request, done)
        return redirect("obligation-breaches", request.organisation.slug, obligation.pk)
    context = {**framed(obligation), "form": form, "act_heading": heading, "act_lead": lead}
    template = "execution/obligation_breach_form.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_http_methods(EDIT)
@open_to(*READERS, capacity=BODIES)
def breach_observe(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    require(rules.can_observe(request.actor, obligation))
    form = ObservationForm(
        request.POST or None, debtors=debtors_of(request, obligation), initial={"on": request.actor.on}
    )
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.observe_breach(**form.observation(), actor=request.actor, at=timezone.now()),
        heading=_("Observe a breach"),
        lead=_("It warns nobody yet: the reminder comes next, with a plan to catch up."),
        done=_("The breach is observed, with the figures of the day."),
    )


@require_http_methods(EDIT)
@open_to(*READERS, capacity=BODIES)
def terms_record(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    require(rules.can_record_terms(request.actor, obligation))
    terms, row = terms_of(obligation)
    known = {"per_unit": terms.per_unit, "cap": terms.cap, "source": row.source if row else ""}
    form = TermsForm(request.POST or None, initial=known)
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.record_terms(obligation, **form.cleaned_data, actor=request.actor, at=timezone.now()),
        heading=_("What the contract sets on penalties"),
        lead=_(
            "The penalty per missing hour is that of the signed clause. "
            "No amount is ever proposed by default."
        ),
        done=_("The terms of the contract are recorded."),
    )


@require_http_methods(EDIT)
@open_to(*READERS, capacity=BODIES)
def waiver_propose(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    require(rules.can_propose_waiver(request.actor, obligation))
    form = WaiverForm(
        request.POST or None,
        debtors=debtors_of(request, obligation),
        initial={"effective_on": request.actor.on},
    )
    return act_page(
        request,
        obligation,
        form,
        lambda: waiver_actions.propose_waiver(
            obligation, form.waiving(), actor=request.actor, at=timezone.now()
        ),
        heading=_("Propose to give hours up"),
        lead=_("A manager, another person than you, decides; the ledger moves only then."),
        done=_("The waiver is proposed: a manager decides it."),
    )


@require_http_methods(EDIT)
@open_to(*READERS, capacity=BODIES)
def waiver_decide(request: ActorRequest, pk: int) -> HttpResponse:
    waivers = HoursWaiver.objects.visible_to(request.actor).select_related("debtor__organisation")
    waiver = concerning(request, get_object_or_404(waivers, pk=pk))
    obligation = obligation_asked(request, pk=waiver.obligation_id)
    waiver.obligation = obligation
    require(rules.can_decide_waiver(request.actor, waiver))
    form = AnswerForm(request.POST or None)
    return act_page(
        request,
        obligation,
        form,
        lambda: waiver_actions.decide_waiver(waiver, **form.reply(), actor=request.actor, at=timezone.now()),
        heading=_("Decide on a waiver of hours"),
        lead=waiver.reason,
        done=_("The decision is kept."),
    )
