"""Reader of French essential procurement data (DECP), in every version and shape it is published in.

Plain Python: no database, no clock. `read` gives records one by one; memory does not grow with the file.
"""

from relais.procurement.decp.detect import SHAPE_NAMES, Shape
from relais.procurement.decp.errors import BadRecord, CutFile, ReadError
from relais.procurement.decp.flags import MEANINGS, FlagCode, meaning
from relais.procurement.decp.reading import Reading, read
from relais.procurement.decp.record import (
    AmendmentRecord,
    Flag,
    HolderRecord,
    Readings,
    Record,
    Rejection,
    SubcontractRecord,
    readings,
)

__all__ = [
    "MEANINGS",
    "SHAPE_NAMES",
    "AmendmentRecord",
    "BadRecord",
    "CutFile",
    "Flag",
    "FlagCode",
    "HolderRecord",
    "ReadError",
    "Reading",
    "Readings",
    "Record",
    "Rejection",
    "Shape",
    "SubcontractRecord",
    "meaning",
    "read",
    "readings",
]
