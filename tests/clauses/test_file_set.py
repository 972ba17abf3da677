"""What the check reads beside the texts: the ledger once awarded, the notices, the contract joined."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from relais.clauses import kit, wording
from relais.clauses.actions import record_award
from relais.clauses.models import Clause
from relais.clauses.queries import with_file
from relais.core.coherence import Where
from relais.execution.actions.ledger import Wanted, record_entry
from relais.execution.enums import EntryKind
from relais.organisations.policies import policies
from tests.clauses.factories import LAUNCHED, a_draft, a_lot, a_written, an_award, an_awarded, noon
from tests.procurement.factories import lay_notice

pytestmark = pytest.mark.django_db
LATER = LAUNCHED + timedelta(150)


def found(clause, *places):
    fresh = with_file(Clause.objects.filter(pk=clause.pk)).get()
    in_force = policies(fresh.scheme, LAUNCHED)
    every = kit.contradictions_of(fresh, in_force, wording.read(fresh, in_force))
    return [one for one in every if one.where in places]


def an_entry(cast, clause, kind, hours, **fields):
    wanted = Wanted(kind=kind, hours=Decimal(hours), effective_on=LATER, reason="Relu", **fields)
    record_entry(clause.obligation, wanted, actor=cast["clara"].actor(LATER), at=noon(LATER))


def announced(cast, clause, **values):
    notice = lay_notice(cast.scheme, clause.buyer)
    type(notice).objects.filter(pk=notice.pk).update(shape="notice-eforms")
    marks = {"reserved": [], "social": [["soc-obj", "BT-06"], ["opp", "BT-775"]]}
    notice.lots.update(**{"lot": clause.lot, "cpv": "45442100", "marks": marks, **values})
    return notice


def test_the_ledger_as_it_opened_agrees_and_an_amendment_is_no_contradiction(cast):
    clause = an_awarded(cast)
    assert found(clause, Where.LEDGER) == []
    an_entry(cast, clause, EntryKind.AMENDMENT, 27, document="Avenant n° 1")
    assert found(clause, Where.LEDGER) == []


def test_a_correction_of_the_first_entry_makes_the_ledger_and_the_clause_quarrel(cast):
    clause = an_awarded(cast)
    an_entry(cast, clause, EntryKind.CORRECTION, -73, corrected_number=1)
    (one,) = found(clause, Where.LEDGER)
    assert [str(reading.value) for reading in one.readings] == ["300.00 h", "373.00 h"]


def test_the_dates_of_performance_are_those_of_the_lot_unless_an_entry_moved_the_end(cast):
    start = LAUNCHED + timedelta(104)
    clause = an_awarded(cast, award={"ends_on": start + timedelta(365)})
    (one,) = found(clause, Where.LEDGER)
    assert str(one.readings[0].value) == "18 months"
    an_entry(cast, clause, EntryKind.AMENDMENT, 5, document="Avenant n° 1", new_end=start + timedelta(400))
    assert found(clause, Where.LEDGER) == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, []),
        ({"cpv": "90910000"}, ["another CPV"]),
        ({"duration_months": 24}, ["duration"]),
        ({"marks": {"reserved": [["res-ws", "BT-71"]], "social": []}}, ["BT-71", "BT-775"]),
    ],
)
def test_a_notice_of_the_lot_is_compared_with_the_draft(cast, values, said):
    clause = a_draft(cast)
    notice = announced(cast, clause, **values)
    quarrels = found(clause, Where.NOTICE)
    assert [any(word in str(one.words) for one in quarrels) for word in said] == [True] * len(quarrels)
    assert len(quarrels) == len(said)
    assert {one.about for one in quarrels} <= {notice.pk}


def test_a_cancelled_notice_and_an_award_notice_are_left_out(cast):
    clause = a_draft(cast)
    notice = announced(cast, clause, cpv="90910000")
    for fields in ({"is_cancelled": True}, {"is_cancelled": False, "form": "award"}):
        type(notice).objects.filter(pk=notice.pk).update(**fields)
        assert found(clause, Where.NOTICE) == []


def test_a_format_without_codes_of_objective_is_not_blamed(cast):
    clause = a_draft(cast)
    notice = announced(cast, clause, marks={"reserved": [], "social": []})
    assert len(found(clause, Where.NOTICE)) == 1
    type(notice).objects.filter(pk=notice.pk).update(shape="notice-boamp")
    assert found(clause, Where.NOTICE) == []


def test_a_contract_already_published_is_compared_with_the_lot_of_the_clause(cast):
    clause = a_written(cast)
    other = a_lot(cast, cpv="90910000", duration_months=36)
    contract = cast.scheme.contracts.create(
        buyer=clause.buyer, lot=other, source_id="2025-PUB", ccag="Fournitures courantes et services"
    )
    on = LAUNCHED + timedelta(92)
    record_award(clause, an_award(cast, source_id="2025-PUB"), actor=cast["clara"].actor(on), at=noon(on))
    clause.refresh_from_db()
    assert clause.contract_id == contract.pk
    quarrels = [str(one.words) for one in found(clause, Where.LOT, Where.CONTRACT)]
    assert any("90910000" in one for one in quarrels)
    assert any("general conditions" in one for one in quarrels)
    assert any("duration" in one for one in quarrels)


def test_the_page_gives_both_values_and_what_to_do(cast, clara, client_for, within_queries):
    clause = an_awarded(cast)
    announced(cast, clause, cpv="90910000")
    an_entry(cast, clause, EntryKind.CORRECTION, -73, corrected_number=1)
    url = reverse("clause-kit", kwargs={"organisation": clara.organisation.slug, "pk": clause.pk})
    browser = client_for(clara)
    with within_queries(12):
        page = browser.get(url).content.decode()
    for words in (
        "300\u202fh",
        "373\u202fh",
        "90910000",
        "45442100",
        "avis rectificatif",
        "suivi des heures",
    ):
        assert words in page
