"""What changed between two texts, word by word, to be read on a page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Change:
    """A run of words: `same`, `gone` from the first text or `new` in the second."""

    kind: str
    text: str


def changes(before: str, after: str) -> list[Change]:
    """The runs that make both texts: without the new ones, the first; without those gone, the second.

    Lines are matched first, then the words of those that differ: a long text stays quick to compare.
    """
    found: list[Change] = []
    for kind, old, new in _matched(before.splitlines(keepends=True), after.splitlines(keepends=True)):
        if kind == "replace":
            for inner, gone, came in _matched(_WORDS.findall(old), _WORDS.findall(new)):
                found.extend(_runs(inner, gone, came))
        else:
            found.extend(_runs(kind, old, new))
    return [change for change in found if change.text]


def _matched(before: list[str], after: list[str]) -> Iterator[tuple[str, str, str]]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, other, until in matcher.get_opcodes():
        yield kind, "".join(before[start:end]), "".join(after[other:until])


def _runs(kind: str, old: str, new: str) -> Iterator[Change]:
    if kind == "equal":
        yield Change("same", old)
    else:
        yield Change("gone", old)
        yield Change("new", new)
