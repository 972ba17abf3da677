"""The public lists of structures, read as they were published. Plain Python, no database.

Three lists are known by the heads of their columns, whatever their separator: insertion structures of the
national marketplace, sheltered workshops of FINESS, employers' insertion groups.
"""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import BinaryIO

from relais.core.words import BadValue, Words, gettext_noop
from relais.offer.enums import Establishment, FlagCode, SourceList
from relais.organisations.enums import StructureKind
from relais.organisations.identifiers import normal_siret

type Source = str | Path | BinaryIO
type Line = Mapping[str, str]

MOST_BYTES = 200 * 1024 * 1024
LONGEST_FIELD = 10_000

NOT_FOUND = gettext_noop("The file %(file)s cannot be read: %(error)s. Check its path and its rights.")
TOO_LARGE = gettext_noop("The file %(file)s weighs more than %(most)s MB: cut it into parts.")
EMPTY = gettext_noop("The file %(file)s is empty.")
NOT_TEXT = gettext_noop(
    "The file %(file)s is not a text table (CSV). Save the sheet as CSV, in UTF-8, then import it."
)
UNKNOWN_LIST = gettext_noop(
    "The columns of %(file)s are those of no known list (%(found)s…). The lists read are the insertion "
    "structures with “siret;type;raison_sociale”, the sheltered workshops of FINESS with “ET-N°FINESS”, "
    "and the GEIQ with “id;nom;siret”."
)
MISSING_CELLS = gettext_noop("The line has %(found)s columns instead of %(expected)s: it was cut or shifted.")
NO_NAME = gettext_noop("The structure has no name.")
NO_REFERENCE = gettext_noop("The record has no reference to find it again: give it its number in the list.")
UNKNOWN_KIND = gettext_noop("“%(kind)s” is not a known kind of structure.")

KINDS = {kind.value: kind for kind in StructureKind} | {
    "RQ": StructureKind.REGIE,
    "REGIE DE QUARTIER": StructureKind.REGIE,
    "ATELIER ET CHANTIER D'INSERTION": StructureKind.ACI,
    "EA_EATT": StructureKind.EA,
}


