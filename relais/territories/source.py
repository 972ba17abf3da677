"""The official lists of places, as the yearly JSON files publish them. Plain Python, no database.

Five files: regions, departements, arrondissements, epci, communes (INSEE, code officiel géographique;
DGCL for inter-municipalities). A folder is read whole and checked before anything is stored.
"""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from relais.core.words import BadValue, gettext_noop

from .names import fold

COMPOSITES = Path(__file__).with_name("composites.toml")

type Record = Mapping[str, Any]


class RegionRow(NamedTuple):
    name: str


class DepartmentRow(NamedTuple):
    name: str
    region_id: str


class ArrondissementRow(NamedTuple):
    name: str
    department_id: str


class EpciRow(NamedTuple):
    name: str
    kind: str
    population: int | None
    is_current: bool


class CommuneRow(NamedTuple):
    name: str
    search_name: str
    department_id: str
    arrondissement_id: str | None
    epci_id: str | None
    siren: str
    population: int | None
    latitude: Decimal | None
    longitude: Decimal | None
    is_current: bool


class AliasRow(NamedTuple):
    name: str
    search_name: str
    kind: str
    commune_id: str


class Composite(NamedTuple):
    slug: str
    name: str
    departments: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lists:
    """What one folder says, keyed by official code; field names are those of the models."""

    regions: dict[str, RegionRow]
    departments: dict[str, DepartmentRow]
    arrondissements: dict[str, ArrondissementRow]
    epcis: dict[str, EpciRow]
    communes: dict[str, CommuneRow]
    aliases: dict[str, AliasRow]
    post_codes: dict[str, frozenset[str]]


MISSING_FOLDER = gettext_noop(
    "The folder %(folder)s does not exist. "
    "Run “npm ci” at the root of the project, or name another with --folder."
)
MISSING_FILE = gettext_noop("The file %(file)s is missing. The folder must hold the five official lists.")
NOT_JSON = gettext_noop("The file %(file)s is not readable JSON: %(error)s. Copy it again from its source.")
NOT_A_LIST = gettext_noop("The file %(file)s holds no list of places. Copy it again from its source.")
MISSING_FIELD = gettext_noop(
    "Record %(record)s of %(file)s has no readable field “%(field)s”: nothing was stored."
)
UNKNOWN_PARENT = gettext_noop(
    "Record %(record)s of %(file)s names %(parent)s, which is not in the lists: nothing was stored."
)

ALIAS_KINDS = {
    "commune-deleguee": "delegated",
    "commune-associee": "associated",
    "arrondissement-municipal": "urban_district",
}


def read_lists(folder: Path) -> Lists:
    """Read and check the five lists. Raises `BadValue` naming the file, the record and what to do."""
    if not folder.is_dir():
        raise BadValue(MISSING_FOLDER, folder=str(folder))
    regions = _keyed(folder, "regions.json", lambda record: RegionRow(record["nom"]))
    departments = _keyed(
        folder, "departements.json", lambda record: DepartmentRow(record["nom"], str(record["region"]))
    )
    arrondissements = _keyed(
        folder, "arrondissements.json", lambda record: ArrondissementRow(record["nom"], record["departement"])
    )
    epcis, members = _epcis(folder)
    communes, post_codes, aliases = _communes(folder, members)
    lists = Lists(regions, departments, arrondissements, epcis, communes, aliases, post_codes)
    _check_parents(lists)
    return lists


