"""Records of one person under two spellings: proposed, settled, undone; the ledger never moves."""

from datetime import date

import pytest

from relais.execution.actions.duplicates import settle_pair, undo_pair
from relais.execution.actions.people import correct_person
from relais.execution.actions.validation import decidable_lines, validate_lines
from relais.execution.models import PairDecision, Person, StatementLine
from relais.execution.queries.duplicates import proposed_keys
from relais.insight.models import PersonYear
from relais.insight.rollups import compare
from relais.kit.access import Refused, Stale
from relais.kit.models import AuditEntry
from tests.execution.worksite import APRIL, MARCH, TODAY, noon

FANNY = "/plie-de-la-meurthe/execution/personnes"
BORN = date(1990, 4, 12)


@pytest.fixture
def twice(worksite):
    """Zoé L'Hôte and Zoe Lhote, born the same day."""
    return (
        worksite.person(2, birth_date=BORN),
        worksite.person(2, first_name="Zoe", last_name="Lhote", birth_date=BORN),
    )


def by(member, on=TODAY):
    return {"actor": member.actor(on), "at": noon(on)}


def counted():
    return PersonYear.objects.filter(validated__gt=0).values("pseudonym").distinct().count()


def work_of(worksite, people, fanny):
    """120 h of one and 80 h of the other, validated."""
    for person, month, done in zip(people, (MARCH, APRIL), (120, 80), strict=True):
        worksite.eligible(person)
        worksite.declare([(worksite.job(person=person), done)], month=month)
    validate_lines(decidable_lines(list(StatementLine.objects.values_list("pk", flat=True))), **by(fanny))


def test_the_same_person_counts_once_and_twice_again_once_undone(worksite, twice, fanny):
    work_of(worksite, twice, fanny)
    before = (
        worksite.totals(),
        list(StatementLine.objects.values_list("pk", "job_contract__person", "hours")),
    )
    assert counted() == 2
    decision = settle_pair(*twice, same=True, **by(fanny))
    assert counted() == 1
    assert compare(None).differences == ()
    undo_pair(decision, **by(fanny))
    assert counted() == 2
    assert compare(None).differences == ()
    after = (
        worksite.totals(),
        list(StatementLine.objects.values_list("pk", "job_contract__person", "hours")),
    )
    assert after == before
    assert [person.own_key for person in Person.objects.all()] == ["", ""]


def test_three_spellings_are_one_person_and_undoing_one_link_keeps_the_other(worksite, twice, fanny):
    third = worksite.person(2, first_name="Zoë", last_name="L Hote", birth_date=date(1990, 12, 4))
    one, other = twice
    first = settle_pair(other, third, same=True, **by(fanny))
    settle_pair(one, other, same=True, **by(fanny))
    assert Person.objects.values("pseudonym").distinct().count() == 1
    undo_pair(first, **by(fanny))
    third.refresh_from_db()
    other.refresh_from_db()
    assert (third.same_as_id, other.same_as_id) == (None, one.pk)


def test_a_correction_is_followed_by_the_records_of_the_same_person(worksite, twice, fanny):
    one, other = twice
    decision = settle_pair(one, other, same=True, **by(fanny))
    other.refresh_from_db()
    with pytest.raises(Refused, match="counts as the same person"):
        correct_person(other, first_name="Zoe", last_name="X", birth_date=BORN, **by(fanny))
    correct_person(one, first_name="Zoe", last_name="Lhote", birth_date=BORN, **by(fanny))
    one.refresh_from_db()
    other.refresh_from_db()
    assert one.pseudonym == other.pseudonym
    with pytest.raises(Refused, match="same name and birth date"):
        undo_pair(PairDecision.objects.get(pk=decision.pk), **by(fanny))


def test_a_pair_is_proposed_until_it_is_settled_and_again_when_undone(worksite, twice, fanny):
    actor = fanny.actor(TODAY)
    assert [pair[:2] for pair in proposed_keys(actor)] == [tuple(person.pk for person in twice)]
    decision = settle_pair(*twice, same=False, **by(fanny))
    assert proposed_keys(actor) == []
    with pytest.raises(Stale):
        settle_pair(*twice, same=True, **by(fanny))
    undo_pair(decision, **by(fanny))
    assert len(proposed_keys(actor)) == 1
    assert "Lhote" not in str([entry.__dict__ for entry in AuditEntry.objects.all()])


def test_nobody_settles_the_people_of_another_body(worksite, twice, felix):
    theirs = worksite.person(2, last_name="Lhotte", birth_date=BORN, by="felix")
    assert proposed_keys(felix.actor(TODAY)) == []
    with pytest.raises(Refused, match="body that follows"):
        settle_pair(twice[0], theirs, same=True, **by(felix))


def test_the_page_shows_both_records_settles_and_undoes(worksite, twice, client_for, fanny):
    browser = client_for(fanny)
    page = browser.get(f"{FANNY}/doublons/").content.decode()
    assert "Lhote" in page
    assert "L&#x27;Hôte" in page
    address = f"{FANNY}/doublons/{twice[0].pk}/{twice[1].pk}/"
    browser.post(address, {"answer": "perhaps"})
    assert not PairDecision.objects.exists()
    browser.post(address, {"answer": "same"})
    decision = PairDecision.objects.get()
    assert decision.is_same
    assert browser.post(address, {"answer": "two"}).status_code == 409
    browser.post(f"{FANNY}/doublons/{decision.pk}/annulation/")
    assert not PairDecision.objects.standing().exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_pairs_stays_flat(worksite, twice, client_for, fanny, within_queries, count):
    for number in range(1, count):
        worksite.person(2, last_name=f"Lhot{'abc'[number]}", birth_date=BORN)
    with within_queries(12):
        client_for(fanny).get(f"{FANNY}/doublons/")
