"""Write the margins anew, set by set in the database.

`margins` says what they mean (`margins_of`, `heads_of`): it counts in Python, one row after the other, and
`rollups.compare` tells where what is written here differs.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

from django.db import connection
from django.db.models import CharField, F, QuerySet, Sum, Value, Window
from django.db.models.functions import Cast, Coalesce, DenseRank, ExtractYear

from relais.insight.margins import (
    DIMENSIONS,
    EVERYBODY,
    FILTERS,
    HEAD_KEY,
    HOURS,
    MARGIN_KEY,
    NEVER,
    PERSON_YEAR,
)
from relais.insight.models import HeadMargin, HoursCell, HoursMargin, PersonYear

TEXT = CharField(max_length=30)


def rebuild_heads(scheme_ids: Collection[int]) -> None:
    """Count the people of these schemes anew from their years.

    A person is a number: their years in a group are sorted once for each filter and dimension.
    """
    HeadMargin.objects.filter(scheme_id__in=scheme_ids).delete()
    with _laid("peopled", _peopled(scheme_ids)) as cursor:
        cursor.execute("CREATE INDEX peopled_person ON peopled (person)")
        for name, dimension in product(FILTERS, (EVERYBODY, *DIMENSIONS)):
            cursor.execute(_heads_of_years(name, dimension))


def _peopled(scheme_ids: Collection[int]) -> QuerySet[PersonYear, Any]:
    """The years of people with validated hours, and the text of each of their dimensions."""
    rows = PersonYear.objects.filter(validated__gt=0, scheme_id__in=scheme_ids).order_by()
    texts = {
        name: Coalesce(Cast(PERSON_YEAR[name], TEXT), Value(""), output_field=TEXT) for name in DIMENSIONS
    }
    return rows.values(
        owner=F("scheme_id"),
        person=Window(DenseRank(), order_by=["scheme_id", "pseudonym"]),
        worked=F("year"),
        of_none=Value("", output_field=TEXT),
        **{f"of_{name}": text for name, text in texts.items()},
    )


def _heads_of_years(name: str, dimension: str) -> str:
    """The statement that counts people of one dimension under one filter; its words are constants."""
    value, key = _column(name), _column(dimension)
    columns = ", ".join((*HEAD_KEY, "number"))
    table = HeadMargin._meta.db_table
    return (
        f"INSERT INTO {table} ({columns}) "
        f"SELECT owner, '{name}', value, worked, '{dimension}', key, former, COUNT(*) FROM ("
        f"SELECT owner, {value} AS value, {key} AS key, worked, LAG(worked, 1, {NEVER}) OVER "
        f"(PARTITION BY person, {value}, {key} ORDER BY worked) AS former FROM peopled"
        ") years WHERE former < worked GROUP BY owner, value, worked, key, former "
        f"ON CONFLICT ({', '.join(HEAD_KEY)}) DO UPDATE SET number = {table}.number + excluded.number"
    )


def rebuild_hours(scheme_ids: Collection[int]) -> None:
    """Add up the cells of these schemes anew: once by year, then by each filter and dimension."""
    HoursMargin.objects.filter(scheme_id__in=scheme_ids).delete()
    with _laid("yearly", _yearly(scheme_ids)) as cursor:
        for name, dimension in product(FILTERS, DIMENSIONS):
            cursor.execute(_hours_of_years(name, dimension))


def _yearly(scheme_ids: Collection[int]) -> QuerySet[HoursCell, Any]:
    """The cells without their months, and the text of each of their dimensions."""
    cells = HoursCell.objects.filter(scheme_id__in=scheme_ids).order_by()
    return cells.values(
        owner=F("scheme_id"),
        worked=ExtractYear("month"),
        of_none=Value("", output_field=TEXT),
        **{f"of_{name}": Cast(name, TEXT) for name in DIMENSIONS if name != "year"},
        of_year=Cast(ExtractYear("month"), TEXT),
    ).annotate(**{f"sum_{column}": Sum(column) for column in HOURS})


def _hours_of_years(name: str, dimension: str) -> str:
    """The statement that adds up one dimension under one filter; its words are constants."""
    value, key = _column(name), _column(dimension)
    columns = ", ".join((*MARGIN_KEY, *HOURS))
    sums = ", ".join(f"SUM(sum_{column})" for column in HOURS)
    return (
        f"INSERT INTO {HoursMargin._meta.db_table} ({columns}) "
        f"SELECT owner, '{name}', {value}, worked, '{dimension}', {key}, {sums} FROM yearly "
        f"GROUP BY owner, worked, {value}, {key}"
    )


def _column(name: str) -> str:
    return "of_none" if name in ("", EVERYBODY) else f"of_{name}"


@contextmanager
def _laid(table: str, rows: QuerySet[Any, Any]) -> Iterator[Any]:
    """These rows in a temporary table, as long as it is read."""
    query, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {table} AS {query}", params)
        cursor.execute(f"ANALYZE {table}")
        yield cursor
        cursor.execute(f"DROP TABLE {table}")
