"""What the first page of each role reads, in a constant number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, F, Max, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce

from relais.clauses.enums import ClauseState, Part
from relais.clauses.models import Clause, Party
from relais.core.months import Month
from relais.execution.models import Obligation, StatementLine
from relais.insight.alerts import Alert, Running
from relais.insight.models import HoursCell
from relais.insight.scopes import Scope
from relais.kit.actor import Actor
from relais.kit.fields import total
from relais.organisations.enums import Role
from relais.organisations.models import Membership, in_force
from relais.screening.enums import OpportunityState
from relais.screening.models import OpinionRequest, Opportunity, ScreeningResult

ZERO = Decimal(0)
WHOLE_NUMBER = BigIntegerField()
TEXT = CharField()
CARDS = 60
"""Opportunities read for the board and the acts."""
SHOWN = 12
MOST_DETECTED = 200
"""Beyond, the board says "more than"."""
FAIR_SCORE = 50
"""Score from which a screened lot is told as detected."""
BOARD = (
    OpportunityState.DETECTED,
    OpportunityState.UNDER_ANALYSIS,
    OpportunityState.RETAINED,
    OpportunityState.DRAFTED,
    OpportunityState.LAUNCHED,
    OpportunityState.AWARDED,
)
OPEN_STATES = BOARD[1:5]


@dataclass(frozen=True, slots=True)
class Strip:
    """Hours since January and in the same months of the year before, and the sheets by state."""

    validated: Decimal
    validated_before: Decimal
    owed: Decimal
    owed_before: Decimal
    states: dict[str, int]

    @property
    def detected(self) -> int:
        """Lots worth a look without a sheet; one more than shown when there are more."""
        return self.states.get(OpportunityState.DETECTED, 0)

    @property
    def to_decide(self) -> int:
        return self.states.get(OpportunityState.UNDER_ANALYSIS, 0)


def strip(actor: Actor, scheme_id: int, scope: Scope) -> Strip:
    """Read in one query; the lots without a sheet are never counted beyond what is shown."""
    this, before = Month.of(actor.on), Month.of(actor.on).shifted(-12)
    cells = HoursCell.objects.filter(scope.cells(), scheme_id=scheme_id)
    sheets = Opportunity.objects.visible_to(actor).filter(lot__scheme_id=scheme_id)
    grouped = [
        _row(_since_january(cells, month), f"{column}{suffix}", _hundredths(column))
        for column in ("validated", "owed")
        for month, suffix in ((this, ""), (before, "_before"))
    ]
    by_state = sheets.order_by().annotate(name=Cast("state", TEXT)).values("name")
    grouped.append(by_state.annotate(number=Count("pk")).values_list("name", "number"))
    detected = (
        ScreeningResult.objects.visible_to(actor)
        .filter(
            scheme_id=scheme_id,
            is_awarded=False,
            score__gte=FAIR_SCORE,
            lot__opportunity=None,
            lot__cancelled_on=None,
        )
        .order_by("pk")[: MOST_DETECTED + 1]
    )
    among = ScreeningResult.objects.filter(pk__in=detected.values("pk"))
    grouped.append(_row(among, OpportunityState.DETECTED, Count("pk")))
    found: dict[str, int] = {}
    for name, number in grouped[0].union(*grouped[1:], all=True).order_by():
        found[name] = found.get(name, 0) + number
    hours = {
        name: Decimal(found.pop(name, 0)).scaleb(-2)
        for name in ("validated", "validated_before", "owed", "owed_before")
    }
    return Strip(**hours, states=found)


def _since_january(cells: Any, month: Month) -> Any:
    return cells.filter(month__gte=Month(month.year, 1).first_day, month__lte=month.first_day)


def _row(rows: Any, name: str, number: Any) -> Any:
    return (
        rows.order_by()
        .annotate(name=Value(str(name), output_field=TEXT))
        .values("name")
        .annotate(number=number)
        .values_list("name", "number")
    )


def _hundredths(name: str) -> Coalesce:
    return Coalesce(Sum(Cast(name, WHOLE_NUMBER)), Value(0), output_field=WHOLE_NUMBER)


def open_sheets(actor: Actor) -> list[Opportunity]:
    """Opportunities between the analysis and the award, those with a date first."""
    sheets = Opportunity.objects.visible_to(actor).filter(state__in=OPEN_STATES)
    return list(
        sheets.select_related("lot__buyer", "lot__clause").order_by(
            F("next_act_on").asc(nulls_last=True), "created_at", "pk"
        )[:CARDS]
    )


def unsigned_clauses(actor: Actor) -> list[Clause]:
    """Clauses written or being written whose contract is not signed yet, oldest first."""
    clauses = Clause.objects.visible_to(actor).filter(state__in=(ClauseState.DRAFT, ClauseState.WRITTEN))
    return list(clauses.select_related("buyer", "lot").order_by("created_at", "pk")[:SHOWN])


@dataclass
class DepartmentRow:
    """Running clauses of a department."""

    name: str
    number: int = 0
    owed: Decimal = ZERO
    validated: Decimal = ZERO
    expected: Decimal = ZERO
    late: int = 0

    def add(self, row: Running, alerts: Sequence[Alert], today: date) -> None:
        self.number += 1
        self.owed += row.owed
        self.validated += row.validated
        self.expected += row.expected(today)
        self.late += bool({Alert.LATE, Alert.FAILING} & set(alerts))


def by_department(rows: Iterable[tuple[Running, tuple[Alert, ...]]], today: date) -> list[DepartmentRow]:
    """The running clauses by department, most hours owed first; those without one under an empty name."""
    found: dict[str, DepartmentRow] = {}
    for row, alerts in rows:
        found.setdefault(row.department, DepartmentRow(row.department)).add(row, alerts, today)
    return sorted(found.values(), key=lambda one: (-one.owed, one.name))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Hours of a firm that wait for the facilitator."""

    firm: str
    lines: int
    hours: Decimal
    first_month: date
    last_month: date
    oldest: datetime
    flagged: int

    def age(self, today: date) -> int:
        """Days since the oldest of them was declared."""
        return (today - self.oldest.date()).days


