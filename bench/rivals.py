"""The rivals of the consolidated page: DuckDB on a Parquet file, and plain SQL on our own lines."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from relais.insight.queries.dimensions import BREAKDOWNS

VALIDATED = "state IN ('VALIDATED', 'LOCKED')"
MEASURES = f"""
    coalesce(sum(CASE WHEN state = 'DECLARED' THEN hours END), 0),
    coalesce(sum(CASE WHEN state = 'QUERIED' THEN hours END), 0),
    coalesce(sum(CASE WHEN {VALIDATED} THEN hours END), 0),
    coalesce(sum(CASE WHEN state = 'REJECTED' THEN hours END), 0),
    coalesce(sum(CASE WHEN {VALIDATED} THEN training END), 0),
    count(DISTINCT CASE WHEN {VALIDATED} THEN pseudonym END)"""
COUNTS = f"""SELECT count(DISTINCT obligation_id), count(DISTINCT company) FROM {{flat}}
    WHERE {{condition}} AND {VALIDATED}"""
YEAR_OF = {
    "sqlite": "substr(line.month, 1, 4)",
    "postgresql": "CAST(EXTRACT(YEAR FROM line.month) AS integer)::text",
}
JOINED = """SELECT {year} AS year, line.month, CAST(obligation.buyer_id AS text) AS buyer,
        coalesce(lot.department_id, '') AS department, clause.modality, clause.sector, job.mode,
        eligibility.category, person.sex, job.kind AS job_kind, person.pseudonym, line.obligation_id,
        debtor.organisation_id AS company, line.state, line.counted_hours AS hours,
        line.training_hours AS training
    FROM execution_statementline line
    JOIN execution_obligation obligation ON obligation.id = line.obligation_id
    JOIN clauses_clause clause ON clause.id = obligation.clause_id
    JOIN procurement_lot lot ON lot.id = clause.lot_id
    JOIN execution_jobcontract job ON job.id = line.job_contract_id
    JOIN execution_debtor debtor ON debtor.id = job.debtor_id
    JOIN execution_eligibility eligibility ON eligibility.id = job.eligibility_id
    JOIN execution_person person ON person.id = job.person_id"""

type Figures = dict[tuple[str, str], tuple[int, ...]]


def grouping_sets(flat: str, condition: str) -> str:
    """Every breakdown and the whole in one reading."""
    names = ", ".join(BREAKDOWNS)
    sets = ", ".join(["()", *(f"({name})" for name in BREAKDOWNS)])
    return f"SELECT {names}, {MEASURES} FROM {flat} WHERE {condition} GROUP BY GROUPING SETS ({sets})"


def by_set(rows: Sequence[Sequence[Any]]) -> Figures:
    """The rows of grouping sets: the one key that is not null names its breakdown."""
    found: Figures = {}
    for row in rows:
        keys, measures = row[: len(BREAKDOWNS)], row[len(BREAKDOWNS) :]
        told = [(name, str(key)) for name, key in zip(BREAKDOWNS, keys, strict=True) if key is not None]
        found[told[0] if told else ("all", "")] = tuple(int(number) for number in measures)
    return without_empty(found)


def without_empty(found: Figures) -> Figures:
    """The rows that show something: a value of a dimension without any hour is no row of the page."""
    return {key: row for key, row in found.items() if any(row)}


def counted(found: Figures, row: Sequence[Any]) -> Figures:
    found["count", "worked"], found["count", "companies"] = (int(row[0]),), (int(row[1]),)
    return found


class Duck:
    """DuckDB with its defaults: all cores, and as much memory as it wants."""

    def __init__(self, parquet: Path, folder: Path) -> None:
        self.base = duckdb.connect()
        self.base.execute(f"SET temp_directory = '{folder / 'duck'}'")
        self.flat = f"'{parquet}'"

    def page(self, condition: str) -> Figures:
        found = by_set(self.base.execute(grouping_sets(self.flat, condition)).fetchall())
        row = self.base.execute(COUNTS.format(flat=self.flat, condition=condition)).fetchone()
        return counted(found, row or ())

    def question(self, groups: Sequence[str], measure: str) -> list[tuple[Any, ...]]:
        names = ", ".join(groups)
        query = f"SELECT {names}, {measure} FROM {self.flat} WHERE {VALIDATED} GROUP BY {names}"
        return self.base.execute(query).fetchall()


class Plain:
    """The same asked of the lines, in the database that holds them, by somebody who keeps no totals."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.flat = JOINED.format(year=YEAR_OF[connection.vendor])

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    def page(self, condition: str) -> Figures:
        lines = f"({self.flat}) lines"
        if self.connection.vendor == "postgresql":
            found = by_set(self._all(grouping_sets(lines, condition)))
        else:
            found = self._one_by_one(condition)
        return counted(found, self._all(COUNTS.format(flat=lines, condition=condition))[0])

    def _one_by_one(self, condition: str) -> Figures:
        """SQLite has no grouping sets: the lines are joined once, then grouped ten times."""
        parts = [f"SELECT 'all', '', {MEASURES} FROM kept"]
        parts += [f"SELECT '{name}', {name}, {MEASURES} FROM kept GROUP BY {name}" for name in BREAKDOWNS]
        query = f"WITH kept AS MATERIALIZED (SELECT * FROM ({self.flat}) WHERE {condition}) "
        rows = self._all(query + " UNION ALL ".join(parts))
        found = {(name, str(key)): tuple(int(n) for n in measures) for name, key, *measures in rows}
        return without_empty(found)

    def question(self, groups: Sequence[str], measure: str) -> list[tuple[Any, ...]]:
        names = ", ".join(groups)
        return self._all(
            f"SELECT {names}, {measure} FROM ({self.flat}) lines WHERE {VALIDATED} GROUP BY {names}"
        )
