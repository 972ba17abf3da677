"""Distances as the crow flies, and how near two places are when no point is known. Plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from math import asin, cos, degrees, isfinite, pi, radians, sin, sqrt

from relais.core.words import BadValue, Words, gettext_noop

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG), in kilometres."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the Earth, in decimal degrees; `BadValue` for what is on no map."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        both = isfinite(self.latitude) and isfinite(self.longitude)
        if not both or abs(self.latitude) > 90 or abs(self.longitude) > 180:
            raise BadValue(
                gettext_noop("A latitude lies between −90 and 90, a longitude between −180 and 180.")
            )


@dataclass(frozen=True, slots=True)
class Box:
    """Bounds in degrees that hold every point of a circle, to narrow a search before measuring."""

    south: float
    north: float
    west: float
    east: float

    def holds(self, point: Point) -> bool:
        return self.south <= point.latitude <= self.north and self.west <= point.longitude <= self.east


class Nearness(IntEnum):
    """How near a structure is to a place, from the places they share; nearest first."""

    COMMUNE = 1
    EPCI = 2
    DEPARTMENT = 3
    BEYOND = 4

    @property
    def words(self) -> Words:
        return Words(_NEARNESS[self])


_NEARNESS = {
    Nearness.COMMUNE: gettext_noop("in the commune"),
    Nearness.EPCI: gettext_noop("in the inter-municipality"),
    Nearness.DEPARTMENT: gettext_noop("in the department"),
    Nearness.BEYOND: gettext_noop("beyond the department"),
}


def kilometres(one: Point, other: Point) -> float:
    """Kilometres between two points as the crow flies (haversine formula); roads are longer."""
    south, north = radians(one.latitude), radians(other.latitude)
    rise = sin((north - south) / 2) ** 2
    turn = sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(rise + cos(south) * cos(north) * turn)))


def box_around(centre: Point, radius_km: float) -> Box:
    """The bounds of a circle; every longitude when the circle holds a pole or crosses the 180th meridian.

    Raises `BadValue` for a negative radius.
    """
    if not isfinite(radius_km) or radius_km < 0:
        raise BadValue(gettext_noop("A distance cannot be negative."))
    angle = radius_km / EARTH_KM
    south, north = centre.latitude - degrees(angle), centre.latitude + degrees(angle)
    if south <= -90 or north >= 90 or angle >= pi / 2:
        return Box(max(south, -90.0), min(north, 90.0), -180.0, 180.0)
    spread = degrees(asin(min(1.0, sin(angle) / cos(radians(centre.latitude)))))
    west, east = centre.longitude - spread, centre.longitude + spread
    if west < -180 or east > 180:
        return Box(south, north, -180.0, 180.0)
    return Box(south, north, west, east)


def middle(points: Iterable[Point]) -> Point | None:
    """The mean of some points of one commune: good for places a few kilometres apart, None without any."""
    some = list(points)
    if not some:
        return None
    return Point(
        sum(point.latitude for point in some) / len(some),
        sum(point.longitude for point in some) / len(some),
    )


def nearness(
    *,
    commune: str | None,
    epci: str | None,
    department: str | None,
    other_commune: str | None,
    other_epci: str | None,
    other_department: str | None,
) -> Nearness:
    """The smallest area that two places are known to share, by INSEE codes and SIREN."""
    if commune and commune == other_commune:
        return Nearness.COMMUNE
    if epci and epci == other_epci:
        return Nearness.EPCI
    if department and department == other_department:
        return Nearness.DEPARTMENT
    return Nearness.BEYOND
