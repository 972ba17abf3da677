from datetime import timedelta
from decimal import Decimal

import pytest

from relais.clauses.actions import record_award
from relais.clauses.enums import ClauseState, Consortium, Part
from relais.clauses.models import Clause
from relais.core.regime import Modality
from relais.kit.access import Refused
from relais.procurement.models import Contract, Holder
from relais.screening.enums import OpportunityState
from relais.screening.models import Opportunity
from tests.clauses.factories import LAUNCHED, a_draft, a_lot, a_written, an_award, an_awarded, noon

pytestmark = pytest.mark.django_db
DAY = LAUNCHED + timedelta(92)
THIRDS = {"corinne": Decimal("0.6667"), "cyril": Decimal("0.3333")}


def award(cast, clause, by="clara", **fields):
    return record_award(clause, an_award(cast, **fields), actor=cast[by].actor(DAY), at=noon(DAY))


def test_the_award_opens_an_obligation_owed_by_the_holder(cast):
    clause = an_awarded(cast)
    obligation = clause.obligation
    assert (obligation.owed, obligation.debtors.get().owed) == (Decimal(373), Decimal(373))
    assert obligation.entries.get().kind == "INITIAL"
    assert Opportunity.objects.get(lot=clause.lot_id).state == OpportunityState.AWARDED
    assert Clause.objects.visible_to(cast["corinne"].actor(DAY)).get() == clause


def test_a_consortium_owes_parts_that_make_the_whole_to_the_hundredth(cast):
    clause = an_awarded(cast, shares=THIRDS)
    owed = {debtor.organisation.name: debtor.owed for debtor in clause.obligation.debtors.all()}
    assert owed == {"Bâtisseurs du Mad": Decimal("248.68"), "Peintures de l'Orne": Decimal("124.32")}
    assert sum(owed.values()) == Decimal(373)
    parts = {party.part for party in clause.parties.all()}
    assert parts == {Part.FACILITATOR, Part.HOLDER, Part.PARTNER}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"shares": {"corinne": Decimal("0.5"), "cyril": Decimal("0.4")}}, "90"),
        ({"shares": THIRDS, "consortium": Consortium.ALONE}, "consortium"),
        ({"notified_on": LAUNCHED - timedelta(1)}, "before its launch"),
        ({"starts_on": LAUNCHED + timedelta(1)}, "before the notification"),
        ({"ends_on": LAUNCHED + timedelta(91)}, "cannot come before its start"),
        ({"hours": Decimal(372)}, "373"),
        ({"hours": Decimal(0)}, "owes no hour"),
        ({"holders": ()}, "at least one holder"),
    ],
)
def test_an_award_that_cannot_be_stores_nothing(cast, fields, reason):
    clause = a_written(cast)
    with pytest.raises(Refused, match=reason):
        award(cast, clause, **fields)
    clause.refresh_from_db()
    assert clause.state == ClauseState.WRITTEN
    assert not Contract.objects.exists()


def test_a_draft_is_not_awarded_and_a_colleague_without_the_right_does_not_award(cast):
    with pytest.raises(Refused, match="still a draft"):
        award(cast, a_draft(cast))
    with pytest.raises(Refused, match="officer, a purchaser or a manager"):
        award(cast, a_written(cast), by="pascal")
    with pytest.raises(Refused, match="Only the buyer"):
        award(cast, a_written(cast), by="fanny")


def test_the_contract_already_published_is_linked_and_what_it_says_is_kept(cast):
    clause = a_written(cast)
    published = Contract.objects.create(
        scheme=cast.scheme,
        buyer=clause.buyer,
        lot=a_lot(cast),
        source_id="2025T0042",
        amount=Decimal(475_000),
    )
    Holder.objects.create(
        contract=published, identifier=cast["corinne"].organisation.siret, name="BATISSEURS DU MAD SARL"
    )
    contract = award(cast, clause, source_id="2025T0042")
    assert contract == published
    contract.refresh_from_db()
    assert (contract.amount, contract.notified_on) == (Decimal(475_000), LAUNCHED + timedelta(90))
    holder = contract.holders.get()
    assert (holder.name, holder.organisation) == ("BATISSEURS DU MAD SARL", cast["corinne"].organisation)


def test_two_lots_signed_under_one_identifier_are_two_contracts(cast):
    first = award(cast, a_written(cast), source_id="2025-LOT")
    second = award(cast, a_written(cast), source_id="2025-LOT")
    assert (first.rank, second.rank) == (1, 2)


def test_the_hours_proposed_under_a_criterion_become_those_owed(cast):
    clause = an_awarded(
        cast,
        modality=Modality.AWARD_CRITERION,
        criterion_weight=Decimal(15),
        award={"hours": Decimal("410.5")},
    )
    assert clause.hours == clause.obligation.owed == Decimal("410.5")
