"""Files that leave the room: the list as shown, the rejections of an import."""

import csv
import io
from collections.abc import Iterable, Iterator

import xlsxwriter
from django.utils.translation import gettext as _

from relais.kit.exports import BOM, Echo, inert
from relais.kit.words import say
from relais.procurement.models import Contract
from relais.procurement.reports import Report
from relais.procurement.sheet import social_said

MOST_ROWS = 100_000
DATE_COLUMNS = frozenset({5, 6})
AMOUNT_COLUMN = 7


def headers() -> list[str]:
    return [
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
    ]


def cells(contract: Contract) -> list[object]:
    """One row: texts, days and decimals, not formatted."""
    lot, holders = contract.lot, contract.holders.all()
    return [
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
    ]


def contracts_csv(contracts: Iterable[Contract]) -> Iterator[str]:
    """CSV for spreadsheets: UTF-8 with its mark, semicolons, decimal comma, cells that nothing runs."""
    writer = csv.writer(Echo(), delimiter=";")
    yield BOM + writer.writerow(headers())
    for contract in contracts:
        row = cells(contract)
        amount = contract.amount
        row[AMOUNT_COLUMN] = "" if amount is None else f"{amount:f}".replace(".", ",")
        yield writer.writerow([cell if at == AMOUNT_COLUMN else _text(cell) for at, cell in enumerate(row)])


def contracts_xlsx(contracts: Iterable[Contract]) -> bytes:
    """A workbook whose numbers are numbers, days are days and texts stay texts."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True, "in_memory": True}) as book:
        sheet = book.add_worksheet(_("Contracts"))
        bold, dated, money = (
            book.add_format({"bold": True}),
            book.add_format({"num_format": "dd/mm/yyyy"}),
            book.add_format({"num_format": "#,##0.00"}),
        )
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 0, 30)
        sheet.set_column(3, 3, 60)
        sheet.set_column(5, 7, 14)
        for at, header in enumerate(headers()):
            sheet.write_string(0, at, header, bold)
        for line, contract in enumerate(contracts, start=1):
            for at, cell in enumerate(cells(contract)):
                if cell is None or cell == "":
                    continue
                if at in DATE_COLUMNS:
                    sheet.write_datetime(line, at, cell, dated)
                elif at == AMOUNT_COLUMN:
                    sheet.write_number(line, at, cell, money)
                elif isinstance(cell, int):
                    sheet.write_number(line, at, cell)
                else:
                    sheet.write_string(line, at, str(cell))
    return target.getvalue()


def rejections_csv(report: Report) -> Iterator[str]:
    """The records refused by an import: file, place in the file, reason."""
    writer = csv.writer(Echo(), delimiter=";")
    yield BOM + writer.writerow([_("File"), _("Record"), _("Reason")])
    for file in report.files:
        if file.failure is not None:
            yield writer.writerow([inert(file.path), "", inert(say(file.failure))])
        for rejection in file.rejections:
            yield writer.writerow([inert(file.path), inert(rejection.position), inert(say(rejection.reason))])


def _text(cell: object) -> str:
    if cell is None:
        return ""
    return inert(cell.isoformat() if hasattr(cell, "isoformat") else str(cell))
