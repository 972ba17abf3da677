"""XML of both formats, one record at a time. Document types, entities and network are refused, in words."""

import codecs
import io
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from relais.core.words import gettext_noop
from relais.procurement.decp.detect import Encoding
from relais.procurement.decp.errors import BadRecord, CutFile, ReadError
from relais.procurement.decp.flags import FlagCode
from relais.procurement.decp.json_reader import LISTS
from relais.procurement.decp.normalise import Source, normalise
from relais.procurement.decp.record import Flag, Record, Rejection

CHUNK = 256 * 1024
DEEPEST = 32
#: Elements that repeat, by the name of the list that holds them: kept as lists even when there is only one.
LISTED = {
    "titulaires": "titulaire",
    "concessionnaires": "concessionnaire",
    "modifications": "modification",
    "actesSousTraitance": "acteSousTraitance",
    "modificationsActesSousTraitance": "modificationActeSousTraitance",
    "donneesExecution": "donneesAnnuelles",
    "tarifs": "tarif",
}
_DECLARED = re.compile(r'(<\?xml[^>]*?)\s+encoding\s*=\s*["\'][^"\']*["\']')
_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class _Utf8:
    """The file as UTF-8 bytes whatever its encoding; refuses a document type before the parser sees it."""

    def __init__(self, file: BinaryIO, encoding: Encoding) -> None:
        file.seek(encoding.skip)
        self.file = file
        self.decoder = codecs.getincrementaldecoder(encoding.codec)("replace")
        self.started = False
        self.tail = ""

    def read(self, size: int = CHUNK) -> bytes:
        data = self.file.read(CHUNK)
        text = self.decoder.decode(data, not data)
        if not self.started:
            self.started = True
            text = _DECLARED.sub(r"\1", text.lstrip("\ufeff \t\r\n"), count=1)
        if _DOCTYPE.search(self.tail + text):
            raise ReadError(
                gettext_noop(
                    "The XML declares a document type or entities, which no contract file needs. Refused: "
                    "nothing was read."
                )
            )
        self.tail = (self.tail + text)[-16:] if text else self.tail
        return text.encode("utf-8", "replace")


def read_xml(file: BinaryIO, encoding: Encoding) -> Iterator[Record | Rejection]:
    """The records of `<marches>`, or of one bare `<marche>` or `<contrat-concession>`."""
    stream = _Utf8(file, encoding)
    number = 0
    try:
        for element, depth in _records(stream):
            number += 1
            yield _record(element, number, depth)
    except etree.XMLSyntaxError as error:
        raise _failed(error, _end_of(file, encoding)) from None
    if not number:
        raise ReadError(
            gettext_noop(
                "The XML holds neither <marche> nor <contrat-concession>: it is not a file of contracts."
            )
        )


def _records(stream: _Utf8) -> Iterator[tuple[etree._Element, int]]:
    """Each record element with its depth (0: the root itself); freed once used."""
    events = etree.iterparse(
        stream,
        events=("start", "end"),
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = 0
    inside = 0
    for event, element in events:
        if event == "start":
            depth += 1
            if not inside and _name(element) in LISTS:
                inside = depth
            continue
        depth -= 1
        if inside == depth + 1:
            inside = 0
            yield element, depth
        if not inside:
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]


def _record(element: etree._Element, number: int, depth: int) -> Record | Rejection:
    position = f"{number} (line {element.sourceline})" if element.sourceline else str(number)
    try:
        raw = _content(element, 0)
        if not isinstance(raw, dict):
            raise BadRecord(gettext_noop("This is not a record: an object with fields was expected."))
        flags = () if depth <= 1 else (Flag(FlagCode.WRONG_WRAPPER, "marches"),)
        text = json.dumps(raw, ensure_ascii=False)
        return normalise(raw, Source(position, text, LISTS[_name(element)], None, flags))
    except BadRecord as error:
        return Rejection(position, error.words)


def _content(element: etree._Element, depth: int) -> Any:
    """Text, or a dictionary of children; a name that repeats, or that a list holds, becomes a list."""
    if depth > DEEPEST:
        raise BadRecord(gettext_noop("The record is nested more than %(most)s levels deep."), most=DEEPEST)
    children = [child for child in element if isinstance(child.tag, str)]
    name = _name(element)
    if name in LISTED:
        return [_content(child, depth + 1) for child in children]
    if not children:
        return (element.text or "").strip()
    found: dict[str, Any] = {}
    for child in children:
        key, value = _name(child), _content(child, depth + 1)
        if key in found:
            known = found[key]
            found[key] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            found[key] = value
    return found


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _end_of(file: BinaryIO, encoding: Encoding) -> str:
    file.seek(max(file.seek(0, io.SEEK_END) - 512, 0))
    return file.read().decode(encoding.codec, "replace").rstrip(" \t\r\n\x00")


def _failed(error: etree.XMLSyntaxError, tail: str) -> ReadError:
    """A file that does not end with the closing of its root was cut; any other fault is located."""
    line = error.lineno or 0
    if (
        not re.search(r"</(?:marches|marche|contrat-concession|\w+:\w+)\s*>$", tail)
        or "Premature end" in str(error.msg)
        or "EndTag" in str(error.msg)
    ):
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
