from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from relais.clauses.actions import add_party
from relais.clauses.enums import Part
from relais.core.hours_plan import Planned
from relais.core.months import Month
from relais.execution.actions.launch import write_plan
from relais.execution.actions.ledger import Wanted, record_entry, record_kick_off
from relais.execution.enums import EntryKind, LineState
from relais.execution.models import Obligation
from relais.execution.queries.ledger import book_of
from relais.execution.queries.next_act import Kind, acts_to_come, situation_of
from relais.kit.models import AuditEntry
from relais.organisations.policies import policies
from tests.clauses.factories import LAUNCHED, an_awarded, noon
from tests.execution.doings import a_job, decide, declare

pytestmark = pytest.mark.django_db
DAY = LAUNCHED + timedelta(200)
HALVES = {"corinne": Decimal("0.5"), "cyril": Decimal("0.5")}


def page_of(name, person, **kwargs):
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


def work(cast, obligation, hours=Decimal(70), month=None, state=LineState.VALIDATED, on=DAY):
    job = a_job(obligation.debtors.first(), cast["fanny"].organisation)
    line = declare(job, month or Month.of(on), hours, actor=cast["corinne"].actor(on), at=noon(on))
    if state != LineState.DECLARED:
        decide(line, state, actor=cast["fanny"].actor(on), at=noon(on))
    return job


def to_come(cast, obligation, today):
    fresh = Obligation.objects.with_file().get(pk=obligation.pk)
    now = situation_of(fresh, book_of(fresh), policies(cast.scheme, today), today)
    return {act.kind: act for act in acts_to_come(now)}


def test_the_kick_off_comes_first_thirty_days_after_the_notification(cast):
    obligation = an_awarded(cast).obligation
    notified_on = obligation.clause.contract.notified_on
    acts = to_come(cast, obligation, notified_on + timedelta(31))
    first = acts[Kind.KICK_OFF]
    assert (first.due, first.late, first.owner) == (notified_on + timedelta(30), True, "PLIE de la Meurthe")


def test_a_month_nobody_declared_is_asked_of_who_declares_it(cast):
    obligation = an_awarded(cast).obligation
    start = Month.of(obligation.starts_on)
    today = start.next().first_day + timedelta(15)
    job = a_job(obligation.debtors.first(), cast["fanny"].organisation)
    act = to_come(cast, obligation, today)[Kind.DECLARE]
    assert (act.due, act.late, act.owner) == (
        start.next().first_day + timedelta(9),
        True,
        "Bâtisseurs du Mad",
    )
    declare(job, start, Decimal(70), actor=cast["corinne"].actor(today), at=noon(today))
    assert not to_come(cast, obligation, today)[Kind.DECLARE].late


def test_without_a_job_people_are_asked_for_and_no_statement(cast):
    obligation = an_awarded(cast).obligation
    today = Month.of(obligation.starts_on).next().first_day + timedelta(15)
    acts = to_come(cast, obligation, today)
    assert Kind.DECLARE not in acts
    assert acts[Kind.STAFF].words.params == {"day": obligation.starts_on}
    assert acts[Kind.STAFF].late


def test_silence_since_the_award_is_told_until_an_hour_is_declared(cast):
    obligation = an_awarded(cast).obligation
    notified_on = obligation.clause.contract.notified_on
    limit = notified_on + timedelta(90)
    assert Kind.FIRST_HOURS not in to_come(cast, obligation, limit)
    late = limit + timedelta(1)
    act = to_come(cast, obligation, late)[Kind.FIRST_HOURS]
    assert (act.due, act.late, act.owner) == (limit, True, "PLIE de la Meurthe")
    assert act.words.params == {"day": notified_on}
    job = a_job(obligation.debtors.first(), cast["fanny"].organisation)
    assert Kind.FIRST_HOURS in to_come(cast, obligation, late)
    declare(job, Month.of(limit), Decimal(10), actor=cast["corinne"].actor(late), at=noon(late))
    assert Kind.FIRST_HOURS not in to_come(cast, obligation, late)


def test_a_plan_that_begins_later_puts_the_silence_off(cast):
    obligation = an_awarded(cast).obligation
    late = obligation.clause.contract.notified_on + timedelta(91)
    first = Month.of(late)
    lines = [
        Planned(Month.of(obligation.starts_on), "Peinture", Decimal(0)),
        Planned(first, "Peinture", obligation.owed),
    ]
    write_plan(obligation, lines, actor=cast["fanny"].actor(late), at=noon(late))
    assert Kind.FIRST_HOURS not in to_come(cast, obligation, late)
    due = first.next().first_day + timedelta(9)
    assert Kind.FIRST_HOURS not in to_come(cast, obligation, due)
    assert to_come(cast, obligation, due + timedelta(1))[Kind.FIRST_HOURS].due == due


