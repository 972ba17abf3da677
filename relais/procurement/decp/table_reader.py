"""Flat tables: rows of one contract brought together, so that its amount is counted once.

A table has one row per holder, and often one per version as well; the rows of a contract need not follow
each other. Rows are therefore dealt into buckets by contract (on disk for a large file) and each bucket is
grouped in memory, which stays flat whatever the size of the table.
"""

import codecs
import csv
import json
import marshal
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, cast

from relais.core.words import Words, gettext_noop
from relais.procurement.decp import values
from relais.procurement.decp.columns import Layout, layout_of, marked, not_a_table
from relais.procurement.decp.container import size_of
from relais.procurement.decp.detect import Encoding, Shape
from relais.procurement.decp.errors import BadRecord, CutFile, ReadError
from relais.procurement.decp.normalise import Source, normalise
from relais.procurement.decp.record import Flag, Record, Rejection
from relais.procurement.decp.spreadsheet import rows_of
from relais.procurement.decp.values import Notes

CHUNK = 256 * 1024
LONGEST_LINE = 2 * 1024 * 1024
LONGEST_CELL = 128 * 1024
BUCKET = 8 * 1024 * 1024
IN_MEMORY = 32 * 1024 * 1024
MOST_BUCKETS = 200
HEADER_WITHIN = 10
SEPARATORS = ";,|\t"
#: Written by us after the last line: if the table does not give it back alone, a quote was left open.
_END = "\x1crelais-end\x1c"

_Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header has been read: its layout, and its rows with their line numbers."""

    layout: Layout
    rows: Iterable[_Row]
    size: int
    ends_open: bool = False
    """True when the text does not end with a line break: its last row may be cut."""


def csv_table(file: BinaryIO, encoding: Encoding) -> Table:
    """Open a delimited text: find its header within the first lines, its separator by counting."""
    size = size_of(file)
    lines = _Lines(file, encoding)
    first: list[str] = []
    for line in lines:
        if not line.strip():
            continue
        separator = max(SEPARATORS, key=line.count)
        row = _cells(line, separator)
        first = first or row
        if layout := layout_of(row):
            return Table(layout, _csv_rows(lines, separator), size, lines.ends_open())
        if lines.number >= HEADER_WITHIN:
            break
    raise not_a_table(first)


def delimited_rows(file: BinaryIO, encoding: Encoding, *, probed: int) -> Iterator[_Row]:
    """Every row of a delimited text, with its line number, whatever its columns are.

    The separator is the one that the most lines among the first ones hold, the most frequent when equal.
    """
    first = [line for line, _number in zip(_Lines(file, encoding), range(probed), strict=False)]
    held = {sign: sum(sign in line for line in first) for sign in SEPARATORS}
    separator = max(SEPARATORS, key=lambda sign: (held[sign], sum(line.count(sign) for line in first)))
    return _csv_rows(_Lines(file, encoding), separator)


def spreadsheet_table(file: BinaryIO) -> Table:
    """The first sheet of a workbook that has the header of a table of contracts."""
    first: list[str] = []
    for _, rows in rows_of(file):
        for at, row in enumerate(rows[:HEADER_WITHIN]):
            first = first or row
            if layout := layout_of(row):
                return Table(layout, list(enumerate(rows[at + 1 :], start=at + 2)), 0)
    raise not_a_table(first)


def read_table(table: Table) -> Iterator[Record | Rejection]:
    """The contracts of a table, each once, with their holders and versions."""
    number = 0
    with _Buckets(table.size) as buckets:
        for item in _dealt(table, buckets):
            number += 1
            yield item
        for rows in buckets.groups():
            number += 1
            yield _contract(table.layout, rows)
    if not number:
        raise ReadError(gettext_noop("The table has a header but no row."))


class _Lines:
    """The lines of a text, decoded piece by piece; a line without end is refused rather than kept."""

    def __init__(self, file: BinaryIO, encoding: Encoding) -> None:
        self.file, self.encoding, self.number = file, encoding, 0
        file.seek(encoding.skip)
        self.lines = self._read()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.number += 1
        return line

    def ends_open(self) -> bool:
        """Whether the last byte is not a line break; the position of reading is kept."""
        here = self.file.tell()
        end = self.file.seek(0, 2)
        self.file.seek(max(end - 4, 0))
        tail = self.file.read()
        self.file.seek(here)
        return not tail.rstrip(b"\x00").endswith((b"\n", b"\r"))

    def _read(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self.encoding.codec)("replace")
        rest = ""
        while data := self.file.read(CHUNK):
            pieces = (rest + decoder.decode(data)).split("\n")
            rest = pieces.pop()
            if len(rest) > LONGEST_LINE:
                raise ReadError(
                    gettext_noop(
                        "Line %(line)s is longer than 2 MB: this is not a table of contracts, or its quotes "
                        "are broken."
                    ),
                    line=self.number + len(pieces) + 1,
                )
            for piece in pieces:
                yield piece.replace("\r", " ") + "\n"
        rest += decoder.decode(b"", True)
        if rest:
            yield rest.replace("\r", " ")


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return [line]


def _csv_rows(lines: _Lines, separator: str) -> Iterator[_Row]:
    def with_end() -> Iterator[str]:
        yield from lines
        yield "\n"
        yield f"{_END}\n"

    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(with_end(), delimiter=separator)
    start = lines.number + 1
    ended = False
    try:
        for row in reader:
            if row == [_END]:
                ended = True
                break
            yield start, row
            start = lines.number + 1
    except csv.Error as error:
        raise ReadError(
            gettext_noop(
                "Line %(line)s: a quote opens a cell that does not close, or a cell is longer than 128 "
                "kB. Check the quotes of that line."
            ),
            line=start,
        ) from error
    if not ended:
        raise CutFile(
            gettext_noop(
                "Line %(line)s: a quote opens a cell and the file ends before it closes. The file is "
                "cut: nothing was kept."
            ),
            line=start,
        )


def _dealt(table: Table, buckets: "_Buckets") -> Iterator[Rejection]:
    """Deal the rows into the buckets; what cannot be dealt is rejected where it lies."""
    width = len(table.layout.headers)
    last_short = 0
    for line, row in table.rows:
        if not any(cell.strip() for cell in row):
            continue
        if last_short:
            yield _wrong_width(last_short, width)
            last_short = 0
        if len(row) > width and not any(cell.strip() for cell in row[width:]):
            row = row[:width]
        if len(row) > width:
            yield _wrong_width(line, width, len(row))
        elif len(row) < width:
            last_short = line
        else:
            buckets.put(_key(table.layout, row, line), line, row)
    if last_short and table.ends_open:
        raise CutFile(
            gettext_noop(
                "The file is cut after line %(line)s: its end is missing. Nothing was kept: download it "
                "again."
            ),
            line=last_short,
        )
    if last_short:
        yield _wrong_width(last_short, width)


def _wrong_width(line: int, width: int, found: int = 0) -> Rejection:
    if found > width:
        return Rejection(
            _line(line),
            Words(
                gettext_noop(
                    "The row has %(found)s cells and the header %(width)s: a separator is mixed in."
                ),
                {"found": found, "width": width},
            ),
        )
    return Rejection(
        _line(line),
        Words(gettext_noop("The row has fewer cells than the header's %(width)s."), {"width": width}),
    )


def _line(line: int) -> str:
    return f"line {line}"


def _key(layout: Layout, row: list[str], line: int) -> str:
    buyer, own = layout.cell(row, "acheteur.id").text, layout.cell(row, "id").text
    if buyer and own:
        return f"{buyer} {own}"
    return layout.cell(row, "uid").text or f"line {line}"


class _Buckets:
    """Rows by contract: one dictionary for a small table, temporary files dealt by key for a large one."""

    def __init__(self, size: int) -> None:
        self.number = 0 if size <= IN_MEMORY else min(size // BUCKET + 1, MOST_BUCKETS)
        self.memory: dict[str, list[_Row]] = {}
        self.files: list[BinaryIO] = []

    def __enter__(self) -> "_Buckets":
        self.files = [self._file() for _ in range(self.number)]
        return self

    @staticmethod
    def _file() -> BinaryIO:
        return cast(BinaryIO, tempfile.TemporaryFile())

    def __exit__(self, *exception: object) -> None:
        for file in self.files:
            file.close()

    def put(self, key: str, line: int, row: list[str]) -> None:
        if not self.number:
            self.memory.setdefault(key, []).append((line, row))
        else:
            marshal.dump(
                (key, line, row), self.files[zlib.crc32(key.encode("utf-8", "replace")) % self.number]
            )

    def groups(self) -> Iterator[list[_Row]]:
        yield from self.memory.values()
        for file in self.files:
            file.seek(0)
            groups: dict[str, list[_Row]] = {}
            while True:
                try:
                    key, line, row = marshal.load(file)
                except EOFError:
                    break
                groups.setdefault(key, []).append((line, row))
            yield from groups.values()


def _contract(layout: Layout, rows: list[_Row]) -> Record | Rejection:
    line = rows[0][0]
    flags: list[Flag] = []
    published = [
        {header: cell for header, cell in zip(layout.headers, row, strict=True) if cell.strip()}
        for _, row in rows
    ]
    if layout.shape in (Shape.TABLE_MINISTRY_2019, Shape.TABLE_MINISTRY_2022):
        cells = ((header, cell) for item in published for header, cell in item.items())
        flags.extend(flag for header, cell in cells if (flag := marked(header, cell).flag))
    try:
        raw = _gathered(layout, [row for _, row in rows])
        text = json.dumps({"rows": published}, ensure_ascii=False)
        return normalise(raw, Source(_line(line), text, flags=tuple(dict.fromkeys(flags))))
    except BadRecord as error:
        return Rejection(_line(line), error.words)


_PLAIN = (
    *("id", "uid", "_type", "nature", "objet", "codeCPV", "procedure", "dureeMois", "dateNotification"),
    *("dateSignature", "datePublicationDonnees", "montant", "valeurGlobale", "formePrix", "ccag"),
    *("offresRecues", "idAccordCadre", "typeGroupementOperateurs", "sousTraitanceDeclaree"),
    *("considerationsSociales", "considerationsEnvironnementales", "modalitesExecution", "techniques"),
)


def _gathered(layout: Layout, rows: list[list[str]]) -> dict[str, Any]:
    """The rows of one contract as one record of the JSON format: oldest version, later ones as amendments."""

    def cell(row: Sequence[str], field: str) -> str:
        return layout.cell(row, field).text

    versions = _versions(layout, rows)
    base = versions[0]
    raw: dict[str, Any] = {}
    for field in _PLAIN:
        text = next((text for row in base if (text := cell(row, field))), "")
        if text:
            raw[field] = text
    raw["acheteur"] = {"id": cell(base[0], "acheteur.id"), "nom": cell(base[0], "acheteur.nom")}
    raw["lieuExecution"] = {
        "code": cell(base[0], "lieuExecution.code"),
        "typeCode": cell(base[0], "lieuExecution.typeCode"),
    }
    raw["titulaires"] = _holders(layout, base)
    changes = [_later(layout, version, rank) for rank, version in enumerate(versions[1:], start=1)]
    raw["modifications"] = [*(change for row in base if (change := _inline(layout, row))), *changes]
    raw["actesSousTraitance"] = [act for row in base if (act := _act(layout, row))]
    return raw


def _versions(layout: Layout, rows: list[list[str]]) -> list[list[list[str]]]:
    """Rows by version: same rank when the table gives one, otherwise same day, amount and duration."""
    by_version: dict[tuple[object, ...], list[list[str]]] = {}
    notes = Notes()
    for row in rows:
        rank = values.count(layout.cell(row, "version").text)
        day = values.day(layout.cell(row, "dateNotification").text, notes, "") or date.max
        key: tuple[object, ...] = (rank, day) if rank is not None else (0, day, *_terms(layout, row))
        by_version.setdefault(key, []).append(row)
    ordered = sorted(by_version, key=lambda key: cast("tuple[int, date]", key[:2]))
    return [by_version[key] for key in ordered]


def _terms(layout: Layout, row: list[str]) -> tuple[str, str, str]:
    return tuple(layout.cell(row, field).text for field in ("montant", "dureeMois", "objetModification"))  # type: ignore[return-value]


def _holders(layout: Layout, rows: list[list[str]]) -> list[dict[str, str]]:
    found = []
    for row in rows:
        for columns in layout.holders:
            holder = {
                field: text
                for field, at in columns.items()
                if (text := row[at].strip()) not in ("", "CDL", "MQ")
            }
            if holder and holder not in found:
                found.append({field: text.removeprefix("INX ") for field, text in holder.items()})
    return found


def _later(layout: Layout, rows: list[list[str]], rank: int) -> dict[str, Any]:
    row = rows[0]
    change: dict[str, Any] = {"id": layout.cell(row, "version").text or rank}
    pairs = {
        "dateNotificationModification": "dateNotification",
        "datePublicationDonneesModification": "datePublicationDonnees",
        "montant": "montant",
        "dureeMois": "dureeMois",
        "objetModification": "objetModification",
    }
    change |= {name: text for name, field in pairs.items() if (text := layout.cell(row, field).text)}
    return change | {"titulaires": _holders(layout, rows)}


def _inline(layout: Layout, row: list[str]) -> dict[str, Any]:
    """The ministry writes the last change on the row of the contract itself."""
    pairs = {
        "id": "modification.id",
        "dateNotificationModification": "modification.notified",
        "datePublicationDonneesModification": "modification.published",
        "montant": "modification.montant",
        "dureeMois": "modification.dureeMois",
    }
    change: dict[str, Any] = {
        name: text for name, field in pairs.items() if (text := layout.cell(row, field).text)
    }
    if not change:
        return {}
    if holder := layout.cell(row, "modification.titulaire.id").text:
        kind = layout.cell(row, "modification.titulaire.type").text
        change["titulaires"] = [{"id": holder, "typeIdentifiant": kind}]
    return change | {"objetModification": layout.cell(row, "objetModification").text}


def _act(layout: Layout, row: list[str]) -> dict[str, Any]:
    names = ("id", "dureeMois", "dateNotification", "datePublicationDonnees", "montant", "variationPrix")
    act: dict[str, Any] = {name: text for name in names if (text := layout.cell(row, f"act.{name}").text)}
    who = layout.cell(row, "act.who").text
    if not act and not who:
        return {}
    return act | {"sousTraitant": {"id": who, "typeIdentifiant": layout.cell(row, "act.who.type").text}}
