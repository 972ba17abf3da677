"""Open a file of notices, whatever it is, and give its notices one by one, oldest first."""

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self
from xml.sax.saxutils import escape, quoteattr

from relais.core.words import gettext_noop
from relais.procurement.decp import Rejection, container, detect
from relais.procurement.decp.detect import Encoding
from relais.procurement.decp.errors import BadRecord, ReadError
from relais.procurement.notices import tree
from relais.procurement.notices.boamp import read_api, read_boamp
from relais.procurement.notices.eforms import read_eforms
from relais.procurement.notices.flags import NoticeFlag
from relais.procurement.notices.record import Notes, NoticeRecord, NoticeShape
from relais.procurement.notices.ted import read_ted

HEAD = 64 * 1024
MOST_NOTICES = 20_000
_PROLOGUE = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[[^\]]*\])?\s*>)*", re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
_UBL = re.compile(
    r"(?:ContractNotice|ContractAwardNotice|PriorInformationNotice|BusinessRegistrationInformationNotice)$"
)
_BOAMP_FIELDS = re.compile(r'"(?:donnees|idweb|EFORMS)"\s*:|\\"EFORMS\\"')


class NoticeReading:
    """A file of notices opened: what it is, then its notices. Close it, or use it in a `with`."""

    def __init__(self, shape: NoticeShape, encoding: Encoding, files: list[BinaryIO], owned: bool) -> None:
        self.shape = shape
        self.encoding = encoding.name
        self.replaced = encoding.replaced
        self._encoding = encoding
        self._files = files
        self._owned = owned

    def __iter__(self) -> Iterator[NoticeRecord | Rejection]:
        """Notices and rejections, oldest notice first: a correction comes after what it corrects."""
        text = tree.text_of(self._files[-1], self._encoding)
        found = list(
            _from_json(text) if self.shape is NoticeShape.BOAMP_JSON else _from_xml(text, self.shape)
        )
        yield from (item for item in found if isinstance(item, Rejection))
        notices = [item for item in found if isinstance(item, NoticeRecord)]
        yield from sorted(notices, key=lambda one: (one.published_on or date.max, one.version, one.key))

    def close(self) -> None:
        """Close what this reading opened; a file given by the caller stays open, at its start."""
        for file in self._files[1:]:
            file.close()
        if self._owned:
            self._files[0].close()
        else:
            self._files[0].seek(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def recognise(source: str | Path | BinaryIO) -> NoticeReading | None:
    """A reading when the file holds notices; None when it holds anything else, good or bad.

    Raises `ReadError` only for what cannot be opened or unpacked at all.
    """
    file, owned = container.opened(source)
    files = [file]
    reading = None
    try:
        reading = _recognised(files, owned)
    finally:
        if reading is None:
            for one in files if owned else files[1:]:
                one.close()
            if not owned:
                file.seek(0)
    return reading


def _recognised(files: list[BinaryIO], owned: bool) -> NoticeReading | None:
    """Look at the head first: a large file of contracts must not be unpacked or read through twice."""
    content = files[0]
    shape = _shape(_head_of(content))
    content.seek(0)
    if shape is None:
        return None
    content, _ = container.unpacked(content)
    if content is not files[0]:
        files.append(content)
    return NoticeReading(shape, detect.encoding_of(content), files, owned)


def _head_of(file: BinaryIO) -> str:
    """The first characters of a file, packed or not; empty when it is something else."""
    start = file.read(HEAD)
    file.seek(0)
    try:
        if start.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=file) as packed:
                start = packed.read(HEAD)
        elif start.startswith(b"PK"):
            with zipfile.ZipFile(file) as archive:
                [member] = [item for item in archive.infolist() if not item.is_dir()]
                with archive.open(member) as packed_file:
                    start = packed_file.read(HEAD)
    except (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile):
        return ""
    encoding = detect.encoding_of(io.BytesIO(start))
    return start[encoding.skip :].decode(encoding.codec, "replace").lstrip("\ufeff \t\r\n")


def _shape(head: str) -> NoticeShape | None:
    if head.startswith(("{", "[")):
        return NoticeShape.BOAMP_JSON if _BOAMP_FIELDS.search(head) else None
    start = _PROLOGUE.match(head)
    root = _ROOT.match(head, start.end() if start else 0)
    name = root[1] if root else ""
    if name == "TED_EXPORT":
        return NoticeShape.TED
    if name in ("ANNONCE", "ANNONCES", "PARUTION_BOAMP", "BOAMP"):
        return NoticeShape.BOAMP
    return NoticeShape.EFORMS if _UBL.match(name) else None


def _from_xml(text: str, shape: NoticeShape) -> Iterator[NoticeRecord | Rejection]:
    try:
        root = tree.from_xml(text)
    except BadRecord as error:
        raise ReadError(error.words.text, **error.words.params) from None
    if shape is NoticeShape.BOAMP and root.name != "ANNONCE":
        notices = list(root.below("ANNONCE"))
        if not notices:
            raise ReadError(gettext_noop("The XML holds no <ANNONCE>: it is not a file of notices."))
        for rank, notice in enumerate(notices, 1):
            yield _read(shape, notice, f"{rank} (line {notice.line})", _rebuilt(notice))
        return
    yield _read(shape, root, f"1 (line {root.line or 1})", text)


def _read(shape: NoticeShape, node: tree.Node, position: str, raw: str) -> NoticeRecord | Rejection:
    reader = {NoticeShape.TED: read_ted, NoticeShape.EFORMS: read_eforms, NoticeShape.BOAMP: read_boamp}[
        shape
    ]
    try:
        return _completed(reader(node, raw), position)
    except BadRecord as error:
        return Rejection(position, error.words)


def _rebuilt(node: tree.Node) -> str:
    """One notice out of a file of many, as text again."""
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in node.attributes.items())
    inner = escape(node.text) + "".join(_rebuilt(child) + escape(child.tail) for child in node.children)
    return f"<{node.name}{attributes}>{inner}</{node.name}>"


def _from_json(text: str) -> Iterator[NoticeRecord | Rejection]:
    for rank, item in enumerate(_items(tree.parsed_json(text)), 1):
        if rank > MOST_NOTICES:
            raise ReadError(
                gettext_noop("The file holds more than %(most)s notices. Split it."), most=MOST_NOTICES
            )
        try:
            yield _completed(read_api(item), str(rank))
        except BadRecord as error:
            yield Rejection(str(rank), error.words)


def _items(value: Any) -> list[Any]:
    if isinstance(value, dict):
        for key in ("results", "records"):
            if isinstance(value.get(key), list):
                return list(value[key])
        return [value]
    return list(value) if isinstance(value, list) else []


def _completed(notice: NoticeRecord, position: str) -> NoticeRecord:
    """The notice with its place in the file, and the flags that any format may earn."""
    notes = Notes()
    notes.flags.extend(notice.flags)
    if not notice.published_on:
        notes.flag(NoticeFlag.NOTICE_NO_DATE)
    if not notice.title:
        notes.flag(NoticeFlag.NOTICE_NO_TITLE)
    if notice.is_cancellation:
        notes.flag(NoticeFlag.NOTICE_CANCELLED)
    return replace(notice, position=position, flags=tuple(notes.flags))
