"""Turn refusals and conflicts into pages, and leave a trace of every refusal."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from relais.kit import audit
from relais.kit.access import Refused, Stale
from relais.kit.models import Outcome


class RefusalMiddleware:
    """403 with the reason for `Refused`, 409 for `Stale`; an audit line for each 403 and 404 of a member."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if response.status_code in (403, 404) and user is not None and user.is_authenticated:
            self.trace(request, response.status_code)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refused):
            return render(request, "403.html", {"reason": error.verdict.reason}, status=403)
        if isinstance(error, Stale):
            return render(request, "409.html", {"thing": error.thing}, status=409)
        return None

    def trace(self, request: HttpRequest, status: int) -> None:
        match = request.resolver_match
        audit.record(
            match.view_name if match else "unknown address",
            None,
            actor=getattr(request, "actor", None),
            user_id=request.user.pk,
            at=timezone.now(),
            outcome=Outcome.REFUSED,
            detail=f"{request.method} {status}",
        )
