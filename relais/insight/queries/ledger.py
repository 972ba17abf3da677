"""The totals stored on obligations and debtors, recounted from their entries and lines."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from relais.execution.enums import LineState
from relais.execution.models import Debtor, Entry, Obligation, StatementLine
from relais.insight.rollups import CHUNK, COLUMN_OF_STATE, Difference, Recount

COLUMNS = ("owed", "declared", "queried", "validated", "rejected")
ZERO = Decimal(0)

type Sums = dict[int, dict[str, Decimal]]


def compare_stored(scheme_id: int | None = None) -> Recount:
    """Compare the totals of every obligation and debtor with what their entries and lines give."""
    narrow: dict[str, Any] = {} if scheme_id is None else {"obligation__scheme_id": scheme_id}
    debtors: Sums = defaultdict(lambda: defaultdict(Decimal))
    whole: Sums = defaultdict(lambda: defaultdict(Decimal))
    lines = StatementLine.objects.exclude(state=LineState.DRAFT).filter(**narrow).order_by("pk")
    read_lines = read_entries = 0
    columns = ("obligation_id", "job_contract__debtor_id", "state", "counted_hours")
    for obligation, debtor, state, hours in lines.values_list(*columns).iterator(chunk_size=CHUNK):
        read_lines += 1
        for sums in (whole[obligation], debtors[debtor]):
            sums[COLUMN_OF_STATE[state]] += hours
    entries = Entry.objects.filter(**narrow).order_by("pk").values_list("obligation_id", "debtor_id", "hours")
    for obligation, debtor, hours in entries.iterator(chunk_size=CHUNK):
        read_entries += 1
        whole[obligation]["owed"] += hours
        debtors[debtor]["owed"] += hours
    kept = Obligation.objects.order_by("pk")
    if scheme_id is not None:
        kept = kept.filter(scheme_id=scheme_id)
    parts = Debtor.objects.filter(**narrow).order_by("pk")
    found = [*_unequal("obligation", kept, whole), *_unequal("debtor", parts, debtors)]
    totals = kept.count() + parts.count()
    return Recount(read_lines, read_entries, totals, tuple(found))


def _unequal(name: str, rows: Any, counted: Mapping[int, Mapping[str, Decimal]]) -> list[Difference]:
    found = []
    for pk, *stored in rows.values_list("pk", *COLUMNS).iterator(chunk_size=CHUNK):
        true = counted.get(pk, {})
        found += [
            Difference(name, f"id={pk}", column, kept, true.get(column, ZERO))
            for column, kept in zip(COLUMNS, stored, strict=True)
            if kept != true.get(column, ZERO)
        ]
    return found
