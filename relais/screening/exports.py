"""Files that leave the room: the opportunities, as shown."""

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from relais.kit.exports import BOM, Echo, inert
from relais.kit.words import say
from relais.screening.models import ScreeningResult

type Cell = str | Decimal | int | None


def heads() -> list[str]:
    return [
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
    ]


def cells(row: ScreeningResult) -> list[Cell]:
    """The cells of a row, numbers kept as numbers."""
    lot = row.lot
    return [
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
        _("Applies") if row.duty_applies else "",
        str(row.state.label),
        row.launched_on.isoformat() if row.launched_on else "",
    ]


def opportunities_csv(rows: Iterable[ScreeningResult]) -> Iterator[str]:
    """CSV for French spreadsheets: semicolons, decimal commas, UTF-8 with its mark."""
    writer = csv.writer(Echo(), delimiter=";")
    yield BOM + writer.writerow(heads())
    for row in rows:
        yield writer.writerow([_written(cell) for cell in cells(row)])


def opportunities_xlsx(rows: Iterable[ScreeningResult]) -> bytes:
    """A workbook whose texts are texts and whose numbers are numbers, written row by row."""
    buffer = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(_("Opportunities")[:31])
        bold, number = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.##"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(1, 1, 30)
        sheet.set_column(3, 3, 60)
        for column, head in enumerate(heads()):
            sheet.write_string(0, column, head, bold)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(cells(row)):
                _write(sheet, line, column, cell, number)
    return buffer.getvalue()


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return inert(cell)
    return f"{cell:f}".replace(".", ",") if isinstance(cell, Decimal) else str(cell)


def _write(sheet: Any, line: int, column: int, cell: Cell, number: Any) -> None:
    if isinstance(cell, str):
        sheet.write_string(line, column, cell)
    elif cell is not None:
        sheet.write_number(line, column, cell, number)
