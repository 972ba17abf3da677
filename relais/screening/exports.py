"""Files that leave the room: the opportunities, as shown."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from relais.kit.exports import Cell, Table
from relais.kit.words import say
from relais.screening.models import ScreeningResult


def opportunities_table(rows: Iterable[ScreeningResult]) -> Table:
    heads = (
        _("Score"),
        _("Buyer"),
        _("Contract"),
        _("Object"),
        _("CPV code"),
        _("Trade"),
        _("Department"),
        _("Amount excluding tax (€)"),
        _("Hours that can be asked"),
        _("Modality proposed"),
        _("Article"),
        _("Social duty"),
        _("State"),
        _("Launch date used"),
    )
    return Table(_("Opportunities"), heads, (cells(row) for row in rows))


def cells(row: ScreeningResult) -> tuple[Cell, ...]:
    lot = row.lot
    return (
        row.score,
        lot.buyer.name,
        row.contract_id_given,
        " ".join(lot.object.split()),
        lot.cpv,
        row.trade.name if row.trade else "",
        lot.department_id or "",
        row.amount,
        row.hours,
        say(row.lever_words),
        row.article,
        _("applies") if row.duty_applies else "",
        str(row.state.label),
        row.launched_on,
    )
