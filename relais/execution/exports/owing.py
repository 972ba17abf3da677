"""Files of the orders and invoices of an obligation."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from relais.execution.queries.owing import CallList
from relais.kit.exports import Table


def calls_table(reference: str, calls: CallList) -> Table:
    """The list as the page shows it, those that were corrected or cancelled told as such."""
    return Table(
        title=_("Orders and invoices %(reference)s") % {"reference": reference},
        heads=[
            _("Kind"),
            _("Number"),
            _("Date"),
            _("Object"),
            _("Company"),
            _("Amount excluding tax"),
            _("Hours"),
            _("State"),
            _("Reason"),
        ],
        rows=(
            [
                row.call.get_kind_display(),
                row.call.number,
                row.call.on,
                row.call.label,
                row.call.debtor.organisation.name if row.call.debtor else "",
                row.call.amount,
                row.hours,
                state_of(row.call.ended_at is not None, row.call.ending_number is not None),
                row.call.ending_reason,
            ]
            for row in calls.rows
        ),
    )


def state_of(ended: bool, cancelled: bool) -> str:
    if cancelled:
        return _("Cancelled")
    return _("Corrected") if ended else pgettext("call", "Counted")
