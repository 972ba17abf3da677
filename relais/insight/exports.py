"""Files of the consolidated pages and of the alerts: what is shown, to the hundredth, masks included."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _

from relais.execution.models import Obligation
from relais.insight.drawings import QUESTIONS
from relais.insight.figures import Figure, lines
from relais.insight.models import Alert
from relais.insight.perimeter import Perimeter
from relais.insight.queries.consolidated import Consolidated
from relais.insight.queries.names import Names
from relais.kit.exports import MOST_ROWS, Cell, Table

__all__ = ["MOST_ROWS", "alerts_table", "consolidated_table", "rows_table"]


def consolidated_table(
    perimeter: Perimeter, told: Sequence[Figure], found: Consolidated, names: Names, dimensions: Sequence[str]
) -> Table:
    """The key figures, then every breakdown: one line by figure or by value."""
    heads = (
        _("Breakdown"),
        _("Value"),
        _("Figure"),
        _("Same months before"),
        _("Hours owed"),
        _("Hours declared"),
        _("Hours queried"),
        _("Hours validated"),
        _("Hours rejected"),
        _("Of which training"),
        _("People"),
        _("Remark"),
    )
    title = f"{_('Results')} {perimeter.first} {perimeter.last}"
    return Table(title, heads, _consolidated_rows(told, found, names, dimensions))


def _consolidated_rows(
    told: Iterable[Figure], found: Consolidated, names: Names, dimensions: Iterable[str]
) -> Iterator[tuple[Cell, ...]]:
    nothing: tuple[Cell, ...] = (None,) * 7
    for figure in told:
        measure = figure.measure
        yield (
            _("Key figures"),
            str(measure.label),
            figure.value,
            figure.former,
            *nothing,
            str(measure.definition),
        )
    for dimension in dimensions:
        for line in lines(found, dimension, names):
            row = line.row
            head = (str(QUESTIONS[dimension]), line.label, None, None)
            if row.masked:
                yield (*head, *nothing, _("masked: few people"))
                continue
            hours = (row.owed, row.declared, row.queried, row.validated, row.rejected, row.training)
            few = _("fewer than %(fewest)s people") % {"fewest": line.fewest} if row.few else None
            people = None if row.few or dimension == "family" else row.people
            yield (*head, *hours, people, few)


def rows_table(rows: Iterable[Obligation]) -> Table:
    """The contracts behind a figure, with their hours of the period."""
    heads = (
        _("Reference"),
        _("Object"),
        _("Buyer"),
        _("Holder"),
        _("Department"),
        _("Modality"),
        _("Notified"),
        _("Start of performance"),
        _("End of performance"),
        _("State"),
        _("Hours owed"),
        _("Hours declared"),
        _("Hours validated"),
        _("Hours rejected"),
    )
    return Table(_("Contracts"), heads, (_row(row) for row in rows))


def _row(row: Obligation) -> tuple[Cell, ...]:
    clause, lot = row.clause, row.clause.lot
    notified: date | None = getattr(row, "notified_on", None)
    period = [getattr(row, f"period_{name}") for name in ("owed", "declared", "validated", "rejected")]
    return (
        clause.reference,
        lot.object,
        row.buyer.name,
        getattr(row, "holder", "") or "",
        str(lot.department or ""),
        clause.get_modality_display(),
        notified,
        row.starts_on,
        row.ends_on,
        row.get_state_display(),
        *period,
    )


def alerts_table(alerts: Iterable[Alert]) -> Table:
    """The alerts as the list shows them, each with the figures that make it true."""
    heads = (
        *(_("Level"), _("Code"), _("Alert"), _("What is seen"), _("File"), _("Buyer"), _("Territory")),
        *(_("Next act"), _("Who acts"), _("Before"), _("Since"), _("Told higher on"), _("Told to")),
        *(_("Put off until"), _("Reason"), _("Figures")),
    )
    return Table(_("Alerts"), heads, (_alert_row(alert) for alert in alerts))


def _alert_row(alert: Alert) -> tuple[Cell, ...]:
    lot = alert.lot
    return (
        str(alert.get_level().label),
        alert.code,
        alert.get_code_display(),
        alert.sentence,
        alert.reference,
        alert.buyer.name if alert.buyer else "",
        str(lot.department) if lot is not None and lot.department else "",
        alert.act_words,
        alert.owner.name,
        alert.due_on,
        alert.opened_on,
        alert.escalated_on or alert.escalates_on,
        alert.get_escalated_to_display() or alert.get_escalates_to_display(),
        alert.snoozed_until,
        alert.snooze_reason,
        " ; ".join(f"{label} : {value}" for label, value in alert.figures),
    )