@dataclass(frozen=True, slots=True)
class Row:
    """A structure as a list describes it; `reference` finds it again in the next edition of the list."""

    source: SourceList
    reference: str
    position: int
    kind: StructureKind
    name: str
    siret: str = ""
    has_valid_siret: bool = False
    establishment: Establishment = Establishment.MAIN
    parent_reference: str = ""
    address: str = ""
    post_code: str = ""
    town: str = ""
    commune_code: str = ""
    department_code: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    naf: str = ""
    headcount: str = ""
    places: int | None = None
    as_of: date | None = None
    flags: tuple[FlagCode, ...] = ()
    digest: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that cannot be used: the line of the file, and why."""

    position: int
    reason: Words


@dataclass(frozen=True, slots=True)
class Reading:
    """A file recognised: which list, in which encoding, and its records in order."""

    source: SourceList
    encoding: str
    items: Iterator[Row | Rejected]


def read(source: Source, *, name: str, as_of: date | None = None) -> Reading:
    """Recognise a list and read its records. Raises `BadValue` when the file as a whole cannot be read.

    `as_of` is the day the list describes, for lists that do not say it record by record.
    """
    text, encoding = _text(source, name)
    head = text.split("\n", 1)[0]
    delimiter = max(";,\t|", key=head.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = [column.strip() for column in next(lines, [])]
    known = {column.casefold() for column in columns}
    for signature, (list_name, build) in READERS.items():
        if set(signature) <= known:
            return Reading(list_name, encoding, _rows(lines, columns, build, as_of))
    found = ", ".join(column[:30] for column in columns[:6])
    raise BadValue(UNKNOWN_LIST, file=name, found=found)


def _text(source: Source, name: str) -> tuple[str, str]:
    try:
        raw = Path(source).read_bytes() if isinstance(source, str | Path) else source.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadValue(NOT_FOUND, file=name, error=error.strerror or str(error)) from error
    if len(raw) > MOST_BYTES:
        raise BadValue(TOO_LARGE, file=name, most=str(MOST_BYTES // 1024 // 1024))
    if not raw.strip():
        raise BadValue(EMPTY, file=name)
    if b"\x00" in raw[:4096] or raw.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise BadValue(NOT_TEXT, file=name)
    try:
        return raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace"), "cp1252"


def _rows(
    lines: Iterator[list[str]],
    columns: list[str],
    build: Callable[[Line, int, date | None], Row],
    as_of: date | None,
) -> Iterator[Row | Rejected]:
    heads = [column.casefold() for column in columns]
    position = 1
    while True:
        position += 1
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            yield Rejected(
                position, Words(gettext_noop("The line is not readable: %(error)s."), {"error": str(error)})
            )
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heads):
            params = {"found": str(len(cells)), "expected": str(len(heads))}
            yield Rejected(position, Words(MISSING_CELLS, params))
            continue
        line = {head: _clean(cell) for head, cell in zip(heads, cells, strict=True)}
        try:
            yield build(line, position, as_of)
        except BadValue as error:
            yield Rejected(position, error.words)


def _clean(cell: str) -> str:
    """One line, one space between words, no character that PostgreSQL refuses."""
    return " ".join(cell[:LONGEST_FIELD].replace("\x00", "").split())


def _siae(line: Line, position: int, as_of: date | None) -> Row:
    """Insertion structures of the national marketplace: one line per SIRET and kind."""
    kind = _kind(line["type"])
    siret, valid, flags = read_siret(line["siret"])
    name = _name(line.get("enseigne") or line["raison_sociale"])
    reference = f"{siret or name[:40]}:{kind.value}"
    latitude, longitude, place_flags = _point(line.get("lat", ""), line.get("lon", ""))
    code, zero = _five(line["code_postal"])
    return _made(
        line,
        source=SourceList.SIAE,
        reference=reference,
        position=position,
        kind=kind,
        name=name,
        siret=siret,
        has_valid_siret=valid,
        address=line.get("adresse", "")[:300],
        post_code=code,
        town=line["ville"][:100],
        department_code=line.get("departement", ""),
        latitude=latitude,
        longitude=longitude,
        naf=line.get("naf", "")[:6],
        headcount=""
        if line.get("effectif_tranche") == "Non renseigné"
        else line.get("effectif_tranche", "")[:60],
        as_of=_day(line.get("mis_a_jour", "")) or as_of,
        flags=(*flags, *zero, *place_flags),
    )


def _esat(line: Line, position: int, as_of: date | None) -> Row:
    """Sheltered workshops of FINESS: one line per site, known by its FINESS number."""
    finess = line["et-n°finess"]
    if not finess:
        raise BadValue(NO_REFERENCE)
    siret, valid, flags = read_siret(line["et-siret"])
    code, zero = _five(line["et-code postal"])
    secondary = line["et-type"].casefold() == "secondaire"
    return _made(
        line,
        source=SourceList.ESAT,
        reference=finess.zfill(9)[:60],
        position=position,
        kind=StructureKind.ESAT,
        name=_name(line["et-raison sociale"] or line["ej-raison sociale"]),
        siret=siret,
        has_valid_siret=valid,
        establishment=Establishment.SECONDARY if secondary else Establishment.MAIN,
        address=line["et-adresse"][:300],
        post_code=code,
        town=line["et-commune libellé"][:100],
        commune_code=line["et-commune code"],
        department_code=line["et-département code"],
        places=_whole(line["capacité autorisée agrégée"]),
        as_of=as_of,
        flags=(*flags, *zero, FlagCode.NO_COORDINATES, *((FlagCode.BRANCH,) if secondary else ())),
    )


def _geiq(line: Line, position: int, as_of: date | None) -> Row:
    """Employers' insertion groups and their branches, which often share the SIRET of their group."""
    if not line["id"]:
        raise BadValue(NO_REFERENCE)
    siret, valid, flags = read_siret(line["siret"])
    code, zero = _five(line["code_postal"])
    parent = line["est_antenne_de"]
    return _made(
        line,
        source=SourceList.GEIQ,
        reference=line["id"][:60],
        position=position,
        kind=StructureKind.GEIQ,
        name=_name(line["nom"]),
        siret=siret,
        has_valid_siret=valid,
        establishment=Establishment.BRANCH if parent else Establishment.MAIN,
        parent_reference=parent[:60],
        post_code="" if code == "00000" else code,
        town=line["ville"][:100],
        as_of=as_of,
        flags=(*flags, *zero, FlagCode.NO_COORDINATES, *((FlagCode.BRANCH,) if parent else ())),
    )


