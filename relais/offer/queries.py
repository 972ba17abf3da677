"""Structures of the directory, and those around a place, nearest first."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from relais.core.distance import Nearness, Point, box_around, kilometres, middle, nearness
from relais.core.offering import Idea, Thresholds, idea
from relais.core.words import BadValue
from relais.kit.actor import Actor
from relais.offer.activities import activities
from relais.offer.models import Structure, StructureActivity, StructureQuerySet
from relais.organisations.enums import PolicyKey
from relais.organisations.models import Scheme
from relais.organisations.policies import PolicyValue, default_policy, policies
from relais.territories.models import Commune, Department

MOST_MEASURED = 3_000
"""Structures measured around one place: more than any French employment area has."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to look around. `by_structures`: its point is the middle of the structures of the commune."""

    name: str
    commune: str | None
    epci: str | None
    department: str | None
    point: Point | None
    by_structures: bool = False


def spot_of(commune: Commune | None, department: Department | None = None) -> Spot:
    """The point of a commune: its centre when the list of communes gives it, else the middle of the
    structures located in it, else none: nearness is then told by commune, inter-municipality, department.
    """
    if commune is None:
        code = department.pk if department else None
        return Spot(str(department or ""), None, None, code, None)
    centre, by_structures = centre_of(commune), False
    if centre is None:
        located = Structure.objects.filter(commune=commune, latitude__isnull=False)
        points = located.values_list("latitude", "longitude")
        centre = middle(
            Point(float(north), float(east))
            for north, east in points
            if north is not None and east is not None
        )
        by_structures = centre is not None
    return Spot(str(commune), commune.pk, commune.epci_id, commune.department_id, centre, by_structures)


def centre_of(commune: Commune | None) -> Point | None:
    if commune is None or commune.latitude is None or commune.longitude is None:
        return None
    return Point(float(commune.latitude), float(commune.longitude))


@dataclass(frozen=True, slots=True)
class Near:
    """A structure and how far it is; `distance` in kilometres as the crow flies, None when not measured."""

    structure: Structure
    distance: Decimal | None
    nearness: Nearness
    by_commune: bool = False
    """Measured from the centre of its commune, for want of coordinates."""

    @property
    def rank(self) -> tuple[float, int, str]:
        """Measured ones by kilometre; the others after them, by the smallest area shared."""
        measured = float(self.distance) if self.distance is not None else float("inf")
        if self.nearness is Nearness.COMMUNE:
            measured = min(measured, 0.0)
        return measured, self.nearness, self.structure.search_name


def measured(structures: Iterable[Structure], spot: Spot, within: Decimal | None = None) -> list[Near]:
    """Structures from a place, nearest first; `within` leaves out what is measured beyond, in kilometres.

    A structure that cannot be measured is kept when it lies in the same department.
    """
    found = []
    for structure in structures:
        own = structure.own_point
        point = own or centre_of(structure.commune)
        far = (
            Decimal(round(kilometres(spot.point, point), 1)).quantize(Decimal("0.1"))
            if spot.point and point
            else None
        )
        commune = structure.commune
        near = nearness(
            commune=spot.commune,
            epci=spot.epci,
            department=spot.department,
            other_commune=structure.commune_id,
            other_epci=commune.epci_id if commune else None,
            other_department=structure.department_id,
        )
        inside = near is Nearness.COMMUNE or (far is None and near is not Nearness.BEYOND)
        if inside or (far is not None and (within is None or far <= within)):
            found.append(Near(structure, far, near, by_commune=own is None and far is not None))
    return sorted(found, key=lambda near: near.rank)


def structures_around(structures: StructureQuerySet, spot: Spot, km: Decimal | None) -> StructureQuerySet:
    """Those that may lie within the distance, narrowed by the database before being measured."""
    wanted = Q(department=spot.department) if spot.department else Q(pk__in=[])
    if spot.point is not None and km is not None:
        box = box_around(spot.point, float(km))
        inside = {"__gte": (box.south, box.west), "__lte": (box.north, box.east)}
        for prefix in ("", "commune__"):
            bounds = Q()
            for end, (latitude, longitude) in inside.items():
                bounds &= Q(**{f"{prefix}latitude{end}": latitude, f"{prefix}longitude{end}": longitude})
            wanted |= bounds
    return structures.filter(wanted)


