"""What comes to a person outside the site. It belongs to the account, not to a body."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from relais.insight.actions.agenda import close_agenda, open_agenda
from relais.insight.actions.digests import choose_digest
from relais.insight.forms.reminders import DigestForm
from relais.insight.queries.agenda import events_of, key_of, person_behind
from relais.insight.queries.digests import choice_of
from relais.kit.access import public, signed_in
from relais.kit.icalendar import calendar
from relais.organisations.models import User


def account_of(request: HttpRequest) -> User:
    """The account of a page that only opens to accounts."""
    assert isinstance(request.user, User)
    return request.user


def page_of(request: HttpRequest, form: DigestForm | None = None, token: str = "") -> HttpResponse:
    user = account_of(request)
    choice = choice_of(user)
    kept = {"rhythm": choice.rhythm, "language": choice.language or settings.LANGUAGE_CODE}
    address = request.build_absolute_uri(reverse("agenda-feed", args=[token])) if token else ""
    context = {
        "form": form or DigestForm(initial=kept),
        "choice": choice,
        "key": key_of(user),
        "address": address,
    }
    return render(request, "insight/reminders.html", context, status=422 if form else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def reminders(request: HttpRequest) -> HttpResponse:
    """How often the mail comes, and the address for the agenda."""
    if request.method != "POST":
        return page_of(request)
    form = DigestForm(request.POST)
    if not form.is_valid():
        return page_of(request, form)
    choose_digest(account_of(request), **form.cleaned_data, at=timezone.now())
    messages.success(request, _("Your choice is kept."))
    return redirect("reminders")


@never_cache
@require_POST
@signed_in
def agenda_open(request: HttpRequest) -> HttpResponse:
    """A new address, shown on this answer only; the former one stops."""
    return page_of(request, token=open_agenda(account_of(request), at=timezone.now()))


@require_POST
@signed_in
def agenda_close(request: HttpRequest) -> HttpResponse:
    if close_agenda(account_of(request), at=timezone.now()):
        messages.success(request, _("The address for your agenda is closed."))
    return redirect("reminders")


@never_cache
@require_safe
@public
def agenda_feed(request: HttpRequest, token: str) -> HttpResponse:
    """What an agenda reads: whoever holds the address reads it, so it names nobody."""
    user = get_object_or_404(person_behind(token))
    at = timezone.now()
    with translation.override(choice_of(user).language or settings.LANGUAGE_CODE):
        events = events_of(user, site=request.build_absolute_uri("/").rstrip("/"), on=timezone.localdate(at))
        text = calendar(_("Relais: to do"), events, at=at)
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="relais.ics"', "X-Robots-Tag": "noindex"},
    )
