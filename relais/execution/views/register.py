"""The register of clauses: the list of the room of clauses, with the hours of each."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from relais.clauses.rules import reads_library
from relais.clauses.views.clauses import BODIES, READERS
from relais.execution.exports.ledger import register_table
from relais.execution.forms.register import RegisterFilter
from relais.execution.queries.register import Registered, buyers_of, in_order, register
from relais.kit import audit
from relais.kit.access import open_to
from relais.kit.actor import ActorRequest
from relais.kit.exports import MOST_ROWS, table_file
from relais.kit.models import Outcome
from relais.kit.paging import Page, paginate


def shown(request: ActorRequest) -> tuple[RegisterFilter, Any]:
    """The filters of the address, and the clauses they keep in the order asked."""
    form = RegisterFilter(request.GET, buyers=buyers_of(request.actor), actor=request.actor)
    return form, in_order(form.apply(register(request.actor)), request.GET.get("sort", ""))


@require_safe
@open_to(*READERS, capacity=BODIES)
def clause_list(request: ActorRequest) -> HttpResponse:
    form, clauses = shown(request)
    page = paginate(clauses, request.GET.get("page"))
    rows = [Registered.of(clause, request.actor.on) for clause in page.items]
    context = {
        "form": form,
        "page": Page(rows, page.number, page.has_next, page.size),
        "library": reads_library(request.actor, request.capacities),
    }
    template = "execution/clause_list.html#rows" if request.htmx else "execution/clause_list.html"
    return render(request, template, context)


@require_safe
@open_to(*READERS, capacity=BODIES)
def clause_export(request: ActorRequest) -> HttpResponseBase:
    _, clauses = shown(request)
    rows = [Registered.of(clause, request.actor.on) for clause in clauses[:MOST_ROWS]]
    kind = request.GET.get("format", "csv")
    audit.record(
        "clauses.list.exported",
        None,
        actor=request.actor,
        at=timezone.now(),
        outcome=Outcome.EXPORTED,
        detail=f"{kind} rows={len(rows)}",
    )
    return table_file(register_table(rows), kind)
