"""Who follows what: the load of the facilitator bodies of a scheme, in a constant number of queries."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from relais.clauses.enums import Part
from relais.clauses.models import Party
from relais.core.months import Month
from relais.core.workload import Weights, Workload, mean
from relais.execution.models import Obligation
from relais.insight.models import Alert, HandOver
from relais.kit.actor import Actor
from relais.kit.fields import total
from relais.organisations.enums import Capacity
from relais.organisations.models import Organisation, Scheme, SchemeBody, in_force

MOST = 50
"""Hand-overs shown."""


@dataclass(frozen=True, slots=True)
class BodyLoad:
    """A body, what it follows, and its load in cases."""

    body: Organisation
    load: Workload
    weighed: Decimal
    share: Decimal
    """Its part of the load of all, from 0 to 100."""


@dataclass(frozen=True, slots=True)
class Board:
    """The bodies shown, most loaded first, and the mean of all bodies (of the others for one of them)."""

    rows: list[BodyLoad]
    mean: Decimal | None
    bodies: int


def facilitator_bodies(scheme: Scheme, on: date) -> QuerySet[Organisation]:
    """The facilitator bodies that take part in the scheme that day."""
    parts = SchemeBody.objects.filter(in_force(on), scheme=scheme)
    found = Organisation.objects.with_capacity(Capacity.FACILITATOR, on)
    return found.filter(pk__in=parts.values("organisation_id")).order_by("search_name", "pk")


def loads(scheme: Scheme, on: date) -> dict[int, Workload]:
    """What each body follows that day, by body: three queries for a whole scheme."""
    parts = Party.objects.filter(in_force(on), part=Part.FACILITATOR, clause__scheme=scheme)
    running = Obligation.objects.running().filter(scheme=scheme)
    cases = parts.filter(clause__obligation__in=running).order_by().values("organisation_id")
    sums = cases.annotate(
        number=Count("clause_id"),
        owed=total("clause__obligation__owed"),
        validated=total("clause__obligation__validated"),
    )
    alerts = Alert.objects.filter(scheme=scheme).awake(on).order_by().values("owner_id")
    end = Month.of(on).last_day
    numbers = alerts.annotate(number=Count("pk"), dues=Count("pk", filter=Q(due_on__lte=end)))
    waiting = {row["owner_id"]: (row["number"], row["dues"]) for row in numbers}
    found = {}
    for row in sums:
        number, dues = waiting.pop(row["organisation_id"], (0, 0))
        left = max(row["owed"] - row["validated"], Decimal(0))
        found[row["organisation_id"]] = Workload(row["number"], left, number, dues)
    for body, (number, dues) in waiting.items():
        found[body] = Workload(alerts=number, dues=dues)
    return found


def board(scheme: Scheme, actor: Actor, weights: Weights) -> Board:
    """The loads as the actor may read them: the coordinator all of them, a body its own beside the mean."""
    found = loads(scheme, actor.on)
    rows = []
    for body in facilitator_bodies(scheme, actor.on):
        load = found.get(body.pk, Workload())
        rows.append((body, load, load.weighed(weights)))
    whole = sum((weighed for _body, _load, weighed in rows), Decimal(0))
    every = [
        BodyLoad(body, load, weighed, (weighed * 100 / whole if whole else Decimal(0)).quantize(Decimal(1)))
        for body, load, weighed in rows
    ]
    every.sort(key=lambda row: -row.weighed)
    if scheme.coordinator_id == actor.organisation_id:
        return Board(every, mean([row.weighed for row in every]), len(every))
    own = [row for row in every if row.body.pk == actor.organisation_id]
    others = [row.weighed for row in every if row.body.pk != actor.organisation_id]
    return Board(own, mean(others), len(others))


def open_cases(scheme: Scheme, body_id: int, on: date) -> QuerySet[Party]:
    """The running contracts that a body follows without an end, those that end first at the head."""
    parts = Party.objects.filter(
        in_force(on), ends_on=None, part=Part.FACILITATOR, clause__scheme=scheme, organisation_id=body_id
    )
    running = Obligation.objects.running().filter(scheme=scheme)
    return (
        parts.filter(clause__obligation__in=running)
        .select_related("clause__lot", "clause__buyer", "clause__obligation")
        .order_by("clause__obligation__ends_on", "pk")
    )


def hand_overs(scheme: Scheme, actor: Actor) -> list[HandOver]:
    """The last hand-overs of the scheme that the actor may read, with their number of cases."""
    found = HandOver.objects.visible_to(actor).filter(scheme=scheme)
    return list(found.select_related("from_body", "to_body").annotate(number=Count("cases"))[:MOST])
