"""Open a file of essential procurement data, whatever it is, and give its records one by one."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from relais.procurement.decp import container, detect
from relais.procurement.decp.detect import Encoding, Family, Shape
from relais.procurement.decp.json_reader import read_json
from relais.procurement.decp.record import Record, Rejection
from relais.procurement.decp.table_reader import Table, csv_table, read_table, spreadsheet_table
from relais.procurement.decp.xml_reader import read_xml


class Reading:
    """A file opened: what it is, then its records, once, in order. Close it, or use it in a `with`."""

    def __init__(
        self, name: str, shape: Shape, encoding: Encoding | None, files: list[BinaryIO], table: Table | None
    ) -> None:
        self.name = name
        self.shape = shape
        self.encoding = encoding.name if encoding else "binary"
        self.replaced = encoding.replaced if encoding else 0
        self.owned = False
        self._encoding = encoding
        self._files = files
        self._table = table

    def __iter__(self) -> Iterator[Record | Rejection]:
        """Records and rejections. Raises `ReadError` when the rest is unreadable, `CutFile` when missing."""
        if self._table is not None:
            return read_table(self._table)
        assert self._encoding is not None
        content = self._files[-1]
        if self.shape in (Shape.XML_2019, Shape.XML_2022):
            return read_xml(content, self._encoding)
        return read_json(content, self._encoding)

    def close(self) -> None:
        """Close what this reading opened; a file given by the caller stays open."""
        for file in self._files[1:]:
            file.close()
        if self.owned:
            self._files[0].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read(source: str | Path | BinaryIO, *, name: str) -> Reading:
    """Detect what `source` is and prepare its reading. Raises `ReadError` when it is nothing known."""
    file, owned = container.opened(source)
    files = [file]
    try:
        reading = _reading(name, files)
    except BaseException:
        for item in files if owned else files[1:]:
            item.close()
        raise
    reading.owned = owned
    return reading


def _reading(name: str, files: list[BinaryIO]) -> Reading:
    content = files[0]
    if not container.is_spreadsheet(content):
        content, inside = container.unpacked(content)
        if content is not files[0]:
            files.append(content)
            name = f"{name} ({inside})" if inside else name
    if container.is_spreadsheet(content):
        table = spreadsheet_table(content)
        return Reading(name, table.layout.shape, None, files, table)
    head = content.read(4096)
    content.seek(0)
    detect.refuse_by_signature(head)
    encoding = detect.encoding_of(content)
    start = detect.head_of(content, encoding)
    family = detect.family_of(start)
    if family is Family.TABLE:
        table = csv_table(content, encoding)
        return Reading(name, table.layout.shape, encoding, files, table)
    if family is Family.XML:
        is_2022 = "<considerationsSociales" in start or "<marcheInnovant" in start
        return Reading(name, Shape.XML_2022 if is_2022 else Shape.XML_2019, encoding, files, None)
    return Reading(name, detect.json_shape(start), encoding, files, None)
