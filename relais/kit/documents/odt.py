"""Write a document as odt, the open format of office files."""

from io import BytesIO
from typing import Any

from odf import dc, meta, text
from odf.opendocument import OpenDocumentText
from odf.style import Footer as PageFooter
from odf.style import (
    FooterStyle,
    HeaderFooterProperties,
    HeaderStyle,
    ListLevelProperties,
    MasterPage,
    PageLayout,
    PageLayoutProperties,
    ParagraphProperties,
    Style,
    TableCellProperties,
    TableColumnProperties,
    TabStop,
    TabStops,
    TextProperties,
)
from odf.style import Header as PageHeader
from odf.table import Table as Grid
from odf.table import TableCell, TableColumn, TableHeaderRows, TableRow

from relais.kit.documents.blocks import Block, Bullets, Document, Heading, Note, Paragraph, Table, clean

FONT, INK, DEEP = "Liberation Sans", "#1f2933", "#0b5d66"
WIDTH = 16.6
"""Centimetres between the margins."""


def as_odt(document: Document) -> bytes:
    """The file, in the language of the document."""
    book = OpenDocumentText()
    styles = _dress(book, document)
    _lay(book, document, styles)
    book.text.addElement(text.P(stylename=styles["Title"], text=clean(document.title)))
    if document.subtitle:
        book.text.addElement(text.P(stylename=styles["Subtitle"], text=clean(document.subtitle)))
    for number, block in enumerate(document.blocks):
        _put(book, styles, block, number)
    buffer = BytesIO()
    book.write(buffer)
    return buffer.getvalue()


def _dress(book: Any, document: Document) -> dict[str, Any]:
    country = {"fr": "FR", "en": "GB"}.get(document.language, "none")
    styles: dict[str, Any] = {}

    def add(
        name: str, shown: str, size: str, *, bold: bool = False, colour: str = INK, **paragraph: str
    ) -> None:
        style = Style(name=name, displayname=shown, family="paragraph")
        style.addElement(ParagraphProperties(**paragraph))
        style.addElement(
            TextProperties(
                fontfamily=FONT,
                fontsize=size,
                fontweight="bold" if bold else "normal",
                color=colour,
                language=document.language,
                country=country,
            )
        )
        book.styles.addElement(style)
        styles[name] = style

    add("Standard", "Standard", "10.5pt", marginbottom="0.2cm", lineheight="115%")
    add("Title", "Title", "20pt", bold=True, colour=DEEP, marginbottom="0.15cm")
    add("Subtitle", "Subtitle", "11.5pt", marginbottom="0.4cm")
    for level, size in ((1, "14pt"), (2, "12pt"), (3, "11pt")):
        add(
            f"Heading_20_{level}",
            f"Heading {level}",
            size,
            bold=True,
            colour=DEEP,
            margintop="0.4cm",
            marginbottom="0.15cm",
            keepwithnext="always",
        )
    add("Note", "Note", "9.5pt", marginleft="0.6cm", marginbottom="0.2cm")
    add("Cell", "Cell", "9.5pt", marginbottom="0.05cm")
    add("CellRight", "CellRight", "9.5pt", marginbottom="0.05cm", textalign="end")
    add("CellHead", "CellHead", "9.5pt", bold=True, marginbottom="0.05cm")
    add("CellHeadRight", "CellHeadRight", "9.5pt", bold=True, marginbottom="0.05cm", textalign="end")
    add("Caption", "Caption", "9.5pt", bold=True, marginbottom="0.1cm", keepwithnext="always")
    add("Margin", "Margin", "8.5pt")
    stops = TabStops()
    stops.addElement(TabStop(position=f"{WIDTH}cm", type="right"))
    styles["Margin"].getElementsByType(ParagraphProperties)[0].addElement(stops)
    for ordered in (False, True):
        styles["numbers" if ordered else "bullets"] = _list_style(book, ordered)
    for name, fill in (("Grid", None), ("GridHead", "#e6f0f1")):
        cell = Style(name=name, family="table-cell")
        options = {"padding": "0.12cm", "border": "0.5pt solid #9aa5ab"}
        cell.addElement(TableCellProperties(**options, **({"backgroundcolor": fill} if fill else {})))
        book.automaticstyles.addElement(cell)
        styles[name] = cell
    return styles


