"""JSON of every shape, one record at a time: memory stays flat whatever the size of the file.

The skeleton of the document (objects, lists and keys around the records) is walked by hand; each record is
decoded whole by the standard library. A record that cannot be decoded is skipped by matching its brackets.
"""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

from relais.core.words import Words, gettext_noop
from relais.procurement.decp.detect import Encoding
from relais.procurement.decp.errors import BadRecord, CutFile, ReadError
from relais.procurement.decp.flags import FlagCode
from relais.procurement.decp.normalise import Source, normalise
from relais.procurement.decp.record import CONCESSION, CONTRACT, Flag, Record, Rejection
from relais.procurement.decp.values import storable

CHUNK = 1024 * 1024
LARGEST_RECORD = 16 * 1024 * 1024
DEEPEST = 64
LISTS = {"marche": CONTRACT, "contrat-concession": CONCESSION}
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|"', re.DOTALL)
_BLANK = re.compile(r"[ \t\r\n]*")


class _DuplicateKey(ValueError):
    pass


class _NotFinite(ValueError):
    pass


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        raise _DuplicateKey(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return found


def _constant(name: str) -> Any:
    raise _NotFinite(name)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=Decimal, parse_constant=_constant)


@dataclass(frozen=True, slots=True)
class _Listed:
    """What the place of a record in the document tells of it."""

    listed_as: str = ""
    wrapped: bool | None = None
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class _Broken:
    """A value whose brackets match but whose content cannot be used."""

    reason: Words


class _Text:
    """A window on the decoded text: what is consumed is dropped, more is read on demand."""

    def __init__(self, file: BinaryIO, encoding: Encoding) -> None:
        file.seek(encoding.skip)
        self.file = file
        self.decoder = codecs.getincrementaldecoder(encoding.codec)("replace")
        self.window = ""
        self.at = 0
        self.line = 1
        self.counted = 0
        self.ended = False

    def more(self) -> bool:
        """Read on; False when the file has ended. What was consumed is forgotten."""
        if self.ended:
            return False
        self.here()
        size = max(CHUNK, len(self.window) - self.at)
        data = self.file.read(size)
        self.ended = len(data) < size
        self.window = self.window[self.at :] + self.decoder.decode(data, self.ended)
        self.at = self.counted = 0
        return True

    def here(self) -> int:
        """The line reached, from 1."""
        self.line += self.window.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line

    def peek(self) -> str:
        """The next significant character, without taking it; empty at the end."""
        while True:
            match = _BLANK.match(self.window, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.window):
                return self.window[self.at]
            if not self.more():
                return ""

    def take(self, *expected: str) -> str:
        """The next significant character, which must be one of `expected`."""
        char = self.peek()
        if not char:
            raise cut(self.here())
        if char not in expected:
            raise malformed(self.here())
        self.at += 1
        return char

    def value(self) -> tuple[Any, str]:
        """The next JSON value and its text; a `_Broken` when only its brackets are right."""
        if not self.peek():
            raise cut(self.here())
        while True:
            try:
                found, end = _DECODER.raw_decode(self.window, self.at)
            except RecursionError:
                found, end = None, self.matched()
                if end:
                    return self.consumed(_Broken(_too_deep()), end)
            except _DuplicateKey as error:
                end = self.matched()
                if end:
                    words = Words(
                        gettext_noop("The key “%(key)s” appears twice: which value holds cannot be told."),
                        {"key": storable(str(error)[:60])},
                    )
                    return self.consumed(_Broken(words), end)
            except (ValueError, ArithmeticError) as error:
                end = self.matched()
                if end:
                    return self.consumed(_Broken(_unreadable(error)), end)
                if self.ended and isinstance(error, json.JSONDecodeError) and not self.stops_at(error):
                    raise malformed(self.line + self.window.count("\n", self.counted, error.pos)) from None
            else:
                if end < len(self.window) or self.ended or isinstance(found, dict | list):
                    return self.consumed(found, end)
            if len(self.window) - self.at > LARGEST_RECORD:
                raise ReadError(
                    gettext_noop(
                        "Line %(line)s: a record is larger than 16 MB. The file is damaged or not a list of "
                        "contracts."
                    ),
                    line=self.here(),
                )
            if not self.more():
                raise cut(self.here())

    def stops_at(self, error: json.JSONDecodeError) -> bool:
        """Whether the decoder failed because the text ends, not because it is wrong."""
        end = len(self.window.rstrip())
        return error.msg.startswith("Unterminated string") or error.pos >= end - len("\\ufffd")

    def consumed(self, found: Any, end: int) -> tuple[Any, str]:
        text = self.window[self.at : end]
        self.at = end
        return found, text

    def matched(self) -> int:
        """Where the brackets opened here close, strings apart; 0 when they do not close within the window."""
        if self.window[self.at] not in "{[":
            return self._scalar_end()
        depth = 0
        for match in _TOKEN.finditer(self.window, self.at):
            token = match[0]
            if token in "{[":
                depth += 1
            elif token in "}]":
                depth -= 1
                if not depth:
                    return match.end()
            elif token == '"':
                return 0
        return 0

    def _scalar_end(self) -> int:
        if self.window[self.at] == '"':
            match = _TOKEN.match(self.window, self.at)
            return match.end() if match and len(match[0]) > 1 else 0
        match = re.compile(r"[^\s,\]}\[{]+").match(self.window, self.at)
        return match.end() if match and (match.end() < len(self.window) or self.ended) else 0


