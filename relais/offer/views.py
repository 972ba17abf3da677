"""The directory of structures: find one by kind, activity or distance, and read its page."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from relais.core.distance import Nearness
from relais.kit import audit
from relais.kit.access import open_to
from relais.kit.actor import ActorRequest
from relais.kit.exports import MOST_ROWS, table_file
from relais.kit.models import Outcome
from relais.kit.paging import paginate
from relais.kit.words import number
from relais.offer import exports, queries
from relais.offer.actions import set_activities, set_turnover
from relais.offer.activities import activities
from relais.offer.forms import ActivitiesForm, StructureFilter, TurnoverForm
from relais.offer.models import Structure
from relais.offer.rules import KEEPERS, can_keep_structures
from relais.organisations.enums import Capacity, Role

READERS = (Role.MANAGER, Role.OFFICER, Role.PROJECT_LEAD, Role.PURCHASER, Role.READER)
USUAL_KM = Decimal(50)
OLD_YEARS = 2


def shown(request: ActorRequest) -> tuple[StructureFilter, Any, queries.Spot | None]:
    """The filters of the address, the structures they leave, and the place asked for, if any."""
    form = StructureFilter(request.GET, departments=queries.departments_with_structures())
    structures = form.apply(queries.listed(request.actor))
    if form.commune is None:
        return form, structures.order_by("search_name", "pk"), None
    spot, within = queries.spot_of(form.commune), form.within(USUAL_KM)
    narrowed = queries.structures_around(structures, spot, within)[: queries.MOST_MEASURED]
    return form, queries.measured(narrowed, spot, within), spot


@require_safe
@open_to(*READERS)
def structure_list(request: ActorRequest) -> HttpResponse:
    form, found, spot = shown(request)
    page = paginate(found, request.GET.get("page"))
    if spot is None:
        page = page.__class__(unmeasured(page), page.number, page.has_next, page.size)
    context = {"form": form, "page": page, "spot": spot, "within": form.within(USUAL_KM)}
    return render(request, "offer/structure_list.html", context)


@require_safe
@open_to(*READERS)
def structure_export(request: ActorRequest) -> HttpResponseBase:
    _form, found, spot = shown(request)
    audit.record(
        "offer.structures.exported",
        None,
        actor=request.actor,
        at=timezone.now(),
        outcome=Outcome.EXPORTED,
        detail=request.GET.urlencode(),
    )
    rows = found if spot else unmeasured(found[:MOST_ROWS])
    return table_file(
        exports.structures_table(rows, measured=spot is not None), request.GET.get("format", "")
    )


@require_safe
@open_to(*READERS)
def structure_detail(request: ActorRequest, pk: int) -> HttpResponse:
    known = queries.listed(request.actor).select_related("parent", "organisation", "commune__epci")
    structure = get_object_or_404(known.prefetch_related("branches", "records"), pk=pk)
    age = structure.age_in_years(request.actor.on)
    context = {
        "structure": structure,
        "table": activities(),
        "old": age is None or age >= OLD_YEARS,
        "age": age,
        "twins": Structure.objects.visible_to(request.actor)
        .filter(siret=structure.siret, has_valid_siret=True)
        .exclude(pk=structure.pk)[:10]
        if structure.has_valid_siret
        else [],
        "turnover_form": turnover_form(structure)
        if can_keep_structures(request.actor, request.capacities)
        else None,
        "activities_form": activities_form(structure)
        if can_keep_structures(request.actor, request.capacities)
        else None,
    }
    return render(request, "offer/structure_detail.html", context)


def activities_form(structure: Structure) -> ActivitiesForm:
    return ActivitiesForm(initial={"activities": [row.activity for row in structure.activities.all()]})


@require_POST
@open_to(*KEEPERS, capacity=(Capacity.COORDINATOR, Capacity.FACILITATOR))
def structure_activities(request: ActorRequest, pk: int) -> HttpResponse:
    structure = get_object_or_404(Structure.objects.visible_to(request.actor), pk=pk)
    form = ActivitiesForm(request.POST)
    if form.is_valid():
        set_activities(
            structure,
            form.cleaned_data["activities"],
            capacities=request.capacities,
            actor=request.actor,
            at=timezone.now(),
        )
        messages.success(request, _("The activities were saved."))
    else:
        messages.error(request, _("One of these activities is unknown. Nothing was changed."))
    return redirect("structure-offer-detail", organisation=request.organisation.slug, pk=pk)


def turnover_form(structure: Structure) -> TurnoverForm:
    known = structure.turnover
    return TurnoverForm(
        initial={"turnover": "" if known is None else number(known), "year": structure.turnover_year},
        auto_id="turnover_%s",
    )


@require_POST
@open_to(*KEEPERS, capacity=(Capacity.COORDINATOR, Capacity.FACILITATOR))
def structure_turnover(request: ActorRequest, pk: int) -> HttpResponse:
    structure = get_object_or_404(Structure.objects.visible_to(request.actor), pk=pk)
    form = TurnoverForm(request.POST)
    if form.is_valid():
        set_turnover(
            structure,
            turnover=form.cleaned_data["turnover"],
            year=form.cleaned_data["year"],
            capacities=request.capacities,
            actor=request.actor,
            at=timezone.now(),
        )
        messages.success(request, _("The turnover was saved."))
    else:
        why = " ".join(str(error) for errors in form.errors.values() for error in errors)
        messages.error(request, _("Nothing was changed. %(why)s") % {"why": why})
    return redirect("structure-offer-detail", organisation=request.organisation.slug, pk=pk)


def unmeasured(structures: Iterable[Structure]) -> list[queries.Near]:
    """Rows of a list without a place: no distance is told."""
    return [queries.Near(structure, None, Nearness.BEYOND) for structure in structures]
