"""Why a file or a record is refused, in words for the user."""

from relais.core.words import BadValue


class ReadError(BadValue):
    """The file cannot be read: its `words` say what, where, why, what to do. Nothing of it may be stored."""


class CutFile(ReadError):
    """The file ends before its end: an interrupted download or export."""


class BadRecord(BadValue):
    """One record cannot be used; the rest of the file can."""
