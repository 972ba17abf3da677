"""Write records into the register of a scheme, some hundreds at a time, in a few queries each time."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from relais.organisations.models import Scheme
from relais.procurement.actions.buyers import Buyers
from relais.procurement.actions.places import Places
from relais.procurement.decp import Flag, FlagCode, Record, Rejection
from relais.procurement.enums import LotNature, Origin
from relais.procurement.models import (
    Amendment,
    Contract,
    ContractFlag,
    Holder,
    ImportedFile,
    Lot,
    SourceRecord,
    SubcontractingAct,
)
from relais.procurement.rules import Decision, Known, Outcome, decide, holder_mark
from relais.territories.names import fold

BATCH = 500
SUPPLIES_DIVISIONS = frozenset(
    {
        "03",
        "09",
        "14",
        "15",
        "16",
        "18",
        "19",
        "22",
        "24",
        "30",
        "31",
        "32",
        "33",
        "34",
        "35",
        "37",
        "38",
        "39",
    }
    | {"41", "42", "43", "44", "48"}
)
"""CPV divisions of goods; 45 is works, the rest are services."""

LOT_FIELDS = (
    *("object", "search_object", "cpv", "nature", "is_concession", "estimated_amount", "duration_months"),
    *("place_type", "place_code", "commune_id", "department_id"),
)
CONTRACT_FIELDS = (
    *("kind", "nature", "procedure_kind", "notified_on", "published_on", "amount", "amount_text"),
    *(
        "counts_in_totals",
        "price_form",
        "framework_id",
        "is_framework",
        "techniques",
        "execution_modes",
        "ccag",
    ),
    *("consortium_type", "offers_received", "has_social_clause", "has_social_criterion", "is_reserved"),
    "social_published",
)
SOCIAL_FIELDS = ("has_social_clause", "has_social_criterion", "is_reserved", "social_published")


@dataclass(slots=True)
class Tally:
    """What a file gave."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    flags: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Task:
    """A record to write: its contract once it has one, and the flags it ends with."""

    record: Record
    digest: str
    decision: Decision
    flags: list[Flag]
    rank: int = 1
    contract_id: int = 0
    lot_id: int = 0


