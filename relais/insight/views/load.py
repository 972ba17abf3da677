"""The load of the facilitator bodies, and the hand-over of cases from one to another."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from relais.core.workload import Weights
from relais.insight import rules
from relais.insight.actions import handovers as actions
from relais.insight.forms.load import HandOverForm, LoadFilter
from relais.insight.models import HandOver
from relais.insight.queries.load import board, facilitator_bodies, hand_overs, open_cases
from relais.kit.access import concerning, open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.forms import attempt
from relais.organisations.enums import Capacity, Role
from relais.organisations.models import Organisation, Scheme

ROLES = (Role.MANAGER, Role.OFFICER, Role.READER)
FOLLOWING = (Capacity.COORDINATOR, Capacity.FACILITATOR)


def schemes_of(request: ActorRequest) -> list[Scheme]:
    """The schemes of the body, those it coordinates first."""
    found = Scheme.objects.visible_to(request.actor).order_by("pk")
    return sorted(found, key=lambda scheme: scheme.coordinator_id != request.organisation.pk)


def asked_scheme(schemes: list[Scheme], slug: str) -> Scheme | None:
    return next((scheme for scheme in schemes if scheme.slug == slug), next(iter(schemes), None))


@require_safe
@open_to(*ROLES, capacity=FOLLOWING)
def load_list(request: ActorRequest) -> HttpResponse:
    schemes = schemes_of(request)
    scheme = asked_scheme(schemes, request.GET.get("scheme", ""))
    form = LoadFilter(request.GET, schemes=schemes, usual=Weights.usual())
    weights = form.weights()
    found = board(scheme, request.actor, weights) if scheme else None
    rows = found.rows if found else []
    context = {
        "form": form,
        "scheme": scheme,
        "board": found,
        "weights": weights,
        "rows": [(row, can_hand(request, scheme, row.body.pk)) for row in rows],
        "coordinates": bool(scheme and scheme.coordinator_id == request.organisation.pk),
        "done": hand_overs(scheme, request.actor) if scheme else [],
    }
    template = "insight/load_list.html#rows" if request.htmx else "insight/load_list.html"
    return render(request, template, context)


def can_hand(request: ActorRequest, scheme: Scheme | None, body: int) -> bool:
    return scheme is not None and bool(rules.can_hand_over(request.actor, scheme, body))


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*ROLES, capacity=FOLLOWING)
def hand_over(request: ActorRequest, scheme: str, body: int) -> HttpResponse:
    """The open cases of a body, to tick, and to whom they go."""
    found = concerning(request, get_object_or_404(Scheme.objects.visible_to(request.actor), slug=scheme))
    from_body = body_of(request, found, body)
    require(rules.can_hand_over(request.actor, found, from_body.pk))
    others = facilitator_bodies(found, request.actor.on).exclude(pk=from_body.pk)
    form = HandOverForm(request.POST or None, bodies=others)
    ticked = {int(value) for value in request.POST.getlist("party") if value.isdecimal() and len(value) < 10}

    def act() -> None:
        done = actions.hand_over(
            found,
            from_body=from_body,
            **form.cleaned_data,
            parties=ticked,
            link=lambda one: link_of(request, one),
            actor=request.actor,
            at=timezone.now(),
        )
        made.append(done)

    made: list[HandOver] = []
    if request.method == "POST" and form.is_valid() and attempt(form, act):
        messages.success(request, _("The cases are handed over from that day on."))
        return redirect("hand-over-detail", request.organisation.slug, made[0].pk)
    context = {
        "scheme": found,
        "from_body": from_body,
        "form": form,
        "cases": list(open_cases(found, from_body.pk, request.actor.on)),
        "ticked": ticked,
    }
    return render(request, "insight/hand_over.html", context, status=422 if form.errors else 200)


def body_of(request: ActorRequest, scheme: Scheme, pk: int) -> Organisation:
    """A facilitator body of the scheme: any for its coordinator, its own for a body."""
    if scheme.coordinator_id != request.organisation.pk and pk != request.organisation.pk:
        raise Http404
    return get_object_or_404(facilitator_bodies(scheme, request.actor.on), pk=pk)


def link_of(request: HttpRequest, done: HandOver) -> str:
    """The address where the next body reads it."""
    return request.build_absolute_uri(reverse("hand-over-detail", args=[done.to_body.slug, done.pk]))


def asked(request: ActorRequest, pk: int) -> HandOver:
    found = HandOver.objects.visible_to(request.actor)
    return concerning(
        request,
        get_object_or_404(found.select_related("scheme", "from_body", "to_body", "made_by"), pk=pk),
    )


@require_safe
@open_to(*ROLES, capacity=FOLLOWING)
def hand_over_detail(request: ActorRequest, pk: int) -> HttpResponse:
    done = asked(request, pk)
    cases = done.cases.select_related("clause__lot", "clause__buyer", "clause__obligation")
    context = {
        "done": done,
        "cases": cases.order_by("clause__reference", "pk"),
        "can_undo": rules.can_undo_hand_over(request.actor, done),
        "reads_cases": request.actor.on >= done.starts_on or request.organisation.pk != done.to_body_id,
    }
    return render(request, "insight/hand_over_detail.html", context)


@require_POST
@open_to(*ROLES, capacity=FOLLOWING)
def hand_over_undo(request: ActorRequest, pk: int) -> HttpResponse:
    done = asked(request, pk)
    actions.undo_hand_over(done, actor=request.actor, at=timezone.now())
    messages.success(request, _("The hand-over is undone: the cases stay where they were."))
    return redirect("hand-over-detail", request.organisation.slug, pk)
