"""Get at the bytes: a path or an open file, bare or in one gzip or zip; bombs are refused unopened."""

import gzip
import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from relais.core.words import gettext_noop
from relais.procurement.decp.errors import CutFile, ReadError

MEGABYTE = 1024 * 1024
#: The national table weighs 2.2 GB; nothing legitimate is larger once unpacked.
LARGEST_UNPACKED = 4096 * MEGABYTE
#: Text packs 5 to 40 times, repetitive tables up to 100; a bomb packs a thousand times.
LARGEST_RATIO = 200
RATIO_FREE = 20 * MEGABYTE
SPOOL = 8 * MEGABYTE
CHUNK = 256 * 1024

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
OLE = b"\xd0\xcf\x11\xe0"
PDF = b"%PDF"


def opened(source: str | Path | BinaryIO) -> tuple[BinaryIO, bool]:
    """A seekable file at its start, and whether we opened it (so have to close it)."""
    if isinstance(source, str | Path):
        try:
            return Path(source).open("rb"), True
        except FileNotFoundError as error:
            raise ReadError(gettext_noop("The file does not exist. Check its path.")) from error
        except OSError as error:
            raise ReadError(gettext_noop("The file cannot be opened. Check that it may be read.")) from error
    if source.seekable():
        source.seek(0)
        return source, False
    return _spooled(lambda target: shutil.copyfileobj(source, target)), True


def unpacked(file: BinaryIO) -> tuple[BinaryIO, str]:
    """The content of a gzip or of a zip of one file, and its name; the file itself when it is neither."""
    head = file.read(4)
    file.seek(0)
    if head.startswith(GZIP):
        return _gunzipped(file), ""
    if head.startswith((ZIP, EMPTY_ZIP)):
        return _unzipped(file)
    return file, ""


def is_spreadsheet(file: BinaryIO) -> bool:
    """True for an .xlsx, .xlsm or .ods, which are zips with known members, and for an old .xls."""
    head = file.read(4)
    file.seek(0)
    if head == OLE:
        return True
    if not head.startswith(ZIP):
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist()[:5000])
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    finally:
        file.seek(0)
    return "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names


def check_bomb(packed: int, unpacked_size: int) -> None:
    """Refuse what would unpack beyond reason."""
    if unpacked_size > LARGEST_UNPACKED or (
        unpacked_size > RATIO_FREE and unpacked_size > LARGEST_RATIO * max(packed, 1)
    ):
        raise ReadError(
            gettext_noop(
                "The compressed file unpacks to %(size)s MB, far more than its %(packed)s kB allow: refused. "
                "Send it uncompressed."
            ),
            size=unpacked_size // MEGABYTE,
            packed=packed // 1024,
        )


def size_of(file: BinaryIO) -> int:
    """Bytes from start to end; the position is put back at the start."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size


def _gunzipped(file: BinaryIO) -> BinaryIO:
    packed = size_of(file)

    def fill(target: BinaryIO) -> None:
        with gzip.GzipFile(fileobj=file) as source:
            _copy(cast(BinaryIO, source), target, packed)

    try:
        return _spooled(fill)
    except EOFError as error:
        raise _cut() from error
    except (OSError, zlib.error) as error:
        raise ReadError(gettext_noop("The gzip file is damaged. Download it again.")) from error


def _unzipped(file: BinaryIO) -> tuple[BinaryIO, str]:
    packed = size_of(file)
    try:
        with zipfile.ZipFile(file) as archive:
            members = [
                item
                for item in archive.infolist()
                if not item.is_dir() and PurePosixPath(item.filename).parts[:1] != ("__MACOSX",)
            ]
            if len(members) != 1:
                raise ReadError(
                    gettext_noop("The zip holds %(number)s files. Send one file at a time."),
                    number=len(members),
                )
            member = members[0]
            check_bomb(packed, member.file_size)
            if member.flag_bits & 1:
                raise ReadError(gettext_noop("The zip is protected by a password. Send it without one."))
            with archive.open(member) as source:
                content = _spooled(lambda target: _copy(cast(BinaryIO, source), target, packed))
            return content, PurePosixPath(member.filename).name
    except zipfile.BadZipFile as error:
        raise _cut() from error
    except (zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        if isinstance(error, ReadError):
            raise
        raise ReadError(gettext_noop("The zip file is damaged. Download it again.")) from error


def _copy(source: BinaryIO, target: BinaryIO, packed: int) -> None:
    """Copy while counting: a directory that lies about sizes stops here."""
    copied = 0
    while chunk := source.read(CHUNK):
        copied += len(chunk)
        check_bomb(packed, copied)
        target.write(chunk)


def _spooled(fill: Callable[[BinaryIO], None]) -> BinaryIO:
    target = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=SPOOL))  # noqa: SIM115 - the reader closes it
    try:
        fill(target)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return target


def _cut() -> CutFile:
    return CutFile(
        gettext_noop("The compressed file is damaged or cut before its end. Nothing was kept: send it again.")
    )
