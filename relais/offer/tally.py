"""How many structures around a lot may answer it, for one lot or for thousands, in two queries.

None when the offer is not known: no place, a purchase that no activity answers, a place without any structure
recorded, or only structures whose activities no list tells. What is not known is never told as zero.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Prefetch

from relais.core.distance import Point, box_around, middle
from relais.offer.activities import activities
from relais.offer.models import Structure, StructureActivity, StructureQuerySet
from relais.offer.queries import MOST_MEASURED, Near, Spot, bodies, centre_of, measured, structures_around
from relais.territories.models import Commune


@dataclass(slots=True)
class Tally:
    """Structures read once; `count` answers for a place and a CPV code, within a distance in kilometres."""

    km: Decimal
    by_department: dict[str, list[Structure]]
    by_commune: dict[str, list[Point]]
    by_latitude: list[tuple[float, float, Structure]]
    _around: dict[tuple[str | None, str | None], list[Near]] = field(init=False, default_factory=dict)
    _counts: dict[tuple[object, ...], int | None] = field(init=False, default_factory=dict)

    @classmethod
    def of_all(cls, km: Decimal) -> "Tally":
        """Every open structure, for many lots."""
        return cls._read(_with_activities(), km)

    @classmethod
    def of_place(cls, commune: Commune | None, department: str | None, km: Decimal) -> "Tally":
        """The structures near one place, narrowed by the database."""
        spot = _spot(commune, department, _point_of(commune))
        narrowed = structures_around(_with_activities(), spot, km)
        return cls._read(narrowed[:MOST_MEASURED], km)

    @classmethod
    def _read(cls, structures: Iterable[Structure], km: Decimal) -> "Tally":
        tally = cls(km, defaultdict(list), defaultdict(list), [])
        for structure in structures:
            if structure.department_id:
                tally.by_department[structure.department_id].append(structure)
            own = structure.own_point
            if own and structure.commune_id:
                tally.by_commune[structure.commune_id].append(own)
            if point := own or centre_of(structure.commune):
                tally.by_latitude.append((point.latitude, point.longitude, structure))
        tally.by_latitude.sort(key=lambda row: row[0])
        return tally

    def count(self, *, commune: Commune | None, department: str | None, cpv: str) -> int | None:
        """Bodies around that do such work or lend people to any trade; None when that is not known."""
        codes = activities().answering(cpv)
        if not codes or (commune is None and department is None):
            return None
        place = (commune.pk if commune else None, department)
        if (*place, codes) not in self._counts:
            if place not in self._around:
                self._around[place] = self._measured(commune, department)
            self._counts[(*place, codes)] = _answering(self._around[place], codes)
        return self._counts[(*place, codes)]

    def _measured(self, commune: Commune | None, department: str | None) -> list[Near]:
        point = centre_of(commune) or (middle(self.by_commune.get(commune.pk, ())) if commune else None)
        spot = _spot(commune, department, point)
        found = {one.pk: one for one in self.by_department.get(spot.department or "", ())}
        if spot.point is not None:
            box = box_around(spot.point, float(self.km))
            first = bisect_left(self.by_latitude, box.south, key=lambda row: row[0])
            last = bisect_right(self.by_latitude, box.north, key=lambda row: row[0])
            inside = self.by_latitude[first:last]
            found |= {one.pk: one for _north, east, one in inside if box.west <= east <= box.east}
        return measured(found.values(), spot, self.km)


def _point_of(commune: Commune | None) -> Point | None:
    """The centre of a commune, else the middle of its open structures, as `count` finds it."""
    centre = centre_of(commune)
    if commune is None or centre is not None:
        return centre
    located = Structure.objects.open().filter(commune=commune, latitude__isnull=False)
    return middle(point for one in located if (point := one.own_point))


def _with_activities() -> StructureQuerySet:
    return (
        Structure.objects.open()
        .select_related("commune")
        .prefetch_related(Prefetch("activities", StructureActivity.objects.order_by("activity")))
    )


def _spot(commune: Commune | None, department: str | None, point: Point | None) -> Spot:
    if commune is None:
        return Spot("", None, None, department, None)
    return Spot("", commune.pk, commune.epci_id, commune.department_id, point)


def _answering(around: list[Near], codes: frozenset[str]) -> int | None:
    told, untold = [], 0
    for near in around:
        done = {row.activity for row in near.structure.activities.all()}
        if codes & done or near.structure.lends_to_any_trade:
            told.append(near)
        untold += not done
    if told:
        return bodies(told)
    return None if untold or not around else 0