@pytest.mark.parametrize("count", [1, 3])
def test_the_follow_up_of_a_silent_contract_keeps_its_budget(cast, fanny, client_for, within_queries, count):
    obligation = an_awarded(cast, shares=HALVES, award={"ends_on": date(2099, 12, 31)}).obligation
    hours = obligation.owed / count
    first = Month.of(obligation.starts_on)
    lines = [Planned(first.shifted(step), "Peinture", hours.quantize(Decimal(1))) for step in range(count)]
    lines[-1] = replace(lines[-1], hours=obligation.owed - sum(line.hours for line in lines[:-1]))
    write_plan(obligation, lines, actor=fanny.actor(DAY), at=noon(DAY))
    browser = client_for(fanny)
    with within_queries(12):
        page = browser.get(page_of("obligation-detail", fanny, pk=obligation.pk))
    assert "aucune heure déclarée depuis" in page.content.decode()


def test_declared_hours_wait_for_the_facilitator_and_queried_ones_for_the_holder(cast):
    obligation = an_awarded(cast).obligation
    work(cast, obligation, state=LineState.DECLARED)
    work(cast, obligation, state=LineState.QUERIED)
    acts = to_come(cast, obligation, DAY + timedelta(20))
    assert acts[Kind.VALIDATE].late
    assert acts[Kind.VALIDATE].due == DAY + timedelta(15)
    assert acts[Kind.ANSWER].owner == "Bâtisseurs du Mad"


def test_the_buyer_closes_what_is_done_and_decides_on_what_is_not(cast):
    obligation = an_awarded(cast).obligation
    after = obligation.ends_on + timedelta(5)
    assert to_come(cast, obligation, after)[Kind.DECIDE_END].late
    work(cast, obligation, hours=Decimal(373))
    assert list(to_come(cast, obligation, after)) == [Kind.CLOSE]


def test_lateness_on_the_plan_is_told_from_a_quarter_of_the_time(cast):
    obligation = an_awarded(cast).obligation
    early = obligation.starts_on + timedelta(100)
    assert Kind.CATCH_UP not in to_come(cast, obligation, early)
    assert Kind.CATCH_UP in to_come(cast, obligation, obligation.starts_on + timedelta(200))
    assert Kind.ENDING in to_come(cast, obligation, obligation.ends_on - timedelta(30))


@pytest.mark.parametrize("count", [1, 3])
def test_the_follow_up_stays_flat(cast, clara, client_for, within_queries, count):
    obligation = an_awarded(cast, shares=HALVES).obligation
    for _ in range(count):
        work(cast, obligation)
        wanted = Wanted(kind=EntryKind.ORDER, hours=Decimal(10), effective_on=DAY)
        record_entry(obligation, wanted, actor=clara.actor(DAY), at=noon(DAY))
    browser = client_for(clara)
    with within_queries(12):
        page = browser.get(page_of("obligation-detail", clara, pk=obligation.pk))
    assert len(page.context["people"]) == count


def test_the_account_reads_as_a_bank_statement_and_replays_a_past_day(cast, clara, client_for):
    obligation = an_awarded(cast).obligation
    work(cast, obligation)
    wanted = Wanted(kind=EntryKind.AMENDMENT, hours=Decimal(27), effective_on=DAY, wording="Avenant n° 1")
    later = DAY + timedelta(30)
    record_entry(obligation, wanted, actor=clara.actor(later), at=noon(later))
    browser, url = client_for(clara), page_of("obligation-detail", clara, pk=obligation.pk)
    now = browser.get(url)
    assert [line.balance for line in now.context["account"]] == [Decimal(330), Decimal(303), Decimal(373)]
    past = browser.get(url, {"au": (later - timedelta(1)).isoformat()})
    assert past.context["balance"].owed == Decimal(373)
    assert "Avenant n° 1" not in past.content.decode()
    assert past.context["next_act"] is None
    assert browser.get(url, {"au": "hier"}).context["day"] == now.context["day"]


def test_the_buyer_reads_numbers_the_coordinator_totals_and_nobody_a_name(cast, clara, benoit, client_for):
    own = an_awarded(cast).obligation
    town = an_awarded(cast, by="benoit", lot={"buyer": benoit.organisation}).obligation
    for obligation in (own, town):
        work(cast, obligation)
    mine = client_for(clara).get(page_of("obligation-detail", clara, pk=own.pk)).content.decode()
    theirs = client_for(clara).get(page_of("obligation-detail", clara, pk=town.pk)).content.decode()
    his = client_for(benoit).get(page_of("obligation-detail", benoit, pk=town.pk)).content.decode()
    assert "T-" in mine
    assert "T-" in his
    assert "T-" not in theirs
    assert "70" in theirs
    assert "Nomsecret" not in mine + theirs + his


