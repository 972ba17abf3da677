"""Import lists of structures: each file whole or not at all, the same file twice changes nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from relais.core.words import BadValue, Words
from relais.kit.words import say
from relais.offer.activities import activities
from relais.offer.enums import Establishment, FlagCode, SourceList
from relais.offer.lists import Rejected, Row, Source, read
from relais.offer.models import Structure, StructureActivity, StructureRecord
from relais.organisations.models import Organisation
from relais.territories.models import Commune, Department
from relais.territories.names import fold
from relais.territories.places import Gazetteer
from relais.territories.queries import gazetteer

COUNTS = ("read", "created", "updated", "unchanged", "rejected")
CARRIED = (
    *("kind", "name", "siret", "has_valid_siret", "establishment", "address", "post_code", "town"),
    *("latitude", "longitude", "naf", "headcount", "places"),
)
"""Fields that a row carries as they are to the structure."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record refused: its line in the file, and why."""

    position: int
    reason: Words


@dataclass(slots=True)
class FileReport:
    """What one file gave, or why it was refused whole."""

    path: str
    shape: str = ""
    encoding: str = ""
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    flags: Counter[str] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)
    failure: Words | None = None

    @property
    def done(self) -> bool:
        """Whether something of the file could be used."""
        return self.failure is None and self.counts["read"] > self.counts["rejected"]

    def as_dict(self) -> dict[str, Any]:
        told: dict[str, Any] = {
            "path": self.path,
            "shape": self.shape,
            "encoding": self.encoding,
            **self.counts,
            "flags": dict(self.flags.most_common()),
        }
        if self.failure is not None:
            told["error"] = say(self.failure)
        return told


@dataclass(frozen=True, slots=True)
class Report:
    """All the files of one import."""

    files: tuple[FileReport, ...]

    @property
    def totals(self) -> dict[str, int]:
        return {name: sum(file.counts[name] for file in self.files) for name in COUNTS}

    @property
    def done(self) -> bool:
        return any(file.done for file in self.files)

    def as_dict(self) -> dict[str, Any]:
        """The JSON object that other programs read; its keys are stable."""
        flags: Counter[str] = sum((file.flags for file in self.files), Counter())
        return {
            "files": [file.as_dict() for file in self.files],
            "totals": {"files": len(self.files), **self.totals, "flags": dict(flags.most_common())},
            "rejections": [
                {"file": file.path, "record": f"line {refusal.position}", "reason": say(refusal.reason)}
                for file in self.files
                for refusal in file.refusals
            ],
        }


def import_lists(files: Iterable[tuple[str, Source]], *, at: datetime, as_of: date | None = None) -> Report:
    """Import several lists in turn; a file that cannot be read stores nothing and stops no other.

    Lists of structures are public and belong to no scheme: the administrator of the machine brings them.
    `as_of` is the day described by lists that do not say it.
    """
    places = gazetteer()
    return Report(tuple(_import(name, source, places, at=at, as_of=as_of) for name, source in files))


def _import(name: str, source: Source, places: Gazetteer, *, at: datetime, as_of: date | None) -> FileReport:
    report = FileReport(path=name)
    try:
        reading = read(source, name=name, as_of=as_of)
    except BadValue as error:
        report.failure = error.words
        return report
    report.shape, report.encoding = reading.source.value, reading.encoding
    rows: list[Row] = []
    for item in reading.items:
        report.counts["read"] += 1
        if isinstance(item, Rejected):
            report.counts["rejected"] += 1
            report.refusals.append(Refusal(item.position, item.reason))
        else:
            rows.append(item)
    with transaction.atomic():
        _Store(reading.source, places, report, at).put(_sharing_flagged(rows))
    return report


def _sharing_flagged(rows: list[Row]) -> list[Row]:
    """Mark the rows whose SIRET serves several kinds or sites of the same file."""
    shared = {
        siret for siret, number in Counter(row.siret for row in rows if row.siret).items() if number > 1
    }
    return [
        replace(row, flags=(*row.flags, FlagCode.SIRET_SHARED)) if row.siret in shared else row
        for row in rows
    ]


