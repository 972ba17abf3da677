"""Files that leave the room: the opportunities, as shown."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from relais.kit.exports import Cell, Table
from relais.kit.words import say
from relais.screening.models import ScreeningResult
from relais.screening.queries import register


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


def register_table(rows: Iterable[ScreeningResult], year: int) -> Table:
    """The register of the social duty: one line a lot, what answers the duty, its case and its evidence."""
    heads = (
        _("Launch date used"),
        _("Buyer"),
        _("Procedure"),
        _("Object"),
        _("CPV code"),
        _("Estimated value excluding tax (€)"),
        _("Social duty"),
        _("Answer to the duty"),
        _("Modality or case"),
        _("Article"),
        _("Reasons"),
        _("Evidence of the derogation"),
        _("Decided on"),
        _("Hours that can be asked"),
        _("Contract"),
    )
    title = f"{_('Register of the social duty')} {year}"
    return Table(title, heads, (register_cells(row) for row in rows))


def register_cells(row: ScreeningResult) -> tuple[Cell, ...]:
    lot, sheet = row.lot, row.opportunity
    return (
        row.launched_on,
        lot.buyer.name,
        lot.procedure.title if lot.procedure else "",
        " ".join(lot.object.split()),
        lot.cpv,
        register.estimated_value(row),
        _("applies") if row.duty_applies else "",
        str(dict(register.ANSWERS)[register.answer_of(row)]),
        say(register.words_of_answer(row)),
        row.article,
        (sheet.derogation_reasons or sheet.decision_reason) if sheet else "",
        sheet.derogation_evidence if sheet else "",
        timezone.localdate(sheet.decided_at) if sheet and sheet.decided_at else None,
        row.hours,
        row.contract_id_given,
    )
