"""The hours of a month for who declares them: form, check, file, receipt, answers and corrections."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from relais.core.months import Month
from relais.execution.actions import statements as actions
from relais.execution.actions.double_claims import tell_other_side
from relais.execution.exports.statements import template_table
from relais.execution.forms.statements import AnswerForm, CorrectionForm, StatementForm, periods_of
from relais.execution.models import Obligation, StatementLine
from relais.execution.queries import statements as queries
from relais.execution.queries.claims import Checked, Worked, checked, limits_of
from relais.execution.queries.people import is_assigned
from relais.execution.queries.statements import MonthSheet, Period
from relais.execution.queries.submissions import asked_digest, attestation_words, both_sides, replayed
from relais.execution.rules import statements as rules
from relais.kit.access import Refused, Stale, concerning, open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.exports import table_file
from relais.kit.paging import paginate
from relais.kit.refusals import tell
from relais.kit.words import say
from relais.organisations.enums import Capacity, Role

READERS = (Role.MANAGER, Role.OFFICER, Role.READER)
WRITERS = (Role.MANAGER, Role.OFFICER)
DECLARING = (Capacity.COMPANY, Capacity.STRUCTURE)
FOLLOWING = (*DECLARING, Capacity.FACILITATOR)


@require_safe
@open_to(*READERS, capacity=DECLARING)
def statement_list(request: ActorRequest) -> HttpResponse:
    """What the body has to declare and to answer, one card per obligation."""
    page = paginate(queries.obligations_declared(request.actor), request.GET.get("page"), size=20)
    day = queries.declaration_day(page.items, request.actor)
    context = {"page": page, "duties": queries.duties(page.items, request.actor, day)}
    return render(request, "execution/statement_list.html", context)


def sheet_of(request: ActorRequest, pk: int, month: Month, periods: list[Period] | None = None) -> MonthSheet:
    """The month of an obligation under which the actor's body declares."""
    visible = queries.with_month(Obligation.objects.visible_to(request.actor), month, request.actor)
    obligation = concerning(request, get_object_or_404(visible, pk=pk))
    sheet = queries.month_sheet(obligation, month, request.actor, periods or [])
    if not sheet.takes_part:
        raise Http404
    return sheet


def page_of(request: ActorRequest, sheet: MonthSheet, form: StatementForm, **more: Any) -> HttpResponse:
    verdict = rules.can_declare(
        request.actor, sheet.obligation, sheet.month, takes_part=sheet.takes_part, closed=sheet.closed
    )
    told = {"can_declare": verdict, "words": words_of(request, sheet)}
    context = {"sheet": sheet, "form": form, **told, **summary_of(sheet, form), **more}
    return render(request, "execution/statement_edit.html", context)


def summary_of(sheet: MonthSheet, form: StatementForm) -> dict[str, Any]:
    return {"typed": form.typed, "remaining": sheet.remaining(form.typed)}


def words_of(request: ActorRequest, sheet: MonthSheet) -> str:
    """The sentence that is signed with the month."""
    return attestation_words(sheet.obligation, sheet.month, request.organisation.name)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=DECLARING)
def statement_edit(request: ActorRequest, pk: int, month: Month) -> HttpResponse:
    if request.method == "POST":
        sheet = sheet_of(request, pk, month, periods_of(request.POST.getlist("row")))
        form = StatementForm(request.POST, sheet=sheet)
        return acted_on(request, sheet, form) or page_of(request, sheet, form)
    sheet = sheet_of(request, pk, month)
    copied = {f"hours-{row.key}": row.before for row in sheet.rows if request.GET.get("copy") and row.before}
    return page_of(request, sheet, StatementForm(sheet=sheet, initial=copied), copied=bool(copied))


