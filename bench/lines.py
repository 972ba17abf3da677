"""A ledger of any size from a seed, written once to Parquet and once into the real tables.

DuckDB draws the rows; nothing is looked up twice. Contracts are skewed as they are in life: a few large ones
hold most of the hours, a buyer buys in one department, a trade goes with a sector.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from bench.stage import say
from relais.clauses.enums import Modality
from relais.execution.enums import Category, JobKind, LineState, Mode
from relais.organisations.models import Scheme

HERE = Path(__file__).parent
CHUNK = 20_000
FIRST_YEAR, YEARS = 2016, 10
STATES = (
    *((LineState.VALIDATED.value,) * 80 + (LineState.LOCKED.value,) * 7),
    *((LineState.DECLARED.value,) * 8 + (LineState.QUERIED.value,) * 2 + (LineState.REJECTED.value,) * 3),
)
SECTORS = ("construction", "cleaning", "green", "waste", "catering", "transport", "security", "studies")


COUNTED = ("lines", "buyers", "departments", "obligations", "companies", "people", "jobs")


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each thing go with so many lines: those of the volumes known for the country."""

    lines: int

    @property
    def buyers(self) -> int:
        return max(20, self.lines // 2_500)

    @property
    def departments(self) -> int:
        return min(96, max(4, self.lines // 100_000))

    @property
    def obligations(self) -> int:
        return max(50, self.lines // 166)

    @property
    def companies(self) -> int:
        return max(20, self.obligations // 5)

    @property
    def people(self) -> int:
        return max(200, self.lines // 8)

    @property
    def jobs(self) -> int:
        return max(300, self.lines // 5)


def drawn(size: Size, seed: int, scheme: Scheme) -> duckdb.DuckDBPyConnection:
    """The rows, in tables of a DuckDB that lives in memory. Hours are whole hundredths."""
    base = duckdb.connect()
    values = {
        "seed": seed,
        "own": scheme.coordinator_id,
        "first_year": FIRST_YEAR,
        "first_months": YEARS * 12 - 12,
        **{name: getattr(size, name) for name in COUNTED},
        "modes": _list(Mode.values),
        "categories": _list(Category.values),
        "kinds": _list(JobKind.values),
        "modalities": _list(Modality.values),
        "sectors": _list(SECTORS),
        "states": _list(STATES),
    }
    base.execute((HERE / "draw.sql").read_text(encoding="utf-8").format(**values))
    return base


def _list(values: Sequence[str]) -> str:
    return ", ".join(f"'{value}'" for value in values if value)


def export(base: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    """The lines with all that is asked of them in one wide table: what a data team would keep."""
    target = folder / "lines.parquet"
    base.execute(f"COPY flat TO '{target}' (FORMAT parquet)")
    return target


def tables(file: str) -> Iterator[tuple[type[models.Model], str]]:
    """Our models in the order of their relations, and the query that gives their rows."""
    for part in (HERE / file).read_text(encoding="utf-8").split("-- to ")[1:]:
        label, _, query = part.partition("\n")
        yield apps.get_model(label.strip()), query


def load(base: duckdb.DuckDBPyConnection, scheme: Scheme) -> None:
    """Put the rows into our tables by bulk SQL, indexes made again afterwards."""
    asked = list(tables("tables.sql"))
    for model, query in asked:
        say(f"  {model._meta.label}")
        base.execute(query.format(scheme=scheme.pk, body=scheme.coordinator_id, first_year=FIRST_YEAR))
        with transaction.atomic():
            fill(model, base)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model for model, _ in asked]):
            cursor.execute(statement)
    analyze()


def analyze() -> None:
    """Tell PostgreSQL what its tables hold, as autovacuum does on its own, in its time."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def fill(model: type[models.Model], base: duckdb.DuckDBPyConnection) -> None:
    """Put the rows that DuckDB is ready to give into a table of ours; other columns get their default."""
    given = [column[0] for column in base.description]
    rest = [
        field for field in model._meta.concrete_fields if field.column not in given and not _is_new_key(field)
    ]
    constants = tuple(field.get_db_prep_save(field.get_default(), connection) for field in rest)
    columns = ", ".join(f'"{name}"' for name in (*given, *(field.column for field in rest)))
    rows = chain.from_iterable(iter(lambda: base.fetchmany(CHUNK), []))
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row((*row, *constants))
            return
        indexes = _indexes(cursor, table)
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        marks = ", ".join(["?"] * (len(given) + len(constants)))
        raw = connection.connection.cursor()
        raw.executemany(
            f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', ((*row, *constants) for row in rows)
        )
        for _, statement in indexes:
            cursor.execute(statement)


def _is_new_key(field: Any) -> bool:
    return field.primary_key and isinstance(field, models.AutoField)


def _indexes(cursor: Any, table: str) -> list[tuple[str, str]]:
    made = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL"
    cursor.execute(made, [table])
    return list(cursor.fetchall())
