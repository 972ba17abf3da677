"""The bodies of the scheme: find one, read its page, and for the coordinator add one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from relais.kit.access import concerning, open_to
from relais.kit.actor import Actor, ActorRequest
from relais.kit.forms import attempt
from relais.kit.paging import paginate
from relais.organisations import actions, queries, rules
from relais.organisations.enums import Capacity, Role
from relais.organisations.forms import (
    AreasForm,
    BodyForm,
    CapacityForm,
    DirectoryFilter,
    FirstManagerForm,
)
from relais.organisations.identifiers import shown_siret
from relais.organisations.models import Organisation, Scheme
from relais.organisations.views.members import invitation_link


@require_safe
@open_to()
def body_list(request: ActorRequest) -> HttpResponse:
    form = DirectoryFilter(
        request.GET, departments=queries.covered_departments(request.actor), on=request.actor.on
    )
    bodies = form.apply(queries.directory(request.actor))
    return render(
        request,
        "organisations/body_list.html",
        {
            "form": form,
            "page": paginate(bodies, request.GET.get("page")),
            "can_add": Capacity.COORDINATOR in request.capacities
            and request.actor.role in rules.SCHEME_ROLES,
        },
    )


@require_safe
@open_to()
def body_detail(request: ActorRequest, body: str) -> HttpResponse:
    organisation = concerning(request, get_object_or_404(queries.directory(request.actor), slug=body))
    parts = queries.parts_of(organisation, request.actor)
    kept = [part.scheme for part in parts if rules.can_keep_scheme(request.actor, part.scheme)]
    return render(
        request,
        "organisations/body_detail.html",
        {
            "body": organisation,
            "siret": shown_siret(organisation.siret),
            "parts": parts,
            "keeping": keeping(request.actor, kept[0], organisation) if kept else None,
        },
    )


def keeping(actor: Actor, scheme: Scheme, organisation: Any) -> dict[str, Any]:
    """What the coordinator may do with a body of its scheme, each act with its verdict."""
    held = frozenset(capacity.capacity for capacity in organisation.held)
    covered = [area.department_id for area in organisation.covered if area.scheme_id == scheme.pk]
    can_set_areas = rules.can_set_areas(actor, scheme, held, takes_part=True)
    return {
        "scheme": scheme,
        "capacity_form": CapacityForm(auto_id="capacity_%s"),
        "manager_form": FirstManagerForm(auto_id="manager_%s"),
        "areas_form": AreasForm(
            departments=queries.scheme_departments(scheme), initial={"departments": covered}
        )
        if can_set_areas
        else None,
        "can_leave": rules.can_leave_scheme(actor, scheme, organisation),
        "can_invite": rules.can_invite(
            actor,
            organisation,
            Role.MANAGER,
            capacities=held,
            coordinates=True,
            has_members=queries.has_members(organisation, actor.on),
        ),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.MANAGER, Role.OFFICER, capacity=Capacity.COORDINATOR)
def body_add(request: ActorRequest) -> HttpResponse:
    scheme = queries.kept_scheme(request.actor)
    if scheme is None:
        raise Http404
    form = BodyForm(request.POST or None)
    if form.is_valid() and attempt(
        form,
        lambda: actions.register_body(
            scheme,
            **form.cleaned_data,
            link=invitation_link(request),
            actor=request.actor,
            at=timezone.now(),
        ),
    ):
        messages.success(
            request, _("%(body)s takes part in the scheme.") % {"body": form.cleaned_data["name"]}
        )
        return redirect("body-list", organisation=request.organisation.slug)
    return render(
        request,
        "organisations/body_add.html",
        {"form": form, "scheme": scheme},
        status=422 if form.errors else 200,
    )


def asked(request: ActorRequest, body: str) -> tuple[Scheme, Organisation]:
    """The scheme kept by the actor and the body named in the address."""
    organisation = concerning(
        request, get_object_or_404(Organisation.objects.visible_to(request.actor), slug=body)
    )
    scheme = queries.kept_scheme(request.actor)
    if scheme is None:
        raise Http404
    return scheme, organisation


def back_to(request: ActorRequest, organisation: Organisation) -> HttpResponse:
    return redirect("body-detail", organisation=request.organisation.slug, body=organisation.slug)


@require_POST
@open_to(Role.MANAGER, Role.OFFICER, capacity=Capacity.COORDINATOR)
def capacity_grant(request: ActorRequest, body: str) -> HttpResponse:
    scheme, organisation = asked(request, body)
    form = CapacityForm(request.POST)
    if form.is_valid():
        held = actions.grant_capacity(
            scheme, organisation, form.cleaned_data["capacity"], actor=request.actor, at=timezone.now()
        )
        messages.success(request, _("New capacity: %(name)s.") % {"name": held.get_capacity_display()})
    else:
        messages.error(request, _("This capacity cannot be opened here. Nothing was changed."))
    return back_to(request, organisation)


@require_POST
@open_to(Role.MANAGER, Role.OFFICER, capacity=Capacity.COORDINATOR)
def areas_set(request: ActorRequest, body: str) -> HttpResponse:
    scheme, organisation = asked(request, body)
    form = AreasForm(request.POST, departments=queries.scheme_departments(scheme))
    if form.is_valid():
        actions.set_areas(
            scheme, organisation, form.cleaned_data["departments"], actor=request.actor, at=timezone.now()
        )
        messages.success(request, _("The departments covered were saved."))
    else:
        messages.error(request, _("One of these departments is unknown. Nothing was changed."))
    return back_to(request, organisation)


@require_POST
@open_to(Role.MANAGER, Role.OFFICER, capacity=Capacity.COORDINATOR)
def body_invite(request: ActorRequest, body: str) -> HttpResponse:
    _kept, organisation = asked(request, body)
    form = FirstManagerForm(request.POST)
    if form.is_valid():
        actions.invite(
            organisation,
            email=form.cleaned_data["email"],
            role=Role.MANAGER,
            link=invitation_link(request),
            actor=request.actor,
            at=timezone.now(),
        )
        messages.success(request, _("The invitation was sent."))
    else:
        messages.error(request, _("This is not an e-mail address. Nothing was sent."))
    return back_to(request, organisation)


@require_POST
@open_to(Role.MANAGER, Role.OFFICER, capacity=Capacity.COORDINATOR)
def body_leave(request: ActorRequest, body: str) -> HttpResponse:
    scheme, organisation = asked(request, body)
    actions.leave_scheme(scheme, organisation, actor=request.actor, at=timezone.now())
    messages.success(request, _("%(body)s left the scheme.") % {"body": organisation.name})
    return redirect("body-list", organisation=request.organisation.slug)
