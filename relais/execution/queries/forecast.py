"""The forecast of an obligation, or of one debtor's part, from the hours of its book."""

from datetime import date

from relais.core.forecast import Forecast, forecast
from relais.core.months import Month
from relais.execution.enums import LineState, ObligationState
from relais.execution.queries.ledger import Book

CLAIMED = (LineState.DECLARED, LineState.QUERIED, LineState.VALIDATED, LineState.LOCKED)
"""Hours not rejected: those that wait for a decision are nearly all validated in the end."""
AWAITED_UNTIL = 20
"""Until this day, a month over without hours is one whose statement has not come yet."""


def foretold(book: Book, day: date) -> Forecast | None:
    """The forecast as it was known that day; None once closed, suspended, over or done."""
    obligation = book.obligation
    stopped = obligation.is_closed or obligation.state == ObligationState.SUSPENDED
    if stopped or day >= obligation.ends_on:
        return None
    worked = worked_by_month(book, day)
    last = Month.of(day).previous()
    if day.day <= AWAITED_UNTIL and not worked.get(last):
        last = last.previous()
    known = max([last, *(month for month, hours in worked.items() if hours)])
    return forecast(
        worked,
        owed=float(book.balance(day).owed),
        starts_on=obligation.starts_on,
        ends_on=obligation.ends_on,
        known_until=known,
    )


def worked_by_month(book: Book, day: date) -> dict[Month, float]:
    """The hours claimed for each month, as known at the end of that day."""
    latest = {move.line_id: move for move in book.moves if move.on <= day}
    found: dict[Month, float] = {}
    for move in latest.values():
        if move.state in CLAIMED:
            found[move.month] = found.get(move.month, 0.0) + float(move.hours)
    return found
