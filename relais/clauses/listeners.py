"""What the room answers to the rooms below."""

from collections.abc import Collection

from relais.clauses.models import Clause
from relais.procurement.questions import answers_worked


@answers_worked
def with_a_clause(lots: Collection[int]) -> frozenset[int]:
    """Lots that carry a clause: they neither disappear nor give way to another."""
    return frozenset(Clause.objects.filter(lot__in=lots).values_list("lot_id", flat=True))
