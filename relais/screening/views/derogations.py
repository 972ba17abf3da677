"""The derogation cases of the social duty: read by all, worded anew by the coordinator."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from relais.core.duty import DerogationCase
from relais.kit.access import open_to, require
from relais.kit.actor import ActorRequest
from relais.screening import actions, rules
from relais.screening.forms import DerogationForm
from relais.screening.models import DerogationWording
from relais.screening.queries import derogations as reading
from relais.screening.views.listing import READERS, READING
from relais.screening.views.parameters import scheme_kept


@require_safe
@open_to(*READERS, capacity=READING)
def derogation_list(request: ActorRequest) -> HttpResponse:
    context = {"rows": reading.cases_shown(request.actor), "scheme": scheme_kept(request)}
    return render(request, "screening/derogation_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=READING)
def derogation_detail(request: ActorRequest, code: str) -> HttpResponse:
    if code not in set(DerogationCase):
        raise Http404
    case, scheme = DerogationCase(code), scheme_kept(request)
    dated = DerogationWording.objects.visible_to(request.actor).filter(case=code)
    history = list(dated.select_related("scheme", "entered_by"))
    now = reading.worded(case, reading.by_case(history), request.actor.on)
    initial = {"wording": now.wording, "legal_case": now.legal_case}
    form = DerogationForm(request.POST or None, initial=initial)
    if request.method == "POST":
        require(rules.can_set_parameters(request.actor, scheme))
        if scheme is not None and form.is_valid():
            actions.word_derogation(scheme, case, form.cleaned_data, actor=request.actor, at=timezone.now())
            messages.success(request, _("The new wording is added. Decisions already taken keep theirs."))
            return redirect("derogation-detail", organisation=request.organisation.slug, code=code)
    context = {
        "case": case,
        "now": now,
        "law": reading.default_of(case),
        "history": history,
        "form": form if scheme else None,
    }
    return render(request, "screening/derogation_detail.html", context, status=422 if form.errors else 200)
