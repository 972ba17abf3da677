from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from relais.clauses.actions import record_award
from relais.clauses.enums import ClauseState, TenderState
from relais.clauses.models import Tender
from relais.core.regime import Modality
from relais.kit.access import Refused
from relais.organisations.models import Organisation
from tests.cast import siret
from tests.clauses.factories import LAUNCHED, a_grid, a_scored_clause, an_award, an_offer, noon, score

pytestmark = pytest.mark.django_db
DAY = LAUNCHED + timedelta(92)


def page_of(name, person, **kwargs):
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


def retained(cast, clause, hours="500", name="Bâtisseurs du Mad", **fields):
    """An offer of Corinne's company, scored."""
    fields = {"identifier": cast["corinne"].organisation.siret, **fields}
    tender = an_offer(cast, clause, name, hours, **fields)
    score(cast, tender)
    return Tender.objects.get(pk=tender.pk)


def award(cast, clause, tender, **fields):
    signed = an_award(cast, tender=tender, **fields)
    record_award(clause, signed, actor=cast["clara"].actor(DAY), at=noon(DAY))
    return clause.obligation


@pytest.fixture
def clause(cast):
    clause = a_scored_clause(cast)
    a_grid(cast, clause)
    return clause


def test_the_promise_becomes_what_is_owed_and_the_ledger_says_where_it_comes_from(cast, clause):
    tender = retained(cast, clause)
    obligation = award(cast, clause, tender, hours=Decimal(500))
    tender.refresh_from_db()
    assert (obligation.owed, clause.hours, tender.state) == (500, 500, TenderState.RETAINED)
    steps = obligation.entries.get().working["steps"]
    assert [step["value"] for step in steps] == ["500.00", "373.00", "500.00"]
    assert clause.promise == steps


def test_an_offer_below_what_is_asked_owes_what_is_asked(cast, clause):
    tender = retained(cast, clause, "300")
    with pytest.raises(Refused, match="373"):
        award(cast, clause, tender, hours=Decimal(300))
    assert award(cast, clause, tender, hours=Decimal(373)).owed == Decimal(373)


@pytest.mark.parametrize(("hours", "owed"), [("410.5", "410.50"), (None, "373.00")])
def test_a_criterion_alone_owes_what_is_promised_or_what_was_foreseen(cast, hours, owed):
    clause = a_scored_clause(cast, modality=Modality.AWARD_CRITERION)
    a_grid(cast, clause)
    tender = retained(cast, clause, hours)
    assert award(cast, clause, tender, hours=Decimal(owed)).owed == Decimal(owed)


def test_a_contract_above_the_offer_tells_both_figures(cast, clause):
    tender = retained(cast, clause)
    obligation = award(cast, clause, tender, hours=Decimal(520))
    assert [step["value"] for step in obligation.entries.get().working["steps"]][-2:] == ["500.00", "520.00"]


def test_an_award_that_forgets_the_offers_stores_nothing(cast, clause):
    tender = retained(cast, clause)
    for fields, reason in (
        ({"tender": None, "hours": Decimal(500)}, "which of the offers"),
        ({"tender": tender, "hours": Decimal(499)}, "cannot owe less"),
        ({"tender": tender, "hours": Decimal(500), "shares": {"cyril": Decimal(1)}}, "Bâtisseurs du Mad"),
    ):
        with pytest.raises(Refused, match=reason):
            award(cast, clause, **fields)
    other = an_offer(cast, clause, "Façades du Madon", "450")
    with pytest.raises(Refused, match="still to be scored: 1"):
        award(cast, clause, tender, hours=Decimal(500))
    assert (other.state, clause.__class__.objects.get().state) == (TenderState.RECEIVED, ClauseState.WRITTEN)


def test_the_award_is_filled_from_the_offer_and_sent_as_it_is(cast, paula, clause, client_for):
    tender = retained(cast, clause, "1500.5")
    browser, url = client_for(paula), page_of("clause-award", paula, pk=clause.pk)
    assert browser.get(url).url == page_of("clause-analysis", paula, pk=clause.pk)
    url += f"?offre={tender.pk}"
    page = browser.get(url)
    assert page.context["form"]["hours"].value() == Decimal("1500.50")
    row = page.context["rows"].forms[0]
    assert row["organisation"].value() == str(cast["corinne"].organisation.pk)
    data = {
        "source_id": "2025-0042",
        "notified_on": "2025-06-02",
        "starts_on": "2025-06-16",
        "ends_on": "2026-12-15",
        "hours": "1 500,5",
        "consortium": "alone",
        "holders-TOTAL_FORMS": "1",
        "holders-INITIAL_FORMS": "1",
        "holders-0-organisation": row["organisation"].value(),
        "holders-0-is_lead": "on",
    }
    refused = browser.post(url, {**data, "hours": "1 400"})
    assert refused.status_code == 422
    assert "1\u202f500,5" in refused.content.decode()
    assert browser.post(url, data).status_code == 302
    clause.refresh_from_db()
    follow = browser.get(page_of("obligation-detail", paula, pk=clause.obligation.pk)).content.decode()
    assert "Heures promises dans l’offre retenue" in follow
    assert (
        "Ce que promet l’offre retenue"
        in browser.get(page_of("clause-detail", paula, pk=clause.pk)).content.decode()
    )


def test_a_tenderer_nobody_knew_is_registered_from_its_offer(cast, paula, clause, client_for):
    tender = retained(cast, clause, name="Façades du Madon", identifier=siret(4242))
    url = page_of("clause-award", paula, pk=clause.pk) + f"?offre={tender.pk}"
    row = client_for(paula).get(url).context["rows"].initial[0]
    assert (row["name"], row["siret"]) == ("Façades du Madon", siret(4242))
    assert not Organisation.objects.filter(siret=siret(4242)).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_award_from_an_offer_keeps_its_budget(cast, paula, clause, client_for, within_queries, count):
    tender = retained(cast, clause)
    for number in range(1, count):
        an_offer(cast, clause, f"Candidat {number}")
    browser = client_for(paula)
    with within_queries(12):
        page = browser.get(page_of("clause-award", paula, pk=clause.pk) + f"?offre={tender.pk}")
        assert page.status_code == 200
