"""Links to declare, for who sends them: the facilitator, or the holder for its subcontractors."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from relais.core.months import Month
from relais.execution.actions import links as actions
from relais.execution.forms.links import LinkForm
from relais.execution.models import DeclarationLink, Obligation
from relais.execution.queries import links as queries
from relais.execution.rules import links as rules
from relais.execution.views.statements import FOLLOWING, WRITERS
from relais.kit.access import concerning, open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.forms import attempt


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*WRITERS, capacity=FOLLOWING)
def link_list(request: ActorRequest, pk: int) -> HttpResponse:
    """The links sent for an obligation, and the form of the next one."""
    visible = Obligation.objects.visible_to(request.actor).with_file().prefetch_related("clause__parties")
    obligation = concerning(request, get_object_or_404(visible, pk=pk))
    require(rules.sends_links(request.actor, queries.parties_of(obligation, request.actor.on)))
    months = queries.months_to_ask(obligation, request.actor.on)
    form = LinkForm(
        request.POST or None,
        bodies=queries.bodies_with_jobs(obligation, request.actor),
        months=months,
        initial={"month": str(asked_first(months))},
    )
    if form.is_valid() and attempt(form, lambda: send(request, obligation, form)):
        count, email = form.cleaned_data["count"], form.cleaned_data["email"]
        told = ngettext(
            "One link was sent to %(address)s.", "%(count)s links were sent to %(address)s.", count
        )
        messages.success(request, told % {"count": count, "address": email})
        return redirect("link-list", organisation=request.organisation.slug, pk=obligation.pk)
    links = list(queries.links_of(obligation, request.actor)[:100])
    context = {"obligation": obligation, "form": form, "links": links, "now": timezone.now()}
    return render(request, "execution/link_list.html", context)


def asked_first(months: list[Month]) -> Month:
    """The month proposed: the last one that is over."""
    return months[min(2, len(months) - 1)]


def send(request: ActorRequest, obligation: Obligation, form: LinkForm) -> None:
    actions.send_links(
        obligation,
        declarant=form.cleaned_data["declarant"],
        months=form.months,
        email=form.cleaned_data["email"],
        address=lambda token: request.build_absolute_uri(reverse("declaration", kwargs={"token": token})),
        actor=request.actor,
        at=timezone.now(),
    )


@require_POST
@open_to(*WRITERS, capacity=FOLLOWING)
def link_withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    visible = DeclarationLink.objects.visible_to(request.actor).select_related("obligation__clause")
    link = concerning(request, get_object_or_404(visible, pk=pk))
    actions.withdraw_link(link, actor=request.actor, at=timezone.now())
    messages.success(request, _("The link was withdrawn: it opens nothing any more."))
    return redirect("link-list", organisation=request.organisation.slug, pk=link.obligation_id)
