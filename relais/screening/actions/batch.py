"""The same act on several lots at once: done where it is allowed, told where it is not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from relais.core.words import Words, gettext_noop
from relais.kit.access import Refused, Stale
from relais.procurement.models import Lot
from relais.screening.models import Opportunity

CHANGED = Words(gettext_noop("Somebody changed this sheet meanwhile. Open it and look again."))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many lots the act was done on, and why not on the others."""

    done: int
    refused: tuple[tuple[Lot, Words], ...]


def on_each(lots: Sequence[Lot], act: Callable[[Lot, int], object]) -> Outcome:
    """Call `act(lot, version)` on each lot; each call is whole or not done."""
    versions = dict(Opportunity.objects.filter(lot__in=lots).values_list("lot_id", "version"))
    done, refused = 0, []
    for lot in lots:
        try:
            act(lot, versions.get(lot.pk, 0))
        except Refused as error:
            error.told.about = lot
            refused.append((lot, error.verdict.reason or CHANGED))
        except Stale:
            refused.append((lot, CHANGED))
        else:
            done += 1
    return Outcome(done, tuple(refused))
