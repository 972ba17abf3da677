"""The audit trail, as far as the body may read it."""

from collections.abc import Iterator
from itertools import batched

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from relais.kit import audit
from relais.kit.access import open_to
from relais.kit.actor import ActorRequest
from relais.kit.exports import MOST_ROWS, table_file
from relais.kit.models import AuditEntry, Outcome
from relais.kit.paging import paginate
from relais.organisations import queries
from relais.organisations.enums import Role
from relais.organisations.exports import trail_table
from relais.organisations.forms import TrailFilter

BATCH = 500


@require_safe
@open_to(Role.MANAGER)
def audit_trail(request: ActorRequest) -> HttpResponse:
    form = TrailFilter(request.GET)
    page = paginate(form.apply(queries.trail(request.actor)), request.GET.get("page"))
    lines = queries.trail_lines(page, request.actor)
    return render(request, "organisations/audit_trail.html", {"form": form, "page": page, "lines": lines})


@require_safe
@open_to(Role.MANAGER)
def audit_export(request: ActorRequest) -> HttpResponseBase:
    entries = TrailFilter(request.GET).apply(queries.trail(request.actor))
    audit.record(
        "organisations.trail.exported",
        None,
        actor=request.actor,
        at=timezone.now(),
        outcome=Outcome.EXPORTED,
        detail=request.GET.urlencode(),
    )
    return table_file(trail_table(in_batches(entries, request)), request.GET.get("format", ""))


def in_batches(entries: QuerySet[AuditEntry], request: ActorRequest) -> Iterator[queries.TrailLine]:
    """Lines in words, a few hundred at a time, so that memory does not grow with the file."""
    for batch in batched(entries[:MOST_ROWS].iterator(BATCH), BATCH):
        yield from queries.trail_lines(batch, request.actor)
