"""Ten layouts of files of hours, as companies make them, each with the truth it was made from.

`Made.truth`: hours and training by person (words of the name in order) and month. Everybody is invented.
"""

import csv
import io
import random
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

from relais.core.identity import normalise

FIRST = ("Amina", "José", "Zoé", "Yann", "Inès", "Luc", "Fatou", "Noël", "Anaïs", "Chloé")
LAST = ("BENALI", "Da Silva", "L'Hôte", "Le Goff", "Marchal", "Thiriet", "N'Diaye", "Œuvrard", "Petit-Jean")
MONTHS = ("Janvier", "Février", "Mars", "Avril", "Mai", "Juin", "Juillet", "Août", "Septembre", "Octobre")
Truth = dict[tuple[str, str], tuple[Decimal, Decimal]]


@dataclass(frozen=True)
class Made:
    """A file and what it says."""

    name: str
    content: bytes
    truth: Truth
    totals: int


@dataclass(frozen=True)
class Worker:
    first: str
    last: str

    @property
    def key(self) -> str:
        return normalise([self.last, self.first])


def workers(number: int) -> list[Worker]:
    """Different people, however many."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    found = []
    for at in range(number):
        more = "".join(letters[at // 26**place % 26] for place in range(4))
        found.append(Worker(FIRST[at % len(FIRST)], f"{LAST[at % len(LAST)]} {more.capitalize()}"))
    return found


def drawn(seed: int) -> Iterator[Decimal]:
    """Hours by quarters, as they are worked."""
    random_hours = random.Random(seed)
    while True:
        yield Decimal(random_hours.randrange(4, 640)) / 4


def clock(value: Decimal) -> str:
    return f"{int(value)}h{int(value % 1 * 60):02d}"


def colon(value: Decimal) -> str:
    return f"{int(value)}:{int(value % 1 * 60):02d}"


def comma(value: Decimal) -> str:
    return f"{value:,.2f}".replace(",", "\u202f").replace(".", ",")


def csv_file(rows: Sequence[Sequence[Any]], *, separator: str = ";", encoding: str = "utf-8-sig") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_file(fill: Callable[[Any, Any, Any], None]) -> bytes:
    """`fill(book, duration, month)` writes the sheets; the two formats are those of Excel."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        fill(book, book.add_format({"num_format": "[h]:mm"}), book.add_format({"num_format": "mmm-yy"}))
    return out.getvalue()


