"""Send the hours of a month as a file: preview, then the same page as for hours typed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from relais.core.months import Month
from relais.core.words import BadValue
from relais.execution.enums import StatementOrigin
from relais.execution.forms.statements import FileForm, StatementForm
from relais.execution.queries.claims import limits_of
from relais.execution.queries.intake import Intake, read_hours
from relais.execution.queries.statements import MonthSheet, Period
from relais.execution.rules import statements as rules
from relais.execution.sheets import LARGEST
from relais.execution.views.statements import DECLARING, WRITERS, page_of, sheet_of
from relais.kit.access import open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.refusals import tell
from relais.kit.words import say


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*WRITERS, capacity=DECLARING)
def statement_file(request: ActorRequest, pk: int, month: Month) -> HttpResponse:
    """Read a file; whole, it fills the page of the month, to be checked, signed and sent."""
    sheet = sheet_of(request, pk, month)
    require(
        rules.can_declare(
            request.actor, sheet.obligation, month, takes_part=sheet.takes_part, closed=sheet.closed
        )
    )
    form = FileForm(request.POST or None, request.FILES or None)
    intake = read_file(request, form, sheet) if form.is_valid() else None
    problems = intake.problems if intake else []
    for words in {problem.reason.text: problem.reason for problem in problems}.values():
        tell(words)
    if intake is not None and intake.is_whole:
        return preview(request, sheet, intake)
    context = {"form": form, "sheet": sheet, "intake": intake}
    return render(request, "execution/statement_file.html", context, status=422 if form.errors else 200)


def read_file(request: ActorRequest, form: FileForm, sheet: MonthSheet) -> Intake | None:
    """What the file says; what cannot be read at all is an error of the form."""
    file = form.cleaned_data["file"]
    limits, _policy = limits_of(sheet.obligation.scheme, sheet.month.last_day)
    try:
        return read_hours(
            file.read(LARGEST + 1),
            name=file.name,
            obligation=sheet.obligation,
            declarant_id=request.actor.organisation_id,
            month=sheet.month,
            limits=limits,
        )
    except BadValue as error:
        tell(error.words)
        form.add_error("file", say(error.words))
        return None


def preview(request: ActorRequest, sheet: MonthSheet, intake: Intake) -> HttpResponse:
    """The page of the month, filled with the file."""
    periods = [Period(item.worked.job.pk, item.starts_on, item.ends_on) for item in intake.checks]
    filled = sheet_of(request, sheet.obligation.pk, sheet.month, periods)
    values: dict[str, Any] = {}
    for item in intake.checks:
        key = f"{item.worked.job.pk}-{item.starts_on.day}-{item.ends_on.day}"
        values[f"hours-{key}"] = item.worked.hours
        values[f"training-{key}"] = item.worked.training_hours or None
    form = StatementForm(sheet=filled, initial={**values, "origin": StatementOrigin.FILE})
    form.keep_checks(intake.checks)
    note = _("The file is read: check it, sign and send. Nothing is kept yet.")
    return page_of(request, filled, form, note=note)
