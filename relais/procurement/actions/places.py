"""The place of performance, as far as the places loaded in the database tell it."""

from datetime import date

from relais.territories.models import Department
from relais.territories.places import PlaceCode, PlaceType
from relais.territories.queries import gazetteer


class Places:
    """Codes of place read by the thousand: five queries once, none for each contract."""

    def __init__(self) -> None:
        self.gazetteer = gazetteer()
        self.departments = frozenset(Department.objects.values_list("code", flat=True))

    def locate(self, place_type: str, code: str, *, on: date | None) -> tuple[str | None, str | None]:
        """Commune and department of a typed code; None for what is unknown, or not loaded."""
        if not place_type or not code:
            return None, None
        place = self.gazetteer.locate(PlaceCode(PlaceType(place_type), code), on=on)
        return place.commune, place.department if place.department in self.departments else None
