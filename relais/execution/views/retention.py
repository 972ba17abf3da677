"""How long the files of people are kept: what is due, what is archived, what a manager keeps longer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from relais.core.retention import CLOCKS
from relais.execution.actions import retention as actions
from relais.execution.forms.retention import ExtensionForm
from relais.execution.models import Person
from relais.execution.queries import retention as queries
from relais.execution.views.people import WRITERS
from relais.kit.access import concerning, open_to
from relais.kit.actor import ActorRequest
from relais.kit.paging import paginate
from relais.organisations.enums import Capacity, Role


@require_safe
@open_to(*WRITERS, capacity=Capacity.FACILITATOR)
def retention_list(request: ActorRequest) -> HttpResponse:
    on = request.actor.on
    context = {
        "page": paginate(queries.files_to_look_at(request.actor), request.GET.get("page")),
        "active": CLOCKS["active_months"],
        "active_months": CLOCKS["active_months"].at(on),
        "evidence": CLOCKS["evidence_months"],
        "evidence_months": CLOCKS["evidence_months"].at(on),
        "can_extend": request.actor.role == Role.MANAGER,
    }
    return render(request, "execution/retention_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.MANAGER, capacity=Capacity.FACILITATOR)
def retention_extend(request: ActorRequest, pk: int) -> HttpResponse:
    mine = Person.objects.visible_to(request.actor).followed_by(request.actor.organisation_id)
    person = concerning(request, get_object_or_404(mine.filter(anonymised_on=None), pk=pk))
    form = ExtensionForm(request.POST or None, today=request.actor.on)
    if form.is_valid():
        actions.extend_retention(person, **form.cleaned_data, actor=request.actor, at=timezone.now())
        messages.success(request, _("%(number)s is kept in use.") % {"number": person.number})
        return redirect("retention-list", organisation=request.organisation.slug)
    context = {"form": form, "person": person, "last": queries.last_extension(person)}
    return render(request, "execution/retention_extend.html", context)
