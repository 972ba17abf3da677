"""The pass over a scheme: what is seen, opened, closed, escalated; a constant number of queries."""

import json
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from relais.core.words import Words
from relais.execution.enums import BreachAct, ObligationState
from relais.execution.models import Obligation
from relais.insight.actions.compute import compute_alerts, look
from relais.insight.models import Alert
from relais.organisations.actions.schemes import set_policy
from relais.organisations.alerting import TOLD, Code, Level, Seen, codes_watched, register, sources
from relais.organisations.enums import PolicyKey
from relais.procurement.models import Amendment
from relais.screening.models import OpinionRequest, ScreeningResult
from tests.clauses.factories import a_lot, a_retained, noon
from tests.execution.road import WARNED, breach_after, take
from tests.execution.road import running as scene_of_a_breach
from tests.insight.scene import Work, an_obligation

pytestmark = pytest.mark.django_db
START = date(2026, 1, 5)
TODAY = date(2026, 9, 15)


def seen(cast, on=TODAY) -> dict[str, Seen]:
    """What is seen, by code; the last one of each."""
    return {str(one.code): one for one in look(cast.scheme, on).values()}


def running(cast, **changes) -> Work:
    """A contract of 2026, launched and with a correspondent."""
    obligation = an_obligation(cast, **({"starts_on": START, "months": 12, "hours": 1000} | changes))
    Obligation.objects.filter(pk=obligation.pk).update(kicked_off_on=START, contact_name="Nom")
    obligation.refresh_from_db()
    return Work(cast, obligation)


def test_every_code_says_its_level_and_who_is_told():
    assert set(TOLD) == set(Code)
    assert all(levels and all(levels.values()) for levels in TOLD.values())


def test_a_second_source_of_a_code_is_refused():
    with pytest.raises(ValueError, match="AL14"):
        register(lambda scheme, on, limits: [], Code.AL14)
    assert sources()


def test_the_codes_whose_data_exist_are_watched():
    later = {Code.AL15, Code.AL17, Code.AL18}
    assert set(Code) - later <= set(codes_watched())


def test_silence_is_told_to_who_declares_then_to_who_follows(cast):
    work = running(cast)
    work.hours(date(2026, 1, 1), 700)
    work.hours(date(2026, 2, 1), 20, job=None)
    work.obligation.job_contracts.update(ends_on=date(2026, 3, 20))
    told = seen(cast, date(2026, 4, 15))["AL01"]
    assert (told.level, told.owner_id) == (Level.INFO, cast["corinne"].organisation.pk)
    told = seen(cast, date(2026, 4, 21))["AL01"]
    assert (told.level, told.owner_id) == (Level.WARNING, cast["fanny"].organisation.pk)
    assert told.due_on == date(2026, 4, 10)


def test_pace_end_and_surplus_follow_the_policies_of_the_scheme(cast):
    work = running(cast)
    work.hours(date(2026, 6, 1), 420)
    assert {"AL02"} <= set(seen(cast))
    assert "AL03" in seen(cast, date(2026, 11, 1))
    ending = seen(cast, date(2026, 12, 20))["AL04"]
    assert (ending.level, ending.working[2][1]) == (Level.CRITICAL, Decimal(580))
    set_policy(
        cast.scheme,
        PolicyKey.ALERT_BEHIND_SHARE,
        Decimal("0.5"),
        starts_on=START,
        source="Vote",
        verified=True,
        actor=cast["carole"].actor(START),
        at=noon(START),
    )
    assert "AL02" not in seen(cast)
    work.hours(date(2026, 7, 1), 800)
    assert seen(cast)["AL19"].level == Level.ANOMALY


def test_a_suspended_contract_is_not_awaited(cast):
    work = running(cast)
    Obligation.objects.filter(pk=work.obligation.pk).update(kicked_off_on=None)
    assert {"AL01", "AL02", "AL10"} <= set(seen(cast))
    Obligation.objects.filter(pk=work.obligation.pk).update(state=ObligationState.SUSPENDED)
    assert not {"AL01", "AL02", "AL03", "AL10"} & set(seen(cast))


def test_people_and_their_hours_are_watched(cast):
    work = running(cast, months=24)
    job = work.job(work.person(pseudonym="p"), eligible_until=TODAY + timedelta(30))
    line = work.hours(date(2026, 3, 1), 100, job=job, state="DECLARED")
    found = seen(cast)
    assert found["AL05"].due_on == TODAY + timedelta(30)
    assert "AL05" not in seen(cast, TODAY - timedelta(60))
    assert found["AL16"].words.params["day"] == START  # the proof of the scene is of 2024
    assert not {"AL06", "AL07", "AL08"} & set(found)
    words = Words("%(hours)s h", {"hours": Decimal(250)}).as_dict()
    type(line).objects.filter(pk=line.pk).update(
        starts_on=date(2026, 1, 1), findings=[{"rule": "AL07", "level": "QUERIED", "words": words}]
    )
    other = running(cast)
    twin = other.job(other.person(pseudonym="p", body="felix"))
    other.hours(date(2026, 3, 1), 60, job=twin)
    found = seen(cast)
    assert {"AL06", "AL07", "AL08"} <= set(found)
    assert {one.obligation_id for one in look(cast.scheme, TODAY).values() if one.code == "AL08"} == {
        work.obligation.pk,
        other.obligation.pk,
    }


