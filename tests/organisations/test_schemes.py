"""Schemes, their bodies, their areas, their dated policies."""

import json
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from relais.core.words import BadValue, NotInForce
from relais.kit.access import Refused, Stale
from relais.kit.models import AuditEntry
from relais.organisations import actions, queries
from relais.organisations.enums import PolicyKey
from relais.organisations.models import (
    CapacityHeld,
    FacilitatorArea,
    Invitation,
    Membership,
    Organisation,
    Policy,
    Scheme,
    SchemeBody,
)
from relais.organisations.policies import default_policies, policies, policy
from relais.territories.models import Department
from tests.cast import siret

NOON = timezone.now()
TODAY = timezone.localdate()


def registered(scheme, actor, number=500, capacities=("company",), **kwargs):
    return actions.register_body(
        scheme,
        name="Toitures du Rupt",
        siret=siret(number),
        capacities=capacities,
        actor=actor,
        at=NOON,
        **kwargs,
    )


def test_clara_adds_a_body(clara, scheme):
    body = registered(scheme, clara.actor())
    assert body.slug == "toitures-du-rupt"
    assert queries.takes_part(scheme, body, TODAY)
    assert queries.capacities_of(body, TODAY) == {"company"}


def test_slugs_are_unique_and_never_an_address_of_the_site(clara, scheme):
    assert registered(scheme, clara.actor(), 500).slug == "toitures-du-rupt"
    assert registered(scheme, clara.actor(), 501).slug == "toitures-du-rupt-2"
    body = actions.register_body(
        scheme, name="Compte", siret="", capacities=["company"], actor=clara.actor(), at=NOON
    )
    assert body.slug == "compte-2"


def test_a_known_siret_joins_as_it_is(clara, sam, scheme):
    body = registered(scheme, clara.actor(), capacities=("company",))
    again = actions.register_body(
        sam.actor() and Scheme.objects.get(slug="clauses-haut-doubs"),
        name="Another name",
        siret=body.siret,
        capacities=("structure",),
        actor=sam.actor(),
        at=NOON,
    )
    assert again == body
    assert Organisation.objects.get(pk=body.pk).name == "Toitures du Rupt"


def test_a_body_with_people_keeps_its_capacities(sam, corinne, other_scheme):
    actions.register_body(
        other_scheme,
        name="x",
        siret=corinne.organisation.siret,
        capacities=("facilitator",),
        actor=sam.actor(),
        at=NOON,
    )
    assert queries.capacities_of(corinne.organisation, TODAY) == {"company"}


def test_a_body_joins_once(clara, scheme):
    registered(scheme, clara.actor())
    with pytest.raises(Refused, match="already takes part"):
        registered(scheme, clara.actor())


@pytest.mark.parametrize("who", ["pascal", "paula", "elodie", "benoit", "fanny", "corinne", "sam"])
def test_only_the_coordinator_keeps_the_scheme(cast, scheme, who):
    with pytest.raises(Refused, match="Only the coordinator"):
        registered(scheme, cast[who].actor())
    assert not Organisation.objects.filter(name="Toitures du Rupt").exists()


def test_nobody_opens_a_coordinator(clara, scheme, fanny):
    with pytest.raises(Refused, match="administrator"):
        registered(scheme, clara.actor(), capacities=("coordinator",))
    with pytest.raises(Refused, match="administrator"):
        actions.grant_capacity(scheme, fanny.organisation, "coordinator", actor=clara.actor(), at=NOON)


def test_a_capacity_is_opened_once(clara, scheme, fanny):
    actions.grant_capacity(scheme, fanny.organisation, "training", actor=clara.actor(), at=NOON)
    with pytest.raises(Refused, match="already has"):
        actions.grant_capacity(scheme, fanny.organisation, "training", actor=clara.actor(), at=NOON)
    assert CapacityHeld.objects.filter(organisation=fanny.organisation, capacity="training").count() == 1


def test_no_capacity_for_a_body_of_another_scheme(clara, scheme, sam):
    with pytest.raises(Refused, match="does not take part"):
        actions.grant_capacity(scheme, sam.organisation, "company", actor=clara.actor(), at=NOON)


