"""People, their eligibility and their jobs, as the facilitator keeps them."""

from datetime import date, timedelta

import pytest

from relais.clauses.models import Party
from relais.core.words import BadValue
from relais.execution.actions.people import correct_person, end_job, register_person
from relais.execution.enums import EligibilityState
from relais.execution.models import Eligibility, JobContract, Person
from relais.execution.queries.people import ending_soon, followed_elsewhere
from relais.kit.access import Refused, Stale
from relais.kit.models import AuditEntry
from tests.execution.worksite import END, HIRED, START, TODAY, lay_worksite, noon

BORN = date(1990, 4, 12)


def test_fanny_registers_a_person_under_the_next_number_of_the_scheme(worksite):
    assert worksite.person(0).number == "P-00001"
    assert worksite.person(1).number == "P-00002"


def test_the_trail_of_a_registration_names_nobody(worksite):
    worksite.person(0)
    entry = AuditEntry.objects.get(verb="execution.person.registered")
    assert entry.detail == "P-00001"
    assert "Benali" not in str(entry.__dict__)


@pytest.mark.parametrize(
    ("first", "last"),
    [("JOSÉ", "DA SILVA"), ("Da Silva", "Jose"), ("Jose\u0301", "da silva")],
)
def test_the_same_person_is_not_registered_twice_by_the_same_body(worksite, first, last):
    worksite.person(1, birth_date=BORN)
    with pytest.raises(Refused, match="already follows"):
        worksite.person(1, first_name=first, last_name=last, birth_date=BORN)
    assert Person.objects.count() == 1


def test_another_body_may_follow_the_same_person_and_both_are_told_without_a_name(worksite):
    mine = worksite.person(1, birth_date=BORN)
    assert not followed_elsewhere(mine)
    theirs = worksite.person(1, first_name="DA SILVA", last_name="jose", birth_date=BORN, by="felix")
    assert mine.pseudonym == theirs.pseudonym
    assert followed_elsewhere(mine)
    assert followed_elsewhere(theirs)


@pytest.mark.parametrize("name", ["clara", "corinne", "sonia"])
def test_only_a_facilitator_body_registers_people(worksite, name):
    with pytest.raises(Refused, match="facilitator body"):
        worksite.person(0, by=name)


def test_a_facilitator_of_another_scheme_registers_nobody_here(worksite, other_scheme, fanny):
    with pytest.raises(Refused, match="facilitator body"):
        register_person(
            other_scheme,
            first_name="Amina",
            last_name="Benali",
            birth_date=BORN,
            actor=fanny.actor(TODAY),
            at=noon(TODAY),
        )


@pytest.mark.parametrize("birth", [date(1899, 12, 31), date(2020, 1, 1), date(2027, 1, 1)])
def test_nobody_at_work_is_born_yesterday_nor_two_centuries_ago(worksite, birth):
    with pytest.raises(Refused, match="birth"):
        worksite.person(0, birth_date=birth)


def test_what_is_not_a_name_registers_nobody(worksite):
    with pytest.raises(BadValue):
        worksite.person(0, last_name="<script>alert(1)</script>")
    assert not Person.objects.exists()


def test_a_corrected_identity_keeps_its_number_and_is_recognised_under_the_new_name(worksite, fanny):
    person = worksite.person(0)
    before = person.pseudonym
    correct_person(
        person,
        first_name="Amina",
        last_name="Ben Ali",
        birth_date=person.birth_date,
        version=1,
        actor=fanny.actor(TODAY),
        at=noon(TODAY),
    )
    assert (person.number, person.last_name, person.version) == ("P-00001", "Ben Ali", 2)
    assert person.pseudonym != before
    assert Person.objects.search("ben ÀLI").get() == person


def test_a_correction_from_a_page_gone_stale_overwrites_nothing(worksite, fanny):
    person = worksite.person(0)
    changes = {
        "first_name": "Amina",
        "last_name": "Ben Ali",
        "birth_date": person.birth_date,
        "version": 1,
        "actor": fanny.actor(TODAY),
        "at": noon(TODAY),
    }
    correct_person(person, **changes)
    with pytest.raises(Stale):
        correct_person(person, **(changes | {"last_name": "Benali"}))
    person.refresh_from_db()
    assert person.last_name == "Ben Ali"


def test_felix_does_not_correct_whom_fanny_follows(worksite, felix):
    person = worksite.person(0)
    with pytest.raises(Refused, match="follows this person"):
        correct_person(
            person,
            first_name="A",
            last_name="B",
            birth_date=person.birth_date,
            actor=felix.actor(TODAY),
            at=noon(TODAY),
        )


def test_people_are_found_without_accents_by_part_of_name_or_by_number(worksite):
    zoe, yann = worksite.person(2), worksite.person(3)
    assert Person.objects.search("zoe lhote").count() == 0
    assert Person.objects.search("hote ZOE").get() == zoe
    assert Person.objects.search("legoff").count() == 0
    assert Person.objects.search("goff").get() == yann
    assert Person.objects.search("p-00002").get() == yann
    assert Person.objects.search("%").count() == 2


def test_a_proof_too_old_at_hiring_refuses_the_eligibility(worksite):
    person = worksite.person(0)
    with pytest.raises(Refused, match="too old"):
        worksite.eligible(person, proof_on=HIRED - timedelta(days=100))
    worksite.eligible(person, proof_on=date(2023, 11, 2))
    assert Eligibility.objects.get().state == EligibilityState.VALIDATED


