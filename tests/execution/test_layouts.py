"""Hours read in any layout: no wrong value, every figure accounted for, each problem with its place."""

from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relais.execution.layouts import Asked, Frame, Layout, Role, find_tables, guessed, read_table
from relais.execution.layouts.months import key_of, month_in
from relais.execution.sheets import Row, Sheet, read_sheets
from tests.execution import layouts
from tests.execution.test_intake import csv_of

MOST = 100_000


def readings(content, name="x.csv", roles=None, **asked):
    """What each table of a file says under what its heads say, and under `roles`."""
    found = []
    for sheet in read_sheets(content, name, most_rows=MOST):
        for table in find_tables(sheet):
            layout = guessed(table)
            layout = Layout({**layout.roles, **(roles or {})})
            found.append(read_table(table, layout, Asked(**asked)))
    return found


def truth_of(found):
    said = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for reading in found:
        for entry in reading.entries:
            said[entry.who.key.split("|")[1], str(entry.month)][0] += entry.hours or 0
            said[entry.who.key.split("|")[1], str(entry.month)][1] += entry.training or 0
    return {key: tuple(values) for key, values in said.items()}


def problems(*found):
    return [(one.row, one.column, str(one.reason)) for reading in found for one in reading.problems]


@pytest.mark.parametrize("make", layouts.LAYOUTS, ids=lambda make: make.__name__)
def test_each_layout_is_read_without_one_wrong_value(make):
    made = make()
    roles = {"rang": Role.IGNORED, "matricule": Role.IGNORED}
    found = readings(made.content, made.name, roles)
    assert problems(*found) == []
    assert truth_of(found) == made.truth
    assert sum(reading.proved for reading in found) == made.totals


def test_a_layout_is_known_again_with_other_months_people_and_titles():
    made = [layouts.months_in_columns(), layouts.merged_headings()]
    for one in made:
        (sheet,) = read_sheets(one.content, one.name)
        (table,) = find_tables(sheet)
        fewer = tuple(Row(row.number + 2, row.cells[:-2]) for row in sheet.rows)
        (again,) = find_tables(Sheet("autre", fewer, sheet.first_column), {table.signature})
        same = [column.key for column in again.columns] == [column.key for column in table.columns[:-2]]
        assert same
        assert (again.signature == table.signature) is (one.name == "lycee.xlsx")


def test_heads_that_mean_nothing_are_known_by_their_signature():
    content = csv_of(["x", "BENALI Amina", "7,5"], header=["Zone", "Wer", "Std"])
    (sheet,) = read_sheets(content)
    assert find_tables(sheet) == []
    taught = Layout({"zone": Role.IGNORED, "wer": Role.FULL_NAME, "std": Role.HOURS})
    (framed,) = find_tables(sheet, frame=Frame(1))
    (table,) = find_tables(sheet, {framed.signature})
    reading = read_table(table, Layout.from_dict(taught.as_dict()), Asked(year=2026))
    assert problems(reading) == [(2, "C (Std)", "The file does not say which month it is.")]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["A", "B", "10"], ["C", "D", "5"], ["Total", "", "15"]], []),
        ([["A", "B", "10"], ["C", "D", "5"], ["", "", "15"]], []),
        ([["A", "B", "10"], ["C", "D", "5"], ["Total", "", "16"]], [(4, "The total says 16.00; the lines")]),
        ([["A", "B", "10"], ["", "", "10"]], [(3, "The row holds figures and names nobody.")]),
        ([["A", "B", "10"], ["", "", "4"]], [(3, "The row holds figures and names nobody.")]),
        ([["A", "B", "-7"]], [(2, "Hours are above zero: -7.00.")]),
        ([["A", "B", "745"]], [(2, "745.00 h do not fit in 31 days.")]),
        ([["A", "B", "1,607"]], [(2, "“1,607” can be read")]),
        ([["A", "B", "#REF!"]], [(2, "The formula of this cell fails (#REF!)")]),
        ([["A", "B", "congés"]], [(2, "“congés” is not a number")]),
        ([["A", "B", "7h5"]], [(2, "“7h5” is not a number of hours")]),
        ([["A", "B", "-"], ["C", "D", ""]], []),
    ],
)
def test_no_figure_is_dropped_or_guessed(rows, told):
    (reading,) = readings(csv_of(*rows, header=["Nom", "Prénom", "mars 2026"]))
    found = problems(reading)
    assert len(found) == len(told)
    for (row, column, reason), (at, why) in zip(found, told, strict=True):
        assert (row, column or "C (mars 2026)") == (at, "A (Nom)" if "nobody" in why else "C (mars 2026)")
        assert reason.startswith(why)


