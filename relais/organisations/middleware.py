"""Build the actor of each request from the organisation in its address."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from relais.kit.actor import Actor
from relais.organisations.models import CapacityHeld, Membership, Organisation, in_force


class ActorMiddleware:
    """Below `/<organisation>/`: a member gets an actor, anybody else a 404; anonymous people log in first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        slug = kwargs.pop("organisation", None)
        if slug is None:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        today = timezone.localdate()
        membership = (
            Membership.objects.active(today)
            .select_related("organisation")
            .filter(user_id=request.user.pk, organisation__slug=slug)
            .first()
        )
        if membership is None:
            tell_stranger(request, slug, today)
            raise Http404
        request.membership = membership
        request.organisation = membership.organisation
        request.capacities = frozenset(
            CapacityHeld.objects.filter(
                in_force(today), organisation_id=membership.organisation_id
            ).values_list("capacity", flat=True)
        )
        request.actor = Actor(request.user.pk, membership.organisation_id, membership.role, today)
        return None


def tell_stranger(request: Any, slug: str, today: date) -> None:
    """For the trail: the stranger acts for their own body, on what belongs to the body of the address."""
    own = Membership.objects.active(today).filter(user_id=request.user.pk).order_by("pk").first()
    if own is not None:
        request.stranger = Actor(request.user.pk, own.organisation_id, own.role, today)
    request.asked_body_id = Organisation.objects.filter(slug=slug).values_list("pk", flat=True).first()
