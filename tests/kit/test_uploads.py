"""What is taken and what is not, by content; names made safe whatever they hold."""

import hashlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.words import BadValue
from relais.kit.uploads import LONGEST_NAME, inspected, safe_name

MOST = 1_000_000


def archive(*members, first=b""):
    """A zip that holds these members; `first` is stored as `mimetype` before them."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as kept:
        if first:
            kept.writestr(zipfile.ZipInfo("mimetype"), first)
        for member in members:
            kept.writestr(member, "<x/>")
    return made.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
ODT = archive("content.xml", first=b"application/vnd.oasis.opendocument.text")
ODS = archive("content.xml", first=b"application/vnd.oasis.opendocument.spreadsheet")
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
TAKEN = [
    ("note.pdf", b"%PDF-1.7 ...", "application/pdf"),
    ("Note.DOCX", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("prix.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("note.odt", ODT, "application/vnd.oasis.opendocument.text"),
    ("prix.ods", ODS, "application/vnd.oasis.opendocument.spreadsheet"),
    ("prix.csv", "Métier;Heures\nPeinture;120".encode("cp1252"), "text/csv"),
    ("plan.png", PNG, "image/png"),
    ("photo.jpeg", b"\xff\xd8\xff\xe0 JFIF", "image/jpeg"),
]


@pytest.mark.parametrize(("name", "content", "content_type"), TAKEN, ids=[row[0] for row in TAKEN])
def test_each_kind_is_known_by_its_content(name, content, content_type):
    file = io.BytesIO(content)
    found = inspected(file, name, most=MOST)
    assert (found.name, found.content_type, found.size) == (name, content_type, len(content))
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("note.pdf", b"", "is empty"),
        ("note.pdf", b"%PDF-" + b"x" * MOST, "weighs more than"),
        ("outil.exe", b"MZ", "Files ending in “exe”"),
        ("page.html", b"<html>", "Files ending in “html”"),
        ("dessin.svg", b"<svg/>", "Files ending in “svg”"),
        ("sans fin", b"abc", "Files ending in"),
        ("note.pdf", b"<html><script>", "not what its ending says"),
        ("note.pdf", PNG, "not what its ending says"),
        ("photo.jpg", PNG, "not what its ending says"),
        ("table.csv", b"<!doctype html>", "not what its ending says"),
        ("table.csv", b"a;b\n" + b"x" * 5000 + b"\x00", "not what its ending says"),
        ("table.csv", DOCX, "not what its ending says"),
        ("note.docx", XLSX, "not what its ending says"),
        ("note.docx", b"PK\x03\x04 broken", "not what its ending says"),
        ("note.odt", ODS, "not what its ending says"),
        ("note.odt", archive("content.xml"), "not what its ending says"),
        (
            "macros.docx",
            archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            "holds macros",
        ),
    ],
)
def test_what_is_not_taken_says_why(name, content, why):
    with pytest.raises(BadValue, match=why):
        inspected(io.BytesIO(content), name, most=MOST)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/note.pdf", "note.pdf"),
        ("C:\\Bureau\\note.pdf", "note.pdf"),
        ("no\r\nte\x00\u202e.pdf", "no te .pdf"),
        ("  .pdf", "pdf"),
        ("", "-"),
        ("\u0065\u0301te.pdf", "\u00e9te.pdf"),
    ],
)
def test_a_name_is_made_safe(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_a_safe_name_is_short_in_one_line_and_safe_already(name):
    safe = safe_name(name)
    assert 0 < len(safe) <= LONGEST_NAME
    assert safe.isprintable()
    assert not {"/", "\\"} & set(safe)
    assert safe_name(safe) == safe
