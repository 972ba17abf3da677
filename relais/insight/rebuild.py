"""Write the totals of `insight.models` anew from the lines and the entries, set by set in the database.

The definitions are those of `rollups.Tally`, said to the database: `rollups.compare` reads the lines one by
one in Python and must agree with what is written here.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection, models, transaction
from django.db.models import CharField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, ExtractYear, TruncMonth

from relais.execution.enums import LineState
from relais.execution.models import Entry, StatementLine
from relais.insight.margin_rebuild import rebuild_heads, rebuild_hours
from relais.insight.models import DebtMonth, HoursCell, PersonYear
from relais.insight.rollups import COLUMN_OF_STATE, TABLES
from relais.kit.fields import HundredthsField

CLAUSE = {
    "scheme_id": F("obligation__scheme_id"),
    "buyer_id": F("obligation__buyer_id"),
    "department": Coalesce("obligation__clause__lot__department_id", Value(""), output_field=CharField()),
    "modality": F("obligation__clause__modality"),
    "sector": F("obligation__clause__sector"),
}
JOB = {
    "mode": F("job_contract__mode"),
    "category": F("job_contract__eligibility__category"),
    "sex": F("job_contract__person__sex"),
    "job_kind": F("job_contract__kind"),
}
DEBT = ("scheme_id", "department")


@transaction.atomic
def rebuild(scheme_ids: Collection[int]) -> None:
    """Write the totals of these schemes anew; readers see the former ones until all are written."""
    for table in TABLES:
        table.model._default_manager.filter(scheme_id__in=scheme_ids).delete()
    lines = StatementLine.objects.filter(obligation__scheme_id__in=scheme_ids).exclude(state=LineState.DRAFT)
    entries = Entry.objects.filter(obligation__scheme_id__in=scheme_ids)
    for write in (_cells, _debts, _people):
        write(lines.order_by(), entries.order_by())
    rebuild_hours(scheme_ids)
    rebuild_heads(scheme_ids)


def _cells(lines: QuerySet[StatementLine], entries: QuerySet[Entry]) -> None:
    """Lines and entries never share a cell: what is owed has neither mode, category nor kind of job."""
    worked = {**_by_state(), "training": _sum("training_hours", _in("validated"))}
    _insert(HoursCell, lines, {**CLAUSE, **JOB, "month": F("month")}, worked)
    nobody = {name: Value("", output_field=CharField()) for name in JOB}
    month = {"month": TruncMonth("effective_on")}
    _insert(HoursCell, entries, {**CLAUSE, **nobody, **month}, {"owed": _sum("hours")})


def _debts(lines: QuerySet[StatementLine], entries: QuerySet[Entry]) -> None:
    debt = {name: CLAUSE[name] for name in DEBT}
    worked = {**debt, "obligation_id": F("obligation_id"), "debtor_id": F("job_contract__debtor_id")}
    _insert(DebtMonth, lines, {**worked, "month": F("month")}, _by_state())
    owing = {**debt, "obligation_id": F("obligation_id"), "debtor_id": F("debtor_id")}
    month = {"month": TruncMonth("effective_on")}
    _insert(DebtMonth, entries, {**owing, **month}, {"owed": _sum("hours")}, same=("debtor_id", "month"))


def _people(lines: QuerySet[StatementLine], _entries: QuerySet[Entry]) -> None:
    names = {
        **{name: JOB[name] for name in ("sex", "category", "mode", "job_kind")},
        "scheme_id": CLAUSE["scheme_id"],
        "obligation_id": F("obligation_id"),
        "year": ExtractYear("month"),
        "pseudonym": F("job_contract__person__pseudonym"),
    }
    _insert(PersonYear, lines.filter(_in("validated")), names, {"validated": _sum("counted_hours")})


def _by_state() -> dict[str, Any]:
    columns = dict.fromkeys(COLUMN_OF_STATE.values())
    return {column: _sum("counted_hours", _in(column)) for column in columns}


def _in(column: str) -> Q:
    return Q(state__in=[state for state, name in COLUMN_OF_STATE.items() if name == column])


def _sum(name: str, only: Q | None = None) -> Any:
    return Coalesce(Sum(name, filter=only), Value(0), output_field=HundredthsField())


def _insert(
    model: type[models.Model],
    rows: QuerySet[Any],
    keys: Mapping[str, Any],
    sums: Mapping[str, Any],
    same: Iterable[str] = (),
) -> None:
    """Group rows by these keys and write the sums, onto the rows that are the `same` when there are some."""
    given = {f"to_{name}": value for name, value in keys.items()}
    added = {f"sum_{name}": value for name, value in sums.items()}
    grouped = rows.annotate(**given).values(*given).annotate(**added).values_list(*given, *added)
    query, params = grouped.query.sql_with_params()
    told = {*keys, *sums}
    rest = [
        field for field in model._meta.concrete_fields if not field.primary_key and field.column not in told
    ]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in (*keys, *sums, *(str(field.column) for field in rest)))
    constants = ", %s" * len(rest)
    text = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) "
    text += f"SELECT grouped.*{constants} FROM ({query}) grouped WHERE true"
    if same:
        updated = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in sums)
        text += f" ON CONFLICT ({', '.join(map(quote, same))}) DO UPDATE SET {updated}"
    defaults = [field.get_db_prep_save(field.get_default(), connection) for field in rest]
    with connection.cursor() as cursor:
        cursor.execute(text, [*defaults, *params])
