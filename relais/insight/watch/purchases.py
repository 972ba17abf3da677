"""What deserves a look before the award: the social duty without answer, opinions that are late."""

from collections.abc import Iterable
from datetime import date

from relais.core.words import Words, gettext_noop
from relais.organisations.alerting import Code, Level, Limits, Seen
from relais.organisations.models import Scheme
from relais.screening.enums import OpportunityState
from relais.screening.models import OpinionRequest, ScreeningResult

SHEET, LOT = "opportunity-detail", "lot"


def duties(scheme: Scheme, on: date, limits: Limits) -> Iterable[Seen]:
    """AL14: launched under the duty with neither a social consideration nor reasons; one query."""
    rows = (
        ScreeningResult.objects.filter(
            scheme=scheme,
            duty_applies=True,
            duty_satisfied=False,
            launched_on__lte=on,
            lot__merged_into=None,
            lot__cancelled_on=None,
        )
        .exclude(lot__opportunity__state=OpportunityState.DEROGATED)
        .order_by("lot_id")
        .values_list("lot_id", "lot__buyer_id", "launched_on", "amount")
    )
    for lot, buyer, launched_on, amount in rows:
        yield Seen(
            Code.AL14,
            Level.BLOCKING,
            str(lot),
            Words(
                gettext_noop("Launched on %(day)s under the social duty, without clause nor reasons"),
                {"day": launched_on},
            ),
            Words(gettext_noop("Write a social consideration, or record the derogation and its reasons")),
            owner_id=buyer,
            page=SHEET,
            place={LOT: lot},
            working=(
                (Words(gettext_noop("Launch of the consultation")), launched_on),
                *(((Words(gettext_noop("Amount excluding tax, in euros")), amount),) if amount else ()),
            ),
            due_on=launched_on,
            buyer_id=buyer,
            lot_id=lot,
        )


def opinions(scheme: Scheme, on: date, limits: Limits) -> Iterable[Seen]:
    """AL20: opinions asked and not given by their date; one query."""
    rows = (
        OpinionRequest.objects.unanswered()
        .filter(opportunity__lot__scheme=scheme, due_on__lt=on, opportunity__lot__merged_into=None)
        .order_by("due_on", "pk")
        .values_list(
            *("pk", "facilitator_id", "facilitator__name", "due_on", "opportunity__lot_id"),
            "opportunity__lot__buyer_id",
        )
    )
    for pk, body, name, due_on, lot, buyer in rows:
        yield Seen(
            Code.AL20,
            Level.INFO,
            str(pk),
            Words(
                gettext_noop("The opinion of %(body)s was expected by %(day)s"), {"body": name, "day": due_on}
            ),
            Words(gettext_noop("Give the opinion asked, or say that none can be given")),
            owner_id=body,
            page=SHEET,
            place={LOT: lot},
            working=((Words(gettext_noop("Expected by")), due_on),),
            due_on=due_on,
            buyer_id=buyer,
            facilitator_id=body,
            lot_id=lot,
        )
