"""What deserves a look in running obligations: two queries for all of them, then plain rules.

# source: alerts that professionals expect (codes AL01 to AL20); thresholds are the policies of the scheme
# where it has one, usage otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from relais.clauses.models import first_month_planned
from relais.core.ledger import expected_on
from relais.execution.enums import ObligationState, StatementState
from relais.execution.models import Debtor, Obligation, Statement
from relais.execution.queries.standing import (
    USUAL,
    Pace,
    PaceLimits,
    Standing,
    first_hours_due,
    pace_of,
    standings,
)
from relais.organisations.enums import PolicyKey
from relais.organisations.policies import PolicyValue

ZERO = Decimal(0)
NOTHING_MISSING = Standing()


class Alert(StrEnum):
    """What is seen, most pressing first."""

    LATE = "late"  # after the end of performance, hours left (AL04 once the end is passed)
    FAILING = "failing"  # AL03
    ENDING = "ending"  # AL04
    NO_FIRST_HOURS = "no_first_hours"  # silence since the award
    BEHIND = "behind"  # AL02
    SILENT = "silent"  # AL01
    IDLE = "idle"  # nobody in post
    NO_KICK_OFF = "no_kick_off"  # AL10
    SURPLUS = "surplus"  # AL19
    NO_CONTACT = "no_contact"  # AL11

    @property
    def tone(self) -> str:
        if self in (Alert.LATE, Alert.FAILING):
            return "bad"
        return "info" if self is Alert.NO_CONTACT else "warn"


SUSPENDED = frozenset(
    {Alert.FAILING, Alert.NO_FIRST_HOURS, Alert.BEHIND, Alert.SILENT, Alert.IDLE, Alert.NO_KICK_OFF}
)
"""What is not told of a contract that is suspended."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when something is an alert. Shares are fractions; days and months are calendar ones."""

    declaration_day: int = 10
    kick_off_days: int = 30
    first_hours_days: int = 90
    ending_days: int = 60
    surplus: Decimal = Decimal("0.2")
    silent_day: int = 20
    ending_soon_days: int = 30
    pace: PaceLimits = USUAL


def thresholds(values: Mapping[PolicyKey, PolicyValue]) -> Thresholds:
    """Those of a scheme, from its policies in force."""
    usual = Thresholds()

    def whole(key: PolicyKey, default: int) -> int:
        return int(values[key].value) if key in values else default

    surplus = values.get(PolicyKey.ALERT_SURPLUS)
    return Thresholds(
        declaration_day=whole(PolicyKey.DECLARATION_DAY, usual.declaration_day),
        kick_off_days=whole(PolicyKey.KICKOFF_DAYS, usual.kick_off_days),
        first_hours_days=whole(PolicyKey.FIRST_HOURS_DAYS, usual.first_hours_days),
        ending_days=whole(PolicyKey.ALERT_ENDING_DAYS, usual.ending_days),
        surplus=surplus.value if surplus else usual.surplus,
        silent_day=whole(PolicyKey.ALERT_SILENT_DAY, usual.silent_day),
        ending_soon_days=whole(PolicyKey.ALERT_ENDING_SOON_DAYS, usual.ending_soon_days),
        pace=PaceLimits.of(values),
    )


@dataclass(frozen=True, slots=True)
class Running:
    """A running obligation, as much of it as its alerts need."""

    pk: int
    clause: int
    reference: str
    object: str
    buyer: str
    department: str
    holder: str
    starts_on: date
    ends_on: date
    owed: Decimal
    declared: Decimal
    queried: Decimal
    validated: Decimal
    kicked_off_on: date | None
    contact: str
    notified_on: date
    last_statement: date | None
    planned_from: date | None = None
    state: str = ObligationState.ACTIVE
    standing: Standing = NOTHING_MISSING

    @property
    def is_suspended(self) -> bool:
        return self.state == ObligationState.SUSPENDED

    @property
    def left(self) -> Decimal:
        return max(self.owed - self.validated, ZERO)

    @property
    def waiting(self) -> Decimal:
        return self.declared + self.queried

    def expected(self, today: date) -> Decimal:
        """Hours expected today by a steady plan."""
        return expected_on(self.owed, self.starts_on, self.ends_on, today)

    def first_hours_due(self, limits: Thresholds) -> date:
        """The day after which no hour declared yet is a silence."""
        return first_hours_due(
            self.notified_on,
            self.starts_on,
            self.planned_from,
            days=limits.first_hours_days,
            declaration_day=limits.declaration_day,
        )


COLUMNS = (
    *("pk", "clause_id", "clause__reference", "clause__lot__object", "buyer__name"),
    *("clause__lot__department__name", "holder", "starts_on", "ends_on"),
    *(
        "owed",
        "declared",
        "queried",
        "validated",
        "kicked_off_on",
        "contact_name",
        "notified",
        "last_statement",
        "planned_from",
        "state",
    ),
)


def running(obligations: QuerySet[Obligation], on: date) -> list[Running]:
    """Read the running ones of these obligations in two queries, those that end first at the head."""
    lead = Debtor.objects.filter(obligation=OuterRef("pk")).order_by("-is_lead", "pk")
    sent = Statement.objects.filter(obligation=OuterRef("pk"), state=StatementState.SUBMITTED)
    rows = (
        obligations.running()  # type: ignore[attr-defined]
        .annotate(
            holder=Subquery(lead.values("organisation__name")[:1]),
            notified=Coalesce("clause__contract__notified_on", F("starts_on")),
            last_statement=Subquery(sent.order_by("-month").values("month")[:1]),
            planned_from=first_month_planned(),
        )
        .order_by("ends_on", "pk")
    )
    found = []
    for row in rows.values_list(*COLUMNS):
        values = list(row)
        values[5], values[6] = values[5] or "", values[6] or ""
        found.append(Running(*values))
    standing = standings(found, on)
    return [replace(row, standing=standing[row.pk]) for row in found]


def alerts_of(row: Running, today: date, limits: Thresholds) -> tuple[Alert, ...]:
    """What is to be seen in an obligation today, most pressing first.

    While it is suspended nobody is awaited: neither silence, nor lateness, nor a meeting.
    """
    pace = pace_of(row.owed, row.validated, row.starts_on, row.ends_on, today, limits.pace)
    tests = {
        Alert.LATE: row.ends_on < today and row.left > 0,
        Alert.FAILING: pace is Pace.FAILING,
        Alert.ENDING: today <= row.ends_on <= today + timedelta(limits.ending_days) and row.left > 0,
        Alert.NO_FIRST_HOURS: row.standing.is_unheard and row.first_hours_due(limits) < today,
        Alert.BEHIND: pace is Pace.BEHIND,
        Alert.SILENT: row.standing.is_silent(today, limits.declaration_day),
        Alert.IDLE: row.standing.is_idle(today, limits.declaration_day),
        Alert.NO_KICK_OFF: row.kicked_off_on is None
        and row.notified_on + timedelta(limits.kick_off_days) < today,
        Alert.SURPLUS: row.owed > 0 and row.validated > row.owed * (1 + limits.surplus),
        Alert.NO_CONTACT: not row.contact and row.starts_on <= today,
    }
    excused = SUSPENDED if row.is_suspended else frozenset()
    return tuple(alert for alert, seen in tests.items() if seen and alert not in excused)
