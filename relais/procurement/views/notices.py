"""Notices: list, export, page with the passages found, and the notice as published."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from relais.kit import audit
from relais.kit.access import open_to
from relais.kit.actor import ActorRequest
from relais.kit.exports import MOST_ROWS, table_file
from relais.kit.models import Outcome
from relais.kit.paging import paginate
from relais.organisations.enums import Capacity, Role
from relais.procurement import exports, noticeboard, rules
from relais.procurement.forms import NoticeFilter
from relais.procurement.models import Notice, NoticeQuerySet, NoticeVersion
from relais.procurement.notices import NoticeShape

READERS = (Role.MANAGER, Role.OFFICER, Role.PROJECT_LEAD, Role.PURCHASER, Role.READER)
BUYING = (Capacity.COORDINATOR, Capacity.BUYER)
EXPORT_BATCH = 500


@require_safe
@open_to(*READERS, capacity=BUYING)
def notice_list(request: ActorRequest) -> HttpResponse:
    form, notices = shown(request)
    page = paginate(notices, request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": noticeboard.rows_of(page.items),
        "may_import": Capacity.COORDINATOR in request.capacities and request.actor.role in rules.IMPORTERS,
    }
    return render(request, "procurement/notice_list.html", context)


@require_safe
@open_to(*READERS, capacity=BUYING)
def notice_export(request: ActorRequest) -> HttpResponseBase:
    _form, notices = shown(request)
    audit.record(
        "procurement.notices.exported",
        None,
        actor=request.actor,
        at=timezone.now(),
        outcome=Outcome.EXPORTED,
        detail=request.GET.urlencode(),
    )
    rows = notices[:MOST_ROWS].iterator(EXPORT_BATCH)
    return table_file(exports.notices_table(rows), request.GET.get("format", ""))


def shown(request: ActorRequest) -> tuple[NoticeFilter, NoticeQuerySet]:
    """The filters of the address and the notices they leave."""
    form = NoticeFilter(request.GET)
    return form, form.apply(noticeboard.notices_read_by(request.actor))


@require_safe
@open_to(*READERS, capacity=BUYING)
def notice_detail(request: ActorRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(noticeboard.notice_in_full(request.actor), pk=pk)
    context = {
        "notice": notice,
        "shown": noticeboard.shown(notice, request.actor),
        "flags": noticeboard.flag_lines(notice),
        "versions": noticeboard.version_lines(notice),
    }
    return render(request, "procurement/notice_detail.html", context)


@require_safe
@open_to(*READERS, capacity=BUYING)
def notice_source(request: ActorRequest, pk: int, version: int) -> HttpResponse:
    notice = get_object_or_404(Notice.objects.visible_to(request.actor), pk=pk)
    source = get_object_or_404(NoticeVersion.objects.visible_to(request.actor), notice=notice, pk=version)
    kind = "json" if notice.shape == NoticeShape.BOAMP_JSON else "xml"
    response = HttpResponse(source.raw, content_type=f"application/{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="avis-{notice.pk}-version-{source.pk}.{kind}"'
    return response