def read_json(file: BinaryIO, encoding: Encoding) -> Iterator[Record | Rejection]:
    """The records of a JSON document, or of several one after the other (JSON Lines)."""
    reader = _Reader(_Text(file, encoding))
    yield from reader.documents()


class _Reader:
    def __init__(self, text: _Text) -> None:
        self.text = text
        self.number = 0

    def documents(self) -> Iterator[Record | Rejection]:
        while self.text.peek():
            if self.text.peek() == "[":
                yield from self.members(_Listed())
            elif self.text.peek() == "{":
                yield from self.root()
            else:
                raise malformed(self.text.here())
            if self.text.peek() == ",":
                raise malformed(self.text.here())
        if not self.number:
            raise ReadError(
                gettext_noop(
                    "The file holds no contract: neither “marches” nor a record with its fields was found."
                )
            )

    def root(self) -> Iterator[Record | Rejection]:
        """`{"marches": ...}`, the same without its first level, or one contract alone."""
        alone: dict[str, Any] = {}
        line = self.text.here()
        broken: Words | None = None
        found = False
        self.text.take("{")
        for key in self.keys():
            if key == "marches":
                found = True
                yield from self.marches()
            elif key in LISTS:
                found = True
                yield from self.listed(key, (Flag(FlagCode.WRONG_WRAPPER, "marches"),))
            else:
                value, _ = self.text.value()
                broken = value.reason if isinstance(value, _Broken) else broken
                if key in alone:
                    broken = Words(
                        gettext_noop("The key “%(key)s” appears twice: which value holds cannot be told."),
                        {"key": storable(key[:60])},
                    )
                alone[key] = value
        if not found and broken is not None:
            self.number += 1
            yield Rejection(self.position(line), broken)
        elif not found and alone.keys() & {
            "id",
            "objet",
            "acheteur",
            "autoriteConcedante",
            "acheteur_id",
            "uid",
        }:
            yield self.record(alone, json.dumps(alone, ensure_ascii=False, default=str), _Listed(), line)

    def marches(self) -> Iterator[Record | Rejection]:
        if self.text.peek() == "[":
            self.number = self.number or 0
            yield from self.members(_Listed(wrapped=False))
            return
        if self.text.peek() != "{":
            self.text.value()
            return
        alone: dict[str, Any] = {}
        line = self.text.here()
        self.text.take("{")
        for key in self.keys():
            if key in LISTS:
                yield from self.listed(key, ())
            else:
                alone[key], _ = self.text.value()
        if "id" in alone:
            text = json.dumps(alone, ensure_ascii=False, default=str)
            yield self.record(alone, text, _Listed(flags=(Flag(FlagCode.WRONG_WRAPPER, "marches"),)), line)

    def listed(self, key: str, flags: tuple[Flag, ...]) -> Iterator[Record | Rejection]:
        """The value of `marche` or `contrat-concession`: a list, or one record without its list."""
        if self.text.peek() == "[":
            yield from self.members(_Listed(LISTS[key], True, flags))
        else:
            wrong = (*flags, Flag(FlagCode.WRONG_WRAPPER, key))
            yield from self.one(_Listed(LISTS[key], True, wrong))

    def members(self, listed: _Listed) -> Iterator[Record | Rejection]:
        self.text.take("[")
        if self.text.peek() == "]":
            self.text.take("]")
            return
        while True:
            yield from self.one(listed)
            if self.text.take(",", "]") == "]":
                return

    def keys(self) -> Iterator[str]:
        """The keys of the object just opened; the caller takes each value before asking for the next key."""
        if self.text.peek() == "}":
            self.text.take("}")
            return
        while True:
            if self.text.peek() != '"':
                raise malformed(self.text.here()) if self.text.peek() else cut(self.text.here())
            key, _ = self.text.value()
            if not isinstance(key, str):
                raise malformed(self.text.here())
            self.text.take(":")
            yield key
            if self.text.take(",", "}") == "}":
                return

    def one(self, listed: _Listed) -> Iterator[Record | Rejection]:
        """One member of a list; `{"marche": {...}}` is unwrapped, a list in the list is read through."""
        if self.text.peek() == "]":
            raise malformed(self.text.here())
        line = self.text.here()
        value, text = self.text.value()
        if isinstance(value, dict) and len(value) == 1:
            key, inner = next(iter(value.items()))
            if key in LISTS and isinstance(inner, dict | list):
                flags = (*listed.flags, Flag(FlagCode.WRONG_WRAPPER, key))
                for member in inner if isinstance(inner, list) else [inner]:
                    raw = json.dumps(member, ensure_ascii=False, default=str)
                    yield self.record(member, raw, _Listed(LISTS[key], True, flags), line)
                return
        if value is None:
            return
        yield self.record(value, text, listed, line)

    def record(self, value: Any, text: str, listed: _Listed, line: int) -> Record | Rejection:
        self.number += 1
        position = self.position(line)
        if isinstance(value, _Broken):
            return Rejection(position, value.reason)
        if not isinstance(value, dict):
            return Rejection(
                position, Words(gettext_noop("This is not a record: an object with fields was expected."))
            )
        if _is_deep(text):
            return Rejection(position, _too_deep())
        try:
            return normalise(value, Source(position, text, listed.listed_as, listed.wrapped, listed.flags))
        except BadRecord as error:
            return Rejection(position, error.words)

    def position(self, line: int) -> str:
        return f"{self.number} (line {line})"


