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
