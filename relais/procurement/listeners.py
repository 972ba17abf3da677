"""What the room hears from the rooms below."""

from relais.kit.events import subscribe
from relais.procurement.actions.places import place_lots
from relais.territories.events import TerritoriesLoaded


@subscribe(TerritoriesLoaded)
def place_what_waited(event: TerritoriesLoaded) -> None:
    """Contracts imported before the places were known are placed as soon as they are."""
    place_lots()