def _list_style(book: Any, ordered: bool) -> Any:
    style = text.ListStyle(name="Numbers" if ordered else "Bullets")
    level = (
        text.ListLevelStyleNumber(level="1", numformat="1", numsuffix=".")
        if ordered
        else text.ListLevelStyleBullet(level="1", bulletchar="•")
    )
    level.addElement(ListLevelProperties(spacebefore="0.4cm", minlabelwidth="0.6cm"))
    style.addElement(level)
    book.styles.addElement(style)
    return style


def _lay(book: Any, document: Document, styles: dict[str, Any]) -> None:
    book.meta.addElement(dc.Title(text=clean(document.title)))
    book.meta.addElement(dc.Language(text=document.language))
    book.meta.addElement(dc.Date(text=document.written_at.replace(tzinfo=None).isoformat(timespec="seconds")))
    if document.author:
        book.meta.addElement(meta.InitialCreator(text=clean(document.author)))
    layout = PageLayout(name="Page")
    layout.addElement(
        PageLayoutProperties(
            pagewidth="21cm",
            pageheight="29.7cm",
            margintop="1.4cm",
            marginbottom="1.3cm",
            marginleft="2.2cm",
            marginright="2.2cm",
        )
    )
    for holder, edge in ((HeaderStyle(), "marginbottom"), (FooterStyle(), "margintop")):
        holder.addElement(HeaderFooterProperties(minheight="0.8cm", **{edge: "0.4cm"}))
        layout.addElement(holder)
    book.automaticstyles.addElement(layout)
    master = MasterPage(name="Standard", pagelayoutname=layout)
    head, foot = PageHeader(), PageFooter()
    head.addElement(text.P(stylename=styles["Margin"], text=clean(document.header)))
    line = text.P(stylename=styles["Margin"], text=clean(document.footer))
    line.addElement(text.Tab())
    before, _, rest = document.page_words.partition("{page}")
    between, _, after = rest.partition("{pages}")
    line.addText(before)
    line.addElement(text.PageNumber(selectpage="current", text="1"))
    line.addText(between)
    line.addElement(text.PageCount(text="1"))
    line.addText(after)
    foot.addElement(line)
    master.addElement(head)
    master.addElement(foot)
    book.masterstyles.addElement(master)


def _put(book: Any, styles: dict[str, Any], block: Block, number: int) -> None:
    match block:
        case Heading(words, level):
            level = min(3, max(1, level))
            style = styles[f"Heading_20_{level}"]
            book.text.addElement(text.H(outlinelevel=level, stylename=style, text=clean(words)))
        case Paragraph(words):
            book.text.addElement(text.P(stylename=styles["Standard"], text=clean(words)))
        case Note(words):
            book.text.addElement(text.P(stylename=styles["Note"], text=clean(words)))
        case Bullets(items, ordered):
            listing = text.List(stylename=styles["numbers" if ordered else "bullets"])
            for item in items:
                entry = text.ListItem()
                entry.addElement(text.P(stylename=styles["Standard"], text=clean(item)))
                listing.addElement(entry)
            book.text.addElement(listing)
        case Table():
            _table(book, styles, block, number)


def _table(book: Any, styles: dict[str, Any], table: Table, number: int) -> None:
    if table.caption:
        book.text.addElement(text.P(stylename=styles["Caption"], text=clean(table.caption)))
    grid = Grid(name=f"Table{number}")
    for rank, share in enumerate(table.shares()):
        column = Style(name=f"Table{number}.{rank}", family="table-column")
        column.addElement(TableColumnProperties(columnwidth=f"{WIDTH * share:.2f}cm"))
        book.automaticstyles.addElement(column)
        grid.addElement(TableColumn(stylename=column))
    heads = TableHeaderRows()
    heads.addElement(_row(styles, table.heads, table, head=True))
    grid.addElement(heads)
    for row in table.filled():
        grid.addElement(_row(styles, row, table, head=False))
    book.text.addElement(grid)
    book.text.addElement(text.P(stylename=styles["Cell"]))


def _row(styles: dict[str, Any], cells: tuple[str, ...], table: Table, *, head: bool) -> Any:
    line = TableRow()
    for rank, words in enumerate(cells):
        cell = TableCell(stylename=styles["GridHead" if head else "Grid"], valuetype="string")
        name = ("CellHead" if head else "Cell") + ("Right" if rank in table.numeric else "")
        cell.addElement(text.P(stylename=styles[name], text=clean(words)))
        line.addElement(cell)
    return line