def test_a_total_that_differs_is_set_aside_by_somebody_alone():
    content = csv_of(["A", "B", "10"], ["Total", "", "11"], header=["Nom", "Prénom", "mars 2026"])
    (reading,) = readings(content)
    assert reading.differing == ["!3"]
    (accepted,) = readings(content, set_aside={"!3"})
    assert (accepted.problems, [entry.hours for entry in accepted.entries]) == ([], [10])


def test_a_column_of_figures_that_nobody_explained_is_a_problem():
    content = csv_of(["A", "B", "10", "12"], header=["Nom", "Prénom", "mars 2026", "Taux"])
    (reading,) = readings(content)
    assert problems(reading) == [(2, "D (Taux)", "This column holds figures and nobody said what they are.")]
    (left,) = readings(content, roles={"taux": Role.IGNORED})
    assert (left.problems, dict(left.left)) == ([], {"D (Taux)": 1})


def test_the_same_month_twice_is_told():
    content = csv_of(["A", "B", "10", "12"], header=["Nom", "Prénom", "mars 2026", "03/2026"])
    (reading,) = readings(content)
    assert "say the same thing" in problems(reading)[0][2]
    assert reading.entries == []


def test_a_formula_that_fails_in_a_workbook_is_told_at_its_cell():
    def fill(book, _duration, _month):
        sheet = book.add_worksheet("Mars & avril 2026")
        sheet.write_row("B2", ["Nom", "Prénom", "mars"])
        sheet.write_row("B3", ["A", "B", 7])
        sheet.write_row("B4", ["C", "D"])
        sheet.write_formula("D4", "=#REF!+1", None, "#REF!")

    (reading,) = readings(layouts.xlsx_file(fill), "x.xlsx")
    ((row, column, reason),) = problems(reading)
    assert (row, column) == (4, "D (mars)")
    assert "#REF!" in reason


@pytest.mark.parametrize(
    ("text", "said", "key"),
    [
        ("janv.-26", (2026, 1), "@"),
        ("Heures février 2026", (2026, 2), "heures @"),
        ("03/2026", (2026, 3), "@"),
        ("2026-04", (2026, 4), "@"),
        ("Août", (None, 8), "@"),
        ("mardi", None, "mardi"),
        ("janvier à mars 2026", None, "@ a @"),
        ("Décembre formation", (None, 12), "@ formation"),
    ],
)
def test_months_are_read_in_heads(text, said, key):
    assert (month_in(text), key_of(text)) == (said, key)


CELLS = st.one_of(
    st.sampled_from(["", "BENALI", "Total", "7h30", "abs", None]),
    st.decimals(-100, 800, places=2),
    st.dates(),
    st.text(max_size=6),
)


@settings(max_examples=80)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=8))
def test_each_figure_is_a_line_a_total_or_a_problem(rows):
    head = Row(1, ("Nom", "Prénom", "mars 2026", "avril 2026", "Total"))
    sheet = Sheet("x", (head, *(Row(number, cells) for number, cells in enumerate(rows, 2))))
    (table, *_others) = find_tables(sheet)
    reading = read_table(table, guessed(table))
    told = {problem.row for problem in reading.problems}
    kept = {(entry.row, entry.month.number, entry.hours) for entry in reading.entries}
    lost = [
        (row.number, month, row.cells[at])
        for row in table.rows
        for at, month in ((2, 3), (3, 4))
        if isinstance(row.cells[at], Decimal) and row.number not in told
        if (row.number, month, row.cells[at]) not in kept
    ]
    assert len(lost) <= reading.proved
