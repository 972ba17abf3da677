"""The insertion offer around a lot in its score: bounded, explained, neutral when it is not known."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from relais.screening.actions import screen_lot, screen_scheme
from relais.screening.facts import RuleValues
from relais.screening.models import ScreeningResult, ScreeningRule
from relais.screening.queries.what_if import effect_of
from relais.screening.scoring import screen
from tests.offer.factories import structure
from tests.screening.factories import NOON, TODAY, lot
from tests.screening.figures import facts
from tests.screening.figures import parameters as figures
from tests.screening.test_pages import page

SHARED = figures()
counts = st.integers(0, 500)


def of_offer(answer):
    return next(reason for reason in answer.reasons if reason.code == "offer")


@given(counts, counts)
def test_more_structures_never_lower_the_score_and_the_shift_is_bounded(one, two):
    few, many = sorted((one, two))
    low, high = (screen(facts(structures=number), SHARED) for number in (few, many))
    assert low.score <= high.score
    assert -5 <= of_offer(low).points <= of_offer(high).points <= 5


@given(st.decimals(0, 5_000_000, places=2), st.none() | st.booleans())
def test_an_unknown_offer_is_neutral(amount, inside):
    lot = facts(amount=amount, in_territory=inside)
    without = replace(SHARED, rules={**SHARED.rules, "offer": RuleValues()})
    assert screen(lot, SHARED).score == screen(lot, without).score
    assert of_offer(screen(lot, SHARED)).points == 0


def test_the_score_stays_within_100():
    best = facts(object="Nettoyage", cpv="90910000", amount=Decimal(900_000), structures=40)
    answer = screen(best, SHARED)
    assert answer.score == sum(reason.points for reason in answer.reasons) <= 100


def test_nobody_around_is_said():
    answer = screen(facts(structures=0), SHARED)
    assert "No structure known around" in str(of_offer(answer).words)
    assert of_offer(answer).points == -5


def test_a_lot_is_screened_with_the_structures_of_its_department(clara, scheme):
    made = lot(clara, scheme)
    unknown = ScreeningResult.objects.get(lot=made)
    assert unknown.structures is None
    for _number in range(12):
        structure("batiment")
    screen_lot(made, at=NOON, on=TODAY)
    known = ScreeningResult.objects.get(lot=made)
    assert (known.structures, known.score) == (12, unknown.score + 5)


def test_screening_again_follows_the_directory_and_leaves_what_did_not_change(clara, scheme):
    made = lot(clara, scheme)
    actor = clara.actor(TODAY)
    assert screen_scheme(scheme, actor=actor, at=NOON, on=TODAY).screened == 0
    structure("linge")
    assert screen_scheme(scheme, actor=actor, at=NOON, on=TODAY).screened == 1
    assert ScreeningResult.objects.get(lot=made).structures == 0
    assert screen_scheme(scheme, actor=actor, at=NOON, on=TODAY).screened == 0


def test_the_sheet_explains_the_offer_as_it_was_screened(client_for, clara, scheme):
    for _number in range(3):
        structure("batiment")
    made = lot(clara, scheme)
    html = client_for(clara).get(page("opportunity-detail", clara, lot=made.pk)).content.decode()
    assert "Structures alentour qui font ce travail ou prêtent du personnel" in html


def test_the_effect_of_its_weight_is_seen_before_it_is_saved(client_for, clara, scheme):
    for _number in range(12):
        structure("batiment")
    made = lot(clara, scheme)
    heavier = ScreeningRule(
        scheme=scheme, code="offer", weight=20, threshold=Decimal(0), comfortable=Decimal(10),
        unit="count", starts_on=date(2026, 1, 1), source="Comité",
    )  # fmt: skip
    (move,) = effect_of(heavier, scheme, clara.actor(TODAY)).moves
    assert (move.lot.pk, move.points) == (made.pk, 5)
    data = {
        "weight": "20",
        "threshold": "0",
        "comfortable": "10",
        "starts_on": "2026-01-01",
        "source": "Vote",
    }
    address = page("rule-detail", clara, code="offer")
    assert client_for(clara).post(address, data | {"act": "save"}).status_code == 302
    assert ScreeningRule.objects.get(scheme=scheme, code="offer").weight == 20
