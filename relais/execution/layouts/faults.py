"""What keeps a file of hours from being taken, with its place."""

from dataclasses import dataclass

from relais.core.words import Words, gettext_noop

CHECK_ROW = gettext_noop("Correct the row and send the file again.")
WRITE_DAY = gettext_noop("Write the day, the month and the four figures of the year: 31/03/2026.")


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a file from being taken: where, why, what to do. Row 0 is the file as a whole."""

    sheet: str
    row: int
    column: str
    reason: Words
    remedy: Words
