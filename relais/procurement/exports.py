"""Files that leave the room: the list as shown, the refusals of an import."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from relais.kit.exports import Cell, Table
from relais.kit.words import say
from relais.procurement.models import Contract, Notice
from relais.procurement.noticeboard import hours_of_notice
from relais.procurement.reports import Report
from relais.procurement.sheet import social_said


def contracts_table(contracts: Iterable[Contract]) -> Table:
    """The contracts of a list: amounts exclude tax, oddities by their codes."""
    heads = (
        _("Buyer"),
        _("SIRET of the buyer"),
        _("Identifier"),
        _("Object"),
        _("CPV code"),
        _("Notified on"),
        _("Published on"),
        _("Amount excluding tax (€)"),
        _("Counts in totals"),
        _("Duration (months)"),
        _("Department"),
        _("Procedure"),
        _("Social considerations"),
        _("Holders"),
        _("SIRET of the holders"),
        _("Oddities"),
    )
    return Table(_("Contracts"), heads, (_row(contract) for contract in contracts))


def _row(contract: Contract) -> tuple[Cell, ...]:
    lot, holders = contract.lot, contract.holders.all()
    return (
        contract.buyer.name,
        contract.buyer.siret,
        contract.source_id,
        lot.object,
        lot.cpv,
        contract.notified_on,
        contract.published_on,
        contract.amount,
        _("yes") if contract.counts_in_totals else _("no"),
        lot.duration_months,
        lot.department_id or "",
        contract.procedure_kind,
        social_said(contract),
        ", ".join(holder.name for holder in holders if holder.name),
        ", ".join(holder.identifier for holder in holders if holder.identifier),
        ", ".join(dict.fromkeys(flag.code for flag in contract.flags.all())),
    )


def notices_table(notices: Iterable[Notice]) -> Table:
    """The notices of a list, with the hours and rules found in their texts."""
    heads = (
        _("Number"),
        _("Kind of notice"),
        _("Published on"),
        _("Buyer"),
        _("SIRET of the buyer"),
        _("Title"),
        _("Lots"),
        _("Reserved"),
        _("Social objective coded"),
        _("A text speaks of insertion"),
        _("Hours and rules found"),
        _("Cancelled"),
    )
    return Table(_("Notices"), heads, (_notice_row(notice) for notice in notices))


def _notice_row(notice: Notice) -> tuple[Cell, ...]:
    flags = (notice.is_reserved, notice.is_social, notice.has_clause_text)
    return (
        notice.number,
        notice.get_form_display(),
        notice.published_on,
        notice.buyer.name if notice.buyer else notice.buyer_name,
        notice.buyer_number,
        notice.title,
        len(notice.lots.all()),
        *(_("yes") if flag else _("no") for flag in flags),
        hours_of_notice(notice),
        _("yes") if notice.is_cancelled else _("no"),
    )


def refusals_table(report: Report) -> Table:
    """What an import refused: file, place in the file, reason."""
    files = [(file.name, "", say(file.failure)) for file in report.files if file.failure is not None]
    records = [
        (file.name, rejection.place, say(rejection.reason))
        for file in report.files
        for rejection in file.rejections
    ]
    return Table(_("Refusals of the import"), (_("File"), _("Record"), _("Reason")), [*files, *records])
