"""The register of the social duty of a buyer: on screen, printed, and as a file."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from relais.kit import audit
from relais.kit.access import open_to
from relais.kit.actor import ActorRequest
from relais.kit.documents import KINDS, document_file, file_name
from relais.kit.exports import MOST_ROWS, table_file
from relais.kit.models import Outcome
from relais.kit.paging import paginate
from relais.organisations.models import Organisation, Scheme
from relais.screening import exports
from relais.screening.forms import RegisterFilter
from relais.screening.queries import register
from relais.screening.register_document import register_document
from relais.screening.views.listing import BUYING, READERS

PRINTED = 500
"""Rows of a printed register: beyond, the file is the way."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The register the address asks for."""

    form: RegisterFilter
    buyer: Organisation
    year: int
    rows: Any


def asked(request: ActorRequest) -> Asked:
    """One's own body and the year in course, unless the address names others that one reads."""
    buyers = {body.slug: body for body in register.buyers_of(request.actor)}
    address = request.GET.copy()
    address.setdefault("buyer", request.organisation.slug)
    address.setdefault("year", str(request.actor.on.year))
    form = RegisterFilter(address, buyers=list(buyers.values()))
    chosen = form.chosen
    buyer = buyers[chosen.get("buyer", request.organisation.slug)]
    year = chosen.get("year") or request.actor.on.year
    return Asked(form, buyer, year, form.apply(register.lots_of_year(request.actor, buyer, year)))


def scheme_of(request: ActorRequest) -> Scheme | None:
    """The scheme whose parameters are used: the one coordinated, else the first one taken part in."""
    schemes = list(Scheme.objects.visible_to(request.actor).order_by("pk")[:20])
    own = [scheme for scheme in schemes if scheme.coordinator_id == request.organisation.pk]
    return next(iter([*own, *schemes]), None)


@require_safe
@open_to(*READERS, capacity=BUYING)
def duty_register(request: ActorRequest) -> HttpResponse:
    found = asked(request)
    page = paginate(found.rows, request.GET.get("page"))
    context = {
        "form": found.form,
        "buyer": found.buyer,
        "year": found.year,
        "page": page,
        "rows": register.labelled(page.items),
        "indicators": register.indicators(request.actor, scheme_of(request), found.buyer, found.year),
    }
    return render(request, "screening/duty_register.html", context)


@require_safe
@open_to(*READERS, capacity=BUYING)
def duty_register_print(request: ActorRequest) -> HttpResponse:
    found = asked(request)
    context = {
        "buyer": found.buyer,
        "year": found.year,
        "rows": register.labelled(found.rows[:PRINTED]),
        "indicators": register.indicators(request.actor, scheme_of(request), found.buyer, found.year),
        "day": request.actor.on,
    }
    return render(request, "screening/duty_register_print.html", context)


@require_safe
@open_to(*READERS, capacity=BUYING)
def duty_register_export(request: ActorRequest) -> HttpResponseBase:
    found = asked(request)
    audit.record(
        "screening.register.exported",
        found.buyer,
        actor=request.actor,
        at=timezone.now(),
        owner_id=found.buyer.pk,
        outcome=Outcome.EXPORTED,
        detail=request.GET.urlencode(),
    )
    kind = request.GET.get("format", "csv")
    if kind in KINDS:
        told = register.indicators(request.actor, scheme_of(request), found.buyer, found.year)
        document = register_document(found.rows[:PRINTED], told, found.buyer, found.year, timezone.now())
        name = file_name(document.title, found.buyer.name, str(found.year), kind=kind)
        return document_file(document, kind, name)
    lines = found.rows[:MOST_ROWS].iterator(chunk_size=500)
    return table_file(exports.register_table(lines, found.year), kind)