def _is_deep(text: str) -> bool:
    if text.count("{") + text.count("[") <= DEEPEST:
        return False
    depth = deepest = 0
    for match in _TOKEN.finditer(text):
        if match[0] in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif match[0] in "}]":
            depth -= 1
    return deepest > DEEPEST


def _too_deep() -> Words:
    return Words(gettext_noop("The record is nested more than %(most)s levels deep."), {"most": DEEPEST})


def _unreadable(error: Exception) -> Words:
    if isinstance(error, _NotFinite):
        return Words(gettext_noop("%(value)s is not a number of the JSON format."), {"value": str(error)})
    if isinstance(error, json.JSONDecodeError):
        near = " ".join(error.doc[max(error.pos - 12, 0) : error.pos + 12].split())
        return Words(gettext_noop("The record is not valid JSON near “%(text)s”."), {"text": storable(near)})
    return Words(gettext_noop("A figure has more than forty digits: no amount or duration is that large."))


def malformed(line: int) -> ReadError:
    """The skeleton of the document is broken, so what follows cannot be trusted."""
    return ReadError(
        gettext_noop(
            "Line %(line)s is not valid JSON. Nothing was kept: ask the publisher for a sound file."
        ),
        line=line,
    )


def cut(line: int) -> CutFile:
    """The document ends before its brackets close."""
    return CutFile(
        gettext_noop(
            "The file is cut after line %(line)s: its end is missing. Nothing was kept: download it again."
        ),
        line=line,
    )
