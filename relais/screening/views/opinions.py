"""Opinions of facilitator bodies: asked by the buyer, given once, with a clock."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from relais.kit.access import open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.forms import attempt
from relais.kit.paging import paginate
from relais.organisations.enums import Capacity, Role
from relais.screening import actions, rules
from relais.screening.forms import OpinionAskForm, OpinionForm
from relais.screening.models import OpinionRequest, Opportunity
from relais.screening.queries import listing
from relais.screening.views.listing import BUYING, READERS
from relais.screening.views.sheet import back_to, lot_asked

GIVERS = (Role.MANAGER, Role.OFFICER)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*rules.WRITERS, capacity=BUYING)
def opinion_ask(request: ActorRequest, lot: int) -> HttpResponse:
    found = lot_asked(request, lot)
    sheet: Opportunity | None = getattr(found, "opportunity", None)
    require(rules.can_ask_opinion(request.actor, found, sheet))
    form = OpinionAskForm(
        request.POST or None,
        facilitators=listing.facilitators_for(found, request.actor),
        initial={"version": sheet.version if sheet else 0},
    )
    if request.method == "POST" and form.is_valid():
        ask = partial(actions.ask_opinion, found, **form.cleaned_data, on=request.actor.on)
        if attempt(form, lambda: ask(actor=request.actor, at=timezone.now())):
            text = _("The opinion is asked of %(body)s.")
            messages.success(request, text % {"body": form.cleaned_data["facilitator"].name})
            return back_to(request, lot)
    context = {"lot": found, "form": form}
    return render(request, "screening/opinion_ask.html", context, status=422 if form.errors else 200)


@require_safe
@open_to(*READERS, capacity=Capacity.FACILITATOR)
def opinion_list(request: ActorRequest) -> HttpResponse:
    page = paginate(listing.asked_of(request.actor), request.GET.get("page"))
    context = {"page": page, "day": request.actor.on}
    return render(request, "screening/opinion_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*GIVERS, capacity=Capacity.FACILITATOR)
def opinion_answer(request: ActorRequest, pk: int) -> HttpResponse:
    waiting = OpinionRequest.objects.visible_to(request.actor)
    asked = get_object_or_404(waiting.select_related("opportunity__lot__buyer", "asked_by"), pk=pk)
    require(rules.can_answer_opinion(request.actor, asked))
    form = OpinionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.answer_opinion(asked, **form.cleaned_data, actor=request.actor, at=timezone.now())
        messages.success(request, _("Your opinion is given. The buyer reads it on the sheet."))
        return redirect("opinion-list", organisation=request.organisation.slug)
    context = {"asked": asked, "lot": asked.opportunity.lot, "form": form}
    return render(request, "screening/opinion_answer.html", context, status=422 if form.errors else 200)
