"""Turn refusals and conflicts into pages, and leave a trace of every refusal."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import ResolverMatch
from django.utils import timezone

from relais.kit import audit
from relais.kit.access import Refused, Stale
from relais.kit.refusals import Told, collected, detail_of

UNKNOWN = "unknown address"
CLOSED = (403, 404)


class RefusalMiddleware:
    """403 with the reason for `Refused`, 409 for `Stale`; an audit line for each refusal of a member.

    A refusal told on a page (200, 302, 422) is a line as well as a 403 or a 404. Lines are written when the
    view is over, out of reach of what the refusal undid.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with collected() as told:
            response = self.get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            if response.status_code in CLOSED:
                self.trace(request, told[-1:] or [Told(None)], f" {response.status_code}")
            elif told:
                self.trace(request, told, "")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refused):
            return render(request, "403.html", {"reason": error.verdict.reason}, status=403)
        if isinstance(error, Stale):
            return render(request, "409.html", {"thing": error.thing}, status=409)
        return None

    def trace(self, request: HttpRequest, told: Iterable[Told], status: str) -> None:
        """One line for each reason: what was asked, on what as far as the page got, and why not."""
        match = request.resolver_match
        asked = f"{request.method}{status}{ids_of(match)}"
        for one in told:
            audit.refused(
                match.view_name if match else UNKNOWN,
                one.about or getattr(request, "about", None),
                actor=getattr(request, "actor", None) or getattr(request, "stranger", None),
                user_id=request.user.pk,
                owner_id=getattr(request, "asked_body_id", None),
                at=timezone.now(),
                detail=detail_of(asked, one.words),
            )


def ids_of(match: ResolverMatch | None) -> str:
    """The numbers and the months of the address; words may be secrets, such as the link of an invitation."""
    kwargs: dict[str, Any] = match.kwargs if match else {}
    return "".join(f" {name}={value}" for name, value in kwargs.items() if not isinstance(value, str))