class _Store:
    """Puts the rows of one file beside what is known, in a number of queries that does not grow with them."""

    def __init__(self, source: SourceList, places: Gazetteer, report: FileReport, at: datetime) -> None:
        self.source, self.places, self.report, self.at = source, places, report, at
        self.locator = _Locator(places)
        records = StructureRecord.objects.select_related("structure").prefetch_related(
            "structure__activities"
        )
        self.records = {record.reference: record for record in records.filter(source=source)}
        self.by_siret: dict[tuple[str, str], list[Structure]] = defaultdict(list)
        if source != SourceList.ESAT:  # no other list holds sheltered workshops
            kinds = Structure.objects.filter(has_valid_siret=True).exclude(records__source=source)
            for structure in kinds.prefetch_related("activities"):
                self.by_siret[structure.siret, structure.kind].append(structure)
        bodies = Organisation.objects.exclude(siret="").exclude(structure_kind="")
        self.bodies = dict(bodies.values_list("siret", "pk"))

    def put(self, rows: list[Row]) -> None:
        seen: set[str] = set()
        new: list[tuple[Row, Structure]] = []
        records: list[StructureRecord] = []
        for row in rows:
            if row.reference in seen:
                row = replace(row, reference=f"{row.reference}:{row.position}"[:60])
            seen.add(row.reference)
            place = self.locator.locate(row)
            flags = list(dict.fromkeys((*row.flags, *place.flags)))
            known = self.records.get(row.reference)
            structure = known.structure if known else self._same_elsewhere(row)
            if structure is None:
                structure = Structure(source=row.source, recorded_at=self.at)
                self._fill(structure, row, place, flags)
                new.append((row, structure))
                self.report.counts["created"] += 1
            elif known is not None and known.digest == row.digest:
                self.report.counts["unchanged"] += 1
            else:
                changed = self._update(structure, row, place, flags, known is not None)
                self.report.counts["updated" if changed else "unchanged"] += 1
            self.report.flags.update(flag.value for flag in flags)
            if known is None:
                records.append(self._record(row, structure))
            elif known.digest != row.digest:
                known.digest, known.as_of, known.read_at = row.digest, row.as_of, self.at
                known.save(update_fields=["digest", "as_of", "read_at"])
        Structure.objects.bulk_create((structure for _row, structure in new), batch_size=500)
        StructureActivity.objects.bulk_create(
            (
                StructureActivity(structure=structure, activity=code)
                for row, structure in new
                for code in sorted(guessed(row))
            ),
            batch_size=1000,
        )
        StructureRecord.objects.bulk_create(records, batch_size=500)
        self._link_branches(rows)

    def _record(self, row: Row, structure: Structure) -> StructureRecord:
        return StructureRecord(
            structure=structure,
            source=row.source,
            reference=row.reference,
            digest=row.digest,
            as_of=row.as_of,
            read_at=self.at,
        )

    def _same_elsewhere(self, row: Row) -> Structure | None:
        """The structure that another list already gave: same valid SIRET and kind, never a branch."""
        if not row.has_valid_siret or row.establishment != Establishment.MAIN:
            return None
        same = self.by_siret.get((row.siret, row.kind.value), [])
        return same.pop(0) if same else None

    def _fill(self, structure: Structure, row: Row, place: "_Place", flags: list[FlagCode]) -> None:
        for name in CARRIED:
            setattr(structure, name, getattr(row, name))
        structure.search_name = fold(structure.name)[:200]
        structure.commune_id, structure.department_id = place.commune, place.department
        structure.as_of = row.as_of
        structure.source = row.source
        structure.flags = [flag.value for flag in flags]
        if row.has_valid_siret:
            structure.organisation_id = self.bodies.get(row.siret)

    def _update(
        self, structure: Structure, row: Row, place: "_Place", flags: list[FlagCode], same_list: bool
    ) -> bool:
        """A later edition replaces; an older list, or one without date, only fills what was empty."""
        before = {
            name: getattr(structure, name) for name in (*CARRIED, "commune_id", "department_id", "as_of")
        }
        later = row.as_of is not None and (structure.as_of is None or row.as_of >= structure.as_of)
        if later or (same_list and structure.source == row.source):
            self._fill(structure, row, place, flags)
        else:
            flags.append(FlagCode.OLDER_LIST)
            for name in CARRIED:
                if getattr(structure, name) in ("", None):
                    setattr(structure, name, getattr(row, name))
            structure.commune_id = structure.commune_id or place.commune
            structure.department_id = structure.department_id or place.department
        if all(getattr(structure, name) == value for name, value in before.items()):
            return False
        structure.save()
        self._guess_again(structure, row)
        return True

    def _guess_again(self, structure: Structure, row: Row) -> None:
        """Follow the list for what was guessed; what was written by hand stays."""
        known = list(structure.activities.all())
        if any(activity.by_hand for activity in known):
            return
        wanted, had = guessed(row), {activity.activity for activity in known}
        StructureActivity.objects.bulk_create(
            StructureActivity(structure=structure, activity=code) for code in sorted(wanted - had)
        )

    def _link_branches(self, rows: list[Row]) -> None:
        branches = {row.reference: row.parent_reference for row in rows if row.parent_reference}
        if not branches:
            return
        known = StructureRecord.objects.filter(source=self.source).select_related("structure")
        by_reference = {record.reference: record.structure for record in known}
        moved = []
        for reference, parent_reference in branches.items():
            branch, parent = by_reference[reference], by_reference.get(parent_reference)
            if parent is None:
                self.report.flags[FlagCode.PARENT_UNKNOWN.value] += 1
            elif branch.parent_id != parent.pk and branch.pk != parent.pk:
                branch.parent_id = parent.pk
                moved.append(branch)
        Structure.objects.bulk_update(moved, ["parent"], batch_size=200)


