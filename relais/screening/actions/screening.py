"""Screen the lots of a scheme, in chunks, only those whose facts or parameters changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from relais.kit import audit
from relais.kit.access import require
from relais.kit.actor import Actor
from relais.offer.tally import Tally
from relais.organisations.enums import PolicyKey
from relais.organisations.models import Scheme
from relais.procurement.models import Lot
from relais.screening import rules
from relais.screening.actions.parameters import load_defaults
from relais.screening.facts import Assumptions, LotFacts, Reason
from relais.screening.models import ScreeningResult, Trade
from relais.screening.queries.facts import Coverage, assumed_for, facts_of, fingerprint, lots_with_facts
from relais.screening.queries.parameters import ParameterBook
from relais.screening.scoring import Screened, screen

CHUNK = 500
UPDATED = [
    field.attname
    for field in ScreeningResult._meta.concrete_fields
    if not field.primary_key and field.attname != "lot_id"
]


@dataclass(frozen=True, slots=True)
class Screening:
    """What a run did: lots read, screened, left as they were."""

    read: int
    screened: int
    unchanged: int


@transaction.atomic
def screen_scheme(scheme: Scheme, *, actor: Actor, at: datetime, on: date, force: bool = False) -> Screening:
    """Screen every lot of the scheme whose facts, parameters or numbers changed; all when forced."""
    require(rules.can_screen(actor, scheme))
    done = run(scheme, at=at, on=on, force=force)
    audit.record(
        "screening.scheme.screened",
        scheme,
        actor=actor,
        at=at,
        scope_id=scheme.pk,
        detail=f"read={done.read} screened={done.screened}",
    )
    return done


@transaction.atomic
def run(scheme: Scheme, *, at: datetime, on: date, force: bool = False) -> Screening:
    """The work of `screen_scheme`, for those already allowed: an import that just ended."""
    if not Trade.objects.exists():
        load_defaults(at=at)
    book, coverage = ParameterBook.of(scheme), Coverage.of(scheme)
    tally: Tally | None = None
    ids = {trade.code: trade.pk for trade in book.trades}
    read = screened = last = 0
    while chunk := _chunk(scheme, last):
        last, read = chunk[-1].pk, read + len(chunk)
        tally = tally or Tally.of_all(radius(book, on))
        count_structures(chunk, tally)
        known = {} if force else _fingerprints(chunk)
        rows = [row for lot in chunk if (row := _screened(lot, book, coverage, known, ids, at=at, on=on))]
        _store(rows)
        screened += len(rows)
    return Screening(read=read, screened=screened, unchanged=read - screened)


@transaction.atomic
def screen_lot(lot: Lot, *, at: datetime, on: date) -> ScreeningResult:
    """Screen one lot, after its sheet or its lines changed; part of the act that changed them."""
    fresh = lots_with_facts(Lot.objects.filter(pk=lot.pk)).select_related("scheme").get()
    if not Trade.objects.exists():
        load_defaults(at=at)
    book, coverage = ParameterBook.kept(fresh.scheme), Coverage.of(fresh.scheme)
    count_structures([fresh], Tally.of_place(fresh.commune, fresh.department_id, radius(book, on)))
    ids = {trade.code: trade.pk for trade in book.trades}
    row = _screened(fresh, book, coverage, {}, ids, at=at, on=on)
    assert row is not None  # no fingerprint is known, so the lot is screened
    _store([row])
    return ScreeningResult.objects.get(lot_id=lot.pk)


def radius(book: ParameterBook, on: date) -> Decimal:
    """Kilometres within which the structures around a lot are counted, in force that day."""
    policy = book.policy_of(PolicyKey.OFFER_RADIUS, on)
    return policy.value if policy else Decimal(0)


def count_structures(lots: Iterable[Lot], tally: Tally) -> None:
    """Give each lot the structures known around it today, for `facts_of`."""
    for lot in lots:
        lot.structures_known = tally.count(  # type: ignore[attr-defined]
            commune=lot.commune, department=lot.department_id, cpv=lot.cpv
        )


def _chunk(scheme: Scheme, last: int) -> list[Lot]:
    lots = Lot.objects.filter(scheme=scheme, pk__gt=last, merged_into=None).order_by("pk")
    return list(lots_with_facts(lots)[:CHUNK])


def _fingerprints(chunk: Sequence[Lot]) -> dict[int, str]:
    between = ScreeningResult.objects.filter(lot_id__gte=chunk[0].pk, lot_id__lte=chunk[-1].pk)
    return dict(between.values_list("lot_id", "fingerprint"))


def _screened(
    lot: Lot,
    book: ParameterBook,
    coverage: Coverage | None,
    known: dict[int, str],
    trade_ids: dict[str, int],
    *,
    at: datetime,
    on: date,
) -> ScreeningResult | None:
    facts, assumed = facts_of(lot, coverage, on), assumed_for(lot)
    parameters = book.at(facts.day)
    mark = fingerprint(facts, parameters, assumed)
    if known.get(lot.pk) == mark:
        return None
    answer = screen(facts, parameters, assumed)
    return ScreeningResult(
        lot_id=lot.pk,
        scheme_id=lot.scheme_id,
        trade_id=trade_ids[answer.trade.code] if answer.trade else None,
        **values_of(answer, facts),
        fingerprint=mark,
        as_of=on,
        computed_at=at,
    )


def values_of(answer: Screened, facts: LotFacts) -> dict[str, Any]:
    """The answer of the screening as it is stored."""
    return {
        "score": answer.score,
        "lever": answer.lever.value if answer.lever else "",
        "article": answer.article.citation if answer.article else "",
        "regime": answer.regime.value if answer.regime else "",
        "hours": answer.hours,
        "amount": _amount(facts, answer.assumptions),
        "structures": facts.structures,
        "launched_on": facts.launched_on or facts.notified_on,
        "is_awarded": facts.awarded,
        "has_consideration": facts.social_clause or facts.social_criterion or facts.reserved,
        "duty_applies": answer.duty is not None and answer.duty.applies,
        "duty_satisfied": answer.duty is None or answer.duty.satisfied,
        "reasons": [_kept(reason) for reason in answer.reasons],
        "working": answer.calibration.as_dict() if answer.calibration else None,
    }


def _amount(facts: LotFacts, numbers: Assumptions) -> Any:
    return numbers.amount if numbers.amount is not None else facts.amount


def _kept(reason: Reason) -> dict[str, Any]:
    return {**reason.words.as_dict(), "code": reason.code, "points": reason.points}


def _store(rows: Iterable[ScreeningResult]) -> None:
    ScreeningResult.objects.bulk_create(
        rows, batch_size=CHUNK, update_conflicts=True, unique_fields=["lot"], update_fields=UPDATED
    )
