"""The schemes of the body, and their parameters: dated values with their sources."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from relais.kit.access import concerning, open_to, require
from relais.kit.actor import ActorRequest
from relais.organisations import actions, queries, rules
from relais.organisations.enums import Capacity, PolicyKey, Role
from relais.organisations.forms import PolicyForm
from relais.organisations.models import Scheme, SchemeBody
from relais.organisations.policies import default_policies


@require_safe
@open_to()
def scheme_list(request: ActorRequest) -> HttpResponse:
    return render(
        request,
        "organisations/scheme_list.html",
        {
            "participations": queries.participations(request.actor),
            "is_manager": request.actor.role == Role.MANAGER,
            "is_buyer": Capacity.BUYER in request.capacities,
            "can_share": rules.can_share_purchases(request.actor, request.organisation, request.capacities),
        },
    )


@require_POST
@open_to(Role.MANAGER, capacity=Capacity.BUYER)
def purchases_share(request: ActorRequest, scheme: str) -> HttpResponse:
    own = SchemeBody.objects.visible_to(request.actor).filter(organisation=request.organisation)
    part = concerning(request, get_object_or_404(own.select_related("organisation"), scheme__slug=scheme))
    shares = request.POST.get("shares") == "yes"
    actions.share_purchases(part, shares, actor=request.actor, at=timezone.now())
    if shares:
        messages.success(request, _("The coordinator now reads your purchases to come."))
    else:
        messages.success(request, _("The coordinator no longer reads your purchases to come."))
    return redirect("scheme-list", organisation=request.organisation.slug)


@require_POST
@open_to(Role.MANAGER)
def scheme_leave(request: ActorRequest, scheme: str) -> HttpResponse:
    found = concerning(request, get_object_or_404(Scheme.objects.visible_to(request.actor), slug=scheme))
    actions.leave_scheme(found, request.organisation, actor=request.actor, at=timezone.now())
    messages.success(request, _("%(body)s left the scheme.") % {"body": request.organisation.name})
    return redirect("scheme-list", organisation=request.organisation.slug)


@require_safe
@open_to()
def policy_list(request: ActorRequest, scheme: str) -> HttpResponse:
    found = concerning(request, get_object_or_404(Scheme.objects.visible_to(request.actor), slug=scheme))
    keys = rules.readable_policies(request.capacities)
    return render(
        request,
        "organisations/policy_list.html",
        {
            "scheme": found,
            "rows": queries.policy_rows(found, keys, request.actor.on),
            "partial": len(keys) < len(PolicyKey),
            "can_keep": rules.can_keep_scheme(request.actor, found),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to()
def policy_detail(request: ActorRequest, scheme: str, key: str) -> HttpResponse:
    found = concerning(request, get_object_or_404(Scheme.objects.visible_to(request.actor), slug=scheme))
    if key not in rules.readable_policies(request.capacities):
        raise Http404
    policy_key, can_keep = PolicyKey(key), rules.can_keep_scheme(request.actor, found)
    form = PolicyForm(request.POST or None, key=policy_key)
    if request.method == "POST":
        require(can_keep)
        if form.is_valid():
            actions.set_policy(found, policy_key, **form.cleaned_data, actor=request.actor, at=timezone.now())
            messages.success(request, _("The new value was added. The former ones stay in the history."))
            return redirect("policy-list", organisation=request.organisation.slug, scheme=found.slug)
    return render(
        request,
        "organisations/policy_detail.html",
        {
            "scheme": found,
            "key": policy_key,
            "form": form if can_keep else None,
            "history": queries.policy_history(found, key, request.actor),
            "defaults": default_policies().get(policy_key, ())[::-1],
        },
        status=422 if form.errors else 200,
    )
