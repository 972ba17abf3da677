"""A layout: what each column of a table means, by its head, so that it serves the next file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from relais.execution.layouts.roles import AMOUNTS, MONTH_MARK, Role, role_of
from relais.execution.layouts.tables import Column, Table


@dataclass(frozen=True, slots=True)
class Layout:
    """The role of each column by its key; a table to leave aside has `skip`."""

    roles: Mapping[str, Role] = field(default_factory=dict)
    skip: bool = False

    def of(self, column: Column) -> Role | None:
        """What the column means; None when nobody said."""
        return self.roles.get(column.key)

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {"roles": {key: role.value for key, role in self.roles.items()}, "skip": self.skip}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """The inverse of `as_dict`."""
        return cls({key: Role(role) for key, role in kept["roles"].items()}, bool(kept["skip"]))


def guessed(table: Table, learned: Mapping[str, Role] | None = None) -> Layout:
    """What the heads say; `learned`: roles taught for the same heads in other layouts, which win."""
    known = learned or {}
    roles: dict[str, Role] = {}
    for column in table.columns:
        role = known.get(column.key) or role_of(column.key)
        if role is not None:
            roles[column.key] = role
    return Layout(_settled(_once(roles), table))


def _once(roles: Mapping[str, Role]) -> dict[str, Role]:
    """A thing is read in one column, the first; months and totals may be many."""
    kept: dict[str, Role] = {}
    for key, role in roles.items():
        many = MONTH_MARK in key or role in (Role.TOTAL, Role.TOTAL_TRAINING, Role.IGNORED)
        if many or role not in kept.values():
            kept[key] = role
    return kept


def _settled(roles: dict[str, Role], table: Table) -> dict[str, Role]:
    """“Total heures” is a total beside months, and the hours themselves when nothing else holds them."""
    monthly = any(MONTH_MARK in key and role in AMOUNTS for key, role in roles.items())
    plain = [key for key, role in roles.items() if role is Role.HOURS and MONTH_MARK not in key]
    if monthly:
        return {key: Role.TOTAL if key in plain else role for key, role in roles.items()}
    totals = [key for key, role in roles.items() if role is Role.TOTAL]
    if not plain and len(totals) == 1:
        roles[totals[0]] = Role.HOURS
    return roles


def lacking(layout: Layout) -> list[Role]:
    """What a layout must still say to be read: hours or training; nothing for a table left aside."""
    if layout.skip or set(layout.roles.values()) & {Role.HOURS, Role.TRAINING}:
        return []
    return [Role.HOURS]


def repeated(layout: Layout, table: Table) -> list[tuple[Column, Column]]:
    """Columns that say the same thing twice: two last names, the same month and role."""
    seen: dict[tuple[Role, object], Column] = {}
    found = []
    for column in table.columns:
        role = layout.of(column)
        if role in (None, Role.IGNORED, Role.TOTAL, Role.TOTAL_TRAINING):
            continue
        place = (role, column.month if role in AMOUNTS else None)
        if place in seen:
            found.append((seen[place], column))
        seen.setdefault(place, column)
    return found