def waiting_by_firm(actor: Actor) -> list[Waiting]:
    """What each firm declared and nobody decided yet, oldest first; one query."""
    lines = StatementLine.objects.visible_to(actor).to_validate(actor)
    rows = (
        lines.order_by()
        .values("statement__declarant__name")
        .annotate(
            number=Count("pk"),
            hours=total("counted_hours"),
            first=Min("month"),
            last=Max("month"),
            oldest=Min("declared_at"),
            flagged=Count("pk", filter=Q(is_flagged=True)),
        )
        .order_by("oldest", "statement__declarant__name")
    )
    return [
        Waiting(
            row["statement__declarant__name"],
            row["number"],
            row["hours"],
            row["first"],
            row["last"],
            row["oldest"],
            row["flagged"],
        )
        for row in rows
    ]


def opinions_to_give(actor: Actor) -> list[OpinionRequest]:
    """Opinions asked of the actor's body and not given yet, the most pressing first."""
    asked = OpinionRequest.objects.visible_to(actor).filter(facilitator_id=actor.organisation_id)
    return list(asked.unanswered().select_related("opportunity__lot__buyer").order_by("due_on", "pk")[:SHOWN])


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a company may ask: the facilitator body of a clause and one of its people."""

    body: str
    name: str = ""
    email: str = ""


@dataclass
class Contacts:
    """The facilitators of some clauses, by clause."""

    by_clause: dict[int, Contact] = field(default_factory=dict)

    def of(self, obligation: Obligation) -> Contact | None:
        return self.by_clause.get(obligation.clause_id)


def facilitators_of(obligations: Sequence[Obligation], actor: Actor) -> Contacts:
    """The facilitator of each of these obligations; one query. The body alone when it has no account.

    An officer is named before a manager.
    """
    if not obligations:
        return Contacts()
    members = Membership.objects.filter(
        in_force(actor.on),
        organisation=OuterRef("organisation"),
        role__in=(Role.OFFICER, Role.MANAGER),
        user__is_active=True,
    ).order_by("-role", "pk")
    parties = (
        Party.objects.visible_to(actor)
        .filter(
            in_force(actor.on),
            part=Part.FACILITATOR,
            clause__in=[obligation.clause_id for obligation in obligations],
        )
        .annotate(
            member=Coalesce(Subquery(members.values("user__full_name")[:1]), Value("")),
            address=Coalesce(Subquery(members.values("user__email")[:1]), Value("")),
        )
        .order_by("clause_id", F("address").desc(), "pk")
    )
    found = Contacts()
    for clause, body, name, email in parties.values_list(
        "clause_id", "organisation__name", "member", "address"
    ):
        found.by_clause.setdefault(clause, Contact(body, name, email))
    return found
