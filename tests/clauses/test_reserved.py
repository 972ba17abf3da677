from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from relais.clauses.actions import record_award
from relais.clauses.enums import ClauseState, Eligible
from relais.clauses.holders import Candidate, checked
from relais.clauses.models import HolderCheck
from relais.core.regime import Modality
from relais.kit.access import Refused
from relais.offer.models import Structure
from tests.cast import siret
from tests.clauses.factories import LAUNCHED, a_written, an_award, noon

pytestmark = pytest.mark.django_db
DAY = LAUNCHED + timedelta(92)
NEWCOMER = siret(4242)


def a_structure(kind="EI", number=NEWCOMER, **fields):
    return Structure.objects.create(
        **{
            "kind": kind,
            "name": "Menuiserie du Rupt",
            "siret": number,
            "has_valid_siret": True,
            "source": "siae",
            "recorded_at": noon(LAUNCHED),
            **fields,
        }
    )


def reserved(cast, modality=Modality.RESERVED_IAE, **fields):
    return a_written(cast, modality=modality, hours=Decimal(373), **fields)


def answers(clause, *candidates):
    return [one.get_state() for one in checked(clause, candidates, DAY)]


def award(cast, clause, holder, **fields):
    signed = an_award(cast, shares={holder: Decimal(1)}, **fields)
    record_award(clause, signed, actor=cast["clara"].actor(DAY), at=noon(DAY))
    return HolderCheck.objects.get(clause=clause)


def test_the_exact_establishment_then_its_company_then_its_card_are_looked_up(cast):
    clause = reserved(cast)
    a_structure()
    sibling = NEWCOMER[:9] + "00026"
    simon, corinne = cast["simon"].organisation, cast["corinne"].organisation
    assert answers(
        clause,
        Candidate("Menuiserie du Rupt", NEWCOMER),
        Candidate("Menuiserie du Rupt, atelier", sibling),
        Candidate(simon.name, simon.siret, simon),
        Candidate(corinne.name, corinne.siret, corinne),
        Candidate("Sans numéro"),
    ) == [Eligible.YES, Eligible.YES, Eligible.YES, Eligible.NO, Eligible.UNKNOWN]


def test_a_closed_structure_and_one_of_another_kind_are_not_eligible(cast):
    clause = reserved(cast)
    a_structure(is_closed=True)
    a_structure("ESAT", siret(4343))
    found = checked(clause, [Candidate("A", NEWCOMER), Candidate("B", siret(4343))], DAY)
    assert [one.get_state() for one in found] == [Eligible.NO, Eligible.NO]
    assert "closed" in str(found[0].check.reason)
    assert "ESAT" in str(found[1].check.reason)


def test_a_wrong_number_of_the_list_recognises_nobody(cast):
    clause = reserved(cast)
    a_structure(has_valid_siret=False)
    a_structure(number=siret(4343))
    assert answers(clause, Candidate("A", NEWCOMER)) == [Eligible.NO]


def test_an_empty_directory_proves_nothing_and_no_other_modality_is_checked(cast):
    corinne = cast["corinne"].organisation
    candidate = Candidate(corinne.name, corinne.siret, corinne)
    assert answers(reserved(cast), candidate) == [Eligible.UNKNOWN]
    assert answers(a_written(cast), candidate) == []
    assert answers(reserved(cast, Modality.RESERVED_PRISON), candidate) == [Eligible.UNKNOWN]


def test_a_holder_not_eligible_needs_a_justification_that_is_kept(cast):
    clause = reserved(cast)
    a_structure()
    with pytest.raises(Refused, match="Bâtisseurs du Mad is not eligible"):
        award(cast, clause, "corinne", justification="  ")
    clause.refresh_from_db()
    assert clause.state == ClauseState.WRITTEN
    kept = award(cast, clause, "corinne", justification="Agrément EI du 2 juin, postérieur à la liste")
    assert (kept.outcome, kept.justification) == ("NO", "Agrément EI du 2 juin, postérieur à la liste")