def acted_on(request: ActorRequest, sheet: MonthSheet, form: StatementForm) -> HttpResponse | None:
    """The answer of an act that was done; none when the page must be shown again."""
    require(rules.declares_for(request.actor, sheet.obligation, takes_part=sheet.takes_part))
    act = request.POST.get("act", "check")
    if not form.is_valid():
        return None
    if form.cleaned_data["version"] != sheet.version and act != "check":
        return conflict(request, sheet, form)
    checks = check(sheet, form)
    if not form.keep_checks(checks):
        if act == "submit":
            if sent := already_sent(request, sheet, form, [item.worked for item in checks]):
                return sent
            refuse(checks)
            tell_other_side(
                sheet.obligation,
                checks,
                declarant=request.organisation,
                actor=request.actor,
                at=timezone.now(),
            )
        return None
    if act == "check":
        return None
    try:
        return {"save": save, "submit": submit}.get(act, submit)(request, sheet, form)
    except Stale:
        return conflict(request, sheet_again(request, sheet), form)
    except Refused as refusal:
        form.add_error(None, say(refusal.verdict.reason))
        return None


def check(sheet: MonthSheet, form: StatementForm) -> list[Any]:
    limits, _policy = limits_of(sheet.obligation.scheme, sheet.month.last_day)
    return checked(sheet.obligation, sheet.month, form.worked, limits=limits)


def refuse(checks: list[Checked]) -> None:
    """Leave a line in the trail for each reason that kept the statement from being sent."""
    reasons = {finding.words.text: finding.words for item in checks for finding in item.refusals}
    for words in reasons.values():
        tell(words)


def save(request: ActorRequest, sheet: MonthSheet, form: StatementForm) -> HttpResponse:
    actions.save_draft(sheet.obligation, **terms_of(request, sheet, form))
    messages.success(request, _("The draft is kept. The facilitator sees nothing until you send it."))
    return redirect(request.path)


def submit(request: ActorRequest, sheet: MonthSheet, form: StatementForm) -> HttpResponse:
    statement = actions.declare_month(
        sheet.obligation,
        signed_by=form.cleaned_data["signed_by"],
        signed_as=form.cleaned_data["signed_as"],
        nothing=form.cleaned_data["nothing"],
        key=form.cleaned_data["key"],
        **terms_of(request, sheet, form),
    )
    return redirect("statement-receipt", organisation=request.organisation.slug, pk=statement.pk)


def terms_of(request: ActorRequest, sheet: MonthSheet, form: StatementForm) -> dict[str, Any]:
    return {
        "month": sheet.month,
        "lines": form.worked,
        "origin": form.cleaned_data["origin"],
        "version": form.cleaned_data["version"],
        "actor": request.actor,
        "at": timezone.now(),
    }


def sheet_again(request: ActorRequest, sheet: MonthSheet) -> MonthSheet:
    return sheet_of(request, sheet.obligation.pk, sheet.month, periods_of(request.POST.getlist("row")))


def already_sent(
    request: ActorRequest, sheet: MonthSheet, form: StatementForm, lines: list[Worked]
) -> HttpResponse | None:
    """The receipt of an act that had arrived before: same key, same content.

    `lines`: what was typed, before the checks took wrong fields away.
    """
    data = form.cleaned_data
    asked = asked_digest(
        lines, nothing=data["nothing"], signed_by=data["signed_by"], signed_as=data["signed_as"]
    )
    own = request.actor.organisation_id
    statement = replayed(sheet.obligation, sheet.month, own, key=data["key"], asked=asked)
    if statement is None:
        return None
    return redirect("statement-receipt", organisation=request.organisation.slug, pk=statement.pk)


def conflict(request: ActorRequest, sheet: MonthSheet, form: StatementForm) -> HttpResponse:
    """A replay of what is already sent goes to its receipt; anything else shows both sides and a choice."""
    if sent := already_sent(request, sheet, form, form.worked):
        return sent
    rows = both_sides(sheet, form.worked)
    mine = [row for row in rows if row.mine is not None]
    if sheet.statement is not None and sheet.is_sent and all(row.is_sent and not row.differs for row in mine):
        return redirect("statement-receipt", organisation=request.organisation.slug, pk=sheet.statement.pk)
    context = {"sheet": sheet, "form": form, "rows": rows, "typed": form.typed}
    return render(request, "execution/statement_conflict.html", context, status=409)


