"""The effect of a value, seen before it is saved: which lots move, and nothing written."""

from datetime import date
from decimal import Decimal

import pytest

from relais.kit.models import AuditEntry
from relais.screening.actions import screen_scheme
from relais.screening.models import ScreeningResult, ScreeningRule, TradeProfile
from relais.screening.queries import what_if
from relais.screening.queries.what_if import TO_STUDY, effect_of
from tests.screening.factories import NOON, TODAY, contract, lot
from tests.screening.test_pages import page

CLEANING = {"object": "Nettoyage des locaux du lycée", "cpv": "90910000"}
HIGHER = {"labour_share": "98", "openness": "95", "starts_on": "2026-01-01", "source": "Bilan 2025"}


@pytest.fixture
def cleaning(clara, scheme):
    """Two cleaning lots, a painting lot and an awarded cleaning contract."""
    small = lot(clara, scheme, **CLEANING, estimated_amount=Decimal(30_000))
    large = lot(clara, scheme, **CLEANING, estimated_amount=Decimal(90_000))
    painting = lot(clara, scheme)
    awarded = contract(clara, scheme, amount=Decimal(90_000), **CLEANING).lot
    return small, large, painting, awarded


def profile(scheme, clara, share: str) -> TradeProfile:
    trade = ScreeningResult.objects.filter(lot__cpv="90910000").first().trade
    return TradeProfile(
        scheme=scheme,
        trade=trade,
        labour_share=Decimal(share),
        openness=Decimal("0.95"),
        starts_on=date(2026, 1, 1),
        source="Bilan",
    )


def test_raising_the_labour_share_of_cleaning_moves_the_cleaning_lots_up_and_no_others(
    clara, scheme, cleaning
):
    effect = effect_of(profile(scheme, clara, "0.98"), scheme, clara.actor(TODAY))
    small, large, _painting, _awarded = cleaning
    assert {move.lot.pk for move in effect.moves} == {small.pk, large.pk}
    assert effect.looked_at == 3
    assert all(move.hours_after > move.hours_before and move.points >= 0 for move in effect.moves)
    assert effect.hours_change == sum(move.hours_after - move.hours_before for move in effect.moves) > 0


def test_what_is_shown_is_what_saving_gives(client_for, clara, scheme, cleaning):
    effect = effect_of(profile(scheme, clara, "0.20"), scheme, clara.actor(TODAY))
    profile(scheme, clara, "0.20").save()
    screen_scheme(scheme, actor=clara.actor(TODAY), at=NOON, on=TODAY)
    stored = {result.lot_id: result for result in ScreeningResult.objects.all()}
    assert effect.moves
    for move in effect.moves:
        assert (stored[move.lot.pk].score, stored[move.lot.pk].hours) == (move.score_after, move.hours_after)
    untouched = [one for one in cleaning[:3] if one.pk not in {move.lot.pk for move in effect.moves}]
    assert [one.pk for one in untouched] == [cleaning[2].pk]
    order = ScreeningResult.objects.filter(is_awarded=False).order_by("-score", "lot_id")
    places = {pk: place for place, pk in enumerate(order.values_list("lot_id", flat=True), start=1)}
    assert all(places[move.lot.pk] == move.rank_after for move in effect.moves)


def test_lots_enter_and_leave_what_is_to_study(clara, scheme, cleaning):
    former = ScreeningRule.objects.get(code="openness", scheme=None)
    nothing = ScreeningRule(
        scheme=scheme, code="openness", weight=0, threshold=former.threshold,
        comfortable=former.comfortable, unit=former.unit, starts_on=date(2026, 1, 1), source="Essai",
    )  # fmt: skip
    effect = effect_of(nothing, scheme, clara.actor(TODAY))
    assert all(move.points < 0 for move in effect.moves)
    expected = sum(move.score_before >= TO_STUDY > move.score_after for move in effect.moves)
    assert effect.leaving == expected > 0
    assert effect.entering == 0


def test_a_value_to_come_moves_no_lot_launched_before(clara, scheme, cleaning):
    row = profile(scheme, clara, "0.98")
    row.starts_on = date(2030, 1, 1)
    effect = effect_of(row, scheme, clara.actor(TODAY))
    assert (effect.looked_at, effect.moves, effect.hours_change) == (3, (), 0)


def test_more_lots_than_the_limit_are_said(clara, scheme, cleaning, monkeypatch):
    monkeypatch.setattr(what_if, "LOOKED_AT", 2)
    effect = effect_of(profile(scheme, clara, "0.98"), scheme, clara.actor(TODAY))
    assert (effect.looked_at, effect.more) == (2, True)


def test_clara_sees_the_effect_then_saves(client_for, clara, scheme, cleaning):
    browser, address = client_for(clara), page("trade-detail", clara, code="nettoyage")
    rows, trail = TradeProfile.objects.count(), AuditEntry.objects.count()
    shown = browser.post(address, HIGHER | {"act": "preview"})
    html = shown.content.decode()
    assert shown.status_code == 200
    assert html.count("Nettoyage des locaux du lycée") == 2
    assert "Stanislas" not in html
    assert 'value="98"' in html
    assert (TradeProfile.objects.count(), AuditEntry.objects.count()) == (rows, trail)
    assert browser.post(address, HIGHER | {"act": "save"}).status_code == 302
    assert TradeProfile.objects.count() == rows + 1
    assert clara.user.full_name in browser.get(address).content.decode()


def test_a_wrong_value_has_no_effect_to_show(client_for, clara, scheme, cleaning):
    address = page("trade-detail", clara, code="nettoyage")
    shown = client_for(clara).post(address, HIGHER | {"act": "preview", "labour_share": "135"})
    assert shown.status_code == 422
    assert 'id="effect"' not in shown.content.decode()


def test_fanny_does_not_try_values(client_for, fanny, clara, scheme, cleaning):
    address = page("trade-detail", fanny, code="nettoyage")
    assert client_for(fanny).post(address, HIGHER | {"act": "preview"}).status_code == 403


def test_the_effect_of_a_rule_is_shown(client_for, clara, scheme, cleaning):
    data = {
        "weight": "5",
        "threshold": "35",
        "comfortable": "350",
        "starts_on": "2026-01-01",
        "source": "Vote",
    }
    shown = client_for(clara).post(page("rule-detail", clara, code="hours"), data | {"act": "preview"})
    assert shown.status_code == 200
    assert 'id="effect"' in shown.content.decode()
    assert not ScreeningRule.objects.exclude(scheme=None).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_effect_costs_the_same_for_any_number(client_for, clara, scheme, count, within_queries):
    for _number in range(count):
        lot(clara, scheme, **CLEANING)
    browser, address = client_for(clara), page("trade-detail", clara, code="nettoyage")
    browser.get(address)
    with within_queries(12):
        assert browser.post(address, HIGHER | {"act": "preview"}).status_code == 200
