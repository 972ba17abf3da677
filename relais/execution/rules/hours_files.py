"""When a file of hours may be kept, taught, stored, and why not."""

from relais.core.verdict import YES, Verdict, no
from relais.core.words import gettext_noop
from relais.execution.layouts import Layout, Table
from relais.execution.layouts.layout import lacking, repeated
from relais.execution.queries.hours_files import FileRead


def can_teach(layout: Layout, table: Table | None) -> Verdict:
    """A layout says where the hours are, and says each thing once."""
    if layout.skip:
        return YES
    if table is None:
        return no(gettext_noop("Say on which row the columns are named, or that this sheet is not read."))
    if lacking(layout):
        return no(gettext_noop("Say which column holds the hours, or that this table is not read."))
    for one, other in repeated(layout, table):
        return no(
            gettext_noop("The columns “%(one)s” and “%(other)s” say the same thing."),
            one=one.place,
            other=other.place,
        )
    return YES


def is_whole(read: FileRead) -> Verdict:
    """Everything is understood, or nothing is stored."""
    if read.to_teach:
        return no(gettext_noop("A table of this file is not known yet: say what its columns mean."))
    if read.problems or not read.months:
        return no(gettext_noop("The file still has problems: nothing was stored."))
    return YES
