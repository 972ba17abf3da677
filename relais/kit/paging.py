"""Pages of a list without ever counting it: one row more than shown tells whether more follow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

FURTHEST = 10_000
"""The last page number served: beyond, filters are the way."""


@dataclass(frozen=True, slots=True)
class Page[T]:
    """A slice of a list: its rows, its number from 1, and whether another follows."""

    items: Sequence[T]
    number: int
    has_next: bool
    size: int

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def first_row(self) -> int:
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last_row(self) -> int:
        return (self.number - 1) * self.size + len(self.items)

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def paginate(queryset: QuerySet[Any] | Sequence[Any], number: object, *, size: int = 50) -> Page[Any]:
    """The page asked for by the address; what is not a page number means the first page."""
    try:
        page = min(max(int(str(number or 1)), 1), FURTHEST)
    except ValueError:
        page = 1
    start = (page - 1) * size
    rows = list(queryset[start : start + size + 1])
    return Page(rows[:size], page, len(rows) > size, size)
