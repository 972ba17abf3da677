"""What surrounds a lot to come: comparable clauses and what they gave, hours already promised, the offer.

Figures come from every clause of the scheme; names only from the clauses that the actor reads.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from relais.clauses.models import Clause
from relais.core.comparison import (
    Likeness,
    Quarter,
    Realised,
    Spread,
    amount_likeness,
    cpv_likeness,
    hours_interval,
    place_likeness,
    quarters_between,
    rarity,
    realised,
    spread_hours,
    text_likeness,
    words_of,
)
from relais.core.distance import Nearness, nearness
from relais.core.months import add_months
from relais.core.offering import capacity_share, dependency, turnover_needed
from relais.core.words import Words, gettext_noop
from relais.execution.models import Obligation
from relais.insight.models import HoursCell
from relais.kit.actor import Actor
from relais.offer.queries import Near, Offer, OfferParameters, around, offer_parameters, spot_of
from relais.procurement.models import Lot
from relais.screening.models import ScreeningResult, Trade, lots_open_to
from relais.screening.recognition import folded

CANDIDATES = 400
"""Clauses read at most for a comparison, newest first."""
SHOWN = 8
ALIKE_FROM = 0.25
"""Likeness from which a clause counts as comparable."""
USUAL_MONTHS = 12
MOST_QUARTERS = 12
PAST_QUARTERS = 8
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Comparable:
    """A past clause like the lot: what it owed, what was done, and why it is alike."""

    obligation: Obligation
    amount: Decimal | None
    likeness: Likeness
    nearness: Nearness
    common: tuple[str, ...]
    is_named: bool

    @property
    def lot(self) -> Lot:
        return self.obligation.clause.lot

    @property
    def owed(self) -> Decimal:
        return self.obligation.owed

    @property
    def done(self) -> Decimal:
        return self.obligation.validated

    @property
    def share(self) -> Decimal | None:
        return self.done / self.owed if self.owed > 0 else None

    @property
    def per_10k(self) -> Decimal | None:
        if not self.amount or self.amount <= 0 or self.owed <= 0:
            return None
        return self.owed * 10_000 / self.amount

    @property
    def reasons(self) -> list[Words]:
        """Why it is alike, strongest first."""
        found = []
        if self.common:
            found.append(Words(gettext_noop("same words: %(words)s"), {"words": ", ".join(self.common)}))
        if self.likeness.cpv >= 0.6:
            found.append(Words(gettext_noop("same kind of purchase")))
        if self.likeness.amount >= 0.5:
            found.append(Words(gettext_noop("amount from half to double")))
        if self.nearness is not Nearness.BEYOND:
            found.append(self.nearness.words)
        return found


@dataclass(frozen=True, slots=True)
class Load:
    """Hours of one quarter: still owed on running clauses, and what the lot would add."""

    quarter: Quarter
    department: Decimal
    scheme: Decimal
    own: Decimal


@dataclass(frozen=True, slots=True)
class Saturation:
    """Hours already promised in a sector over the lot's duration, against those validated before."""

    sector: str
    loads: tuple[Load, ...]
    clauses: int
    """Running clauses of the sector in the department."""
    pace: Decimal
    """Hours validated by quarter in the department, mean of the last eight."""
    best: Decimal
    """The best of these quarters."""

    @property
    def beyond(self) -> list[Quarter]:
        """Quarters where what is promised and the lot go beyond the best past one."""
        return [load.quarter for load in self.loads if load.department + load.own > self.best]


@dataclass(frozen=True, slots=True)
class Stake:
    """What the lot would be to one structure that took it all: shares of a year, None when unknown."""

    near: Near
    of_turnover: Decimal | None
    of_capacity: Decimal | None
    is_beyond: bool
    """Whether one of them goes beyond the share above which a contract makes a structure dependent."""


@dataclass(frozen=True, slots=True)
class Context:
    """Everything the context of an opportunity shows."""

    lot: Lot
    trade: Trade | None
    amount: Decimal | None
    hours: Decimal | None
    shown: tuple[Comparable, ...]
    compared: int
    unnamed: int
    interval: Spread | None
    feedback: Realised | None
    expected: Decimal | None
    saturation: Saturation | None
    offer: Offer
    turnover: Decimal | None
    """Yearly turnover from which one structure alone stays within the share of dependency."""
    stakes: tuple[Stake, ...]


