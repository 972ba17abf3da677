"""The table of a month to fill in a spreadsheet: one row per job, hours left empty."""

from django.utils.translation import gettext as _

from relais.execution.queries.statements import MonthSheet
from relais.kit.exports import Table


def template_table(sheet: MonthSheet) -> Table:
    """Its heads are names that the reading of files knows, in both languages."""
    heads = ("Numéro", "Nom", "Prénom", "Poste", "Heures", "Dont formation", "Du", "Au")
    title = _("Hours %(month)s %(clause)s") % {
        "month": sheet.month,
        "clause": sheet.obligation.clause.reference,
    }
    rows = (
        (
            row.job.person.number,
            row.job.person.last_name,
            row.job.person.first_name,
            row.job.job,
            row.hours,
            row.training_hours,
            row.starts_on,
            row.ends_on,
        )
        for row in sheet.rows
    )
    return Table(title, heads, rows)
