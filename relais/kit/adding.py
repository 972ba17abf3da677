"""Add amounts to stored totals by one statement a row, whether the row is there or not."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection, models


def add_amounts(
    model: type[models.Model],
    *,
    key: Sequence[str],
    amounts: Sequence[str],
    rows: Iterable[tuple[Mapping[str, Any], Mapping[str, Decimal] | Mapping[str, int]]],
    carried: Sequence[str] = (),
) -> None:
    """Add to each row named by its key the amounts given, or write the row when it is missing.

    `key`: attribute names of a unique constraint; `amounts`: every column of amounts, none given means zero;
    `carried`: columns that take the last value. Each row is a mapping of key and carried values, and one of
    amounts. The database adds, so two writers never lose each other's amounts.
    """
    fields = [_field(model, name) for name in (*key, *carried, *amounts)]
    columns = [connection.ops.quote_name(field.column) for field in fields]
    table = connection.ops.quote_name(model._meta.db_table)
    added = columns[len(key) + len(carried) :]
    changes = [f"{column} = {table}.{column} + EXCLUDED.{column}" for column in added]
    changes += [f"{column} = EXCLUDED.{column}" for column in columns[len(key) : len(key) + len(carried)]]
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))}) "
        f"ON CONFLICT ({', '.join(columns[: len(key)])}) DO UPDATE SET {', '.join(changes)}"
    )
    parameters = [
        [
            field.get_db_prep_save({**named, **given}.get(name, Decimal(0)), connection)
            for name, field in zip((*key, *carried, *amounts), fields, strict=True)
        ]
        for named, given in rows
    ]
    if parameters:
        with connection.cursor() as cursor:
            cursor.executemany(statement, parameters)


def _field(model: type[models.Model], name: str) -> Any:
    """The field behind an attribute: `buyer_id` as well as `month`."""
    return next(field for field in model._meta.concrete_fields if name in (field.attname, field.name))
