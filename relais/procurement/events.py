"""What procurement tells the rooms above it."""

from dataclasses import dataclass
from datetime import datetime

from relais.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class ContractsImported:
    """An import of contracts into a scheme is finished: lots were created or changed."""

    scheme_id: int
    at: datetime
    actor: Actor


@dataclass(frozen=True, slots=True)
class ContractWritten:
    """One contract was typed in or corrected by hand, with its lot."""

    contract_id: int
    lot_id: int
    scheme_id: int
    at: datetime
    actor: Actor


@dataclass(frozen=True, slots=True)
class LotsPlanned:
    """Lots were typed by hand into a purchase plan, or corrected there."""

    lots: tuple[int, ...]
    at: datetime
    actor: Actor


@dataclass(frozen=True, slots=True)
class LotsMatched:
    """A contract moved between the lot of its call and the lot it came with; one of the two may be hidden."""

    lots: tuple[int, ...]
    at: datetime
    actor: Actor


@dataclass(frozen=True, slots=True)
class PlanImported:
    """A purchase plan was read, or what it says of a lot was taken: lots were created or changed."""

    plan_id: int
    scheme_id: int
    at: datetime
    actor: Actor
