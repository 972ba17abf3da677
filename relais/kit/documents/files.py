"""From a document to the file that is downloaded: one, or several in an archive."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.http import HttpResponse
from django.utils.text import slugify

from relais.kit.documents.blocks import Document

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
}
"""The files a document becomes, with the type told to the browser."""
ARCHIVE = "application/zip"


def write(document: Document, kind: str) -> bytes:
    """The document as `docx`, `odt` or `pdf`. Raises `KeyError` for another kind.

    Each writer is loaded when it is first asked for: the pages that write nothing do not wait for them.
    """
    if kind == "docx":
        from relais.kit.documents.docx import as_docx  # loaded when asked

        return as_docx(document)
    if kind == "odt":
        from relais.kit.documents.odt import as_odt  # loaded when asked

        return as_odt(document)
    if kind == "pdf":
        from relais.kit.documents.pdf import as_pdf  # loaded when asked

        return as_pdf(document)
    raise KeyError(kind)


def file_name(*words: str, kind: str) -> str:
    """A name that every machine takes: `2026-001-ccap.docx`."""
    return f"{slugify(' '.join(words))[:120] or 'document'}.{kind}"


def attached(content: bytes, name: str, content_type: str) -> HttpResponse:
    """The answer that downloads the file."""
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def document_file(document: Document, kind: str, name: str) -> HttpResponse:
    """The answer that downloads one document."""
    return attached(write(document, kind), name, KINDS[kind])


def bundle(parts: Iterable[tuple[str, bytes]], *, at: datetime) -> bytes:
    """An archive of named files, all dated `at`."""
    moment = (max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second)
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in parts:
            entry = ZipInfo(name, moment)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()
