"""Look for everything that deserves a look in a scheme, in one pass, and keep it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from relais.insight.escalation import Rule, escalation, rules_in_force
from relais.insight.models import Alert
from relais.organisations.alerting import Code, Level, Seen, sources
from relais.organisations.models import Scheme
from relais.organisations.policies import policies

KEPT = (
    *("level", "rank", "words", "act", "working", "page", "place", "due_on"),
    *("owner_id", "buyer_id", "facilitator_id", "concerned_id", "obligation_id", "lot_id"),
    *("escalates_on", "escalates_to", "escalated_on", "escalated_to"),
)
"""What is written anew when it changes, the rest stays from the first day."""
COLUMNS = [name.removesuffix("_id") for name in KEPT]
BATCH = 200
"""Rows of one statement: below the number of values a database takes."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What a pass did, and how many alerts are open after it, by code."""

    opened: int
    changed: int
    closed: int
    escalated: int
    open: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.open.values())


@transaction.atomic
def compute_alerts(scheme: Scheme, *, on: date) -> Pass:
    """Open what is new, close what is gone, tell what waited too long; a second pass changes nothing."""
    Scheme.objects.select_for_update().get(pk=scheme.pk)
    rules = rules_in_force(scheme, on)
    seen = look(scheme, on)
    kept = {(one.code, one.key): one for one in Alert.objects.filter(scheme=scheme).open()}
    new = [
        _filled(Alert(scheme=scheme, opened_on=on, acted_on=on), one, rules, on)
        for key, one in seen.items()
        if key not in kept
    ]
    changed, escalated = [], 0
    for key, alert in kept.items():
        if key not in seen:
            continue
        before = _values(alert)
        _filled(alert, seen[key], rules, on)
        escalated += alert.escalated_on == on and before["escalated_on"] != on
        if _values(alert) != before:
            changed.append(alert)
    gone = [alert.pk for key, alert in kept.items() if key not in seen]
    Alert.objects.bulk_create(new, batch_size=BATCH)
    Alert.objects.bulk_update(changed, COLUMNS, batch_size=BATCH)
    for start in range(0, len(gone), BATCH):
        Alert.objects.filter(pk__in=gone[start : start + BATCH]).update(closed_on=on)
    counted: dict[str, int] = {}
    for code, _key in seen:
        counted[code] = counted.get(code, 0) + 1
    return Pass(len(new), len(changed), len(gone), escalated, counted)


def look(scheme: Scheme, on: date) -> dict[tuple[str, str], Seen]:
    """What every source sees that day, each thing once."""
    limits = policies(scheme, on)
    found: dict[tuple[str, str], Seen] = {}
    for codes, source in sources().items():
        for one in source(scheme, on, limits):
            assert one.code in codes, f"{one.code} comes from a source of {codes}"
            found.setdefault((str(one.code), one.key), one)
    return found


def _values(alert: Alert) -> dict[str, Any]:
    return {name: getattr(alert, name) for name in KEPT}


def _filled(alert: Alert, one: Seen, rules: Mapping[Level, Rule], on: date) -> Alert:
    """Write what is seen today, and its escalation; a level that rises starts its count anew."""
    rises = bool(alert.level) and one.level.rank < Level(alert.level).rank
    if rises:
        alert.acted_on, alert.escalated_on, alert.escalated_to = on, None, ""
    alert.code, alert.key = Code(one.code), one.key
    alert.level, alert.rank = one.level, one.level.rank
    alert.words, alert.act = one.words.as_dict(), one.act.as_dict()
    alert.working = working_of(one.working)
    alert.page, alert.place, alert.due_on = one.page, dict(one.place), one.due_on
    for name in ("owner", "buyer", "facilitator", "concerned", "obligation", "lot"):
        setattr(alert, f"{name}_id", getattr(one, f"{name}_id"))
    escalate(alert, rules, on)
    return alert


def working_of(rows: Iterable[tuple[Any, object]]) -> list[dict[str, Any]]:
    """The figures as kept: the words of the label, and the value, tagged."""
    found = []
    for label, value in rows:
        values = value if isinstance(value, list) else [value]
        kept = [type(label)(label.text, {"value": part}).as_dict()["params"]["value"] for part in values]
        found.append({"text": label.text, "values": kept})
    return found


def escalate(alert: Alert, rules: Mapping[Level, Rule], on: date) -> None:
    """Say when it goes higher, or that it went; what was told to somebody stays told."""
    if alert.escalated_on:
        alert.escalates_on, alert.escalates_to = None, ""
        return
    when, to = escalation(rules[Level(alert.level)], alert.acted_on, alert.snoozed_until)
    if when is not None and when <= on:
        alert.escalated_on, alert.escalated_to = on, to
        alert.escalates_on, alert.escalates_to = None, ""
    else:
        alert.escalates_on, alert.escalates_to = when, to
