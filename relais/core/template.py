"""Texts with blanks: the small language in which the texts of a library are written.

`{{ heures_dues }}` is replaced by a value; `{% si critere %}…{% sinon %}…{% fin %}` keeps a passage when a
value is known and not empty, `{% sauf critere %}…{% fin %}` when it is not. Nothing else exists: no
calculation, no call, no attribute, so a text can neither run nor read anything. Names are a closed list.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from relais.core.words import BadValue, gettext_noop

_SIGNS = re.compile(
    r"\{\{(?P<name>.*?)\}\}"
    r"|(?P<alone>^[ \t]*\{%(?P<tag1>[^%\n]*)%\}[ \t]*(?:\n|\Z))"
    r"|\{%(?P<tag2>[^%\n]*)%\}"
    r"|(?P<stray>\{\{|\}\}|\{%|%\})",
    re.MULTILINE,
)
_TEST = re.compile(r"(si|sauf)\s+(\w+)")
DEEPEST = 5
"""Conditions inside conditions; beyond, nobody can read the text over."""


@dataclass(slots=True)
class _Passage:
    """A condition and its two branches; the root has no name. `alone` when its line holds nothing else."""

    name: str = ""
    wanted: bool = True
    line: int = 1
    alone: bool = False
    then: list["str | _Blank | _Passage"] = field(default_factory=list)
    otherwise: list["str | _Blank | _Passage"] | None = None

    def open_branch(self) -> list["str | _Blank | _Passage"]:
        return self.then if self.otherwise is None else self.otherwise


@dataclass(frozen=True, slots=True)
class _Blank:
    name: str


@dataclass(frozen=True, slots=True)
class Template:
    """A text that was read and found right; `fill` gives it with values in its blanks."""

    _root: _Passage

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with its values. Raises `KeyError` for a name without value: give one, even empty."""
        return "".join(_filled(self._root, values))

    def names(self) -> frozenset[str]:
        """Every name that the text uses."""
        return frozenset(_names(self._root))

    def outline(self, signs: "Signs") -> str:
        """The text with every branch, its blanks and its conditions shown by signs for a reader."""
        return "".join(_outlined(self._root, signs))


@dataclass(frozen=True, slots=True)
class Signs:
    """How an outline shows a blank, and the two ends and the turn of a condition.

    A condition alone on its line is shown in a paragraph of its own.
    """

    blank: Callable[[str], str]
    opening: Callable[[str, bool], str]
    turn: str
    closing: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a name stands: line and sign of the line, both from 1."""

    line: int
    sign: int


class _Unknown(list[tuple[str, _Place]]):
    """The names of a text that are not of the closed list, in the order of the text."""

    def tell(self) -> None:
        """Raise `BadValue` with every name and its place, if there is one."""
        if len(self) == 1:
            ((name, place),) = self
            raise BadValue(
                gettext_noop(
                    "Line %(place)s, sign %(sign)s: no value is called “%(name)s”. "
                    "The page lists those that exist."
                ),
                place=str(place.line),
                sign=str(place.sign),
                name=name,
            )
        if self:
            raise BadValue(
                gettext_noop(
                    "No value has these names (line, sign): %(names)s. The page lists those that exist."
                ),
                names=", ".join(f"{name} ({place.line}, {place.sign})" for name, place in self),
            )


def read_template(text: str, known: Collection[str]) -> Template:
    """Read a text. Raises `BadValue` with the line and the fault: unknown names, condition left open…"""
    root = _Passage()
    stack = [root]
    unknown = _Unknown()
    reached = 0
    for found in _SIGNS.finditer(text):
        stack[-1].open_branch().append(text[reached : found.start()])
        reached = found.end()
        place = _place(text, found.start())
        if found["stray"]:
            raise BadValue(
                gettext_noop("Line %(place)s: “%(sign)s” stands alone. Close it, or take it away."),
                place=str(place.line),
                sign=found["stray"],
            )
        if found["name"] is not None:
            name = found["name"].strip()
            stack[-1].open_branch().append(_Blank(name))
        else:
            name = _condition(stack, (found["tag1"] or found["tag2"] or "").strip(), place.line)
            stack[-1].alone = stack[-1].alone or (name is not None and bool(found["alone"]))
        if name is not None and name not in known:
            unknown.append((name, place))
    stack[-1].open_branch().append(text[reached:])
    if len(stack) > 1:
        raise BadValue(
            gettext_noop("Line %(place)s: the condition on “%(name)s” is not closed. Add “fin”."),
            place=str(stack[-1].line),
            name=stack[-1].name,
        )
    unknown.tell()
    return Template(root)


def _place(text: str, start: int) -> _Place:
    return _Place(text.count("\n", 0, start) + 1, start - (text.rfind("\n", 0, start) + 1) + 1)


def _condition(stack: list[_Passage], words: str, line: int) -> str | None:
    """Open, turn or close a condition; gives the name of the one it opens."""
    test = _TEST.fullmatch(words)
    if test:
        if len(stack) > DEEPEST:
            raise BadValue(
                gettext_noop(
                    "Line %(place)s: more than %(most)s conditions inside each other. Split the text."
                ),
                place=str(line),
                most=str(DEEPEST),
            )
        passage = _Passage(test[2], wanted=test[1] == "si", line=line)
        stack[-1].open_branch().append(passage)
        stack.append(passage)
        return test[2]
    if words == "sinon" and len(stack) > 1 and stack[-1].otherwise is None:
        stack[-1].otherwise = []
    elif words == "fin" and len(stack) > 1:
        stack.pop()
    elif words in ("sinon", "fin"):
        raise BadValue(
            gettext_noop("Line %(place)s: “%(sign)s” without the condition that it belongs to."),
            place=str(line),
            sign=words,
        )
    else:
        raise BadValue(
            gettext_noop("Line %(place)s: “%(sign)s” is not understood. Write si, sauf, sinon or fin."),
            place=str(line),
            sign=words,
        )
    return None


def _filled(passage: _Passage, values: Mapping[str, str]) -> Iterator[str]:
    kept = passage.then
    if passage.name and bool(values[passage.name]) is not passage.wanted:
        kept = passage.otherwise or []
    for part in kept:
        if isinstance(part, str):
            yield part
        elif isinstance(part, _Blank):
            yield values[part.name]
        else:
            yield from _filled(part, values)


def _names(passage: _Passage) -> Iterator[str]:
    if passage.name:
        yield passage.name
    for part in [*passage.then, *(passage.otherwise or [])]:
        if isinstance(part, _Blank):
            yield part.name
        elif isinstance(part, _Passage):
            yield from _names(part)


def _outlined(passage: _Passage, signs: Signs) -> Iterator[str]:
    edge = "\n\n" if passage.alone else ""
    if passage.name:
        yield edge + signs.opening(passage.name, passage.wanted) + edge
    for branch in (passage.then, passage.otherwise):
        if branch is None:
            continue
        if branch is passage.otherwise:
            yield edge + signs.turn + edge
        for part in branch:
            if isinstance(part, str):
                yield part
            elif isinstance(part, _Blank):
                yield signs.blank(part.name)
            else:
                yield from _outlined(part, signs)
    if passage.name:
        yield edge + signs.closing + edge