def lots_for_context(actor: Actor) -> QuerySet[Lot]:
    """The lots whose sheet the actor reads, with what the context needs, in one query."""
    return lots_open_to(actor).select_related(
        "buyer",
        "scheme",
        "commune",
        "department",
        "contract",
        "screening__trade",
        "opportunity__assumptions",
    )


def context_of(lot: Lot, actor: Actor) -> Context:
    """The context of a lot fetched by `lots_for_context`, on the actor's day."""
    result: ScreeningResult | None = getattr(lot, "screening", None)
    trade = result.trade if result else None
    if result is not None:
        result.lot = lot
    hours = result.known_hours if result else None
    amount = amount_of(lot)
    alike = comparables(lot, trade, amount, actor)
    closed = ((one.owed, one.done) for one in alike if one.obligation.is_closed)
    feedback = realised(closed)
    named = [one for one in alike if one.is_named]
    parameters = offer_parameters(lot.scheme, actor)
    offer = around(spot_of(lot.commune, lot.department), actor=actor, cpv=lot.cpv, parameters=parameters)
    return Context(
        lot=lot,
        trade=trade,
        amount=amount,
        hours=hours,
        shown=tuple(named[:SHOWN]),
        compared=len(alike),
        unnamed=len(alike) - len(named),
        interval=hours_interval((one.per_10k for one in alike if one.per_10k is not None), amount),
        feedback=feedback,
        expected=feedback.expected(hours) if feedback and hours else None,
        saturation=saturation(lot, trade, hours or ZERO, actor.on) if trade else None,
        offer=offer,
        turnover=turnover_of(lot, amount, parameters.thresholds.dependency),
        stakes=tuple(
            stake
            for near in offer.weighed
            if (stake := stake_of(near, lot.duration_months, amount, hours, parameters))
        ),
    )


def stake_of(
    near: Near,
    months: int | None,
    amount: Decimal | None,
    hours: Decimal | None,
    parameters: OfferParameters,
) -> Stake | None:
    """The share of a structure's year that the lot would be; None when neither share can be told."""
    turnover, places = near.structure.turnover, near.structure.places
    of_turnover = of_capacity = None
    if turnover and turnover > 0 and amount is not None and amount >= 0:
        of_turnover = dependency(amount=amount, duration_months=months, turnover=turnover)
    if places and hours is not None and parameters.hours_of_place > 0:
        of_capacity = capacity_share(
            hours=hours, duration_months=months, places=places, hours_of_place=parameters.hours_of_place
        )
    known = [share for share in (of_turnover, of_capacity) if share is not None]
    if not known:
        return None
    return Stake(near, of_turnover, of_capacity, max(known) > parameters.thresholds.dependency)


def turnover_of(lot: Lot, amount: Decimal | None, share: Decimal) -> Decimal | None:
    """The turnover to ask of a structure that would take it all, rounded up to the thousand euros."""
    if not amount or amount < 0 or share <= 0:
        return None
    needed = turnover_needed(amount=amount, duration_months=lot.duration_months, share=share)
    return (needed / 1000).to_integral_value(ROUND_CEILING) * 1000


def amount_of(lot: Lot) -> Decimal | None:
    """The amount of the contract when it is signed, the estimate otherwise."""
    contract: Any = getattr(lot, "contract", None)
    if contract is not None and contract.amount is not None and contract.counts_in_totals:
        return contract.amount
    return lot.estimated_amount


def comparables(lot: Lot, trade: Trade | None, amount: Decimal | None, actor: Actor) -> list[Comparable]:
    """Clauses of the scheme alike enough, most alike first, narrowed by sector or CPV division."""
    found = list(_candidates(lot, trade, actor)[:CANDIDATES])
    texts = {one.pk: words_of(folded(one.clause.lot.object)) for one in found}
    mine = words_of(folded(lot.object))
    weights = rarity([*texts.values(), mine])
    rows = [_compared(lot, amount, one, mine, texts[one.pk], weights) for one in found]
    return sorted(
        (row for row in rows if row.likeness.score >= ALIKE_FROM),
        key=lambda row: (-row.likeness.score, row.obligation.pk),
    )


