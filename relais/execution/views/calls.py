"""Orders and invoices of an obligation: list, file, and the acts on each of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from relais.clauses.views.clauses import BODIES, READERS
from relais.core.words import BadValue
from relais.execution.actions import owing as actions
from relais.execution.actions.calls_file import CallReport, import_calls
from relais.execution.exports.owing import calls_table
from relais.execution.forms.owing import CallCorrectionForm, CallFileForm, CallForm, ReasonForm, YearFilter
from relais.execution.models import Call, Obligation
from relais.execution.queries.calls_file import CallIntake, basis_of, read_calls
from relais.execution.queries.owing import CallList, call_list, standing_of
from relais.execution.rules import owing as rules
from relais.execution.sheets import LARGEST
from relais.execution.views.ledger import debtors_of
from relais.execution.views.owing import act_page, owing_asked
from relais.kit import audit
from relais.kit.access import concerning, open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.exports import table_file
from relais.kit.forms import attempt
from relais.kit.models import Outcome
from relais.kit.paging import paginate
from relais.kit.refusals import tell
from relais.kit.words import say


def calls_asked(request: ActorRequest, obligation: Obligation) -> tuple[CallList, YearFilter]:
    """The orders and invoices of the year chosen in the address, or of all years."""
    found = call_list(obligation, request.actor)
    form = YearFilter(request.GET, years=found.years)
    year = form.chosen.get("annee")
    if year is None:
        return found, form
    rows = tuple(row for row in found.rows if row.call.on.year == year)
    return CallList(rows, found.years), form


@require_safe
@open_to(*READERS, capacity=BODIES)
def calls(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = owing_asked(request, pk)
    found, form = calls_asked(request, obligation)
    context = {
        "obligation": obligation,
        "clause": obligation.clause,
        "calls": found,
        "page": paginate(found.rows, request.GET.get("page")),
        "form": form,
        "write": rules.can_record_calls(request.actor, obligation),
    }
    return render(request, "execution/calls.html", context)


@require_safe
@open_to(*READERS, capacity=BODIES)
def calls_export(request: ActorRequest, pk: int) -> HttpResponseBase:
    obligation = owing_asked(request, pk)
    found, _form = calls_asked(request, obligation)
    kind = request.GET.get("format", "csv")
    audit.record(
        "execution.calls.exported",
        obligation,
        actor=request.actor,
        at=timezone.now(),
        owner_id=obligation.buyer_id,
        scope_id=obligation.scheme_id,
        outcome=Outcome.EXPORTED,
        detail=f"{kind} rows={len(found.rows)}",
    )
    return table_file(calls_table(obligation.clause.reference, found), kind)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def call_add(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = owing_asked(request, pk)
    require(rules.can_record_calls(request.actor, obligation))
    kind = basis_of(standing_of(obligation), request.actor.on)
    form = CallForm(request.POST or None, debtors=debtors_of(request, obligation), initial={"kind": kind})
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.record_call(obligation, form.wanted(), actor=request.actor, at=timezone.now()),
        template="execution/call_form.html",
        done=_("Recorded: its hours are in the ledger."),
        back="call-list",
    )


def call_asked(request: ActorRequest, obligation: Obligation, pk: int) -> Call:
    own = Call.objects.visible_to(request.actor).filter(obligation=obligation)
    call = concerning(request, get_object_or_404(own.select_related("debtor"), pk=pk))
    call.obligation = obligation
    require(rules.can_end_call(request.actor, call))
    return call


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def call_correct(request: ActorRequest, pk: int, call: int) -> HttpResponse:
    obligation = owing_asked(request, pk)
    found = call_asked(request, obligation, call)
    form = CallCorrectionForm(request.POST or None, initial=CallCorrectionForm.figures_of(found))
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.correct_call(found, **form.cleaned_data, actor=request.actor, at=timezone.now()),
        template="execution/call_correct.html",
        done=_("Corrected: the difference is in the ledger."),
        back="call-list",
        call=found,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def call_cancel(request: ActorRequest, pk: int, call: int) -> HttpResponse:
    obligation = owing_asked(request, pk)
    found = call_asked(request, obligation, call)
    form = ReasonForm(request.POST or None)
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.cancel_call(found, **form.cleaned_data, actor=request.actor, at=timezone.now()),
        template="execution/call_cancel.html",
        done=_("Cancelled: its hours are taken back."),
        back="call-list",
        call=found,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def call_import(request: ActorRequest, pk: int) -> HttpResponse:
    """Read a file of orders or invoices and record all of it, or say what keeps it from being taken."""
    obligation = owing_asked(request, pk)
    require(rules.can_record_calls(request.actor, obligation))
    sent = request.method == "POST"
    form = CallFileForm(request.POST if sent else None, request.FILES if sent else None)
    intake: CallIntake | None = None
    kept: list[CallReport] = []
    if sent and form.is_valid():
        intake = read_file(request, form, obligation)

    def act() -> None:
        assert intake is not None
        name = form.cleaned_data["file"].name
        report = import_calls(obligation, intake, name=name, actor=request.actor, at=timezone.now())
        kept.extend([report] if report else [])

    if intake is not None and attempt(form, act) and kept:
        messages.success(request, told(kept[0]))
        return redirect("call-list", request.organisation.slug, obligation.pk)
    problems = intake.problems if intake else []
    for words in {problem.reason.text: problem.reason for problem in problems}.values():
        tell(words)
    context: dict[str, Any] = {"obligation": obligation, "clause": obligation.clause, "form": form}
    context |= {"problems": problems, "back": "call-list"}
    return render(
        request, "execution/calls_file.html", context, status=422 if form.errors or problems else 200
    )


def read_file(request: ActorRequest, form: CallFileForm, obligation: Obligation) -> CallIntake | None:
    """What the file says; what cannot be read at all is an error of the form."""
    file = form.cleaned_data["file"]
    try:
        return read_calls(
            file.read(LARGEST + 1),
            name=file.name,
            debtors=debtors_of(request, obligation),
            standing=standing_of(obligation),
        )
    except BadValue as error:
        tell(error.words)
        form.add_error("file", say(error.words))
        return None


def told(report: CallReport) -> str:
    """What the file changed, in one sentence."""
    if not report.created and not report.updated:
        return _("The file is recorded already: nothing changes.")
    parts = [
        ngettext("%(count)s recorded", "%(count)s recorded", report.created) % {"count": report.created},
        ngettext("%(count)s corrected", "%(count)s corrected", report.updated) % {"count": report.updated},
        _("%(count)s unchanged") % {"count": report.unchanged},
    ]
    return _("File taken: %(parts)s.") % {"parts": ", ".join(parts)}
