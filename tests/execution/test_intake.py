"""The hours of a month in a file: everything is understood, or nothing is taken and each error is located."""

import csv
import io
import json
import zipfile
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from relais.core.counting import Limits
from relais.core.words import BadValue
from relais.execution.layouts.months import read_day, read_month_name
from relais.execution.models import Statement
from relais.execution.queries.intake import read_hours
from relais.execution.sheets import BadSheet, read_sheets
from tests.execution.worksite import APRIL, MARCH
from tests.old_workbooks import old_workbook

HEADER = ["Numéro", "Nom", "Prénom", "Né(e) le", "Heures", "dont formation", "du", "au"]


def csv_of(*rows, header=HEADER, separator=";", encoding="utf-8-sig"):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerows([header, *rows])
    return out.getvalue().encode(encoding)


def xlsx_of(cells, sheets=("Feuil1",)):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        duration = book.add_format({"num_format": "[h]:mm"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name in sheets:
            sheet = book.add_worksheet(name)
            for place, value in cells.items():
                if isinstance(value, date):
                    sheet.write_datetime(place, value, day)
                elif isinstance(value, tuple):
                    sheet.write_number(place, value[0], duration)
                else:
                    sheet.write(place, value)
    return out.getvalue()


def ods_of(body, files=()):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="Mars">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def ods_row(*cells):
    texts = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f"<table:table-row>{texts}</table:table-row>"


@pytest.fixture
def read(worksite, corinne):
    """`read(content)`: what Corinne's file says of March."""

    def reading(content, *, name="heures.csv", month=MARCH):
        return read_hours(
            content,
            name=name,
            obligation=worksite.obligation,
            declarant_id=corinne.organisation.pk,
            month=month,
            limits=Limits(),
        )

    return reading


def said(intake):
    return [(line.job.person.number, line.hours, line.training_hours) for line in intake.lines]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_is_read_whatever_its_separator_and_encoding(worksite, read, separator, encoding):
    worksite.job(2)
    intake = read(
        csv_of(
            ["", "L\u2019Hôte", "Zoé", "12/04/1992", "7h30", "", "", ""],
            separator=separator,
            encoding=encoding,
        )
    )
    assert intake.problems == []
    assert said(intake) == [("P-00001", Decimal("7.50"), 0)]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("7h30", "7.5"),
        ("7:30", "7.5"),
        ("7,5", "7.5"),
        ("7.5", "7.5"),
        ("120\u00a0", "120"),
        ("1\u00a0607,00", "1607"),
        ("151,67", "151.67"),
        ("7 h 30", "7.5"),
    ],
)
def test_hours_are_read_as_people_write_them(worksite, read, typed, number):
    worksite.job(0)
    intake = read(csv_of(["P-00001", "", "", "", typed, "", "", ""]))
    assert said(intake) == [("P-00001", Decimal(number), 0)]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("1,607", "can be read"),
        ("=7*20", "not a number"),
        ("+SUM(A1)", "not a number"),
        ("NaN", "not a number"),
        ("1e308", "not a number"),
        ("beaucoup", "not a number"),
        ("7h5", "two figures"),
        ("-7", "cannot be declared"),
        ("800", "do not fit in"),
        ("<script>alert(1)</script>", "not a number"),
    ],
)
def test_hours_that_cannot_be_are_located(worksite, read, typed, why):
    worksite.job(0)
    intake = read(csv_of(["P-00001", "", "", "", typed, "", "", ""]))
    (problem,) = intake.problems
    assert (problem.row, problem.column) == (2, "E (Heures)")
    assert why in str(problem.reason)
    assert not intake.is_whole


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("31/02/2024", "does not exist"),
        ("03/04/26", "read safely"),
        ("45931", "read safely"),
        ("1899-12-31", "not possible"),
        ("01/03/20246", "read safely"),
        ("2024-13-01", "does not exist"),
    ],
)
def test_dates_are_never_guessed(worksite, read, typed, why):
    worksite.job(0)
    intake = read(csv_of(["P-00001", "", "", "", "10", "", typed, ""]))
    problem = intake.problems[0]
    assert (problem.row, problem.column) == (2, "G (du)")
    assert why in str(problem.reason)


