"""The gate: who may knock at a page, and what a refusal says.

A stranger gets a 404, a colleague without the right a 403 with the reason. Every view carries exactly one
of `open_to`, `signed_in` or `public`; a test of the site fails for a view that carries none.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from relais.core.verdict import Verdict, no
from relais.core.words import gettext_noop
from relais.kit.refusals import tell

View = Callable[..., HttpResponseBase]


class Refused(Exception):
    """The actor may not do this now; `verdict` says why, in words for the user.

    The trail of the request keeps the reason, whoever catches the refusal; `told.about` names the thing
    when it is not the one of the page.
    """

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(str(verdict.reason))
        self.verdict = verdict
        self.told = tell(verdict.reason)


class Stale(Exception):
    """Somebody changed the thing meanwhile: nothing was done. `thing` names what changed."""

    def __init__(self, thing: object) -> None:
        super().__init__(str(thing))
        self.thing = thing


def require(verdict: Verdict) -> None:
    """Go on if the verdict allows it, raise `Refused` with its reason otherwise."""
    if not verdict:
        raise Refused(verdict)


def concerning[Thing](request: Any, thing: Thing) -> Thing:
    """Say what the page is about, for the line of the trail that a refusal leaves; returns the thing."""
    request.about = thing
    return thing


ROLE_REFUSED = gettext_noop("Your role in this organisation does not open this page. Ask its manager.")


def open_to(*roles: str, capacity: str | tuple[str, ...] = ()) -> Callable[[View], View]:
    """Open a page of an organisation to some roles, in bodies that have one of the capacities.

    A body without the capacity gets a 404 (the page does not exist for it); a member without the role
    gets a 403 with the reason. No role named means every role.
    """
    capacities = frozenset([capacity] if isinstance(capacity, str) else capacity)
    wanted = frozenset(roles)

    def decorate(view: View) -> View:
        @wraps(view)
        def gate(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if capacities and not capacities & request.capacities:
                raise Http404
            if wanted and request.actor.role not in wanted:
                raise Refused(no(ROLE_REFUSED))
            return view(request, *args, **kwargs)

        gate.access = ("open_to", wanted, capacities)  # type: ignore[attr-defined]
        return gate

    return decorate


def signed_in(view: View) -> View:
    """Open a page to whoever has an account, outside any organisation."""

    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            from django.contrib.auth.views import redirect_to_login  # loads the user model

            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    gate.access = ("signed_in", frozenset(), frozenset())  # type: ignore[attr-defined]
    return gate


def public(view: View) -> View:
    """Open a page to everybody, deliberately."""
    view.access = ("public", frozenset(), frozenset())  # type: ignore[attr-defined]
    return view
