from datetime import timedelta

from django.utils import timezone

from relais.organisations.models import Invitation, Membership, Organisation, Policy, SchemeBody
from relais.organisations.queries import token_hash
from tests.cast import SINCE, siret
from tests.site.objects import Target, World, example

TOKEN = "a-token-that-only-the-tests-know"


def invitation(world: World) -> Invitation:
    """One waiting invitation in each body, private to it; the region's has a known link."""
    now = timezone.now()
    bodies = {person.organisation for person in world.cast.people.values() if person.organisation}
    made = {
        body.pk: Invitation.objects.create(
            organisation=body,
            email=f"{world.canary(body)}@example.org",
            role="officer",
            token_hash=token_hash(TOKEN if body == world["clara"].organisation else world.canary(body)),
            created_at=now,
            expires_at=now + timedelta(days=7),
        )
        for body in bodies
    }
    return made[world["clara"].organisation.pk]


def newcomer(world: World) -> Organisation:
    """A body of the scheme where nobody works yet."""
    body = Organisation.objects.create(slug="nouvelle-regie", name="Nouvelle Régie", siret=siret(900))
    SchemeBody.objects.create(scheme=world.cast.scheme, organisation=body, starts_on=SINCE)
    return body


@example("member-list", "audit-trail", "audit-export", "body-list")
def lists(world: World) -> Target:
    world.once("invitation", lambda: invitation(world))
    return Target()


@example("member-invite")
def inviting(world: World) -> Target:
    return Target(data={"email": "nouvelle@example.org", "role": "officer"})


@example("member-role", "member-end")
def a_member(world: World) -> Target:
    clara = Membership.objects.get(user=world["clara"].user)
    return Target({"pk": clara.pk}, {"role": "reader"})


@example("invitation-withdraw")
def an_invitation(world: World) -> Target:
    return Target({"pk": world.once("invitation", lambda: invitation(world)).pk})


@example("invitation")
def a_link(world: World) -> Target:
    world.once("invitation", lambda: invitation(world))
    password = "une longue phrase de passe"
    return Target({"token": TOKEN}, {"full_name": "Nour", "password": password, "again": password})


@example("body-detail", "capacity-grant", "areas-set", "body-leave")
def a_body(world: World) -> Target:
    return Target({"body": world["fanny"].organisation.slug}, {"capacity": "training", "departments": ["55"]})


@example("body-invite")
def a_body_without_members(world: World) -> Target:
    body = world.once("newcomer", lambda: newcomer(world))
    return Target({"body": body.slug}, {"email": "cheffe@example.org"})


@example("body-add")
def adding_a_body(world: World) -> Target:
    return Target(data={"name": "Régie du Rupt", "siret": siret(901), "capacities": ["company"]})


@example("purchases-share")
def sharing(world: World) -> Target:
    return Target({"scheme": world.cast.scheme.slug}, {"shares": "no"})


@example("policy-list", "scheme-leave")
def policies_of_the_scheme(world: World) -> Target:
    return Target({"scheme": world.cast.scheme.slug})


@example("policy-detail")
def one_policy(world: World) -> Target:
    Policy.objects.create(
        scheme=world.cast.scheme, key="effort", value="0.07", starts_on=SINCE, source="Délibération"
    )
    return Target(
        {"scheme": world.cast.scheme.slug, "key": "effort"},
        {"value": "0,08", "starts_on": world.today.isoformat(), "source": "Délibération de novembre"},
    )


@example("set_language")
def choosing_a_language(world: World) -> Target:
    return Target(data={"language": "en"})


@example("account_reset_password_from_key")
def a_broken_link(world: World) -> Target:
    return Target({"uidb36": "1", "key": "never-given"})


@example("account_reset_password")
def a_forgotten_password(world: World) -> Target:
    return Target(data={"email": "clara@example.org"})


@example("account_login")
def a_wrong_password(world: World) -> Target:
    return Target(data={"login": "clara@example.org", "password": "not hers"})