def test_a_body_that_leaves_disappears_at_once_and_may_come_back(clara, fanny, scheme):
    actions.leave_scheme(scheme, fanny.organisation, actor=clara.actor(), at=NOON)
    assert fanny.organisation not in Organisation.objects.visible_to(clara.actor())
    assert scheme not in Scheme.objects.visible_to(fanny.actor())
    assert not Organisation.objects.covering("54", TODAY).exists()
    with pytest.raises(Stale):
        actions.leave_scheme(scheme, fanny.organisation, actor=clara.actor(), at=NOON)
    actions.join_scheme(scheme, fanny.organisation, actor=clara.actor(), at=NOON)
    assert SchemeBody.objects.filter(organisation=fanny.organisation).count() == 1


def test_the_coordinator_stays(clara, scheme):
    with pytest.raises(Refused, match="cannot leave"):
        actions.leave_scheme(scheme, clara.organisation, actor=clara.actor(), at=NOON)


def test_only_the_buyers_manager_shares_its_purchases(benoit, carole, scheme):
    part = SchemeBody.objects.get(organisation=benoit.organisation)
    for person in (benoit, carole):
        with pytest.raises(Refused, match="Only the manager of the buyer"):
            actions.share_purchases(part, True, actor=person.actor(), at=NOON)
    chief = type(benoit)("chief", benoit.user, benoit.organisation, "manager")
    actions.share_purchases(part, True, actor=chief.actor(), at=NOON)
    assert part.shares_purchases
    with pytest.raises(Stale):
        actions.share_purchases(part, True, actor=chief.actor(), at=NOON)


def test_areas_change_from_today_and_keep_the_past(clara, fanny, scheme):
    wanted = Department.objects.filter(code__in=["55", "88"])
    actions.set_areas(scheme, fanny.organisation, wanted, actor=clara.actor(), at=NOON)
    assert covered(fanny, TODAY) == {"55", "88"}
    assert covered(fanny, TODAY - timedelta(days=1)) == {"54"}


def covered(person, on):
    from relais.organisations.models import in_force

    areas = FacilitatorArea.objects.filter(in_force(on), organisation=person.organisation)
    return set(areas.values_list("department_id", flat=True))


def test_only_a_facilitator_covers_departments(clara, corinne, scheme):
    with pytest.raises(Refused, match="Only a facilitator"):
        actions.set_areas(scheme, corinne.organisation, [], actor=clara.actor(), at=NOON)


def chosen(scheme, actor, value, starts_on, key=PolicyKey.EFFORT, source="Délibération"):
    return actions.set_policy(
        scheme, key, Decimal(value), starts_on=starts_on, source=source, verified=True, actor=actor, at=NOON
    )


def test_policies_follow_their_dates(clara, scheme):
    chosen(scheme, clara.actor(), "0.07", date(2020, 1, 1))
    chosen(scheme, clara.actor(), "0.09", date(2024, 1, 1))
    assert policy(scheme, PolicyKey.EFFORT, date(2019, 12, 31)).is_default
    assert policy(scheme, PolicyKey.EFFORT, date(2023, 12, 31)).value == Decimal("0.07")
    assert policy(scheme, PolicyKey.EFFORT, date(2024, 1, 1)).value == Decimal("0.09")


def test_a_correction_of_the_same_day_wins_and_the_first_stays(clara, scheme):
    chosen(scheme, clara.actor(), "0.70", date(2024, 1, 1))
    chosen(scheme, clara.actor(), "0.07", date(2024, 1, 1))
    assert policy(scheme, PolicyKey.EFFORT, TODAY).value == Decimal("0.07")
    assert Policy.objects.count() == 2


