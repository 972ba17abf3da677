"""The pages of people, as Fanny and the others see them."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from relais.execution.models import Eligibility, JobContract, Person
from relais.execution.rules import people as rules
from relais.kit.models import AuditEntry, Outcome
from tests.execution.worksite import lay_worksite

FANNY = "/plie-de-la-meurthe/execution"


@pytest.fixture
def fannys(client_for, fanny):
    return client_for(fanny)


def identity(**changes):
    return {
        "first_name": "Amina",
        "last_name": "Benali",
        "birth_date": "1990-04-12",
        "sex": "F",
    } | changes


def test_fanny_registers_a_person(worksite, fannys, scheme):
    data = identity(scheme=scheme.pk)
    answer = fannys.post(f"{FANNY}/personnes/nouvelle/", data, follow=True)
    assert "Amina Benali" in answer.content.decode()
    assert Person.objects.get().number == "P-00001"
    again = fannys.post(f"{FANNY}/personnes/nouvelle/", data)
    assert "suit déjà" in again.content.decode() or "already follows" in again.content.decode()
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"last_name": "Ma\u202erie"},
        {"first_name": "<script>alert(1)</script>"},
        {"birth_date": "31/02/1990"},
        {"birth_date": "1890-01-01"},
        {"birth_date": ""},
        {"last_name": "x" * 10_000},
    ],
)
def test_what_is_wrong_in_an_identity_is_said_and_kept_on_the_page(worksite, fannys, scheme, wrong):
    answer = fannys.post(f"{FANNY}/personnes/nouvelle/", identity(scheme=scheme.pk, **wrong))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "error-summary" in page
    assert "<script>alert" not in page
    assert not Person.objects.exists()


def test_fields_nobody_asked_for_are_ignored(worksite, fannys, scheme, felix):
    extra = {"body": felix.organisation.pk, "body_id": felix.organisation.pk, "number": "P-99999"}
    fannys.post(f"{FANNY}/personnes/nouvelle/", identity(scheme=scheme.pk, **extra))
    person = Person.objects.get()
    assert (person.body.slug, person.number) == ("plie-de-la-meurthe", "P-00001")


def test_a_scheme_fanny_does_not_work_in_is_not_a_choice(worksite, fannys, other_scheme):
    answer = fannys.post(f"{FANNY}/personnes/nouvelle/", identity(scheme=other_scheme.pk))
    assert answer.status_code == 422
    assert not Person.objects.exists()


def test_the_list_is_searched_without_accents_and_filtered(worksite, fannys):
    people = [worksite.person(index) for index in range(4)]
    worksite.eligible(people[2])
    assert "Da Silva" in fannys.get(f"{FANNY}/personnes/?q=jose").content.decode()
    eligible = fannys.get(f"{FANNY}/personnes/?state=validated&sort=-name").content.decode()
    assert "Zoé" in eligible
    assert "Da Silva" not in eligible
    undecided = fannys.get(f"{FANNY}/personnes/?state=none").content.decode()
    assert "Zoé" not in undecided
    nonsense = fannys.get(f"{FANNY}/personnes/?state=%27--&sort=pseudonym&page=minus").content.decode()
    assert "Da Silva" in nonsense
    assert "Nobody" not in fannys.get(f"{FANNY}/personnes/?q=%25_").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_people_stays_flat(worksite, fannys, within_queries, count):
    for index in range(count):
        worksite.eligible(worksite.person(index))
    with within_queries(10):
        fannys.get(f"{FANNY}/personnes/")


def test_people_followed_elsewhere_are_not_there(worksite, client_for, felix, fannys):
    worksite.person(0)
    page = client_for(felix).get("/maison-emploi-du-saulnois/execution/personnes/").content.decode()
    assert "Benali" not in page
    assert "Benali" in fannys.get(f"{FANNY}/personnes/").content.decode()


@pytest.mark.parametrize("name", ["clara", "corinne", "sonia", "sam"])
def test_who_is_not_a_facilitator_finds_no_list(worksite, client_for, cast, name):
    slug = cast[name].organisation.slug
    assert client_for(cast[name]).get(f"/{slug}/execution/personnes/").status_code == 404


def test_each_opening_of_a_file_is_traced_without_a_name(worksite, fannys):
    person = worksite.person(0)
    answer = fannys.get(f"{FANNY}/personnes/{person.pk}/")
    assert "Amina Benali" in answer.content.decode()
    trace = AuditEntry.objects.get(outcome=Outcome.READ)
    assert (trace.subject_id, trace.verb) == (str(person.pk), "execution.person.read")
    assert "Benali" not in str(trace.__dict__)


@pytest.mark.parametrize("count", [1, 3])
def test_the_file_of_a_person_stays_flat(worksite, cast, fannys, within_queries, count):
    job = worksite.job()
    for number in range(1, count):
        other = lay_worksite(cast, reference=f"2024-0{20 + number}")
        other.job(person=job.person)
        worksite.eligible(job.person)
    with within_queries(12):
        page = fannys.get(f"{FANNY}/personnes/{job.person.pk}/").content.decode()
    assert len(re.findall("Aide maçon", page)) == count


def test_the_file_says_that_another_body_follows_somebody_alike_and_not_which(worksite, fannys):
    person = worksite.person(1)
    worksite.person(1, first_name="da silva", last_name="JOSE", by="felix")
    page = fannys.get(f"{FANNY}/personnes/{person.pk}/").content.decode()
    assert "Saulnois" not in page
    assert "notice info" in page


@pytest.mark.parametrize("name", ["felix", "corinne", "sonia", "clara"])
@pytest.mark.parametrize("page", ["", "identite/", "eligibilite/", "emploi/"])
def test_the_file_of_a_person_is_not_found_by_others(worksite, client_for, cast, name, page):
    person = worksite.job().person
    slug = cast[name].organisation.slug
    assert client_for(cast[name]).get(f"/{slug}/execution/personnes/{person.pk}/{page}").status_code == 404


def test_an_identity_is_corrected_once_from_two_tabs(worksite, fannys):
    person = worksite.person(0)
    path = f"{FANNY}/personnes/{person.pk}/identite/"
    assert fannys.post(path, identity(last_name="Ben Ali", version=1)).status_code == 302
    assert fannys.post(path, identity(last_name="Benali", version=1)).status_code == 409
    person.refresh_from_db()
    assert person.last_name == "Ben Ali"


def decision(**changes):
    today = timezone.localdate()
    return {
        "decision": "yes",
        "category": "B_RSA",
        "proof": "Attestation CAF",
        "proof_on": today.isoformat(),
        "certifier": "CAF",
        "starts_on": today.isoformat(),
    } | changes


def test_fanny_decides_and_the_page_says_why_not(worksite, fannys):
    person = worksite.person(0)
    path = f"{FANNY}/personnes/{person.pk}/eligibilite/"
    old = (timezone.localdate() - timedelta(days=200)).isoformat()
    for wrong in ({"proof_on": old}, {"starts_on": old}, {"decision": "no"}, {"category": "B_NONE"}):
        answer = fannys.post(path, decision(**wrong))
        assert answer.status_code == 422
        assert "error-summary" in answer.content.decode()
    assert not Eligibility.objects.exists()
    assert fannys.post(path, decision()).status_code == 302
    assert Eligibility.objects.get().is_positive


def test_fanny_records_a_job_in_two_steps(worksite, fannys, corinne):
    person = worksite.person(0)
    worksite.eligible(person)
    path = f"{FANNY}/personnes/{person.pk}/emploi/"
    assert "2024-014" in fannys.get(path).content.decode()
    second = f"{path}?obligation={worksite.obligation.pk}"
    assert "Tremplin" in fannys.get(second).content.decode()
    data = {
        "employer": corinne.organisation.pk,
        "declared_by": corinne.organisation.pk,
        "debtor": worksite.debtor.pk,
        "job": "Aide maçon",
        "kind": "CDD",
        "mode": "DIRECT_HIRE",
        "starts_on": "2024-02-02",
        "ends_on": "",
    }
    wrong = fannys.post(second, data | {"starts_on": "2027-02-02"})
    assert "error-summary" in wrong.content.decode()
    stranger = fannys.post(second, data | {"employer": worksite.cast["cyril"].organisation.pk})
    assert "error-summary" in stranger.content.decode()
    assert fannys.post(second, data).status_code == 302
    assert "error-summary" in fannys.post(second, data).content.decode()
    assert JobContract.objects.count() == 1


def test_an_obligation_of_others_is_no_choice(worksite, client_for, felix):
    person = worksite.person(0, by="felix")
    path = f"/maison-emploi-du-saulnois/execution/personnes/{person.pk}/emploi/"
    page = client_for(felix).get(f"{path}?obligation={worksite.obligation.pk}").content.decode()
    assert "Aide maçon" not in page
    assert "error-summary" in page


def test_a_job_is_ended_from_the_file(worksite, fannys):
    job = worksite.job()
    path = f"{FANNY}/emplois/{job.pk}/fin/"
    fannys.post(path, {"ends_on": "not a day"})
    job.refresh_from_db()
    assert job.ends_on is None
    fannys.post(path, {"ends_on": "2024-04-30"})
    job.refresh_from_db()
    assert job.ends_on == date(2024, 4, 30)


def test_a_company_reads_name_and_job_never_category_nor_proof(worksite, client_for, corinne, sonia):
    worksite.job(0)
    worksite.job(1, declared_by="sonia")
    path = f"execution/suivi/{worksite.obligation.pk}/personnes/"
    hers = client_for(corinne).get(f"/batisseurs-du-mad/{path}").content.decode()
    assert "Amina Benali" in hers
    assert "Aide maçon" in hers
    assert "Da Silva" not in hers
    assert "RSA" not in hers
    assert "CAF" not in hers
    structure = client_for(sonia).get(f"/tremplin-interim/{path}").content.decode()
    assert "Da Silva" in structure
    assert "Benali" not in structure


def test_an_export_is_traced_and_holds_what_the_page_shows(worksite, fannys):
    for index in range(3):
        worksite.person(index)
    answer = fannys.get(f"{FANNY}/personnes/export/?q=jose&format=csv")
    text = b"".join(answer.streaming_content).decode()
    assert "Da Silva" in text
    assert "Benali" not in text
    entry = AuditEntry.objects.get(outcome=Outcome.EXPORTED)
    assert (entry.scope_id, entry.detail) == (worksite.obligation.scheme_id, "rows=1 format=csv")


def test_too_many_people_do_not_leave_in_one_file(worksite, fannys, monkeypatch):
    monkeypatch.setattr(rules, "MOST_EXPORTED", 2)
    for index in range(3):
        worksite.person(index)
    assert fannys.get(f"{FANNY}/personnes/export/").status_code == 403
    assert not AuditEntry.objects.filter(outcome=Outcome.EXPORTED).exists()
