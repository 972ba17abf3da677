"""What upper rooms hear of execution, in the same transaction as the act."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LinesMoved:
    """Lines changed state. Each move is (line id, state before, state after); "" before means new."""

    moves: tuple[tuple[int, str, str], ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class EntriesRecorded:
    """Entries were added to the ledger of one obligation."""

    obligation_id: int
    entry_ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonCorrected:
    """The identity of a person was rectified: totals counted under the former one must follow."""

    person_id: int
    former_sex: str
    former_pseudonym: str
    at: datetime