def listed(actor: Actor) -> StructureQuerySet:
    """The structures of the directory with what a row shows: two more queries however many rows."""
    return (
        Structure.objects.visible_to(actor)
        .select_related("commune", "department")
        .prefetch_related(Prefetch("activities", StructureActivity.objects.order_by("activity")))
    )


def departments_with_structures() -> QuerySet[Department]:
    return Department.objects.filter(Exists(Structure.objects.filter(department=OuterRef("pk"))))


@dataclass(frozen=True, slots=True)
class OfferParameters:
    """What the count around a place uses, each value with its date and its source."""

    radius: Decimal
    thresholds: Thresholds
    hours_of_place: Decimal
    values: tuple[PolicyValue, ...]


KEYS = (
    PolicyKey.OFFER_RADIUS,
    PolicyKey.OFFER_WHOLE,
    PolicyKey.OFFER_LOT,
    PolicyKey.OFFER_CLAUSE,
    PolicyKey.OFFER_DEPENDENCY,
    PolicyKey.FTE_DIVISOR,
)


def offer_parameters(scheme: Scheme, actor: Actor) -> OfferParameters:
    """The policies of the scheme in force that day; the defaults together when those chosen do not fit."""
    chosen = policies(scheme, actor.on)
    try:
        return _parameters([chosen[key] for key in KEYS])
    except BadValue:
        return _parameters([value for key in KEYS if (value := default_policy(key, actor.on))])


def _parameters(values: list[PolicyValue]) -> OfferParameters:
    radius, whole, lot, clause, share, place = values
    thresholds = Thresholds(int(whole.value), int(lot.value), int(clause.value), share.value)
    return OfferParameters(radius.value, thresholds, place.value, tuple(values))


@dataclass(frozen=True, slots=True)
class Offer:
    """The offer around a place for one purchase. Sites of one body count once."""

    spot: Spot
    parameters: OfferParameters
    activities: tuple[str, ...]
    """Names of the activities that answer the purchase; empty when its trade is not known to the table."""
    nearest: tuple[Near, ...]
    weighed: tuple[Near, ...]
    """The nearest whose turnover or authorised places are known."""
    makers: int
    lenders: int
    unknown: int
    """Structures around whose activities no list tells."""
    kinds: tuple[tuple[str, int, Near], ...]
    """By kind: its words, how many, the nearest."""

    @property
    def idea(self) -> Idea:
        return idea(makers=self.makers, lenders=self.lenders, thresholds=self.parameters.thresholds)

    @property
    def total(self) -> int:
        return self.makers + self.lenders


def around(
    spot: Spot,
    *,
    actor: Actor,
    cpv: str,
    parameters: OfferParameters,
    limit: int = 8,
    km: Decimal | None = None,
) -> Offer:
    """Structures around a place that may answer a CPV code, nearest first, with what their number allows."""
    within = km if km is not None else parameters.radius
    candidates = structures_around(listed(actor).open(), spot, within)[:MOST_MEASURED]
    table = activities()
    codes = table.answering(cpv)
    makers, lenders, unknown = [], [], []
    for near in measured(candidates, spot, within):
        done = {row.activity for row in near.structure.activities.all()}
        if codes & done:
            makers.append(near)
        elif near.structure.lends_to_any_trade:
            lenders.append(near)
        elif not done:
            unknown.append(near)
    answering = sorted((*makers, *lenders), key=lambda near: near.rank)
    return Offer(
        spot=spot,
        parameters=parameters,
        activities=tuple(sorted(table.name_of(code) for code in codes)),
        nearest=tuple(answering[:limit]),
        weighed=tuple(near for near in answering if near.structure.is_weighed)[:limit],
        makers=bodies(makers),
        lenders=bodies(lenders),
        unknown=bodies(unknown),
        kinds=_by_kind(answering),
    )


def bodies(found: Iterable[Near]) -> int:
    """How many legal bodies: sites of one SIREN count once, those without SIREN one by one."""
    return len({near.structure.siren or f"#{near.structure.pk}" for near in found})


def _by_kind(found: list[Near]) -> tuple[tuple[str, int, Near], ...]:
    nearest: dict[str, Near] = {}
    for near in found:
        nearest.setdefault(near.structure.kind, near)
    numbers = Counter(near.structure.kind for near in found)
    return tuple(
        (nearest[kind].structure.get_kind_display(), number, nearest[kind])
        for kind, number in numbers.most_common()
    )
