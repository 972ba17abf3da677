"""The lot of a call and the contract awarded later: proposed as one, merged or refused, and undone."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db import IntegrityError, transaction

from relais.kit import audit, events
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.organisations.models import Scheme
from relais.procurement import rules
from relais.procurement.enums import NoticeForm, SameGround, SameState
from relais.procurement.events import LotsMatched
from relais.procurement.models import Contract, Lot, NoticeLot, PlanLine, SameLot
from relais.procurement.questions import worked_lots
from relais.territories.names import fold

SHORTEST_OBJECT = 12
"""Letters under which the same object proves nothing."""
SHORTEST_REFERENCE = 4


def propose_same_lots(scheme: Scheme, *, at: datetime) -> int:
    """Propose the contracts that lots of calls seem to have become; nothing is merged. Returns how many.

    Same buyer, and: the award notice of the same reference names the contract, or the contract bears the
    reference of the call, or both have the same object. Lot numbers never differ.
    """
    calls = list(
        NoticeLot.objects.filter(
            notice__scheme=scheme,
            notice__form=NoticeForm.CALL,
            lot__contract=None,
            lot__merged_into=None,
            lot__cancelled_on=None,
        )
        .exclude(lot=None)
        .select_related("notice", "lot")
        .order_by("pk")
    )
    if not calls:
        return 0
    index = _Index(scheme, {one.lot.buyer_id for one in calls if one.lot})
    known = set(SameLot.objects.filter(scheme=scheme).values_list("call_lot_id", "contract_id"))
    fresh = []
    for call in calls:
        assert call.lot is not None
        for contract, ground in index.like(call):
            if (call.lot.pk, contract.pk) not in known:
                known.add((call.lot.pk, contract.pk))
                fresh.append(
                    SameLot(
                        scheme=scheme,
                        call_lot=call.lot,
                        contract=contract,
                        awarded_lot_id=contract.lot_id,
                        ground=ground,
                        proposed_at=at,
                    )
                )
    return len(SameLot.objects.bulk_create(fresh, batch_size=500))


class _Index:
    """The contracts of some buyers that no call announced, by what may recognise them."""

    def __init__(self, scheme: Scheme, buyers: set[int]) -> None:
        announced = NoticeLot.objects.filter(notice__form=NoticeForm.CALL).exclude(lot=None)
        contracts = Contract.objects.filter(scheme=scheme, buyer_id__in=buyers)
        self.by_reference: dict[tuple[int, str], list[Contract]] = defaultdict(list)
        self.by_object: dict[tuple[int, str], list[Contract]] = defaultdict(list)
        self.by_award: dict[tuple[int, str, str], list[Contract]] = defaultdict(list)
        held = contracts.exclude(lot__in=announced.values("lot_id")).select_related("lot").order_by("pk")
        known = {}
        for contract in held:
            known[contract.pk] = contract
            self.by_reference[contract.buyer_id, _mark(contract.source_id)].append(contract)
            self.by_object[contract.buyer_id, fold(contract.lot.object)].append(contract)
        awards = NoticeLot.objects.filter(notice__form=NoticeForm.AWARD, contract__in=list(known))
        for award in awards.select_related("notice").order_by("pk"):
            contract = known[award.contract_id or 0]
            key = (contract.buyer_id, _mark(award.notice.reference), award.number)
            self.by_award[key].append(contract)

    def like(self, call: NoticeLot) -> Iterator[tuple[Contract, SameGround]]:
        """The contracts that this lot of a call may have become, with the surest ground of each."""
        lot = call.lot
        assert lot is not None
        reference, found = _mark(call.notice.reference), set()
        sure = len(reference) >= SHORTEST_REFERENCE and any(sign.isdigit() for sign in reference)
        objects = [text for text in (fold(lot.object), fold(call.title)) if len(text) >= SHORTEST_OBJECT]
        groups = [
            (
                SameGround.NOTICE,
                self.by_award.get((lot.buyer_id, reference, call.number), []) if sure else [],
            ),
            (
                SameGround.REFERENCE,
                [
                    contract
                    for mark in _marks(reference, call.number)
                    for contract in self.by_reference.get((lot.buyer_id, mark), [])
                ]
                if sure
                else [],
            ),
            (
                SameGround.OBJECT,
                [contract for text in objects for contract in self.by_object.get((lot.buyer_id, text), [])],
            ),
        ]
        for ground, contracts in groups:
            for contract in contracts:
                if contract.pk not in found and _may_be(call, lot, contract):
                    found.add(contract.pk)
                    yield contract, ground


def _mark(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(text))


def _marks(reference: str, number: str) -> list[str]:
    """How buyers number the contract of a lot: the reference alone, or followed by the lot number."""
    own = _mark(number)
    after = [f"{reference}{join}{form}" for join in ("", "l", "lot") for form in {own, own.zfill(2)} if own]
    return [reference, *after]


def _may_be(call: NoticeLot, lot: Lot, contract: Contract) -> bool:
    """Neither another lot number, nor a contract notified before the call."""
    if contract.lot.number and call.number and _mark(contract.lot.number) != _mark(call.number):
        return False
    launched, notified = lot.launched_on, contract.notified_on
    return launched is None or notified is None or notified >= launched


@transaction.atomic
def merge_lots(pair: SameLot, *, actor: Actor, at: datetime) -> None:
    """The contract joins the lot of the call, its sheet and its decisions; the other lot is hidden."""
    awarded = pair.awarded_lot_id
    held = awarded in worked_lots([awarded]) or PlanLine.objects.filter(lot_id=awarded).exists()
    require(rules.can_merge(actor, pair, held=held))
    _settle(pair, SameState.PROPOSED, SameState.MERGED, actor, at)
    _move(pair, awarded, pair.call_lot_id)
    Lot.objects.filter(pk=awarded).update(merged_into=pair.call_lot_id)
    _done("merged", pair, actor, at)


@transaction.atomic
def refuse_match(pair: SameLot, *, actor: Actor, at: datetime) -> None:
    """They are two purchases: the pair is proposed no more."""
    require(rules.can_refuse_match(actor, pair))
    _settle(pair, SameState.PROPOSED, SameState.REFUSED, actor, at)
    _trace("refused", pair, actor, at)


@transaction.atomic
def undo_match(pair: SameLot, *, actor: Actor, at: datetime) -> None:
    """Take a merge or a refusal back: the contract returns to the lot it came with."""
    require(rules.can_undo_match(actor, pair))
    before = SameState(pair.state)
    _settle(pair, before, SameState.PROPOSED, actor, at)
    if before == SameState.REFUSED:
        _trace("undone", pair, actor, at)
        return
    Lot.objects.filter(pk=pair.awarded_lot_id).update(merged_into=None)
    _move(pair, pair.call_lot_id, pair.awarded_lot_id)
    _done("undone", pair, actor, at)


def _settle(pair: SameLot, before: SameState, after: SameState, actor: Actor, at: datetime) -> None:
    decided = after != SameState.PROPOSED
    seen = SameLot.objects.filter(pk=pair.pk, state=before)
    values = {"decided_at": at if decided else None, "decided_by": actor.user_id if decided else None}
    if not seen.update(state=after, **values):
        raise Stale(pair)
    pair.refresh_from_db()


def _move(pair: SameLot, source: int, target: int) -> None:
    """Compare and set: neither the contract nor the lot it joins changed meanwhile."""
    try:
        with transaction.atomic():
            moved = Contract.objects.filter(pk=pair.contract_id, lot_id=source).update(lot_id=target)
    except IntegrityError:
        raise Stale(pair) from None
    if not moved:
        raise Stale(pair)


def _done(verb: str, pair: SameLot, actor: Actor, at: datetime) -> None:
    _trace(verb, pair, actor, at)
    events.emit(LotsMatched(lots=(pair.call_lot_id, pair.awarded_lot_id), at=at, actor=actor))


def _trace(verb: str, pair: SameLot, actor: Actor, at: datetime) -> None:
    audit.record(
        f"procurement.match.{verb}",
        pair,
        actor=actor,
        at=at,
        owner_id=pair.contract.buyer_id,
        scope_id=pair.scheme_id,
        detail=f"lot={pair.call_lot_id} contract={pair.contract_id}",
    )