def guessed(row: Row) -> frozenset[str]:
    """What the activity code and the name let one think the structure does."""
    return activities().guessed(naf=row.naf, text=row.name)


@dataclass(frozen=True, slots=True)
class _Place:
    commune: str | None
    department: str | None
    flags: tuple[FlagCode, ...] = ()


class _Locator:
    """Finds the commune of a row: by its INSEE code, else by its post code and the name of its town."""

    def __init__(self, places: Gazetteer) -> None:
        self.places = places
        self.names: dict[str, str] = dict(Commune.objects.current().values_list("code", "search_name"))
        self.departments = set(Department.objects.values_list("code", flat=True))
        self.by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
        for code, name in self.names.items():
            self.by_name[name, places.communes[code]].append(code)

    def locate(self, row: Row) -> _Place:
        if row.commune_code:
            found = self.places.resolve("code commune", row.commune_code)
        else:
            found = self.places.resolve("code postal", row.post_code)
        department = found.department or self._department(row.department_code)
        department = department if department in self.departments else None
        commune = found.commune if row.commune_code else self._commune(row, department)
        if commune is not None:
            return _Place(commune, self.places.communes[commune])
        flags = [FlagCode.COMMUNE_UNKNOWN]
        if department is None:
            flags.append(FlagCode.DEPARTMENT_UNKNOWN)
        return _Place(None, department, tuple(flags))

    def _department(self, code: str) -> str | None:
        return self.places.resolve("code département", code).department

    def _commune(self, row: Row, department: str | None) -> str | None:
        """The commune of that name under the post code, else in the department (CEDEX codes name none)."""
        town = fold(row.town).split(" cedex")[0].strip()
        mailed = sorted(self.places.post_codes.get(row.post_code, ()))
        named = [code for code in mailed if self.names.get(code) == town]
        if not named and department is not None:
            named = self.by_name.get((town, department), [])
        if len(named) == 1:
            return named[0]
        return mailed[0] if len(mailed) == 1 else None
