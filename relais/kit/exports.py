"""Files of what a page shows: CSV in the reader's way of writing, or a workbook."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.text import slugify

from relais.kit.words import in_french

type Cell = str | Decimal | int | date | None

BOM = "\ufeff"
"""Spreadsheets read UTF-8 when the file begins with this mark."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""First characters that a spreadsheet would run as a formula."""
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 50_000
"""Rows of one file: beyond, filters are the way."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: its name, the heads of its columns, its rows; numbers stay numbers."""

    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def inert(text: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def table_file(table: Table, kind: str) -> HttpResponseBase:
    """The answer that downloads the table; a kind that is not known means CSV."""
    if kind == "xlsx":
        response: HttpResponseBase = HttpResponse(as_xlsx(table), content_type=WORKBOOK)
    else:
        kind = "csv"
        response = StreamingHttpResponse(as_csv(table), content_type="text/csv; charset=utf-8")
    name = f"{slugify(table.title) or 'export'}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class Echo:
    """A file that gives back what is written to it, so that rows leave as they come."""

    def write(self, row: str) -> str:
        return row


def as_csv(table: Table) -> Iterator[str]:
    """Semicolons and decimal commas in French, UTF-8 with its mark."""
    writer = csv.writer(Echo(), delimiter=";")
    yield BOM + writer.writerow([inert(str(head)) for head in table.heads])
    for row in table.rows:
        yield writer.writerow([written(cell) for cell in row])


def written(cell: Cell) -> str:
    """A cell as text: numbers with the comma of French, days in ISO form."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",") if in_french() else f"{cell:f}"
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell) if isinstance(cell, int) else inert(cell)


def as_xlsx(table: Table) -> bytes:
    """A workbook whose texts are texts, numbers numbers and days days, written row by row."""
    buffer = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        formats = {
            "head": book.add_format({"bold": True}),
            "number": book.add_format({"num_format": "#,##0.##"}),
            "day": book.add_format({"num_format": "dd/mm/yyyy"}),
        }
        sheet = book.add_worksheet("".join(c for c in table.title if c not in "[]:*?/\\")[:31])
        sheet.freeze_panes(1, 0)
        for column, head in enumerate(table.heads):
            sheet.set_column(column, column, max(12, min(40, len(str(head)) + 4)))
            sheet.write_string(0, column, str(head), formats["head"])
        for line, row in enumerate(table.rows, 1):
            for column, cell in enumerate(row):
                _put(sheet, line, column, cell, formats)
    return buffer.getvalue()


def _put(sheet: Any, line: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    if cell is None:
        return
    if isinstance(cell, (Decimal, int)):
        sheet.write_number(line, column, cell, formats["number"])
    elif isinstance(cell, date):
        sheet.write_datetime(line, column, cell, formats["day"])
    else:
        sheet.write_string(line, column, cell)
