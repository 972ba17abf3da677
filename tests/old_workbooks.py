"""Old workbooks (.xls) made byte by byte, with cells as far as one likes: no library writes them any more."""

import struct

FREE, LAST, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR = 512


def old_workbook(*cells: tuple[int, int, float]) -> bytes:
    """A workbook of one sheet that holds these cells: row and column from 0, number."""
    return _container(_sheets(cells))


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _sheets(cells: tuple[tuple[int, int, float], ...]) -> bytes:
    def begin(kind: int) -> bytes:
        return _record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 1996, 0, 6))

    def listed(start: int) -> bytes:
        return _record(0x85, struct.pack("<IBBB", start, 0, 0, 1) + b"\x00S")

    head, end = begin(5), _record(0xA)
    start = len(head) + len(listed(0)) + len(end)
    numbers = b"".join(_record(0x203, struct.pack("<HHHd", row, column, 15, x)) for row, column, x in cells)
    stream = head + listed(start) + end + begin(0x10) + numbers + end
    return stream.ljust(-(-len(stream) // 4096) * 4096, b"\x00")


def _container(stream: bytes) -> bytes:
    sectors = len(stream) // SECTOR
    table = [TABLE, LAST, *range(3, sectors + 2), LAST]
    table += [FREE] * (SECTOR // 4 - len(table))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, LAST, 0, LAST, 0)
    head += struct.pack("<I", 0) + struct.pack("<I", FREE) * 108
    entries = _entry("Root Entry", 5, LAST, 0, 1) + _entry("Workbook", 2, 2, len(stream), FREE)
    blank = bytes(64) + struct.pack("<HBBIII", 0, 0, 0, FREE, FREE, FREE) + bytes(48)
    return head + struct.pack(f"<{len(table)}I", *table) + entries + blank * 2 + stream


def _entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
    word = name.encode("utf-16-le") + b"\x00\x00"
    ends = struct.pack("<HBBIII", len(word), kind, 1, FREE, FREE, child)
    return word.ljust(64, b"\x00") + ends + bytes(36) + struct.pack("<IQ", start, size)
