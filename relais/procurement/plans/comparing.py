"""A plan read again beside the plan as kept: what is new, what changed, what is gone; nothing is stored."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from relais.procurement.decp.vocabulary import fold
from relais.procurement.plans.reading import PlanRow

COMPARED = (
    *("object", "reference", "lot_number", "operation", "cpv", "nature", "amount", "months"),
    *("launched_on", "notified_on", "place", "lead", "service", "remark"),
)
"""What makes two readings of a purchase the same."""


def content_of(row: PlanRow) -> dict[str, Any]:
    """What was read of a purchase, JSON-safe: kept with its line, compared the next time."""
    read = {name: getattr(row, name) for name in COMPARED}
    return {name: None if value is None else str(value) for name, value in read.items()}


@dataclass(frozen=True, slots=True)
class Known:
    """A line of the plan as kept: what the last file said of it, whether it had left the plan, and
    whether it came in by hand: a file that does not name it says nothing of it."""

    pk: int
    content: Mapping[str, Any] = field(hash=False)
    is_gone: bool = False
    is_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A line that the file tells otherwise: the names of what differs."""

    known: Known
    row: PlanRow
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every row of the file is added, changed or unchanged; every line kept is there, gone, or by hand."""

    added: tuple[PlanRow, ...]
    changed: tuple[Change, ...]
    unchanged: tuple[tuple[Known, PlanRow], ...]
    gone: tuple[Known, ...]


def compare(known: Sequence[Known], rows: Sequence[PlanRow]) -> Comparison:
    """Pair rows with lines: the same content first, then the buyer's reference, then object and lot number.

    A reference shared by several lots pairs them by lot number, then by object. No line is paired twice.
    """
    pairs = _paired(known, rows)
    added, changed, unchanged = [], [], []
    for at, row in enumerate(rows):
        line = pairs.get(at)
        if line is None:
            added.append(row)
            continue
        content = content_of(row)
        names = tuple(name for name in COMPARED if content[name] != line.content.get(name))
        if names or line.is_gone:
            changed.append(Change(line, row, names))
        else:
            unchanged.append((line, row))
    kept = {line.pk for line in pairs.values()}
    gone = tuple(line for line in known if line.pk not in kept and not line.is_gone and not line.is_by_hand)
    return Comparison(tuple(added), tuple(changed), tuple(unchanged), gone)


def _paired(known: Sequence[Known], rows: Sequence[PlanRow]) -> dict[int, Known]:
    pairs: dict[int, Known] = {}
    left = {line.pk: line for line in known}
    contents = [content_of(row) for row in rows]
    for key_of in _KEYS:
        waiting: dict[Any, list[Known]] = defaultdict(list)
        for line in left.values():
            if (key := key_of(line.content)) is not None:
                waiting[key].append(line)
        asking: dict[Any, list[int]] = defaultdict(list)
        for at, content in enumerate(contents):
            if at not in pairs and (key := key_of(content)) is not None:
                asking[key].append(at)
        for key, places in asking.items():
            lines = waiting.get(key, [])
            if len(places) == len(lines) or key_of is _whole:
                for at, line in zip(places, lines, strict=False):
                    pairs[at] = line
                    del left[line.pk]
    return pairs


def _whole(content: Mapping[str, Any]) -> Any:
    return tuple(content.get(name) for name in COMPARED)


def _reference_lot_object(content: Mapping[str, Any]) -> Any:
    reference = fold(content.get("reference") or "")
    return (reference, content.get("lot_number"), fold(content.get("object") or "")) if reference else None


def _reference_lot(content: Mapping[str, Any]) -> Any:
    reference = fold(content.get("reference") or "")
    return (reference, content.get("lot_number")) if reference else None


def _reference(content: Mapping[str, Any]) -> Any:
    return fold(content.get("reference") or "") or None


def _object_lot(content: Mapping[str, Any]) -> Any:
    return (fold(content.get("object") or ""), content.get("lot_number"))


_KEYS = (_whole, _reference_lot_object, _reference_lot, _reference, _object_lot)
