"""The dated rules of a scheme: they refuse with a reason, each decision keeps its working."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from relais.execution.actions.policies import write_policy
from relais.execution.models import Assessment, Eligibility, EligibilityPolicy
from relais.kit.access import Refused
from tests.execution.worksite import HIRED, START, noon

FANNY = "/plie-de-la-meurthe/execution"


def rules(worksite, by, *, starts_on=START, **terms):
    return write_policy(
        worksite.obligation.scheme,
        starts_on=starts_on,
        terms=terms,
        source="Délibération 12",
        verified=True,
        actor=worksite.cast[by].actor(START),
        at=noon(START),
    )


def checked():
    out = StringIO()
    try:
        call_command("check-eligibility", "--json", stdout=out)
    except SystemExit as ended:
        return ended.code, json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_a_decision_keeps_the_version_of_the_rules_and_what_was_looked_at(worksite):
    person = worksite.person(0)
    usage = worksite.eligible(person)
    assert (usage.assessment.policy, usage.assessment.default_on) == (None, date(2008, 6, 1))
    policy = rules(worksite, "clara", counting_months=12)
    worksite.job(person=person)
    chosen = worksite.eligible(person, at=date(2024, 3, 1))
    assert chosen.assessment.policy == policy
    assert chosen.assessment.situation.jobs[0].starts_on == HIRED
    assert "12 months end on 2025-02-02" in str(chosen.assessment.told[3].words)
    assert checked() == (0, {"decisions": 2, "older": 0, "differences": []})


def test_rules_chosen_by_the_scheme_refuse_and_those_of_usage_only_warn(worksite):
    person = worksite.person(0)
    worksite.eligible(person)
    worksite.job(person=person)
    late = date(2026, 6, 1)
    assert worksite.eligible(person, at=late).is_positive
    rules(worksite, "clara", counting_months=12, accepted=["B_RSA"], max_age_months={"B_RSA": 1})
    with pytest.raises(Refused, match="ended on 2025-02-02"):
        worksite.eligible(person, at=late)
    other = worksite.person(1)
    with pytest.raises(Refused, match="does not count this category"):
        worksite.eligible(other, category="B_DELD")
    with pytest.raises(Refused, match="at most 1 months"):
        worksite.eligible(other, proof_on=HIRED - timedelta(32))
    assert worksite.eligible(other, eligible=False, reason="Hors critères", category="B_DELD").assessment
    worksite.eligible(other)
    with pytest.raises(Refused, match="too old"):
        worksite.job(person=other, starts_on=HIRED + timedelta(40))


def test_a_decision_that_no_longer_follows_from_what_it_kept_is_told(worksite):
    worksite.eligible(worksite.person(0))
    kept = Assessment.objects.get()
    kept.inputs["proof_on"] = "2020-01-01"
    kept.save()
    code, told = checked()
    assert (code, told["differences"][0]["rules"]) == (1, ["proof"])
    kept.delete()
    assert checked() == (0, {"decisions": 0, "older": 1, "differences": []})


def test_only_the_coordinator_writes_and_once_a_day(worksite):
    rules(worksite, "clara")
    with pytest.raises(Refused, match="already start"):
        rules(worksite, "clara")
    with pytest.raises(Refused, match="coordinator"):
        rules(worksite, "fanny", starts_on=HIRED)
    with pytest.raises(Refused, match="officer or a manager"):
        rules(worksite, "paula", starts_on=HIRED)


def test_the_coordinator_types_the_rules_and_fanny_reads_why_they_refuse(worksite, client_for, clara, fanny):
    today = timezone.localdate().isoformat()
    path = f"/{clara.organisation.slug}/execution/eligibilite/"
    data = {
        "scheme": worksite.obligation.scheme_id,
        "starts_on": "2024-01-01",
        "source": "Délibération 12",
        "accepted": ["B_DELD"],
        "age_B_DELD": "6",
    }
    browser = client_for(clara)
    for wrong in ({"counting_months": "0"}, {"source": ""}, {"accepted": ["B_NONE"]}):
        assert "error-summary" in browser.post(f"{path}regles/", data | wrong).content.decode()
    assert browser.post(f"{path}regles/", data).status_code == 302
    assert EligibilityPolicy.objects.get().as_terms().max_age_months == {"B_DELD": 6}
    assert "Délibération 12" in client_for(fanny).get(f"{FANNY}/eligibilite/").content.decode()
    person = worksite.person(0)
    decision = {
        "decision": "yes",
        "category": "B_RSA",
        "proof": "Attestation",
        "proof_on": today,
        "certifier": "CAF",
        "starts_on": today,
    }
    refused = client_for(fanny).post(f"{FANNY}/personnes/{person.pk}/eligibilite/", decision)
    assert "error-summary" in refused.content.decode()
    assert not Eligibility.objects.exists()
    worksite.eligible(person, category="B_DELD")
    assert "Délibération 12" in client_for(fanny).get(f"{FANNY}/personnes/{person.pk}/").content.decode()
