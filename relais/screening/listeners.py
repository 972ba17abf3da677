"""What the room hears from the rooms below."""

from collections.abc import Collection

from django.utils import timezone

from relais.kit.events import subscribe
from relais.organisations.models import Scheme
from relais.procurement.events import ContractsImported, LotsMatched, LotsPlanned, PlanImported
from relais.procurement.models import Lot
from relais.procurement.questions import answers_settled, answers_worked
from relais.screening.actions.screening import run, screen_lot
from relais.screening.enums import OPEN_STATES
from relais.screening.models import Opportunity, ScreeningResult


@subscribe(ContractsImported)
def screen_what_was_imported(event: ContractsImported) -> None:
    """Lots just imported are screened at once, by the right of whoever imported them."""
    scheme = Scheme.objects.select_related("territory").get(pk=event.scheme_id)
    run(scheme, at=event.at, on=timezone.localdate(event.at))


@subscribe(PlanImported)
def screen_what_was_planned(event: PlanImported) -> None:
    """Lots of a purchase plan are screened at once, those that did not change excepted."""
    scheme = Scheme.objects.select_related("territory").get(pk=event.scheme_id)
    run(scheme, at=event.at, on=timezone.localdate(event.at))


@subscribe(LotsPlanned)
def screen_what_was_typed(event: LotsPlanned) -> None:
    """Lots typed into a plan are screened at once, with the others of their consultation."""
    named = Lot.objects.filter(pk__in=event.lots)
    together = Lot.objects.filter(procedure__in=named.exclude(procedure=None).values("procedure_id"))
    for lot in (named | together).distinct().order_by("pk"):
        screen_lot(lot, at=event.at, on=timezone.localdate(event.at))


@subscribe(LotsMatched)
def screen_what_was_matched(event: LotsMatched) -> None:
    """The lot that holds the contract now is screened with it; a hidden one has no screening."""
    ScreeningResult.objects.filter(lot__in=event.lots).exclude(lot__merged_into=None).delete()
    for lot in Lot.objects.filter(pk__in=event.lots, merged_into=None).order_by("pk"):
        screen_lot(lot, at=event.at, on=timezone.localdate(event.at))


@answers_settled
def decided(lots: Collection[int]) -> frozenset[int]:
    """Lots whose sheet holds a decision: only taking it back lets a file change them."""
    sheets = Opportunity.objects.filter(lot__in=lots).exclude(state__in=OPEN_STATES)
    return frozenset(sheets.values_list("lot_id", flat=True))


@answers_worked
def worked_on(lots: Collection[int]) -> frozenset[int]:
    """Lots whose sheet somebody opened, whatever became of it."""
    return frozenset(Opportunity.objects.filter(lot__in=lots).values_list("lot_id", flat=True))
