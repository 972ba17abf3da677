"""Loading the official geography: repeatable, all or nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils.text import slugify

from relais.core.words import BadValue, gettext_noop
from relais.kit import events
from relais.kit.planner import count_anew

from .enums import TerritoryKind
from .events import TerritoriesLoaded
from .models import Arrondissement, Commune, CommuneAlias, Department, Epci, PostCode, Region, Territory
from .source import AliasRow, Composite, Lists, read_composites, read_lists

BATCH = 5_000
PLACES = (Region, Department, Arrondissement, Epci, Commune, PostCode)
"""The tables that other rows point at."""
UNKNOWN_DEPARTMENT = gettext_noop(
    "The composite territory “%(territory)s” names the departments %(departments)s, "
    "which are not in the lists: nothing was stored."
)


@dataclass(slots=True)
class Tally:
    """What one load did to one kind of rows. `retired` rows are kept, no longer current, or unlinked."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    retired: int = 0

    @property
    def changed(self) -> int:
        return self.created + self.updated + self.retired


@dataclass(frozen=True, slots=True)
class LoadReport:
    folder: str
    kinds: dict[str, Tally] = field(default_factory=dict)

    @property
    def totals(self) -> Tally:
        tallies = list(self.kinds.values())
        return Tally(
            sum(tally.created for tally in tallies),
            sum(tally.updated for tally in tallies),
            sum(tally.unchanged for tally in tallies),
            sum(tally.retired for tally in tallies),
        )

    def as_dict(self) -> dict[str, Any]:
        kinds = {kind: asdict(tally) for kind, tally in self.kinds.items()}
        return {"folder": self.folder, "kinds": kinds, "totals": asdict(self.totals)}


def load(folder: Path) -> LoadReport:
    """Bring the geography to what the official lists of `folder` say; a second load changes nothing.

    Communes and inter-municipalities that left the lists are kept and marked as no longer current.
    Also draws one territory per region and department, and the composite ones of `composites.toml`.
    Raises `BadValue`, with nothing stored, when a file cannot be read or the lists do not fit together.
    """
    lists = read_lists(folder)
    composites = read_composites()
    _check_composites(composites, lists)
    with transaction.atomic():
        kinds = {
            "regions": _sync(Region, lists.regions),
            "departments": _sync(Department, lists.departments),
            "arrondissements": _sync(Arrondissement, lists.arrondissements),
            "epcis": _sync_current(Epci, lists.epcis, key="siren"),
            "communes": _sync_current(Commune, lists.communes),
            "aliases": _sync_aliases(lists.aliases),
            "post_codes": _sync_post_codes(lists.post_codes),
            "territories": _sync_territories(lists, composites),
        }
        report = LoadReport(str(folder), kinds)
        if report.totals.changed:
            count_anew(*PLACES)
            events.emit(TerritoriesLoaded())
    return report


def _check_composites(composites: Iterable[Composite], lists: Lists) -> None:
    for composite in composites:
        if unknown := composite.departments - lists.departments.keys():
            raise BadValue(
                UNKNOWN_DEPARTMENT, territory=composite.name, departments=", ".join(sorted(unknown))
            )


def _sync(model: type[models.Model], wanted: Mapping[str, Any], key: str = "code") -> Tally:
    """Create what is new and update what differs, comparing rows in memory.

    Rows are named tuples whose fields are those of the model, and `key` is its unique field.
    """
    tally = Tally()
    if not wanted:
        return tally
    fields = next(iter(wanted.values()))._fields
    manager = model._default_manager
    known = {row[0]: row[1:] for row in manager.order_by().values_list(key, *fields)}
    changed = []
    for code, row in wanted.items():
        if code not in known:
            tally.created += 1
        elif known[code] != tuple(row):
            tally.updated += 1
        else:
            tally.unchanged += 1
            continue
        changed.append(model(**{key: code}, **row._asdict()))
    manager.bulk_create(
        changed, batch_size=BATCH, update_conflicts=True, unique_fields=[key], update_fields=list(fields)
    )
    return tally


