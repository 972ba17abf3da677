"""Members of the body and invitations: its manager's page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from relais.kit.access import concerning, open_to
from relais.kit.actor import ActorRequest
from relais.kit.forms import attempt
from relais.organisations import actions, queries, rules
from relais.organisations.enums import Role
from relais.organisations.forms import InvitationForm, RoleForm
from relais.organisations.models import Invitation


def invitation_link(request: ActorRequest) -> actions.Link:
    """How this site writes the full address of an invitation."""
    return lambda token: request.build_absolute_uri(reverse("invitation", kwargs={"token": token}))


@require_safe
@open_to(Role.MANAGER)
def member_list(request: ActorRequest) -> HttpResponse:
    people = list(queries.members(request.actor))
    managers = sum(member.role == Role.MANAGER for member in people)
    return render(
        request,
        "organisations/member_list.html",
        {
            "rows": [
                (
                    member,
                    rules.can_end_membership(
                        request.actor, member, other_managers=managers - (member.role == Role.MANAGER)
                    ),
                )
                for member in people
            ],
            "roles": rules.grantable_roles(request.capacities),
            "invitations": queries.open_invitations(request.actor, timezone.now()),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.MANAGER)
def member_invite(request: ActorRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None, roles=rules.grantable_roles(request.capacities))
    if form.is_valid() and attempt(
        form,
        lambda: actions.invite(
            request.organisation,
            **form.cleaned_data,
            link=invitation_link(request),
            actor=request.actor,
            at=timezone.now(),
        ),
    ):
        messages.success(
            request, _("The invitation was sent to %(address)s.") % {"address": form.cleaned_data["email"]}
        )
        return redirect("member-list", organisation=request.organisation.slug)
    return render(
        request, "organisations/member_invite.html", {"form": form}, status=422 if form.errors else 200
    )


@require_POST
@open_to(Role.MANAGER)
def invitation_withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    invitation = concerning(request, get_object_or_404(Invitation.objects.visible_to(request.actor), pk=pk))
    actions.withdraw_invitation(invitation, actor=request.actor, at=timezone.now())
    messages.success(request, _("The invitation was withdrawn: its link opens nothing any more."))
    return redirect("member-list", organisation=request.organisation.slug)


@require_POST
@open_to(Role.MANAGER)
def member_role(request: ActorRequest, pk: int) -> HttpResponse:
    membership = concerning(request, get_object_or_404(queries.members(request.actor), pk=pk))
    form = RoleForm(request.POST)
    if form.is_valid():
        actions.change_role(membership, form.cleaned_data["role"], actor=request.actor, at=timezone.now())
        messages.success(
            request,
            _("%(person)s is now: %(role)s.")
            % {"person": membership.user.full_name, "role": membership.get_role_display()},
        )
    else:
        messages.error(request, _("This role does not exist. Nothing was changed."))
    return redirect("member-list", organisation=request.organisation.slug)


@require_POST
@open_to(Role.MANAGER)
def member_end(request: ActorRequest, pk: int) -> HttpResponse:
    membership = concerning(request, get_object_or_404(queries.members(request.actor), pk=pk))
    actions.end_membership(membership, actor=request.actor, at=timezone.now())
    messages.success(request, _("%(person)s no longer has access.") % {"person": membership.user.full_name})
    if membership.user_id == request.user.pk:
        return redirect("home")
    return redirect("member-list", organisation=request.organisation.slug)
