"""The stage of the demonstration: the scheme, its bodies, their accounts, what each covers and shares."""

from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock
from itertools import cycle

from allauth.account.models import EmailAddress
from django.utils import timezone

from relais.demo import cast
from relais.demo.cast import Account, Body
from relais.demo.story import SINCE
from relais.kit.actor import Actor
from relais.offer.actions import record_structure
from relais.organisations.actions import found_scheme, register_body, set_areas, share_purchases
from relais.organisations.enums import Capacity, Role
from relais.organisations.models import Membership, Organisation, Scheme, SchemeBody, User
from relais.territories.models import Commune, Department, Territory

SLUG = "lorraine"


def moment(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock(hour)))


@dataclass
class Stage:
    """The bodies and accounts that play, by part."""

    scheme: Scheme
    coordinator: Organisation
    buyers: list[Organisation]
    facilitators: dict[str, Organisation]
    companies: list[Organisation]
    structures: dict[str, list[Organisation]]
    users: dict[tuple[int, str], int]

    def actor(self, organisation: Organisation, role: Role, on: date) -> Actor:
        return Actor(self.users.get((organisation.pk, role.value)), organisation.pk, role.value, on)


def set_stage() -> Stage:
    """The scheme, its bodies and their accounts, in place since the first day."""
    at = moment(SINCE)
    coordinator = cast.COORDINATOR
    manager = next(account for account in coordinator.accounts if account.role == Role.MANAGER)
    founded = found_scheme(
        name="Clauses sociales en Lorraine",
        slug=SLUG,
        coordinator_name=coordinator.name,
        siret=cast.invented_siret(1),
        manager_email=manager.email,
        territory=Territory.objects.filter(slug="lorraine").first(),
        on=SINCE,
        at=at,
        buyer_nature=coordinator.buyer_nature,
    )
    users: dict[tuple[int, str], int] = {}
    open_accounts(founded.coordinator, coordinator.accounts, users)
    actor = Actor(users[founded.coordinator.pk, Role.MANAGER], founded.coordinator.pk, Role.MANAGER, SINCE)
    numbers = iter(range(100, 1000))

    def register(body: Body) -> Organisation:
        siren = (
            Commune.objects.filter(code=body.insee).values_list("siren", flat=True).first()
            if body.insee
            else ""
        )
        organisation = register_body(
            founded.scheme,
            name=body.name,
            siret=cast.siret_of(siren) if siren else cast.invented_siret(next(numbers)),
            capacities=body.capacities,
            actor=actor,
            at=at,
            buyer_nature=body.buyer_nature,
            structure_kind=body.structure_kind,
        )
        open_accounts(organisation, body.accounts, users)
        return organisation

    buyers = [founded.coordinator, *(register(body) for body in cast.BUYERS)]
    facilitators = {body.department: register(body) for body in cast.FACILITATORS}
    names = [f"{trade} {place}" for place in cast.PLACES_OF_COMPANIES for trade in cast.TRADES_OF_COMPANIES]
    accounts = [(account,) for account in cast.COMPANY_ACCOUNTS]
    companies = [
        register(Body(name, (Capacity.COMPANY,), accounts[place] if place < len(accounts) else ()))
        for place, name in enumerate(names)
    ]
    structures: dict[str, list[Organisation]] = {}
    for place, (name, kind) in enumerate(cast.STRUCTURES):
        holders = cast.STRUCTURE_ACCOUNTS if place == 0 else ()
        body = Body(name, (Capacity.STRUCTURE,), holders, structure_kind=kind)
        structures.setdefault(kind.value, []).append(register(body))
    stage = Stage(founded.scheme, founded.coordinator, buyers, facilitators, companies, structures, users)
    share_and_cover(stage, actor, at)
    fill_directory(stage, actor, at)
    return stage


def fill_directory(stage: Stage, actor: Actor, at: datetime) -> None:
    """Enter the structures in the directory, each with what it does and its municipality."""
    towns = {town.pk: town for town in Commune.objects.filter(pk__in=cast.STRUCTURE_TOWNS)}
    turn = cycle(cast.STRUCTURE_TOWNS)
    for kind, bodies in stage.structures.items():
        offers = cast.STRUCTURE_OFFERS.get(kind, ())
        for place, body in enumerate(bodies):
            record_structure(
                body,
                activities=offers[place] if place < len(offers) else (),
                commune=towns.get(next(turn)),
                capacities=cast.COORDINATOR.capacities,
                actor=actor,
                at=at,
            )


def share_and_cover(stage: Stage, actor: Actor, at: datetime) -> None:
    """Give each facilitator body its department; let most buyers share their purchases."""
    for code, body in stage.facilitators.items():
        departments = Department.objects.filter(code=code)
        set_areas(stage.scheme, body, list(departments), actor=actor, at=at)
    for buyer in stage.buyers[1:6]:
        part = SchemeBody.objects.select_related("organisation").get(scheme=stage.scheme, organisation=buyer)
        own = Actor(None, buyer.pk, Role.MANAGER, SINCE)
        share_purchases(part, True, actor=own, at=at)


def open_accounts(
    organisation: Organisation, accounts: tuple[Account, ...], users: dict[tuple[int, str], int]
) -> None:
    """Accounts of the demonstration have no password: its login page opens them by one click."""
    for account in accounts:
        user = User.objects.create_user(account.email, None, full_name=account.name)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        Membership.objects.create(organisation=organisation, user=user, role=account.role, starts_on=SINCE)
        users[organisation.pk, account.role.value] = user.pk
