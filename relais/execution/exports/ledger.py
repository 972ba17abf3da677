"""Files that leave the follow-up: the account of an obligation, the register of clauses."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from relais.execution.queries.ledger import AccountLine
from relais.execution.queries.register import Registered
from relais.kit.exports import Table
from relais.kit.words import spoken


def ledger_table(reference: str, lines: Iterable[AccountLine]) -> Table:
    """The account, oldest line first, with the running balance."""
    return Table(
        title=_("Ledger %(reference)s") % {"reference": reference},
        heads=[
            _("Number"),
            _("Date"),
            _("Recorded on"),
            _("Kind"),
            _("Wording"),
            _("Hours owed"),
            _("Hours validated"),
            _("Balance"),
            _("Document"),
            _("Reason"),
        ],
        rows=(
            [
                line.number,
                line.on,
                line.recorded_on,
                line.kind_label or _("Validation"),
                spoken(line.wording),
                line.owed,
                line.validated,
                line.balance,
                line.document,
                line.reason,
            ]
            for line in lines
        ),
    )


def register_table(rows: Iterable[Registered]) -> Table:
    """The clauses as the list shows them."""
    return Table(
        title=_("Clauses"),
        heads=[
            _("Reference"),
            _("Buyer"),
            _("Object"),
            _("Modality"),
            _("Legal regime"),
            _("Launch date"),
            _("State"),
            _("Hours owed"),
            _("Hours validated"),
            _("Hours declared"),
            _("Start of performance"),
            _("End of performance"),
        ],
        rows=(
            [
                row.clause.reference,
                row.clause.buyer.name,
                " ".join(row.clause.lot.object.split()),
                row.clause.get_modality_display(),
                row.clause.get_regime_display(),
                row.clause.launched_on,
                str(row.clause.get_state().label),
                row.owed,
                row.validated,
                row.waiting,
                row.obligation.starts_on if row.obligation else None,
                row.obligation.ends_on if row.obligation else None,
            ]
            for row in rows
        ),
    )
