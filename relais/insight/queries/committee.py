"""What the committee looks at beside the figures: contracts late, failing, badly closed. No name."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from relais.execution.enums import ObligationState
from relais.execution.models import Obligation
from relais.insight.alerts import Alert, Thresholds, alerts_of, running


@dataclass(frozen=True, slots=True)
class Trouble:
    """Numbers of contracts, never their holders."""

    running: int
    late: int
    failing: int
    behind: int
    silent: int
    fulfilled: int
    partial: int
    not_fulfilled: int
    waived: int


def trouble(scheme_id: int, year: int, today: date, limits: Thresholds) -> Trouble:
    """Running contracts as they stand today, and the outcome of those closed in the year; two queries."""
    obligations = Obligation.objects.filter(scheme_id=scheme_id)
    rows = running(obligations, today)
    seen = Counter(alert for row in rows for alert in alerts_of(row, today, limits))
    closed = obligations.filter(closed_on__year=year).order_by().values_list("state").annotate(Count("pk"))
    outcome = dict(closed)
    return Trouble(
        running=len(rows),
        late=seen[Alert.LATE],
        failing=seen[Alert.FAILING],
        behind=seen[Alert.BEHIND],
        silent=seen[Alert.SILENT],
        fulfilled=outcome.get(ObligationState.FULFILLED, 0),
        partial=outcome.get(ObligationState.PARTIAL, 0),
        not_fulfilled=outcome.get(ObligationState.NOT_FULFILLED, 0),
        waived=outcome.get(ObligationState.WAIVED, 0),
    )
