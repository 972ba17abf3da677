from datetime import timedelta
from decimal import Decimal

import pytest

from relais.core.months import Month
from relais.execution.actions.ledger import (
    Wanted,
    close_obligation,
    name_contact,
    record_entry,
    record_kick_off,
    reopen_obligation,
    resume_obligation,
    transfer_between_debtors,
)
from relais.execution.enums import EntryKind, LineState, ObligationState
from relais.execution.events import EntriesRecorded
from relais.execution.models import Debtor, Entry, Obligation
from relais.execution.queries.forecast import foretold
from relais.execution.queries.ledger import (
    balance_as_of,
    book_of,
    curve,
    months_of,
    people_of,
    statement_of_account,
)
from relais.kit import events
from relais.kit.access import Refused, Stale
from tests.clauses.factories import LAUNCHED, an_awarded, noon
from tests.execution.doings import a_job, decide, declare

pytestmark = pytest.mark.django_db
DAY = LAUNCHED + timedelta(200)
HALVES = {"corinne": Decimal("0.5"), "cyril": Decimal("0.5")}


@pytest.fixture
def obligation(cast):
    return an_awarded(cast).obligation


@pytest.fixture
def shared(cast):
    return an_awarded(cast, shares=HALVES).obligation


def record(cast, obligation, by="clara", on=DAY, **fields):
    wanted = Wanted(**{"kind": EntryKind.AMENDMENT, "hours": Decimal(27), "effective_on": on, **fields})
    return record_entry(obligation, wanted, actor=cast[by].actor(on), at=noon(on))


def test_an_amendment_adds_hours_to_each_debtor_by_its_share(cast, shared):
    entries = record(cast, shared, hours=Decimal("27.01"), wording="Avenant n° 1", document="AV1")
    assert {entry.number for entry in entries} == {2}
    assert sorted(entry.hours for entry in entries) == [Decimal("13.50"), Decimal("13.51")]
    shared.refresh_from_db()
    assert shared.owed == Decimal("400.01") == sum(debtor.owed for debtor in shared.debtors.all())


def test_an_order_may_bear_on_one_partner_only(cast, shared):
    cyril = shared.debtors.get(organisation=cast["cyril"].organisation)
    (entry,) = record(cast, shared, kind=EntryKind.ORDER, debtor=cyril)
    cyril.refresh_from_db()
    assert (entry.debtor, cyril.owed) == (cyril, Decimal("213.50"))


