"""Documents to send: one structure of blocks, written as docx, odt or tagged PDF."""

from relais.kit.documents.blocks import (
    Block,
    Bullets,
    Document,
    Heading,
    Note,
    Paragraph,
    Table,
)
from relais.kit.documents.files import KINDS, bundle, document_file, file_name, write
from relais.kit.documents.markup import blocks_of
from relais.kit.documents.typography import typeset

__all__ = [
    "KINDS",
    "Block",
    "Bullets",
    "Document",
    "Heading",
    "Note",
    "Paragraph",
    "Table",
    "blocks_of",
    "bundle",
    "document_file",
    "file_name",
    "typeset",
    "write",
]
