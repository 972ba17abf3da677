"""Texts with blanks: the small language in which the texts of a library are written.

`{{ heures_dues }}` is replaced by a value; `{% si critere %}…{% sinon %}…{% fin %}` keeps a passage when a
value is known and not empty, `{% sauf critere %}…{% fin %}` when it is not. Nothing else exists: no
calculation, no call, no attribute, so a text can neither run nor read anything. Names are a closed list.
"""

import re
from collections.abc import Collection, Iterator, Mapping
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
    """A condition and its two branches; the root has no name."""

    name: str = ""
    wanted: bool = True
    line: int = 1
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


def read_template(text: str, known: Collection[str]) -> Template:
    """Read a text. Raises `BadValue` with the line and the fault: unknown name, condition left open…"""
    root = _Passage()
    stack = [root]
    reached = 0
    for found in _SIGNS.finditer(text):
        stack[-1].open_branch().append(text[reached : found.start()])
        reached = found.end()
        line = text.count("\n", 0, found.start()) + 1
        if found["stray"]:
            raise BadValue(
                gettext_noop("Line %(place)s: “%(sign)s” stands alone. Close it, or take it away."),
                place=str(line),
                sign=found["stray"],
            )
        if found["name"] is not None:
            stack[-1].open_branch().append(_Blank(_known(found["name"].strip(), known, line)))
        else:
            _condition(stack, (found["tag1"] or found["tag2"] or "").strip(), known, line)
    stack[-1].open_branch().append(text[reached:])
    if len(stack) > 1:
        raise BadValue(
            gettext_noop("Line %(place)s: the condition on “%(name)s” is not closed. Add “fin”."),
            place=str(stack[-1].line),
            name=stack[-1].name,
        )
    return Template(root)


def _condition(stack: list[_Passage], words: str, known: Collection[str], line: int) -> None:
    """Open, turn or close a condition."""
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
        passage = _Passage(_known(test[2], known, line), wanted=test[1] == "si", line=line)
        stack[-1].open_branch().append(passage)
        stack.append(passage)
    elif words == "sinon" and len(stack) > 1 and stack[-1].otherwise is None:
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


def _known(name: str, known: Collection[str], line: int) -> str:
    if name not in known:
        raise BadValue(
            gettext_noop("Line %(place)s: no value is called “%(name)s”. The page lists those that exist."),
            place=str(line),
            name=name,
        )
    return name


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