def test_a_workbook_keeps_the_kind_of_its_cells(worksite, read):
    worksite.job(0)
    worksite.job(1)
    cells = {
        "B3": "Heures de mars",
        "B5": "Nom",
        "C5": "Prénom",
        "D5": "Heures",
        "E5": "Né le",
        "F5": "N° SS",
    }
    cells |= {"B6": "BENALI", "C6": "amina", "D6": 151.125, "E6": date(1990, 4, 12), "F6": "2900475..."}
    cells |= {"B7": "Jose", "C7": "da silva", "D7": (7.5 / 24,), "E7": date(1991, 4, 12)}
    cells |= {"B8": "TOTAL", "D8": 158.63}
    intake = read(xlsx_of(cells), name="mars.xlsx")
    assert intake.problems == []
    assert said(intake) == [("P-00001", Decimal("151.13"), 0), ("P-00002", Decimal("7.50"), 0)]
    assert intake.unused == ["N° SS"]


def test_an_error_of_a_workbook_names_sheet_line_and_column(worksite, read):
    worksite.job(0)
    content = xlsx_of({"C4": "Numéro", "D4": "Heures", "C5": "P-00001", "D5": "sept"}, sheets=("Équipe A",))
    (problem,) = read(content, name="mars.xlsx").problems
    assert (problem.sheet, problem.row, problem.column) == ("Équipe A", 5, "D (Heures)")


def test_an_ods_is_read(worksite, read):
    worksite.job(0)
    body = ods_row("Numéro", "Heures") + ods_row("P-00001", "35")
    assert said(read(ods_of(body), name="mars.ods")) == [("P-00001", 35, 0)]


def test_people_are_found_by_number_or_by_name_and_never_guessed(worksite, read):
    worksite.job(0, person=None)
    for number, birth in ((10, date(1985, 5, 1)), (11, date(1986, 5, 1))):
        person = worksite.person(number, first_name="Paul", last_name="Noël", birth_date=birth)
        worksite.eligible(person)
        worksite.job(person=person)
    rows = [
        ["p-00001", "", "", "", "10", "", "", ""],
        ["", "NOEL", "paul", "01/05/1985", "11", "", "", ""],
        ["", "Noël", "Paul", "", "12", "", "", ""],
        ["", "Nowel", "Paul", "", "13", "", "", ""],
        ["P-09999", "", "", "", "14", "", "", ""],
        ["", "", "", "", "15", "", "", ""],
    ]
    intake = read(csv_of(*rows))
    assert said(intake) == [("P-00001", 10, 0), ("P-00002", 11, 0)]
    assert [(problem.row, str(problem.reason)) for problem in intake.problems] == [
        (4, "Several people have this name."),
        (5, "Nobody of this name works for you under this clause."),
        (6, "Nobody has the number P-09999 here."),
        (7, "The row names nobody."),
    ]


def test_the_file_of_another_company_is_taken_for_nobody(worksite, read):
    worksite.job(0, declared_by="sonia")
    intake = read(csv_of(["P-00001", "", "", "", "10", "", "", ""]))
    assert "Nobody has the number" in str(intake.problems[0].reason)


def test_a_person_with_two_jobs_needs_days(worksite, read):
    job = worksite.job(0, ends_on=date(2024, 3, 15))
    worksite.job(person=job.person, starts_on=date(2024, 3, 16))
    unclear = read(csv_of(["P-00001", "", "", "", "10", "", "", ""]))
    assert "several jobs" in str(unclear.problems[0].reason)
    clear = read(
        csv_of(
            ["P-00001", "", "", "", "10", "2", "01/03/2024", "15/03/2024"],
            ["P-00001", "", "", "", "20", "", "16/03/2024", "31/03/2024"],
        )
    )
    assert clear.problems == []
    assert said(clear) == [("P-00001", 10, 2), ("P-00001", 20, 0)]


def test_rules_of_the_trade_are_located_too(worksite, read):
    job = worksite.job(0)
    worksite.declare([(job, 100)])
    (problem,) = read(csv_of(["P-00001", "", "", "", "10", "", "", ""])).problems
    assert problem.row == 2
    assert "already declared" in str(problem.reason)


