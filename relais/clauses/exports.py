"""Files that leave the room: the analysis of the offers."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from relais.clauses.analysis import Analysis, Cell, Row
from relais.kit.exports import Cell as Written
from relais.kit.exports import Table


def analysis_table(analysis: Analysis) -> Table:
    """A line by offer and by sub-criterion, best offer first, with the reason of each score."""
    return Table(
        title=_("Analysis %(reference)s") % {"reference": analysis.clause.reference},
        heads=[
            _("Rank"),
            _("Tenderer"),
            _("SIREN or SIRET"),
            _("State"),
            _("Hours promised"),
            _("Sub-criterion"),
            _("Points"),
            _("Most points"),
            _("Rationale"),
            _("Scored on"),
            _("Former scores"),
            _("Total"),
            _("Weighted note"),
        ],
        rows=_rows(analysis),
    )


def _rows(analysis: Analysis) -> Iterator[list[Written]]:
    for row in (*analysis.rows, *analysis.aside):
        if not row.cells:
            yield [*_offer(row), None, None, None, "", None, "", None, None]
        for cell in row.cells:
            yield [*_offer(row), *_score(cell), row.note.total if row.note else None, _weighted(row)]


def _offer(row: Row) -> list[Written]:
    tender = row.tender
    reason = f" : {tender.aside_reason}" if tender.aside_reason else ""
    return [row.rank, tender.name, tender.identifier, f"{tender.get_state().label}{reason}", tender.hours]


def _score(cell: Cell) -> list[Written]:
    score = cell.score
    former = " | ".join(
        f"{one.points if one.points is not None else '–'} : {one.rationale}" for one in cell.former
    )
    return [
        cell.line.title,
        cell.points,
        cell.line.points,
        score.rationale if score else "",
        score.scored_at.date() if score else None,
        former,
    ]


def _weighted(row: Row) -> Written:
    return row.note.weighted if row.note else None
