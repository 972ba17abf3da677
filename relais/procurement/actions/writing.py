"""Contracts written by hand: entered by their buyer, corrected with a reason; what was published is kept."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from relais.core.verdict import no
from relais.core.words import gettext_noop
from relais.kit import audit, events
from relais.kit.access import Refused, Stale, require
from relais.kit.actor import Actor
from relais.organisations.models import Organisation, Scheme
from relais.procurement.actions.places import Places
from relais.procurement.actions.storing import nature_of
from relais.procurement.decp import FlagCode
from relais.procurement.decp.flags import OUT_OF_TOTALS
from relais.procurement.enums import ContractKind, Origin, Social
from relais.procurement.events import ContractWritten
from relais.procurement.models import Contract, ContractFlag, Holder, Lot, SourceRecord
from relais.procurement.rules import can_correct, can_enter

LOT_VALUES = ("object", "cpv", "duration_months", "place_type", "place_code")
CONTRACT_VALUES = ("source_id", "kind", "procedure_kind", "notified_on", "amount", "offers_received")


@transaction.atomic
def enter_contract(
    values: dict[str, Any], *, scheme: Scheme, capacities: frozenset[str], actor: Actor, at: datetime
) -> Contract:
    """Enter a contract of the actor's own body. Refused when its identifier is already known."""
    require(can_enter(actor, capacities))
    known = Contract.objects.filter(
        scheme=scheme, buyer_id=actor.organisation_id, source_id=values["source_id"]
    )
    if known.exists():
        raise Refused(
            no(
                gettext_noop("The contract “%(number)s” is already in the register: correct it there."),
                number=values["source_id"],
            )
        )
    lot = Lot(scheme=scheme, buyer_id=actor.organisation_id, origin=Origin.TYPED)
    contract = Contract(scheme=scheme, buyer_id=actor.organisation_id)
    _fill(contract, lot, values)
    lot.save()
    contract.lot = lot
    contract.save()
    _write_holder(contract, values)
    _keep_version(contract, values, reason="", actor=actor, at=at)
    _tell("entered", contract, actor, at)
    return contract


@transaction.atomic
def correct_contract(
    contract: Contract, values: dict[str, Any], *, reason: str, seen: str, actor: Actor, at: datetime
) -> None:
    """Correct what was read or typed, with a reason. `seen`: the state the person started from.

    Raises `Stale` when the contract changed meanwhile. The former version stays among the sources.
    """
    require(can_correct(actor, contract))
    fresh = Contract.objects.select_for_update(of=("self",)).select_related("lot").get(pk=contract.pk)
    if state_of(fresh) != seen:
        raise Stale(contract)
    before = values_of(fresh)
    _fill(fresh, fresh.lot, values)
    fresh.lot.save()
    fresh.save()
    if fresh.holders.count() < 2:
        _write_holder(fresh, values)
    flags = ContractFlag.objects.filter(contract=fresh)
    if before["amount"] != values.get("amount"):
        flags.filter(code__in=OUT_OF_TOTALS).delete()
    ContractFlag.objects.get_or_create(contract=fresh, code=FlagCode.CORRECTED_BY_HAND)
    SourceRecord.objects.filter(contract=fresh, superseded_at=None).update(superseded_at=at)
    _keep_version(fresh, values, reason=reason, actor=actor, at=at)
    changed = sorted(name for name in before if before[name] != values.get(name, before[name]))
    _tell("corrected", fresh, actor, at, ",".join(changed))
    contract.refresh_from_db()


def values_of(contract: Contract) -> dict[str, Any]:
    """The values of a contract that people may type, with those of its lot and its only holder."""
    lot, holders = contract.lot, list(contract.holders.all())
    holder = holders[0] if len(holders) == 1 else None
    return {
        **{name: getattr(lot, name) for name in LOT_VALUES},
        **{name: getattr(contract, name) for name in CONTRACT_VALUES},
        "social": [
            code
            for code, told in (
                (Social.CLAUSE, contract.has_social_clause),
                (Social.CRITERION, contract.has_social_criterion),
                (Social.RESERVED, contract.is_reserved),
            )
            if told
        ],
        "holder_siret": holder.identifier if holder else "",
        "holder_name": holder.name if holder else "",
    }


def state_of(contract: Contract) -> str:
    """Fingerprint of those values, to tell whether somebody changed them meanwhile."""
    return hashlib.sha256(_as_text(values_of(contract)).encode()).hexdigest()


def _fill(contract: Contract, lot: Lot, values: dict[str, Any]) -> None:
    amount_before = contract.amount
    for name in LOT_VALUES:
        if name in values:
            setattr(lot, name, values[name])
    for name in CONTRACT_VALUES:
        if name in values:
            setattr(contract, name, values[name])
    social = set(values.get("social", ()))
    contract.has_social_clause = Social.CLAUSE in social
    contract.has_social_criterion = Social.CRITERION in social
    contract.is_reserved = Social.RESERVED in social
    contract.social_published = True
    if contract.pk is None or contract.amount != amount_before:
        contract.counts_in_totals = contract.amount is not None
        contract.amount_text = ""
    lot.nature = nature_of(lot.cpv)
    lot.is_concession = contract.kind == ContractKind.CONCESSION
    lot.estimated_amount = contract.amount if contract.counts_in_totals else None
    lot.commune_id, lot.department_id = Places().locate(
        lot.place_type, lot.place_code, on=contract.notified_on
    )


def _write_holder(contract: Contract, values: dict[str, Any]) -> None:
    siret, name = values.get("holder_siret", ""), values.get("holder_name", "")
    if not siret and not name:
        return
    body = Organisation.objects.filter(siret=siret).first() if siret else None
    Holder.objects.update_or_create(
        contract=contract,
        position=1,
        defaults={
            "organisation": body,
            "identifier_type": "SIRET" if siret else "",
            "identifier": siret,
            "name": name or (body.name if body else ""),
        },
    )


def _keep_version(
    contract: Contract, values: dict[str, Any], *, reason: str, actor: Actor, at: datetime
) -> None:
    told = {**values, "reason": reason, "typed_by": actor.user_id, "typed_at": timezone.localtime(at)}
    raw = _as_text(told)
    SourceRecord.objects.create(
        contract=contract, raw=raw, digest=hashlib.sha256(raw.encode()).hexdigest(), received_at=at
    )


def _as_text(values: dict[str, Any]) -> str:
    return json.dumps(values, default=str, ensure_ascii=False, sort_keys=True)


def _tell(verb: str, contract: Contract, actor: Actor, at: datetime, detail: str = "") -> None:
    audit.record(
        f"procurement.contract.{verb}",
        contract,
        actor=actor,
        at=at,
        owner_id=contract.buyer_id,
        scope_id=contract.scheme_id,
        detail=detail,
    )
    told = ContractWritten(
        contract_id=contract.pk, lot_id=contract.lot_id, scheme_id=contract.scheme_id, at=at, actor=actor
    )
    events.emit(told)
