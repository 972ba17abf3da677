"""Pages of whole years with one filter at most, read from the margins: some rows for each figure shown."""

from typing import Any

from django.db.models import BigIntegerField, CharField, IntegerField, QuerySet, Sum, Value
from django.db.models.functions import Cast

from relais.insight.margins import EVERYBODY, FILTERS
from relais.insight.models import HeadMargin, HoursMargin, Margin
from relais.insight.perimeter import Perimeter
from relais.insight.queries.dimensions import HOURS, Ask
from relais.insight.scopes import Scope
from relais.kit.fields import total

TEXT = CharField()
NO_FILTER = ("", "")


def slot_of(perimeter: Perimeter, scope: Scope) -> tuple[str, str] | None:
    """The filter and its value under which the margins hold this page; None when they do not."""
    if not perimeter.whole_years or scope.own is not None:
        return None
    asked = {(name, str(value)) for name in FILTERS if name and (value := getattr(perimeter, name))}
    if scope.departments is not None:
        if scope.buyer is not None or len(scope.departments) != 1:
            return None
        asked.add(("department", scope.departments[0]))
    elif scope.buyer is not None:
        asked.add(("buyer", str(scope.buyer)))
    return next(iter(asked), NO_FILTER) if len(asked) <= 1 else None


def _rows[M: Margin](
    model: type[M], ask: Ask, slot: tuple[str, str], dimensions: tuple[str, ...]
) -> QuerySet[M]:
    perimeter = ask.perimeter
    return model._default_manager.filter(
        scheme_id=perimeter.scheme_id,
        filter=slot[0],
        value=slot[1],
        year__gte=perimeter.first.year,
        year__lte=perimeter.last.year,
        dimension__in=dimensions,
    ).order_by()


def hours_ready(ask: Ask, slot: tuple[str, str], index: int) -> Any:
    """The grouping to unite with those of the cells: place, dimension, key, hours."""
    rows = _rows(HoursMargin, ask, slot, ask.dimensions)
    return (
        rows.annotate(ask=Value(index, output_field=IntegerField()))
        .values("ask", "dimension", "key")
        .annotate(**{f"sum_{column}": total(column) for column in HOURS})
        .values_list("ask", "dimension", "key", *(f"sum_{column}" for column in HOURS))
    )


def heads_ready(ask: Ask, slot: tuple[str, str], index: int) -> Any:
    """The grouping to unite with the counts: place, dimension, key, number of people, 0.

    Whoever was there in a year of the period before is counted in that one.
    """
    rows = _rows(HeadMargin, ask, slot, (EVERYBODY, *ask.dimensions))
    return (
        rows.filter(former_year__lt=ask.perimeter.first.year)
        .annotate(
            place=Value(index, output_field=IntegerField()),
            other=Value(0, output_field=BigIntegerField()),
        )
        .values("place", "dimension", "key", "other")
        .annotate(people=Cast(Sum("number"), BigIntegerField()))
        .values_list("place", "dimension", "key", "people", "other")
    )
