"""What `insight` hears of the rooms below, inside their own transactions."""

from relais.execution.events import EntriesRecorded, LinesMoved, PersonCorrected
from relais.execution.models import Entry, StatementLine
from relais.insight.margin_rebuild import rebuild_heads
from relais.insight.rollups import (
    Tally,
    apply,
    facts_of_entries,
    tally_correction,
    tally_moves,
    tally_relocation,
)
from relais.kit.events import subscribe
from relais.procurement.events import ContractsImported


@subscribe(LinesMoved)
def lines_moved(event: LinesMoved) -> None:
    apply(tally_moves(event.moves))


@subscribe(EntriesRecorded)
def entries_recorded(event: EntriesRecorded) -> None:
    tally = Tally()
    for entry in facts_of_entries(Entry.objects.filter(pk__in=event.entry_ids)):
        tally.add_entry(entry)
    apply(tally)


@subscribe(PersonCorrected)
def person_corrected(event: PersonCorrected) -> None:
    lines = StatementLine.objects.sent().filter(job_contract__person_id=event.person_id).order_by("pk")
    apply(tally_correction(lines, sex=event.former_sex, pseudonym=event.former_pseudonym))


@subscribe(ContractsImported)
def contracts_imported(event: ContractsImported) -> None:
    """A publication may move a lot to another department: its hours and its people follow."""
    tally = tally_relocation(event.scheme_id)
    apply(tally)
    if tally.debts:
        rebuild_heads([event.scheme_id])
