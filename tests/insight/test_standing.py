"""The follow-up, the card of the company and the desk of the officer tell the same of the same clause."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from relais.core.months import Month
from relais.execution.models import JobContract, Obligation
from relais.execution.queries.standing import Pace, Standing, pace_of, standings, statement_due
from relais.insight.alerts import Alert
from relais.kit.words import month as say_month
from tests.insight.scene import Work, an_obligation

pytestmark = pytest.mark.django_db
THIS = Month.of(timezone.localdate())
START = THIS.shifted(-5)
TOLD = {Alert.SILENT, Alert.IDLE, Alert.BEHIND, Alert.FAILING}


@dataclass
class Told:
    """What each of the three pages says of one clause."""

    follow_up: str
    card: str
    stance: str
    months: list[Month]
    officer: set[Alert]


@pytest.fixture
def work(cast):
    """A contract of two years begun five months ago, whose holder owes 2 400 h."""
    return Work(cast, an_obligation(cast, starts_on=START.first_day, months=24, hours=2400))


@pytest.fixture
def told(cast, client_for):
    def get(name, person, **kwargs):
        who = cast[person]
        return client_for(who).get(reverse(name, kwargs={"organisation": who.organisation.slug, **kwargs}))

    def acts(response):
        page = BeautifulSoup(response.content.decode(), "html.parser")
        return " ".join(
            " ".join(part.get_text(" ").split()) for part in page.select("main .next-action, main details li")
        )

    def told(work) -> Told:
        holder = acts(get("obligation-detail", "corinne", pk=work.obligation.pk))
        officer = acts(get("obligation-detail", "clara", pk=work.obligation.pk))
        desk = get("todo", "corinne")
        (card,) = desk.context["cards"]
        panel = BeautifulSoup(desk.content.decode(), "html.parser").select_one("section.panel")
        alerts = {alert for act in get("todo", "clara").context["acts"] for alert in act.alerts}
        for words in ("Déclarer", "Aucune personne en poste"):
            assert (words in holder) == (words in officer)
        return Told(
            holder,
            " ".join(panel.get_text(" ").split()),
            panel.select_one(".state").get_text(),
            card["duty"].months,
            alerts & TOLD,
        )

    return told


def job_from(work, day, ends_on=None) -> JobContract:
    job = work.job(ends_on=ends_on)
    JobContract.objects.filter(pk=job.pk).update(starts_on=day)
    job.refresh_from_db()
    return job


def declare(work, job, *steps, hours=100):
    """Hours validated in the months that come `steps` after the start."""
    for step in steps:
        work.hours(START.shifted(step).first_day, hours, job=job)


def test_nobody_was_ever_in_post(work, told):
    seen = told(work)
    since = f"Aucune personne en poste depuis le {START.first_day:%d/%m/%Y}"
    assert since in seen.follow_up
    assert since in seen.card
    assert seen.officer == {Alert.IDLE}
    assert seen.months == []
    assert "À jour" not in seen.card
    assert seen.stance == "Aucune personne en poste"


def test_a_job_begun_late_is_declared_from_its_start(work, told):
    job_from(work, START.shifted(3).first_day)
    seen = told(work)
    assert seen.months == [START.shifted(3), START.shifted(4)]
    assert "Déclarer 2 mois pas encore déclarés" in seen.follow_up
    assert "2 mois à déclarer" in seen.card
    assert Alert.SILENT in seen.officer or not is_due(START.shifted(3))
    assert "personne en poste" not in seen.follow_up + seen.card


def test_a_month_missing_in_the_middle_is_seen_by_all(work, told):
    declare(work, job_from(work, START.first_day), 0, 1, 3, 4)
    seen = told(work)
    assert seen.months == [START.shifted(2)]
    assert f"Déclarer {say_month(START.shifted(2))}" in seen.follow_up
    assert "1 mois à déclarer" in seen.card
    assert seen.officer == {Alert.SILENT}
    assert seen.stance == "En retard"


def test_all_is_declared_and_on_the_plan(work, told):
    declare(work, job_from(work, START.first_day), *range(5), hours=200)
    seen = told(work)
    assert seen.months == []
    assert seen.officer == set()
    assert seen.stance == "À jour"
    assert "Déclarer 2" not in seen.follow_up


def test_all_is_declared_and_little_was_done(cast, told):
    work = Work(cast, an_obligation(cast, starts_on=START.first_day, months=12, hours=2400))
    declare(work, job_from(work, START.first_day), *range(5), hours=10)
    seen = told(work)
    assert seen.months == []
    assert seen.officer == {Alert.BEHIND}
    assert seen.stance == "En retard sur le plan"
    assert "de retard sur le plan" in seen.follow_up


def test_somebody_left_and_nobody_came(work, told):
    end = START.shifted(2).last_day
    declare(work, job_from(work, START.first_day, ends_on=end), 0, 1, 2, hours=400)
    seen = told(work)
    since = f"Aucune personne en poste depuis le {end + timedelta(1):%d/%m/%Y}"
    assert since in seen.follow_up
    assert since in seen.card
    assert seen.months == []
    assert seen.officer == {Alert.IDLE}


def is_due(month):
    return statement_due(month, 10) < timezone.localdate()


def test_months_awaited_from_a_structure_are_not_asked_of_the_holder(work, cast, told):
    job = job_from(work, START.first_day)
    JobContract.objects.filter(pk=job.pk).update(declared_by=cast["sonia"].organisation)
    seen = told(work)
    assert seen.months == []
    assert "Tremplin Intérim n’a pas encore déclaré" in seen.card
    assert "Tremplin Intérim" in seen.follow_up
    assert seen.officer == {Alert.SILENT}


def test_nothing_is_missing_once_all_hours_are_done_or_before_the_start(cast):
    done = Work(cast, an_obligation(cast, starts_on=START.first_day, hours=100))
    declare(done, job_from(done, START.first_day), 0, hours=100)
    later = an_obligation(cast, starts_on=THIS.shifted(2).first_day)
    rows = list(Obligation.objects.order_by("pk"))
    assert standings(rows, timezone.localdate()) == {row.pk: Standing() for row in rows}
    assert later.pk in {row.pk for row in rows}


@pytest.mark.parametrize(
    ("day", "validated", "pace"),
    [
        (date(2026, 3, 31), 0, Pace.STEADY),
        (date(2026, 4, 2), 0, Pace.BEHIND),
        (date(2026, 10, 1), 600, Pace.STEADY),
        (date(2026, 10, 20), 590, Pace.FAILING),
        (date(2027, 1, 1), 0, Pace.STEADY),
    ],
)
def test_the_pace_is_told_from_a_quarter_and_from_three_quarters(day, validated, pace):
    span = (date(2026, 1, 1), date(2026, 12, 31), day)
    assert pace_of(Decimal(1000), Decimal(validated), *span) is pace
