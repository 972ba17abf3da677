"""Before and beside the bodies: first page, invitation, own account, demonstration."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from relais.core.verdict import Verdict
from relais.kit.access import Stale, public, signed_in
from relais.organisations import actions, queries, rules
from relais.organisations.forms import AcceptForm
from relais.organisations.landing import landing_url
from relais.organisations.models import Invitation, User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GONE = 410


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    memberships = list(queries.memberships_of(account_of(request), timezone.localdate()))
    if len(memberships) == 1:
        return redirect(landing_url(memberships[0].organisation.slug))
    rows = [(membership, landing_url(membership.organisation.slug)) for membership in memberships]
    return render(request, "organisations/home.html", {"rows": rows})


@require_safe
@signed_in
def account(request: HttpRequest) -> HttpResponse:
    memberships = queries.memberships_of(account_of(request), timezone.localdate())
    rows = [(membership, landing_url(membership.organisation.slug)) for membership in memberships]
    return render(request, "organisations/account.html", {"rows": rows})


def account_of(request: HttpRequest) -> User:
    """The account of a page that only opens to accounts."""
    assert isinstance(request.user, User)
    return request.user


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "again")
@public
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page of an invitation: reading it changes nothing, its button joins, once."""
    found = get_object_or_404(queries.invitations_for(token))
    user = request.user if isinstance(request.user, User) else None
    verdict = actions.acceptance(found, user, on=timezone.localdate(), at=timezone.now())
    if not verdict:
        return refused_invitation(request, found, verdict)
    form = None if user else AcceptForm(request.POST or None, email=found.email)
    if request.method == "POST" and (form is None or form.is_valid()):
        return accept(request, found, user, form.cleaned_data if form else {})
    return render(
        request,
        "organisations/invitation.html",
        {"invitation": found, "form": form},
        status=422 if form and form.errors else 200,
    )


def accept(request: HttpRequest, found: Invitation, user: User | None, typed: dict[str, Any]) -> HttpResponse:
    try:
        membership = actions.accept_invitation(
            found,
            user=user,
            full_name=typed.get("full_name", ""),
            password=typed.get("password", ""),
            on=timezone.localdate(),
            at=timezone.now(),
        )
    except Stale:
        found.refresh_from_db()
        return refused_invitation(request, found, rules.is_open(found, timezone.now()))
    if user is None:
        login(request, membership.user, backend=BACKEND)
    messages.success(request, _("Welcome to %(body)s.") % {"body": found.organisation.name})
    return redirect(landing_url(found.organisation.slug))


def refused_invitation(request: HttpRequest, found: Invitation, verdict: Verdict) -> HttpResponse:
    """Say why, and what to do; 410 when the link is spent, 403 when it is for somebody else."""
    spent = not rules.is_open(found, timezone.now())
    return render(
        request,
        "organisations/invitation_refused.html",
        {"invitation": found, "reason": verdict.reason, "spent": spent},
        status=GONE if spent else 403,
    )


@require_POST
@public
def demo_login(request: HttpRequest) -> HttpResponse:
    """One-click entrance of the demonstration; the page does not exist elsewhere."""
    if not settings.DEMO:
        raise Http404
    wanted = request.POST.get("email", "")
    people = {row.user.email: row.user for row in queries.demo_members(timezone.localdate())}
    if wanted not in people:
        raise Http404
    login(request, people[wanted], backend=BACKEND)
    return redirect("home")
