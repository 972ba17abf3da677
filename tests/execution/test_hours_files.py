"""A file in the company's own layout: taught once, recognised after, all its months stored or none."""

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from relais.execution.models import HoursFile, Statement, StatementLayout, StatementLine
from tests.execution.layouts import csv_file, xlsx_file
from tests.execution.test_intake import bomb, run

FILES = "/batisseurs-du-mad/execution/releves/fichiers/"
HEAD = ["Nom", "Prénom", "mars 2024", "avril 2024", "Total"]
ROLES = {
    "role-0": "last_name",
    "role-1": "first_name",
    "role-2": "hours",
    "role-3": "hours",
    "role-4": "total",
}


def rows_of(*people, total=None):
    sums = [sum(values, Decimal(0)) for values in zip(*[row[2:] for row in people], strict=True)]
    return csv_file([HEAD, *people, ["Total", "", *(total or sums)]])


AMINA = ["Benali", "Amina", Decimal(100), Decimal(50), Decimal(150)]
JOSE = ["Da Silva", "José", Decimal("7.5"), Decimal(20), Decimal("27.5")]


@pytest.fixture
def corinnes(client_for, corinne):
    return client_for(corinne)


@pytest.fixture
def send(worksite, corinnes):
    """`send(content)`: Corinne's upload; the answer of the page it leads to."""

    def sending(content, name="heures.csv", *, follow=True, **more):
        data = {"file": SimpleUploadedFile(name, content), "obligation": worksite.obligation.pk, **more}
        return corinnes.post(FILES, data, follow=follow)

    return sending