def test_all_policies_cost_one_query(scheme, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = policies(scheme, TODAY)
    assert found[PolicyKey.HOURLY_COST].value == Decimal(36)
    assert not found[PolicyKey.HOURLY_COST].verified


def test_every_policy_has_a_default_but_the_penalty():
    assert set(PolicyKey) - set(default_policies()) == {PolicyKey.UNIT_PENALTY}


def test_a_missing_value_says_what_to_do(scheme):
    with pytest.raises(NotInForce, match="has no value"):
        policy(scheme, PolicyKey.UNIT_PENALTY, TODAY)


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        (PolicyKey.EFFORT, "-0.1", "negative"),
        (PolicyKey.EFFORT, "7", "share"),
        (PolicyKey.EFFORT, "NaN", "negative"),
        (PolicyKey.ROUNDING, "7", "rounded"),
        (PolicyKey.DECLARATION_DAY, "31", "1 to 28"),
        (PolicyKey.DECLARATION_DAY, "10.5", "1 to 28"),
        (PolicyKey.HOURLY_COST, "0", "zero"),
    ],
)
def test_impossible_values_are_refused(clara, scheme, key, value, reason):
    with pytest.raises(Refused, match=reason):
        chosen(scheme, clara.actor(), value, TODAY, key=key)
    assert not Policy.objects.exists()


def test_a_value_needs_its_source(clara, scheme):
    with pytest.raises(Refused, match="needs its source"):
        chosen(scheme, clara.actor(), "0.07", TODAY, source="  ")


def test_clara_types_a_french_number(client_for, clara, scheme):
    page = reverse(
        "policy-detail",
        kwargs={"organisation": clara.organisation.slug, "scheme": scheme.slug, "key": "hourly_cost"},
    )
    data = {"value": "36,50", "starts_on": "2026-01-01", "source": "Indice", "verified": "on"}
    assert client_for(clara).post(page, data).status_code == 302
    assert policy(scheme, PolicyKey.HOURLY_COST, TODAY).value == Decimal("36.5")


FOUND = {
    "--name": "Clauses du Rupt",
    "--slug": "rupt",
    "--siret": siret(800),
    "--manager-email": "c@example.org",
}


def found(**changes):
    out = StringIO()
    options = {**FOUND, **changes}
    call_command("found-scheme", *(part for pair in options.items() for part in pair), "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_administrator_founds_a_scheme(client, cast):
    report = found(**{"--territory": "trois-vallees", "--coordinator": "Région du Rupt"})
    scheme = Scheme.objects.get(slug="rupt")
    assert scheme.coordinator.slug == report["coordinator"] == "region-du-rupt"
    assert queries.capacities_of(scheme.coordinator, TODAY) == {"coordinator", "buyer"}
    assert scheme.territory.slug == "trois-vallees"
    assert len(scheme.pseudonym_key) == 64
    path = report["link"].removeprefix("http://127.0.0.1:8000")
    assert client.get(path).status_code == 200
    assert AuditEntry.objects.filter(verb="organisations.scheme.founded").exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"--siret": "123 456 789 00012"}, "SIRET"),
        ({"--slug": "clauses-haut-doubs"}, "clauses-haut-doubs"),
        ({"--slug": "not a slug"}, None),
        ({"--manager-email": "nobody"}, None),
        ({"--territory": "atlantide"}, "atlantide"),
    ],
)
def test_a_wrong_option_founds_nothing(cast, changes, words):
    before = (Scheme.objects.count(), Organisation.objects.count(), Invitation.objects.count())
    with pytest.raises(CommandError, match=words):
        found(**changes)
    assert before == (Scheme.objects.count(), Organisation.objects.count(), Invitation.objects.count())


def test_a_bad_siret_adds_no_body(clara, scheme):
    with pytest.raises(BadValue):
        actions.register_body(
            scheme, name="x", siret="1234", capacities=("company",), actor=clara.actor(), at=NOON
        )


def test_a_body_leaves_by_its_own_manager(client_for, benoit, scheme):
    Membership.objects.filter(user=benoit.user).update(role="manager")
    browser = client_for(benoit)
    page = reverse("scheme-list", kwargs={"organisation": benoit.organisation.slug})
    address = reverse(
        "scheme-leave", kwargs={"organisation": benoit.organisation.slug, "scheme": scheme.slug}
    )
    assert address in browser.get(page).content.decode()
    assert browser.post(address).status_code == 302
    assert not queries.takes_part(scheme, benoit.organisation, TODAY)
    assert browser.get(page).status_code == 200
    assert browser.post(address).status_code == 404