def test_an_amendment_without_new_hours_is_seen(cast):
    work = running(cast)
    contract = work.obligation.clause.contract
    Amendment.objects.create(
        contract=contract, number=1, notified_on=date(2026, 8, 1), amount=Decimal(600_000)
    )
    assert seen(cast)["AL09"].due_on == date(2026, 8, 16)
    assert "AL09" not in seen(cast, date(2026, 8, 16))


def test_the_duty_and_the_opinions_are_watched(cast):
    lot = a_lot(cast, launched_on=TODAY)
    ScreeningResult.objects.create(
        lot=lot,
        scheme=cast.scheme,
        score=60,
        duty_applies=True,
        duty_satisfied=False,
        launched_on=TODAY,
        fingerprint="",
        as_of=TODAY,
        computed_at=noon(TODAY),
    )
    sheet = a_retained(cast)
    OpinionRequest.objects.create(
        opportunity=sheet,
        facilitator=cast["fanny"].organisation,
        asked_at=noon(START),
        due_on=TODAY - timedelta(1),
    )
    found = seen(cast)
    assert (found["AL14"].lot_id, found["AL14"].level) == (lot.pk, Level.BLOCKING)
    assert found["AL20"].owner_id == cast["fanny"].organisation.pk
    assert "AL14" not in seen(cast, TODAY - timedelta(1))


def test_a_notice_over_and_a_near_final_account_are_seen(cast):
    obligation = scene_of_a_breach(cast, TODAY)
    breach = breach_after(cast, obligation, TODAY, *WARNED)
    assert not {"AL12", "AL13"} & set(seen(cast, TODAY - timedelta(14)))
    found = seen(cast)
    assert (found["AL12"].place, "AL13" in found) == ({"pk": breach.pk}, False)
    Obligation.objects.filter(pk=obligation.pk).update(final_account_on=TODAY + timedelta(59))
    assert seen(cast)["AL13"].due_on == TODAY + timedelta(59)
    take(cast, breach, BreachAct.REGULARISED, TODAY)
    assert not {"AL12", "AL13"} & set(seen(cast))


def test_an_alert_opens_once_escalates_and_closes_with_its_cause(cast):
    work = running(cast)
    work.hours(date(2026, 6, 1), 420)
    first = compute_alerts(cast.scheme, on=TODAY)
    assert first.opened == first.total > 0
    again = compute_alerts(cast.scheme, on=TODAY)
    assert (again.opened, again.changed, again.closed) == (0, 0, 0)
    behind = Alert.objects.get(code="AL02")
    assert behind.escalates_on == TODAY + timedelta(15)
    assert "420" in behind.sentence
    assert ("Heures dues", "1\u202f000") in behind.figures
    later = compute_alerts(cast.scheme, on=TODAY + timedelta(15))
    assert later.escalated >= 1
    behind.refresh_from_db()
    assert (behind.escalated_to, behind.opened_on) == ("owner_manager", TODAY)
    work.hours(date(2026, 8, 1), 500)
    assert compute_alerts(cast.scheme, on=TODAY + timedelta(16)).closed >= 1
    behind.refresh_from_db()
    assert behind.closed_on == TODAY + timedelta(16)


def test_a_pass_costs_the_same_for_one_contract_and_for_three(cast):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            look(cast.scheme, TODAY)
        return len(queries)

    def one_more() -> None:
        work = running(cast)
        work.hours(date(2026, 6, 1), 10, eligible_until=TODAY + timedelta(9))
        contract = work.obligation.clause.contract
        Amendment.objects.create(contract=contract, number=1, notified_on=START, amount=Decimal(1))

    one_more()
    alone = cost()
    one_more()
    one_more()
    assert cost() == alone <= 24
    assert len({key for code, key in look(cast.scheme, TODAY) if code == "AL09"}) == 3


def test_the_command_prints_what_it_did(cast):
    running(cast)
    out = StringIO()
    call_command("compute-alerts", "--scheme", cast.scheme.slug, "--json", stdout=out)
    report = json.loads(out.getvalue())["schemes"][cast.scheme.slug]
    assert report["opened"] == sum(report["open"].values()) > 0
    out = StringIO()
    call_command("compute-alerts", stdout=out)
    assert "ouvertes\N{NO-BREAK SPACE}: 0" in out.getvalue()
    with pytest.raises(CommandError) as refused:
        call_command("compute-alerts", "--scheme", "rien")
    assert refused.value.returncode == 2
