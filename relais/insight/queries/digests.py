"""What a person is told by mail: what is new, what was told higher, what is due, body by body."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet

from relais.insight.models import Alert, DigestChoice, Rhythm
from relais.kit.actor import Actor
from relais.organisations.models import Membership, Organisation, User

MOST = 15
"""Alerts told of one kind and one body; beyond, the mail says how many and links to the list."""
DUE_SOON = timedelta(7)
"""What is due within these days is told, and what is late."""
SPAN = {Rhythm.DAILY: timedelta(1), Rhythm.WEEKLY: timedelta(7), Rhythm.NEVER: timedelta(0)}


@dataclass(frozen=True, slots=True)
class Part:
    """The alerts of one kind: those told, and how many more there are."""

    alerts: list[Alert]
    more: int

    @property
    def number(self) -> int:
        return len(self.alerts) + self.more


@dataclass(frozen=True, slots=True)
class BodyNews:
    """What one body of the person is told. An alert is told once: raised, else new, else due."""

    body: Organisation
    raised: Part
    new: Part
    due: Part

    @property
    def number(self) -> int:
        return self.raised.number + self.new.number + self.due.number


def people_to_write_to(on: date) -> QuerySet[User]:
    """The accounts that are open and belong to a body that day."""
    members = Membership.objects.active(on)
    return User.objects.filter(is_active=True, pk__in=members.values("user_id")).order_by("pk")


def is_time(choice: DigestChoice, on: date) -> bool:
    """Once a day, or at the first pass of the week."""
    if choice.rhythm == Rhythm.NEVER:
        return False
    first = on if choice.rhythm == Rhythm.DAILY else on - timedelta(on.weekday())
    return choice.told_on is None or choice.told_on < first


def told_since(choice: DigestChoice, on: date) -> date:
    """The day after which things are new: the last mail, or one rhythm ago for the first one."""
    return choice.told_on or on - SPAN[Rhythm(choice.rhythm)]


def news_of(user: User, since: date, on: date) -> list[BodyNews]:
    """What changed for each body of the person since a day; one query for the bodies, one for each."""
    members = Membership.objects.active(on).filter(user=user).select_related("organisation")
    found = []
    for member in members.order_by("organisation__search_name", "pk"):
        actor = Actor(user.pk, member.organisation_id, member.role, on)
        news = body_news(member.organisation, actor, since)
        if news.number:
            found.append(news)
    return found


def body_news(body: Organisation, actor: Actor, since: date) -> BodyNews:
    """What is due is told to the body that has to act only."""
    ours = Q(owner_id=body.pk, due_on__lte=actor.on + DUE_SOON)
    told = Alert.objects.visible_to(actor).awake(actor.on).with_bodies()
    told = told.filter(ours | Q(opened_on__gt=since) | Q(escalated_on__gt=since))
    kinds: dict[str, list[Alert]] = {"raised": [], "new": [], "due": []}
    for alert in told.order_by("rank", F("due_on").asc(nulls_last=True), "pk").distinct():
        if alert.escalated_on and alert.escalated_on > since:
            kinds["raised"].append(alert)
        elif alert.opened_on > since:
            kinds["new"].append(alert)
        else:
            kinds["due"].append(alert)
    return BodyNews(body, **{name: part_of(alerts) for name, alerts in kinds.items()})


def part_of(alerts: Iterable[Alert]) -> Part:
    kept = list(alerts)
    return Part(kept[:MOST], max(len(kept) - MOST, 0))


def choice_of(user: User) -> DigestChoice:
    """What the person chose, or what holds for who chose nothing; nothing is written."""
    return DigestChoice.objects.filter(user=user).first() or DigestChoice(user=user)
