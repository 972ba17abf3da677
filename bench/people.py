"""The fictitious scheme of the benches, its coordinator and somebody who signs in."""

from datetime import date

from allauth.account.models import EmailAddress

from relais.organisations.enums import Capacity, Role
from relais.organisations.models import CapacityHeld, Membership, Organisation, Scheme, User

SINCE = date(2008, 6, 1)


def lay_scheme() -> Scheme:
    """A coordinator and its scheme, alone in their database."""
    coordinator = Organisation.objects.create(slug="region-de-mesure", name="Région de mesure")
    for capacity in (Capacity.COORDINATOR, Capacity.BUYER):
        CapacityHeld.objects.create(organisation=coordinator, capacity=capacity, starts_on=SINCE)
    return Scheme.objects.create(slug="mesure", name="Dispositif de mesure", coordinator=coordinator)


def lay_manager(scheme: Scheme) -> User:
    """Who opens the pages: a manager of the coordinator."""
    user = User.objects.create_user("gestion@mesure.example", full_name="Marthe Mesure")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Membership.objects.create(organisation=scheme.coordinator, user=user, role=Role.MANAGER, starts_on=SINCE)
    return user