def test_rows_without_hours_totals_and_blank_rows_are_passed_over(worksite, read):
    worksite.job(0)
    worksite.job(1)
    rows = [
        ["P-00001", "", "", "", "10", "", "", ""],
        ["", "", "", "", "", "", "", ""],
        ["P-00002", "", "", "", "", "", "", ""],
        ["P-00002", "", "", "", "0", "", "", ""],
        ["", "Total", "", "", "10", "", "", ""],
    ]
    intake = read(csv_of(*rows))
    assert intake.problems == []
    assert said(intake) == [("P-00001", 10, 0)]


def test_the_month_is_said_by_the_file_or_by_the_page(worksite, read):
    worksite.job(0)
    header = ["Numéro", "Heures", "Mois"]
    assert read(csv_of(["P-00001", "10", "mars 2024"], header=header), month=None).month == MARCH
    assert read(csv_of(["P-00001", "10", "2024-04"], header=header), month=None).month == APRIL
    (wrong,) = read(csv_of(["P-00001", "10", "avril 2024"], header=header)).problems
    assert "2024-04" in str(wrong.reason)
    (silent,) = read(csv_of(["P-00001", "10"], header=header[:2]), month=None).problems
    assert "which month" in str(silent.reason)


def test_a_file_without_header_or_with_two_is_refused(worksite, read):
    with pytest.raises(BadValue, match="No header"):
        read(b"bonjour;tout le monde\n1;2\n")
    with pytest.raises(BadValue, match="Two columns"):
        read(csv_of(["P-00001", "10", "12"], header=["Numéro", "Heures", "Nb heures"]))
    with pytest.raises(BadValue, match="Several sheets"):
        read(xlsx_of({"A1": "Numéro", "B1": "Heures"}, sheets=("A", "B")), name="x.xlsx")


def test_an_empty_table_is_not_a_statement(worksite, read):
    (problem,) = read(csv_of()).problems
    assert (problem.row, str(problem.reason)) == (0, "No row of the file holds hours.")


# Hostile and damaged files


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (234 * 1024 * 1024))
    return out.getvalue()


def test_a_spreadsheet_bomb_is_refused_before_opening():
    content = bomb()
    assert len(content) < 1024 * 1024
    with pytest.raises(BadSheet, match="refused"):
        read_sheets(content, "heures.xlsx")


def test_one_cell_far_away_is_read_alone():
    (sheet,) = read_sheets(xlsx_of({"XFD1048576": "Heures"}), "x.xlsx")
    assert (sheet.rows[0].number, sheet.rows[0].cells, sheet.first_column) == (1048576, ("Heures",), 16384)


def test_two_cells_at_the_corners_are_refused_before_opening():
    with pytest.raises(BadSheet, match="too many cells"):
        read_sheets(xlsx_of({"A1": "Heures", "XFD1048576": "7"}), "x.xlsx")


def test_a_million_columns_are_refused():
    with pytest.raises(BadSheet, match="too many cells"):
        read_sheets(old_workbook((0, 0, 7), (65_535, 65_535, 7)), "heures.xls")
    with pytest.raises(BadSheet, match="1000001 columns"):
        read_sheets(b"Heures" + b";" * 1_000_000, "x.csv")
    repeated = (
        '<table:table-row><table:table-cell office:value-type="string" '
        'table:number-columns-repeated="1000000"><text:p>7</text:p></table:table-cell></table:table-row>'
    )
    with pytest.raises(BadSheet, match="too many cells"):
        read_sheets(ods_of(repeated), "x.ods")


