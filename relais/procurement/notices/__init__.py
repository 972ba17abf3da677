"""Reader of public procurement notices: TED exports, eForms, BOAMP, in XML or JSON.

Plain Python: no database, no clock. `recognise` gives a reading when the file holds notices, else nothing.
"""

from relais.procurement.notices.flags import NOTICE_MEANINGS, NoticeFlag, flag_meaning
from relais.procurement.notices.reading import NoticeReading, recognise
from relais.procurement.notices.record import (
    ClauseText,
    Criterion,
    Form,
    LotRecord,
    Marker,
    NamedBuyer,
    NoticeRecord,
    NoticeShape,
    shape_words,
)

__all__ = [
    "NOTICE_MEANINGS",
    "ClauseText",
    "Criterion",
    "Form",
    "LotRecord",
    "Marker",
    "NamedBuyer",
    "NoticeFlag",
    "NoticeReading",
    "NoticeRecord",
    "NoticeShape",
    "flag_meaning",
    "recognise",
    "shape_words",
]