@require_POST
@open_to(*READERS, capacity=DECLARING)
def statement_check(request: ActorRequest, pk: int, month: Month) -> HttpResponse:
    """The checks of what is typed so far, nothing kept."""
    sheet = sheet_of(request, pk, month, periods_of(request.POST.getlist("row")))
    form = StatementForm(request.POST, sheet=sheet)
    form.is_valid()
    form.keep_checks(check(sheet, form))
    context = {"sheet": sheet, "form": form, **summary_of(sheet, form)}
    return render(request, "execution/statement_edit.html#checks", context)


@require_safe
@open_to(*READERS, capacity=DECLARING)
def statement_template(request: ActorRequest, pk: int, month: Month) -> HttpResponseBase:
    """An empty table of the month to fill in a spreadsheet."""
    sheet = sheet_of(request, pk, month)
    return table_file(template_table(sheet), request.GET.get("format", ""))


@require_safe
@open_to(*READERS, Role.PURCHASER, Role.PROJECT_LEAD, capacity=(*FOLLOWING, Capacity.BUYER))
def statement_receipt(request: ActorRequest, pk: int) -> HttpResponse:
    """What was sent, as a sheet to print; names for who declares and who validates, numbers for the buyer."""
    statement = concerning(request, get_object_or_404(queries.statement_file(request.actor), pk=pk))
    lines = queries.lines_of_statement(statement, request.actor)
    own = statement.declarant_id == request.actor.organisation_id
    context = {
        "statement": statement,
        "lines": lines,
        "total": sum((line.hours for line in lines), Decimal(0)),
        "own": own,
        "named": own or is_assigned(request.actor, statement.obligation.clause_id),
    }
    return render(request, "execution/statement_receipt.html", context)


def line_of(request: ActorRequest, pk: int) -> StatementLine:
    lines = StatementLine.objects.visible_to(request.actor).select_related(
        "statement",
        "obligation__clause",
        "obligation__scheme",
        "obligation__buyer",
        "job_contract__person",
        "job_contract__eligibility",
        "job_contract__obligation",
    )
    return concerning(request, get_object_or_404(lines, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*WRITERS, capacity=DECLARING)
def line_answer(request: ActorRequest, pk: int) -> HttpResponse:
    """Answer a question of the facilitator: hours confirmed or corrected."""
    line = line_of(request, pk)
    require(rules.can_answer(request.actor, line))
    first = {"hours": line.hours, "training_hours": line.training_hours or None, "version": line.version}
    form = AnswerForm(request.POST or None, initial=first)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.answer_query(
                line,
                hours=data["hours"],
                training_hours=data["training_hours"] or Decimal(0),
                note=data["note"],
                version=data["version"],
                actor=request.actor,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("hours", say(refusal.verdict.reason))
        else:
            messages.success(request, _("Your answer is sent: the line waits for validation again."))
            return redirect("statement-receipt", organisation=request.organisation.slug, pk=line.statement_id)
    return render(
        request,
        "execution/line_answer.html",
        {"line": line, "form": form},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*WRITERS, capacity=FOLLOWING)
def line_correct(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct a validated line by another one, which somebody else validates."""
    line = line_of(request, pk)
    assigned = is_assigned(request.actor, line.obligation.clause_id)
    require(rules.can_correct(request.actor, line, is_assigned=assigned))
    form = CorrectionForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.correct_line(
                line,
                hours=data["hours"],
                training_hours=data["training_hours"] or Decimal(0),
                note=data["note"],
                actor=request.actor,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("hours", say(refusal.verdict.reason))
        else:
            messages.success(request, _("The correction waits for validation by somebody else."))
            return redirect("statement-receipt", organisation=request.organisation.slug, pk=line.statement_id)
    return render(
        request,
        "execution/line_correct.html",
        {"line": line, "form": form},
        status=422 if form.errors else 200,
    )
