"""Pages of the whole site: entrance, language, accessibility statement, errors."""

from typing import Any

from allauth.account import views as allauth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from relais.kit.access import public, signed_in
from relais.organisations.queries import demo_members


class LogIn(allauth.LoginView):
    """The sign-in page; in the demonstration it also offers its people."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **demo_entrance()}


def demo_entrance() -> dict[str, Any]:
    """The people one may enter as, in the demonstration only."""
    members = demo_members(timezone.localdate()) if settings.DEMO else []
    return {
        "demo_url": reverse("demo-login"),
        "demo_accounts": [
            {
                "email": member.user.email,
                "name": member.user.full_name,
                "organisation": member.organisation.name,
                "does": member.get_role_display(),
            }
            for member in members
        ],
    }


log_in = public(LogIn.as_view())
log_out = public(allauth.LogoutView.as_view())
account_inactive = public(allauth.AccountInactiveView.as_view())
password_change = signed_in(allauth.PasswordChangeView.as_view())
password_reset = public(allauth.PasswordResetView.as_view())
password_reset_sent = public(allauth.PasswordResetDoneView.as_view())
password_reset_from_link = public(allauth.PasswordResetFromKeyView.as_view())
password_reset_done = public(allauth.PasswordResetFromKeyDoneView.as_view())


@require_safe
@signed_in
def password_choose(request: HttpRequest) -> HttpResponse:
    """An account without password chooses one by the link sent to its address."""
    return redirect("account_reset_password")


@require_POST
@public
def choose_language(request: HttpRequest) -> HttpResponse:
    return set_language(request)


@require_safe
@public
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "config/accessibility.html")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": None}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Nothing of the request is trusted here: the page needs neither session nor database."""
    return HttpResponse(render_to_string("500.html"), status=500)
