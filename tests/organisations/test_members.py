"""Invitations, roles and memberships."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from relais.kit.access import Refused, Stale
from relais.kit.models import AuditEntry
from relais.organisations import actions
from relais.organisations.models import CapacityHeld, Invitation, Membership, Organisation, SchemeBody, User
from tests.cast import SINCE, siret
from tests.pages import GuardedClient

NOON = timezone.now()
PASSWORD = "une longue phrase de passe"


def link(token):
    return f"https://relais.example/invitation/{token}/"


def invited(carole, email="nour@example.org", role="officer", at=NOON):
    return actions.invite(carole.organisation, email=email, role=role, link=link, actor=carole.actor(), at=at)


def opened(token):
    return reverse("invitation", kwargs={"token": token})


def typed(name="Nour Nomdetest"):
    return {"full_name": name, "password": PASSWORD, "again": PASSWORD}


def test_carole_invites_by_mail_and_only_the_hash_is_kept(carole, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invitation, token = invited(carole, email=" Nour@Example.org ")
    assert invitation.email == "nour@example.org"
    assert invitation.expires_at - invitation.created_at == timedelta(days=7)
    assert token not in str(Invitation.objects.values().get())
    assert link(token) in mail.outbox[0].body
    assert mail.outbox[0].to == ["nour@example.org"]


def test_a_scanner_that_opens_the_link_changes_nothing(carole):
    invitation, token = invited(carole)
    for _ in range(3):
        assert GuardedClient().get(opened(token)).status_code == 200
        assert GuardedClient().head(opened(token)).status_code == 200
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert not User.objects.filter(email="nour@example.org").exists()


def test_nour_joins_once(client, carole):
    _, token = invited(carole)
    response = client.post(opened(token), typed())
    assert response.status_code == 302
    nour = Membership.objects.get(user__email="nour@example.org")
    assert (nour.organisation, nour.role) == (carole.organisation, "officer")
    assert nour.user.check_password(PASSWORD)
    assert (
        client.get(reverse("body-list", kwargs={"organisation": carole.organisation.slug})).status_code == 200
    )
    again = GuardedClient().post(opened(token), typed("Somebody else"))
    assert again.status_code == 410
    assert User.objects.filter(email="nour@example.org").count() == 1


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"full_name": "Nour", "password": "short", "again": "short"}, "password"),
        ({"full_name": "Nour", "password": PASSWORD, "again": "another one altogether"}, "again"),
        ({"full_name": "", "password": PASSWORD, "again": PASSWORD}, "full_name"),
    ],
)
def test_a_bad_answer_keeps_the_link_alive(client, carole, data, field):
    invitation, token = invited(carole)
    response = client.post(opened(token), data)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_an_expired_link_is_dead(client, carole):
    _, token = invited(carole, at=NOON - timedelta(days=7, seconds=1))
    assert client.get(opened(token)).status_code == 410
    assert client.post(opened(token), typed()).status_code == 410


def test_a_withdrawn_link_is_dead(client, carole):
    invitation, token = invited(carole)
    actions.withdraw_invitation(invitation, actor=carole.actor(), at=NOON)
    assert client.post(opened(token), typed()).status_code == 410


def test_a_second_invitation_kills_the_first(client, carole):
    _, first = invited(carole)
    _, second = invited(carole)
    assert client.get(opened(first)).status_code == 410
    assert client.get(opened(second)).status_code == 200


def test_an_unknown_link_is_nowhere(client, db):
    assert client.get(opened("guessed")).status_code == 404


def test_sonia_joins_with_her_own_account(client_for, carole, sonia):
    _, token = invited(carole, email=sonia.user.email, role="reader")
    assert client_for(sonia).post(opened(token)).status_code == 302
    assert Membership.objects.get(organisation=carole.organisation, user=sonia.user).role == "reader"


def test_an_account_signs_in_before_it_joins(client, carole, sonia):
    _, token = invited(carole, email=sonia.user.email)
    response = client.get(opened(token))
    assert response.status_code == 403
    assert reverse("account_login") in response.content.decode()


def test_another_account_cannot_take_the_link(client_for, carole, cyril):
    _, token = invited(carole)
    assert client_for(cyril).post(opened(token)).status_code == 403
    assert not Membership.objects.filter(organisation=carole.organisation, user=cyril.user).exists()


@pytest.mark.parametrize("who", ["clara", "pascal", "paula", "elodie", "fanny"])
def test_only_the_manager_invites(cast, carole, who):
    with pytest.raises(Refused, match="Only the manager"):
        actions.invite(
            carole.organisation,
            email="x@example.org",
            role="officer",
            link=link,
            actor=cast[who].actor(),
            at=NOON,
        )


def test_a_member_is_not_invited_twice(carole, clara):
    with pytest.raises(Refused, match="already a member"):
        invited(carole, email=clara.user.email)


def manager_of(organisation):
    user = User.objects.create_user(f"chef-{organisation.pk}@example.org", full_name="Chef Nomdetest")
    return Membership.objects.create(organisation=organisation, user=user, role="manager", starts_on=SINCE)


@pytest.mark.parametrize("role", ["purchaser", "project_lead", "elected"])
def test_a_manager_grants_no_right_that_the_body_lacks(corinne, carole, role):
    chief = manager_of(corinne.organisation)
    officer = Membership.objects.get(user=corinne.user)
    actor = type(corinne)("chief", chief.user, corinne.organisation, "manager").actor()
    with pytest.raises(Refused, match="does not exist in a body of this kind"):
        actions.change_role(officer, role, actor=actor, at=NOON)
    assert Membership.objects.get(pk=officer.pk).role == "officer"


def test_carole_changes_a_role_and_the_trail_tells_it(carole, clara):
    member = Membership.objects.get(user=clara.user)
    actions.change_role(member, "purchaser", actor=carole.actor(), at=NOON)
    assert member.role == "purchaser"
    entry = AuditEntry.objects.get(verb="organisations.membership.role_changed")
    assert entry.detail == "before=officer after=purchaser"
    assert entry.user_id == carole.user.pk


def test_the_last_manager_stays(carole):
    own = Membership.objects.get(user=carole.user)
    with pytest.raises(Refused, match="last manager"):
        actions.end_membership(own, actor=carole.actor(), at=NOON)
    with pytest.raises(Refused, match="one manager at least"):
        actions.change_role(own, "officer", actor=carole.actor(), at=NOON)


def test_a_manager_leaves_when_another_remains(carole, clara):
    actions.change_role(Membership.objects.get(user=clara.user), "manager", actor=carole.actor(), at=NOON)
    actions.end_membership(Membership.objects.get(user=carole.user), actor=carole.actor(), at=NOON)
    assert not Membership.objects.active(carole.actor().on).filter(user=carole.user).exists()


def test_revoked_means_refused_at_the_next_request(client_for, carole, clara):
    browser = client_for(clara)
    page = reverse("body-list", kwargs={"organisation": clara.organisation.slug})
    assert browser.get(page).status_code == 200
    actions.end_membership(Membership.objects.get(user=clara.user), actor=carole.actor(), at=NOON)
    assert browser.get(page).status_code == 404


def test_a_membership_ends_once(carole, clara):
    member = Membership.objects.get(user=clara.user)
    actions.end_membership(member, actor=carole.actor(), at=NOON)
    with pytest.raises(Stale):
        actions.end_membership(member, actor=carole.actor(), at=NOON)


def newcomer(scheme, *capacities):
    body = Organisation.objects.create(slug="regie-du-rupt", name="Régie du Rupt", siret=siret(700))
    SchemeBody.objects.create(scheme=scheme, organisation=body, starts_on=SINCE)
    CapacityHeld.objects.bulk_create(
        CapacityHeld(organisation=body, capacity=capacity, starts_on=SINCE) for capacity in capacities
    )
    return body


def first_manager(body, actor, role="manager"):
    return actions.invite(body, email="cheffe@example.org", role=role, link=link, actor=actor, at=NOON)


def test_clara_invites_the_first_manager_of_a_body(clara, scheme):
    invitation, _ = first_manager(newcomer(scheme, "company"), clara.actor())
    assert invitation.role == "manager"


def test_a_coordinator_invites_nobody_where_somebody_works(clara, fanny):
    with pytest.raises(Refused, match="already has members"):
        first_manager(fanny.organisation, clara.actor())


def test_a_coordinator_cannot_take_over_another_coordinator(clara, scheme):
    with pytest.raises(Refused, match="another coordinator"):
        first_manager(newcomer(scheme, "coordinator"), clara.actor())


def test_sam_invites_nobody_in_a_scheme_he_does_not_coordinate(sam, scheme):
    with pytest.raises(Refused):
        first_manager(newcomer(scheme, "company"), sam.actor())


def test_a_form_cannot_smuggle_a_body_or_a_date(client_for, carole, fanny):
    data = {"email": "x@example.org", "role": "officer", "organisation": fanny.organisation.pk}
    page = reverse("member-invite", kwargs={"organisation": carole.organisation.slug})
    client_for(carole).post(page, data | {"expires_at": "2099-01-01", "accepted_at": "2026-01-01"})
    invitation = Invitation.objects.get(email="x@example.org")
    assert invitation.organisation == carole.organisation
    assert invitation.accepted_at is None
    assert invitation.expires_at < timezone.now() + timedelta(days=8)


def test_a_refusal_is_told_on_the_form_and_keeps_what_was_typed(client_for, carole, clara):
    page = reverse("member-invite", kwargs={"organisation": carole.organisation.slug})
    response = client_for(carole).post(page, {"email": clara.user.email, "role": "reader"})
    assert response.status_code == 422
    assert f'value="{clara.user.email}"' in response.content.decode()
    assert not Invitation.objects.exists()


def test_clara_adds_a_body_and_invites_its_manager_in_one_move(client_for, clara, scheme):
    page = reverse("body-add", kwargs={"organisation": clara.organisation.slug})
    data = {"name": "Atelier du Mad", "siret": siret(600), "capacities": ["structure"]}
    browser = client_for(clara)
    assert browser.post(page, data).status_code == 422
    complete = data | {"structure_kind": "ACI", "manager_email": "cheffe@example.org"}
    assert browser.post(page, complete).status_code == 302
    assert Invitation.objects.get(email="cheffe@example.org").organisation.name == "Atelier du Mad"
    again = browser.post(page, complete)
    assert again.status_code == 422
    assert Organisation.objects.filter(name="Atelier du Mad").count() == 1
