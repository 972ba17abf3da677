"""Write a document as docx, with real styles: headings, lists, repeated heads of tables, page numbers."""

from io import BytesIO
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from relais.kit.documents.blocks import Block, Bullets, Document, Heading, Note, Paragraph, Table, clean

FONT = "Liberation Sans"
INK, DEEP = RGBColor(0x1F, 0x29, 0x33), RGBColor(0x0B, 0x5D, 0x66)
PAGE_WIDTH, MARGIN = 21.0, 2.2
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN
"""Centimetres, as the page and its margins."""
SIZES = {1: 14, 2: 12, 3: 11}


def as_docx(document: Document) -> bytes:
    """The file. Same document, same bytes but for the archive's own times."""
    book = docx.Document()
    _lay(book, document)
    book.add_paragraph(clean(document.title), style="Title")
    if document.subtitle:
        book.add_paragraph(clean(document.subtitle), style="Subtitle")
    for block in document.blocks:
        _put(book, block)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _lay(book: Any, document: Document) -> None:
    properties = book.core_properties
    properties.title, properties.author = clean(document.title)[:255], clean(document.author)[:255]
    properties.language, properties.comments = document.language, ""
    properties.created = properties.modified = document.written_at.replace(tzinfo=None)
    _dress(book, document.language)
    section = book.sections[0]
    section.page_width, section.page_height = Cm(PAGE_WIDTH), Cm(29.7)
    section.left_margin = section.right_margin = Cm(MARGIN)
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2.2)
    head = section.header.paragraphs[0]
    head.text, head.style = clean(document.header), book.styles["Header"]
    foot = section.footer.paragraphs[0]
    foot.style = book.styles["Footer"]
    stops = book.styles["Footer"].paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(Cm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    foot.add_run(clean(document.footer) + "\t")
    before, _, rest = document.page_words.partition("{page}")
    between, _, after = rest.partition("{pages}")
    foot.add_run(before)
    _field(foot, "PAGE")
    foot.add_run(between)
    _field(foot, "NUMPAGES")
    foot.add_run(after)


def _dress(book: Any, language: str) -> None:
    for name, size, bold, colour in (
        ("Normal", 10.5, False, INK),
        ("Title", 20, True, DEEP),
        ("Subtitle", 11.5, False, INK),
        *((f"Heading {level}", points, True, DEEP) for level, points in SIZES.items()),
        ("Header", 8.5, False, INK),
        ("Footer", 8.5, False, INK),
        ("Intense Quote", 9.5, False, INK),
        ("Caption", 9.5, True, INK),
    ):
        style = book.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.bold, style.font.italic, style.font.color.rgb = bold, False, colour
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(script), FONT)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
            fonts.attrib.pop(qn(theme), None)
    for name in ("Title", "Intense Quote"):
        found = book.styles[name].element.get_or_add_pPr().find(qn("w:pBdr"))
        if found is not None:
            found.getparent().remove(found)
    book.styles["Normal"].paragraph_format.space_after = Pt(6)
    book.styles["Normal"].paragraph_format.line_spacing = 1.15
    book.styles["Title"].paragraph_format.space_after = Pt(4)
    book.styles["Intense Quote"].paragraph_format.left_indent = Cm(0.6)
    book.styles["Intense Quote"].paragraph_format.right_indent = Cm(0)
    for level in SIZES:
        style = book.styles[f"Heading {level}"]
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(12), Pt(4)
    tongue = OxmlElement("w:lang")
    for attribute in ("w:val", "w:eastAsia", "w:bidi"):
        tongue.set(qn(attribute), f"{language}-FR" if language == "fr" else language)
    defaults = book.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    defaults.append(tongue)


def _field(paragraph: Any, code: str) -> None:
    """A number that the reader's office suite fills in."""
    run = paragraph.add_run()
    for kind in ("begin", None, "end"):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = code
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def _put(book: Any, block: Block) -> None:
    match block:
        case Heading(text, level):
            book.add_paragraph(clean(text), style=f"Heading {min(3, max(1, level))}")
        case Paragraph(text):
            book.add_paragraph(clean(text))
        case Note(text):
            book.add_paragraph(clean(text), style="Intense Quote")
        case Bullets(items, ordered):
            for rank, item in enumerate(items):
                line = book.add_paragraph(clean(item), style="List Number" if ordered else "List Bullet")
                if ordered and rank == 0:
                    _restart(book, line)
                elif ordered:
                    line._p.get_or_add_pPr().append(_numbering_of(book))
        case Table():
            _table(book, block)


def _restart(book: Any, line: Any) -> None:
    """Each numbered list begins at one: a numbering of its own over the same model."""
    numbering = book.part.numbering_part.element
    style = book.styles["List Number"].element
    known = style.pPr.numPr.numId.val
    model = numbering.num_having_numId(known).abstractNumId.val
    own = numbering.add_num(model)
    own.add_lvlOverride(0).add_startOverride(1)
    line._p.get_or_add_pPr().append(_numbering_of(book))


def _numbering_of(book: Any) -> Any:
    """The link of a line to the numbering opened last."""
    number = book.part.numbering_part.element.num_lst[-1].numId
    link, level, which = (OxmlElement(name) for name in ("w:numPr", "w:ilvl", "w:numId"))
    level.set(qn("w:val"), "0")
    which.set(qn("w:val"), str(number))
    link.append(level)
    link.append(which)
    return link


def _table(book: Any, table: Table) -> None:
    if table.caption:
        book.add_paragraph(clean(table.caption), style="Caption")
    grid = book.add_table(rows=1, cols=len(table.heads))
    grid.style, grid.autofit = "Table Grid", False
    shares = table.shares()
    mark = OxmlElement("w:tblHeader")
    grid.rows[0]._tr.get_or_add_trPr().append(mark)
    for rank, head in enumerate(table.heads):
        _cell(grid.rows[0].cells[rank], head, bold=True, right=rank in table.numeric, shade="E6F0F1")
    for row in table.filled():
        line = grid.add_row()
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for rank, text in enumerate(row):
            _cell(line.cells[rank], text, right=rank in table.numeric)
    for column, share in zip(grid.columns, shares, strict=True):
        column.width = Cm(TEXT_WIDTH * share)
        for cell in column.cells:
            cell.width = Cm(TEXT_WIDTH * share)
    book.add_paragraph().paragraph_format.space_after = Pt(2)


def _cell(cell: Any, text: str, *, bold: bool = False, right: bool = False, shade: str = "") -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(clean(text))
    run.bold, run.font.size = bold, Pt(9.5)
    paragraph.paragraph_format.space_after = Pt(2)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if shade:
        fill = OxmlElement("w:shd")
        fill.set(qn("w:val"), "clear")
        fill.set(qn("w:fill"), shade)
        cell._tc.get_or_add_tcPr().append(fill)