def test_no_eligibility_starts_before_its_decision(worksite):
    person = worksite.person(0)
    with pytest.raises(Refused, match="before"):
        worksite.eligible(person, starts_on=HIRED - timedelta(days=1), proof_on=HIRED - timedelta(days=1))


def test_a_proof_is_not_dated_after_the_decision(worksite):
    with pytest.raises(Refused, match="after today"):
        worksite.eligible(worksite.person(0), proof_on=HIRED + timedelta(days=1))


def test_a_refusal_of_eligibility_says_why(worksite):
    person = worksite.person(0)
    with pytest.raises(Refused, match="Say why"):
        worksite.eligible(person, eligible=False)
    decision = worksite.eligible(person, eligible=False, reason="Inscrite depuis 3 mois seulement")
    assert decision.state == EligibilityState.REFUSED


def test_only_the_body_that_follows_a_person_decides_on_eligibility(worksite):
    with pytest.raises(Refused, match="follows this person"):
        worksite.eligible(worksite.person(0), by="felix")


def test_a_job_is_recorded_for_an_eligible_person(worksite):
    job = worksite.job()
    assert job.person.number == "P-00001"
    assert job.eligibility.category == "B_RSA"


def test_no_job_without_eligibility_at_hiring(worksite):
    person = worksite.person(0)
    with pytest.raises(Refused, match="not eligible on"):
        worksite.job(person=person)
    worksite.eligible(person, eligible=False, reason="Situation non établie")
    with pytest.raises(Refused, match="not eligible on"):
        worksite.job(person=person)
    worksite.eligible(person, ends_on=HIRED + timedelta(days=9))
    with pytest.raises(Refused, match="not eligible on"):
        worksite.job(person=person, starts_on=HIRED + timedelta(days=10))
    assert worksite.job(person=person)


def test_a_job_months_later_needs_a_fresh_proof(worksite):
    person = worksite.person(0)
    worksite.eligible(person)
    with pytest.raises(Refused, match="too old"):
        worksite.job(person=person, starts_on=HIRED + timedelta(days=120))


def test_a_job_lies_inside_the_contract(worksite):
    person = worksite.person(0, at=START - timedelta(days=3))
    worksite.eligible(person, at=START - timedelta(days=3))
    with pytest.raises(Refused, match="outside the contract"):
        worksite.job(person=person, starts_on=START - timedelta(days=1))
    with pytest.raises(Refused, match="after the contract"):
        worksite.job(person=person, starts_on=START, ends_on=END + timedelta(days=1))
    with pytest.raises(Refused, match="before its start"):
        worksite.job(person=person, starts_on=HIRED, ends_on=START)
    assert worksite.job(person=person, starts_on=START, ends_on=END)


def test_employer_and_declarant_take_part_in_the_clause(worksite, cyril):
    person = worksite.person(0)
    worksite.eligible(person)
    with pytest.raises(Refused, match="does not take part"):
        worksite.job(person=person, employer=cyril.organisation)


def test_the_debtor_is_one_of_the_obligation(worksite):
    elsewhere = lay_worksite(worksite.cast, reference="2024-015")
    with pytest.raises(Refused, match="owes nothing"):
        worksite.job(debtor=elsewhere.debtor)


def test_the_same_job_is_not_recorded_twice(worksite):
    job = worksite.job()
    with pytest.raises(Refused, match="already has a job"):
        worksite.job(person=job.person)
    assert JobContract.objects.count() == 1


def test_a_facilitator_no_longer_assigned_records_no_job(worksite, fanny):
    person = worksite.person(0)
    worksite.eligible(person)
    Party.objects.filter(organisation=fanny.organisation).update(ends_on=HIRED - timedelta(days=1))
    with pytest.raises(Refused, match="facilitator of this clause"):
        worksite.job(person=person)


def test_a_job_ends_once_and_not_before_its_hours(worksite, fanny):
    job = worksite.job()
    worksite.declare([(job, 100)])
    with pytest.raises(Refused, match="already declared after"):
        end_job(job, ends_on=date(2024, 3, 15), actor=fanny.actor(TODAY), at=noon(TODAY))
    end_job(job, ends_on=date(2024, 3, 31), actor=fanny.actor(TODAY), at=noon(TODAY))
    with pytest.raises(Refused, match="already has an end"):
        end_job(job, ends_on=date(2024, 4, 30), actor=fanny.actor(TODAY), at=noon(TODAY))


def test_fanny_is_told_of_a_job_that_outlives_its_eligibility(worksite, fanny):
    person = worksite.person(0)
    worksite.eligible(person, ends_on=TODAY + timedelta(days=30))
    job = worksite.job(person=person)
    assert list(ending_soon(fanny.actor(TODAY))) == [job]
    worksite.eligible(person, at=TODAY, proof_on=TODAY)
    assert not ending_soon(fanny.actor(TODAY)).exists()


def test_who_reads_an_identity(worksite, cast):
    job = worksite.job(declared_by="sonia")
    seen = {
        name: job.person in Person.objects.visible_to(cast[name].actor(TODAY))
        for name in cast.people
        if name != "vera"
    }
    assert {name for name, sees in seen.items() if sees} == {"fanny", "sonia"}


def test_who_reads_a_category(worksite, cast):
    worksite.job(declared_by="sonia")
    readers = {
        name
        for name in cast.people
        if name != "vera" and Eligibility.objects.visible_to(cast[name].actor(TODAY)).exists()
    }
    assert readers == {"fanny"}
