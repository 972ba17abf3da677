"""Files on a sheet: sent, read and withdrawn by its parties, hidden from everybody else."""

import hashlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from relais.kit.access import Refused, Stale
from relais.kit.models import AuditEntry, Outcome
from relais.screening import actions
from relais.screening.models import Opportunity, SheetFile
from relais.screening.views import files as views
from tests.screening.factories import NOON, TODAY, lot
from tests.screening.test_pages import page

PDF = b"%PDF-1.7\nprogramme des travaux"


def sent(name="programme.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="text/html")


def put(person, made, name="programme.pdf", content=PDF):
    return actions.add_file(
        made, sent(name, content), name=name, about="", most=1_000_000, actor=person.actor(TODAY), at=NOON
    )


def stored(settings):
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.fixture
def asked(clara, fanny, scheme):
    """A lot on which Fanny's body was asked its opinion."""
    made = lot(clara, scheme)
    actions.ask_opinion(
        made, fanny.organisation, question="", version=0, actor=clara.actor(TODAY), at=NOON, on=TODAY
    )
    return made


def test_clara_sends_a_file_and_fanny_downloads_it(client_for, clara, fanny, asked, settings):
    data = {"document": sent("../Programme d’été.pdf"), "about": "Programme des travaux"}
    answer = client_for(clara).post(page("sheet-file-add", clara, lot=asked.pk), data)
    assert (answer.status_code, answer.headers["Location"].endswith("#files")) == (302, True)
    (file,) = SheetFile.objects.all()
    assert (file.name, file.about, file.size) == ("Programme d’été.pdf", "Programme des travaux", len(PDF))
    assert (file.sha256, file.sent_by_id) == (hashlib.sha256(PDF).hexdigest(), clara.user.pk)
    assert "Programme" not in stored(settings)[0].name
    shown = client_for(fanny).get(page("opportunity-detail", fanny, lot=asked.pk)).content.decode()
    assert "Programme d’été.pdf" in shown
    assert "Programme des travaux" in shown
    address = page("sheet-file", fanny, lot=asked.pk, pk=file.pk)
    assert address in shown
    given = client_for(fanny).get(address)
    assert b"".join(given.streaming_content) == PDF
    assert given.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''Programme")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert (given.headers["Content-Type"], given.headers["Cache-Control"]) == (
        "application/pdf",
        "private, no-store",
    )
    trail = AuditEntry.objects.get(verb="screening.file.downloaded", outcome=Outcome.EXPORTED)
    assert (trail.user_id, trail.subject_id) == (fanny.user.pk, str(file.pk))
    assert trail.detail.startswith("Programme d’été.pdf sha256=")


@pytest.mark.parametrize("who", ["benoit", "felix", "corinne", "simon", "sam"])
def test_nobody_else_gets_it(client_for, cast, clara, asked, who):
    file, stranger = put(clara, asked), cast[who]
    for name in ("sheet-file", "sheet-file-withdraw"):
        address = page(name, stranger, lot=asked.pk, pk=file.pk)
        browser = client_for(stranger)
        answer = browser.get(address) if name == "sheet-file" else browser.post(address, {"reason": "x"})
        assert answer.status_code == 404
    answer = client_for(stranger).post(page("sheet-file-add", stranger, lot=asked.pk), {"document": sent()})
    assert answer.status_code == 404
    assert SheetFile.objects.count() == 1


def test_a_file_is_not_read_through_another_lot(client_for, clara, asked, scheme):
    file, other = put(clara, asked), lot(clara, scheme)
    assert client_for(clara).get(page("sheet-file", clara, lot=other.pk, pk=file.pk)).status_code == 404


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (sent("virus.exe", b"MZ"), "ne sont pas pris"),
        (sent("note.pdf", b"<html>"), "n’est pas ce que dit sa terminaison"),
        (sent("vide.pdf", b""), "est vide"),
        (sent("lourd.pdf", PDF + b"x" * 2_000), "pèse plus de"),
        (None, "Choisissez un fichier"),
    ],
)
def test_what_is_not_taken_is_told_and_nothing_is_kept(
    client_for, clara, asked, settings, monkeypatch, file, why
):
    monkeypatch.setattr(views, "MOST_BYTES", 1_000)
    if file:
        file.seek(0)
    data = {"document": file} if file else {}
    answer = client_for(clara).post(page("sheet-file-add", clara, lot=asked.pk), data, follow=True)
    assert answer.status_code == 200
    assert why in answer.content.decode()
    assert not SheetFile.objects.exists()
    assert not stored(settings)


