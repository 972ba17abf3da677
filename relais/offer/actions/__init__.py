"""Acts of the room: import lists of structures, record one, write what it does."""

from relais.offer.actions.importing import FileReport, Refusal, Report, import_lists
from relais.offer.actions.recording import record_structure, set_activities, set_turnover

__all__ = [
    "FileReport",
    "Refusal",
    "Report",
    "import_lists",
    "record_structure",
    "set_activities",
    "set_turnover",
]
