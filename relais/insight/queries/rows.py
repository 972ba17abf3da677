"""The contracts behind a figure: as many rows as the figure counts, as far as the reader may open them."""

from typing import Any

from django.db.models import Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from relais.execution.models import Debtor, Obligation, StatementLine
from relais.insight.models import DebtMonth
from relais.insight.perimeter import Perimeter
from relais.insight.queries.consolidated import CONSTRUCTION
from relais.insight.queries.counts import in_performance, notified, obligations_in
from relais.insight.queries.dimensions import JOB_FILTERS, LINE_PATHS
from relais.insight.rollups import COLUMN_OF_STATE
from relais.insight.scopes import Scope, of_body
from relais.kit.actor import Actor
from relais.kit.fields import HundredthsField, total


def contracts_behind(perimeter: Perimeter, scope: Scope, actor: Actor, figure: str) -> QuerySet[Obligation]:
    """The obligations of a figure that the actor may open, with their hours of the period, most first."""
    readable = obligations_in(perimeter, scope).filter(
        pk__in=Obligation.objects.visible_to(actor).values("pk")
    )
    rows = readable.annotate(
        period_validated=_hours(perimeter, scope, "validated"),
        period_declared=ExpressionWrapper(
            _hours(perimeter, scope, "declared") + _hours(perimeter, scope, "queried"),
            output_field=HundredthsField(),
        ),
        period_rejected=_hours(perimeter, scope, "rejected"),
        period_owed=_owed(perimeter, scope),
        notified_on=notified(),
        holder=Subquery(
            Debtor.objects.filter(obligation=OuterRef("pk"))
            .order_by("-is_lead", "pk")
            .values("organisation__name")[:1]
        ),
    )
    order = "-period_owed" if figure in ("owed", "started") else "-period_validated"
    kept = _kept(rows, figure, perimeter)
    return kept.select_related("clause__lot__department", "buyer").order_by(order, "pk")


def _kept(rows: Any, figure: str, perimeter: Perimeter) -> Any:
    """Those of the rows that the figure counts; an unknown figure means validated hours."""
    first, last = perimeter.starts_on, perimeter.ends_on
    match figure:
        case "owed":
            return rows.exclude(period_owed=0)
        case "waiting":
            return rows.filter(period_declared__gt=0)
        case "rejected":
            return rows.filter(period_rejected__gt=0)
        case "started":
            return rows.filter(notified_on__range=(first, last))
        case "running":
            return rows.filter(in_performance(first, last))
        case "covered":
            return rows.filter(in_performance(first, last), period_validated__gt=0)
        case "closed":
            return rows.filter(closed_on__range=(first, last))
        case "diverse":
            beyond = rows.filter(period_validated__gt=0).exclude(clause__sector="")
            return beyond.exclude(clause__sector__in=CONSTRUCTION)
    return rows.filter(period_validated__gt=0)


def others_behind(perimeter: Perimeter, scope: Scope, actor: Actor) -> bool:
    """Whether the figures count contracts that the actor may not open."""
    readable = Obligation.objects.visible_to(actor).filter(pk=OuterRef("pk"))
    return obligations_in(perimeter, scope).filter(~Exists(readable)).exists()


def _hours(perimeter: Perimeter, scope: Scope, column: str) -> Coalesce:
    """Hours of the period in one state: by debt, or by line when a filter or the reader needs it."""
    rows: QuerySet[Any]
    if perimeter.by_job or scope.own is not None:
        states = [state for state, name in COLUMN_OF_STATE.items() if name == column]
        jobs = perimeter.job_filters({name: LINE_PATHS[name] for name in JOB_FILTERS})
        own = of_body(scope.own, "job_contract__") if scope.own is not None else Q()
        rows = StatementLine.objects.filter(
            own, obligation=OuterRef("pk"), state__in=states, **perimeter.month_filters(), **jobs
        )
        return _summed(rows, "counted_hours")
    rows = DebtMonth.objects.filter(obligation=OuterRef("pk"), **perimeter.month_filters())
    return _summed(rows, column)


def _owed(perimeter: Perimeter, scope: Scope) -> Coalesce:
    rows = DebtMonth.objects.filter(obligation=OuterRef("pk"), **perimeter.month_filters())
    if scope.own is not None:
        rows = rows.filter(debtor__organisation_id=scope.own)
    return _summed(rows, "owed")


def _summed(rows: QuerySet[Any], column: str) -> Coalesce:
    field = HundredthsField()
    summed = rows.order_by().values("obligation").annotate(sum=total(column)).values("sum")
    return Coalesce(Subquery(summed, output_field=field), Value(0, output_field=field), output_field=field)
