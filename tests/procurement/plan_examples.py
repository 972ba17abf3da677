"""Purchase plans as buyers make them: written by us, fictitious, with the traps of real ones."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

import xlsxwriter

from relais.procurement.plans import (
    ColumnMapping,
    PlanReading,
    by_columns,
    mapping_of,
    propose,
    read_plan,
    read_sheets,
    tables_of,
)

TRADES = (
    ("gros œuvre", "45223220-4", "Travaux"),
    ("peinture", "45442100-8", "Travaux"),
    ("menuiseries intérieures", "45421000-4", "Travaux"),
    ("électricité", "45311200-2", "Travaux"),
    ("aménagements paysagers", "45112700-2", "Travaux"),
)
PLACES = ("Valclair", "Hautmont-les-Bois", "Brévigny", "Sainte-Aune", "Morville-le-Sec", "Pontelle")
AMOUNTS = ("1 234 567,89 €", "120 k€", "1,2 M€", "85\u00a0000", "96\u202f500,50 €", 240000, 58000.5)
LAUNCHES = ("T2 2027", "03/2027", "mars 2027", "2e trimestre 2027", "15/09/2027", "S1 2028", "4T 2026")
DURATIONS = ("18 mois", "1 an", "1 an reconductible 3 fois", "24", "2 ans", "6 mois")
HEADS = (
    ("Référence", ""),
    ("Objet du marché", ""),
    ("N° lot", ""),
    ("Code CPV", ""),
    ("Nature", ""),
    ("Estimation", "Montant HT"),
    ("Estimation", "Durée"),
    ("Calendrier", "Lancement"),
    ("Calendrier", "Notification"),
    ("Chef de projet", ""),
    ("Commentaires internes", ""),
)


def lots(number: int) -> Iterator[tuple[str, list[Any]]]:
    """`number` lots of operations of five, each with the section it stands under."""
    for at in range(number):
        operation, rank = divmod(at, len(TRADES))
        trade, cpv, nature = TRADES[rank]
        place = PLACES[operation % len(PLACES)]
        section = f"Direction {('des bâtiments', 'des lycées', 'des mobilités')[operation * 3 // 60 % 3]}"
        yield (
            section,
            [
                f"AO-{operation:03d}-{rank + 1:02d}",
                f"Restructuration du lycée n° {operation + 1} de {place} - lot {rank + 1} : {trade}",
                str(rank + 1),
                cpv,
                nature,
                AMOUNTS[at % len(AMOUNTS)],
                DURATIONS[at % len(DURATIONS)],
                LAUNCHES[at % len(LAUNCHES)],
                "10/2028",
                "Pascal Perrin" if at % 2 else "à définir",
                f"suivi {at}",
            ],
        )


def plan_xlsx(number: int = 300, *, change: Any = None, drop: Sequence[int] = ()) -> bytes:
    """A workbook: a merged title, merged headings on two rows, merged sections, blank rows, sub-totals.

    `change(at, cells)` may alter a row; `drop` leaves rows out.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Programmation")
        sheet.merge_range(
            0, 1, 0, len(HEADS), "Programmation des achats 2027-2028 - Région des Trois-Vallées"
        )
        sheet.write(1, 1, "Montants hors taxes, prévisionnels")
        for column, (top, below) in enumerate(HEADS, 1):
            if not below:
                sheet.merge_range(3, column, 4, column, top)
            else:
                sheet.write(4, column, below)
        sheet.merge_range(3, 6, 3, 7, "Estimation")
        sheet.merge_range(3, 8, 3, 9, "Calendrier")
        line, before = 5, ""
        for at, (section, cells) in enumerate(lots(number)):
            if section != before:
                if before:
                    sheet.write(line, 1, "Sous-total")
                    sheet.write(line, 6, 999999)
                    line += 2
                sheet.merge_range(line, 1, line, len(HEADS), section)
                line, before = line + 1, section
            if at in drop:
                continue
            for column, cell in enumerate(change(at, cells) if change else cells, 1):
                sheet.write(line, column, cell)
            line += 1
        sheet.write(line + 1, 1, "TOTAL GÉNÉRAL")
        sheet.write(line + 1, 6, 12345678)
    return buffer.getvalue()


def workbook(rows: Sequence[Sequence[Any]], name: str = "Feuil1") -> bytes:
    """A workbook of one sheet with these rows."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet(name)
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell not in (None, ""):
                    sheet.write(line, column, cell)
    return buffer.getvalue()


def plan_csv(rows: Sequence[Sequence[str]], *, codec: str = "cp1252", separator: str = ";") -> bytes:
    return "\r\n".join(separator.join(row) for row in rows).encode(codec)


def proposed(content: bytes) -> ColumnMapping:
    """The mapping proposed for a file."""
    return mapping_of(propose(tables_of(read_sheets(io.BytesIO(content)))[0]))


def reading(content: bytes, mapping: ColumnMapping | None = None) -> PlanReading:
    """A file read with this mapping, or with the one proposed."""
    alike = by_columns(tables_of(read_sheets(io.BytesIO(content))))[0]
    return read_plan(alike, mapping or mapping_of(propose(alike[0])))