def page(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def own(end=""):
    return f"{FILES}{HoursFile.objects.latest('pk').pk}/{end}"


def check(worksite, act, **more):
    return {"act": act, "obligation": worksite.obligation.pk, "period": "", "signed_by": "Corinne", **more}


def test_a_layout_is_taught_once_then_recognised_and_all_the_months_are_sent(worksite, corinnes, send):
    worksite.job(0)
    worksite.job(1)
    first = send(rows_of(AMINA, JOSE))
    assert first.redirect_chain[-1][0] == own("colonnes/")
    assert 'value="total" selected' in page(first)
    assert corinnes.post(own("colonnes/"), {"act": "teach", "table": 0, **ROLES}).headers["Location"] == own()
    shown = page(corinnes.get(own()))
    assert "107,5" in shown
    assert "mars 2024 · 2024-014" in shown
    assert Statement.objects.count() == 0
    corinnes.post(own(), check(worksite, "send"))
    assert (
        list(Statement.objects.order_by("month").values_list("state", "origin"))
        == [("submitted", "file")] * 2
    )
    said = StatementLine.objects.order_by("month", "hours").values_list("month__month", "hours")
    assert list(said) == [(3, Decimal("7.5")), (3, 100), (4, 20), (4, 50)]
    assert not HoursFile.objects.exists()
    again = csv_file([[*HEAD[:2], "mai 2024", "Total"], [*AMINA[:2], 8, 8], ["Total", "", 8, 8]])
    assert send(again).redirect_chain[-1][0] == own()
    assert StatementLayout.objects.get().used == 1


def test_hours_may_be_kept_as_drafts_and_a_file_given_up(worksite, corinnes, send):
    worksite.job(0)
    send(rows_of(AMINA))
    corinnes.post(own("colonnes/"), {"act": "teach", "table": 0, **ROLES})
    corinnes.post(own(), check(worksite, "draft"))
    assert set(Statement.objects.values_list("state", flat=True)) == {"draft"}
    assert worksite.totals()["declared"] == 0
    send(rows_of(AMINA))
    corinnes.post(own("abandon/"))
    assert not HoursFile.objects.exists()


def test_one_line_refused_keeps_every_month_out(worksite, corinnes, send):
    worksite.job(0)
    send(rows_of(AMINA, JOSE))
    corinnes.post(own("colonnes/"), {"act": "teach", "table": 0, **ROLES})
    answer = corinnes.post(own(), check(worksite, "send"))
    assert answer.status_code == 422
    assert not Statement.objects.exists()
    shown = page(corinnes.get(own()))
    assert "C (mars 2024)" in shown
    assert "Personnes à reconnaître" in shown


def test_the_person_chosen_is_remembered_with_the_file(worksite, corinnes, send):
    job = worksite.job(0)
    send(rows_of(["Benalli", *AMINA[1:]]))
    corinnes.post(own("colonnes/"), {"act": "teach", "table": 0, **ROLES})
    name = re.search(r'name="(who-\w+)"', page(corinnes.get(own())))[1]
    answer = corinnes.post(own(), check(worksite, "keep", **{name: job.pk}))
    assert answer.status_code == 302
    assert f'value="{job.pk}" selected' in page(corinnes.get(own()))
    corinnes.post(own(), check(worksite, "send", **{name: job.pk}))
    assert worksite.totals()["declared"] == 150


def test_a_total_that_differs_is_told_and_set_aside_by_hand(worksite, corinnes, send):
    worksite.job(0)
    send(rows_of(AMINA, total=[100, 51, 151]))
    corinnes.post(own("colonnes/"), {"act": "teach", "table": 0, **ROLES})
    shown = page(corinnes.get(own()))
    assert "Le total indique 51" in shown
    corinnes.post(own(), check(worksite, "send"))
    assert not Statement.objects.exists()
    corinnes.post(own(), check(worksite, "send", aside=["!3"]))
    assert worksite.totals()["declared"] == 150


def test_a_table_without_known_heading_is_shown_row_by_row(worksite, corinnes, send):
    worksite.job(0)
    answer = send(csv_file([["Suivi"], ["Wer", "Std"], ["BENALI Amina", "7h30"]]), period="2024-03")
    assert "Suivi" in page(answer)
    corinnes.post(own("colonnes/"), {"act": "frame", "table": 0, "header_row": 2, "height": 1})
    assert "Wer" in page(corinnes.get(own("colonnes/")))
    taught = {"act": "teach", "table": 0, "role-0": "full_name"}
    assert corinnes.post(own("colonnes/"), taught).status_code == 422
    corinnes.post(own("colonnes/"), taught | {"role-1": "hours"})
    corinnes.post(own(), check(worksite, "send", period="2024-03"))
    assert worksite.totals()["declared"] == Decimal("7.5")


def test_rows_that_name_their_clause_are_declared_under_it(worksite, corinnes, send):
    worksite.job(0)
    head = ["Clause", "Salarié", "Mois", "Heures", "dont formation"]
    content = csv_file(
        [head, ["2024-014", "Amina Benali", "03/2024", "7,5", "2"], ["X-1", "Z", "03/2024", 1, 0]]
    )
    send(content, obligation="")
    names = ("clause", "full_name", "month", "hours", "training")
    corinnes.post(
        own("colonnes/"),
        {"act": "teach", "table": 0, **{f"role-{at}": name for at, name in enumerate(names)}},
    )
    shown = page(corinnes.get(own()))
    assert "« X-1 » n’est pas la référence" in shown
    assert shown.count('<th scope="row" class="num" data-label="Ligne">') == 1


BAD = {
    "bomb": (bomb(), "heures.xlsx"),
    "cut": (xlsx_file(lambda book, *_: book.add_worksheet().write("A1", "Nom"))[:900], "heures.xlsx"),
    "empty": (b" ", "heures.csv"),
    "wrong encoding": ("Nom;Heures\nNoël;7\n".encode() + "Zoé;8\n".encode("cp1252"), "heures.csv"),
    "pdf": (b"%PDF-1.7", "heures.csv"),
}


@pytest.mark.parametrize("case", BAD)
def test_files_that_cannot_be_read_are_refused_in_words_and_not_kept(send, case):
    content, name = BAD[case]
    answer = send(content, name)
    assert answer.status_code == 422
    assert "error" in page(answer)
    assert not HoursFile.objects.exists()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["Benali", "Amina", "-7", "", ""], "supérieures à zéro"),
        (["Benali", "Amina", "800", "", "800"], "ne tiennent pas en 31"),
        (["Benali", "Amina", "#REF!", "", ""], "La formule de cette cellule échoue"),
        (["Benali", "Amina", "1,607", "", ""], "peut se lire"),
        (["Benali", "Amina", "100", "", "100"], "déjà à la ligne 2"),
        (["", "", "3", "", "3"], "ne nomme personne"),
    ],
)
def test_bad_values_are_told_at_their_place_and_nothing_is_stored(worksite, corinnes, send, row, told):
    worksite.job(0)
    send(csv_file([HEAD, AMINA, row]))
    corinnes.post(own("colonnes/"), {"act": "teach", "table": 0, **ROLES})
    assert told in page(corinnes.get(own()))
    assert corinnes.post(own(), check(worksite, "send")).status_code == 422
    assert not Statement.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_of_a_file_keep_their_budget(worksite, corinnes, send, within_queries, count):
    people = []
    for index in range(count):
        job = worksite.job(index)
        people.append([job.person.last_name, job.person.first_name, Decimal(10), Decimal(20), Decimal(30)])
        send(rows_of(*people))
    with within_queries(12):
        corinnes.get(FILES)
    teach, here = own("colonnes/"), own()
    with within_queries(12):
        corinnes.get(teach)
    corinnes.post(teach, {"act": "teach", "table": 0, **ROLES})
    with within_queries(12):
        assert corinnes.get(here).status_code == 200


def test_the_command_declares_all_the_months_of_a_layout_taught(worksite, corinnes, send, tmp_path):
    worksite.job(0)
    send(rows_of(AMINA))
    corinnes.post(own("colonnes/"), {"act": "teach", "table": 0, **ROLES})
    path = tmp_path / "annee.csv"
    path.write_bytes(rows_of(AMINA, JOSE))
    code, out, _err = run(str(path), "--obligation", "2024-014", "--json")
    assert (code, json.loads(out)["created"], json.loads(out)["rejected"]) == (1, 0, 1)
    assert not Statement.objects.exists()
    path.write_bytes(rows_of(AMINA))
    code, out, _err = run(str(path), "--obligation", "2024-014", "--json")
    told = json.loads(out)
    assert (code, told["months"], told["created"]) == (0, ["2024-03", "2024-04"], 2)
    assert (told["hours"], told["totals_proved"]) == ("150.00", 4)
    assert worksite.totals()["declared"] == 150


def test_files_that_nobody_confirms_are_deleted_after_some_days(send, capsys):
    send(rows_of(AMINA), follow=False)
    call_command("delete-old-hours-files", "--json")
    HoursFile.objects.update(received_at=HoursFile.objects.get().received_at - timedelta(days=31))
    call_command("delete-old-hours-files", "--json")
    told = [json.loads(line)["deleted"] for line in capsys.readouterr().out.splitlines()]
    assert told == [0, 1]
