"""One structure, three files: each is opened again by its own reader."""

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odf import teletype
from odf.opendocument import load
from odf.text import H, P
from pypdf import PdfReader

from relais.kit.documents import (
    KINDS,
    Bullets,
    Document,
    Heading,
    Note,
    Paragraph,
    Table,
    blocks_of,
    bundle,
    document_file,
    file_name,
    typeset,
    write,
)

AT = datetime(2026, 8, 21, 9, 30, tzinfo=UTC)


def a_document(*blocks, **fields):
    return Document("Cahier des clauses", blocks, AT, **{"header": "Région", "footer": "Clause", **fields})


def read(content, kind):
    """Every word of the file, as its reader gives them."""
    if kind == "docx":
        book = docx.Document(BytesIO(content))
        cells = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
        return " ".join([paragraph.text for paragraph in book.paragraphs] + cells)
    if kind == "odt":
        book = load(BytesIO(content))
        return " ".join(teletype.extractText(part) for tag in (H, P) for part in book.getElementsByType(tag))
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


EVERYTHING = (
    Heading("Objet & <portée>"),
    Paragraph("Le titulaire réserve 373 heures à l’insertion #let x = 1 *gras* _it_ $m$ @ref"),
    Heading("Modes", 3),
    Bullets(("embauche directe", "mise à disposition")),
    Bullets(("premier", "second"), ordered=True),
    Bullets(("un", "deux"), ordered=True),
    Table(("Étape", "Valeur"), (("Montant", "480 000 €"), ("Effort",)), "Calcul", frozenset({1})),
    Note("À signer"),
)


@pytest.mark.parametrize("kind", KINDS)
def test_every_block_is_found_again_in_each_file(kind):
    words = "".join(read(write(a_document(*EVERYTHING), kind), kind).split())
    for expected in (
        "Objet & <portée>",
        "#let x = 1 *gras* _it_ $m$ @ref",
        "Modes",
        "mise à disposition",
        "second",
        "deux",
        "480 000 €",
        "Calcul",
        "À signer",
        "Cahier des clauses",
    ):
        assert "".join(expected.split()) in words


def test_the_docx_has_styles_language_and_heads_repeated_on_each_page():
    book = docx.Document(BytesIO(write(a_document(*EVERYTHING), "docx")))
    assert [p.style.name for p in book.paragraphs[:3]] == ["Title", "Heading 1", "Normal"]
    assert book.core_properties.language == "fr"
    assert 'w:val="fr-FR"' in book.styles.element.xml
    assert "w:tblHeader" in book.tables[0].rows[0]._tr.xml
    assert "NUMPAGES" in book.sections[0].footer._element.xml


def test_the_pdf_is_tagged_titled_and_in_french():
    root = PdfReader(BytesIO(write(a_document(*EVERYTHING), "pdf")))
    assert root.metadata.title == "Cahier des clauses"
    assert root.trailer["/Root"]["/Lang"].startswith("fr")
    assert root.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in root.trailer["/Root"]["/Metadata"].get_data()


def test_the_same_pdf_is_written_twice():
    document = a_document(*EVERYTHING)
    assert write(document, "pdf") == write(document, "pdf")


def test_a_character_without_a_font_still_gives_a_pdf():
    assert write(a_document(Paragraph("ٮ 漢")), "pdf").startswith(b"%PDF")


words = st.text(st.characters(), max_size=40)
blocks = st.one_of(
    st.builds(Heading, words.filter(str.strip), st.integers(1, 3)),
    st.builds(Paragraph, words),
    st.builds(Note, words),
    st.builds(Bullets, st.lists(words, min_size=1, max_size=3).map(tuple), st.booleans()),
    st.builds(
        Table,
        st.lists(words, min_size=1, max_size=3).map(tuple),
        st.lists(st.lists(words, max_size=4).map(tuple), max_size=3).map(tuple),
        words,
        st.frozensets(st.integers(0, 3)),
    ),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(blocks, max_size=5))
def test_no_text_breaks_a_file(found):
    document = a_document(*found)
    for kind in KINDS:
        assert read(write(document, kind), kind)


@given(st.text())
def test_any_text_becomes_blocks_and_typesetting_twice_changes_nothing(text):
    blocks_of(text)
    assert typeset(typeset(text)) == typeset(text)


def test_the_signs_of_the_texts_become_blocks():
    found = blocks_of(
        "## Objet\n\nUne phrase\nsur deux lignes.\n- un\n- deux\n\n1. a\n2. b\n"
        "| Étape | Heures |\n|---|---|\n| Effort | 373 |\n> Remarque\n#sans espace"
    )
    assert found == (
        Heading("Objet"),
        Paragraph("Une phrase sur deux lignes."),
        Bullets(("un", "deux")),
        Bullets(("a", "b"), ordered=True),
        Table(("Étape", "Heures"), (("Effort", "373"),), numeric=frozenset({1})),
        Note("Remarque"),
        Paragraph("#sans espace"),
    )


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("1 607 h", "1\u202f607\u202fh"),
        ("Quoi ?", "Quoi\u202f?"),
        ("« mot » :", "«\u00a0mot\u00a0»\u00a0:"),
        ("l'art. L. 2112-2", "l’art.\u00a0L.\u00a02112-2"),
        ("480 000 €", "480\u202f000\u202f€"),
        ("15 % du prix", "15\u202f% du prix"),
        ("le 21 août 2026", "le 21 août 2026"),
    ],
)
def test_french_typography(typed, set_):
    assert typeset(typed) == set_


def test_an_archive_holds_named_files_and_names_are_plain():
    archive = bundle([("a.pdf", b"x"), ("b.docx", b"y")], at=AT)
    with ZipFile(BytesIO(archive)) as found:
        assert found.namelist() == ["a.pdf", "b.docx"]
        assert found.read("b.docx") == b"y"
    assert file_name("2026-001", "Règlement de la consultation", kind="odt") == (
        "2026-001-reglement-de-la-consultation.odt"
    )
    answer = document_file(a_document(Paragraph("x")), "odt", "a.odt")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a.odt"'


def test_an_unknown_kind_is_an_error_of_the_caller():
    with pytest.raises(KeyError):
        write(a_document(), "exe")