def read_composites(path: Path = COMPOSITES) -> list[Composite]:
    """Our own composite territories, such as Lorraine in its limits of 2015."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return [Composite(slug, entry["name"], frozenset(entry["departments"])) for slug, entry in raw.items()]


def _records(folder: Path, file: str) -> Iterator[tuple[int, Record]]:
    path = folder / file
    try:
        records = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise BadValue(MISSING_FILE, file=str(path)) from error
    except (ValueError, OSError) as error:
        raise BadValue(NOT_JSON, file=str(path), error=str(error)) from error
    if (
        not isinstance(records, list)
        or not records
        or not all(isinstance(record, dict) for record in records)
    ):
        raise BadValue(NOT_A_LIST, file=str(path))
    return enumerate(records, start=1)


def _keyed[Row](folder: Path, file: str, build: Callable[[Record], Row]) -> dict[str, Row]:
    return {code: row for _record, code, row in _built(folder, file, build)}


def _built[Row](folder: Path, file: str, build: Callable[[Record], Row]) -> Iterator[tuple[Record, str, Row]]:
    for number, record in _records(folder, file):
        try:
            yield record, str(record["code"]), build(record)
        except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
            field = error.args[0] if isinstance(error, KeyError) else str(error)
            raise BadValue(MISSING_FIELD, record=str(number), file=file, field=str(field)) from error


def _epcis(folder: Path) -> tuple[dict[str, EpciRow], dict[str, str]]:
    """The inter-municipalities, and the one each commune belongs to."""

    def build(record: Record) -> tuple[EpciRow, list[str]]:
        row = EpciRow(record["nom"], record["type"], record.get("populationMunicipale"), True)
        return row, [member["code"] for member in record["membres"]]

    rows: dict[str, EpciRow] = {}
    members: dict[str, str] = {}
    for _record, siren, (row, codes) in _built(folder, "epci.json", build):
        rows[siren] = row
        members.update(dict.fromkeys(codes, siren))
    return rows, members


def _communes(
    folder: Path, members: Mapping[str, str]
) -> tuple[dict[str, CommuneRow], dict[str, frozenset[str]], dict[str, AliasRow]]:
    """Communes of today, the communes of each post code, and the other codes that lead to them."""
    communes: dict[str, CommuneRow] = {}
    post_codes: dict[str, set[str]] = {}
    former: dict[str, AliasRow] = {}
    named: dict[str, AliasRow] = {}

    def build(record: Record) -> CommuneRow | AliasRow:
        if record["type"] == "commune-actuelle":
            return _commune(record, members.get(record["code"]))
        name, kind = record["nom"], ALIAS_KINDS[record["type"]]
        return AliasRow(name, fold(name), kind, record.get("chefLieu") or record["commune"])

    for record, code, row in _built(folder, "communes.json", build):
        target = code if isinstance(row, CommuneRow) else row.commune_id
        for post_code in record.get("codesPostaux", ()):
            post_codes.setdefault(post_code, set()).add(target)
        for old in record.get("anciensCodes", ()):
            former[old] = AliasRow("", "", "former_code", target)
        if isinstance(row, CommuneRow):
            communes[code] = row
        else:
            named[code] = row
    return communes, {code: frozenset(inside) for code, inside in post_codes.items()}, former | named


def _commune(record: Record, epci: str | None) -> CommuneRow:
    centre = record.get("centre")  # a GeoJSON point in some editions of the list
    longitude, latitude = (_degrees(value) for value in centre["coordinates"]) if centre else (None, None)
    return CommuneRow(
        name=record["nom"],
        search_name=fold(record["nom"]),
        department_id=record["departement"],
        arrondissement_id=record.get("arrondissement") or None,  # empty in Mayotte
        epci_id=epci,
        siren=record.get("siren") or "",
        population=record.get("population"),
        latitude=latitude,
        longitude=longitude,
        is_current=True,
    )


def _degrees(value: object) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.00001"))


def _check_parents(lists: Lists) -> None:
    """Refuse lists that do not fit together, such as files of two different years."""
    links: list[tuple[str, str, str, Mapping[str, Any]]] = []
    links += (("departements.json", c, row.region_id, lists.regions) for c, row in lists.departments.items())
    links += (
        ("arrondissements.json", c, row.department_id, lists.departments)
        for c, row in lists.arrondissements.items()
    )
    for code, row in lists.communes.items():
        links.append(("communes.json", code, row.department_id, lists.departments))
        if row.arrondissement_id is not None:
            links.append(("communes.json", code, row.arrondissement_id, lists.arrondissements))
    links += (("communes.json", c, alias.commune_id, lists.communes) for c, alias in lists.aliases.items())
    for inside in lists.post_codes.values():
        links += (("communes.json", code, code, lists.communes) for code in inside)
    for file, record, parent, known in links:
        if parent not in known:
            raise BadValue(UNKNOWN_PARENT, record=record, file=file, parent=parent)
