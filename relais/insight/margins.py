"""What a page of whole years reads at once: sums and numbers of people by one filter and one dimension.

`HoursCell` tells every combination, so it grows with the lines. A page asks for one dimension at a time, with
one filter at most in nearly all cases: `HoursMargin` holds these sums ready, `HeadMargin` the people.

People never add up over years. `HeadMargin` counts each of them in a year with the year in which the same
group had them last: those of a period are those of its years whose former year lies before it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import batched
from typing import Any

from relais.execution.models import Person
from relais.insight.models import HeadMargin, HoursMargin, PersonYear
from relais.kit.adding import add_amounts

FILTERS = ("", "buyer", "department", "modality", "sector", "mode", "category", "sex")
"""By what a page may be narrowed and still be read at once: nothing, or one value of one of these."""
DIMENSIONS = ("year", "sex", "category", "mode", "job_kind", "modality", "sector", "department", "buyer")
EVERYBODY = "all"
NEVER = 0
"""The former year of somebody who comes for the first time."""
HOURS = ("owed", "declared", "queried", "validated", "rejected", "training")
BATCH = 2_000
PEOPLE_AT_ONCE = 500

type Cell = tuple[Any, ...]
type Heads = Counter[tuple[Any, ...]]

CELL = (
    *("scheme", "month", "buyer", "department", "modality", "sector"),
    *("mode", "category", "sex", "job_kind"),
)
"""The parts of the key of a cell, in the order of the tally."""
MARGIN_KEY = ("scheme_id", "filter", "value", "year", "dimension", "key")
HEAD_KEY = (*MARGIN_KEY, "former_year")


def slots(names: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Where a row counts: under no filter, and under its own value of each of them."""
    for name in FILTERS:
        yield name, str(names[name]) if name else ""


def margins_of(cells: Mapping[Cell, Mapping[str, Decimal]]) -> dict[Cell, dict[str, Decimal]]:
    """The sums by filter, year and dimension of these cells."""
    found: dict[Cell, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for cell, hours in cells.items():
        names = dict(zip(CELL, cell, strict=True))
        year = names["year"] = names["month"].year
        changed = [(column, number) for column, number in hours.items() if number]
        for name, value in slots(names) if changed else ():
            for dimension in DIMENSIONS:
                sums = found[names["scheme"], name, value, year, dimension, str(names[dimension])]
                for column, number in changed:
                    sums[column] += number
    return found


def add_hours(cells: Mapping[Cell, Mapping[str, Decimal]]) -> None:
    """Add the changes of these cells to the margins; the caller's transaction keeps them whole."""
    rows = [
        (dict(zip(MARGIN_KEY, key, strict=True)), sums) for key, sums in sorted(margins_of(cells).items())
    ]
    add_amounts(HoursMargin, key=MARGIN_KEY, amounts=HOURS, rows=rows)


def add_heads(heads: Heads) -> None:
    """Add people to the margins that count them, rows in the order of their keys so that writers queue."""
    rows = [(dict(zip(HEAD_KEY, key, strict=True)), {"number": n}) for key, n in sorted(heads.items()) if n]
    add_amounts(HeadMargin, key=HEAD_KEY, amounts=("number",), rows=rows)


PERSON_YEAR = {
    "scheme": "scheme_id",
    "pseudonym": "pseudonym",
    "year": "year",
    "sex": "sex",
    "category": "category",
    "mode": "mode",
    "job_kind": "job_kind",
    "buyer": "obligation__buyer_id",
    "modality": "obligation__clause__modality",
    "sector": "obligation__clause__sector",
    "department": "obligation__clause__lot__department_id",
}


def heads_of(rows: Iterable[Mapping[str, Any]]) -> Heads:
    """How many people each group had in each year, by the year it had them last.

    The rows of each person come together.
    """
    found: Heads = Counter()
    years: dict[tuple[Any, ...], set[int]] = defaultdict(set)
    current: object = None
    for row in rows:
        who = (row["scheme"], row["pseudonym"])
        if who != current:
            _count(years, found)
            years.clear()
            current = who
        keys = [(EVERYBODY, ""), *((name, str(row[name])) for name in DIMENSIONS)]
        for slot in slots(row):
            for key in keys:
                years[row["scheme"], *slot, *key].add(row["year"])
    _count(years, found)
    return found


def _count(years: Mapping[tuple[Any, ...], Collection[int]], found: Heads) -> None:
    for (scheme, name, value, dimension, key), worked in years.items():
        former = NEVER
        for year in sorted(worked):
            found[scheme, name, value, year, dimension, key, former] += 1
            former = year


def person_years(**conditions: object) -> Iterator[dict[str, Any]]:
    """The years of people with validated hours, each person's together."""
    rows = PersonYear.objects.filter(validated__gt=0, **conditions).order_by("scheme", "pseudonym")
    for values in rows.values_list(*PERSON_YEAR.values()).iterator(chunk_size=BATCH):
        row = dict(zip(PERSON_YEAR, values, strict=True))
        row["department"] = row["department"] or ""
        yield row


@dataclass(frozen=True, slots=True)
class Watch:
    """Some people, and their years before a change."""

    people: Mapping[int, frozenset[str]]
    before: list[dict[str, Any]]

    @classmethod
    def on(cls, changed: Iterable[Cell]) -> "Watch":
        """Watch the people of these keys of the tally: scheme, obligation, year, pseudonym...

        They are locked until the end of the transaction: two writers who bring the same person into a group
        would both count it.
        """
        people: dict[int, set[str]] = defaultdict(set)
        for scheme, _obligation, _year, pseudonym, *_rest in changed:
            people[scheme].add(pseudonym)
        watched = {scheme: frozenset(some) for scheme, some in people.items()}
        for scheme, part in _parts(watched):
            same = Person.objects.filter(scheme_id=scheme, pseudonym__in=part).order_by("pk")
            list(same.select_for_update().values_list("pk"))
        return cls(watched, _years_of(watched))

    def follow(self) -> None:
        """Write what changed for them since; most hours change the years of nobody."""
        now = _years_of(self.people)
        if now == self.before:
            return
        after = heads_of(now)
        after.subtract(heads_of(self.before))
        add_heads(after)


def _parts(people: Mapping[int, Collection[str]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for scheme, some in people.items():
        for part in batched(sorted(some), PEOPLE_AT_ONCE):
            yield scheme, part


def _years_of(people: Mapping[int, Collection[str]]) -> list[dict[str, Any]]:
    return [
        row for scheme, part in _parts(people) for row in person_years(scheme_id=scheme, pseudonym__in=part)
    ]


def recounted_heads(scheme_id: int | None) -> dict[Cell, dict[str, Decimal]]:
    """What `HeadMargin` should hold, counted from the years of people."""
    narrow = {} if scheme_id is None else {"scheme_id": scheme_id}
    return {key: {"number": Decimal(number)} for key, number in heads_of(person_years(**narrow)).items()}