def test_upper_rooms_hear_every_entry(cast, obligation):
    heard = []
    events.subscribe(EntriesRecorded)(heard.append)
    try:
        (entry,) = record(cast, obligation)
    finally:
        events._handlers[EntriesRecorded].remove(heard.append)
    assert [(event.obligation_id, event.entry_ids) for event in heard] == [(obligation.pk, (entry.pk,))]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"kind": EntryKind.ORDER, "hours": Decimal(-5)}, "adds hours"),
        (
            {"kind": EntryKind.SUSPENSION, "hours": Decimal(5), "reason": "Chantier arrêté"},
            "zero or a number below",
        ),
        ({"kind": EntryKind.SUSPENSION, "hours": Decimal(0)}, "Say why"),
        ({"kind": EntryKind.AMENDMENT, "hours": Decimal(0)}, "changes nothing"),
        ({"kind": EntryKind.AMENDMENT, "hours": Decimal(-400)}, "less than zero"),
        (
            {"kind": EntryKind.CORRECTION, "hours": Decimal(-4), "reason": "Faute de frappe"},
            "names the entry",
        ),
        ({"kind": EntryKind.INITIAL}, "comes with the award"),
        ({"kind": EntryKind.TRANSFER}, "comes with the award"),
        ({"kind": EntryKind.WAIVER, "hours": Decimal(-10), "reason": "x"}, "Two people give hours up"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused_and_changes_nothing(cast, obligation, fields, reason):
    with pytest.raises(Refused, match=reason):
        record(cast, obligation, **fields)
    obligation.refresh_from_db()
    assert (obligation.owed, Entry.objects.count()) == (Decimal(373), 1)


def test_only_writers_of_the_buyer_record_entries(cast, obligation):
    for name, reason in (("fanny", "Only the buyer"), ("corinne", "Only the buyer"), ("pascal", "purchaser")):
        with pytest.raises(Refused, match=reason):
            record(cast, obligation, by=name)


def test_a_correction_names_the_entry_it_corrects(cast, obligation):
    (entry,) = record(
        cast,
        obligation,
        kind=EntryKind.CORRECTION,
        hours=Decimal(-3),
        reason="Erreur de saisie",
        corrected_number=1,
    )
    line = statement_of_account(book_of(obligation), as_of=DAY)[-1]
    assert (line.corrected_number, line.balance, line.reason) == (1, Decimal(370), "Erreur de saisie")
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        Entry.objects.update(hours=Decimal(0))


def test_a_suspension_holds_the_obligation_until_it_is_resumed_with_a_new_end(cast, obligation):
    record(cast, obligation, kind=EntryKind.SUSPENSION, hours=Decimal(0), reason="Chantier arrêté")
    obligation.refresh_from_db()
    assert obligation.state == ObligationState.SUSPENDED
    later = obligation.ends_on + timedelta(60)
    resume_obligation(obligation, ends_on=later, actor=cast["clara"].actor(DAY), at=noon(DAY))
    obligation.refresh_from_db()
    assert (obligation.state, obligation.ends_on) == (ObligationState.ACTIVE, later)


def test_hours_move_between_partners_and_the_whole_does_not(cast, shared):
    giver, taker = shared.debtors.order_by("pk")
    move = {"effective_on": DAY, "actor": cast["clara"].actor(DAY), "at": noon(DAY)}
    with pytest.raises(Refused, match="no more can be transferred"):
        transfer_between_debtors(giver, taker, hours=Decimal(200), reason="Trop", **move)
    transfer_between_debtors(giver, taker, hours=Decimal("86.5"), reason="Lot de peinture repris", **move)
    shared.refresh_from_db()
    assert shared.owed == Decimal(373)
    assert [debtor.owed for debtor in shared.debtors.order_by("pk")] == [Decimal(100), Decimal(273)]


def test_a_negative_entry_never_leaves_a_partner_owing_less_than_nothing(cast, shared):
    giver, taker = shared.debtors.order_by("pk")
    transfer_between_debtors(
        giver,
        taker,
        hours=Decimal("186.5"),
        effective_on=DAY,
        reason="Tout",
        actor=cast["clara"].actor(DAY),
        at=noon(DAY),
    )
    with pytest.raises(Refused, match="Name the company"):
        record(cast, shared, hours=Decimal(-10))
    record(cast, shared, hours=Decimal(-10), debtor=taker)
    assert Debtor.objects.get(pk=taker.pk).owed == Decimal(363)


def test_the_balance_of_a_past_day_is_the_one_known_that_day(cast, obligation):
    debtor = obligation.debtors.get()
    job = a_job(debtor, cast["fanny"].organisation)
    line = declare(job, Month.of(DAY), Decimal(70), actor=cast["corinne"].actor(), at=noon(DAY))
    decide(line, LineState.VALIDATED, actor=cast["fanny"].actor(), at=noon(DAY + timedelta(10)))
    record(cast, obligation, on=DAY + timedelta(20))
    before = balance_as_of(obligation, DAY)
    assert (before.owed, before.declared, before.validated) == (Decimal(373), Decimal(70), Decimal(0))
    assert balance_as_of(obligation, DAY + timedelta(10)).validated == Decimal(70)
    assert balance_as_of(obligation, DAY + timedelta(20)).remaining == Decimal(330)
    account = statement_of_account(book_of(obligation), as_of=DAY + timedelta(30))
    assert [line.balance for line in account] == [Decimal(373), Decimal(303), Decimal(330)]
    (month,) = months_of(book_of(obligation), as_of=DAY + timedelta(30))
    assert (month.declared, month.validated) == (Decimal(0), Decimal(70))


def test_the_curve_ends_today_and_the_forecast_follows_the_recent_pace(cast, obligation):
    job = a_job(obligation.debtors.get(), cast["fanny"].organisation)
    for step in range(4):
        month = Month.of(obligation.starts_on).shifted(step)
        at = noon(month.last_day)
        line = declare(job, month, Decimal(30), actor=cast["corinne"].actor(), at=at)
        decide(line, LineState.VALIDATED, actor=cast["fanny"].actor(), at=at)
    today = Month.of(obligation.starts_on).shifted(3).last_day
    points = curve(book_of(obligation), until=today)
    assert (points[-1].day, points[-1].validated) == (today, Decimal(120))
    said = foretold(book_of(obligation), today)
    assert said.end.day == obligation.ends_on
    assert said.rhythm > said.needed
    assert said.percent < 50
    assert foretold(book_of(obligation), obligation.ends_on + timedelta(40)) is None
    obligation.state = ObligationState.SUSPENDED
    assert foretold(book_of(obligation), today) is None


def test_the_buyer_reads_people_as_numbers(cast, obligation):
    job = a_job(obligation.debtors.get(), cast["fanny"].organisation)
    declare(job, Month.of(DAY), Decimal(70), actor=cast["corinne"].actor(), at=noon(DAY))
    (row,) = people_of(book_of(obligation, actor=cast["clara"].actor(DAY)), as_of=DAY)
    assert (row.number, row.category, row.waiting) == (job.person.number, "B_DELD", Decimal(70))


def test_the_facilitator_records_the_kick_off_and_the_company_its_contact(cast, obligation):
    with pytest.raises(Refused, match="facilitator of this clause or its buyer"):
        record_kick_off(obligation, held_on=DAY, actor=cast["corinne"].actor(DAY), at=noon(DAY))
    tomorrow = DAY + timedelta(1)
    with pytest.raises(Refused, match="up to today"):
        record_kick_off(obligation, held_on=tomorrow, actor=cast["fanny"].actor(DAY), at=noon(DAY))
    record_kick_off(obligation, held_on=DAY, actor=cast["fanny"].actor(DAY), at=noon(DAY))
    contact = {"name": "Corinne Nomdetest", "email": "corinne@example.org"}
    name_contact(obligation, **contact, actor=cast["corinne"].actor(DAY), at=noon(DAY))
    with pytest.raises(Refused):
        name_contact(obligation, **contact, actor=cast["felix"].actor(DAY), at=noon(DAY))
    obligation.refresh_from_db()
    assert (obligation.kicked_off_on, obligation.contact_name) == (DAY, "Corinne Nomdetest")


def close(cast, obligation, outcome, by="clara", reason=""):
    fresh = Obligation.objects.with_file().get(pk=obligation.pk)
    close_obligation(fresh, outcome=outcome, reason=reason, actor=cast[by].actor(DAY), at=noon(DAY))
    return fresh


def test_an_obligation_closes_as_its_balance_says(cast, obligation):
    job = a_job(obligation.debtors.get(), cast["fanny"].organisation)
    line = declare(job, Month.of(DAY), Decimal(300), actor=cast["corinne"].actor(), at=noon(DAY))
    with pytest.raises(Refused, match="still wait"):
        close(cast, obligation, ObligationState.PARTIAL, reason="Fin de chantier")
    decide(line, LineState.VALIDATED, actor=cast["fanny"].actor(), at=noon(DAY))
    with pytest.raises(Refused, match="73"):
        close(cast, obligation, ObligationState.FULFILLED)
    with pytest.raises(Refused, match="no validated hour"):
        close(cast, obligation, ObligationState.NOT_FULFILLED, reason="Fin")
    with pytest.raises(Refused, match="Say why"):
        close(cast, obligation, ObligationState.PARTIAL)
    with pytest.raises(Refused, match="Only a manager"):
        close(cast, obligation, ObligationState.WAIVED, reason="Fin")
    closed = close(cast, obligation, ObligationState.PARTIAL, reason="Fin de chantier anticipée")
    assert closed.clause.state == "closed"
    with pytest.raises(Refused, match="is closed"):
        record(cast, closed)
    reopen_obligation(closed, reason="Réserve levée", actor=cast["clara"].actor(DAY), at=noon(DAY))
    assert (closed.state, closed.clause.state) == (ObligationState.ACTIVE, "awarded")


def test_an_act_on_an_obligation_that_moved_is_stale(cast, obligation):
    same = Obligation.objects.with_file().get(pk=obligation.pk)
    record_kick_off(obligation, held_on=DAY, actor=cast["fanny"].actor(DAY), at=noon(DAY))
    with pytest.raises(Stale):
        record_kick_off(same, held_on=DAY, actor=cast["clara"].actor(DAY), at=noon(DAY))


def test_each_partner_sees_its_own_part_only(cast, shared):
    corinne = cast["corinne"].actor(DAY)
    assert Debtor.objects.visible_to(corinne).get().organisation == cast["corinne"].organisation
    assert Entry.objects.visible_to(corinne).get().hours == Decimal("186.50")
    assert book_of(shared, actor=corinne).balance().owed == Decimal("186.50")
    assert Debtor.objects.visible_to(cast["clara"].actor(DAY)).count() == 2
    assert not Debtor.objects.visible_to(cast["felix"].actor(DAY)).exists()
