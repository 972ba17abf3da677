"""What a new dated value would change, before it is saved: the open lots screened with it, in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from relais.kit.actor import Actor
from relais.organisations.models import Scheme
from relais.procurement.models import Lot
from relais.screening.enums import OPEN_STATES
from relais.screening.models import ScreeningRule, TradeProfile
from relais.screening.queries.facts import Coverage, assumed_for, facts_of, lots_with_facts
from relais.screening.queries.parameters import ParameterBook
from relais.screening.scoring import Screened, screen

LOOKED_AT = 2_000
SHOWN = 50
TO_STUDY = 50
"""Points from which a lot is worth a study: above the ceilings (30 to 45) of the default rules."""

type Row = TradeProfile | ScreeningRule


@dataclass(frozen=True, slots=True)
class Move:
    """A lot whose score or hours change, and its place among the lots looked at, before and after."""

    lot: Lot
    score_before: int
    score_after: int
    hours_before: Decimal | None
    hours_after: Decimal | None
    rank_before: int
    rank_after: int

    @property
    def points(self) -> int:
        return self.score_after - self.score_before

    @property
    def climb(self) -> int:
        """Places won, below zero when the lot goes down."""
        return self.rank_before - self.rank_after

    @property
    def enters(self) -> bool:
        return self.score_before < TO_STUDY <= self.score_after

    @property
    def leaves(self) -> bool:
        return self.score_after < TO_STUDY <= self.score_before


@dataclass(frozen=True, slots=True)
class Effect:
    """What the value would do to the lots looked at; `more` tells that others were not."""

    looked_at: int
    more: bool
    moves: tuple[Move, ...]
    hours_before: Decimal
    hours_after: Decimal

    @property
    def shown(self) -> Sequence[Move]:
        return self.moves[:SHOWN]

    @property
    def entering(self) -> int:
        return sum(move.enters for move in self.moves)

    @property
    def leaving(self) -> int:
        return sum(move.leaves for move in self.moves)

    @property
    def hours_change(self) -> Decimal:
        return self.hours_after - self.hours_before


def effect_of(row: Row, scheme: Scheme, actor: Actor) -> Effect:
    """Screen the open lots the actor reads with the parameters in force, then with `row` among them.

    `row` is not saved and nothing is written. At most `LOOKED_AT` lots are looked at, latest launch first.
    """
    found = list(lots_with_facts(open_lots(scheme, actor))[: LOOKED_AT + 1])
    lots = found[:LOOKED_AT]
    book, coverage = ParameterBook.kept(scheme), Coverage.of(scheme)
    other = with_row(book, row)
    pairs = [_both(lot, book, other, row, coverage, actor.on) for lot in lots]
    places = (_ranks(lots, [one.score for one, _ in pairs]), _ranks(lots, [two.score for _, two in pairs]))
    moves = [
        Move(lot, one.score, two.score, one.hours, two.hours, places[0][lot.pk], places[1][lot.pk])
        for lot, (one, two) in zip(lots, pairs, strict=True)
        if (one.score, one.hours) != (two.score, two.hours)
    ]
    moves.sort(key=lambda move: (-abs(move.points), -abs(_gap(move)), move.lot.pk))
    return Effect(
        looked_at=len(lots),
        more=len(found) > LOOKED_AT,
        moves=tuple(moves),
        hours_before=_total(one for one, _ in pairs),
        hours_after=_total(two for _, two in pairs),
    )


def open_lots(scheme: Scheme, actor: Actor) -> QuerySet[Lot]:
    """Lots not awarded and not decided, latest launch first."""
    undecided = Q(opportunity=None) | Q(opportunity__state__in=OPEN_STATES)
    lots = Lot.objects.visible_to(actor).filter(undecided, scheme=scheme, contract=None)
    return lots.order_by(F("launched_on").desc(nulls_last=True), "-pk")


def with_row(book: ParameterBook, row: Row) -> ParameterBook:
    """The same book as if the row were saved: the newest of those that start on its day."""
    profiles, rules = book.profiles, book.rules
    if isinstance(row, TradeProfile):
        profiles = {**profiles, row.trade_id: _dated([*profiles.get(row.trade_id, []), row])}
    else:
        rules = {**rules, row.code: _dated([*rules.get(row.code, []), row])}
    return ParameterBook(
        trades=book.trades,
        prefixes=book.prefixes,
        profiles=profiles,
        rules=rules,
        policies=book.policies,
        derogations=book.derogations,
    )


def _dated[One: (TradeProfile, ScreeningRule)](rows: list[One]) -> list[One]:
    return sorted(rows, key=lambda one: one.starts_on)


def _both(
    lot: Lot, book: ParameterBook, other: ParameterBook, row: Row, coverage: Coverage | None, on: date
) -> tuple[Screened, Screened]:
    """The lot screened before and after; once when the value cannot concern it."""
    facts, assumed = facts_of(lot, coverage, on), assumed_for(lot)
    before = screen(facts, book.at(facts.day), assumed)
    parameters = other.at(facts.day)
    of_trade = not isinstance(row, TradeProfile) or (before.trade and before.trade.code == row.trade.code)
    if not of_trade or parameters.fingerprint == book.at(facts.day).fingerprint:
        return before, before
    return before, screen(facts, parameters, assumed)


def _ranks(lots: Sequence[Lot], scores: Sequence[int]) -> dict[int, int]:
    """Places from 1, best first, as on the list of opportunities."""
    order = sorted(zip(lots, scores, strict=True), key=lambda pair: (-pair[1], pair[0].pk))
    return {lot.pk: place for place, (lot, _score) in enumerate(order, start=1)}


def _gap(move: Move) -> Decimal:
    return (move.hours_after or Decimal(0)) - (move.hours_before or Decimal(0))


def _total(answers: Iterable[Screened]) -> Decimal:
    return sum((answer.hours or Decimal(0) for answer in answers), Decimal(0))
