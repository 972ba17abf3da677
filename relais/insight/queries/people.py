"""Distinct people of a perimeter, in all and in each group: people never add up.

Whole years are read in `HeadMargin`, or counted on `PersonYear` when there are several filters; a period that
cuts a year is counted on the lines, grouped by person. Somebody counts in a group with validated hours above
zero there for one obligation.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from relais.execution.models import StatementLine
from relais.insight.models import PersonYear
from relais.insight.perimeter import Perimeter
from relais.insight.queries.dimensions import JOB_FILTERS, LINE_PATHS, PERSON_YEAR_PATHS, Ask
from relais.insight.queries.margins import heads_ready, slot_of
from relais.insight.scopes import Scope
from relais.kit.fields import total

type Heads = dict[tuple[int, str, str], int]
"""Number of people by place of the perimeter, dimension and key; dimension "all" for the whole."""

TEXT = CharField()
PERSON = "job_contract__person__pseudonym"


def of_rollups(asks: Sequence[Ask], scope: Scope) -> list[Any]:
    """The groupings to unite with the counts: place, dimension, key, number, 0."""
    grouped = []
    for index, ask in enumerate(asks):
        slot = slot_of(ask.perimeter, scope)
        if slot is not None:
            grouped.append(heads_ready(ask, slot, index))
        elif ask.perimeter.whole_years:
            rows = _person_years(ask.perimeter, scope)
            grouped += [_counted(rows, index, name) for name in ("all", *ask.dimensions)]
    return grouped


def _person_years(perimeter: Perimeter, scope: Scope) -> QuerySet[PersonYear]:
    return PersonYear.objects.filter(
        scope.obligations("obligation__"),
        scheme_id=perimeter.scheme_id,
        year__gte=perimeter.first.year,
        year__lte=perimeter.last.year,
        validated__gt=0,
        **perimeter.clause_filters("obligation__clause__"),
        **perimeter.job_filters({name: PERSON_YEAR_PATHS[name] for name in JOB_FILTERS}),
    )


def _counted(rows: QuerySet[PersonYear], index: int, name: str) -> Any:
    key: Any = Value("", output_field=TEXT)
    if name != "all":
        key = Coalesce(Cast(PERSON_YEAR_PATHS[name], TEXT), Value(""), output_field=TEXT)
    return (
        rows.annotate(
            place=Value(index, output_field=IntegerField()),
            dimension=Value(name, output_field=TEXT),
            key=key,
            other=Value(0, output_field=BigIntegerField()),
        )
        .values("place", "dimension", "key", "other")
        .annotate(number=Count("pseudonym", distinct=True))
        .values_list("place", "dimension", "key", "number", "other")
        .order_by()
    )


def of_lines(asks: Sequence[Ask], scope: Scope) -> Heads:
    """The same for the periods that cut years, in one query; none when there is no such period."""
    names = tuple(LINE_PATHS)
    grouped = [
        _grouped(ask.perimeter, scope, index)
        for index, ask in enumerate(asks)
        if not ask.perimeter.whole_years
    ]
    if not grouped:
        return {}
    seen: dict[tuple[int, str, str], set[str]] = defaultdict(set)
    for index, person, _obligation, *keys, _hours in grouped[0].union(*grouped[1:], all=True).order_by():
        seen[index, "all", ""].add(person)
        for name, key in zip(names, keys, strict=True):
            seen[index, name, "" if key is None else str(key)].add(person)
    return {group: len(people) for group, people in seen.items()}


def _grouped(perimeter: Perimeter, scope: Scope, index: int) -> Any:
    columns = (PERSON, "obligation_id", *LINE_PATHS.values())
    return (
        StatementLine.objects.counted()
        .filter(
            scope.obligations("obligation__"),
            obligation__scheme_id=perimeter.scheme_id,
            **perimeter.month_filters(),
            **perimeter.clause_filters("obligation__clause__"),
            **perimeter.job_filters({name: LINE_PATHS[name] for name in JOB_FILTERS}),
        )
        .order_by()
        .annotate(place=Value(index, output_field=IntegerField()))
        .values("place", *columns)
        .annotate(worked=total("counted_hours"))
        .filter(worked__gt=0)
        .values_list("place", *columns, "worked")
    )
