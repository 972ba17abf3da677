"""What the room asks of the rooms above it without knowing them: they answer, it never imports them."""

from collections.abc import Callable

from relais.core.coherence import Ledger

type Answer = Callable[[int], Ledger | None]

_ledgers: list[Answer] = []


def answers_ledger(answer: Answer) -> Answer:
    """Register who keeps the ledger of hours of a clause."""
    if answer not in _ledgers:
        _ledgers.append(answer)
    return answer


def ledger_of(clause_id: int) -> Ledger | None:
    """What the ledger of a clause opened with; None when there is none yet."""
    found = (answer(clause_id) for answer in _ledgers)
    return next((ledger for ledger in found if ledger is not None), None)
