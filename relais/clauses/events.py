"""What upper rooms hear of clauses, in the same transaction as the act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from relais.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class HolderShare:
    """A holder and its part of the hours, a fraction of one."""

    organisation_id: int
    share: Decimal
    is_lead: bool


@dataclass(frozen=True, slots=True)
class ClauseAwarded:
    """The contract of a clause is signed: its hours are owed by its holders from `effective_on`.

    `steps` say how the hours follow from what the offer retained promises; empty when no offer was recorded.
    """

    clause_id: int
    holders: tuple[HolderShare, ...]
    hours: Decimal
    effective_on: date
    starts_on: date
    ends_on: date
    document: str
    actor: Actor
    at: datetime
    steps: tuple[Mapping[str, Any], ...] = ()
