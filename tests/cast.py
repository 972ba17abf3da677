"""The cast: the same people in every test, so that a test reads as a sentence of the trade.

Two schemes that ignore each other. Clara, Carole, Pascal, Paula, Elodie and Remi work (or worked) for the
region that coordinates the first one; Benoit buys for a town of it; Fanny and Felix are facilitators of two
bodies; Corinne and Cyril hold contracts; Sonia and Simon run insertion structures; Sam coordinates the
other scheme; Vera has no account.
"""

from dataclasses import dataclass
from datetime import date

from allauth.account.models import EmailAddress
from django.utils import timezone
from stdnum import luhn

from relais.kit.actor import Actor
from relais.organisations.enums import BuyerNature, Capacity, Role, StructureKind
from relais.organisations.models import (
    CapacityHeld,
    FacilitatorArea,
    Membership,
    Organisation,
    Scheme,
    SchemeBody,
    User,
)
from relais.territories.enums import TerritoryKind
from relais.territories.models import Department, Region, Territory

SINCE = date(2008, 6, 1)
"""First day of every relation of the cast: the vote of principle of the scheme."""
NOBODYS = "md5$salt$00000000000000000000000000000000"
"""A password that nobody knows: people are signed in directly."""
LEFT_ON = date(2024, 12, 31)
"""Remi's last day."""


def siret(number: int) -> str:
    """A well-formed SIRET, different for each number; none of them exists."""
    siren = f"00{number:06d}"
    siren += luhn.calc_check_digit(siren)
    return siren + "0001" + luhn.calc_check_digit(siren + "0001")


@dataclass(frozen=True)
class Person:
    """Somebody of the cast. Vera has neither account nor organisation."""

    name: str
    user: User | None
    organisation: Organisation | None
    role: str

    def actor(self, on: date | None = None) -> Actor:
        """The person acting for their organisation on that day (today when none is given)."""
        if self.user is None or self.organisation is None:
            raise AssertionError(f"{self.name} has no account")
        return Actor(self.user.pk, self.organisation.pk, self.role, on or timezone.localdate())


@dataclass(frozen=True)
class Body:
    """A body of the cast and the people in it, each with a role."""

    slug: str
    name: str
    capacities: tuple[Capacity, ...]
    people: tuple[tuple[str, Role], ...]
    other_scheme: bool = False
    buyer_nature: str = ""
    structure_kind: str = ""
    department: str = ""


BODIES = (
    Body(
        "region-trois-vallees",
        "Région des Trois-Vallées",
        (Capacity.COORDINATOR, Capacity.BUYER),
        (
            ("clara", Role.OFFICER),
            ("carole", Role.MANAGER),
            ("pascal", Role.PROJECT_LEAD),
            ("paula", Role.PURCHASER),
            ("elodie", Role.ELECTED),
            ("remi", Role.OFFICER),
        ),
        buyer_nature=BuyerNature.REGION,
    ),
    Body(
        "ville-de-valclair",
        "Ville de Valclair",
        (Capacity.BUYER,),
        (("benoit", Role.OFFICER),),
        buyer_nature=BuyerNature.MUNICIPALITY,
    ),
    Body(
        "plie-de-la-meurthe",
        "PLIE de la Meurthe",
        (Capacity.FACILITATOR,),
        (("fanny", Role.OFFICER),),
        department="54",
    ),
    Body(
        "maison-emploi-du-saulnois",
        "Maison de l'emploi du Saulnois",
        (Capacity.FACILITATOR,),
        (("felix", Role.OFFICER),),
        department="57",
    ),
    Body("batisseurs-du-mad", "Bâtisseurs du Mad", (Capacity.COMPANY,), (("corinne", Role.OFFICER),)),
    Body("peintures-de-l-orne", "Peintures de l'Orne", (Capacity.COMPANY,), (("cyril", Role.OFFICER),)),
    Body(
        "tremplin-interim",
        "Tremplin Intérim",
        (Capacity.STRUCTURE,),
        (("sonia", Role.OFFICER),),
        structure_kind=StructureKind.ETTI,
    ),
    Body(
        "ateliers-du-renouveau",
        "Ateliers du Renouveau",
        (Capacity.STRUCTURE,),
        (("simon", Role.OFFICER),),
        structure_kind=StructureKind.EI,
    ),
    Body(
        "departement-du-haut-doubs",
        "Département du Haut-Doubs",
        (Capacity.COORDINATOR, Capacity.BUYER),
        (("sam", Role.OFFICER),),
        other_scheme=True,
        buyer_nature=BuyerNature.DEPARTMENT,
    ),
)
NAMES = (*(name for body in BODIES for name, _ in body.people), "vera")


