"""Declaring a month, as Corinne does it between two phone calls."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from relais.core.months import Month
from relais.execution.actions.validation import (
    close_month,
    decidable_lines,
    query_lines,
    validate_lines,
)
from relais.execution.enums import LineState, StatementOrigin
from relais.execution.models import Statement, StatementLine
from tests.execution.test_intake import csv_of, xlsx_of
from tests.execution.worksite import MARCH, TODAY, lay_worksite, noon

CORINNE = "/batisseurs-du-mad/execution"


@pytest.fixture
def corinnes(client_for, corinne):
    return client_for(corinne)


def path_of(worksite, month="2024-03", end=""):
    return f"{CORINNE}/suivi/{worksite.obligation.pk}/releve/{month}/{end}"


def typed(*lines, act="submit", version=0, **changes):
    """What the page sends: `typed((job, "7h30"))` for the whole of March."""
    data = {"act": act, "version": version, "origin": "form", "signed_by": "Corinne", "row": []}
    for job, hours, *training in lines:
        first = max(job.starts_on, date(2024, 3, 1))
        data["row"].append(f"{job.pk}:{first.isoformat()}:2024-03-31")
        data[f"hours-{job.pk}-{first.day}-31"] = hours
        data[f"training-{job.pk}-{first.day}-31"] = training[0] if training else ""
    return data | changes


def decided(act, member, **terms):
    lines = decidable_lines(list(StatementLine.objects.waiting().values_list("pk", flat=True)))
    act(lines, actor=member.actor(TODAY), at=noon(TODAY), **terms)


def test_the_list_shows_what_is_owed_and_the_month_to_declare(worksite, corinnes):
    worksite.job()
    page = corinnes.get(f"{CORINNE}/releves/").content.decode()
    assert "2024-014" in page
    assert path_of(worksite, "2024-02") in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_and_the_month_stay_flat(worksite, corinnes, within_queries, count):
    jobs = [worksite.job(index) for index in range(count)]
    worksite.declare([(job, 100) for job in jobs], month=Month(2024, 2))
    with within_queries(12):
        corinnes.get(f"{CORINNE}/releves/")
    with within_queries(12):
        corinnes.get(path_of(worksite))
    worksite.declare([(job, 100) for job in jobs])
    with within_queries(12):
        corinnes.get(path_of(worksite))
    with within_queries(12):
        corinnes.get(f"{CORINNE}/releves/{Statement.objects.first().pk}/")


def test_corinne_declares_march_and_gets_a_receipt(worksite, corinnes):
    one, two = worksite.job(0), worksite.job(1)
    page = corinnes.get(path_of(worksite)).content.decode()
    assert "Amina Benali" in page
    answer = corinnes.post(path_of(worksite), typed((one, "7h30"), (two, "120,5", "10")), follow=True)
    receipt = answer.content.decode()
    statement = Statement.objects.get()
    assert statement.number in receipt
    assert "128" in receipt
    assert statement.signed_by == "Corinne"
    assert worksite.totals()["declared"] == 128
    assert statement.origin == StatementOrigin.FORM


def test_last_month_is_copied_in_one_act_and_nothing_is_kept(worksite, corinnes):
    job = worksite.job()
    worksite.declare([(job, "151.67")], month=Month(2024, 2))
    page = corinnes.get(path_of(worksite) + "?copy=1").content.decode()
    assert 'value="151,67"' in page
    assert not StatementLine.objects.filter(month=MARCH.first_day).exists()


@pytest.mark.parametrize(
    ("hours", "training", "said"),
    [
        ("1,607", "", "1,607"),
        ("beaucoup", "", "beaucoup"),
        ("<script>alert(1)</script>", "", "&lt;script&gt;"),
        ("7h5", "", "7h5"),
        ("-7", "", "-7"),
        ("NaN", "", "NaN"),
        ("1e308", "", "1e308"),
        ("10", "11", "11"),
        ("800", "", "800"),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_stays_typed(worksite, corinnes, hours, training, said):
    job = worksite.job()
    answer = corinnes.post(path_of(worksite), typed((job, hours, training)))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "field-error" in page
    assert f'value="{said}' in page
    assert "<script>alert" not in page
    assert not StatementLine.objects.exists()


def test_an_unsigned_statement_keeps_what_was_typed(worksite, corinnes):
    job = worksite.job()
    page = corinnes.post(path_of(worksite), typed((job, "100"), signed_by="")).content.decode()
    assert 'value="100"' in page
    assert "error-summary" in page
    assert not StatementLine.objects.exists()


def test_a_draft_is_kept_and_found_again(worksite, corinnes):
    job = worksite.job()
    assert corinnes.post(path_of(worksite), typed((job, "88"), act="save")).status_code == 302
    assert StatementLine.objects.get().state == LineState.DRAFT
    assert 'value="88"' in corinnes.get(path_of(worksite)).content.decode()


def test_a_double_click_sends_once(worksite, corinnes):
    job = worksite.job()
    data = typed((job, "100"))
    first = corinnes.post(path_of(worksite), data)
    second = corinnes.post(path_of(worksite), data)
    assert first.url == second.url
    assert worksite.totals()["declared"] == 100
    assert Statement.objects.get().version == 1


def test_another_tab_gets_both_sides_and_overwrites_nothing(worksite, corinnes):
    job = worksite.job()
    corinnes.post(path_of(worksite), typed((job, "100")))
    other = corinnes.post(path_of(worksite), typed((job, "90")))
    page = other.content.decode()
    assert other.status_code == 409
    assert "100" in page
    assert "90" in page
    assert worksite.totals()["declared"] == 100


def test_two_drafts_from_one_page_conflict(worksite, corinnes):
    job = worksite.job()
    corinnes.post(path_of(worksite), typed((job, "88"), act="save"))
    assert corinnes.post(path_of(worksite), typed((job, "70"), act="save")).status_code == 409
    assert StatementLine.objects.get().hours == 88


def test_checks_are_said_in_words_without_keeping_anything(worksite, corinnes):
    job = worksite.job()
    whole = corinnes.post(path_of(worksite), typed((job, "230"), act="check")).content.decode()
    part = corinnes.post(path_of(worksite, end="controle/"), typed((job, "230"))).content.decode()
    for page in (whole, part):
        assert "AL07" in page
        assert "220" in page
    assert "<html" not in part
    assert not Statement.objects.exists()


def test_checks_of_half_typed_hours_do_not_break(worksite, corinnes):
    job = worksite.job()
    part = corinnes.post(path_of(worksite, end="controle/"), typed((job, "7h"), version="x"))
    assert part.status_code == 200
    assert "field-error" in part.content.decode() or "notice bad" in part.content.decode()


def test_rows_of_others_are_not_taken(worksite, corinnes):
    theirs = worksite.job(1, declared_by="sonia")
    worksite.job(0)
    corinnes.post(path_of(worksite), typed((theirs, "100")))
    corinnes.post(path_of(worksite), typed(row=["x", "1:2", f"{theirs.pk}:2024-03-01:2024-02-01"]))
    assert not StatementLine.objects.exists()


def test_fields_nobody_asked_for_change_nothing(worksite, corinnes):
    job = worksite.job()
    extra = {"state": "VALIDATED", "declarant": 1, "is_validated": "1", "counted_hours": "9999"}
    corinnes.post(path_of(worksite), typed((job, "100")) | extra)
    line = StatementLine.objects.get()
    assert (line.state, line.counted_hours) == (LineState.DECLARED, 100)


def test_nobody_worked_is_ticked(worksite, corinnes):
    worksite.job()
    page = corinnes.post(path_of(worksite), typed()).content.decode()
    assert "error-summary" in page
    assert corinnes.post(path_of(worksite), typed(nothing="on")).status_code == 302
    assert Statement.objects.get().is_sent


@pytest.mark.parametrize("month", ["2027-03", "2023-12"])
def test_a_month_outside_says_why_and_shows_no_form(worksite, corinnes, month):
    worksite.job()
    page = corinnes.get(path_of(worksite, month)).content.decode()
    assert "notice info" in page
    assert "data-grid" not in page


def test_a_month_that_does_not_exist_is_no_page(worksite, corinnes):
    assert corinnes.get(path_of(worksite, "2024-13")).status_code == 404


def test_a_month_closed_meanwhile_keeps_what_was_typed_out(worksite, corinnes, fanny):
    job = worksite.job()
    close_month(worksite.obligation, month=MARCH, actor=fanny.actor(TODAY), at=noon(TODAY))
    answer = corinnes.post(path_of(worksite), typed((job, "100")))
    assert answer.status_code == 200
    assert not StatementLine.objects.exists()


@pytest.mark.parametrize("name", ["clara", "fanny", "cyril", "sam"])
def test_who_does_not_declare_finds_no_page(worksite, client_for, cast, name):
    worksite.job()
    path = path_of(worksite).replace("batisseurs-du-mad", cast[name].organisation.slug)
    assert client_for(cast[name]).get(path).status_code == 404
    assert client_for(cast[name]).post(path, typed()).status_code == 404


def test_the_receipt_names_people_to_the_parties_and_numbers_to_the_buyer(worksite, client_for, cast):
    statement = worksite.declare([(worksite.job(), 100)])
    seen = {}
    for name in ("corinne", "fanny", "clara", "cyril", "sonia", "felix"):
        slug = cast[name].organisation.slug
        answer = client_for(cast[name]).get(f"/{slug}/execution/releves/{statement.pk}/")
        seen[name] = answer.status_code == 200 and "Benali" in answer.content.decode()
        if name == "clara":
            assert "P-00001" in answer.content.decode()
    assert seen == {
        "corinne": True,
        "fanny": True,
        "clara": False,
        "cyril": False,
        "sonia": False,
        "felix": False,
    }


def test_corinne_answers_the_facilitator(worksite, corinnes, fanny):
    worksite.declare([(worksite.job(), 230)])
    decided(query_lines, fanny, note="230 h, vraiment ?")
    line = StatementLine.objects.get()
    assert "230 h, vraiment" in corinnes.get(f"{CORINNE}/releves/").content.decode()
    path = f"{CORINNE}/lignes/{line.pk}/reponse/"
    assert "230 h, vraiment" in corinnes.get(path).content.decode()
    wrong = corinnes.post(path, {"hours": "900", "note": "oui", "version": line.version})
    assert "error-summary" in wrong.content.decode()
    data = {"hours": "130", "note": "Erreur de saisie", "version": line.version}
    assert corinnes.post(path, data).status_code == 302
    assert corinnes.post(path, data).status_code == 403
    line.refresh_from_db()
    assert (line.state, line.hours, line.note) == (LineState.DECLARED, 130, "Erreur de saisie")


def test_corinne_corrects_a_validated_line(worksite, corinnes, fanny):
    worksite.declare([(worksite.job(), 100)])
    decided(validate_lines, fanny)
    line = StatementLine.objects.get()
    path = f"{CORINNE}/lignes/{line.pk}/correction/"
    assert "error-summary" in corinnes.post(path, {"hours": "-200", "note": "Paie"}).content.decode()
    assert corinnes.post(path, {"hours": "\u22127,5", "note": "Paie"}).status_code == 302
    assert line.corrections.get().hours == Decimal("-7.50")


@pytest.mark.parametrize("page", ["reponse", "correction"])
@pytest.mark.parametrize("name", ["cyril", "sam", "felix"])
def test_lines_of_others_are_not_found(worksite, client_for, cast, name, page):
    worksite.declare([(worksite.job(), 100)])
    line = StatementLine.objects.get()
    slug = cast[name].organisation.slug
    assert client_for(cast[name]).get(f"/{slug}/execution/lignes/{line.pk}/{page}/").status_code == 404


def test_the_same_hours_claimed_twice_are_refused_and_shown_to_both_sides(
    worksite, cast, corinnes, client_for
):
    elsewhere = lay_worksite(cast, reference="2024-015")
    job = worksite.job()
    other = elsewhere.job(person=job.person)
    elsewhere.declare([(other, 100)])
    for _ in range(2):
        page = corinnes.post(path_of(worksite), typed((job, "100"))).content.decode()
        assert "2024-015 (Région des Trois-Vallées)" in page
    assert not worksite.obligation.lines.exists()
    line = elsewhere.obligation.lines.get()
    assert (line.state, line.is_flagged, len(line.findings)) == (LineState.DECLARED, True, 1)
    queue = client_for(cast["fanny"]).get("/plie-de-la-meurthe/execution/validation/").content.decode()
    assert "2024-014 (Région des Trois-Vallées)" in queue


# Files


def sent_file(content, name="mars.csv"):
    return {"file": SimpleUploadedFile(name, content)}


def test_a_file_fills_the_page_and_keeps_nothing_until_it_is_signed(worksite, corinnes):
    worksite.job(0)
    content = csv_of(
        ["P-00001", "", "", "", "60", "5", "01/03/2024", "15/03/2024"],
        ["P-00001", "", "", "", "230", "", "16/03/2024", "31/03/2024"],
    )
    page = corinnes.post(path_of(worksite, end="fichier/"), sent_file(content)).content.decode()
    assert 'value="60"' in page
    assert "AL07" in page
    assert not Statement.objects.exists()
    job = StatementLine._meta.get_field("job_contract").related_model.objects.get()
    data = {
        "act": "submit",
        "version": 0,
        "origin": "file",
        "signed_by": "Corinne",
        "row": [f"{job.pk}:2024-03-01:2024-03-15", f"{job.pk}:2024-03-16:2024-03-31"],
        f"hours-{job.pk}-1-15": "60",
        f"training-{job.pk}-1-15": "5",
        f"hours-{job.pk}-16-31": "230",
    }
    assert corinnes.post(path_of(worksite), data).status_code == 302
    assert Statement.objects.get().origin == StatementOrigin.FILE
    assert worksite.totals()["declared"] == 290


def test_a_file_with_an_error_says_where_and_keeps_nothing(worksite, corinnes):
    worksite.job(0)
    content = csv_of(["P-00001", "", "", "", "60", "", "", ""], ["P-00009", "", "", "", "10", "", "", ""])
    page = corinnes.post(path_of(worksite, end="fichier/"), sent_file(content)).content.decode()
    assert "A (Numéro)" in page
    assert "P-00009" in page
    assert "data-grid" not in page
    assert not Statement.objects.exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "x.csv"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "x.xlsx"),
        (b"PK\x03\x04broken", "x.xlsx"),
        (b"bonjour;tout;le;monde\n", "x.csv"),
    ],
)
def test_an_unreadable_file_is_an_error_of_the_field(worksite, corinnes, content, name):
    worksite.job(0)
    page = corinnes.post(path_of(worksite, end="fichier/"), sent_file(content, name)).content.decode()
    assert "error-summary" in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_once_filled_is_read_back(worksite, corinnes, kind):
    worksite.job(0)
    answer = corinnes.get(path_of(worksite, end="modele/") + f"?format={kind}")
    if kind == "csv":
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        filled = text.replace(";Aide maçon;;;", ";Aide maçon;7h30;;").encode()
    else:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        rows[1][4] = "7h30"
        cells = {
            f"{chr(65 + column)}{line + 1}": value
            for line, row in enumerate(rows)
            for column, value in enumerate(row)
            if value != ""
        }
        filled = xlsx_of(cells)
    page = corinnes.post(path_of(worksite, end="fichier/"), sent_file(filled, f"m.{kind}")).content.decode()
    assert 'value="7,5"' in page
