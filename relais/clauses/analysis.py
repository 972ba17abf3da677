"""The analysis of the offers on the social criterion, read once for its page, its file and its print."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch
from django.utils.translation import override

from relais.clauses import wording
from relais.clauses.enums import KitDocument, ScoringMethod, TenderState
from relais.clauses.models import Clause, GridLine, Score, ScoringGrid, Tender
from relais.clauses.queries import asked_of_all
from relais.core.money import NotANumber, parse_decimal
from relais.core.scoring_grid import Note, Scored, counted_volume, notes
from relais.kit.actor import Actor
from relais.kit.documents import Table

COLUMNS = 3
"""A published grid has three columns: the sub-criterion, its points, what is appreciated."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A line of the grid for an offer: the score in force, the points it gives, the scores it replaced."""

    line: GridLine
    score: Score | None
    points: Decimal | None
    former: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """An offer with its note; `volume` are the hours that count for the volume."""

    tender: Tender
    volume: Decimal
    cells: tuple[Cell, ...]
    note: Note | None

    @property
    def rank(self) -> int | None:
        return self.note.rank if self.note else None

    @property
    def is_scored(self) -> bool:
        return self.rank is not None


@dataclass(frozen=True, slots=True)
class Analysis:
    """The offers ranked, those set aside, and the grid that scores them."""

    clause: Clause
    grid: ScoringGrid | None
    lines: tuple[GridLine, ...]
    rows: tuple[Row, ...]
    aside: tuple[Row, ...]

    @property
    def total(self) -> Decimal:
        return sum((line.points for line in self.lines), Decimal(0))

    @property
    def is_whole(self) -> bool:
        """Whether every offer in the ranking is scored on every line."""
        return bool(self.rows) and all(row.is_scored for row in self.rows)

    @property
    def unscored(self) -> int:
        return sum(not row.is_scored for row in self.rows)

    @property
    def first(self) -> Tender | None:
        """The only offer at the first rank of the social criterion, once all are scored."""
        best = [row.tender for row in self.rows if row.rank == 1]
        return best[0] if self.is_whole and len(best) == 1 else None

    @property
    def retained(self) -> Tender | None:
        return next((row.tender for row in self.rows if row.tender.state == TenderState.RETAINED), None)


def analysis_of(clause: Clause, actor: Actor) -> Analysis:
    """What the actor reads of the offers of a clause, in four queries; empty for who reads none."""
    scores = Score.objects.select_related("scored_by").order_by("scored_at", "pk")
    tenders = (
        Tender.objects.visible_to(actor).filter(clause=clause).prefetch_related(Prefetch("scores", scores))
    )
    return assembled(clause, grid_of(clause, actor), list(tenders))


def grid_of(clause: Clause, actor: Actor) -> ScoringGrid | None:
    """The grid of a clause with its lines, as far as the actor reads it."""
    return ScoringGrid.objects.visible_to(actor).filter(clause=clause).prefetch_related("lines").first()


def assembled(clause: Clause, grid: ScoringGrid | None, tenders: Sequence[Tender]) -> Analysis:
    """The analysis made of what was read."""
    lines = tuple(grid.lines.all()) if grid else ()
    asked = grid.asked if grid and grid.frozen_at else asked_of_all(clause)
    standing = [tender for tender in tenders if not tender.is_aside]
    found: dict[str, Note] = {}
    if grid is not None and lines:
        scored = [_scored(tender, asked) for tender in standing]
        found = {note.key: note for note in notes(grid.as_grid(clause.criterion_weight), scored)}
    rows = [_row(tender, lines, asked, found.get(str(tender.pk))) for tender in standing]
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, row.tender.name, row.tender.pk))
    aside = tuple(_row(tender, lines, asked, None) for tender in tenders if tender.is_aside)
    return Analysis(clause, grid, lines, tuple(rows), aside)


def _scored(tender: Tender, asked: Decimal) -> Scored:
    in_force = [score for score in tender.scores.all() if score.replaced_at is None]
    given = {str(score.line_id): score.points for score in in_force}
    return Scored(str(tender.pk), counted_volume(tender.hours, asked), given)


def _row(tender: Tender, lines: Sequence[GridLine], asked: Decimal, note: Note | None) -> Row:
    scores = list(tender.scores.all())
    cells = []
    for line in lines:
        own = [score for score in scores if score.line_id == line.pk]
        current = next((score for score in own if score.replaced_at is None), None)
        former = tuple(score for score in own if score.replaced_at is not None)
        points = note.points.get(str(line.pk)) if note else (current.points if current else None)
        cells.append(Cell(line, current, points, former))
    return Row(tender, counted_volume(tender.hours, asked), tuple(cells), note)


@dataclass(frozen=True, slots=True)
class Published:
    """A line of the grid as the kit publishes it."""

    title: str
    points: Decimal
    wording: str
    method: str


def published_lines(documents: Iterable[wording.Document]) -> list[Published]:
    """The lines of the grid of the kit: its first table whose second column holds points; empty without."""
    for document in documents:
        if document.kind != KitDocument.GRID:
            continue
        for block in (block for section in document.sections for block in section.blocks):
            lines = _lines_of(block) if isinstance(block, Table) else []
            if lines:
                return lines
    return []


def _lines_of(table: Table) -> list[Published]:
    found = []
    for cells in table.filled():
        if len(cells) < COLUMNS:
            return []
        with override("fr"):
            try:
                points = parse_decimal(cells[1])
            except NotANumber:
                return []
        volume = not found and cells[0].casefold().startswith("volume")
        method = ScoringMethod.VOLUME if volume else ScoringMethod.JUDGED
        found.append(Published(cells[0].strip(), points, cells[2].strip(), method.value))
    return found
