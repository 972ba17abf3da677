"""Files that leave the room: the trail, as shown."""

import csv
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from relais.kit.words import moment
from relais.organisations.queries import TrailLine

BOM = "\ufeff"
"""Spreadsheets read UTF-8 when the file begins with this mark."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""First characters that a spreadsheet would run as a formula."""


def inert(text: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


class Echo:
    """A file that gives back what is written to it, so that rows leave as they come."""

    def write(self, row: str) -> str:
        return row


def trail_csv(lines: Iterable[TrailLine]) -> Iterator[str]:
    writer = csv.writer(Echo(), delimiter=";")
    yield BOM + writer.writerow(
        [
            _("When"),
            _("Organisation"),
            _("Role"),
            _("Person"),
            _("Act"),
            _("Outcome"),
            _("Thing"),
            _("Detail"),
        ]
    )
    for line in lines:
        entry = line.entry
        thing = f"{entry.subject_type} {entry.subject_id}".strip()
        cells = [moment(entry.at), line.body, entry.role, line.person, line.act]
        cells += [entry.get_outcome_display(), thing, entry.detail]
        yield writer.writerow([inert(cell) for cell in cells])