def _sync_current(model: type[Epci] | type[Commune], wanted: Mapping[str, Any], key: str = "code") -> Tally:
    """As `_sync`, and retire the rows that left the list: contracts may still point at them."""
    tally = _sync(model, wanted, key)
    current = model.objects.filter(is_current=True).values_list(key, flat=True)
    gone = [code for code in current if code not in wanted]
    for start in range(0, len(gone), BATCH):
        part = gone[start : start + BATCH]
        tally.retired += model.objects.filter(**{f"{key}__in": part}).update(is_current=False)
    return tally


def _sync_aliases(wanted: Mapping[str, AliasRow]) -> Tally:
    """As `_sync`, and drop the aliases that left the list: nothing points at them."""
    tally = _sync(CommuneAlias, wanted)
    gone = set(CommuneAlias.objects.values_list("code", flat=True)) - wanted.keys()
    _delete(CommuneAlias.objects.all(), "code", gone)
    tally.retired = len(gone)
    return tally


def _sync_post_codes(wanted: Mapping[str, frozenset[str]]) -> Tally:
    """Post codes are counted; a post code that left the list stays, without communes."""
    link = PostCode.communes.through
    known: dict[str, set[str]] = {code: set() for code in PostCode.objects.values_list("code", flat=True)}
    rows: dict[tuple[str, str], int] = {}
    for pk, post_code, commune in link.objects.values_list("pk", "postcode_id", "commune_id"):
        known[post_code].add(commune)
        rows[post_code, commune] = pk
    tally = Tally()
    for code, communes in wanted.items():
        if code not in known:
            tally.created += 1
        elif known[code] != communes:
            tally.updated += 1
        else:
            tally.unchanged += 1
    tally.retired = sum(1 for code, communes in known.items() if communes and code not in wanted)
    PostCode.objects.bulk_create(
        (PostCode(code=code) for code in wanted if code not in known), batch_size=BATCH
    )
    pairs = {(code, commune) for code, communes in wanted.items() for commune in communes}
    _delete(link.objects.all(), "pk", {pk for pair, pk in rows.items() if pair not in pairs})
    link.objects.bulk_create(
        (link(postcode_id=code, commune_id=commune) for code, commune in sorted(pairs - rows.keys())),
        batch_size=BATCH,
    )
    return tally


def _delete(rows: models.QuerySet[Any], key: str, values: Iterable[Any]) -> None:
    gone = sorted(values)
    for start in range(0, len(gone), BATCH):
        rows.filter(**{f"{key}__in": gone[start : start + BATCH]}).delete()


def _sync_territories(lists: Lists, composites: Iterable[Composite]) -> Tally:
    """One territory per region of several departments, one per department, and the composite ones."""
    wanted: dict[str, tuple[str, TerritoryKind, frozenset[str]]] = {}
    inside: dict[str, set[str]] = {}
    for code, department in lists.departments.items():
        inside.setdefault(department.region_id, set()).add(code)
        wanted[slugify(department.name)] = (department.name, TerritoryKind.DEPARTMENT, frozenset({code}))
    for code, region in lists.regions.items():
        if len(inside.get(code, ())) > 1:
            wanted[slugify(region.name)] = (region.name, TerritoryKind.REGION, frozenset(inside[code]))
    for composite in composites:
        wanted[composite.slug] = (composite.name, TerritoryKind.COMPOSITE, composite.departments)
    tally = Tally()
    known = {territory.slug: territory for territory in Territory.objects.prefetch_related("departments")}
    for slug, (name, kind, departments) in wanted.items():
        _sync_territory(known.get(slug), slug, name, kind, departments, tally)
    return tally


def _sync_territory(
    territory: Territory | None,
    slug: str,
    name: str,
    kind: TerritoryKind,
    departments: frozenset[str],
    tally: Tally,
) -> None:
    inside = Department.objects.filter(code__in=departments)
    if territory is None:
        Territory.objects.create(slug=slug, name=name, kind=kind).departments.set(inside)
        tally.created += 1
        return
    drawn = frozenset(department.code for department in territory.departments.all())
    if territory.name == name and territory.kind == kind and drawn == departments:
        tally.unchanged += 1
        return
    territory.name, territory.kind = name, kind
    territory.save(update_fields=["name", "kind"])
    territory.departments.set(inside)
    tally.updated += 1
