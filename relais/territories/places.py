"""Where a contract is performed, read from the codes its notice carries. No database, no Django.

A code is never read without its type: 54 is Meurthe-et-Moselle among departments and Poitou-Charentes
among the regions of 2015. What cannot be read for certain has no department and says why.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from relais.core.words import Words, gettext_noop

from .names import fold

TABLES = Path(__file__).with_name("places.toml")


class PlaceType(StrEnum):
    """The kinds of codes of DECP (`lieuExecution.typeCode`), and the European one of TED and eForms."""

    POST_CODE = "post_code"
    COMMUNE = "commune"
    ARRONDISSEMENT = "arrondissement"
    CANTON = "canton"
    DEPARTMENT = "department"
    REGION = "region"
    COUNTRY = "country"
    NUTS = "nuts"


class Reading(StrEnum):
    """How surely a place was read, worst last."""

    EXACT = "exact"
    FORMER = "former"  # a code of the past, led to the commune or region it means
    CORRECTED = "corrected"  # a lost zero put back, a post code typed as something else
    BY_PREFIX = "by_prefix"  # unknown code (CEDEX, new commune): its first digits give the department
    WIDER = "wider"  # the place covers several departments
    ABROAD = "abroad"
    UNKNOWN = "unknown"


# The accented letter is left open: files lose accents in several ways.
_LABELS = (
    (re.compile(r"(code)?postale?"), PlaceType.POST_CODE),
    (re.compile(r"(code)?commune"), PlaceType.COMMUNE),
    (re.compile(r"(code)?arrondissement"), PlaceType.ARRONDISSEMENT),
    (re.compile(r"(code)?canton"), PlaceType.CANTON),
    (re.compile(r"(code)?d.{0,2}partement"), PlaceType.DEPARTMENT),
    (re.compile(r"(code)?r.{0,2}gion"), PlaceType.REGION),
    (re.compile(r"(code)?pays"), PlaceType.COUNTRY),
    (re.compile(r"(code)?nuts"), PlaceType.NUTS),
)


@dataclass(frozen=True, slots=True)
class PlaceCode:
    """A code with its type, and the name written beside it when there is one."""

    type: PlaceType
    code: str
    name: str = ""

    @classmethod
    def read(cls, label: str | None, code: object, name: str | None = None) -> "PlaceCode | Words":
        """The code of a contract as files write it, or the reason why it cannot be read.

        Labels are those of DECP, in any case, with or without accents. Codes lose the spaces, quotes and
        `.0` that spreadsheets add.
        """
        text = re.sub(r"[\s'\"’]", "", str(code if code is not None else "")).upper()
        text = re.sub(r"\.0+$", "", text)
        if not text or text in {"NONE", "NC", "MQ", "CDL"}:
            return Words(NO_CODE)
        bare = re.sub(r"[\s_-]", "", (label or "").casefold())
        for pattern, kind in _LABELS:
            if pattern.fullmatch(bare):
                return cls(kind, text, (name or "").strip())
        return Words(UNKNOWN_TYPE, {"code": text, "type": label or ""})


@dataclass(frozen=True, slots=True)
class Place:
    """A place of performance. `department` is set only when it is certain; if not, `reason` says why.

    `departments` holds every department the place covers or may lie in; it is empty for the whole
    country, abroad, and what cannot be read. `country` is an ISO code, or the code that was written.
    """

    reading: Reading
    department: str | None = None
    commune: str | None = None
    departments: tuple[str, ...] = ()
    country: str = "FR"
    reason: Words | None = None

    def within(self, departments: Collection[str]) -> bool:
        """Whether the whole place lies in these departments; never true of a place that was not read."""
        return bool(self.departments) and set(self.departments) <= set(departments)


NO_CODE = gettext_noop("The place of performance has no code.")
UNKNOWN_TYPE = gettext_noop("The type “%(type)s” of the place code %(code)s is not known.")
UNKNOWN_CODE = gettext_noop("%(code)s is not the code of a known %(kind)s.")
OTHER_REGION_CODE = gettext_noop(
    "%(code)s is not the code of a region: it is perhaps the department %(code)s typed as a region."
)
OLD_REGION_CODE = gettext_noop(
    "%(code)s was the code of the region %(region)s until %(last_day)s, and is that of a department: "
    "the contract is later, so the place is not sure."
)
SEVERAL_DEPARTMENTS = gettext_noop("The place covers several departments: %(departments)s.")
SHARED_CODE = gettext_noop("The code %(code)s is shared by several departments: %(departments)s.")
TWO_READINGS = gettext_noop(
    "%(code)s is a former commune code and a post code of another department: the place is not sure."
)
WHOLE_COUNTRY = gettext_noop("The place of performance is the whole of France.")
ABROAD = gettext_noop("The place of performance is outside France (country %(country)s).")

_KINDS: Mapping[PlaceType, str] = MappingProxyType(
    {
        PlaceType.POST_CODE: gettext_noop("post code"),
        PlaceType.COMMUNE: gettext_noop("commune"),
        PlaceType.ARRONDISSEMENT: gettext_noop("arrondissement"),
        PlaceType.CANTON: gettext_noop("canton"),
        PlaceType.DEPARTMENT: gettext_noop("department"),
        PlaceType.REGION: gettext_noop("region"),
        PlaceType.COUNTRY: gettext_noop("country"),
        PlaceType.NUTS: gettext_noop("European territory (NUTS)"),
    }
)


@dataclass(frozen=True, slots=True)
class OldRegion:
    name: str
    departments: tuple[str, ...]
    last_day: date


@dataclass(frozen=True, slots=True)
class Tables:
    """The lasting codes of `places.toml`."""

    regions: Mapping[str, tuple[str, ...]]
    old_regions: Mapping[str, OldRegion]
    department_aliases: Mapping[str, tuple[str, ...]]
    country_parts: Mapping[str, str]
    nuts: Mapping[str, str]
    """Department of each level 3 code, past and present."""
    departments: frozenset[str]


@cache
def tables() -> Tables:
    raw: dict[str, Any] = tomllib.loads(TABLES.read_text(encoding="utf-8"))
    old = raw["old_regions"]
    regions = {code: tuple(region["departments"]) for code, region in raw["regions"].items()}
    return Tables(
        regions=regions,
        old_regions={
            code: OldRegion(region["name"], tuple(region["departments"]), old["last_day"])
            for code, region in old["by_code"].items()
        },
        department_aliases={code: tuple(into) for code, into in raw["department_aliases"].items()},
        country_parts=raw["country_parts"],
        nuts={nuts: department for department, codes in raw["nuts"].items() for nuts in codes},
        departments=frozenset(code for inside in regions.values() for code in inside),
    )


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The codes of communes, post codes and arrondissements, for reading places by the thousand.

    `queries.gazetteer()` fills one from the database. An empty one still reads departments, regions,
    countries, NUTS codes, and the department in the first digits of the rest.
    """

    communes: Mapping[str, str] = field(default_factory=dict)
    """Department of each commune."""
    former: Mapping[str, str] = field(default_factory=dict)
    """Commune that each former, delegated or city-district code leads to."""
    post_codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Communes of each post code."""
    arrondissements: Mapping[str, str] = field(default_factory=dict)
    """Department of each arrondissement."""

    def resolve(
        self, label: str | None, code: object, *, on: date | None = None, name: str | None = None
    ) -> Place:
        """The place a contract names by a typed code (DECP).

        `on` is the day of notification: after 2015 the code of an abolished region is not believed,
        unless `name`, the name written beside it, is that region's.
        """
        read = PlaceCode.read(label, code, name)
        if isinstance(read, Words):
            return Place(Reading.UNKNOWN, reason=read)
        return self.locate(read, on=on)

    def resolve_nuts(self, code: object) -> Place:
        """The place of a European code of any level: `FRF31` is a department, `FRF3` the former Lorraine."""
        return self.resolve("NUTS", code)

    def locate(self, place: PlaceCode, *, on: date | None = None) -> Place:
        match place.type:
            case PlaceType.POST_CODE:
                return self._post_code(place)
            case PlaceType.COMMUNE:
                return self._commune(place)
            case PlaceType.ARRONDISSEMENT:
                return self._arrondissement(place)
            case PlaceType.CANTON:
                return self._canton(place)
            case PlaceType.DEPARTMENT:
                return self._department(place)
            case PlaceType.REGION:
                return _region(place, on)
            case PlaceType.COUNTRY:
                return _country(place)
            case PlaceType.NUTS:
                return _nuts(place)

    def _post_code(self, place: PlaceCode) -> Place:
        code, reading = _with_lost_zero(place.code, 5)
        if not re.fullmatch(r"\d{5}", code):
            return _unknown(place)
        communes = self.post_codes.get(code, frozenset())
        if not communes:
            restored = reading is Reading.CORRECTED
            return _unknown(place) if restored else _by_prefix(place, _post_code_prefix(code))
        found = _among(place.code, {self.communes[commune] for commune in communes}, reading)
        return replace(found, commune=next(iter(communes))) if len(communes) == 1 else found

    def _commune(self, place: PlaceCode) -> Place:
        code, reading = _with_lost_zero(place.code, 5)
        if code in self.communes:
            return _in_department(self.communes[code], reading, commune=code)
        mailed = {self.communes[commune] for commune in self.post_codes.get(code, ())}
        if code in self.former:
            commune = self.former[code]
            department = self.communes[commune]
            if not mailed or commune in self.post_codes[code]:
                return _in_department(department, Reading.FORMER, commune=commune)
            if mailed != {department}:
                both = tuple(sorted(mailed | {department}))
                return Place(Reading.UNKNOWN, departments=both, reason=Words(TWO_READINGS, {"code": code}))
            return _in_department(department, Reading.CORRECTED)
        if mailed:
            return replace(self._post_code(place), reading=Reading.CORRECTED)
        if not re.fullmatch(r"\d{5}|2[AB]\d{3}", place.code):
            return _unknown(place)
        return _by_prefix(place, _insee_prefix(code))

    def _arrondissement(self, place: PlaceCode) -> Place:
        if place.code in self.arrondissements:
            return _in_department(self.arrondissements[place.code], Reading.EXACT)
        if place.code in self.former or place.code in self.communes:
            return replace(self._commune(place), reading=Reading.CORRECTED)
        if not re.fullmatch(r"(\d|2[AB]|\d\d|\d\d\d)\d", place.code):
            return _unknown(place)
        return _by_prefix(place, place.code[:-1])

    def _canton(self, place: PlaceCode) -> Place:
        code, _reading = _with_lost_zero(place.code, 4)
        if not re.fullmatch(r"(2[AB]|\d\d|97\d)\d\d", code):
            return _unknown(place)
        return _by_prefix(place, code[:-2])

    def _department(self, place: PlaceCode) -> Place:
        known = tables()
        if place.code in known.departments:
            return _in_department(place.code, Reading.EXACT)
        if place.code in known.department_aliases:
            return _among(place.code, known.department_aliases[place.code], Reading.EXACT)
        two_digits = place.code.lstrip("0").zfill(2)
        if len(place.code) <= 3 and two_digits in known.departments:
            return _in_department(two_digits, Reading.CORRECTED)
        if re.fullmatch(r"\d{5}", place.code):
            found = self._post_code(place)
            return found if found.department is None else replace(found, reading=Reading.CORRECTED)
        return _unknown(place)


def _with_lost_zero(code: str, length: int) -> tuple[str, Reading]:
    """Put back the leading zero a spreadsheet ate: codes of departments 01 to 09 lose theirs."""
    if code.isdigit() and len(code) == length - 1 and code[0] != "0":
        return "0" + code, Reading.CORRECTED
    return code, Reading.EXACT


def _in_department(code: str, reading: Reading, *, commune: str | None = None) -> Place:
    return Place(reading, code, commune, (code,))


def _unknown(place: PlaceCode) -> Place:
    reason = Words(UNKNOWN_CODE, {"code": place.code, "kind": Words(_KINDS[place.type])})
    return Place(Reading.UNKNOWN, reason=reason)


def _among(code: str, departments: Iterable[str], reading: Reading) -> Place:
    """The department when there is one, the reason when there are several."""
    some = tuple(sorted(departments))
    if len(some) == 1:
        return _in_department(some[0], reading)
    reason = Words(SHARED_CODE, {"code": code, "departments": ", ".join(some)})
    return Place(Reading.WIDER, departments=some, reason=reason)


def _wide(departments: Iterable[str]) -> Place:
    some = tuple(sorted(departments))
    if len(some) == 1:
        return _in_department(some[0], Reading.EXACT)
    reason = Words(SEVERAL_DEPARTMENTS, {"departments": ", ".join(some)})
    return Place(Reading.WIDER, departments=some, reason=reason)


def _by_prefix(place: PlaceCode, prefix: str) -> Place:
    if prefix in tables().departments:
        return _in_department(prefix, Reading.BY_PREFIX)
    if prefix in tables().department_aliases:
        return _among(place.code, tables().department_aliases[prefix], Reading.BY_PREFIX)
    return _unknown(place)


def _post_code_prefix(code: str) -> str:
    """The department in the first digits of a post code; La Poste cuts Corsica at 202."""
    if code.startswith("20"):
        return {"200": "2A", "201": "2A", "202": "2B", "206": "2B"}.get(code[:3], code[:3])
    return _insee_prefix(code)


def _insee_prefix(code: str) -> str:
    return code[:3] if code.startswith(("97", "98")) else code[:2]


def _region(place: PlaceCode, on: date | None) -> Place:
    known = tables()
    code = place.code  # a lone digit stays unread: files write it for more than the overseas regions
    if code in known.regions:
        return _wide(known.regions[code])
    if (old := known.old_regions.get(code)) is None:
        if code in known.departments:
            return Place(Reading.UNKNOWN, reason=Words(OTHER_REGION_CODE, {"code": code}))
        return _unknown(place)
    if on is None or on <= old.last_day or fold(place.name) == fold(old.name):
        return _wide(old.departments)
    reason = Words(OLD_REGION_CODE, {"code": code, "region": old.name, "last_day": old.last_day})
    return Place(Reading.UNKNOWN, reason=reason)


def _country(place: PlaceCode) -> Place:
    """ISO codes of two or three letters or three digits, and the 99100 of INSEE, for France."""
    if place.code in {"FR", "FRA", "250", "99100"}:
        return Place(Reading.WIDER, reason=Words(WHOLE_COUNTRY))
    if place.code in tables().country_parts:
        return _in_department(tables().country_parts[place.code], Reading.EXACT)
    if not re.fullmatch(r"[A-Z]{2,3}|\d{2,3}|99\d{3}", place.code):
        return _unknown(place)
    reason = Words(ABROAD, {"country": place.code})
    return Place(Reading.ABROAD, country=place.code, reason=reason)


def _nuts(place: PlaceCode) -> Place:
    if not place.code.startswith("FR"):
        return _country(replace(place, code=place.code[:2])) if place.code[:2].isalpha() else _unknown(place)
    if place.code == "FR":
        return Place(Reading.WIDER, reason=Words(WHOLE_COUNTRY))
    inside = {department for nuts, department in tables().nuts.items() if nuts.startswith(place.code)}
    if not inside:
        return _unknown(place)
    return _wide(inside)