class Store:
    """Takes the records of one file; `flush` writes those that wait."""

    def __init__(
        self, scheme: Scheme, file: ImportedFile, *, at: datetime, places: Places | None = None
    ) -> None:
        self.scheme = scheme
        self.file = file
        self.at = at
        self.tally = Tally()
        self.buyers = Buyers(timezone.localdate(at))
        self.places = places or Places()
        self.waiting: dict[tuple[str, str], Record] = {}

    def take(self, items: Iterable[Any]) -> Iterator[Rejection]:
        """Store the records of a reading and give back those that are refused."""
        for item in items:
            if isinstance(item, Rejection):
                self.tally.read += 1
                self.tally.rejected += 1
                yield item
            else:
                self.put(item)
        self.flush()

    def put(self, record: Record) -> None:
        """Take a record. Two records of one key never wait together, so each sees what the former wrote."""
        if record.key in self.waiting or len(self.waiting) >= BATCH:
            self.flush()
        self.waiting[record.key] = record

    def flush(self) -> None:
        """Write what waits."""
        records = list(self.waiting.values())
        self.waiting.clear()
        if not records:
            return
        self.buyers.resolve(records)
        tasks = self._decided(records)
        self._create(
            [task for task in tasks if task.decision.outcome in (Outcome.CREATED, Outcome.OTHER_LOT)]
        )
        self._update([task for task in tasks if task.decision.outcome == Outcome.UPDATED])
        self._keep_older([task for task in tasks if task.decision.outcome == Outcome.OLDER])

    def _decided(self, records: Sequence[Record]) -> list[_Task]:
        known = self._known(records)
        corrected = self._corrected(known)
        tasks = []
        for record in records:
            digest = record.digest()
            siblings = known.get((self.buyers.ids[record.buyer_id], record.source_id), [])
            decision = decide(record, digest, siblings)
            task = _Task(record, digest, decision, list(record.flags))
            if decision.outcome == Outcome.OTHER_LOT:
                task.rank = max(one.rank for one in siblings) + 1
                self._flag_first([one for one in siblings if one.rank == 1])
            if decision.outcome == Outcome.OTHER_LOT or len(siblings) > 1:
                task.flags.append(Flag(FlagCode.SAME_KEY_OTHER_LOT, record.source_id))
            if decision.outcome == Outcome.UPDATED and decision.known and decision.known.object:
                task.flags = [flag for flag in task.flags if flag.code != FlagCode.OBJECT_MISSING]
            if decision.doubtful:
                task.flags.append(Flag(FlagCode.REPEAT_DOUBTFUL))
            if (
                decision.outcome == Outcome.UPDATED
                and decision.known
                and decision.known.contract_id in corrected
            ):
                task.flags.append(Flag(FlagCode.CORRECTION_REPLACED))
            self._count(task)
            tasks.append(task)
        return tasks

    def _count(self, task: _Task) -> None:
        self.tally.read += 1
        match task.decision.outcome:
            case Outcome.CREATED | Outcome.OTHER_LOT:
                self.tally.created += 1
            case Outcome.UPDATED:
                self.tally.updated += 1
            case _:
                self.tally.unchanged += 1
        self.tally.flags.update({flag.code.value for flag in task.flags})

    def _known(self, records: Sequence[Record]) -> dict[tuple[int, str], list[Known]]:
        """What the register holds under the keys of the batch, in three queries."""
        keys = {(self.buyers.ids[record.buyer_id], record.source_id) for record in records}
        rows = [
            row
            for row in Contract.objects.filter(
                scheme=self.scheme, source_id__in={source_id for _, source_id in keys}
            )
            .annotate(changed_on=Max("amendments__published_on"))
            .values(
                *("pk", "buyer_id", "source_id", "rank", "lot_id", "lot__search_object", "notified_on"),
                *("published_on", "changed_on"),
            )
            if (row["buyer_id"], row["source_id"]) in keys
        ]
        found: dict[tuple[int, str], list[Known]] = defaultdict(list)
        if not rows:
            return found
        ids = [row["pk"] for row in rows]
        digests, holders = _digests(ids), _holder_marks(ids)
        for row in rows:
            days = [day for day in (row["published_on"], row["changed_on"]) if day]
            known = Known(
                contract_id=row["pk"],
                lot_id=row["lot_id"],
                rank=row["rank"],
                digests=frozenset(digests[row["pk"]]),
                object=row["lot__search_object"],
                holders=frozenset(holders[row["pk"]]),
                notified_on=row["notified_on"],
                last_published_on=max(days, default=None),
            )
            found[row["buyer_id"], row["source_id"]].append(known)
        return found

    def _corrected(self, known: dict[tuple[int, str], list[Known]]) -> set[int]:
        ids = [one.contract_id for several in known.values() for one in several]
        if not ids:
            return set()
        flagged = ContractFlag.objects.filter(contract_id__in=ids, code=FlagCode.CORRECTED_BY_HAND)
        return set(flagged.values_list("contract_id", flat=True))

    def _flag_first(self, firsts: Sequence[Known]) -> None:
        for one in firsts:
            ContractFlag.objects.get_or_create(
                contract_id=one.contract_id, code=FlagCode.SAME_KEY_OTHER_LOT, defaults={"detail": ""}
            )

    def _create(self, tasks: Sequence[_Task]) -> None:
        lots = Lot.objects.bulk_create(
            Lot(
                scheme=self.scheme,
                buyer_id=self.buyers.ids[task.record.buyer_id],
                origin=Origin.IMPORTED,
                **self._lot_values(task.record),
            )
            for task in tasks
        )
        contracts = Contract.objects.bulk_create(
            Contract(
                scheme=self.scheme,
                buyer_id=lot.buyer_id,
                lot=lot,
                source_id=task.record.source_id,
                rank=task.rank,
                **_contract_values(task.record),
            )
            for task, lot in zip(tasks, lots, strict=True)
        )
        for task, contract in zip(tasks, contracts, strict=True):
            task.contract_id, task.lot_id = contract.pk, contract.lot_id
        Holder.objects.bulk_create(holder for task in tasks for holder in _holders(task))
        self._write_parts(tasks)

    def _update(self, tasks: Sequence[_Task]) -> None:
        if not tasks:
            return
        for task in tasks:
            assert task.decision.known is not None
            task.contract_id, task.lot_id = task.decision.known.contract_id, task.decision.known.lot_id
        by_contract = {task.contract_id: task for task in tasks}
        contracts = list(Contract.objects.filter(pk__in=by_contract))
        for contract in contracts:
            record = by_contract[contract.pk].record
            _assign(contract, _contract_values(record), kept=_unsaid(record))
        Contract.objects.bulk_update(contracts, CONTRACT_FIELDS)
        by_lot = {task.lot_id: task for task in tasks}
        lots = list(Lot.objects.filter(pk__in=by_lot, origin=Origin.IMPORTED))
        for lot in lots:
            _assign(lot, self._lot_values(by_lot[lot.pk].record))
        Lot.objects.bulk_update(lots, [name.removesuffix("_id") for name in LOT_FIELDS])
        self._update_holders(tasks)
        amended = [task.contract_id for task in tasks if task.record.amendments]
        Amendment.objects.filter(contract_id__in=amended).delete()
        subcontracted = [task.contract_id for task in tasks if task.record.subcontracts]
        SubcontractingAct.objects.filter(contract_id__in=subcontracted).delete()
        ContractFlag.objects.filter(contract_id__in=by_contract).delete()
        SourceRecord.objects.filter(contract_id__in=by_contract, superseded_at=None).update(
            superseded_at=self.at
        )
        self._write_parts(tasks)

    def _update_holders(self, tasks: Sequence[_Task]) -> None:
        """Holders already there keep their share and their organisation; the others are replaced."""
        ids = [task.contract_id for task in tasks]
        present: dict[int, dict[tuple[str, str, str], Holder]] = defaultdict(dict)
        for holder in Holder.objects.filter(contract_id__in=ids):
            present[holder.contract_id][_identity(holder)] = holder
        fresh, gone = [], []
        for task in tasks:
            if not task.record.holders:
                continue
            before = present[task.contract_id]
            after = {_identity(holder): holder for holder in _holders(task)}
            fresh += [holder for key, holder in after.items() if key not in before]
            gone += [holder.pk for key, holder in before.items() if key not in after]
        Holder.objects.filter(pk__in=gone).delete()
        Holder.objects.bulk_create(fresh)

    def _keep_older(self, tasks: Sequence[_Task]) -> None:
        for task in tasks:
            assert task.decision.known is not None
            task.contract_id = task.decision.known.contract_id
        SourceRecord.objects.bulk_create(self._source(task, superseded=True) for task in tasks)

    def _write_parts(self, tasks: Sequence[_Task]) -> None:
        Amendment.objects.bulk_create(
            Amendment(
                contract_id=task.contract_id,
                number=change.number,
                notified_on=change.notified_on,
                published_on=change.published_on,
                amount=change.amount,
                duration_months=change.duration_months,
                object=change.object,
            )
            for task in tasks
            for change in task.record.amendments
        )
        SubcontractingAct.objects.bulk_create(
            SubcontractingAct(
                contract_id=task.contract_id,
                number=act.number,
                identifier_type=act.id_type,
                identifier=act.identifier,
                notified_on=act.notified_on,
                amount=act.amount,
                duration_months=act.duration_months,
            )
            for task in tasks
            for act in task.record.subcontracts
        )
        ContractFlag.objects.bulk_create(
            ContractFlag(contract_id=task.contract_id, code=flag.code.value, detail=flag.detail)
            for task in tasks
            for flag in task.flags
        )
        SourceRecord.objects.bulk_create(self._source(task) for task in tasks)

    def _source(self, task: _Task, *, superseded: bool = False) -> SourceRecord:
        return SourceRecord(
            contract_id=task.contract_id,
            file=self.file,
            position=task.record.position[:60],
            digest=task.digest,
            raw=task.record.raw,
            received_at=self.at,
            superseded_at=self.at if superseded else None,
        )

    def _lot_values(self, record: Record) -> dict[str, Any]:
        commune, department = self.places.locate(record.place_type, record.place_code, on=record.notified_on)
        return {
            "object": record.object,
            "search_object": fold(record.object)[:1000],
            "cpv": record.cpv,
            "nature": nature_of(record.cpv),
            "is_concession": record.kind == "concession",
            "estimated_amount": record.amount if record.counts_in_totals else None,
            "duration_months": record.duration_months,
            "place_type": record.place_type,
            "place_code": record.place_code,
            "commune_id": commune,
            "department_id": department,
        }


