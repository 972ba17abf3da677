"""Open an old workbook (.xls) given on the standard input, in a process of its own whose memory is bounded.

The reader of .xls builds the rectangle of all the cells before anything can be asked of it: one stray value
in the last cell of a sheet asks for more memory than a machine has, and ends the process. It ends this one.
Answers by its exit code: 0 it can be read, 3 it is damaged or protected, anything else it asks for too much.
"""

import io
import resource
import sys

import python_calamine

MEMORY = 2 * 1024 * 1024 * 1024
"""Bytes of address space: a sheet of 12 million cells, with what Python itself takes."""
SECONDS = 60
"""Seconds of processor."""
DAMAGED = 3


def main() -> int:
    """Read every sheet, keeping nothing."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        for name in workbook.sheet_names:
            workbook.get_sheet_by_name(name)
    except (python_calamine.CalamineError, OSError, ValueError):
        return DAMAGED
    return 0


if __name__ == "__main__":
    sys.exit(main())