READERS: Mapping[tuple[str, ...], tuple[SourceList, Callable[[Line, int, date | None], Row]]] = {
    ("siret", "type", "raison_sociale", "code_postal", "ville"): (SourceList.SIAE, _siae),
    (
        *("et-n°finess", "et-raison sociale", "ej-raison sociale", "et-siret", "et-code postal", "et-type"),
        *("et-adresse", "et-commune code", "et-commune libellé", "et-département code"),
        "capacité autorisée agrégée",
    ): (SourceList.ESAT, _esat),
    ("id", "nom", "siret", "code_postal", "ville", "est_antenne_de"): (SourceList.GEIQ, _geiq),
}


def _made(line: Line, **values: object) -> Row:
    """The row with the mark of what was read, by which an unchanged record is recognised."""
    content = json.dumps([sorted(line.items()), str(values["as_of"])], ensure_ascii=False)
    return Row(**values, digest=hashlib.sha256(content.encode()).hexdigest())  # type: ignore[arg-type]


def read_siret(text: str) -> tuple[str, bool, tuple[FlagCode, ...]]:
    """A SIRET of a list: its digits, whether its key is right, and what is odd in it.

    Spreadsheets eat the leading zero: thirteen digits are tried with one. A wrong number is kept as written.
    """
    digits = "".join(character for character in text if character.isdigit() and character.isascii())
    if not digits:
        return "", False, (FlagCode.SIRET_MISSING,)
    for candidate, flags in ((digits, ()), ("0" + digits, (FlagCode.SIRET_ZERO,))):
        try:
            return normal_siret(candidate), True, flags
        except BadValue:
            continue
    return digits[:14], False, (FlagCode.SIRET_INVALID,)


def _kind(text: str) -> StructureKind:
    kind = KINDS.get(text.upper())
    if kind is None:
        raise BadValue(UNKNOWN_KIND, kind=text[:40])
    return kind


def _name(text: str) -> str:
    if not text:
        raise BadValue(NO_NAME)
    return text[:200]


def _five(text: str) -> tuple[str, tuple[FlagCode, ...]]:
    """A post code, with the zero that a spreadsheet ate put back."""
    if text.isdigit() and len(text) == 4:
        return "0" + text, (FlagCode.POSTCODE_ZERO,)
    return (text if len(text) == 5 else ""), ()


def _point(latitude: str, longitude: str) -> tuple[Decimal | None, Decimal | None, tuple[FlagCode, ...]]:
    if not latitude or not longitude:
        return None, None, (FlagCode.NO_COORDINATES,)
    try:
        north, east = (
            Decimal(value.replace(",", ".")).quantize(Decimal("0.00001")) for value in (latitude, longitude)
        )
    except InvalidOperation:
        return None, None, (FlagCode.COORDINATES_INVALID,)
    if not (-90 <= north <= 90 and -180 <= east <= 180) or (north == 0 and east == 0):
        return None, None, (FlagCode.COORDINATES_INVALID,)
    return north, east, ()


def _whole(text: str) -> int | None:
    return int(text) if text.isdigit() and text.isascii() and len(text) <= 6 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
