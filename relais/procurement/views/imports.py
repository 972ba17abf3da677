"""Import files of contracts by the browser, and read what each import gave."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from relais.kit.access import concerning, open_to
from relais.kit.actor import ActorRequest
from relais.kit.exports import table_file
from relais.kit.paging import paginate
from relais.organisations.enums import Capacity, Role
from relais.procurement import actions, exports, queries
from relais.procurement.forms import ImportForm
from relais.procurement.models import ImportRun
from relais.procurement.notices import flag_meaning
from relais.procurement.reports import Report, report_of

SHOWN_REJECTIONS = 100


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.MANAGER, Role.OFFICER, capacity=Capacity.COORDINATOR)
def contract_import(request: ActorRequest) -> HttpResponse:
    schemes = queries.coordinated_schemes(request.actor)
    form = ImportForm(request.POST or None, request.FILES or None, schemes=schemes)
    if form.is_valid():
        files = [(file.name or "fichier", file) for file in form.cleaned_data["documents"]]
        run = actions.import_files(
            files, scheme=form.cleaned_data["scheme"], actor=request.actor, at=timezone.now()
        )
        return redirect("import-detail", organisation=request.organisation.slug, pk=run.pk)
    return render(
        request, "procurement/contract_import.html", {"form": form}, status=422 if form.errors else 200
    )


@require_safe
@open_to(Role.MANAGER, Role.OFFICER, Role.PURCHASER, Role.READER, capacity=Capacity.COORDINATOR)
def import_list(request: ActorRequest) -> HttpResponse:
    page = paginate(queries.imports_read_by(request.actor), request.GET.get("page"))
    return render(request, "procurement/import_list.html", {"page": page})


@require_safe
@open_to(Role.MANAGER, Role.OFFICER, Role.PURCHASER, Role.READER, capacity=Capacity.COORDINATOR)
def import_detail(request: ActorRequest, pk: int) -> HttpResponse:
    run = concerning(
        request,
        get_object_or_404(
            ImportRun.objects.visible_to(request.actor).select_related("scheme", "user"), pk=pk
        ),
    )
    report = report_of(run)
    return render(request, "procurement/import_detail.html", {"run": run, "report": report, **told(report)})


@require_safe
@open_to(Role.MANAGER, Role.OFFICER, Role.PURCHASER, Role.READER, capacity=Capacity.COORDINATOR)
def import_rejections(request: ActorRequest, pk: int) -> HttpResponseBase:
    run = concerning(request, get_object_or_404(ImportRun.objects.visible_to(request.actor), pk=pk))
    return table_file(exports.refusals_table(report_of(run)), request.GET.get("format", ""))


def told(report: Report) -> dict[str, Any]:
    """The flags of all the files in words, and the first rejections."""
    rejections = [(file, rejection) for file in report.files for rejection in file.rejections]
    return {
        "flags": [(code, flag_meaning(code), number) for code, number in report.flags.items()],
        "rejections": rejections[:SHOWN_REJECTIONS],
        "more_rejections": max(len(rejections) - SHOWN_REJECTIONS, 0),
        "failures": [file for file in report.files if file.failure is not None],
    }
