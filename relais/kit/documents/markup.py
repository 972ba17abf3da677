"""The few signs of our texts: headings, lists and tables, told by the first character of a line."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from relais.kit.documents.blocks import Block, Bullets, Heading, Note, Paragraph, Table

_HEADING = re.compile(r"(#{1,4}) +(.+)")
_ITEM = re.compile(r"[-•] +(.+)")
_NUMBERED = re.compile(r"\d{1,3}[.)] +(.+)")
_FIGURE = re.compile(r"[−-]?[\d\s\u00a0\u202f.,]+(?:€|h|%|points?)?")


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of a text.

    `## Title` is a heading, `- item` a list, `1. item` a numbered one, `| a | b |` a row of a table whose
    first row is its heads, `> words` a note; anything else is a paragraph, and a blank line ends it.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found: list[Block] = []
    for kind, group in groupby(lines, key=_kind):
        found.extend(_blocks(kind, [line.strip() for line in group]))
    return tuple(found)


def _kind(line: str) -> str:
    line = line.strip()
    if not line:
        return "blank"
    if _HEADING.fullmatch(line):
        return "heading"
    if line.startswith("|") and line.endswith("|") and len(line) > 1:
        return "row"
    if line.startswith("> "):
        return "note"
    if _ITEM.fullmatch(line):
        return "item"
    return "numbered" if _NUMBERED.fullmatch(line) else "text"


def _blocks(kind: str, lines: list[str]) -> Iterator[Block]:
    if kind == "heading":
        for line in lines:
            level, title = _matched(_HEADING, line)
            yield Heading(title.strip(), min(3, max(1, len(level) - 1)))
    elif kind == "row":
        yield _table([[cell.strip() for cell in line[1:-1].split("|")] for line in lines])
    elif kind == "note":
        yield Note(" ".join(line[2:].strip() for line in lines))
    elif kind in ("item", "numbered"):
        signs = _ITEM if kind == "item" else _NUMBERED
        yield Bullets(tuple(_matched(signs, line)[0].strip() for line in lines), ordered=kind == "numbered")
    elif kind == "text":
        yield Paragraph(" ".join(lines))


def _matched(signs: re.Pattern[str], line: str) -> tuple[str, ...]:
    found = signs.fullmatch(line)
    return found.groups() if found else (line,)


def _table(rows: list[list[str]]) -> Table:
    heads, body = rows[0], [row for row in rows[1:] if not _is_rule(row)]
    numeric = frozenset(
        rank
        for rank in range(len(heads))
        if body and all(len(row) > rank and _FIGURE.fullmatch(row[rank] or "x") for row in body)
    )
    return Table(tuple(heads), tuple(tuple(row) for row in body), numeric=numeric)


def _is_rule(cells: Iterable[str]) -> bool:
    """The line of dashes that people put under the heads."""
    return all(set(cell) <= set("-: ") and cell for cell in cells)
