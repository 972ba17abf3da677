"""Opinions of facilitator bodies: asked by the buyer, given once, with a clock."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from relais.kit.access import concerning, open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.forms import attempt
from relais.kit.paging import paginate
from relais.organisations.enums import Capacity
from relais.screening import actions, rules
from relais.screening.forms import MessageForm, OpinionAskForm, OpinionForm
from relais.screening.models import OpinionRequest, Opportunity
from relais.screening.queries import listing
from relais.screening.views.listing import BUYING, READERS, READING
from relais.screening.views.sheet import back_to, lot_asked


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*rules.WRITERS, capacity=BUYING)
def opinion_ask(request: ActorRequest, lot: int) -> HttpResponse:
    found = lot_asked(request, lot)
    sheet: Opportunity | None = getattr(found, "opportunity", None)
    require(rules.can_ask_opinion(request.actor, found, sheet))
    form = OpinionAskForm(
        request.POST or None,
        facilitators=listing.facilitators_for(found, request.actor),
        initial={
            "version": sheet.version if sheet else 0,
            "facilitators": listing.facilitators_there(found, request.actor),
        },
    )
    if request.method == "POST" and form.is_valid():
        ask = partial(actions.ask_opinions, found, **form.cleaned_data, on=request.actor.on)
        if attempt(form, lambda: ask(actor=request.actor, at=timezone.now())):
            names = ", ".join(body.name for body in form.cleaned_data["facilitators"])
            messages.success(request, _("The opinion is asked of %(body)s.") % {"body": names})
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
@open_to(*rules.GIVERS, capacity=Capacity.FACILITATOR)
def opinion_answer(request: ActorRequest, pk: int) -> HttpResponse:
    waiting = OpinionRequest.objects.visible_to(request.actor)
    asked = concerning(
        request, get_object_or_404(waiting.select_related("opportunity__lot__buyer", "asked_by"), pk=pk)
    )
    require(rules.can_answer_opinion(request.actor, asked))
    form = OpinionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        opinion = actions.Opinion(**form.cleaned_data)
        actions.answer_opinion(asked, opinion, actor=request.actor, at=timezone.now())
        messages.success(request, _("Your opinion is given. The buyer reads it on the sheet."))
        return redirect("opinion-list", organisation=request.organisation.slug)
    context = {"asked": asked, "lot": asked.opportunity.lot, "form": form}
    return render(request, "screening/opinion_answer.html", context, status=422 if form.errors else 200)


@require_POST
@open_to(*rules.WRITERS, capacity=BUYING)
def opinion_remind(request: ActorRequest, pk: int) -> HttpResponse:
    """Remind the body that owes an opinion on a lot of one's own."""
    waiting = OpinionRequest.objects.visible_to(request.actor)
    asked = concerning(
        request, get_object_or_404(waiting.select_related("opportunity__lot__buyer", "facilitator"), pk=pk)
    )
    actions.remind_opinion(asked, link=link_to(request, asked), actor=request.actor, at=timezone.now())
    messages.success(request, _("%(body)s is reminded by mail.") % {"body": asked.facilitator.name})
    return back_to(request, asked.opportunity.lot_id)


def link_to(request: ActorRequest, asked: OpinionRequest) -> actions.Link:
    """The full address where the body asked gives its opinion."""
    address = reverse("opinion-answer", args=[asked.facilitator.slug, asked.pk])
    return lambda: request.build_absolute_uri(address)


@require_POST
@open_to(*rules.WRITERS, capacity=READING)
def message_write(request: ActorRequest, lot: int) -> HttpResponse:
    """Write in the thread of a sheet one reads."""
    found, form = lot_asked(request, lot), MessageForm(request.POST)
    if form.is_valid():
        actions.write_message(found, **form.cleaned_data, actor=request.actor, at=timezone.now())
        messages.success(request, _("The message is in the thread."))
    else:
        messages.error(request, " ".join(str(line) for lines in form.errors.values() for line in lines))
    return redirect(f"{sheet_url(request, lot)}#thread")


def sheet_url(request: ActorRequest, lot: int) -> str:
    return reverse("opportunity-detail", args=[request.organisation.slug, lot])
