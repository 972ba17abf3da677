"""What a file sent by a person really is, by its content: neither its name nor the browser is believed."""

import hashlib
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from relais.core.words import BadValue, gettext_noop

HEAD = 4096
LONGEST_NAME = 150
MEGABYTE = 1024 * 1024
CHUNK = 64 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

EMPTY = gettext_noop("The file “%(name)s” is empty. Check it and send it again.")
TOO_LARGE = gettext_noop(
    "The file “%(name)s” weighs more than %(most)s MB. Make it lighter or cut it into parts."
)
UNKNOWN = gettext_noop(
    "Files ending in “%(ending)s” are not taken. Send one of these: PDF, Word (docx), Excel (xlsx), "
    "OpenDocument (odt, ods), CSV, PNG, JPEG."
)
OTHER_CONTENT = gettext_noop(
    "The content of “%(name)s” is not what its ending says. Open it, save it again "
    "in its format, then send it."
)
MACROS = gettext_noop("The file “%(name)s” holds macros. Save it without macros, then send it.")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file taken: its endings, the type it is served as, and how its content is recognised."""

    endings: tuple[str, ...]
    content_type: str
    recognise: Callable[[BinaryIO, bytes], bool]


@dataclass(frozen=True, slots=True)
class Sent:
    """A file accepted: its name made safe, the type to serve it as, its size in bytes and its SHA-256."""

    name: str
    content_type: str
    size: int
    sha256: str


def inspected(file: BinaryIO, name: str, *, most: int) -> Sent:
    """Say what a file is, reading all of it once. Raises `BadValue` (a ValueError) for what is not taken.

    `most` is the largest size in bytes. The file is left at its beginning.
    """
    shown = safe_name(name)
    size, digest = _weighed(file, shown, most)
    ending = PurePosixPath(shown).suffix.lower().lstrip(".")
    kind = next((kind for kind in KINDS if ending in kind.endings), None)
    if kind is None:
        raise BadValue(UNKNOWN, ending=ending or shown)
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if not kind.recognise(file, head):
        raise BadValue(OTHER_CONTENT, name=shown)
    if kind.content_type.startswith(OFFICE) and _has_macros(file):
        raise BadValue(MACROS, name=shown)
    file.seek(0)
    return Sent(shown, kind.content_type, size, digest)


def safe_name(name: str) -> str:
    """The last part of a path, without any control character, at most 150 characters, its ending kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(" " if unicodedata.category(one).startswith(("C", "Z")) else one for one in last)
    words = " ".join(plain.split()).strip(". ")
    path = PurePosixPath(words or "-")
    return f"{path.stem[: LONGEST_NAME - len(path.suffix[:10])]}{path.suffix[:10]}"


def _weighed(file: BinaryIO, name: str, most: int) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(CHUNK):
        size += len(chunk)
        if size > most:
            raise BadValue(TOO_LARGE, name=name, most=str(most // MEGABYTE or 1))
        digest.update(chunk)
    if not size:
        raise BadValue(EMPTY, name=name)
    return size, digest.hexdigest()


def _starts(*marks: bytes) -> Callable[[BinaryIO, bytes], bool]:
    return lambda _file, head: head.startswith(marks)


def _office(part: str) -> Callable[[BinaryIO, bytes], bool]:
    def recognise(file: BinaryIO, head: bytes) -> bool:
        names = _names(file) if head.startswith(b"PK\x03\x04") else frozenset()
        return {"[Content_Types].xml", part} <= names

    return recognise


def _open_document(kind: str) -> Callable[[BinaryIO, bytes], bool]:
    """The first member of an OpenDocument file is its type, stored as it is (OASIS, part 2, 3.3)."""

    def recognise(file: BinaryIO, head: bytes) -> bool:
        mark = b"mimetype" + OPEN_DOCUMENT.encode() + kind.encode()
        return head.startswith(b"PK\x03\x04") and head[30:].startswith(mark) and "content.xml" in _names(file)

    return recognise


def _names(file: BinaryIO) -> frozenset[str]:
    try:
        with zipfile.ZipFile(file) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return frozenset()


def _has_macros(file: BinaryIO) -> bool:
    return any(name.lower().endswith("vbaproject.bin") for name in _names(file))


def _is_text(file: BinaryIO, head: bytes) -> bool:
    """A table in UTF-8 or in the code page of French spreadsheets: no control character, no markup first."""
    if head.lstrip().lower().startswith((b"<", b"\xef\xbb\xbf<", b"%pdf", b"pk\x03\x04")):
        return False
    file.seek(0)
    while chunk := file.read(CHUNK):
        if any(byte < 32 and byte not in b"\t\n\r\x0c" for byte in set(chunk)):
            return False
    return True


KINDS = (
    Kind(("pdf",), "application/pdf", _starts(b"%PDF-")),
    Kind(("docx",), f"{OFFICE}wordprocessingml.document", _office("word/document.xml")),
    Kind(("xlsx",), f"{OFFICE}spreadsheetml.sheet", _office("xl/workbook.xml")),
    Kind(("odt",), f"{OPEN_DOCUMENT}text", _open_document("text")),
    Kind(("ods",), f"{OPEN_DOCUMENT}spreadsheet", _open_document("spreadsheet")),
    Kind(("csv",), "text/csv", _is_text),
    Kind(("png",), "image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    Kind(("jpg", "jpeg"), "image/jpeg", _starts(b"\xff\xd8\xff")),
)
ACCEPTED = ",".join(f".{ending}" for kind in KINDS for ending in kind.endings)
"""What a file field proposes in the browser."""