def ods_file(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    def cell(value: Any) -> str:
        if isinstance(value, Decimal):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        text = escape(str(value))
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    names = "urn:oasis:names:tc:opendocument:xmlns"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        manifest = f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0"/>'
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{names}:office:1.0" xmlns:table="{names}:table:1.0" '
            f'xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet>{tables}'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def one_month_under_a_title() -> Made:
    """CSV of Windows, a title that says the month, `7h30` and `1 607,00`, a total, a place to sign."""
    truth: Truth = {}
    hours = drawn(1)
    rows: list[list[Any]] = [
        ["Les Bâtisseurs - relevé du mois de mars 2026"],
        [],
        ["Rang", "Nom", "Prénom", "Heures"],
    ]
    total = Decimal(0)
    for at, (who, value) in enumerate(zip(workers(5), hours, strict=False)):
        truth[who.key, "2026-03"] = (value, Decimal(0))
        total += value
        rows.append([at + 1, who.last.upper(), who.first, (clock, colon, comma)[at % 3](value)])
    rows += [["", "TOTAL", "", comma(total)], [], ["Fait à Metz, le 03/04/2026"], ["Le gérant"]]
    plain = [[str(cell).replace("\u202f", "\u00a0") for cell in row] for row in rows]
    return Made("mars.csv", csv_file(plain, encoding="cp1252"), truth, 1)


def months_in_columns() -> Made:
    """Excel, a column for each month headed by a date, quarters and a year that add up, a row of totals."""
    truth: Truth = {}
    hours = drawn(2)
    team = workers(12)

    def fill(book: Any, _duration: Any, month: Any) -> None:
        sheet = book.add_worksheet("Suivi 2026")
        heads: list[Any] = ["Nom", "Prénom"]
        for quarter in (1, 2):
            heads += [date(2026, 3 * quarter - 2 + step, 1) for step in range(3)] + [f"T{quarter}"]
        heads.append("Total")
        for at, head in enumerate(heads):
            sheet.write(3, at, head, month if isinstance(head, date) else None)
        sums = [Decimal(0)] * len(heads)
        for row, who in enumerate(team, 4):
            sheet.write_row(row, 0, [who.first, who.last])
            quarter, year = Decimal(0), Decimal(0)
            for at, head in enumerate(heads[2:], 2):
                if isinstance(head, date):
                    value = next(hours) if (row + at) % 5 else Decimal(0)
                    quarter, year = quarter + value, year + value
                    if value:
                        truth[who.key, f"{head:%Y-%m}"] = (value, Decimal(0))
                else:
                    value, quarter = (year if head == "Total" else quarter), Decimal(0)
                if value or not isinstance(head, date):
                    sheet.write_number(row, at, float(value))
                sums[at] += value
        sheet.write(4 + len(team), 0, "Total général")
        for at in range(2, len(heads)):
            sheet.write_number(4 + len(team), at, float(sums[at]))

    content = xlsx_file(fill)
    return Made("suivi.xlsx", content, truth, 12 * 3 + 9)


def merged_headings() -> Made:
    """Excel, each month merged over its hours and its training, durations of Excel."""
    truth: Truth = {}
    hours = drawn(3)
    team = workers(8)

    def fill(book: Any, duration: Any, _month: Any) -> None:
        sheet = book.add_worksheet("2026")
        sheet.write("A1", "Chantier du lycée des Vignes")
        sheet.merge_range("A3:B3", "Salarié")
        sheet.write_row("A4", ["Nom", "Prénom"])
        for at in range(6):
            sheet.merge_range(2, 2 + 2 * at, 2, 3 + 2 * at, f"{MONTHS[at]} 2026")
            sheet.write_row(3, 2 + 2 * at, ["Heures", "dont formation"])
        for row, who in enumerate(team, 4):
            sheet.write_row(row, 0, [who.last, who.first])
            for at in range(6):
                value = next(hours)
                training = value / 2 if at % 2 else Decimal(0)
                kept = training.quantize(Decimal("0.01"), "ROUND_HALF_UP")
                truth[who.key, f"2026-{at + 1:02d}"] = (value, kept)
                sheet.write_number(row, 2 + 2 * at, float(value) / 24, duration)
                if training:
                    sheet.write_number(row, 3 + 2 * at, float(training) / 24, duration)

    return Made("lycee.xlsx", xlsx_file(fill), truth, 0)


def one_sheet_a_month() -> Made:
    """LibreOffice, a sheet for each month, first and last name together, subtotals by trade."""
    truth: Truth = {}
    hours = drawn(4)
    sheets: dict[str, Sequence[Sequence[Any]]] = {}
    for at in range(4):
        rows: list[list[Any]] = [["Salarié", "Métier", "Heures"]]
        whole = Decimal(0)
        for trade, team in (("Maçon", workers(9)[:4]), ("Peintre", workers(9)[4:])):
            group = Decimal(0)
            for who in team:
                value = next(hours)
                group += value
                truth[who.key, f"2026-{at + 1:02d}"] = (value, Decimal(0))
                rows.append([f"Mme {who.last} {who.first}", trade, value])
            rows.append([f"Sous-total {trade}", "", group])
            whole += group
        rows.append(["Total", "", whole])
        sheets[f"{MONTHS[at]} 2026"] = rows
    return Made("annee.ods", ods_file(sheets), truth, 12)


def one_sheet_a_person() -> Made:
    """Excel, a sheet for each person named above the table, a row for each month."""
    truth: Truth = {}
    hours = drawn(5)

    def fill(book: Any, _duration: Any, _month: Any) -> None:
        for who in workers(4):
            sheet = book.add_worksheet(who.first)
            sheet.write_row("A1", ["Salarié :", f"{who.first} {who.last}"])
            sheet.write("A2", "Année 2026")
            sheet.write_row("B4", ["Mois", "Heures", "Formation"])
            total = Decimal(0)
            for at in range(8):
                value = next(hours) + 8
                total += value
                truth[who.key, f"2026-{at + 1:02d}"] = (value, Decimal(at))
                sheet.write(4 + at, 1, MONTHS[at].lower())
                sheet.write_number(4 + at, 2, float(value))
                sheet.write_number(4 + at, 3, at)
            sheet.write_row(12, 1, ["Total", float(total), sum(range(8))])

    return Made("fiches.xlsx", xlsx_file(fill), truth, 8)


def two_tables_one_below_the_other() -> Made:
    """CSV with tabs in UTF-16, two months one below the other under the same header."""
    truth: Truth = {}
    hours = drawn(6)
    rows: list[list[Any]] = []
    for month in (4, 5):
        rows += [["Heures du mois de", f"{MONTHS[month - 1]} 2026"], ["Nom prénom", "Né(e) le", "Nb heures"]]
        total = Decimal(0)
        for who in workers(7):
            value = next(hours)
            total += value
            truth[who.key, f"2026-{month:02d}"] = (value, Decimal(0))
            rows.append([f"{who.first} {who.last}", "12/04/1990", f"{value} h".replace(".", ",")])
        rows += [["Total heures", "", comma(total)], [], []]
    return Made("deux-mois.csv", csv_file(rows, separator="\t", encoding="utf-16"), truth, 2)


def two_tables_side_by_side() -> Made:
    """Excel, two teams side by side, months abbreviated, the year in the name of the sheet."""
    truth: Truth = {}
    hours = drawn(7)

    def fill(book: Any, _duration: Any, _month: Any) -> None:
        sheet = book.add_worksheet("Equipes 2026")
        for left, team in ((1, workers(10)[:6]), (6, workers(10)[6:])):
            sheet.write_row(2, left, ["Nom et prénom", "sept.", "oct.", "Total"])
            sums = [Decimal(0)] * 3
            for row, who in enumerate(team, 3):
                values = [next(hours), next(hours)]
                for at, value in enumerate(values):
                    truth[who.key, f"2026-{9 + at:02d}"] = (value, Decimal(0))
                sheet.write(row, left, f"{who.last} {who.first}")
                said = [*values, sum(values, Decimal(0))]
                sheet.write_row(row, left + 1, [float(value) for value in said])
                sums = [one + other for one, other in zip(sums, said, strict=True)]
            sheet.write_row(3 + len(team), left, ["TOTAL", *map(float, sums)])

    return Made("equipes.xlsx", xlsx_file(fill), truth, 10 + 6)


def a_row_for_each_month() -> Made:
    """CSV with commas, a row for each person and month, the name written once, a subtotal for each person."""
    truth: Truth = {}
    hours = drawn(8)
    rows: list[list[Any]] = [["Prénom", "Nom", "Période", "Heures travaillées", "Heures de formation"]]
    whole = Decimal(0)
    for who in workers(6):
        group = Decimal(0)
        for at in range(5):
            value = next(hours) + 4
            group += value
            truth[who.key, f"2025-{at + 8:02d}"] = (value, Decimal("3.5"))
            named = [who.first, who.last] if at == 0 else ["", ""]
            rows.append([*named, f"{at + 8:02d}/2025", comma(value), "3h30"])
        rows.append([f"Total {who.first} {who.last}", "", "", comma(group), "17,5"])
        whole += group
    rows.append(["Total", "", "", comma(whole), "105,00"])
    return Made("lignes.csv", csv_file(rows, separator=",", encoding="utf-8"), truth, 14)


def a_row_for_each_day() -> Made:
    """Excel, a row for each day worked, times of Excel (7:20 are thirds of an hour)."""
    truth: Truth = {}
    minutes = (440, 420, 455)

    def fill(book: Any, duration: Any, _month: Any) -> None:
        sheet = book.add_worksheet("Pointage")
        day_format = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row("A1", ["Nom du salarié", "Date", "Heures"])
        row = 1
        for at, who in enumerate(workers(5)):
            for day in range(1, 16):
                sheet.write(row, 0, f"{who.last} {who.first}")
                sheet.write_datetime(row, 1, date(2026, 1 + day % 3, day), day_format)
                sheet.write_number(row, 2, minutes[at % 3] / 1440, duration)
                row += 1
            for month in range(1, 4):
                each = (Decimal(minutes[at % 3]) / 60).quantize(Decimal("0.01"), "ROUND_HALF_UP")
                truth[who.key, f"2026-{month:02d}"] = (each * 5, Decimal(0))
        whole = sum(minutes[at % 3] * 15 for at in range(5))
        sheet.write(row, 0, "Total")
        sheet.write_number(row, 2, whole / 1440, duration)

    return Made("pointage.xlsx", xlsx_file(fill), truth, 1)


def many_people(number: int = 4_800) -> Made:
    """CSV, thousands of people over a few months, a subtotal each fifty rows, a header on each page."""
    truth: Truth = {}
    hours = drawn(10)
    heads = ["Matricule", "Nom", "Prénom", "janv.-26", "févr.-26", "Cumul"]
    rows: list[list[Any]] = [heads]
    whole, group = [Decimal(0)] * 3, [Decimal(0)] * 3
    for at, who in enumerate(workers(number), 1):
        values = [next(hours), next(hours)]
        truth[who.key, "2026-01"], truth[who.key, "2026-02"] = (
            (values[0], Decimal(0)),
            (values[1], Decimal(0)),
        )
        said = [*values, sum(values, Decimal(0))]
        rows.append([f"M{at:05d}", who.last, who.first, *map(comma, said)])
        group = [one + other for one, other in zip(group, said, strict=True)]
        if at % 50 == 0 or at == number:
            rows += [["", "Sous-total", "", *map(comma, group)], heads]
            whole = [one + other for one, other in zip(whole, group, strict=True)]
            group = [Decimal(0)] * 3
    rows.append(["", "Total général", "", *map(comma, whole)])
    pages = (number + 49) // 50
    return Made("paie.csv", csv_file(rows), truth, number + 3 * pages + 3)


LAYOUTS = (
    one_month_under_a_title,
    months_in_columns,
    merged_headings,
    one_sheet_a_month,
    one_sheet_a_person,
    two_tables_one_below_the_other,
    two_tables_side_by_side,
    a_row_for_each_month,
    a_row_for_each_day,
    many_people,
)
