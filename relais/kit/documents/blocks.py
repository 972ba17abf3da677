"""What a document is made of, whatever the file it becomes."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

LEAST_SHARE = 0.5
"""No column is narrower than half of an even share."""
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without the characters that no office file may hold."""
    return _UNSAFE.sub("", text)


@dataclass(frozen=True, slots=True)
class Heading:
    """A title; `level` 1 is just below the title of the document."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    kind: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A remark set apart from the text: a source, a warning, a place to sign."""

    kind: ClassVar[str] = "note"
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, numbered when `ordered`."""

    kind: ClassVar[str] = "list"
    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one row of heads; `numeric` are the ranks of the columns aligned right."""

    kind: ClassVar[str] = "table"
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    numeric: frozenset[int] = frozenset()

    def filled(self) -> list[tuple[str, ...]]:
        """The rows, each with as many cells as there are heads."""
        width = len(self.heads)
        return [(*row[:width], *[""] * (width - len(row))) for row in self.rows]

    def shares(self) -> list[float]:
        """The part of the width that each column takes, by the longest text it holds; they make one."""
        rows = [self.heads, *self.filled()]
        longest = [min(80, max(4, *(len(row[rank]) for row in rows))) for rank in range(len(self.heads))]
        least = sum(longest) / len(longest) * LEAST_SHARE
        wanted = [max(size, least) for size in longest]
        return [round(size / sum(wanted), 4) for size in wanted]


type Block = Heading | Paragraph | Note | Bullets | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its title, what is said under it, its blocks, and what stands on each page.

    `written_at` is the date kept in the file, so that two writings of one document are the same file.
    """

    title: str
    blocks: tuple[Block, ...]
    written_at: datetime
    subtitle: str = ""
    header: str = ""
    footer: str = ""
    author: str = ""
    language: str = "fr"
    page_words: str = "Page {page} sur {pages}"
