"""What the territories tell the rooms above them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TerritoriesLoaded:
    """The official lists were loaded and something changed: places may be known that were not."""
