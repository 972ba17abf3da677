"""Check a file of hours of many lines: our reading of any layout, and calamine's bare read of the same file.

The rival only gives cells. Ours finds the table, knows its columns and months, reads hours written in four
ways, and ends with one line for each figure or a problem at its place; sums are compared with the truth.
"""

import io
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import python_calamine
import xlsxwriter

from bench import stage
from bench.measure import Table, duration, grouped, ratio, same, timed
from relais.execution.layouts import find_tables, guessed, read_table
from relais.execution.sheets import read_sheets

LINES = 100_000
MONTHS = ("Janvier 2026", "Février 2026", "Mars 2026", "Avril 2026")
HEADS = ("Nom", "Prénom", "Mois", "Heures", "dont formation")


def run(folder: Path, options: SimpleNamespace) -> list[Table]:
    stage.say(f"  a file of {LINES} lines")
    content, truth = made()
    cells, bare = timed(lambda: _bare(content), options.runs)
    same(LINES + 1, cells, "Rows of the bare read")
    found, ours = timed(lambda: _checked(content), options.runs)
    same(truth, found, "Hours, training and problems")
    table = Table(
        f"File of hours, {grouped(LINES)} lines, {len(content) / 1e6:.1f} MB",
        ("", "lines/s", "median", "worst", "speed against the bare read"),
    )
    for name, times in (("calamine: cells", bare), ("Relais: every figure accounted for", ours)):
        table.add(
            name,
            grouped(LINES / times.median),
            duration(times.median),
            duration(times.worst),
            ratio(bare.median, times.median),
        )
    table.notes.append(f"Every line, and the sums that the file was made from. Median of {options.runs}.")
    return [table]


type Truth = tuple[int, Decimal, Decimal, int]
"""Lines, hours, hours of training, problems."""


def made() -> tuple[bytes, Truth]:
    """A workbook of one line for each person and month, hours written in turn in four ways."""
    hours = training = Decimal(0)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True, "in_memory": True}) as book:
        sheet = book.add_worksheet("Heures")
        sheet.write_row(0, 0, HEADS)
        for at, (worked, taught) in enumerate(_drawn()):
            sheet.write_row(
                at + 1,
                0,
                (f"NOM{at // len(MONTHS)}", "Prénom", MONTHS[at % len(MONTHS)], _written(worked, at)),
            )
            sheet.write_number(at + 1, 4, float(taught))
            hours, training = hours + worked, training + taught
    return target.getvalue(), (LINES, hours, training, 0)


def _drawn() -> Iterator[tuple[Decimal, Decimal]]:
    draw = random.Random(2026)
    for _ in range(LINES):
        worked = Decimal(draw.randrange(4, 600)) / 4
        yield worked, Decimal(draw.randrange(0, 2)) * min(worked, Decimal(7))


def _written(worked: Decimal, at: int) -> float | str:
    whole, minutes = int(worked), int(worked % 1 * 60)
    ways = (
        float(worked),
        f"{whole}h{minutes:02d}",
        f"{worked:.2f}".replace(".", ","),
        f"{whole}:{minutes:02d}",
    )
    return ways[at % len(ways)]


def _bare(content: bytes) -> int:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def _checked(content: bytes) -> Truth:
    lines, hours, training, problems = 0, Decimal(0), Decimal(0), 0
    for sheet in read_sheets(content, "heures.xlsx", most_rows=LINES + 10):
        for table in find_tables(sheet):
            read = read_table(table, guessed(table))
            lines += len(read.entries)
            hours += sum((entry.hours or Decimal(0) for entry in read.entries), Decimal(0))
            training += sum((entry.training or Decimal(0) for entry in read.entries), Decimal(0))
            problems += len(read.problems)
    return lines, hours, training, problems
