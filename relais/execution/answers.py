"""What the room answers to the rooms below, which do not know it."""

from decimal import Decimal

from relais.clauses.questions import answers_ledger
from relais.core.coherence import Ledger
from relais.execution.enums import EntryKind
from relais.execution.models import Entry


@answers_ledger
def opened_with(clause_id: int) -> Ledger | None:
    """The first entry of the ledger, with the entries that correct it, and the dates it runs on."""
    entries = list(Entry.objects.filter(obligation__clause_id=clause_id).select_related("obligation"))
    if not entries:
        return None
    obligation = entries[0].obligation
    first = {entry.number for entry in entries if entry.kind == EntryKind.INITIAL}
    hours = [entry.hours for entry in entries if entry.number in first or entry.corrected_number in first]
    return Ledger(
        opened_with=sum(hours, Decimal(0)),
        starts_on=obligation.starts_on,
        ends_on=obligation.ends_on,
        moved_end=any(entry.new_end for entry in entries),
    )
