"""The first page of each role: what needs them today, found by hand on a small scheme."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from relais.core.hours_plan import Planned
from relais.core.months import Month
from relais.execution.actions.launch import write_plan
from relais.execution.models import Obligation
from relais.execution.queries.standing import Gap, Standing
from relais.insight.actions.compute import compute_alerts
from relais.insight.alerts import Alert, Running, Thresholds, alerts_of, running
from relais.insight.models import Alert as KeptAlert
from relais.organisations.actions.schemes import set_policy
from relais.organisations.enums import Capacity, PolicyKey
from relais.organisations.models import CapacityHeld, Membership
from relais.screening.enums import OpportunityState
from relais.screening.models import OpinionRequest, Opportunity
from tests.cast import SINCE
from tests.clauses.factories import LAUNCHED, a_lot, a_retained, a_written, noon
from tests.insight.scene import Work, an_obligation

LIMITS = Thresholds()
TODAY = date(2026, 5, 20)
UNHEARD = Standing(is_unheard=True)


def a_running(**changes) -> Running:
    """A contract of 2026, half of its time gone, on schedule in every way."""
    facts = {
        "pk": 1,
        "clause": 1,
        "reference": "2026-001",
        "object": "Peinture",
        "buyer": "Région",
        "department": "Meuse",
        "holder": "Bâtisseurs",
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
        "owed": Decimal(1000),
        "declared": Decimal(0),
        "queried": Decimal(0),
        "validated": Decimal(400),
        "kicked_off_on": date(2026, 1, 10),
        "contact": "Nom",
        "notified_on": date(2025, 12, 15),
        "last_statement": date(2026, 4, 1),
    }
    return Running(**(facts | changes))


def seen(today=TODAY, **changes):
    return alerts_of(a_running(**changes), today, LIMITS)


def test_a_contract_on_schedule_has_no_alert():
    assert seen() == ()


@pytest.mark.parametrize(
    ("changes", "alert"),
    [
        ({"ends_on": date(2026, 5, 19)}, Alert.LATE),
        (
            {"starts_on": date(2025, 6, 1), "ends_on": date(2026, 8, 1), "validated": Decimal(590)},
            Alert.FAILING,
        ),
        (
            {"starts_on": date(2025, 7, 20), "ends_on": date(2026, 7, 19), "validated": Decimal(990)},
            Alert.ENDING,
        ),
        ({"validated": Decimal(260)}, Alert.BEHIND),
        ({"standing": Standing((Gap(Month(2026, 4), 1, "Bâtisseurs"),))}, Alert.SILENT),
        ({"standing": Standing((), date(2026, 4, 20))}, Alert.IDLE),
        ({"standing": UNHEARD}, Alert.NO_FIRST_HOURS),
        ({"standing": UNHEARD, "planned_from": date(2026, 4, 1)}, Alert.NO_FIRST_HOURS),
        ({"kicked_off_on": None}, Alert.NO_KICK_OFF),
        ({"validated": Decimal("1200.01")}, Alert.SURPLUS),
        ({"contact": ""}, Alert.NO_CONTACT),
    ],
)
def test_what_goes_wrong_is_seen(changes, alert):
    assert alert in seen(**changes)


@pytest.mark.parametrize(
    ("changes", "alert"),
    [
        ({"ends_on": date(2026, 5, 19), "validated": Decimal(1000)}, Alert.LATE),
        ({"ends_on": TODAY}, Alert.LATE),
        (
            {"starts_on": date(2025, 6, 1), "ends_on": date(2026, 8, 1), "validated": Decimal(600)},
            Alert.FAILING,
        ),
        ({"ends_on": date(2026, 7, 20)}, Alert.ENDING),
        ({"starts_on": date(2026, 3, 15), "validated": Decimal(0)}, Alert.BEHIND),
        ({"standing": Standing((Gap(Month(2026, 5), 1, "Bâtisseurs"),))}, Alert.SILENT),
        ({"standing": Standing((), date(2026, 5, 2))}, Alert.IDLE),
        ({"standing": UNHEARD, "notified_on": date(2026, 2, 19)}, Alert.NO_FIRST_HOURS),
        ({"standing": UNHEARD, "planned_from": date(2026, 5, 1)}, Alert.NO_FIRST_HOURS),
        ({"standing": UNHEARD, "starts_on": date(2026, 5, 1)}, Alert.NO_FIRST_HOURS),
        ({"kicked_off_on": None, "notified_on": date(2026, 4, 20)}, Alert.NO_KICK_OFF),
        ({"validated": Decimal(1200)}, Alert.SURPLUS),
    ],
)
def test_what_is_just_inside_the_limits_is_left_alone(changes, alert):
    assert alert not in seen(**changes)


@pytest.mark.django_db
def test_running_obligations_are_read_with_their_last_statement(cast):
    work = Work(cast, an_obligation(cast))
    work.hours(date(2024, 3, 1), 10)
    work.hours(date(2024, 4, 1), 10)
    (row,) = running(Obligation.objects.all(), date(2024, 6, 20))
    assert (row.last_statement, row.holder, row.validated) == (date(2024, 4, 1), "Bâtisseurs du Mad", 20)
    assert row.standing.months == [Month(2024, 1), Month(2024, 2), Month(2024, 5)]


@pytest.mark.django_db
def test_the_first_month_of_the_plan_puts_the_silence_off(cast):
    obligation = an_obligation(cast)
    today = obligation.starts_on + timedelta(100)
    planned = {obligation.starts_on: Decimal(0), today: obligation.owed}
    lines = [Planned(Month.of(day), "Peinture", hours) for day, hours in planned.items()]

    def alerts():
        (row,) = running(Obligation.objects.all(), today)
        return alerts_of(row, today, LIMITS)

    assert Alert.NO_FIRST_HOURS in alerts()
    write_plan(obligation, lines, actor=cast["clara"].actor(today), at=noon(today))
    assert Alert.NO_FIRST_HOURS not in alerts()
    Work(cast, obligation).hours(obligation.starts_on, 10)
    obligation.clause.hours_plan.delete()
    assert Alert.NO_FIRST_HOURS not in alerts()


@pytest.fixture
def read(client_for, cast):
    def read(name, **query):
        person = cast[name]
        return client_for(person).get(
            reverse("todo", kwargs={"organisation": person.organisation.slug}), query
        )

    return read


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def late(cast, today):
    """A contract of which half of the time is gone, without an hour, launched by nobody."""
    return an_obligation(cast, starts_on=today - timedelta(200), months=13, hours=400)


def text(response) -> str:
    return " ".join(BeautifulSoup(response.content.decode(), "html.parser").get_text(" ").split())


pages = pytest.mark.django_db


@pages
def test_the_scheme_chooses_after_how_many_days_silence_is_an_alert(read, cast, late, today):
    def seen_alerts():
        return {alert for act in read("clara").context["acts"] for alert in act.alerts}

    assert Alert.NO_FIRST_HOURS in seen_alerts()
    set_policy(
        cast.scheme,
        PolicyKey.FIRST_HOURS_DAYS,
        Decimal(300),
        starts_on=today,
        source="Comité de pilotage",
        verified=True,
        actor=cast["carole"].actor(),
        at=timezone.now(),
    )
    assert seen_alerts()
    assert Alert.NO_FIRST_HOURS not in seen_alerts()


@pages
def test_clara_sees_what_needs_her_by_date(read, cast, late):
    a_retained(cast)
    written = a_written(cast)
    page = text(read("clara"))
    assert "aucune heure encore déclarée" in page
    assert late.clause.reference in page
    assert "Rédiger la clause" in page
    assert f"{written.reference} · Peinture" in page
    assert "Meurthe-et-Moselle" in page


@pages
def test_the_board_counts_sheets_by_state(read, cast):
    a_retained(cast)
    a_retained(cast)
    page = BeautifulSoup(read("clara").content.decode(), "html.parser")
    heads = {head.a.get_text(): head.span.get_text() for head in page.select(".board-column h3")}
    assert heads["Retenu"] == "2"
    assert heads["À l’étude"] == "0"


@pages
def test_hours_since_january_are_beside_those_of_last_year(read, cast, today):
    january = today.replace(month=1, day=1)
    before = january.replace(year=january.year - 1)
    work = Work(cast, an_obligation(cast, starts_on=before - timedelta(40), months=36))
    work.hours(january, 150)
    work.hours(before, 100)
    page = text(read("clara")).replace("\u202f", " ")
    assert "150 h" in page
    assert "+50 %" in page


@pages
def test_nothing_to_do_says_what_will_come(read, cast):
    assert "Rien ne vous attend" in text(read("clara"))
    assert "Aucune heure à valider" in text(read("fanny"))
    assert "Aucune heure à déclarer" in text(read("corinne"))


@pages
def test_fanny_sees_who_waits_for_her(read, cast, late, today):
    work = Work(cast, late)
    month = (today.replace(day=1) - timedelta(1)).replace(day=1)
    work.hours(month, 40, state="DECLARED")
    job = work.job(work.person(), eligible_until=today + timedelta(30))
    sheet = a_retained(cast)
    OpinionRequest.objects.create(
        opportunity=sheet, facilitator=cast["fanny"].organisation, asked_at=noon(today), due_on=today
    )
    page = text(read("fanny"))
    assert "Bâtisseurs du Mad" in page
    assert "40" in page
    assert job.person.full_name in page
    assert sheet.lot.object[:60] in page
    assert "restant à faire" in page


@pages
def test_felix_sees_nothing_of_what_fanny_follows(read, cast, late, today):
    Work(cast, late).hours(today.replace(day=1), 40, state="DECLARED")
    assert late.clause.reference not in text(read("felix"))


@pages
def test_corinne_declares_the_month_due_and_knows_whom_to_ask(read, cast, late, today):
    work = Work(cast, late)
    first = late.starts_on.replace(day=1)
    work.job(work.person())
    page = read("corinne")
    said = text(page)
    assert late.clause.reference in said
    assert "PLIE de la Meurthe" in said
    assert "mailto:fanny@example.org" in page.content.decode()
    declare = reverse(
        "statement-edit",
        kwargs={"organisation": "batisseurs-du-mad", "pk": late.pk, "month": f"{first:%Y-%m}"},
    )
    assert declare in page.content.decode()
    assert "bar-expected" in page.content.decode()


@pages
def test_a_question_of_the_facilitator_comes_first(read, cast, late, today):
    work = Work(cast, late)
    other = Work(cast, an_obligation(cast, starts_on=today - timedelta(150), months=12))
    other.job(other.person())
    line = work.hours(late.starts_on.replace(day=1) + timedelta(40), 30, state="QUERIED")
    type(line).objects.filter(pk=line.pk).update(note="Quel chantier ?")
    cards = BeautifulSoup(read("corinne").content.decode(), "html.parser").select("section.panel")
    assert late.clause.reference in cards[0].get_text()
    assert "Quel chantier ?" in cards[0].get_text()


@pages
def test_pascal_sees_his_lots_alone(read, cast):
    mine = a_retained(cast, project_lead=cast["pascal"].user)
    other = a_retained(cast)
    page = text(read("pascal"))
    assert mine.lot.object in page
    assert other.lot.object not in page
    assert other.lot.object in text(read("paula"))


@pages
def test_elodie_reads_four_figures_three_graphs_and_the_committee(read, cast, late, today):
    Work(cast, late).hours(today.replace(day=1), 30)
    page = BeautifulSoup(read("elodie").content.decode(), "html.parser")
    assert len(page.select(".figure")) == 4
    assert len(page.select("figure.chart")) == 3
    assert page.find("a", href=reverse("committee", kwargs={"organisation": "region-trois-vallees"}))
    assert late.clause.reference not in page.get_text()


@pages
def test_a_body_of_two_trades_chooses_its_desk(read, cast, late):
    CapacityHeld.objects.create(
        organisation=cast["fanny"].organisation, capacity=Capacity.COMPANY, starts_on=SINCE
    )
    assert "Ce que vous devez" in text(read("fanny", desk="company"))
    assert "Qui vous attend" in text(read("fanny", desk="nothing"))


@pages
@pytest.mark.parametrize(
    "name", ["clara", "pascal", "paula", "elodie", "benoit", "fanny", "corinne", "sonia"]
)
@pytest.mark.parametrize("rows", [1, 3])
def test_few_queries_whatever_the_rows(read, cast, within_queries, name, rows, today):
    for number in range(rows):
        shares = {"sonia" if name == "sonia" else "corinne": Decimal(1)}
        by = "benoit" if name == "benoit" else "clara"
        work = Work(cast, an_obligation(cast, by=by, starts_on=today - timedelta(200), shares=shares))
        work.hours(today.replace(day=1), 10 + number, state="DECLARED")
        work.job(work.person(), eligible_until=today + timedelta(30))
        a_retained(cast)
        a_written(cast)
    compute_alerts(cast.scheme, on=today)
    assert Opportunity.objects.count() >= rows
    with within_queries(12):
        read(name)


@pages
def test_the_alerts_kept_are_told_ours_first_with_their_numbers(read, cast, late, today):
    compute_alerts(cast.scheme, on=today)
    kept = KeptAlert.objects.filter(owner=cast["fanny"].organisation)
    kept.filter(code="AL10").update(escalated_on=today, escalated_to="owner_manager")
    page = text(read("fanny"))
    assert f"{kept.count()} à traiter par vous" in page
    assert "1 signalée plus haut" in page
    assert kept.get(code="AL10").sentence in page
    assert reverse("load-list", kwargs={"organisation": "plie-de-la-meurthe"}) in read("fanny").text
    behind = " ".join(kept.get(code="AL02").sentence.split())
    assert behind in text(read("clara"))
    kept.update(snoozed_until=today + timedelta(9), snooze_reason="Gel")
    assert "à traiter par vous" not in text(read("fanny"))


@pages
@pytest.mark.parametrize(("name", "may"), [("clara", False), ("carole", True), ("paula", True)])
def test_the_act_of_a_sheet_is_for_who_may_do_it(read, cast, name, may):
    lot = a_lot(cast)
    Opportunity.objects.create(lot=lot, state=OpportunityState.UNDER_ANALYSIS, created_at=noon(LAUNCHED))
    page = text(read(name))
    assert ("Faire décider de ce lot" in page) is not may
    assert ("Décider de la suite de ce lot" in page) is may


@pages
def test_the_facilitator_is_named_even_without_an_account(read, cast, late):
    Work(cast, late).job()
    Membership.objects.filter(organisation=cast["fanny"].organisation).delete()
    page = read("corinne")
    assert "PLIE de la Meurthe" in text(page)
    assert "mailto:" not in page.content.decode()
