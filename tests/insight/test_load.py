"""The load of the facilitator bodies, and cases that go from one to another and back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from relais.clauses.enums import Part
from relais.clauses.models import Clause, Party
from relais.core.workload import Weights, Workload, mean
from relais.insight.actions import handovers as actions
from relais.insight.actions.compute import compute_alerts
from relais.insight.models import HandOver
from relais.insight.queries.load import board, open_cases
from relais.kit.access import Refused, Stale
from relais.organisations.models import Membership
from tests.insight.scene import an_obligation

WEIGHTS = Weights(Decimal(1), Decimal("0.25"), Decimal("0.5"), Decimal("0.5"))


def test_the_load_is_the_sum_of_what_is_followed_by_its_weight():
    load = Workload(cases=10, hours_left=Decimal(1240), alerts=3, dues=1)
    assert load.weighed(WEIGHTS) == Decimal("15.1")  # 10 + 3.10 + 1.5 + 0.5
    assert load.weighed(Weights(*[Decimal(0)] * 4)) == 0
    assert mean([]) is None
    assert mean([Decimal(1), Decimal("2.5")]) == Decimal("1.8")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def followed(cast, today):
    """Contracts that Fanny's body follows, with their alerts."""

    def followed(number=1):
        found = [an_obligation(cast, starts_on=today - timedelta(200), months=13) for _ in range(number)]
        compute_alerts(cast.scheme, on=today)
        return found

    return followed


def give(cast, today, parties, **changes):
    """Hand cases of Fanny's body over to Felix's from tomorrow, as the coordinator does."""
    terms = {
        "from_body": cast["fanny"].organisation,
        "to_body": cast["felix"].organisation,
        "starts_on": today + timedelta(1),
        "note": "Titulaire à relancer en janvier",
        "parties": parties,
        "link": lambda done: f"https://relais.example.org/{done.pk}/",
        "actor": cast["carole"].actor(today),
        "at": timezone.now(),
    }
    return actions.hand_over(cast.scheme, **(terms | changes))


def cases(cast, today):
    return [case.pk for case in open_cases(cast.scheme, cast["fanny"].organisation.pk, today)]


def follows(cast, name, clause, day):
    return Clause.objects.followed_by(cast[name].organisation.pk, day).filter(pk=clause).exists()


pages = pytest.mark.django_db


@pages
def test_the_coordinator_reads_every_body_and_a_body_its_own_beside_the_mean(cast, followed, today):
    followed(2)
    whole = board(cast.scheme, cast["clara"].actor(today), WEIGHTS)
    assert [row.body.slug for row in whole.rows] == ["plie-de-la-meurthe", "maison-emploi-du-saulnois"]
    first = whole.rows[0]
    assert (first.load.cases, first.load.hours_left, first.share) == (2, 800, 100)
    assert first.load.alerts >= first.load.dues > 0
    own = board(cast.scheme, cast["felix"].actor(today), WEIGHTS)
    assert [row.body.slug for row in own.rows] == ["maison-emploi-du-saulnois"]
    assert own.mean == first.weighed


@pages
def test_cases_go_from_a_day_on_and_come_back_when_it_is_undone(
    cast, followed, today, django_capture_on_commit_callbacks
):
    one, other = (obligation.clause_id for obligation in followed(2))
    chosen = Party.objects.get(clause=one, part=Part.FACILITATOR)
    with django_capture_on_commit_callbacks(execute=True):
        done = give(cast, today, [chosen.pk])
    (told,) = mail.outbox
    assert told.to == ["felix@example.org"]
    assert "Titulaire à relancer en janvier" in told.body
    tomorrow = done.starts_on
    assert follows(cast, "fanny", one, today)
    assert not follows(cast, "felix", one, today)
    assert follows(cast, "felix", one, tomorrow)
    assert not follows(cast, "fanny", one, tomorrow)
    assert follows(cast, "fanny", other, tomorrow)
    with pytest.raises(Refused, match="in force since"):
        actions.undo_hand_over(done, actor=cast["carole"].actor(tomorrow), at=timezone.now())
    actions.undo_hand_over(done, actor=cast["carole"].actor(today), at=timezone.now())
    assert follows(cast, "fanny", one, tomorrow)
    assert not Party.objects.filter(organisation=cast["felix"].organisation).exists()
    with pytest.raises(Refused, match="already undone"):
        actions.undo_hand_over(done, actor=cast["carole"].actor(today), at=timezone.now())


@pages
def test_a_hand_over_that_cannot_be_is_told_why_and_moves_nothing(cast, followed, today):
    followed()
    chosen = cases(cast, today)
    fanny, corinne = cast["fanny"].organisation, cast["corinne"].organisation
    for changes, reason in (
        ({"starts_on": today}, "between tomorrow"),
        ({"starts_on": today + timedelta(400)}, "between tomorrow"),
        ({"to_body": fanny}, "another facilitator"),
        ({"to_body": corinne}, "another facilitator"),
        ({"note": "  "}, "must know"),
        ({"parties": []}, "one at least"),
        ({"actor": cast["fanny"].actor(today)}, "hands its cases over"),
        ({"actor": cast["felix"].actor(today)}, "hands its cases over"),
    ):
        with pytest.raises(Refused, match=reason):
            give(cast, today, **({"parties": chosen} | changes))
    with pytest.raises(Stale):
        give(cast, today, [*chosen, 999_999])
    assert not HandOver.objects.exists()
    assert cases(cast, today) == chosen
    Membership.objects.filter(user=cast["fanny"].user).update(role="manager")
    manager = cast["fanny"].actor(today)
    give(cast, today, chosen, actor=type(manager)(manager.user_id, fanny.pk, "manager", today))
    assert cases(cast, today) == []


@pages
def test_the_page_hands_over_what_is_ticked_and_keeps_what_was_typed(cast, followed, client_for, today):
    followed(2)
    browser, slug = client_for(cast["carole"]), cast["carole"].organisation.slug
    fanny, felix = cast["fanny"].organisation, cast["felix"].organisation
    url = reverse("hand-over", args=[slug, cast.scheme.slug, fanny.pk])
    assert url in browser.get(reverse("load-list", args=[slug])).text
    first, _second = cases(cast, today)
    typed = {"to_body": felix.pk, "starts_on": today.isoformat(), "note": "Suite", "party": [first]}
    refused = browser.post(url, typed)
    assert refused.status_code == 422
    assert "Choisissez un jour entre demain" in refused.text
    assert "checked" in refused.text
    browser.post(url, typed | {"starts_on": (today + timedelta(1)).isoformat(), "party": [first, "x"]})
    done = HandOver.objects.get()
    page = client_for(cast["felix"]).get(reverse("hand-over-detail", args=[felix.slug, done.pk])).text
    assert "Suite" in page


@pages
@pytest.mark.parametrize("number", [1, 3])
def test_pages_stay_flat(cast, followed, client_for, today, within_queries, number):
    followed(number)
    chosen = cases(cast, today)
    browser, slug = client_for(cast["carole"]), cast["carole"].organisation.slug
    with within_queries(12):
        browser.get(reverse("hand-over", args=[slug, cast.scheme.slug, cast["fanny"].organisation.pk]))
    done = give(cast, today, chosen)
    with within_queries(12):
        browser.get(reverse("load-list", args=[slug]), {"cases": "2", "alerts": "beaucoup"})
    with within_queries(12):
        browser.get(reverse("hand-over-detail", args=[slug, done.pk]))
