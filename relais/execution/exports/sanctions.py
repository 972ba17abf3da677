"""The page of equal treatment as a file."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from relais.execution.queries.equal_treatment import Watched
from relais.kit.exports import Table


def watched_table(rows: Iterable[Watched]) -> Table:
    """One line for each company with a gap, as the page shows them."""
    return Table(
        title=_("Breaches"),
        heads=[
            _("Company"),
            _("Clause"),
            _("Buyer"),
            _("Hours expected"),
            _("Hours validated"),
            _("Hours missing"),
            _("Share missing"),
            _("Breach"),
            _("Step"),
            _("At this step since"),
            _("Days"),
            _("Until"),
        ],
        rows=(
            [
                row.debtor.organisation.name,
                row.debtor.obligation.clause.reference,
                row.debtor.obligation.buyer.name,
                row.gap.expected,
                row.gap.validated,
                row.gap.missing,
                round(row.gap.share, 4),
                row.breach.number if row.breach else "",
                str(row.stage.label) if row.stage else _("No step yet"),
                row.since,
                row.days,
                row.breach.deadline if row.breach else None,
            ]
            for row in rows
        ),
    )