def test_a_partner_reads_its_part_and_not_that_of_the_other(cast, corinne, client_for):
    obligation = an_awarded(cast, shares=HALVES).obligation
    page = client_for(corinne).get(page_of("obligation-detail", corinne, pk=obligation.pk))
    assert page.context["balance"].owed == Decimal("186.50")
    assert "Peintures de l" not in page.content.decode()
    assert page.context["people"] == []


def test_an_order_follows_its_amount_with_its_working(cast, clara, client_for):
    obligation = an_awarded(cast).obligation
    browser = client_for(clara)
    data = {
        "kind": "ORDER",
        "effective_on": DAY.isoformat(),
        "amount": "40 000",
        "hours_per_10k": "7,5",
        "document": "Bon 2025-118",
    }
    browser.post(page_of("entry-add", clara, pk=obligation.pk), data)
    entry = obligation.entries.get(kind="ORDER")
    assert (entry.hours, len(entry.working["steps"])) == (Decimal(30), 4)
    assert (
        "Bon 2025-118" in browser.get(page_of("obligation-detail", clara, pk=obligation.pk)).content.decode()
    )


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "ORDER", "hours": "-5"},
        {"kind": "WAIVER", "hours": "-5", "reason": "Pas de candidat"},
        {"kind": "AMENDMENT"},
        {"kind": "AMENDMENT", "hours": "NaN"},
        {"kind": "AMENDMENT", "hours": "5", "amount": "1000", "hours_per_10k": "7"},
        {"kind": "CORRECTION", "hours": "5", "reason": "x", "corrected_number": "9"},
        {"kind": "AMENDMENT", "hours": "5", "effective_on": "31/02/2025"},
        {"kind": "AMENDMENT", "hours": "99999999999999"},
        {"kind": "AMENDMENT", "hours": "5", "new_end": "2001-01-01"},
    ],
)
def test_a_bad_entry_is_told_on_the_form_and_nothing_is_lost(cast, clara, client_for, data):
    obligation = an_awarded(cast).obligation
    data = {"effective_on": DAY.isoformat(), "wording": "Ce que Clara a tapé", **data}
    answer = client_for(clara).post(page_of("entry-add", clara, pk=obligation.pk), data)
    assert answer.status_code == 422
    assert "Ce que Clara a tapé" in answer.content.decode()
    assert obligation.entries.count() == 1


def test_the_closing_form_tells_what_is_missing(cast, clara, client_for):
    obligation = an_awarded(cast).obligation
    url = page_of("obligation-close", clara, pk=obligation.pk)
    browser = client_for(clara)
    refused = browser.post(url, {"outcome": "fulfilled"})
    assert refused.status_code == 422
    assert "373" in refused.content.decode()
    assert browser.post(url, {"outcome": "not_fulfilled", "reason": "Chantier abandonné"}).status_code == 302
    page = browser.get(page_of("obligation-detail", clara, pk=obligation.pk)).content.decode()
    assert "Chantier abandonné" in page


def test_the_account_leaves_as_a_file_with_its_balance(cast, corinne, client_for):
    obligation = an_awarded(cast, shares=HALVES).obligation
    answer = client_for(corinne).get(page_of("ledger-export", corinne, pk=obligation.pk), {"format": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert ";186,50;" in lines[1]
    assert AuditEntry.objects.filter(verb="execution.ledger.exported").count() == 1


def test_the_next_act_has_a_link_for_who_owns_it(cast, fanny, clara, client_for):
    obligation = an_awarded(cast, award={"ends_on": date(2099, 12, 31)}).obligation
    url = {person.name: page_of("obligation-detail", person, pk=obligation.pk) for person in (fanny, clara)}
    assert client_for(fanny).get(url["fanny"]).context["next_act"].url.endswith("/lancement/")
    assert client_for(clara).get(url["clara"]).context["next_act"].url == ""
    record_kick_off(obligation, held_on=DAY, actor=fanny.actor(DAY), at=noon(DAY))
    assert client_for(fanny).get(url["fanny"]).context["next_act"].owner == "Bâtisseurs du Mad"


def test_a_structure_reads_the_hours_of_its_people_and_no_debt(cast, sonia, client_for):
    clause = an_awarded(cast)
    add_party(
        clause,
        sonia.organisation,
        Part.STRUCTURE,
        actor=cast["clara"].actor(DAY),
        at=noon(DAY),
        starts_on=LAUNCHED,
    )
    work(cast, clause.obligation)
    job = a_job(clause.obligation.debtors.get(), cast["fanny"].organisation)
    job.employer = job.declared_by = sonia.organisation
    job.save()
    declare(job, Month.of(DAY), Decimal(21), actor=sonia.actor(DAY), at=noon(DAY))
    page = client_for(sonia).get(page_of("obligation-detail", sonia, pk=clause.obligation.pk))
    assert (page.context["balance"].owed, page.context["waiting"]) == (Decimal(0), Decimal(21))
    assert [row.declared for row in page.context["months"]] == [Decimal(21)]
    assert page.context["next_act"] is None
