"""What comes to a person outside the site. It belongs to the account, not to a body."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from relais.insight.actions.digests import choose_digest
from relais.insight.forms.reminders import DigestForm
from relais.insight.queries.digests import choice_of
from relais.kit.access import signed_in
from relais.organisations.models import User


def account_of(request: HttpRequest) -> User:
    """The account of a page that only opens to accounts."""
    assert isinstance(request.user, User)
    return request.user


def page_of(request: HttpRequest, form: DigestForm | None = None) -> HttpResponse:
    choice = choice_of(account_of(request))
    kept = {"rhythm": choice.rhythm, "language": choice.language or settings.LANGUAGE_CODE}
    context = {"form": form or DigestForm(initial=kept), "choice": choice}
    return render(request, "insight/reminders.html", context, status=422 if form else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def reminders(request: HttpRequest) -> HttpResponse:
    """How often the mail comes."""
    if request.method != "POST":
        return page_of(request)
    form = DigestForm(request.POST)
    if not form.is_valid():
        return page_of(request, form)
    choose_digest(account_of(request), **form.cleaned_data, at=timezone.now())
    messages.success(request, _("Your choice is kept."))
    return redirect("reminders")