def nature_of(cpv: str) -> str:
    """Works, supplies or services, by the division of the CPV code; nothing without a code."""
    if not cpv:
        return ""
    if cpv.startswith("45"):
        return LotNature.WORKS
    return LotNature.SUPPLIES if cpv[:2] in SUPPLIES_DIVISIONS else LotNature.SERVICES


def _contract_values(record: Record) -> dict[str, Any]:
    framework = "Accord-cadre" in record.techniques or record.nature == "Accord-cadre"
    return {
        "kind": record.kind,
        "nature": record.nature,
        "procedure_kind": record.procedure,
        "notified_on": record.notified_on,
        "published_on": record.published_on,
        "amount": record.amount,
        "amount_text": record.amount_text,
        "counts_in_totals": record.counts_in_totals,
        "price_form": record.price_form,
        "framework_id": record.framework_id,
        "is_framework": framework,
        "techniques": ", ".join(record.techniques)[:200],
        "execution_modes": ", ".join(record.modalities)[:200],
        "ccag": record.ccag,
        "consortium_type": record.consortium_type,
        "offers_received": record.offers,
        "has_social_clause": "CLAUSE" in record.social,
        "has_social_criterion": "CRITERION" in record.social,
        "is_reserved": "RESERVED" in record.social,
        "social_published": bool(record.social),
    }


