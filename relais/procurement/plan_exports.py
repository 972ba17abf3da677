"""Files of a plan: its lots as shown, the rows that an import did not take."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from relais.kit.exports import Cell, Table
from relais.kit.words import number, say
from relais.procurement.models import PlanLine, PurchasePlan
from relais.procurement.plan_reports import FaultLine


def plan_table(plan: PurchasePlan, lines: Iterable[PlanLine]) -> Table:
    """The lots of a plan: amounts exclude tax."""
    heads = (
        _("Reference of the buyer"),
        _("Lot number"),
        _("Object"),
        _("Operation"),
        _("CPV code"),
        _("Nature"),
        _("Amount excluding tax (€)"),
        _("Duration (months)"),
        _("Launch date"),
        _("Notification planned"),
        _("Place of performance"),
        _("Department"),
        _("Department of the buyer"),
        _("Project lead"),
        _("Remark"),
    )
    return Table(plan.title, heads, (_cells(line) for line in lines))


def _cells(line: PlanLine) -> tuple[Cell, ...]:
    lot = line.lot
    return (
        line.reference,
        lot.number,
        lot.object,
        lot.operation.name if lot.operation else "",
        lot.cpv,
        str(lot.get_nature_display()),
        lot.estimated_amount,
        lot.duration_months,
        lot.launched_on,
        line.notified_on,
        line.place,
        lot.department_id or "",
        line.service,
        lot.project_lead.full_name if lot.project_lead else line.lead,
        line.remark,
    )


def faults_table(faults: Iterable[FaultLine]) -> Table:
    """Rows not taken: where, what was written, why."""
    heads = (_("Sheet of the workbook"), _("Row"), _("Column"), _("Header"), _("Value"), _("Reason"))
    rows = (
        (fault.sheet, number(fault.row), fault.column, fault.header, fault.value, say(fault.reason))
        for fault in faults
    )
    return Table(_("Rows not taken"), heads, rows)
