"""Who asks: one small value that pages, commands, tasks and tests build alike."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

if TYPE_CHECKING:
    from relais.organisations.models import Membership, Organisation, User


@dataclass(frozen=True, slots=True)
class Actor:
    """A user acting for one organisation, in one role, on one day.

    `user_id` is None for a command run by the machine's administrator. `on` is the day of asking:
    rights are dated relations, so every reading needs it.
    """

    user_id: int | None
    organisation_id: int
    role: str
    on: date


class ActorRequest(HttpRequest):
    """A request below `/<organisation>/`: the middleware has built its actor."""

    actor: Actor
    organisation: "Organisation"
    membership: "Membership"
    capacities: frozenset[str]
    user: "User"  # type: ignore[assignment]
    htmx: Any
