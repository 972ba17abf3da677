"""The place of performance, as far as the places loaded in the database tell it."""

from datetime import date
from functools import cached_property

from relais.procurement.models import Lot
from relais.territories.models import Department
from relais.territories.places import Gazetteer, PlaceCode, PlaceType
from relais.territories.queries import gazetteer


class Places:
    """Codes of place read by the thousand: five queries at the first one, none for each contract."""

    @cached_property
    def gazetteer(self) -> Gazetteer:
        return gazetteer()

    @cached_property
    def departments(self) -> frozenset[str]:
        return frozenset(Department.objects.values_list("code", flat=True))

    def locate(self, place_type: str, code: str, *, on: date | None) -> tuple[str | None, str | None]:
        """Commune and department of a typed code; None for what is unknown, or not loaded."""
        if not place_type or not code:
            return None, None
        place = self.gazetteer.locate(PlaceCode(PlaceType(place_type), code), on=on)
        return place.commune, place.department if place.department in self.departments else None


BATCH = 1_000


def place_lots() -> int:
    """Find again the place of the lots whose code was not read: contracts may come in before the places.

    Lots already placed are left as they are. Returns how many found their place.
    """
    places = Places()
    unplaced = Lot.objects.filter(department=None).exclude(place_code="").select_related("contract")
    found = []
    for lot in unplaced.iterator(chunk_size=BATCH):
        contract = getattr(lot, "contract", None)
        day = contract.notified_on if contract else lot.launched_on
        lot.commune_id, lot.department_id = places.locate(lot.place_type, lot.place_code, on=day)
        if lot.department_id:
            found.append(lot)
    Lot.objects.bulk_update(found, ["commune", "department"], batch_size=BATCH)
    return len(found)
