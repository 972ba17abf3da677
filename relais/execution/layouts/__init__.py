"""Read hours in a table of any layout: find the tables, know their columns, prove their totals.

Plain Python. Each number of a table ends as a line, as a total proved equal, or as a problem with its place.
"""

from relais.execution.layouts.faults import Problem
from relais.execution.layouts.layout import Layout, guessed
from relais.execution.layouts.reading import read_table
from relais.execution.layouts.roles import Role
from relais.execution.layouts.tables import Column, Frame, Table, find_tables
from relais.execution.layouts.told import Asked, Entry, Reading, Who

__all__ = [
    "Asked",
    "Column",
    "Entry",
    "Frame",
    "Layout",
    "Problem",
    "Reading",
    "Role",
    "Table",
    "Who",
    "find_tables",
    "guessed",
    "read_table",
]
