"""Hours to come by trade and quarter, for those who prepare people and offers."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from relais.kit.access import open_to
from relais.kit.actor import ActorRequest
from relais.organisations.enums import Capacity
from relais.screening.queries.coming import hours_to_come as read_hours
from relais.screening.views.listing import READERS

PREPARING = (
    Capacity.COORDINATOR,
    Capacity.BUYER,
    Capacity.FACILITATOR,
    Capacity.STRUCTURE,
    Capacity.PRESCRIBER,
    Capacity.TRAINING,
)


@require_safe
@open_to(*READERS, capacity=PREPARING)
def hours_to_come(request: ActorRequest) -> HttpResponse:
    return render(request, "screening/hours_to_come.html", {"rows": read_hours(request.actor)})
