"""Which groups of people a reader may not see, and what they could be subtracted from."""

from collections.abc import Mapping
from dataclasses import replace

from relais.insight.disclosure import hidden
from relais.insight.queries.dimensions import PERSONAL, Ask


def wider(ask: Ask) -> Ask | None:
    """The wider figures whose difference with these must not show a small group; none when these are whole.

    With filters on people, those without the last of them; otherwise the whole years without any filter.
    """
    perimeter = ask.perimeter
    if perimeter.sex:
        return Ask(replace(perimeter, sex=""), ask.dimensions)
    if perimeter.category:
        return Ask(replace(perimeter, category=""), ask.dimensions)
    opened = perimeter.opened()
    personal = tuple(name for name in PERSONAL if name in ask.dimensions)
    return Ask(opened, personal) if personal and opened != perimeter else None


def masks_of(
    counted: Mapping[tuple[int, str, str], int], index: int, guard: int | None, dimension: str, fewest: int
) -> frozenset[str]:
    """The keys of a dimension not to show; `guard` is the place of the wider figures, if any."""

    def groups(place: int) -> dict[str, int]:
        return {key: n for (at, name, key), n in counted.items() if at == place and name == dimension}

    return hidden(groups(index), fewest, outside=groups(guard) if guard is not None else None)
