"""Totals that pages read instead of lines, and what deserves a look."""

from relais.insight.models.agenda import AgendaKey
from relais.insight.models.alerts import Alert, AlertNote, AlertQuerySet, EscalationRule
from relais.insight.models.digests import DigestChoice, Rhythm
from relais.insight.models.handovers import HandedCase, HandOver
from relais.insight.models.rollups import (
    DebtMonth,
    HeadMargin,
    HoursByState,
    HoursCell,
    HoursMargin,
    Margin,
    PersonYear,
)

__all__ = [
    "AgendaKey",
    "Alert",
    "AlertNote",
    "AlertQuerySet",
    "DebtMonth",
    "DigestChoice",
    "EscalationRule",
    "HandOver",
    "HandedCase",
    "HeadMargin",
    "HoursByState",
    "HoursCell",
    "HoursMargin",
    "Margin",
    "PersonYear",
    "Rhythm",
]
