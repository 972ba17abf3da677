"""The figures of a company or a structure, from its own lines: the same rows, added up by the same tally."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from relais.execution.models import Entry, StatementLine
from relais.insight.perimeter import CELL_DIMENSIONS, Perimeter
from relais.insight.queries.dimensions import HOURS, Ask, Row
from relais.insight.queries.people import Heads
from relais.insight.rollups import EntryFacts, Key, LineFacts, Tally, facts_of_entries, facts_of_lines
from relais.insight.scopes import of_body

NAMES = (
    *("scheme", "month", "buyer", "department", "modality", "sector"),
    *("mode", "category", "sex", "job_kind"),
)
"""The names of the parts of a cell's key, in the order of the tally."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a body's own lines and entries say, read once for all the perimeters asked."""

    lines: tuple[LineFacts, ...]
    entries: tuple[EntryFacts, ...]


def facts(asks: Sequence[Ask], body: int) -> Facts:
    """Read in two queries; the body owes the entries, and has a part in the jobs of the lines."""
    scheme = asks[0].perimeter.scheme_id
    first = min(ask.perimeter.starts_on for ask in asks)
    last = max(ask.perimeter.ends_on for ask in asks)
    lines = StatementLine.objects.sent().filter(
        of_body(body, "job_contract__"), obligation__scheme_id=scheme, month__range=(first, last)
    )
    entries = Entry.objects.filter(
        obligation__scheme_id=scheme, debtor__organisation_id=body, effective_on__range=(first, last)
    )
    return Facts(tuple(facts_of_lines(lines.order_by("pk"))), tuple(facts_of_entries(entries.order_by("pk"))))


def _tally(facts: Facts, perimeter: Perimeter) -> Tally:
    tally = Tally()
    for line in facts.lines:
        tally.add_line(line, line.state, 1)
    for entry in facts.entries:
        tally.add_entry(entry)
    wanted = {name: value for name in CELL_DIMENSIONS if (value := getattr(perimeter, name))}
    if perimeter.buyer:
        wanted["buyer"] = perimeter.buyer

    def is_in(key: Key) -> bool:
        cell = dict(zip(NAMES, key, strict=True))
        return perimeter.contains(cell["month"]) and all(
            cell[name] == value for name, value in wanted.items()
        )

    tally.cells = {key: columns for key, columns in tally.cells.items() if is_in(key)}
    return tally


def hours(asks: Sequence[Ask], facts: Facts) -> dict[tuple[int, str], list[Row]]:
    """The rows of every breakdown of every perimeter."""
    found: dict[tuple[int, str], dict[str, Row]] = defaultdict(dict)
    for index, ask in enumerate(asks):
        for key, columns in _tally(facts, ask.perimeter).cells.items():
            cell = dict(zip(NAMES, key, strict=True))
            for name in ask.dimensions:
                label = str(cell["month"].year if name == "year" else cell[name])
                row = found[index, name].setdefault(label, Row(label))
                row.add({column: columns[column] for column in HOURS if column in columns})
    return {group: list(rows.values()) for group, rows in found.items()}


def people(asks: Sequence[Ask], facts: Facts) -> Heads:
    """Distinct people by group: those with validated hours above zero in one obligation at least."""
    heads: Heads = {}
    for index, ask in enumerate(asks):
        seen: dict[tuple[str, str], set[str]] = defaultdict(set)
        for names, pseudonym in _worked(facts.lines, ask.perimeter):
            seen["all", ""].add(pseudonym)
            for name in ask.dimensions:
                seen[name, names[name]].add(pseudonym)
        heads |= {(index, *group): len(them) for group, them in seen.items()}
    return heads


def _worked(lines: Iterable[LineFacts], perimeter: Perimeter) -> Iterable[tuple[dict[str, str], str]]:
    worked: dict[tuple[object, ...], Tally] = defaultdict(Tally)
    kept: dict[tuple[object, ...], LineFacts] = {}
    for line in lines:
        if not _is_asked(line, perimeter):
            continue
        key = (line.obligation, line.pseudonym, line.category, line.mode, line.job_kind, line.month.year)
        worked[key].add_line(line, line.state, 1)
        kept[key] = line
    for who, tally in worked.items():
        if sum((columns["validated"] for columns in tally.people.values()), start=0) > 0:
            line = kept[who]
            names = {name: str(getattr(line, name)) for name in NAMES if name not in ("scheme", "month")}
            yield {**names, "year": str(line.month.year)}, line.pseudonym


def _is_asked(line: LineFacts, perimeter: Perimeter) -> bool:
    wanted = {name: value for name in CELL_DIMENSIONS if (value := getattr(perimeter, name))}
    if perimeter.buyer:
        wanted["buyer"] = perimeter.buyer
    return perimeter.contains(line.month) and all(
        getattr(line, name) == value for name, value in wanted.items()
    )
