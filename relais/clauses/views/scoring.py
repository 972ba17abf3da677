"""The offers of a consultation: recorded, scored by the published grid, ranked, printed, exported."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from relais.clauses import rules, wording
from relais.clauses.actions import scoring as actions
from relais.clauses.analysis import Analysis, analysis_of, grid_of, published_lines
from relais.clauses.exports import analysis_table
from relais.clauses.forms.scoring import (
    AsideForm,
    CorrectionForm,
    GridForm,
    ScoringForm,
    TenderForm,
    initial_grid,
    initial_tender,
    line_rows,
)
from relais.clauses.models import Clause, Tender
from relais.clauses.views.clauses import BODIES, READERS, clause_asked
from relais.kit import audit
from relais.kit.access import concerning, open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.exports import table_file
from relais.kit.forms import attempt
from relais.kit.models import Outcome
from relais.organisations.policies import policies


def analysed(request: ActorRequest, pk: int) -> Clause:
    """The clause, for who may read its offers; a refusal says why."""
    clause = clause_asked(request, pk)
    require(rules.can_read_analysis(request.actor, clause))
    return clause


def tender_asked(request: ActorRequest, clause: Clause, pk: int) -> Tender:
    tenders = Tender.objects.visible_to(request.actor).filter(clause=clause)
    tender = concerning(request, get_object_or_404(tenders, pk=pk))
    tender.clause = clause
    return tender


def back_to_analysis(request: ActorRequest, clause: Clause) -> HttpResponse:
    return redirect("clause-analysis", request.organisation.slug, clause.pk)


def shown(request: ActorRequest, analysis: Analysis) -> dict[str, Any]:
    """What the page and its print show."""
    clause = analysis.clause
    return {
        "clause": clause,
        "analysis": analysis,
        "grid": analysis.grid,
        "write": rules.can_record_tenders(request.actor, clause),
        "write_grid": rules.can_write_grid(request.actor, clause, analysis.grid),
        "is_own": clause.buyer_id == request.actor.organisation_id,
    }


@require_safe
@open_to(*READERS, capacity=BODIES)
def clause_analysis(request: ActorRequest, pk: int) -> HttpResponse:
    clause = analysed(request, pk)
    return render(request, "clauses/analysis.html", shown(request, analysis_of(clause, request.actor)))


@require_safe
@open_to(*READERS, capacity=BODIES)
def analysis_print(request: ActorRequest, pk: int) -> HttpResponse:
    clause = analysed(request, pk)
    return render(request, "clauses/analysis_print.html", shown(request, analysis_of(clause, request.actor)))


@require_safe
@open_to(*READERS, capacity=BODIES)
def analysis_export(request: ActorRequest, pk: int) -> HttpResponseBase:
    clause = analysed(request, pk)
    analysis = analysis_of(clause, request.actor)
    kind = request.GET.get("format", "csv")
    audit.record(
        "clauses.analysis.exported",
        clause,
        actor=request.actor,
        at=timezone.now(),
        owner_id=clause.buyer_id,
        scope_id=clause.scheme_id,
        outcome=Outcome.EXPORTED,
        detail=f"{kind} rows={len(analysis.rows) + len(analysis.aside)}",
    )
    return table_file(analysis_table(analysis), kind)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def grid_write(request: ActorRequest, pk: int) -> HttpResponse:
    clause = analysed(request, pk)
    grid = grid_of(clause, request.actor)
    require(rules.can_write_grid(request.actor, clause, grid))
    published = published_lines(wording.read(clause, policies(clause.scheme, request.actor.on)))
    form = GridForm(request.POST or None, initial=initial_grid(grid, published))
    rows = line_rows(grid.lines.all() if grid else published, request.POST or None)
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        when = timezone.now()
        if attempt(
            form,
            lambda: actions.write_grid(
                clause, rows.lines(), **form.cleaned_data, actor=request.actor, at=when
            ),
        ):
            messages.success(request, _("The grid is kept. It freezes with the first score."))
            return back_to_analysis(request, clause)
    wrong = bool(form.errors) or (rows.is_bound and not rows.is_valid())
    context = {"clause": clause, "form": form, "rows": rows, "published": published, "grid": grid}
    return render(request, "clauses/grid_form.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def tender_add(request: ActorRequest, pk: int) -> HttpResponse:
    clause = analysed(request, pk)
    require(rules.can_record_tenders(request.actor, clause))
    form = TenderForm(request.POST or None, clause=clause)
    if request.method == "POST" and form.is_valid():
        when = timezone.now()
        if attempt(form, lambda: actions.record_tender(clause, form.promise(), actor=request.actor, at=when)):
            messages.success(request, _("The offer is recorded."))
            return back_to_analysis(request, clause)
    context = {"clause": clause, "form": form, "tender": None}
    return render(request, "clauses/tender_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def tender_correct(request: ActorRequest, pk: int, tender: int) -> HttpResponse:
    clause = analysed(request, pk)
    found = tender_asked(request, clause, tender)
    require(rules.can_record_tenders(request.actor, clause))
    form = CorrectionForm(request.POST or None, clause=clause, initial=initial_tender(found))
    if request.method == "POST" and form.is_valid():
        when, reason = timezone.now(), form.cleaned_data["reason"]
        if attempt(
            form,
            lambda: actions.correct_tender(
                found, form.promise(), reason=reason, actor=request.actor, at=when
            ),
        ):
            messages.success(request, _("The offer is corrected; what it said before is kept."))
            return back_to_analysis(request, clause)
    context = {"clause": clause, "form": form, "tender": found}
    return render(request, "clauses/tender_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def tender_aside(request: ActorRequest, pk: int, tender: int) -> HttpResponse:
    clause = analysed(request, pk)
    found = tender_asked(request, clause, tender)
    require(rules.can_record_tenders(request.actor, clause))
    form = AsideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        when = timezone.now()
        if attempt(form, lambda: actions.set_aside(found, **form.cleaned_data, actor=request.actor, at=when)):
            messages.success(request, _("The offer is set aside; it stays on the page with its reason."))
            return back_to_analysis(request, clause)
    context = {"clause": clause, "form": form, "tender": found}
    return render(request, "clauses/tender_aside.html", context, status=422 if form.errors else 200)


@require_POST
@open_to(*READERS, capacity=BODIES)
def tender_back(request: ActorRequest, pk: int, tender: int) -> HttpResponse:
    clause = analysed(request, pk)
    actions.take_back(tender_asked(request, clause, tender), actor=request.actor, at=timezone.now())
    messages.success(request, _("The offer is in the ranking again."))
    return back_to_analysis(request, clause)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def tender_score(request: ActorRequest, pk: int, tender: int) -> HttpResponse:
    clause = analysed(request, pk)
    analysis = analysis_of(clause, request.actor)
    row = next((row for row in (*analysis.rows, *analysis.aside) if row.tender.pk == tender), None)
    if row is None:
        raise Http404
    found = concerning(request, row.tender)
    found.clause = clause
    require(rules.can_score(request.actor, clause, analysis.grid, found))
    assert analysis.grid is not None, "the rule refuses without a grid"
    form = ScoringForm(request.POST or None, row=row, decimals=analysis.grid.decimals)
    if request.method == "POST" and form.is_valid():
        when = timezone.now()
        if attempt(form, lambda: actions.score_tender(found, form.scoring(), actor=request.actor, at=when)):
            messages.success(request, _("The scores are kept with their reasons."))
            return back_to_analysis(request, clause)
    context = {"clause": clause, "form": form, "tender": found, "row": row, "analysis": analysis}
    return render(request, "clauses/tender_score.html", context, status=422 if form.errors else 200)
