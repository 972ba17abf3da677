"""Announce a lot to come by hand, and correct it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from relais.kit.access import concerning, open_to, require
from relais.kit.actor import ActorRequest
from relais.organisations.enums import Role
from relais.organisations.models import Scheme
from relais.procurement.models import Lot
from relais.screening import actions, rules
from relais.screening.forms import LotForm
from relais.screening.models import Opportunity
from relais.screening.queries import listing
from relais.screening.views.listing import BUYING
from relais.screening.views.sheet import back_to


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*rules.WRITERS, capacity=BUYING)
def lot_create(request: ActorRequest) -> HttpResponse:
    schemes = Scheme.objects.visible_to(request.actor)
    if not schemes.exists():
        raise Http404
    form = LotForm(request.POST or None, schemes=schemes, departments=listing.departments_of(request.actor))
    if request.method == "POST" and form.is_valid():
        values = typed(form)
        if request.actor.role == Role.PROJECT_LEAD:
            values["project_lead"] = request.user
        lot = actions.type_lot(
            form.chosen_scheme,
            values,
            consultation=consultation_of(form),
            actor=request.actor,
            at=timezone.now(),
            on=request.actor.on,
        )
        messages.success(request, _("The lot is announced and screened."))
        return back_to(request, lot.pk)
    context = {"form": form, "lot": None}
    return render(request, "screening/lot_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*rules.WRITERS, capacity=BUYING)
def lot_edit(request: ActorRequest, lot: int) -> HttpResponse:
    found = concerning(
        request, get_object_or_404(Lot.objects.visible_to(request.actor).select_related("scheme"), pk=lot)
    )
    sheet = Opportunity.objects.visible_to(request.actor).filter(lot=found).first()
    require(rules.can_edit_lot(request.actor, found, sheet))
    form = LotForm(
        request.POST or None,
        instance=found,
        schemes=Scheme.objects.visible_to(request.actor),
        departments=listing.departments_of(request.actor),
        initial={"seen": actions.digest(found)},
    )
    if request.method == "POST" and form.is_valid():
        actions.edit_lot(
            found,
            typed(form),
            consultation=consultation_of(form),
            seen=form.cleaned_data["seen"],
            actor=request.actor,
            at=timezone.now(),
            on=request.actor.on,
        )
        messages.success(request, _("The lot is corrected and screened again."))
        return back_to(request, lot)
    context = {"form": form, "lot": found}
    return render(request, "screening/lot_form.html", context, status=422 if form.errors else 200)


def typed(form: LotForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in LotForm.Meta.fields}


def consultation_of(form: LotForm) -> actions.Consultation:
    return actions.Consultation(form.cleaned_data["consultation"], form.cleaned_data["whole_value"])
