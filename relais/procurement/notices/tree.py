"""A document as a plain tree, from XML or from JSON: one way of reading serves both forms of a notice."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from lxml import etree

from relais.core.words import gettext_noop
from relais.procurement.decp.container import size_of
from relais.procurement.decp.detect import Encoding
from relais.procurement.decp.errors import BadRecord, CutFile, ReadError
from relais.procurement.decp.values import storable

LARGEST = 64 * 1024 * 1024
DEEPEST = 60
"""Levels of a document: the deepest notices have about twenty."""
MOST_NODES = 400_000

_DECLARED = re.compile(r'(<\?xml[^>]*?)\s+encoding\s*=\s*["\'][^"\']*["\']')
_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\f\v]+")


@dataclass(slots=True)
class Node:
    """An element: its name without prefix, its attributes, its text and the elements below it."""

    name: str
    text: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    tail: str = ""
    line: int = 0

    def all(self, *path: str) -> Iterator["Node"]:
        """The elements at the end of a path of names."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.name == path[0]:
                yield from child.all(*path[1:])

    def first(self, *path: str) -> "Node | None":
        """The first element at the end of a path, or nothing."""
        return next(self.all(*path), None)

    def value(self, *path: str) -> str:
        """The first text found at the end of a path, on one line; empty when there is none."""
        return next((text for node in self.all(*path) if (text := " ".join(node.prose().split()))), "")

    def below(self, name: str) -> Iterator["Node"]:
        """Every element of that name below this one, in the order of the document."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.below(name)

    def prose(self) -> str:
        """The whole text, paragraphs apart."""
        parts = [self.text]
        for child in self.children:
            parts += [child.prose(), "\n" if child.name == "P" else "", child.tail]
        text = _BLANKS.sub(" ", "".join(parts))
        return re.sub(r" ?\n\s*", "\n", text).strip()


def text_of(file: BinaryIO, encoding: Encoding) -> str:
    """The file as text. Raises `ReadError` when it is larger than any file of notices."""
    size = size_of(file)
    if size > LARGEST:
        raise ReadError(
            gettext_noop("The file weighs %(size)s MB; a file of notices has at most %(most)s. Split it."),
            size=size // (1024 * 1024),
            most=LARGEST // (1024 * 1024),
        )
    file.seek(encoding.skip)
    return file.read().decode(encoding.codec, "replace").lstrip("\ufeff \t\r\n")


def from_xml(text: str) -> Node:
    """The tree of an XML document. Document types and entities are refused before the parser sees them."""
    if _DOCTYPE.search(text):
        raise ReadError(
            gettext_noop(
                "The XML declares a document type or entities, which no notice needs. Refused: nothing was "
                "read."
            )
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(_DECLARED.sub(r"\1", text, count=1).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise _failed(error, text) from None
    budget = [MOST_NODES]
    return _from_element(root, 0, budget)


def _from_element(element: etree._Element, depth: int, budget: list[int]) -> Node:
    _check(depth, budget)
    return Node(
        name=str(element.tag).rpartition("}")[2],
        text=element.text or "",
        attributes={str(key).rpartition("}")[2]: str(value) for key, value in element.attrib.items()},
        children=[_from_element(child, depth + 1, budget) for child in element if isinstance(child.tag, str)],
        tail=element.tail or "",
        line=element.sourceline or 0,
    )


def from_json(name: str, value: Any) -> Node:
    """The tree of an XML document written as JSON: `@name` for attributes, `#text` for the text."""
    budget = [MOST_NODES]
    return _from_value(name.rpartition(":")[2], value, 0, budget)


def _from_value(name: str, value: Any, depth: int, budget: list[int]) -> Node:
    _check(depth, budget)
    if not isinstance(value, dict):
        return Node(name, "" if value is None else storable(str(value)))
    node = Node(name)
    for key, item in value.items():
        if key == "#text":
            node.text = storable(str(item))
        elif key.startswith("@"):
            node.attributes[key[1:].rpartition(":")[2]] = storable(str(item))
        else:
            child = key.rpartition(":")[2]
            items = item if isinstance(item, list) else [item]
            node.children += [_from_value(child, one, depth + 1, budget) for one in items]
    return node


def _check(depth: int, budget: list[int]) -> None:
    budget[0] -= 1
    if depth > DEEPEST:
        raise BadRecord(gettext_noop("The notice is nested more than %(most)s levels deep."), most=DEEPEST)
    if budget[0] < 0:
        raise BadRecord(gettext_noop("The notice has more than %(most)s elements."), most=MOST_NODES)


def parsed_json(text: str) -> Any:
    """The JSON value of a file. Raises `CutFile` when its end is missing, `ReadError` when it is wrong."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ReadError(gettext_noop("The JSON is nested too deep to be a file of notices.")) from None
    except json.JSONDecodeError as error:
        if not text.rstrip().endswith(("}", "]")):
            raise CutFile(
                gettext_noop(
                    "The file is cut after line %(line)s: its end is missing. Nothing was kept: download it "
                    "again."
                ),
                line=text.count("\n") + 1,
            ) from None
        raise ReadError(
            gettext_noop(
                "Line %(line)s, column %(column)s: this is not valid JSON. Nothing was kept: ask the "
                "publisher for a sound file."
            ),
            line=error.lineno,
            column=error.colno,
        ) from None


def _failed(error: etree.XMLSyntaxError, text: str) -> ReadError:
    """A file that does not end with a closing element was cut; any other fault is located."""
    line = error.lineno or 0
    ended = re.search(r"</[\w:.-]+\s*>\s*(?:<!--.*?-->\s*)*$", text[-2000:], re.DOTALL)
    if not ended or "Premature end" in str(error.msg):
        return CutFile(
            gettext_noop(
                "The file is cut after line %(line)s: its end is missing. Nothing was kept: download it "
                "again."
            ),
            line=line,
        )
    return ReadError(
        gettext_noop(
            "Line %(line)s, column %(column)s: this is not valid XML. Nothing was kept: ask the publisher "
            "for a sound file."
        ),
        line=line,
        column=error.offset or 0,
    )
