"""Write a document as PDF/UA-1: tagged, with its title and language, its fonts inside.

The page is a template of ours; the document goes to it as data, so no text can act as code. Only the fonts
that come with the library are used: a document looks the same on every machine. A character that they lack
is drawn with the machine's fonts, in a tagged PDF that no longer claims the standard.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from relais.kit.documents.blocks import Block, Bullets, Document, Heading, Note, Paragraph, Table, clean


@cache
def _page() -> bytes:
    return files("relais.kit.documents").joinpath("page.typ").read_bytes()


@cache
def _fonts(*, with_system: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=with_system, include_embedded_fonts=True)


def as_pdf(document: Document) -> bytes:
    """The file."""
    before, _, rest = document.page_words.partition("{page}")
    between, _, after = rest.partition("{pages}")
    data = {
        "title": clean(document.title),
        "subtitle": clean(document.subtitle),
        "author": clean(document.author),
        "header": clean(document.header),
        "footer": clean(document.footer),
        "language": document.language,
        "before": before,
        "between": between,
        "after": after,
        "blocks": _spread(document.blocks),
    }
    try:
        return _compiled(data, document, ["ua-1"])
    except typst.TypstError:  # a character that none of our fonts draws: PDF/UA forbids it
        return _compiled(data, document, [])


def _compiled(data: dict[str, Any], document: Document, standards: list[Any]) -> bytes:
    made = typst.compile(
        _page(),
        font_paths=_fonts(with_system=not standards),
        sys_inputs={"doc": json.dumps(data, ensure_ascii=False)},
        format="pdf",
        pdf_standards=standards,
        timestamp=int(document.written_at.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("The PDF library gave no single file back.")
    return made


def _spread(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    """The blocks as data; a tagged file may not skip a level of heading, so levels close up."""
    found: list[dict[str, Any]] = []
    above = 0
    for block in blocks:
        if isinstance(block, Heading):
            above = min(block.level, above + 1, 3)
            found.append({"kind": "heading", "text": clean(block.text), "level": max(1, above)})
        else:
            found.append(_as_data(block))
    return found


def _as_data(block: Paragraph | Note | Bullets | Table) -> dict[str, Any]:
    match block:
        case Paragraph(text):
            return {"kind": "paragraph", "text": clean(text)}
        case Note(text):
            return {"kind": "note", "text": clean(text)}
        case Bullets(items, ordered):
            return {"kind": "list", "ordered": ordered, "items": [clean(item) for item in items]}
        case Table():
            rows = block.filled()
            return {
                "kind": "table",
                "caption": clean(block.caption),
                "heads": [clean(head) for head in block.heads],
                "rows": [[clean(cell) for cell in row] for row in rows],
                "widths": block.shares(),
                "align": ["right" if rank in block.numeric else "left" for rank in range(len(block.heads))],
            }