def test_the_same_file_is_on_a_sheet_once(client_for, clara, asked, settings):
    put(clara, asked)
    data = {"document": sent("autre nom.pdf")}
    answer = client_for(clara).post(page("sheet-file-add", clara, lot=asked.pk), data, follow=True)
    assert "est déjà sur cette fiche" in answer.content.decode()
    assert (SheetFile.objects.count(), len(stored(settings))) == (1, 1)


def test_a_sheet_holds_so_many_files_and_no_more(clara, asked, monkeypatch):
    monkeypatch.setattr("relais.screening.actions.files.MOST_FILES", 1)
    put(clara, asked)
    with pytest.raises(ValueError, match="1 files at most"):
        put(clara, asked, "autre.pdf", PDF + b"2")


def test_the_first_file_opens_the_sheet_of_a_lot(clara, scheme):
    made = lot(clara, scheme)
    put(clara, made)
    assert Opportunity.objects.get(lot=made).files.count() == 1


def test_a_withdrawn_file_is_erased_and_its_line_stays(
    client_for, clara, fanny, asked, settings, django_capture_on_commit_callbacks
):
    file = put(fanny, asked)
    address = page("sheet-file-withdraw", fanny, lot=asked.pk, pk=file.pk)
    client_for(fanny).post(address, {"reason": "  "})
    assert SheetFile.objects.present().count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        client_for(fanny).post(address, {"reason": "Noms de personnes"})
    kept = SheetFile.objects.get()
    assert (kept.is_present, kept.withdrawal_reason, kept.sha256) == (False, "Noms de personnes", file.sha256)
    assert not stored(settings)
    shown = client_for(clara).get(page("opportunity-detail", clara, lot=asked.pk)).content.decode()
    assert "Noms de personnes" in shown
    assert client_for(clara).get(page("sheet-file", clara, lot=asked.pk, pk=file.pk)).status_code == 404
    trail = AuditEntry.objects.filter(verb__startswith="screening.file").order_by("pk")
    assert [entry.verb for entry in trail] == [
        "screening.file.added",
        "screening.file.withdrawn",
    ]
    with pytest.raises((Refused, Stale)):
        actions.withdraw_file(file, reason="Encore", actor=fanny.actor(TODAY), at=NOON)
    put(clara, asked)


def test_only_the_body_that_sent_it_or_a_manager_of_the_buyer_withdraws(clara, carole, fanny, asked):
    file = put(fanny, asked)
    for person in (clara,):
        with pytest.raises(Refused):
            actions.withdraw_file(file, reason="Non", actor=person.actor(TODAY), at=NOON)
    actions.withdraw_file(file, reason="Hors sujet", actor=carole.actor(TODAY), at=NOON)
    assert SheetFile.objects.get().withdrawn_by_id == carole.user.pk


def test_a_content_that_left_the_storage_is_a_missing_page(client_for, clara, asked):
    file = put(clara, asked)
    file.content.storage.delete(file.content.name)
    assert client_for(clara).get(page("sheet-file", clara, lot=asked.pk, pk=file.pk)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_sheet_costs_the_same_for_any_number_of_files(client_for, clara, asked, count, within_queries):
    for number in range(count):
        put(clara, asked, f"{number}.pdf", PDF + b"%d" % number)
    browser, address = client_for(clara), page("opportunity-detail", clara, lot=asked.pk)
    browser.get(address)
    with within_queries(12):
        browser.get(address)
