import json
import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from relais.core.words import BadValue
from relais.execution.models import Call, Entry
from relais.execution.queries.calls_file import read_calls
from relais.execution.queries.owing import standing_of
from tests.execution.owing import DAY, PER_2000, a_framework, a_rule, cancel, fresh, invoice

pytestmark = pytest.mark.django_db
D = Decimal
HEAD = "N° de facture;Date;Objet;Montant HT;Montant TTC\n"
FILE = (
    "Factures 2025;;;;\n"
    + HEAD
    + 'F-1;12/09/2025;Peinture;"8 000,00 €";9600\n'
    + "F-2;2025-09-15;Sols;4000,50;4800,60\n"
    + "F-3;16/09/2025;Avoir;-1000;-1200\n"
    + "TOTAL;;;11000,50;\n"
)


@pytest.fixture
def framework(cast):
    return a_framework(cast)


def page_of(name, person, **kwargs):
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


def send(client_for, clara, obligation, content, name="factures.csv"):
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    return client_for(clara).post(
        page_of("call-import", clara, pk=obligation.pk), {"file": file}, follow=True
    )


def read(obligation, content, name="factures.csv"):
    content = content.encode() if isinstance(content, str) else content
    return read_calls(
        content, name=name, debtors=list(obligation.debtors.all()), standing=standing_of(obligation)
    )


def workbook(rows):
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Bons")
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    return buffer.getvalue()


def test_a_file_of_invoices_is_recorded_whole_and_once(cast, clara, client_for, framework):
    answer = send(client_for, clara, framework, FILE)
    assert "3 enregistrées" in answer.text
    assert fresh(framework).owed == D("5.50")
    assert "rien ne change" in send(client_for, clara, framework, FILE).text
    assert Call.objects.count() == 3
    changed = FILE.replace("4000,50", "6000,50").replace("F-3;16/09/2025;Avoir;-1000", "F-4;16/09/2025;;2000")
    send(client_for, clara, framework, changed)
    assert (fresh(framework).owed, Call.objects.live().count()) == (D("7.50"), 4)
    listed = client_for(clara).get(page_of("call-list", clara, pk=framework.pk))
    assert "factures.csv" in listed.text


def test_every_fault_of_a_file_is_located_and_nothing_is_kept(cast, clara, client_for, framework):
    bad = (
        HEAD
        + "F-1;31/02/2025;;100;\n"
        + "F-2;;;100;\n"
        + ";12/09/2025;;100;\n"
        + "F-4;12/09/2025;;1,607;\n"
        + "F-5;12/09/2025;;;\n"
        + "F-6;12/09/2025;;2000;\n"
        + "F-6;12/09/2025;;2000;\n"
    )
    problems = read(framework, bad).problems
    assert [problem.row for problem in problems] == [2, 3, 4, 5, 6, 8]
    assert problems[3].column == "D (Montant HT)"
    early = HEAD + "F-1;12/09/2025;;2000;\nF-2;01/01/2025;;2000;\n"
    answer = send(client_for, clara, framework, early)
    assert answer.status_code == 422
    assert "01/01/2025" in answer.text
    assert not Call.objects.exists()
    assert not Entry.objects.filter(kind="INVOICE").exists()
    call = invoice(cast, framework, "F-1", 2000)
    cancel(cast, call)
    assert send(client_for, clara, framework, HEAD + "F-1;12/09/2025;;2000;\n").status_code == 422


def test_a_workbook_says_which_company_and_which_kind(cast, framework):
    name = cast["corinne"].organisation.name
    rows = [
        ["Numéro", "Date", "Montant HT", "Type", "Entreprise"],
        [118, "12/09/2025", 2000.5, "Facture", name],
    ]
    (one,) = read(framework, workbook(rows), "bons.xlsx").calls
    assert (one.number, one.amount, one.kind, one.debtor) == (
        "118",
        D("2000.50"),
        "INVOICE",
        framework.debtors.get(),
    )
    rows[1][3:] = ["Devis", "Inconnue"]
    assert [problem.row for problem in read(framework, workbook(rows), "bons.xlsx").problems] == [2, 2]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty"),
        ("a;b\n1;2\n", "No header"),
        ("Numéro;Date;Montant TTC\nF-1;12/09/2025;12\n", "include tax"),
        ("Numéro;N°;Date;Montant HT\n", "same thing"),
        ("%PDF-1.7", "PDF"),
        (HEAD + "F;12/09/2025;;1;\n" * 5001, "Cut it by year"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(framework, content, reason):
    with pytest.raises(BadValue, match=reason):
        read(framework, content)


def test_the_command_reports_and_stores_nothing_half(framework, tmp_path, capsys):
    file = tmp_path / "factures.csv"
    file.write_text(FILE, "utf-8")
    where = {"obligation": framework.clause.reference, "buyer": framework.buyer.slug}
    call_command("import-calls", str(file), **where, json=True)
    report = json.loads(capsys.readouterr().out)
    assert [report[key] for key in ("read", "created", "updated", "unchanged", "rejected")] == [3, 3, 0, 0, 0]
    file.write_text(FILE + "F-9;12/09/2025;;abc;\n", "utf-8")
    with pytest.raises(SystemExit):
        call_command("import-calls", str(file), **where, json=True)
    report = json.loads(capsys.readouterr().out)
    assert (report["created"], report["rejected"], report["rejections"][0]["row"]) == (0, 1, 7)
    with pytest.raises(CommandError, match="0 "):
        call_command("import-calls", str(file), obligation="9999-999", buyer=framework.buyer.slug)
    assert Call.objects.count() == 3


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_stay_flat(cast, clara, client_for, within_queries, count):
    framework = a_framework(cast, shares={"corinne": D("0.5"), "cyril": D("0.5")})
    for rank in range(count):
        invoice(cast, framework, f"F-{rank}", 3000)
    browser = client_for(clara)
    with within_queries(12):
        assert browser.get(page_of("call-list", clara, pk=framework.pk)).status_code == 200
    with within_queries(12):
        page = browser.get(page_of("owing-detail", clara, pk=framework.pk))
    assert re.search(r"1 h par tranche de 2\s000\s€ HT facturés", page.text)


def test_a_year_is_filtered_and_exported(cast, clara, client_for, framework):
    invoice(cast, framework, "F-1", 3000)
    a_rule(cast, framework, PER_2000)
    invoice(cast, framework, "F-2", 5000, on=DAY + timedelta(365))
    browser = client_for(clara)
    address = page_of("call-export", clara, pk=framework.pk)
    lines = browser.get(address, {"annee": str(DAY.year)}).getvalue().decode().splitlines()
    assert len(lines) == 2
    assert "F-1" in lines[1]
    assert "3000,00;1,50" in lines[1]
    assert len(browser.get(address, {"annee": "abc"}).getvalue().decode().splitlines()) == 3
