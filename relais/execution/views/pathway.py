"""The pathway of a person, and what ends soon."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from relais.execution.actions import pathway as actions
from relais.execution.forms.pathway import EndingFilter, StepForm
from relais.execution.queries import pathway as queries
from relais.execution.rules import pathway as rules
from relais.execution.views.people import READERS, WRITERS, person_of
from relais.kit import audit
from relais.kit.access import open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.paging import paginate
from relais.organisations.enums import Capacity


@require_safe
@open_to(*READERS, capacity=Capacity.FACILITATOR)
def person_path(request: ActorRequest, pk: int) -> HttpResponse:
    """The pathway of a person; each opening is traced as that of the file."""
    person = person_of(request, pk)
    audit.record_read(
        person, actor=request.actor, at=timezone.now(), owner_id=person.body_id, scope_id=person.scheme_id
    )
    context = {
        "person": person,
        "pathway": queries.pathway(person, request.actor),
        "can_write": rules.can_record_step(request.actor, person),
    }
    return render(request, "execution/person_path.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*WRITERS, capacity=Capacity.FACILITATOR)
def path_step_add(request: ActorRequest, pk: int) -> HttpResponse:
    person = person_of(request, pk)
    require(rules.can_record_step(request.actor, person))
    form = StepForm(request.POST or None)
    if form.is_valid():
        actions.record_step(person, **form.cleaned_data, actor=request.actor, at=timezone.now())
        messages.success(request, _("The step is recorded."))
        return redirect("person-path", organisation=request.organisation.slug, pk=person.pk)
    return render(request, "execution/path_step_form.html", {"form": form, "person": person})


@require_safe
@open_to(*READERS, capacity=Capacity.FACILITATOR)
def ending_list(request: ActorRequest) -> HttpResponse:
    filters = EndingFilter(request.GET)
    days, kind = filters.asked
    context = {
        "filters": filters,
        "days": days,
        "page": paginate(queries.endings(request.actor, days, kind), request.GET.get("page")),
    }
    return render(request, "execution/ending_list.html", context)
