"""The rules of eligibility of a scheme: everybody bound by them reads them, its coordinator writes them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from relais.core.eligibility_policy import default_at
from relais.execution.actions import policies as actions
from relais.execution.forms.policies import PolicyForm
from relais.execution.queries import policies as queries
from relais.execution.views.people import READERS, WRITERS
from relais.kit.access import Refused, open_to
from relais.kit.actor import ActorRequest
from relais.kit.words import say
from relais.organisations.enums import Capacity


@require_safe
@open_to(*READERS, capacity=(Capacity.COORDINATOR, Capacity.FACILITATOR))
def policy_list(request: ActorRequest) -> HttpResponse:
    versions = queries.policies_visible(request.actor)
    context = {
        "versions": [(version, version.as_terms()) for version in versions],
        "usage": default_at(request.actor.on),
        "can_write": request.actor.role in WRITERS and Capacity.COORDINATOR in request.capacities,
    }
    return render(request, "execution/policy_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*WRITERS, capacity=Capacity.COORDINATOR)
def policy_add(request: ActorRequest) -> HttpResponse:
    form = PolicyForm(request.POST or None, schemes=queries.schemes_coordinated(request.actor))
    if form.is_valid():
        try:
            actions.write_policy(
                form.cleaned_data["scheme"], **form.policy, actor=request.actor, at=timezone.now()
            )
        except Refused as refusal:
            form.add_error("starts_on", say(refusal.verdict.reason))
        else:
            messages.success(request, _("The rules are kept: former decisions stay under theirs."))
            return redirect("eligibility-rules", organisation=request.organisation.slug)
    return render(request, "execution/policy_form.html", {"form": form})
