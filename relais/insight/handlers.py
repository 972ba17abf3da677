"""What `insight` hears of execution, inside execution's own transaction."""

from relais.execution.events import EntriesRecorded, LinesMoved
from relais.execution.models import Entry
from relais.insight.rollups import Tally, apply, facts_of_entries, tally_moves
from relais.kit.events import subscribe


@subscribe(LinesMoved)
def lines_moved(event: LinesMoved) -> None:
    apply(tally_moves(event.moves))


@subscribe(EntriesRecorded)
def entries_recorded(event: EntriesRecorded) -> None:
    tally = Tally()
    for entry in facts_of_entries(Entry.objects.filter(pk__in=event.entry_ids)):
        tally.add_entry(entry)
    apply(tally)
