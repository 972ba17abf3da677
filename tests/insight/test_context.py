"""The context of an opportunity: comparable clauses, hours promised, offer around; who reads what."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from relais.core.comparison import Quarter
from relais.execution.models import Obligation
from relais.insight.queries.context import ALIKE_FROM, context_of, lots_for_context
from tests.insight.scene import an_obligation
from tests.offer.factories import structure
from tests.screening.factories import TODAY, lot


def address(person, found):
    return reverse("opportunity-context", args=[person.organisation.slug, found.pk])


def clauses(cast, number, *, by="clara", done=None, **values):
    """Clauses of painting in the department 54; closed with `done` hours each when it is given."""
    made = []
    for _ in range(number):
        found = an_obligation(cast, by=by, **values)
        found.clause.lot.object = "Peinture du lycée Stanislas"
        found.clause.lot.cpv = "45442100"
        found.clause.lot.estimated_amount = Decimal(100_000)
        found.clause.lot.save()
        found.clause.contract.amount = Decimal(100_000)
        found.clause.contract.save()
        if done is not None:
            Obligation.objects.filter(pk=found.pk).update(validated=Decimal(done), state="partial")
        made.append(found)
    return made


def context(person, found, on=TODAY):
    actor = person.actor(on)
    return context_of(lots_for_context(actor).get(pk=found.pk), actor)


def test_comparable_clauses_give_an_interval_and_what_was_done_beside_the_number(cast, clara, scheme):
    clauses(cast, 5, hours=300, done=258)
    found = context(clara, lot(clara, scheme))
    assert found.compared == 5
    assert found.interval is not None
    assert (found.interval.low, found.interval.high, found.interval.count) == (360, 360, 5)
    assert found.feedback is not None
    assert (found.feedback.count, found.feedback.share) == (5, Decimal("0.86"))
    assert found.hours is not None
    assert found.expected == found.feedback.expected(found.hours)
    assert found.hours == lot(clara, scheme).screening.hours, "the number of the lot itself does not move"


def test_three_clauses_are_not_enough_to_say_anything(cast, clara, scheme):
    clauses(cast, 3, hours=300, done=258)
    found = context(clara, lot(clara, scheme))
    assert (found.compared, found.interval, found.feedback) == (3, None, None)


def test_the_most_alike_come_first_each_with_its_reasons(cast, clara, scheme):
    (near,) = clauses(cast, 1)
    (other,) = clauses(cast, 1)
    other.clause.lot.object = "Charpente de la halle"
    other.clause.lot.cpv = "45261000"
    other.clause.lot.save()
    found = context(clara, lot(clara, scheme))
    assert found.shown[0].obligation == near
    assert all(row.likeness.score >= ALIKE_FROM for row in found.shown)
    assert "peinture" in str(found.shown[0].reasons[0])


def test_a_buyer_reads_no_name_of_another_and_all_the_figures(cast, clara, benoit, scheme, client_for):
    clauses(cast, 4, hours=300, done=300)
    found = lot(benoit, scheme)
    mine = context(benoit, found)
    assert (mine.compared, mine.unnamed, mine.shown) == (4, 4, ())
    assert mine.interval is not None
    page = client_for(benoit).get(address(benoit, found)).content.decode()
    assert "Peinture du lycée Stanislas" not in page
    assert "Région des Trois-Vallées" not in page


def test_hours_promised_are_spread_over_the_quarters_of_the_lot(cast, clara, scheme):
    clauses(cast, 2, hours=365, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    clauses(cast, 1, hours=100, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), department="57")
    found = context(clara, lot(clara, scheme)).saturation
    assert found is not None
    assert found.clauses == 2
    assert found.loads[0].quarter == Quarter(2026, 1)
    assert sum(load.department for load in found.loads) == 730
    assert sum(load.scheme for load in found.loads) == 830
    assert found.beyond, "nothing was ever validated there: any hour goes beyond"


def test_hours_of_a_clause_late_are_due_at_once(cast, clara, scheme):
    clauses(cast, 1, hours=40, starts_on=TODAY - timedelta(400), ends_on=TODAY - timedelta(30))
    found = context(clara, lot(clara, scheme)).saturation
    assert found is not None
    assert (found.loads[0].department, found.loads[1].department) == (40, 0)


def test_the_offer_of_the_department_answers_the_lot(cast, clara, scheme):
    for _ in range(3):
        structure("batiment")
    structure("linge")
    found = context(clara, lot(clara, scheme))
    assert (found.offer.makers, found.offer.lenders) == (3, 0)
    assert found.turnover == 400_000, "120,000 euros over 0.3"


@pytest.mark.parametrize(
    ("turnover", "shares", "beyond"),
    [
        (None, [], []),
        (300_000, [Decimal("0.4")], [True]),  # 120,000 € over less than a year
        (400_000, [Decimal("0.3")], [False]),
    ],
)
def test_the_share_of_a_turnover_at_stake_is_told_with_a_warning_above_the_threshold(
    clara, scheme, client_for, turnover, shares, beyond
):
    structure("batiment", turnover=turnover, turnover_year=2025 if turnover else None)
    found = lot(clara, scheme)
    stakes = context(clara, found).stakes
    assert [stake.of_turnover for stake in stakes] == shares
    assert [stake.is_beyond for stake in stakes] == beyond
    html = client_for(clara).get(address(clara, found)).content.decode()
    assert ("trop grand pour elle seule" in html) is (beyond == [True])


def test_the_share_of_the_hours_of_its_places_is_told(clara, scheme):
    structure("batiment", places=2)
    found = context(clara, lot(clara, scheme))
    (stake,) = found.stakes
    assert stake.of_turnover is None
    assert stake.of_capacity == found.hours / 2 / 1607
    assert not stake.is_beyond


def test_a_lot_about_which_nothing_is_known_still_has_its_page(clara, scheme, client_for):
    bare = lot(
        clara, scheme, screened=False, object="Divers", cpv="", department=None,
        estimated_amount=None, duration_months=None, launched_on=None,
    )  # fmt: skip
    page = client_for(clara).get(address(clara, bare))
    assert page.status_code == 200
    assert page.content.decode().count("<h3") == 3


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_whatever_it_compares(
    cast, clara, scheme, client_for, within_queries, number
):
    clauses(cast, number, hours=300, done=258)
    for _ in range(number):
        structure("batiment")
    found = lot(clara, scheme)
    with within_queries(12):
        page = client_for(clara).get(address(clara, found))
    assert page.content.decode().count("Peinture du lycée Stanislas") == number


def test_the_sheet_asks_for_its_context_and_links_to_it(cast, clara, scheme, client_for):
    found = lot(clara, scheme)
    sheet = client_for(clara).get(reverse("opportunity-detail", args=[clara.organisation.slug, found.pk]))
    text = sheet.content.decode()
    assert f'hx-get="{address(clara, found)}"' in text
    assert f'href="{address(clara, found)}"' in text
    part = client_for(clara).get(address(clara, found), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "<h3" in part
