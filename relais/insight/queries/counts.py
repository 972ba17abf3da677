"""Contracts, buyers and companies of a perimeter: those that start, run, have hours, or are closed in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, NullIf, Substr

from relais.execution.models import Debtor, JobContract, Obligation, StatementLine
from relais.insight.models import DebtMonth
from relais.insight.perimeter import Perimeter
from relais.insight.queries.dimensions import Ask
from relais.insight.queries.people import Heads
from relais.insight.scopes import Scope, of_body

WHOLE_NUMBER = BigIntegerField()
TEXT = CharField()
SIREN_LENGTH = 9
JOB_PATHS = {"mode": "mode", "category": "eligibility__category", "sex": "person__sex"}


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of contracts and bodies.

    `started`: notified in the period. `running`: performed in it. `worked`: with validated hours in it;
    `covered` are those of them that are running. `closed`: closed in it, with what they owed and did.
    """

    started: int = 0
    running: int = 0
    worked: int = 0
    covered: int = 0
    buyers: int = 0
    companies: int = 0
    closed: int = 0
    closed_owed: Decimal = Decimal(0)
    closed_validated: Decimal = Decimal(0)

    @property
    def coverage(self) -> Decimal | None:
        """Share of the running contracts that have validated hours in the period."""
        if not self.running:
            return None
        return (Decimal(self.covered) / self.running).quantize(Decimal("0.0001"))

    @property
    def realisation(self) -> Decimal | None:
        """Validated over owed, on the contracts closed in the period only."""
        if self.closed_owed <= 0:
            return None
        return (self.closed_validated / self.closed_owed).quantize(Decimal("0.0001"))


def notified() -> Coalesce:
    """The day a contract was notified, or the start of its performance when that is not known."""
    return Coalesce("clause__contract__notified_on", "starts_on")


def in_performance(first: date, last: date, prefix: str = "") -> Q:
    """Performed on a day at least between these two: until closed, or until the end that was agreed."""
    return Q(**{f"{prefix}starts_on__lte": last}) & (
        Q(**{f"{prefix}closed_on__gte": first})
        | Q(**{f"{prefix}closed_on": None, f"{prefix}ends_on__gte": first})
    )


def obligations_in(perimeter: Perimeter, scope: Scope) -> QuerySet[Obligation]:
    """The obligations that a perimeter is about, whatever its months."""
    return Obligation.objects.filter(
        scope.obligations(), scheme_id=perimeter.scheme_id, **perimeter.clause_filters("clause__")
    )


def counts_of(asks: Sequence[Ask], scope: Scope, others: Sequence[Any]) -> tuple[list[Counts], Heads]:
    """The counts of each perimeter and, read in the same query, what the other groupings give."""
    grouped = list(others)
    for index, ask in enumerate(asks):
        grouped += _of_contracts(ask.perimeter, scope, index)
        grouped += _of_work(ask.perimeter, scope, index)
    kept: dict[int, dict[str, int]] = {index: {} for index in range(len(asks))}
    owed: dict[int, tuple[int, int]] = {}
    heads: Heads = {}
    for index, dimension, key, number, other in grouped[0].union(*grouped[1:], all=True).order_by():
        if dimension != "count":
            heads[index, dimension, key] = number
        elif key == "work":
            kept[index] |= {"worked": number, "covered": other}
        elif key == "closed_hours":
            owed[index] = (number, other)
        else:
            kept[index][key] = number
    found = []
    for index in range(len(asks)):
        closed_owed, closed_validated = owed.get(index, (0, 0))
        found.append(
            Counts(
                **kept[index],
                closed_owed=Decimal(closed_owed).scaleb(-2),
                closed_validated=Decimal(closed_validated).scaleb(-2),
            )
        )
    return found, heads


def _row(rows: QuerySet[Any], index: int, name: str, number: Any, other: Any = None) -> Any:
    """One grouping of one row: place, "count", what is counted, the number, and another one beside it."""
    return (
        rows.order_by()
        .annotate(
            place=Value(index, output_field=IntegerField()),
            dimension=Value("count", output_field=TEXT),
            key=Value(name, output_field=TEXT),
        )
        .values("place", "dimension", "key")
        .annotate(number=number, other=other or Value(0, output_field=WHOLE_NUMBER))
        .values_list("place", "dimension", "key", "number", "other")
    )


def _of_contracts(perimeter: Perimeter, scope: Scope, index: int) -> list[Any]:
    obligations = obligations_in(perimeter, scope)
    running = obligations.filter(in_performance(perimeter.starts_on, perimeter.ends_on))
    started = obligations.annotate(notified=notified()).filter(
        notified__range=(perimeter.starts_on, perimeter.ends_on)
    )
    closed = obligations.filter(closed_on__range=(perimeter.starts_on, perimeter.ends_on))
    return [
        _row(running, index, "running", Count("pk")),
        _row(running, index, "buyers", Count("buyer_id", distinct=True)),
        _row(started, index, "started", Count("pk")),
        _row(closed, index, "closed", Count("pk")),
        _row(closed, index, "closed_hours", _hundredths("owed"), _hundredths("validated")),
    ]


def _of_work(perimeter: Perimeter, scope: Scope, index: int) -> list[Any]:
    """Contracts and companies with validated hours: those of the debtors, or of the jobs, that have some.

    Each is looked up in the index of its hours: that costs the same whatever is behind it.
    """
    months = perimeter.month_filters()
    rows: QuerySet[Any]
    if scope.own is None and not perimeter.by_job:
        hours: QuerySet[Any] = DebtMonth.objects.filter(debtor=OuterRef("pk"), validated__gt=0, **months)
        rows = Debtor.objects.filter(scope.obligations("obligation__"), Exists(hours))
        body = "organisation"
    else:
        hours = StatementLine.objects.counted().filter(
            job_contract=OuterRef("pk"), counted_hours__gt=0, **months
        )
        read = of_body(scope.own) if scope.own is not None else scope.obligations("obligation__")
        rows = JobContract.objects.filter(read, Exists(hours), **perimeter.job_filters(JOB_PATHS))
        body = "debtor__organisation"
    work = rows.filter(
        obligation__scheme_id=perimeter.scheme_id, **perimeter.clause_filters("obligation__clause__")
    )
    running = in_performance(perimeter.starts_on, perimeter.ends_on, "obligation__")
    contracts = Count("obligation_id", distinct=True)
    covered = Count("obligation_id", distinct=True, filter=running)
    return [
        _row(work, index, "work", contracts, covered),
        _row(work, index, "companies", Count(company(body), distinct=True)),
    ]


def company(path: str) -> Coalesce:
    """What makes a company one: its SIREN, or its own row when it has none."""
    siren = NullIf(Substr(f"{path}__siret", 1, SIREN_LENGTH), Value(""))
    return Coalesce(siren, Cast(F(f"{path}_id"), TEXT), output_field=TEXT)


def _hundredths(name: str) -> Coalesce:
    """A sum of hours as the whole number of hundredths the database holds."""
    return Coalesce(Sum(Cast(name, WHOLE_NUMBER)), Value(0), output_field=WHOLE_NUMBER)