def test_an_eligible_holder_goes_on_and_its_check_is_kept_without_justification(cast):
    kept = award(cast, reserved(cast), "simon", justification="Inutile")
    assert (kept.outcome, kept.justification) == ("YES", "")
    assert "EI" in str(kept.words)


def test_each_partner_of_a_consortium_is_checked(cast):
    clause = reserved(cast)
    a_structure()
    shares = {"simon": Decimal("0.5"), "corinne": Decimal("0.5")}
    with pytest.raises(Refused, match="Bâtisseurs du Mad is not eligible"):
        record_award(clause, an_award(cast, shares=shares), actor=cast["clara"].actor(DAY), at=noon(DAY))


def page_of(name, person, **kwargs):
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


def signed(**holder):
    return {
        "source_id": "2025-0042",
        "notified_on": "2025-06-02",
        "starts_on": "2025-06-16",
        "ends_on": "2026-12-15",
        "hours": "373",
        "consortium": "alone",
        "holders-TOTAL_FORMS": "1",
        "holders-INITIAL_FORMS": "0",
        **{f"holders-0-{name}": value for name, value in holder.items()},
    }


def test_the_form_and_the_page_of_the_clause_tell_the_check(cast, paula, client_for):
    clause = reserved(cast)
    a_structure()
    browser, url = client_for(paula), page_of("clause-award", paula, pk=clause.pk)
    assert "ACI, AI, EI, EITI, ETTI" in browser.get(url).content.decode()
    stranger = signed(name="Façades du Madon", siret=siret(5151), is_lead="on")
    refused = browser.post(url, stranger)
    assert refused.status_code == 422
    assert "Non éligible" in refused.content.decode()
    assert not HolderCheck.objects.exists()
    done = browser.post(url, stranger | {"justification": "Convention EI signée le 30 mai"})
    assert done.status_code == 302
    page = browser.get(page_of("clause-detail", paula, pk=clause.pk)).content.decode()
    assert "Non éligible" in page
    assert "Convention EI signée le 30 mai" in page


def test_the_holder_reads_nothing_of_the_check(cast, simon, client_for):
    clause = reserved(cast)
    award(cast, clause, "simon")
    page = client_for(simon).get(page_of("clause-detail", simon, pk=clause.pk))
    assert page.context["holder_checks"] == []


def test_a_reservation_too_old_for_its_article_is_unknown(cast):
    clause = reserved(cast)
    clause.launched_on = date(2015, 5, 4)
    simon = cast["simon"].organisation
    assert answers(clause, Candidate(simon.name, simon.siret, simon)) == [Eligible.UNKNOWN]


@pytest.mark.parametrize("count", [1, 3])
def test_the_award_of_a_reserved_contract_keeps_its_budget(cast, paula, client_for, within_queries, count):
    clause = reserved(cast)
    a_structure()
    rows = {"holders-TOTAL_FORMS": str(count), "holders-INITIAL_FORMS": "0"}
    for number in range(count):
        rows |= {
            f"holders-{number}-name": f"Inconnue {number}",
            f"holders-{number}-siret": siret(50 + number),
        }
    browser, url = client_for(paula), page_of("clause-award", paula, pk=clause.pk)
    with within_queries(12):
        assert browser.get(url).status_code == 200
    wrong = browser.post(url, {**signed(), **rows, "notified_on": ""})
    assert len(wrong.context["checks"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_reserved_clause_stays_flat(cast, paula, client_for, within_queries, count):
    clause = reserved(cast)
    people = ["simon", "corinne", "cyril"][:count]
    shares = dict.fromkeys(people, Decimal(1) / count if count == 1 else Decimal("0.25"))
    shares["simon"] = Decimal(1) - sum(list(shares.values())[1:], Decimal(0))
    record_award(clause, an_award(cast, shares=shares), actor=cast["clara"].actor(DAY), at=noon(DAY))
    browser = client_for(paula)
    with within_queries(12):
        page = browser.get(page_of("clause-detail", paula, pk=clause.pk))
    assert len(page.context["holder_checks"]) == count
