from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from relais.execution.actions.amendments import (
    NewAmendment,
    accept_amendment,
    propose_amendment,
    refuse_amendment,
    set_liability,
    withdraw_amendment,
)
from relais.execution.models import AmendmentProposal, Entry
from relais.execution.owing_enums import Liability, ProposalState
from relais.kit.access import Refused
from tests.clauses.factories import an_awarded, noon
from tests.execution.owing import DAY, a_framework, fresh

pytestmark = pytest.mark.django_db
D = Decimal
HALVES = {"corinne": D("0.5"), "cyril": D("0.5")}


@pytest.fixture
def shared(cast):
    return an_awarded(cast, shares=HALVES).obligation


def by(cast, name):
    return {"actor": cast[name].actor(DAY), "at": noon(DAY)}


def ask(cast, obligation, name="corinne", **fields) -> AmendmentProposal:
    wanted = NewAmendment(
        **{"document": "Avenant n° 1", "reason": "Lot ajouté", "effective_on": DAY} | fields
    )
    return propose_amendment(fresh(obligation), wanted, **by(cast, name))


def test_an_amendment_is_owed_once_the_other_side_accepts_and_bears_both_names(cast, shared):
    end = shared.ends_on + timedelta(60)
    proposal = ask(cast, shared, hours=D(27), new_end=end)
    assert fresh(shared).owed == 373
    for name, reason in (("corinne", "other side"), ("cyril", "lead of a consortium"), ("fanny", "lead of")):
        with pytest.raises(Refused, match=reason):
            accept_amendment(proposal, **by(cast, name))
    accept_amendment(proposal, **by(cast, "clara"))
    after = fresh(shared)
    assert (after.owed, after.ends_on) == (400, end)
    entry = Entry.objects.filter(obligation=shared).latest("pk")
    assert [step["value"] for step in entry.working["steps"]] == [
        "Bâtisseurs du Mad, Corinne Nomdetest",
        "Région des Trois-Vallées, Clara Nomdetest",
    ]
    with pytest.raises(Refused, match="already has its answer"):
        accept_amendment(proposal, **by(cast, "clara"))


def test_a_refusal_has_its_reason_and_a_withdrawal_comes_from_who_proposed(cast, shared):
    one, other = ask(cast, shared, "clara", hours=D(-50)), ask(cast, shared, hours=D(10))
    with pytest.raises(Refused, match="Say why"):
        refuse_amendment(one, reason=" ", **by(cast, "corinne"))
    refuse_amendment(one, reason="Effectifs déjà embauchés", **by(cast, "corinne"))
    with pytest.raises(Refused, match="withdraws it"):
        withdraw_amendment(other, **by(cast, "clara"))
    withdraw_amendment(other, **by(cast, "corinne"))
    states = [one.state, other.state]
    assert (states, fresh(shared).owed) == ([ProposalState.REFUSED, ProposalState.WITHDRAWN], 373)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "changes nothing"),
        ({"hours": D(5), "reason": ""}, "say why"),
        ({"hours": D(-400)}, "less than zero"),
        ({"new_end": DAY - timedelta(900)}, "before its start"),
    ],
)
def test_a_proposal_that_makes_no_sense_is_refused(cast, shared, fields, reason):
    with pytest.raises(Refused, match=reason):
        ask(cast, shared, **fields)


def test_the_hours_of_an_amount_follow_the_contract_in_proportion(cast, shared):
    proposal = ask(cast, shared, amount=D(-48_000))
    assert proposal.hours == D("-37.30")  # 373 h for 480,000 €
    framework = a_framework(cast)
    with pytest.raises(Refused, match="1 h per 2000"):
        ask(cast, framework, amount=D(10_000))


@pytest.mark.parametrize("count", [1, 3])
def test_the_follow_up_shows_proposals_and_who_answers_for_whom(
    cast, cyril, client_for, within_queries, shared, count
):
    for _ in range(count):
        ask(cast, shared, hours=D(10))
    set_liability(fresh(shared), Liability.LEAD_JOINT, **by(cast, "clara"))
    for name in ("clara", "corinne", "cyril"):
        person = cast[name]
        address = reverse("obligation-detail", args=[person.organisation.slug, shared.pk])
        browser = client_for(person)
        with within_queries(12):
            page = browser.get(address)
        assert len(page.context["amendments"].rows) == count
        assert str(page.context["liability"]).startswith("Each company answers for its own part; Bâtisseurs")
        assert [row.may_answer for row in page.context["amendments"].rows] == [name == "clara"] * count
