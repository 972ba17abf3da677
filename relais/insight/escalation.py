"""What happens to an alert on which nothing is done: after so many days, told to somebody else.

# source: usage of facilitators, to be confirmed by each scheme on the page of its rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from relais.insight.models import EscalationRule
from relais.insight.models.alerts import EscalatedTo
from relais.organisations.alerting import Level
from relais.organisations.models import Scheme


@dataclass(frozen=True, slots=True)
class Rule:
    """In force from a day: after `days` without an act, told to `to`; no days, never."""

    days: int | None
    to: str
    is_default: bool = True
    starts_on: date | None = None
    source: str = ""

    @property
    def to_label(self) -> str:
        return str(EscalatedTo(self.to).label) if self.to else ""


DEFAULTS: Mapping[Level, Rule] = {
    Level.BLOCKING: Rule(5, EscalatedTo.COORDINATOR),
    Level.CRITICAL: Rule(7, EscalatedTo.BUYER_MANAGER),
    Level.ANOMALY: Rule(15, EscalatedTo.OWNER_MANAGER),
    Level.WARNING: Rule(15, EscalatedTo.OWNER_MANAGER),
    Level.INFO: Rule(None, ""),
}


def rules_in_force(scheme: Scheme, on: date) -> dict[Level, Rule]:
    """One rule by level that day; one query."""
    found = dict(DEFAULTS)
    rows = EscalationRule.objects.filter(scheme=scheme, starts_on__lte=on).order_by("starts_on", "pk")
    for row in rows:
        found[Level(row.level)] = Rule(row.days, row.to, False, row.starts_on, row.source)
    return found


def escalation(rule: Rule, acted_on: date, snoozed_until: date | None = None) -> tuple[date | None, str]:
    """When and to whom an alert goes; putting it off puts the count off as well."""
    if rule.days is None:
        return None, ""
    start = max(acted_on, snoozed_until) if snoozed_until else acted_on
    return start + timedelta(rule.days), rule.to