def _holders(task: _Task) -> list[Holder]:
    return [
        Holder(
            contract_id=task.contract_id,
            identifier_type=holder.id_type[:20],
            identifier=holder.identifier,
            name=holder.name,
            position=position,
        )
        for position, holder in enumerate(task.record.holders, start=1)
    ]


def _identity(holder: Holder) -> tuple[str, str, str]:
    return holder.identifier_type, holder.identifier, "" if holder.identifier else holder.name


def _unsaid(record: Record) -> tuple[str, ...]:
    """Yes-or-no fields on which the record says nothing, so that a later silence changes no answer."""
    fields: tuple[str, ...] = () if record.social else SOCIAL_FIELDS
    if not record.techniques and not record.nature:
        fields += ("is_framework",)
    return fields if record.amount_text else (*fields, "counts_in_totals")


def _assign(row: Contract | Lot, values: dict[str, Any], *, kept: Sequence[str] = ()) -> None:
    """Take what a later version says; what it does not say (a poorer table) erases nothing."""
    for name, value in values.items():
        if name not in kept and (value not in (None, "") or getattr(row, name) in (None, "")):
            setattr(row, name, value)


def _digests(contracts: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = SourceRecord.objects.filter(contract_id__in=contracts).values_list("contract_id", "digest")
    for contract, digest in rows:
        found[contract].add(digest)
    return found


def _holder_marks(contracts: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = Holder.objects.filter(contract_id__in=contracts)
    for contract, kind, identifier, name in rows.values_list(
        "contract_id", "identifier_type", "identifier", "name"
    ):
        found[contract].add(holder_mark(kind, identifier, name))
    return found