def with_member(content, name, data=b"x"):
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("member", "why"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("../../settings.py", "outside itself"),
        ("/etc/passwd", "outside itself"),
        ("Index/Document.iwa", "Numbers"),
    ],
)
def test_workbooks_that_hide_something_are_refused(member, why):
    with pytest.raises(BadSheet, match=why):
        read_sheets(with_member(xlsx_of({"A1": "Heures"}), member), "x.xlsx")


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "x.csv", "empty"),
        (b"   \n", "x.csv", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "x.xlsx", "password"),
        (b"PK\x03\x04" + b"\0" * 50, "x.xlsx", "damaged"),
        (b"not a workbook", "x.xlsx", "damaged"),
        (b"%PDF-1.7 ...", "x.pdf", "PDF"),
        ("Nom;Heures\nNoël;7\n".encode() + "Zoé;8\n".encode("cp1252"), "x.csv", "line 2"),
        (b"Nom;Heures\nNo\x81l;7\n", "x.csv", "line 2"),
        ("Nom;Heures\nNoël;7".encode("utf-16-le"), "x.csv", "line 1"),
        (b'Nom;Heures\nA;7\n"B;8\n' + b"C;9\n" * 100, "x.csv", "Line 3"),
        (b"Nom;Heures\n" + b"A;1\n" * 6000, "x.csv", "5000 rows"),
        (b"x" * (5 * 1024 * 1024 + 1), "x.csv", "over 5 MB"),
    ],
)
def test_files_that_cannot_be_read_say_why(content, name, why):
    with pytest.raises(BadSheet, match=why):
        read_sheets(content, name)


def test_a_workbook_cut_anywhere_is_refused_or_read_whole():
    content = xlsx_of({"A1": "Numéro", "B1": "Heures", "A2": "P-00001", "B2": 7})
    whole = read_sheets(content, "x.xlsx")
    for cut in range(len(content) - 1, 40, -97):
        with pytest.raises(BadSheet):
            read_sheets(content[:cut], "x.xlsx")
    assert whole[0].rows[1].cells == ("P-00001", Decimal("7.0"))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(content):
    for name in ("x.csv", "x.xlsx"):
        try:
            assert read_sheets(content, name) is not None
        except BadSheet:
            continue


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_is_refused_in_words(text):
    try:
        found = read_day(text)
    except BadValue:
        found = None
    assert found is None or found.year >= 1900
    assert read_month_name(text) is None or text


# The command


def run(*args):
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("import-hours", *args, stdout=out, stderr=err)
    except CommandError as error:
        code = error.returncode
        err.write(str(error))
    except SystemExit as leaving:
        code = leaving.code
    return code, out.getvalue(), err.getvalue()


def test_the_command_declares_a_file(worksite, tmp_path):
    worksite.job(0)
    path = tmp_path / "mars.csv"
    path.write_bytes(csv_of(["P-00001", "", "", "", "120", "", "", ""]))
    code, out, _ = run(str(path), "--obligation", "2024-014", "--month", "2024-03", "--json")
    report = json.loads(out)
    assert code == 0
    assert (report["read"], report["created"], report["rejections"]) == (1, 1, [])
    assert worksite.totals()["declared"] == 120
    code, out, err = run(str(path), "--obligation", str(worksite.obligation.pk), "--month", "2024-03")
    assert code == 1
    assert "E (Heures)" in err
    assert worksite.totals()["declared"] == 120


def test_the_command_stores_nothing_half(worksite, tmp_path):
    worksite.job(0)
    path = tmp_path / "mars.csv"
    rows = [["P-00001", "", "", "", "120", "", "", ""], ["P-00002", "", "", "", "10", "", "", ""]]
    path.write_bytes(csv_of(*rows))
    code, out, _ = run(str(path), "--obligation", "2024-014", "--month", "2024-03", "--json")
    report = json.loads(out)
    assert code == 1
    assert report["created"] == 0
    assert [item["row"] for item in report["rejections"]] == [3]
    assert not Statement.objects.exists()


@pytest.mark.parametrize(
    "args",
    [
        ["absent.csv", "--obligation", "2024-014"],
        ["absent.csv", "--obligation", "2024-999"],
        ["absent.csv", "--obligation", "2024-014", "--month", "mars"],
        ["absent.csv", "--obligation", "2024-014", "--declarant", "nobody"],
    ],
)
def test_bad_usage_of_the_command_is_told_from_a_refusal(worksite, args):
    worksite.job(0)
    code, _, err = run(*args)
    assert code == 2
    assert err