def _candidates(lot: Lot, trade: Trade | None, actor: Actor) -> QuerySet[Any]:
    same = Q(pk__in=[])
    if trade is not None:
        same |= Q(clause__sector=trade.sector)
    if len(lot.cpv) >= 2:
        same |= Q(clause__lot__cpv__startswith=lot.cpv[:2])
    readable = Clause.objects.visible_to(actor).filter(pk=OuterRef("clause_id"))
    return (
        Obligation.objects.filter(same, scheme=lot.scheme_id, owed__gt=0)
        .exclude(clause__lot=lot)
        .annotate(is_named=Exists(readable))
        .select_related("buyer", "clause__lot__contract", "clause__lot__commune")
        .order_by("-starts_on", "-pk")
    )


def _compared(
    lot: Lot,
    amount: Decimal | None,
    obligation: Any,
    mine: frozenset[str],
    theirs: frozenset[str],
    weights: dict[str, float],
) -> Comparable:
    other = obligation.clause.lot
    near = nearness(
        commune=lot.commune_id,
        epci=lot.commune.epci_id if lot.commune else None,
        department=lot.department_id,
        other_commune=other.commune_id,
        other_epci=other.commune.epci_id if other.commune else None,
        other_department=other.department_id,
    )
    their_amount = amount_of(other)
    likeness = Likeness(
        text=text_likeness(mine, theirs, weights),
        cpv=cpv_likeness(lot.cpv, other.cpv),
        amount=amount_likeness(amount, their_amount),
        place=place_likeness(near),
    )
    common = sorted(mine & theirs, key=lambda word: (-weights[word], word))[:3]
    return Comparable(obligation, their_amount, likeness, near, as_written(common, lot), obligation.is_named)


def as_written(common: Iterable[str], lot: Lot) -> tuple[str, ...]:
    """Folded words as the object of the lot writes them."""
    written = {folded(word).strip(): word.lower() for word in re.findall(r"[^\W\d_]+", lot.object)}
    return tuple(written.get(word, word) for word in common)


def saturation(lot: Lot, trade: Trade, hours: Decimal, on: date) -> Saturation:
    """Hours of the trade's sector still owed by quarter over the lot's duration, in two queries."""
    starts_on = max(start_of(lot) or on, on)
    ends_on = add_months(starts_on, lot.duration_months or USUAL_MONTHS)
    first = Quarter.of(on)
    last = min(Quarter.of(ends_on), first.shifted(MOST_QUARTERS - 1))
    running = Obligation.objects.running().filter(scheme=lot.scheme_id, clause__sector=trade.sector)
    rows = running.values_list("owed", "validated", "starts_on", "ends_on", "clause__lot__department_id")
    scheme: dict[Quarter, Decimal] = defaultdict(Decimal)
    department: dict[Quarter, Decimal] = defaultdict(Decimal)
    clauses = 0
    for owed, validated, begins, ends, code in rows:
        left = max(owed - validated, ZERO)
        here = bool(code) and code == lot.department_id
        clauses += here
        begins = max(begins, on)
        for quarter, part in spread_hours(left, begins, max(ends, begins)).items():
            scheme[quarter] += part
            if here:
                department[quarter] += part
    own = spread_hours(max(hours, ZERO), starts_on, ends_on)
    past = validated_by_quarter(lot, trade, first)
    return Saturation(
        sector=trade.get_sector_display(),
        loads=tuple(
            Load(quarter, department[quarter], scheme[quarter], own.get(quarter, ZERO))
            for quarter in quarters_between(first, last)
        ),
        clauses=clauses,
        pace=sum(past, ZERO) / PAST_QUARTERS,
        best=max(past, default=ZERO),
    )


def start_of(lot: Lot) -> date | None:
    """When the work may start: the notification, else the launch that is planned."""
    contract: Any = getattr(lot, "contract", None)
    return (contract.notified_on if contract else None) or lot.launched_on


def validated_by_quarter(lot: Lot, trade: Trade, first: Quarter) -> Sequence[Decimal]:
    """Hours of the sector validated in the department in each of the eight quarters before."""
    since = first.shifted(-PAST_QUARTERS)
    cells = HoursCell.objects.filter(
        scheme=lot.scheme_id,
        sector=trade.sector,
        department=lot.department_id or "",
        month__gte=since.first_day,
        month__lt=first.first_day,
    )
    months: Iterable[tuple[date, Decimal]] = (
        cells.values_list("month").annotate(done=Sum("validated")).order_by("month")
    )
    found: dict[Quarter, Decimal] = defaultdict(Decimal)
    for month, done in months:
        found[Quarter.of(month)] += done
    return [found[quarter] for quarter in quarters_between(since, first.shifted(-1))]