@dataclass(frozen=True)
class Cast:
    people: dict[str, Person]
    scheme: Scheme
    other_scheme: Scheme

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def organisation(self, slug: str) -> Organisation:
        return next(
            person.organisation
            for person in self.people.values()
            if person.organisation and person.organisation.slug == slug
        )


def lay_departments() -> dict[str, Department]:
    """The four departments of the tests, as the official list has them."""
    region, _ = Region.objects.get_or_create(code="44", defaults={"name": "Grand Est"})
    names = {"54": "Meurthe-et-Moselle", "55": "Meuse", "57": "Moselle", "88": "Vosges"}
    for code, name in names.items():
        Department.objects.get_or_create(code=code, defaults={"name": name, "region": region})
    return {department.code: department for department in Department.objects.filter(code__in=names)}


def lay_cast() -> Cast:
    """Write the whole cast in a few queries; nobody has a real password, tests sign them in directly."""
    departments = lay_departments()
    territory, _ = Territory.objects.get_or_create(
        slug="trois-vallees", defaults={"name": "Trois-Vallées", "kind": TerritoryKind.COMPOSITE}
    )
    territory.departments.set(departments.values())
    organisations = Organisation.objects.bulk_create(
        Organisation(
            slug=body.slug,
            name=body.name,
            siret=siret(number),
            buyer_nature=body.buyer_nature,
            structure_kind=body.structure_kind,
        )
        for number, body in enumerate(BODIES, 1)
    )
    by_slug = {organisation.slug: organisation for organisation in organisations}
    CapacityHeld.objects.bulk_create(
        CapacityHeld(organisation=by_slug[body.slug], capacity=capacity, starts_on=SINCE)
        for body in BODIES
        for capacity in body.capacities
    )
    scheme, other_scheme = Scheme.objects.bulk_create(
        [
            Scheme(
                slug="clauses-trois-vallees",
                name="Clauses sociales des Trois-Vallées",
                coordinator=by_slug["region-trois-vallees"],
                territory=territory,
            ),
            Scheme(
                slug="clauses-haut-doubs",
                name="Clauses sociales du Haut-Doubs",
                coordinator=by_slug["departement-du-haut-doubs"],
            ),
        ]
    )
    SchemeBody.objects.bulk_create(
        SchemeBody(
            scheme=other_scheme if body.other_scheme else scheme,
            organisation=by_slug[body.slug],
            shares_purchases=Capacity.COORDINATOR in body.capacities,
            starts_on=SINCE,
        )
        for body in BODIES
    )
    FacilitatorArea.objects.bulk_create(
        FacilitatorArea(
            scheme=scheme,
            organisation=by_slug[body.slug],
            department=departments[body.department],
            starts_on=SINCE,
        )
        for body in BODIES
        if body.department
    )
    return Cast(lay_people(by_slug), scheme, other_scheme)


def lay_people(by_slug: dict[str, Organisation]) -> dict[str, Person]:
    roles = [(name, role, by_slug[body.slug]) for body in BODIES for name, role in body.people]
    users = User.objects.bulk_create(
        User(email=f"{name}@example.org", full_name=f"{name.capitalize()} Nomdetest", password=NOBODYS)
        for name, _, _ in roles
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    Membership.objects.bulk_create(
        Membership(
            organisation=organisation,
            user=user,
            role=role,
            starts_on=SINCE,
            ends_on=LEFT_ON if name == "remi" else None,
        )
        for user, (name, role, organisation) in zip(users, roles, strict=True)
    )
    people = {
        name: Person(name, user, organisation, role)
        for user, (name, role, organisation) in zip(users, roles, strict=True)
    }
    return people | {"vera": Person("vera", None, None, "")}
