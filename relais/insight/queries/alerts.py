"""What the list of alerts shows, in a constant number of queries."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, F, Value
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse

from relais.insight.models import Alert, AlertQuerySet
from relais.kit.actor import Actor
from relais.organisations.alerting import Level

MOST_COUNTED = 200
"""Alerts read for a first page; beyond, the numbers say "more than"."""
SHOWN = 5
LATEST = date(9999, 12, 31)
DUE = Coalesce("due_on", Value(LATEST, DateField()))
SORTS: dict[str, tuple[Any, ...]] = {
    "level": ("rank", DUE.asc()),
    "since": ("opened_on", "rank"),
    "due": (DUE.asc(), "rank"),
    "code": ("code", "rank"),
    "buyer": ("buyer__search_name", "rank"),
}
"""The most pressing first, or the oldest; without a date comes last."""
DESCENDING: dict[str, tuple[Any, ...]] = {
    "level": ("-rank", DUE.asc()),
    "since": ("-opened_on", "rank"),
    "due": (F("due_on").desc(nulls_last=True), "rank"),
    "code": ("-code", "rank"),
    "buyer": ("-buyer__search_name", "rank"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """An alert as a reader sees it: the address of the act for who has to do it, of the file for all."""

    alert: Alert
    act_url: str
    file_url: str
    is_late: bool
    is_mine: bool


def in_order(alerts: AlertQuerySet, sort: str) -> AlertQuerySet:
    """Sorted as the address asks, the most pressing first otherwise."""
    orders = DESCENDING if sort.startswith("-") else SORTS
    columns = orders.get(sort.removeprefix("-"), SORTS["level"])
    return alerts.order_by(*columns, "pk")


def shown(alert: Alert, actor: Actor, slug: str) -> Shown:
    mine = alert.owner_id == actor.organisation_id
    if alert.obligation_id is not None:
        file_url = address("obligation-detail", slug, {"pk": alert.obligation_id})
    elif alert.lot_id is not None:
        file_url = address("opportunity-detail", slug, {"lot": alert.lot_id})
    else:
        file_url = ""
    act_url = address(alert.page, slug, alert.place) if mine else ""
    return Shown(alert, act_url, file_url, alert.is_late(actor.on), mine)


def address(page: str, slug: str, place: Mapping[str, object]) -> str:
    """The address of a page of a body; nothing when the page no longer exists."""
    try:
        return reverse(page, kwargs={"organisation": slug, **place})
    except NoReverseMatch:
        return ""


def names_around(alerts: AlertQuerySet) -> dict[str, dict[str, str]]:
    """The buyers, facilitators and departments of open alerts, for the filters; one query."""
    rows = (
        alerts.open()
        .order_by()
        .values_list(
            *("buyer_id", "buyer__name", "facilitator_id", "facilitator__name"),
            *("lot__department_id", "lot__department__name"),
        )
        .distinct()
    )
    found: dict[str, dict[str, str]] = {"buyer": {}, "facilitator": {}, "department": {}}
    for buyer, buyer_name, body, body_name, department, place in rows:
        for name, key, label in (
            ("buyer", buyer, buyer_name),
            ("facilitator", body, body_name),
            ("department", department, place),
        ):
            if key:
                found[name][str(key)] = label
    return found


@dataclass(frozen=True, slots=True)
class Desk:
    """The alerts of a first page: those shown, how many at each level, for us, and told higher."""

    rows: list[Shown]
    levels: list[tuple[Level, int]]
    ours: int
    raised: int
    is_more: bool
    """Whether there are more than what was read: the numbers are then lower bounds."""


def desk(actor: Actor, slug: str) -> Desk:
    """The alerts awake, ours first and the most pressing first; one query whatever their number."""
    awake = Alert.objects.visible_to(actor).awake(actor.on).with_bodies().distinct()
    found = list(awake.order_by("rank", DUE.asc(), "pk")[: MOST_COUNTED + 1])
    counted = found[:MOST_COUNTED]
    numbers = Counter(alert.level for alert in counted)
    first = sorted(counted, key=lambda alert: alert.owner_id != actor.organisation_id)[:SHOWN]
    return Desk(
        rows=[shown(alert, actor, slug) for alert in first],
        levels=[(level, numbers[level]) for level in Level if numbers[level]],
        ours=sum(alert.owner_id == actor.organisation_id for alert in counted),
        raised=sum(alert.escalated_on is not None for alert in counted),
        is_more=len(found) > MOST_COUNTED,
    )
